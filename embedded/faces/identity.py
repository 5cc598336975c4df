"""The identity of a drawn person: the properties that are the same in all of the person's videos.

Lengths are in *head units*: half the width of an average face is 1; x is to the right as we look at the face, y up
from the line of the eyes, z towards us.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from embedded.texture import Colour, jitter

SKINS: tuple[Colour, ...] = (
    *((236, 200, 178), (228, 184, 156), (214, 168, 134), (196, 146, 110), (168, 118, 86), (138, 94, 68)),
    *((110, 74, 54), (84, 58, 46)),
)
HAIRS: tuple[Colour, ...] = (
    *((30, 25, 24), (46, 34, 28), (70, 46, 32), (104, 72, 46), (150, 112, 68), (196, 164, 108), (134, 66, 36)),
    *((150, 148, 146), (208, 206, 202)),
)
IRISES: tuple[Colour, ...] = ((62, 42, 30), (84, 58, 36), (96, 92, 56), (84, 112, 92), (92, 124, 150), (112, 122, 128))

CUTS = ("bald", "cropped", "short", "parted", "swept", "bob", "long", "fringe", "curly", "tied")
BEARDS = ("none", "stubble", "moustache", "goatee", "full")


@dataclass(frozen=True)
class Identity:
    """A person.

    Attributes
    ----------
    shape: name -> length in head units or a ratio; see `_SHAPE`.
    skin, hair, iris: colours.
    lips: how much redder than the skin, 0 to 1.
    cut: one of `CUTS`.
    beard: one of `BEARDS`.
    part: side of the parting, -1 to 1.
    glasses: share of the videos with glasses.
    frame: form of the glasses, from 0 (round) to 1 (square).
    rim: colour of the glasses.
    makeup: usual strength, 0 to 1.
    age: lines of the face, 0 to 1.
    freckles: 0 to 1.
    moles: (x, y, radius) of each mole.
    """

    shape: dict[str, float]
    skin: Colour
    hair: Colour
    iris: Colour
    lips: float
    cut: str
    beard: str
    part: float
    glasses: float
    frame: float
    rim: Colour
    makeup: float
    age: float
    freckles: float
    moles: tuple[tuple[float, float, float], ...]


# name -> mean, standard deviation over people. They vary about twice as much as real faces do, since a crop of 64
# pixels, its blur and its compression leave less of a line than of a photograph.
_SHAPE: dict[str, tuple[float, float]] = {
    "width": (1.0, 0.07),
    "forehead": (0.9, 0.06),
    "jaw": (0.79, 0.08),
    "chin_width": (0.4, 0.09),
    "chin": (1.36, 0.11),
    "crown": (1.22, 0.08),
    "cheek": (0.05, 0.03),
    "eye_x": (0.42, 0.035),
    "eye_wide": (0.19, 0.022),
    "eye_open": (0.085, 0.02),
    "eye_slant": (0.03, 0.05),
    "lid": (0.5, 0.25),
    "socket": (0.09, 0.03),
    "brow_y": (0.24, 0.035),
    "brow_thick": (0.06, 0.022),
    "brow_arch": (0.05, 0.035),
    "brow_slant": (0.0, 0.05),
    "brow_long": (0.27, 0.03),
    "brow_gap": (0.16, 0.035),
    "nose_y": (0.56, 0.06),
    "nose_wide": (0.19, 0.04),
    "nose_tip": (0.34, 0.07),
    "nose_bridge": (0.15, 0.05),
    "mouth_y": (0.86, 0.05),
    "mouth_wide": (0.33, 0.045),
    "lip_upper": (0.055, 0.018),
    "lip_lower": (0.075, 0.02),
    "mouth_curve": (0.0, 0.025),
    "ear": (0.28, 0.05),
    "ear_out": (0.1, 0.06),
    "hairline": (0.74, 0.09),
    "temple": (0.72, 0.07),
    "hair_volume": (0.14, 0.06),
    "hair_length": (0.0, 1.0),
    "neck": (0.62, 0.07),
}


def identity(rng: Generator) -> Identity:
    """A person drawn at random."""
    shape = {
        name: mean + spread * float(np.clip(rng.standard_normal(), -2.2, 2.2))
        for name, (mean, spread) in _SHAPE.items()
    }
    woman = rng.random() < 0.5
    age = float(rng.beta(1.3, 2.0))
    dark = float(rng.random())
    skin = jitter(rng, SKINS[min(7, int(8 * dark**1.3))], 9)
    hair = HAIRS[int(rng.integers(0, 3 if dark > 0.6 else 7))]
    if rng.random() < 0.7 * max(0.0, age - 0.45) / 0.55:
        hair = HAIRS[7 + int(rng.integers(2))]
    cuts = ("bob", "long", "fringe", "curly", "tied", "parted") if woman else (*CUTS[:5], "cropped", "short", "curly")
    if woman:
        shape["jaw"] -= 0.04
        shape["brow_thick"] *= 0.75
        shape["lip_upper"] *= 1.25
        shape["lip_lower"] *= 1.2
        shape["neck"] -= 0.08
    beard = "none" if woman or rng.random() < 0.45 else BEARDS[1 + int(rng.integers(4))]
    moles = [
        (float(rng.uniform(-0.75, 0.75)), float(rng.uniform(-1.1, 0.5)), float(rng.uniform(0.02, 0.045)))
        for _ in range(int(rng.integers(0, 4)) if rng.random() < 0.5 else 0)
    ]
    return Identity(
        shape=shape,
        skin=skin,
        hair=jitter(rng, hair, 12),
        iris=jitter(rng, IRISES[int(rng.integers(0, 2 if dark > 0.5 else 6))], 10),
        lips=float(rng.uniform(0.25, 0.7)),
        cut=str(cuts[int(rng.integers(len(cuts)))]),
        beard=beard,
        part=float(rng.uniform(-0.8, 0.8)),
        glasses=float(rng.choice([0.0, 0.05, 0.5, 0.9], p=[0.5, 0.2, 0.15, 0.15])),
        frame=float(rng.random()),
        rim=jitter(rng, ((30, 28, 30), (96, 60, 36), (150, 146, 140), (120, 40, 44))[int(rng.integers(4))], 14),
        makeup=float(rng.uniform(0.1, 0.9)) if woman else 0.0,
        age=age,
        freckles=float(rng.random()) if dark < 0.5 and rng.random() < 0.25 else 0.0,
        moles=tuple(moles),
    )
