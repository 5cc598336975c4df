"""Mythological subjects."""

from __future__ import annotations

from embedded.paintings.chance import Chance
from embedded.paintings.scene import Content, Setting, Thing


def _nude(g: Chance, x: float, y: float, size: float, role: str, **more: object) -> Thing:
    traits = {"nude": True, "long": True, "hair": g.one(("fair", "brown", "red", "fair"))}
    return Thing("person", x, y, size, traits | more, role)


def venus(g: Chance) -> Content:
    if g.yes(0.5):
        setting = Setting(g.one(("curtain", "curtain", "room")), colour=g.one(("red", "green", "blue")), horizon=0.4)
        things = [
            Thing("bed", 0.5, 0.96, 0.26, {"colour": g.one(("red", "green", "blue"))}),
            _nude(g, 0.48, 0.8, 0.95, "Venus", pose="lying"),
        ]
        if g.yes(0.5):
            things.append(Thing("dog", 0.82, 0.8, 0.1, {"colour": "white"}))
    else:
        setting = Setting("sea", g.one(("day", "dawn", "evening")), horizon=0.48)
        things = [Thing("shell", 0.5, 0.97, 0.2), _nude(g, 0.5, 0.93, 0.78, "Venus", arms=g.one(("down", "raised")))]
    if g.yes(0.6):
        things.append(Thing("child", 0.85, 0.5, 0.2, {"wings": True, "turn": -1}, "Cupid"))
    return setting, things


def diana(g: Chance) -> Content:
    things = [
        _nude(g, 0.35, 0.95, 0.66, "Diana", arms="pointing"),
        _nude(g, 0.66, 0.93, 0.56, "nymph", pose=g.one(("seated", "kneeling")), turn=-1),
        Thing("dog", 0.14, 0.97, 0.14, {"colour": g.one(("white", "brown"))}),
    ]
    if g.yes(0.5):
        things.append(_nude(g, 0.86, 0.93, 0.54, "nymph", turn=-1))
    return Setting("forest", g.one(("day", "evening", "night")), horizon=0.5), things


def bacchus(g: Chance) -> Content:
    setting = Setting(g.one(("dark", "forest", "hills")), g.one(("day", "evening")), "brown", 0.5)
    things = [
        Thing(
            "person",
            0.42,
            0.98,
            0.9,
            {"nude": True, "hair": "dark", "cloak": "red", "pose": "seated", "arms": "holding"},
            "Bacchus",
        ),
        Thing("grapes", 0.74, 0.9, 0.16, {}),
        Thing("glass", 0.6, 0.74, 0.14, {"colour": "red"}),
    ]
    if g.yes(0.5):
        things.append(Thing("basket", 0.8, 0.98, 0.16))
    return setting, things


def andromeda(g: Chance) -> Content:
    things = [
        _nude(g, 0.25, 0.93, 0.7, "Andromeda", arms=g.one(("raised", "spread"))),
        Thing("dragon", 0.72, 0.96, 0.22, {"turn": -1}, "monster"),
        Thing("rider", 0.72, 0.5, 0.34, {"armour": True, "horse": "white", "turn": -1}, "Perseus"),
    ]
    return Setting("coast", g.one(("storm", "evening", "day")), horizon=0.5), things


def paris(g: Chance) -> Content:
    things = [
        Thing("person", 0.16, 0.96, 0.6, {"robe": "red", "hat": "brown", "pose": "seated", "arms": "pointing"}, "Paris")
    ]
    things += [
        _nude(g, 0.44 + 0.18 * k, 0.95, 0.66, "goddess", arms=g.one(("down", "raised", "holding")), turn=-1)
        for k in range(3)
    ]
    return Setting(g.one(("hills", "forest", "river")), g.one(("day", "evening")), horizon=0.5), [
        *things,
        Thing("tree", 0.07, 0.7, 0.55, {}),
    ]


def europa(g: Chance) -> Content:
    things = [
        Thing("cow", 0.5, 0.9, 0.36, {"colour": "white"}, "bull"),
        Thing(
            "person",
            0.48,
            0.72,
            0.46,
            {
                "robe": g.one(("pink", "yellow", "red")),
                "long": True,
                "hair": "fair",
                "pose": "seated",
                "arms": "raised",
            },
            "Europa",
        ),
    ]
    if g.yes(0.6):
        things.append(Thing("child", 0.84, 0.3, 0.18, {"wings": True, "turn": -1}, "Cupid"))
    return Setting(g.one(("sea", "coast")), g.one(("day", "dawn", "evening")), horizon=0.45), things


def apollo(g: Chance) -> Content:
    things = [
        Thing(
            "person",
            0.42,
            0.95,
            0.74,
            {
                "nude": True,
                "hair": "fair",
                "long": True,
                "pose": g.one(("standing", "seated")),
                "arms": "holding",
                "cloak": "red",
            },
            "Apollo",
        ),
        Thing("lute", 0.5, 0.62, 0.12, {}, "lyre"),
    ]
    things += [
        Thing("person", 0.72 + 0.16 * k, 0.95, 0.56, {"robe": g.cloth(), "long": True, "turn": -1}, "muse")
        for k in range(2)
    ]
    return Setting(g.one(("hills", "mountains", "forest")), g.one(("day", "dawn")), horizon=0.55), things


def icarus(g: Chance) -> Content:
    things = [
        Thing("person", 0.62, 0.5, 0.34, {"nude": True, "wings": True, "arms": "spread"}, "Icarus"),
        Thing("person", 0.3, 0.42, 0.3, {"nude": True, "wings": True, "beard": True}, "Daedalus"),
    ]
    if g.yes(0.6):
        things.append(Thing("ship", 0.75, 0.72, 0.18, {}))
    return Setting(g.one(("sea", "coast")), g.one(("day", "evening")), horizon=0.62), things
