"""Mythological, historical and genre subjects, and portraits."""

from __future__ import annotations

from collections.abc import Callable

from embedded.paintings.chance import Chance
from embedded.paintings.scene import Scene, Setting, Thing

Made = tuple[Setting, list[Thing]]


def _nude(g: Chance, x: float, y: float, size: float, role: str, **more: object) -> Thing:
    traits = {"nude": True, "long": True, "hair": g.one(("fair", "brown", "red", "fair"))}
    return Thing("person", x, y, size, traits | more, role)


def _venus(g: Chance) -> Made:
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


def _diana(g: Chance) -> Made:
    things = [
        _nude(g, 0.35, 0.95, 0.66, "Diana", arms="pointing"),
        _nude(g, 0.66, 0.93, 0.56, "nymph", pose=g.one(("seated", "kneeling")), turn=-1),
        Thing("dog", 0.14, 0.97, 0.14, {"colour": g.one(("white", "brown"))}),
    ]
    if g.yes(0.5):
        things.append(_nude(g, 0.86, 0.93, 0.54, "nymph", turn=-1))
    return Setting("forest", g.one(("day", "evening", "night")), horizon=0.5), things


def _bacchus(g: Chance) -> Made:
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


def _andromeda(g: Chance) -> Made:
    things = [
        _nude(g, 0.25, 0.93, 0.7, "Andromeda", arms=g.one(("raised", "spread"))),
        Thing("dragon", 0.72, 0.96, 0.22, {"turn": -1}, "monster"),
        Thing("rider", 0.72, 0.5, 0.34, {"armour": True, "horse": "white", "turn": -1}, "Perseus"),
    ]
    return Setting("coast", g.one(("storm", "evening", "day")), horizon=0.5), things


def _paris(g: Chance) -> Made:
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


def _europa(g: Chance) -> Made:
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


def _apollo(g: Chance) -> Made:
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


def _icarus(g: Chance) -> Made:
    things = [
        Thing("person", 0.62, 0.5, 0.34, {"nude": True, "wings": True, "arms": "spread"}, "Icarus"),
        Thing("person", 0.3, 0.42, 0.3, {"nude": True, "wings": True, "beard": True}, "Daedalus"),
    ]
    if g.yes(0.6):
        things.append(Thing("ship", 0.75, 0.72, 0.18, {}))
    return Setting(g.one(("sea", "coast")), g.one(("day", "evening")), horizon=0.62), things


def _battle(g: Chance) -> Made:
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


def _sea_battle(g: Chance) -> Made:
    things = [Thing("ship", g.between(0.1, 0.9), 0.62 + 0.08 * k, 0.24 + 0.09 * k, {}) for k in range(4)]
    return Setting("sea", g.one(("storm", "day", "evening")), horizon=0.55), [
        Thing("smoke", g.near(0.5, 0.2), 0.62, 0.26),
        *things,
    ]


def _oath(g: Chance) -> Made:
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


def _tavern(g: Chance) -> Made:
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


def _cards(g: Chance) -> Made:
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


def _letter(g: Chance) -> Made:
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


def _kitchen(g: Chance) -> Made:
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


def _music(g: Chance) -> Made:
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


def _dance(g: Chance) -> Made:
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


def _mother(g: Chance) -> Made:
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


def _market(g: Chance) -> Made:
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


def portrait(g: Chance, theme: str, era: int) -> Made:
    """A sitter in the fashion of a period; ``era`` is the first year of the time frame."""
    woman, old = theme in ("woman", "girl"), theme == "old man"
    kind = g.weighted(
        {
            "dark": 5,
            "curtain": 2.5,
            "hills": 1.2 if era < 1850 else 2,
            "room": 0.8,
            "plain": 0.6,
            "gold": 2 if era < 1400 else 0,
        }
    )
    traits: dict[str, object] = {
        "woman": woman,
        "old": old,
        "hair": g.one(("dark", "brown", "fair", "brown", "red")),
        "turn": g.one((1, -1)),
        "hands": g.yes(0.5),
    }
    traits["robe"] = g.weighted(
        {
            "black": 4,
            "red": 1.6,
            "brown": 1,
            "green": 1,
            "blue": 1.4,
            "white": 0.8,
            "yellow": 0.6,
            "grey": 0.8,
            "violet": 0.5,
        }
        if not woman
        else {"red": 2, "blue": 2, "white": 1.6, "black": 1.6, "green": 1.2, "yellow": 1.2, "pink": 1.3, "violet": 0.6}
    )
    if era < 1550:
        traits |= {
            "hat": g.one(("beret", "beret", "none", "turban") if not woman else ("none", "veil", "bonnet")),
            "collar": g.one(("none", "fur", "fur")),
            "cut": g.one(("short", "long")) if not woman else "long",
        }
    elif era < 1650:
        traits |= {
            "hat": g.one(("none", "none", "wide") if not woman else ("none", "bonnet")),
            "collar": g.one(("ruff", "ruff", "lace")),
            "cut": "short" if not woman else "curls",
            "beard": not woman and g.yes(0.6),
        }
    elif era < 1800:
        traits |= {
            "hat": g.one(("none", "none", "wide") if not woman else ("none", "bonnet")),
            "collar": g.one(("lace", "cravat")) if not woman else "none",
            "cut": g.one(("wig", "curls")),
        }
    else:
        traits |= {
            "hat": g.one(("none", "none", "wide") if not woman else ("none", "wide", "bonnet")),
            "collar": "cravat" if not woman else g.one(("lace", "none")),
            "cut": "short" if not woman else g.one(("long", "curls")),
            "beard": not woman and g.yes(0.5),
        }
    if old:
        traits |= {"beard": g.yes(0.7), "cut": "short"}
    if theme == "girl":
        traits |= {"old": False, "hair": g.one(("fair", "brown"))}
    traits["hat_colour"] = g.weighted({"black": 3, "red": 2, "brown": 1, "blue": 0.7})
    traits["pearls"] = woman and g.yes(0.5)
    size = {"girl": 0.74}.get(theme, g.between(0.82, 0.92))
    things = [Thing("sitter", g.near(0.5, 0.04), 1.0, size, traits, theme)]
    held = {
        "woman": ("fan", "flowers", "letter", "book", "dog"),
        "girl": ("flowers", "bird", "dog"),
        "man": ("letter", "book", "sword", "skull", "globe"),
        "old man": ("book", "globe", "letter", "skull"),
        "painter": ("palette",),
    }[theme]
    if theme == "painter" or g.yes(0.45):
        what = g.one(held)
        tall = {
            "fan": 0.16,
            "flowers": 0.34,
            "letter": 0.14,
            "book": 0.1,
            "dog": 0.2,
            "bird": 0.12,
            "sword": 0.5,
            "skull": 0.15,
            "globe": 0.26,
            "palette": 0.22,
        }[what]
        looks: dict[str, dict[str, object]] = {
            "flowers": {"colours": tuple(g.some(("red", "white", "pink", "yellow"), 2)), "vase": "green"},
            "bird": {"colour": g.one(("white", "yellow"))},
        }
        things.append(Thing(what, g.one((0.2, 0.8)), 1.0 if what != "palette" else 0.92, tall, looks.get(what, {})))
    return Setting(kind, g.one(("day", "evening")), g.one(("red", "green", "brown", "blue", "grey")), 0.62), things


_Composer = Callable[[Chance], Made]

MYTHS: dict[str, tuple[_Composer, float, tuple[float, float]]] = {
    "venus": (_venus, 3, (0.8, 1.5)),
    "diana": (_diana, 1.5, (1.0, 1.4)),
    "bacchus": (_bacchus, 1.5, (0.8, 1.1)),
    "andromeda": (_andromeda, 1, (0.8, 1.1)),
    "paris": (_paris, 1, (1.2, 1.5)),
    "europa": (_europa, 1, (1.0, 1.35)),
    "apollo": (_apollo, 1, (1.0, 1.3)),
    "icarus": (_icarus, 0.7, (1.0, 1.4)),
}
HISTORIES: dict[str, tuple[_Composer, float, tuple[float, float]]] = {
    "battle": (_battle, 3, (1.3, 1.8)),
    "sea battle": (_sea_battle, 1.3, (1.3, 1.7)),
    "oath": (_oath, 2, (1.2, 1.6)),
}
GENRES: dict[str, tuple[_Composer, float, tuple[float, float]]] = {
    "tavern": (_tavern, 2.5, (1.1, 1.4)),
    "cards": (_cards, 1.3, (1.1, 1.4)),
    "letter": (_letter, 1.8, (0.75, 0.9)),
    "kitchen": (_kitchen, 1.8, (0.8, 1.2)),
    "music": (_music, 1.6, (0.9, 1.2)),
    "dance": (_dance, 1.3, (1.2, 1.6)),
    "mother": (_mother, 1.4, (0.75, 0.9)),
    "market": (_market, 1.2, (1.2, 1.5)),
}
PORTRAITS: dict[str, float] = {"man": 4, "woman": 3.2, "old man": 1.2, "girl": 1, "painter": 1}
"""Theme -> how often."""

TABLES = {"mythological": MYTHS, "historical": HISTORIES, "genre": GENRES}


def compose(g: Chance, kind: str, theme: str, era: int) -> Scene:
    """A scene of one of these types."""
    if kind == "portrait":
        setting, things = portrait(g, theme, era)
        return Scene(kind, theme, setting, tuple(things), g.between(0.72, 0.88))
    make, _, (narrow, wide) = TABLES[kind][theme]
    setting, things = make(g)
    return Scene(kind, theme, setting, tuple(things), g.between(narrow, wide))
