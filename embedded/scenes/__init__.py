"""Pictures with boxes to train detectors on: streets, landscapes, rooms, tables and studios.

Pictures are made in *rolls* (`roll`): a roll has one building, place or table and a few things of each class, drawn for
it alone, in many views. What is seen at a pixel has an owner, as in the photographs of landmarks, so that the boxes are
those of the visible parts (`collage`).

Two sets have the shape of what the papers' detectors learned from: a smaller one with few classes (P, for Pascal VOC)
and a larger and more varied one (C, for COCO), whose classes include those of the first. No class is a thing that an
evaluation asks for: buildings, books, bottles, mugs, packages, posters, bags and toys have no class, and faces are
those of the people for development. The buildings are those of a town of their own; the street's things are drawn anew,
too, and are not those that stand before the landmarks. As in the published sets, a picture may show things without a
class.
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
