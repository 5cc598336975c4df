"""Saints alone and their deeds."""

from __future__ import annotations

from embedded.paintings.chance import Chance
from embedded.paintings.holy import OLD, SAINTS, angel, behind, saint
from embedded.paintings.scene import Content, Setting, Thing


def jerome(g: Chance, _: float) -> Content:
    indoors = g.yes(0.4)
    setting = (
        Setting("room", colour="brown", horizon=0.5)
        if indoors
        else Setting(g.one(("rocks", "rocks", "forest")), g.one(("day", "evening", "storm")), horizon=0.55)
    )
    things = [
        Thing(
            "person",
            0.45,
            0.95,
            0.74,
            {
                "robe": "red",
                "cloak": None if g.yes(0.4) else "red",
                **OLD,
                "halo": g.yes(0.4),
                "nude": not indoors and g.yes(0.5),
                "pose": g.one(("seated", "kneeling")),
                "arms": "holding",
            },
            "St Jerome",
        ),
        Thing("lion", 0.2, 0.97, 0.2, {}),
    ]
    things.append(Thing("skull", 0.8, 0.93, 0.11) if g.yes(0.6) else Thing("book", 0.8, 0.93, 0.09, {"colour": "red"}))
    if g.yes(0.5):
        things.append(Thing("cross", 0.83, 0.82, 0.4, {"christ": g.yes(0.3)}, "crucifix"))
    return setting, things


def sebastian(g: Chance, _: float) -> Content:
    setting = Setting(
        g.one(("hills", "city", "plain", "dark")), g.one(("day", "evening", "storm")), horizon=0.6, colour="brown"
    )
    things: list[Thing] = [
        Thing("column", 0.48, 0.95, 0.92) if g.yes(0.5) else Thing("tree", 0.48, 0.95, 0.95, {"bare": True})
    ]
    things += [
        Thing(
            "person",
            0.5,
            0.97,
            0.84,
            {
                "nude": True,
                "hair": g.one(("brown", "fair")),
                "long": True,
                "halo": g.yes(0.6),
                "arms": g.one(("raised", "down")),
            },
            "St Sebastian",
        ),
        Thing("arrows", 0.5, 0.95, 0.84),
    ]
    if g.yes(0.3):
        things.append(Thing("person", 0.88, 0.8, 0.34, {"robe": g.cloth(), "arms": "pointing", "turn": -1}, "archer"))
    return setting, things


def magdalene(g: Chance, _: float) -> Content:
    setting = Setting(g.one(("dark", "rocks", "dark")), "night", colour="brown")
    things = [
        Thing(
            "person",
            0.42,
            0.98,
            0.92,
            {
                "robe": g.one(("red", "white", "blue")),
                "cloak": g.one(("blue", "red", "green")),
                "long": True,
                "hair": g.one(("fair", "red")),
                "pose": "seated",
                "arms": g.one(("holding", "praying")),
                "halo": g.yes(0.3),
            },
            "Magdalene",
        ),
        Thing("skull", 0.76, 0.9, 0.12),
    ]
    things.append(
        Thing("candle", 0.85, 0.8, 0.22) if g.yes(0.5) else Thing("jug", 0.86, 0.95, 0.18, {"colour": "white"}, "jar")
    )
    return setting, things


def francis(g: Chance, _: float) -> Content:
    setting = Setting(g.one(("rocks", "mountains", "forest")), g.one(("night", "evening", "day")), horizon=0.55)
    things = [
        Thing("rays", 0.55, 0.5, 0.5),
        Thing(
            "person",
            0.42,
            0.96,
            0.72,
            {
                "robe": "brown",
                "beard": True,
                "halo": g.yes(0.7),
                "pose": "kneeling",
                "arms": g.one(("raised", "praying")),
            },
            "St Francis",
        ),
    ]
    things.append(
        Thing("skull", 0.78, 0.95, 0.1) if g.yes(0.5) else Thing("cross", 0.8, 0.92, 0.5, {"christ": True}, "crucifix")
    )
    return setting, things


def george(g: Chance, _: float) -> Content:
    setting = Setting(g.one(("hills", "rocks", "coast", "mountains")), g.one(("day", "storm", "evening")), horizon=0.5)
    things = [
        Thing("castle", 0.85, 0.6, 0.3, {}),
        Thing(
            "rider",
            0.42,
            0.93,
            0.72,
            {"armour": True, "horse": g.one(("white", "white", "brown", "black")), "lance": True},
            "St George",
        ),
        Thing("dragon", 0.8, 0.97, 0.26, {"turn": -1}),
    ]
    if g.yes(0.6):
        things.append(
            Thing(
                "person",
                0.08,
                0.85,
                0.3,
                {"robe": g.one(("pink", "red", "white")), "crown": True, "long": True, "arms": "praying"},
                "princess",
            )
        )
    return setting, things


def saint_alone(g: Chance, gold: float) -> Content:
    name = g.one(list(SAINTS))
    setting = behind(g, gold=gold + 0.1)
    things = [saint(g, name, g.near(0.5, 0.04), 0.98, g.between(0.84, 0.94))]
    beside = {
        "St Catherine": "sword",
        "St Paul": "sword",
        "St Barbara": "castle",
        "St Peter": "book",
        "St Nicholas": "book",
        "St John the Baptist": "sheep",
        "St Anthony": "fire",
    }
    if name in beside:
        things.append(Thing(beside[name], 0.8, 0.95, {"castle": 0.4, "sword": 0.5}.get(beside[name], 0.14), {}))
    return setting, things


def tobias(g: Chance, _: float) -> Content:
    setting = Setting(g.one(("river", "hills", "mountains")), g.one(("day", "dawn")), horizon=0.5)
    return setting, [
        angel(g, 0.4, 0.96, 0.74, arms="pointing"),
        Thing("person", 0.66, 0.97, 0.56, {"robe": g.cloth(), "hair": "fair"}, "Tobias"),
        Thing("dog", 0.85, 0.98, 0.13, {"colour": "white"}),
        Thing("fish", 0.22, 0.95, 0.06),
    ]
