"""Scenes from the Baptism to the Assumption."""

from __future__ import annotations

from embedded.paintings.chance import Chance
from embedded.paintings.holy import SAINTS, angel, virgin
from embedded.paintings.scene import Content, Setting, Thing


def crucifixion(g: Chance, gold: float) -> Content:
    setting = (
        Setting("gold", colour="brown")
        if g.yes(gold)
        else Setting(g.one(("hills", "rocks", "plain")), g.one(("storm", "storm", "evening", "night")), horizon=0.66)
    )
    things = [Thing("cross", 0.5, 0.9, 0.86, {"christ": True, "halo": g.yes(0.6)}, "Christ")]
    if g.yes(0.3):
        things += [
            Thing("cross", 0.14, 0.86, 0.6, {"christ": True}, "thief"),
            Thing("cross", 0.86, 0.86, 0.6, {"christ": True, "turn": -1}, "thief"),
        ]
    things += [
        virgin(g, 0.22, 0.97, 0.46, arms="praying"),
        Thing(
            "person",
            0.79,
            0.97,
            0.46,
            {"robe": "green", "cloak": "red", "halo": True, "hair": "fair", "arms": "praying", "turn": -1},
            "St John",
        ),
    ]
    if g.yes(0.5):
        things.append(
            Thing(
                "person",
                0.42,
                0.97,
                0.42,
                {"robe": "red", "long": True, "hair": "fair", "pose": "kneeling", "arms": "raised"},
                "Magdalene",
            )
        )
    if g.yes(0.3):
        things.append(Thing("skull", 0.56, 0.96, 0.06))
    return setting, things


def baptism(g: Chance, _: float) -> Content:
    setting = Setting("river", g.one(("day", "dawn", "evening")), horizon=0.48)
    things = [
        Thing("rays", 0.45, 0.3, 0.3) if g.yes(0.5) else Thing("tree", 0.9, 0.7, 0.55, {}),
        Thing("bird", 0.45, 0.2, 0.07, {"colour": "white"}, "dove"),
        Thing(
            "person",
            0.45,
            0.97,
            0.72,
            {"nude": True, "beard": True, "long": True, "halo": True, "arms": "praying"},
            "Christ",
        ),
        Thing(
            "person",
            0.76,
            0.93,
            0.72,
            {**SAINTS["St John the Baptist"], "arms": "pointing", "turn": -1, "halo": True},
            "St John the Baptist",
        ),
    ]
    if g.yes(0.6):
        things.append(angel(g, 0.15, 0.96, 0.5, pose="kneeling"))
    return setting, things


def supper(g: Chance, gold: float) -> Content:
    setting = Setting("room", colour=g.one(("brown", "grey", "red")), horizon=0.42)
    things: list[Thing] = []
    n = g.one((7, 9, 9, 11))
    for k in range(n):
        x = 0.07 + 0.86 * k / (n - 1)
        if k == n // 2:
            things.append(
                Thing(
                    "person",
                    x,
                    0.98,
                    0.62,
                    {"robe": "red", "cloak": "blue", "beard": True, "long": True, "halo": True, "arms": "spread"},
                    "Christ",
                )
            )
        else:
            robe = g.cloth()
            things.append(
                Thing(
                    "person",
                    x,
                    0.98,
                    g.near(0.56, 0.03),
                    {
                        "robe": robe,
                        "beard": g.yes(0.6),
                        "hair": g.one(("grey", "brown", "dark")),
                        "halo": gold > 0.3,
                        "turn": 1 if x < 0.5 else -1,
                    },
                    "apostle",
                )
            )
    things.append(Thing("table", 0.5, 0.99, 0.36, {"colour": "white", "wide": 1.7}))
    for x in (0.25, 0.42, 0.58, 0.76):
        things.append(Thing(g.one(("bread", "glass", "jug")), x, 0.68, 0.06, {}))
    return setting, things


def pieta(g: Chance, gold: float) -> Content:
    setting = (
        Setting("gold", colour="brown")
        if g.yes(gold)
        else Setting(g.one(("rocks", "hills", "dark")), g.one(("evening", "storm", "night")), horizon=0.5)
    )
    things = [Thing("cross", 0.55, 0.8, 0.75, {})] if g.yes(0.5) else []
    things += [
        virgin(
            g, 0.47, 0.97, 0.8, pose="seated", arms=g.one(("holding", "spread")), robe=g.one(("red", "black", "violet"))
        ),
        Thing(
            "person",
            0.5,
            0.9,
            0.72,
            {"pose": "lying", "nude": True, "beard": True, "hair": "dark", "halo": g.yes(0.5)},
            "Christ",
        ),
    ]
    if g.yes(0.5):
        things.append(
            Thing(
                "person",
                0.85,
                0.97,
                0.56,
                {
                    "robe": "green",
                    "cloak": "red",
                    "pose": "kneeling",
                    "hair": "fair",
                    "arms": "praying",
                    "turn": -1,
                    "halo": True,
                },
                "St John",
            )
        )
    return setting, things


def resurrection(g: Chance, _: float) -> Content:
    setting = Setting(g.one(("hills", "mountains", "heaven")), g.one(("dawn", "dawn", "evening")), horizon=0.6)
    things = [
        Thing("tomb", 0.5, 0.88, 0.18),
        Thing("banner", 0.62, 0.72, 0.62, {"colour": "white"}),
        Thing(
            "person",
            0.5,
            0.74,
            0.64,
            {"nude": True, "cloak": None, "beard": True, "long": True, "halo": True, "arms": "raised"},
            "Christ",
        ),
    ]
    for x in (0.18, 0.82):
        things.append(
            Thing("person", x, 0.98, 0.42, {"armour": True, "pose": g.one(("seated", "lying", "kneeling"))}, "soldier")
        )
    return setting, things


def assumption(g: Chance, _: float) -> Content:
    things = [Thing("cloud", 0.5, 0.6, 0.2), virgin(g, 0.5, 0.58, 0.5, arms=g.one(("raised", "praying", "spread")))]
    for x in (0.2, 0.33, 0.68, 0.82):
        things.append(
            Thing("child", x, g.near(0.5, 0.08), 0.16, {"wings": True, "turn": 1 if x < 0.5 else -1}, "putto")
        )
    for k in range(5):
        things.append(
            Thing(
                "person",
                0.1 + 0.2 * k,
                1.02,
                0.42,
                {"robe": g.cloth(), "beard": g.yes(0.7), "arms": g.one(("raised", "praying", "pointing"))},
                "apostle",
            )
        )
    return Setting("heaven"), things
