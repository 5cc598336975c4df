"""Scenes of daily life."""

from __future__ import annotations

from embedded.paintings.chance import Chance
from embedded.paintings.scene import Content, Setting, Thing


def tavern(g: Chance) -> Content:
    things: list[Thing] = []
    for k in range(g.whole(3, 4)):
        things.append(
            Thing(
                "person",
                0.22 + 0.19 * k,
                0.94,
                g.near(0.6, 0.04),
                {
                    "robe": g.one(("brown", "grey", "blue", "red", "green")),
                    "hat": g.one(("brown", "black", "red")),
                    "pose": "seated",
                    "beard": g.yes(0.4),
                    "arms": g.one(("holding", "raised")),
                    "turn": 1 if k < 2 else -1,
                },
                "peasant",
            )
        )
    things.append(Thing("table", 0.5, 0.97, 0.3, {"colour": "brown", "wide": 1.0}))
    for x in (0.42, 0.6):
        things.append(Thing(g.one(("jug", "glass", "bread")), x, 0.7, 0.1, {}))
    if g.yes(0.5):
        things.append(Thing("dog", 0.16, 0.98, 0.13, {}))
    return Setting("room", colour="brown", horizon=0.42), things


def cards(g: Chance) -> Content:
    things = [
        Thing(
            "person",
            x,
            0.95,
            0.68,
            {
                "robe": g.cloth(),
                "hat": g.one(("black", "red", "brown")),
                "pose": "seated",
                "arms": "holding",
                "turn": t,
            },
            "card player",
        )
        for x, t in ((0.25, 1), (0.76, -1))
    ]
    if g.yes(0.5):
        things.insert(0, Thing("person", 0.5, 0.85, 0.66, {"robe": g.cloth(), "hat": "black"}, "card player"))
    return Setting(g.one(("dark", "room")), colour="brown", horizon=0.45), [
        *things,
        Thing("table", 0.5, 0.99, 0.34, {"colour": g.one(("green", "red")), "wide": 0.9}),
        Thing("letter", 0.5, 0.68, 0.05, {}, "cards"),
    ]


def letter(g: Chance) -> Content:
    colour = g.one(("blue", "yellow", "red", "white", "green"))
    things = [
        Thing(
            "person",
            0.52,
            0.97,
            0.78,
            {
                "robe": colour,
                "long": True,
                "hair": g.one(("fair", "brown")),
                "arms": "holding",
                "turn": g.one((1, -1)),
                "pose": g.one(("standing", "seated")),
            },
            "woman",
        ),
        Thing("letter", 0.57, 0.56, 0.07),
        Thing("table", 0.85, 0.98, 0.36, {"colour": g.one(("red", "green", "brown")), "wide": 0.7}),
    ]
    if g.yes(0.5):
        things.append(Thing(g.one(("jug", "basket", "globe", "book")), 0.86, 0.67, 0.12, {}))
    return Setting("room", colour=g.one(("grey", "white", "yellow")), horizon=0.46), things


def kitchen(g: Chance) -> Content:
    things = [
        Thing(
            "person",
            0.36,
            0.97,
            0.74,
            {
                "robe": g.one(("blue", "red", "yellow", "green")),
                "cloak": "white" if g.yes(0.5) else "brown",
                "veil": True,
                "arms": "holding",
            },
            "kitchen maid",
        ),
        Thing("table", 0.66, 0.99, 0.38, {"colour": "brown", "wide": 1.0}),
        Thing("jug", 0.52, 0.66, 0.15, {"colour": g.one(("brown", "blue", "grey"))}, "jug"),
    ]
    things += [
        Thing(kind, x, 0.67, size, {})
        for kind, x, size in (
            (g.one(("fish", "bread", "cheese")), 0.7, 0.06),
            (g.one(("basket", "fruit", "grapes")), 0.88, 0.11),
        )
    ]
    if g.yes(0.4):
        things.insert(0, Thing("game", 0.8, 0.42, 0.26))
    return Setting("room", colour=g.one(("brown", "grey", "white")), horizon=0.42), things


def music(g: Chance) -> Content:
    things = [
        Thing(
            "person",
            0.3,
            0.97,
            0.76,
            {"robe": g.cloth(), "hat": g.one(("red", "black")), "pose": "seated", "arms": "holding"},
            "lute player",
        ),
        Thing("lute", 0.34, 0.66, 0.13, {}),
        Thing("person", 0.72, 0.97, 0.76, {"robe": g.cloth(), "long": True, "arms": "holding", "turn": -1}, "singer"),
        Thing("letter", 0.67, 0.58, 0.07, {}, "music"),
    ]
    return Setting(g.one(("dark", "room", "curtain")), colour=g.one(("red", "brown", "green")), horizon=0.44), things


def dance(g: Chance) -> Content:
    things = [Thing("house", 0.18, 0.64, 0.36, {}), Thing("tree", 0.86, 0.7, 0.56, {})]
    for k in range(7):
        things.append(
            Thing(
                "person",
                0.12 + 0.125 * k,
                g.near(0.9, 0.05),
                g.near(0.36, 0.03),
                {
                    "robe": g.cloth(),
                    "hat": g.cloth() if g.yes(0.5) else "white",
                    "arms": g.one(("raised", "spread", "down")),
                    "turn": g.one((1, -1)),
                },
                "peasant",
            )
        )
    return Setting(g.one(("plain", "hills")), g.one(("day", "evening")), horizon=0.48), things


def mother(g: Chance) -> Content:
    things = [
        Thing(
            "person",
            0.42,
            0.97,
            0.78,
            {"robe": g.one(("white", "pink", "blue", "grey")), "long": True, "pose": "seated", "arms": "holding"},
            "mother",
        ),
        Thing("child", 0.58, 0.78, 0.26, {"robe": g.one(("white", "pink", "blue")), "turn": -1}, "child"),
    ]
    if g.yes(0.5):
        things.append(Thing("child", 0.82, 0.97, 0.38, {"robe": g.cloth(), "hair": "brown"}, "child"))
    outdoors = g.yes(0.4)
    return Setting("plain" if outdoors else "room", "day", g.one(("green", "grey", "brown")), 0.44), things


def market(g: Chance) -> Content:
    things = [
        Thing("house", 0.2, 0.6, 0.42, {}),
        Thing("house", 0.62, 0.56, 0.36, {}),
        Thing("church", 0.86, 0.58, 0.46, {}),
    ]
    for k in range(6):
        things.append(
            Thing(
                "person",
                g.near(0.12 + 0.15 * k, 0.03),
                g.near(0.86, 0.06),
                0.3,
                {"robe": g.cloth(), "hat": g.cloth() if g.yes(0.4) else "white", "turn": g.one((1, -1))},
                "seller",
            )
        )
    things += [Thing("basket", 0.3, 0.97, 0.13), Thing(g.one(("basket", "fish", "game")), 0.68, 0.97, 0.12, {})]
    return Setting("plain", g.one(("day", "evening")), horizon=0.46), things
