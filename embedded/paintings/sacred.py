"""Religious subjects and how often each is painted: the childhood of Christ; the rest is in `gospel` and `saints`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from embedded.paintings import gospel, saints
from embedded.paintings.chance import Chance
from embedded.paintings.holy import OLD, SAINTS, angel, behind, saint, virgin
from embedded.paintings.scene import Content, Scene, Setting, Thing


def _madonna(g: Chance, gold: float) -> Content:
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


def _annunciation(g: Chance, gold: float) -> Content:
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


def _magi(g: Chance, _: float) -> Content:
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


def _shepherds(g: Chance, _: float) -> Content:
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


def _flight(g: Chance, _: float) -> Content:
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


SUBJECTS: dict[str, tuple[Callable[[Chance, float], Content], float, tuple[float, ...]]] = {
    "madonna": (_madonna, 8, (0.7, 0.8)),
    "annunciation": (_annunciation, 3, (1.0, 1.2)),
    "crucifixion": (gospel.crucifixion, 4, (0.7, 0.85)),
    "magi": (_magi, 2.5, (0.9, 1.25)),
    "shepherds": (_shepherds, 2.5, (0.8, 1.15)),
    "flight": (_flight, 1.5, (1.0, 1.3)),
    "baptism": (gospel.baptism, 1.5, (0.75, 0.85)),
    "jerome": (saints.jerome, 2, (0.8, 1.0)),
    "sebastian": (saints.sebastian, 1.5, (0.5, 0.7)),
    "magdalene": (saints.magdalene, 1.5, (0.75, 0.85)),
    "francis": (saints.francis, 1.2, (0.75, 0.9)),
    "george": (saints.george, 1.2, (0.8, 1.1)),
    "supper": (gospel.supper, 1.5, (1.4, 1.9)),
    "pieta": (gospel.pieta, 2, (0.85, 1.1)),
    "resurrection": (gospel.resurrection, 1.3, (0.65, 0.85)),
    "assumption": (gospel.assumption, 1.5, (0.55, 0.7)),
    "saint": (saints.saint_alone, 4, (0.38, 0.6)),
    "tobias": (saints.tobias, 0.8, (0.75, 0.9)),
}
"""Theme -> how it is composed, how often, and the range of widths over heights."""


def compose(g: Chance, theme: str, gold: float) -> Scene:
    """A religious scene; ``gold`` is the probability of a gold ground."""
    make, _, (narrow, wide) = SUBJECTS[theme]
    setting, things = make(g, gold)
    things = [replace(thing, traits={k: v for k, v in thing.traits.items() if v is not None}) for thing in things]
    return Scene("religious", theme, setting, tuple(things), g.between(narrow, wide))
