"""Portraits in the fashion of a period."""

from __future__ import annotations

from embedded.paintings.chance import Chance
from embedded.paintings.scene import Content, Setting, Thing


def portrait(g: Chance, theme: str, era: int) -> Content:
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
