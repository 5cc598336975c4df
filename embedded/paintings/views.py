"""Landscapes, interiors, still lifes, ceilings and animals, and studies."""

from __future__ import annotations

from embedded.paintings.chance import Chance
from embedded.paintings.portraits import portrait
from embedded.paintings.scene import Content, Scene, Setting, Thing

LANDSCAPES: dict[str, float] = {
    "river": 2.5, "forest": 2, "mountains": 1.6, "coast": 1.6, "ships": 1.8, "winter": 1.2, "mill": 1.2, "village": 1.8,
    "ruins": 1.5, "city": 2.2, "cattle": 1.4,
}  # fmt: skip
STILL_LIFES: dict[str, float] = {
    "flowers": 3, "fruit": 2.5, "breakfast": 2, "vanitas": 1.6, "fish": 1.1, "game": 1.2, "music": 1,
}  # fmt: skip
INTERIORS: dict[str, float] = {"church": 3, "room": 2}
OTHERS: dict[str, float] = {"ceiling": 2, "horse": 1.5, "dogs": 1}
STUDIES: dict[str, float] = {"head": 2, "nude": 1.5}
TABLES = {"landscape": LANDSCAPES, "still-life": STILL_LIFES, "interior": INTERIORS, "other": OTHERS, "study": STUDIES}
"""Type -> its themes and how often each is painted."""


def landscape(g: Chance, theme: str) -> Content:
    """A view with what belongs to it, and some figures."""
    kind = {
        "ships": "sea",
        "mill": "plain",
        "village": g.one(("plain", "hills", "winter")),
        "ruins": g.one(("hills", "plain", "coast")),
        "cattle": g.one(("plain", "river")),
    }.get(theme, theme)
    time = g.weighted({"day": 5, "evening": 2.4, "storm": 1.6, "dawn": 1.2, "night": 0.9})
    horizon = g.between(0.42, 0.66)
    setting = Setting(kind, time, horizon=horizon)
    things: list[Thing] = []
    ground = horizon + 0.14
    if theme == "village":
        things += [
            Thing("church", g.near(0.62, 0.1), ground, 0.3, {}),
            *(Thing("house", x, ground + 0.03, g.between(0.14, 0.22), {}) for x in (0.2, 0.42, 0.84)),
        ]
    if theme == "mill" or (theme == "river" and g.yes(0.3)):
        things.append(Thing("windmill", g.between(0.25, 0.75), ground, g.between(0.36, 0.55), {}))
    if theme == "ruins":
        things.append(Thing("ruin", g.near(0.5, 0.2), ground + 0.04, g.between(0.36, 0.5), {}))
    if theme == "ships":
        things += [
            Thing("ship", g.between(0.12, 0.88), horizon + 0.08 + 0.1 * k, 0.2 + 0.12 * k, {"turn": g.one((1, -1))})
            for k in range(g.whole(1, 3))
        ]
    if theme in ("coast", "city") or (theme == "river" and g.yes(0.5)):
        things += [
            Thing("boat", g.between(0.3, 0.7), horizon + 0.2 + 0.12 * k, 0.09, {"colour": g.cloth()})
            for k in range(g.whole(1, 2))
        ]
    if theme == "river" and g.yes(0.4):
        things.append(Thing("bridge", 0.5, horizon + 0.2, 0.14, {}))
    if theme == "mountains" and g.yes(0.5):
        things.append(Thing(g.one(("castle", "church", "house")), g.between(0.2, 0.8), ground, 0.2, {}))
    if theme == "cattle":
        things += [
            Thing(
                "cow",
                g.between(0.15, 0.85),
                g.between(ground + 0.08, 0.95),
                g.between(0.12, 0.19),
                {"colour": g.one(("brown", "black", "white")), "turn": g.one((1, -1))},
            )
            for _ in range(3)
        ]
    if theme in ("forest", "river", "cattle", "ruins", "mill") and g.yes(0.75):
        things += [
            Thing("tree", x, g.near(0.82, 0.06), g.between(0.5, 0.8), {})
            for x in g.some((0.1, 0.9, 0.78), g.whole(1, 2))
        ]
    if theme == "winter":
        things += [Thing("tree", x, ground + 0.08, 0.5, {"bare": True}) for x in (0.1, 0.88)] + [
            Thing("house", 0.7, ground, 0.2, {})
        ]
        things += [
            Thing(
                "person",
                g.between(0.15, 0.85),
                g.between(0.74, 0.92),
                0.13,
                {"robe": g.cloth(), "hat": "black", "arms": "spread"},
                "skater",
            )
            for _ in range(6)
        ]
    if theme not in ("winter", "ships", "city") and g.yes(0.6):
        role = g.one(("traveller", "shepherd", "traveller"))
        things += [
            Thing(
                "person",
                g.between(0.25, 0.75),
                g.near(0.88, 0.04),
                g.between(0.12, 0.2),
                {"robe": g.one(("red", "blue", "brown", "white")), "turn": g.one((1, -1))},
                role,
            )
            for _ in range(g.whole(1, 2))
        ]
        if role == "shepherd":
            things += [Thing("sheep", g.between(0.2, 0.8), 0.92, 0.07, {}) for _ in range(3)]
    return setting, sorted(things, key=lambda thing: thing.y)


def still_life(g: Chance, theme: str) -> Content:
    """Things on a table."""
    cloth = g.one(("brown", "white", "green", "red", "grey"))
    setting = Setting(
        g.one(("dark", "dark", "curtain", "room")), colour=g.one(("brown", "green", "grey", "red")), horizon=0.3
    )
    top = 0.72
    things: list[Thing] = [Thing("table", 0.5, 1.0 + 0.0, 0.3, {"colour": cloth, "wide": 4.0})]
    sorts = ("apple", "pear", "orange", "lemon", "peach", "plum", "fig")
    fruit = [
        Thing("fruit", x, g.near(top + 0.06, 0.03), g.between(0.1, 0.14), {"sort": g.one(sorts)})
        for x in g.some((0.15, 0.27, 0.4, 0.62, 0.74, 0.86), g.whole(2, 5))
    ]
    if theme == "flowers":
        colours = tuple(g.some(("red", "white", "pink", "yellow", "blue", "orange", "violet"), 3))
        things += [
            Thing(
                "flowers",
                g.near(0.5, 0.06),
                top + 0.06,
                g.between(0.6, 0.68),
                {"colours": colours, "vase": g.one(("blue", "green", "brown", "white"))},
            )
        ]
        if g.yes(0.4):
            things += fruit[:2]
    elif theme == "fruit":
        things += (
            [Thing("basket", g.near(0.5, 0.1), top + 0.04, 0.3)]
            if g.yes(0.6)
            else [Thing("jug", 0.3, top, 0.34, {"colour": g.one(("brown", "blue", "white"))})]
        )
        things += [
            *fruit,
            Thing("grapes", g.between(0.6, 0.85), top + 0.1, 0.18, {"colour": g.one(("violet", "white"))}),
        ]
    elif theme == "breakfast":
        things += [
            Thing("glass", 0.26, top, 0.3, {"colour": g.one(("red", "white"))}),
            Thing("jug", 0.72, top, 0.36, {"colour": g.one(("grey", "gold", "brown", "blue"))}),
            Thing("cheese", 0.48, top + 0.02, 0.13, {}),
            Thing("bread", 0.3, top + 0.12, 0.1, {}),
            *fruit[:2],
        ]
        if g.yes(0.35):
            things.append(Thing("lobster", 0.58, top + 0.14, 0.12))
    elif theme == "vanitas":
        things += [
            Thing("candle", 0.22, top, 0.4, {}),
            Thing("book", 0.45, top + 0.1, 0.12, {"colour": g.one(("red", "brown", "green"))}),
            Thing("skull", 0.58, top + 0.05, 0.26),
            Thing(g.one(("hourglass", "globe", "glass")), 0.84, top + 0.02, 0.32, {}),
        ]
    elif theme == "fish":
        things += [
            Thing("fish", 0.45, top + 0.12, 0.15),
            Thing(g.one(("lobster", "jug", "basket")), 0.8, top + 0.06, 0.2, {}),
            Thing("fruit", 0.16, top + 0.12, 0.12, {"sort": "lemon"}),
        ]
    elif theme == "game":
        things += [Thing("game", 0.5, 0.72, 0.6), *fruit[:3]]
    else:
        things += [
            Thing("lute", 0.36, top + 0.08, 0.26),
            Thing("book", 0.74, top + 0.12, 0.12, {"colour": "brown"}, "music"),
            Thing(g.one(("globe", "glass", "flowers", "candle")), 0.82, top, 0.34, {}),
        ]
    return setting, things


def interior(g: Chance, theme: str) -> Content:
    """A church or a room with few people in it."""
    people = [
        Thing(
            "person",
            g.between(0.25, 0.75),
            g.near(0.86, 0.06),
            g.between(0.16, 0.26),
            {"robe": g.cloth(), "hat": "black" if g.yes(0.5) else "white", "turn": g.one((1, -1))},
            "visitor",
        )
        for _ in range(g.whole(1, 4))
    ]
    if theme == "church":
        return Setting("church"), [
            *people,
            *([Thing("dog", g.between(0.3, 0.7), 0.93, 0.06, {})] if g.yes(0.4) else []),
        ]
    things = [
        Thing("table", 0.68, 0.92, 0.26, {"colour": g.one(("red", "green", "brown")), "wide": 0.9}),
        Thing(g.one(("jug", "globe", "flowers", "book")), 0.68, 0.68, 0.16, {}),
    ]
    return Setting("room", colour=g.one(("grey", "white", "yellow", "green")), horizon=0.42), [*people[:2], *things]


def other(g: Chance, theme: str) -> Content:
    """A painted ceiling, or an animal alone."""
    if theme == "ceiling":
        putti = [
            Thing(
                "child",
                g.between(0.1, 0.9),
                g.between(0.35, 0.98),
                g.between(0.16, 0.26),
                {"wings": True, "turn": g.one((1, -1))},
                "putto",
            )
            for _ in range(6)
        ]
        return Setting("heaven"), [
            Thing("cloud", 0.3, 0.8, 0.2),
            *putti,
            Thing(
                "person",
                0.5,
                0.66,
                0.44,
                {"robe": g.cloth(), "cloak": g.cloth(), "wings": g.yes(0.5), "arms": "spread", "long": True},
                "Fame",
            ),
        ]
    if theme == "horse":
        return Setting(g.one(("plain", "hills", "dark")), g.one(("day", "evening", "storm")), "brown", 0.6), [
            Thing("tree", 0.1, 0.75, 0.55, {}),
            Thing(
                "horse",
                0.52,
                0.94,
                0.66,
                {"colour": g.one(("brown", "white", "black", "grey")), "turn": g.one((1, -1))},
            ),
        ]
    return Setting(g.one(("plain", "forest", "hills")), "day", horizon=0.5), [
        Thing("dog", x, 0.94, size, {"colour": g.one(("white", "brown", "black", "grey")), "turn": t})
        for x, size, t in ((0.33, 0.4, 1), (0.74, 0.34, -1))
    ]


def study(g: Chance, theme: str) -> Content:
    """A head or a nude on coloured paper."""
    paper = Setting("paper", colour=g.one(("brown", "grey", "blue")))
    if theme == "head":
        _, things = portrait(g, g.one(("man", "old man", "woman")), 1600)
        return paper, things[:1]
    return paper, [
        Thing(
            "person",
            0.5,
            0.96,
            0.88,
            {
                "nude": True,
                "pose": g.one(("standing", "seated", "kneeling")),
                "arms": g.one(("raised", "down", "pointing")),
            },
            "model",
        )
    ]


def compose(g: Chance, kind: str, theme: str) -> Scene:
    """A scene of one of these types."""
    if kind == "landscape":
        setting, things = landscape(g, theme)
        return Scene(kind, theme, setting, tuple(things), g.between(1.2, 1.65))
    if kind == "still-life":
        setting, things = still_life(g, theme)
        return Scene(
            kind,
            theme,
            setting,
            tuple(things),
            g.between(0.7, 0.85) if theme in ("flowers", "game") else g.between(1.1, 1.4),
        )
    make = {"interior": interior, "other": other, "study": study}[kind]
    setting, things = make(g, theme)
    return Scene(kind, theme, setting, tuple(things), g.between(0.75, 1.3) if kind != "study" else g.between(0.7, 0.85))
