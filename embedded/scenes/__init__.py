"""Pictures with boxes to train detectors on: streets, landscapes, rooms, tables and studios.

Pictures are made in *rolls* (`roll`): a roll has one building, place or table and a few things of each class, drawn for
it alone, in many views. Every pixel has an owner, as in the photographs of landmarks, so that the boxes are those of
the visible parts (`collage`).

Two sets stand for the training sets of the papers' detectors: a smaller one with few classes (P, for Pascal VOC), and a
larger and more varied one (C, for COCO), whose classes include those of the first. Chapter 11 searches for no kind of
object that has a class: buildings, packages, books, bags, posters, tins, mugs, bottles and toys have none. Chapter 9
does: it searches for people by their faces, and ``face`` is a class, because its own face finder needs it, and so is
``person``, as in Pascal VOC and COCO. The people here are others, those for development. The buildings belong to a
separate town; the things in the street are drawn anew and differ from those in front of the landmarks. As in the
published sets, a picture may show things without a class.
"""

FEW = ("person", "face", "car", "bus", "horse", "dog", "boat", "bird")
"""Classes of the smaller set."""

MANY = (
    *FEW, "cow", "sheep", "ship", "sign", "stall", "banner", "lute", "globe", "fish", "skull", "hourglass", "candle",
    "lobster", "umbrella", "kite",
)  # fmt: skip
"""Classes of the larger set."""

SIDE = (320, 240)
"""Longer and shorter side of a picture, in pixels."""
