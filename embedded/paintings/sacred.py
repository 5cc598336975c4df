"""Religious subjects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from embedded.paintings.chance import Chance
from embedded.paintings.scene import Scene, Setting, Thing

Made = tuple[Setting, list[Thing]]

OLD: dict[str, object] = {"beard": True, "hair": "grey"}


def behind(g: Chance, *, gold: float, outdoors: float = 0.5) -> Setting:
    """What a sacred group stands before: gold in early painting, land or dark later."""
    if g.yes(gold):
        return Setting("gold", colour=g.one(("red", "green", "blue")))
    if g.yes(outdoors):
        kind = g.one(("hills", "plain", "mountains", "river", "rocks"))
        return Setting(kind, g.one(("day", "day", "dawn", "evening")), horizon=g.near(0.52, 0.08))
    return Setting(g.one(("dark", "curtain", "curtain")), colour=g.one(("red", "green", "brown", "blue")))


def virgin(g: Chance, x: float, y: float, size: float, **more: object) -> Thing:
    """The Virgin, mostly in a red dress and a blue cloak."""
    robe = g.weighted({"red": 6, "pink": 2, "white": 1})
    cloak = g.weighted({"blue": 8, "green": 1, "black": 1})
    return Thing(
        "person",
        x,
        y,
        size,
        {"robe": robe, "cloak": cloak, "veil": g.yes(0.6), "long": True, "halo": True} | more,
        "Virgin",
    )


SAINTS: dict[str, dict[str, object]] = {
    "St Peter": {"robe": "blue", "cloak": "yellow", **OLD},
    "St Paul": {"robe": "green", "cloak": "red", "beard": True, "hair": "dark"},
    "St Catherine": {"robe": "green", "cloak": "red", "long": True, "hair": "fair", "crown": True},
    "St Francis": {"robe": "brown", "beard": True, "hair": "brown"},
    "St John the Baptist": {"robe": "brown", "cloak": "red", "beard": True, "long": True, "hair": "dark"},
    "St Dominic": {"robe": "white", "cloak": "black", "hair": "dark"},
    "St Barbara": {"robe": "yellow", "cloak": "green", "long": True, "hair": "fair"},
    "St Nicholas": {"robe": "red", "cloak": "gold", **OLD},
    "St Anthony": {"robe": "brown", "cloak": "black", **OLD},
    "St Lucy": {"robe": "red", "cloak": "yellow", "long": True, "hair": "brown"},
    "St Lawrence": {"robe": "pink", "cloak": "white", "hair": "brown"},
}


def saint(g: Chance, name: str, x: float, y: float, size: float, **more: object) -> Thing:
    """A saint with a halo, in the clothes by which one is known."""
    return Thing(
        "person", x, y, size, {"halo": True, "arms": g.one(("down", "praying", "holding"))} | SAINTS[name] | more, name
    )


def angel(g: Chance, x: float, y: float, size: float, **more: object) -> Thing:
    """A winged angel."""
    traits = {
        "robe": g.one(("white", "pink", "yellow", "green")),
        "wings": True,
        "hair": "fair",
        "long": True,
        "halo": g.yes(0.5),
    }
    return Thing("person", x, y, size, traits | more, "angel")


def _madonna(g: Chance, gold: float) -> Made:
    setting = behind(g, gold=gold)
    low, size = 0.98, g.between(0.82, 0.98)
    things = (
        [Thing("throne", 0.5, low, size * 0.95, {"colour": g.one(("grey", "white", "brown"))})] if g.yes(0.5) else []
    )
    if g.yes(0.45):
        names = g.some(list(SAINTS), 2)
        things += [saint(g, names[0], 0.16, 0.98, size * 0.8), saint(g, names[1], 0.85, 0.98, size * 0.8, turn=-1)]
    elif g.yes(0.4):
        things += [angel(g, 0.15, 0.9, 0.45), angel(g, 0.86, 0.9, 0.45, turn=-1)]
    things.append(virgin(g, 0.48, low, size, pose="seated", arms="holding"))
    things.append(Thing("child", 0.6, low - size * 0.26, size * 0.34, {"halo": True, "turn": -1}, "Child"))
    if g.yes(0.25):
        things.append(Thing("child", 0.2, 0.98, size * 0.38, {"hair": "brown", "robe": "brown"}, "young St John"))
    return setting, things


def _annunciation(g: Chance, gold: float) -> Made:
    setting = (
        Setting("gold", colour="red")
        if g.yes(gold)
        else Setting(g.one(("room", "church", "room")), colour=g.one(("red", "green", "brown")), horizon=0.5)
    )
    things = [
        angel(
            g,
            0.24,
            0.96,
            0.72,
            pose="kneeling" if g.yes(0.6) else "standing",
            arms="pointing",
            robe=g.one(("white", "pink", "red")),
        ),
        virgin(g, 0.77, 0.96, 0.74, pose=g.one(("kneeling", "seated", "standing")), arms="praying", turn=-1),
    ]
    if g.yes(0.7):
        things.insert(0, Thing("rays", 0.66, 0.42, 0.4))
    if g.yes(0.6):
        things.append(Thing("bird", 0.5, 0.2, 0.08, {"colour": "white"}, "dove"))
    if g.yes(0.6):
        things.append(
            Thing("flowers", 0.5, 0.97, 0.36, {"colours": ("white", "white", "white"), "vase": "blue"}, "lilies")
        )
    return setting, things


def _crucifixion(g: Chance, gold: float) -> Made:
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


def _magi(g: Chance, _: float) -> Made:
    setting = Setting(g.one(("hills", "plain", "mountains")), g.one(("day", "night", "evening")), horizon=0.5)
    things = [Thing("stable", 0.72, 0.92, 0.78, {})]
    for k, x in enumerate((0.1, 0.25, 0.42)):
        robe, cloak = g.some(("red", "green", "yellow", "violet", "blue", "gold"), 2)
        kneel = k == 2
        things.append(
            Thing(
                "person",
                x,
                0.96,
                0.6,
                {
                    "robe": robe,
                    "cloak": cloak,
                    "crown": True,
                    "beard": g.yes(0.7),
                    "hair": g.one(("grey", "brown", "dark")),
                    "pose": "kneeling" if kneel else "standing",
                    "arms": "holding",
                },
                "king",
            )
        )
    things += [
        virgin(g, 0.74, 0.94, 0.6, pose="seated", arms="holding", turn=-1),
        Thing("child", 0.65, 0.78, 0.22, {"halo": True, "turn": -1}, "Child"),
    ]
    if g.yes(0.5):
        things.insert(0, Thing("horse", 0.12, 0.76, 0.3, {"colour": g.one(("brown", "white", "black"))}))
    return setting, things


def _shepherds(g: Chance, _: float) -> Made:
    setting = Setting(g.one(("hills", "plain")), g.one(("night", "night", "evening")), horizon=0.5)
    things = [
        Thing("stable", 0.4, 0.9, 0.8, {}),
        Thing("cow", 0.18, 0.78, 0.2, {}, "ox"),
        Thing("fire", 0.5, 0.88, 0.06, {}, "light"),
        virgin(g, 0.3, 0.95, 0.56, pose="kneeling", arms="praying"),
        Thing("child", 0.5, 0.92, 0.2, {"halo": True}, "Child"),
    ]
    for x in (0.72, 0.88):
        things.append(
            Thing(
                "person",
                x,
                0.97,
                0.56,
                {
                    "robe": g.one(("brown", "grey", "green")),
                    "pose": g.one(("kneeling", "standing")),
                    "hat": "brown" if g.yes(0.5) else None,
                    "beard": g.yes(0.5),
                    "arms": "praying",
                    "turn": -1,
                },
                "shepherd",
            )
        )
    if g.yes(0.7):
        things.append(Thing("sheep", 0.66, 0.98, 0.13, {}))
    if g.yes(0.4):
        things.append(angel(g, 0.5, 0.3, 0.3, arms="raised"))
    return setting, things


def _flight(g: Chance, _: float) -> Made:
    setting = Setting(
        g.one(("hills", "forest", "river", "rocks", "mountains")), g.one(("day", "evening", "night")), horizon=0.5
    )
    x = g.near(0.5, 0.12)
    things = [
        Thing("tree", g.one((0.1, 0.9)), 0.75, 0.6, {}),
        Thing("horse", x, 0.95, 0.42, {"colour": "grey"}, "donkey"),
        virgin(g, x, 0.82, 0.42, pose="seated", arms="holding"),
        Thing("child", x + 0.06, 0.7, 0.14, {"halo": True}, "Child"),
        Thing("person", x + 0.3, 0.97, 0.5, {"robe": "brown", "cloak": "yellow", **OLD, "arms": "down"}, "Joseph"),
    ]
    return setting, things


def _baptism(g: Chance, _: float) -> Made:
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


def _jerome(g: Chance, _: float) -> Made:
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


def _sebastian(g: Chance, _: float) -> Made:
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


def _magdalene(g: Chance, _: float) -> Made:
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


def _francis(g: Chance, _: float) -> Made:
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


def _george(g: Chance, _: float) -> Made:
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


def _supper(g: Chance, gold: float) -> Made:
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


def _pieta(g: Chance, gold: float) -> Made:
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


def _resurrection(g: Chance, _: float) -> Made:
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


def _assumption(g: Chance, _: float) -> Made:
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


def _saint_alone(g: Chance, gold: float) -> Made:
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


def _tobias(g: Chance, _: float) -> Made:
    setting = Setting(g.one(("river", "hills", "mountains")), g.one(("day", "dawn")), horizon=0.5)
    return setting, [
        angel(g, 0.4, 0.96, 0.74, arms="pointing"),
        Thing("person", 0.66, 0.97, 0.56, {"robe": g.cloth(), "hair": "fair"}, "Tobias"),
        Thing("dog", 0.85, 0.98, 0.13, {"colour": "white"}),
        Thing("fish", 0.22, 0.95, 0.06),
    ]


SUBJECTS: dict[str, tuple[Callable[[Chance, float], Made], float, tuple[float, ...]]] = {
    "madonna": (_madonna, 8, (0.7, 0.8)),
    "annunciation": (_annunciation, 3, (1.0, 1.2)),
    "crucifixion": (_crucifixion, 4, (0.7, 0.85)),
    "magi": (_magi, 2.5, (0.9, 1.25)),
    "shepherds": (_shepherds, 2.5, (0.8, 1.15)),
    "flight": (_flight, 1.5, (1.0, 1.3)),
    "baptism": (_baptism, 1.5, (0.75, 0.85)),
    "jerome": (_jerome, 2, (0.8, 1.0)),
    "sebastian": (_sebastian, 1.5, (0.5, 0.7)),
    "magdalene": (_magdalene, 1.5, (0.75, 0.85)),
    "francis": (_francis, 1.2, (0.75, 0.9)),
    "george": (_george, 1.2, (0.8, 1.1)),
    "supper": (_supper, 1.5, (1.4, 1.9)),
    "pieta": (_pieta, 2, (0.85, 1.1)),
    "resurrection": (_resurrection, 1.3, (0.65, 0.85)),
    "assumption": (_assumption, 1.5, (0.55, 0.7)),
    "saint": (_saint_alone, 4, (0.38, 0.6)),
    "tobias": (_tobias, 0.8, (0.75, 0.9)),
}
"""Theme -> how it is composed, how often, and the range of widths over heights."""


def compose(g: Chance, theme: str, gold: float) -> Scene:
    """A religious scene; ``gold`` is the probability of a gold ground."""
    make, _, (narrow, wide) = SUBJECTS[theme]
    setting, things = make(g, gold)
    things = [replace(thing, traits={k: v for k, v in thing.traits.items() if v is not None}) for thing in things]
    return Scene("religious", theme, setting, tuple(things), g.between(narrow, wide))
