"""Historical subjects."""

from __future__ import annotations

from embedded.paintings.chance import Chance
from embedded.paintings.scene import Content, Setting, Thing


def battle(g: Chance) -> Content:
    setting = Setting(g.one(("plain", "hills")), g.one(("day", "storm", "evening")), horizon=0.45)
    things = [Thing("smoke", g.near(0.5, 0.3), 0.55, 0.3)]
    for k in range(7):
        things.append(
            Thing(
                "rider",
                g.between(0.08, 0.92),
                0.6 + 0.055 * k,
                0.2 + 0.028 * k,
                {
                    "robe": g.cloth(),
                    "armour": g.yes(0.5),
                    "horse": g.one(("white", "brown", "black", "grey")),
                    "lance": g.yes(0.6),
                    "turn": g.one((1, -1)),
                },
                "horseman",
            )
        )
    things += [
        Thing("banner", g.between(0.1, 0.8), 0.75, 0.4, {"colour": g.one(("red", "blue", "white", "yellow"))}),
        Thing("person", g.near(0.5, 0.3), 0.98, 0.4, {"armour": True, "pose": "lying"}, "fallen soldier"),
    ]
    return setting, things


def sea_battle(g: Chance) -> Content:
    things = [Thing("ship", g.between(0.1, 0.9), 0.62 + 0.08 * k, 0.24 + 0.09 * k, {}) for k in range(4)]
    return Setting("sea", g.one(("storm", "day", "evening")), horizon=0.55), [
        Thing("smoke", g.near(0.5, 0.2), 0.62, 0.26),
        *things,
    ]


def oath(g: Chance) -> Content:
    setting = Setting(g.one(("room", "church", "city")), colour=g.one(("grey", "brown", "red")), horizon=0.46)
    things = [
        Thing("throne", 0.78, 0.9, 0.6, {"colour": "red"}),
        Thing(
            "person",
            0.77,
            0.88,
            0.58,
            {
                "robe": "red",
                "cloak": "white",
                "crown": True,
                "pose": "seated",
                "beard": True,
                "turn": -1,
                "arms": "pointing",
            },
            "king",
        ),
    ]
    for k in range(5):
        things.append(
            Thing(
                "person",
                0.08 + 0.13 * k,
                g.near(0.95, 0.02),
                0.52,
                {
                    "robe": g.cloth(),
                    "cloak": g.cloth(),
                    "armour": g.yes(0.3),
                    "pose": g.one(("standing", "standing", "kneeling")),
                    "arms": g.one(("pointing", "raised", "down")),
                    "beard": g.yes(0.5),
                },
                "courtier",
            )
        )
    return setting, things
