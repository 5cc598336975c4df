"""The look of a person in one video: the properties that change between videos, beside pose and light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from embedded.faces.identity import BEARDS, HAIRS, Identity
from embedded.texture import Colour, jitter

LENGTHS = {
    **{"bald": -0.1, "cropped": 0.25, "short": 0.15, "parted": 0.1, "swept": 0.05},
    **{"bob": -1.0, "long": -2.0, "fringe": -1.4, "curly": -0.9, "tied": 0.0},
}
"""Heights to which the hair at the sides reaches, in head units."""


@dataclass(frozen=True)
class Look:
    """A person's appearance in one video.

    Attributes
    ----------
    shape: as `Identity.shape`, with the small changes of weight and of the lens.
    skin, hair, lip, cloth: colours.
    cut, length, volume, part, hairline: properties of the hair.
    beard: one of `BEARDS`.
    growth: length of the beard, 0 to 1.
    glasses: whether they are worn.
    makeup: its strength, 0 to 1.
    hat: colour of a knitted cap, or None.
    """

    shape: dict[str, float]
    skin: Colour
    hair: Colour
    lip: Colour
    cloth: Colour
    cut: str
    length: float
    volume: float
    part: float
    hairline: float
    beard: str
    growth: float
    glasses: bool
    makeup: float
    hat: Colour | None


def look(person: Identity, rng: Generator, change: float = 1.0) -> Look:
    """The person in another video; ``change`` scales how much people change."""
    shape = dict(person.shape)
    weight = change * float(rng.standard_normal())
    shape["width"] *= 1.0 + 0.012 * weight
    shape["jaw"] += 0.02 * weight
    shape["chin_width"] += 0.02 * weight
    shape["brow_thick"] *= 1.0 + 0.12 * change * float(rng.standard_normal())
    shape["brow_y"] += 0.01 * change * float(rng.standard_normal())
    hair, cut = jitter(rng, person.hair, round(8 * change)), person.cut
    if person.makeup > 0 and rng.random() < 0.12 * change:
        hair = jitter(rng, HAIRS[int(rng.integers(7))], 10)
    if person.makeup > 0 and cut != "curly" and rng.random() < 0.3 * change:
        cut = str(rng.choice(["bob", "long", "fringe", "tied", "parted"]))
    elif person.makeup == 0 and cut not in ("bald", "curly") and rng.random() < 0.2 * change:
        cut = str(rng.choice(["cropped", "short", "parted", "swept"]))
    beard = person.beard
    if beard != "none" and rng.random() < 0.3 * change:
        beard = BEARDS[int(rng.integers(5))]
    makeup = person.makeup * float(rng.uniform(0.2, 1.3)) if person.makeup else 0.0
    skin = jitter(rng, person.skin, round(7 * change))
    red = min(1.0, person.lips + 0.4 * makeup)
    tint = jitter(rng, (176, 62, 70), 24) if makeup > 0.5 else (168, 84, 80)
    lip = tuple(
        round(0.92 * s * (1 - red) + t * red * (0.45 + 0.55 * s / 220)) for s, t in zip(skin, tint, strict=True)
    )
    return Look(
        shape=shape,
        skin=skin,
        hair=hair,
        lip=(lip[0], lip[1], lip[2]),
        cloth=jitter(rng, (120, 116, 120), 110),
        cut=cut,
        length=LENGTHS[cut] * (1.0 + 0.2 * person.shape["hair_length"] * 0.5 + 0.15 * change * rng.standard_normal()),
        volume=max(
            0.03, shape["hair_volume"] * (1.6 if cut == "curly" else 1.0) + 0.03 * change * rng.standard_normal()
        ),
        part=float(
            np.clip(person.part * (-1 if rng.random() < 0.12 * change else 1) + 0.1 * rng.standard_normal(), -1, 1)
        ),
        hairline=shape["hairline"] + 0.02 * change * float(rng.standard_normal()),
        beard=beard,
        growth=float(rng.uniform(0.3, 1.0)),
        glasses=bool(rng.random() < person.glasses),
        makeup=makeup,
        hat=jitter(rng, (90, 80, 84), 70) if rng.random() < 0.06 * change else None,
    )
