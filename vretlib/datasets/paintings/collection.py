"""The types of a painting and of a collection of paintings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Painting:
    """A picture and the texts about it: one triplet of the thesis (image, comment, attributes).

    Attributes
    ----------
    image: the picture's file.
    title, comment: as they stand in the table; either may be empty.
    attributes: attribute -> its value; an attribute that is not known is absent. SemArt's are Author, Technique, Date,
        Type, School and TimeFrame, by the names of the thesis (§7.2.1).
    """

    image: Path
    title: str
    comment: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Paintings:
    """A collection of paintings, divided by painting: no image file is in two parts, unless SemArt's tables share one.

    Attributes
    ----------
    name: the name of the collection, for headings.
    train, val, test: the paintings for training, for the choice of a model, and for its test.
    missing: rows that are left out since their image is missing or unreadable: table, line, image and reason.
    description, licence: texts for readers about the content.
    """

    name: str
    train: tuple[Painting, ...]
    val: tuple[Painting, ...]
    test: tuple[Painting, ...]
    missing: tuple[str, ...] = ()
    description: str = ""
    licence: str = ""

    def __len__(self) -> int:
        return len(self.train) + len(self.val) + len(self.test)

    @property
    def all(self) -> tuple[Painting, ...]:
        """The paintings of all three parts."""
        return self.train + self.val + self.test


def titles(paintings: Sequence[Painting]) -> list[str]:
    """The titles of some paintings, in their order."""
    return [painting.title for painting in paintings]


def comments(paintings: Sequence[Painting]) -> list[str]:
    """The comments of some paintings, in their order."""
    return [painting.comment for painting in paintings]
