"""Templates that become sentences: ``{a|b}`` is one of several, also within one another; ``<name>`` is a slot.

A slot's value is a template too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from embedded.paintings.chance import Chance

Slots = Mapping[str, str | Callable[[], str]]

_CHOICE = re.compile(r"\{([^{}]*)\}")
_SLOT = re.compile(r"<([A-Za-z_]+)>")


def filled(g: Chance, template: str, slots: Slots) -> str:
    """The template with its choices made and its slots filled."""
    text = template
    for _ in range(12):
        chosen = _CHOICE.sub(lambda found: g.one(found[1].split("|")), text)
        text = _SLOT.sub(lambda found: _value(slots[found[1]]), chosen)
        if not _CHOICE.search(text) and not _SLOT.search(text):
            break
    return re.sub(r" +", " ", text).strip()


def polished(text: str) -> str:
    """A sentence with a capital letter, and with ``an`` before a vowel; no full stop."""
    text = re.sub(r"\b([Aa]) (?=[aeiouAEIOU](?!ni|ne\b))", r"\1n ", text)
    return text[:1].upper() + text[1:]


def sentence(g: Chance, template: str, slots: Slots) -> str:
    """The filled and polished template."""
    return polished(filled(g, template, slots))


def _value(value: str | Callable[[], str]) -> str:
    return value if isinstance(value, str) else value()
