"""People of sacred scenes, and the backgrounds behind them."""

from __future__ import annotations

from embedded.paintings.chance import Chance
from embedded.paintings.scene import Setting, Thing

OLD: dict[str, object] = {"beard": True, "hair": "grey"}


def behind(g: Chance, *, gold: float, outdoors: float = 0.5) -> Setting:
    """The background of a sacred group: gold in early painting, land or dark later."""
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
    """A saint with a halo, in the clothes by which the saint is known."""
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
