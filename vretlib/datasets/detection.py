"""The drawn pictures that detectors learn from: a smaller set of few classes (P), and a larger, more varied one (C).

`embedded.scenes` says what they show. The cache keeps each part as a folder of JPEG files with their boxes in `TRUTH`.
"""

from __future__ import annotations

import json
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import numpy as np

from embedded.scenes import rolls
from vretlib import cache
from vretlib.errors import UserError
from vretlib.models.detection_set import DetectionSet
from vretlib.processes import processes

TRUTH = "boxes.json"
"""File beside the pictures: for each its file, boxes and labels."""

LICENCE = "MIT, as this project"

SIZES = {"P": {"training": 700, "held-out": 120}, "C": {"training": 2_200, "held-out": 150}}
"""Usual numbers of pictures."""

_ROLL = 25  # pictures that share a place


def embedded(
    which: Literal["P", "C"], part: Literal["training", "held-out"] = "training", seed: int = 0, *, pictures: int = 0
) -> DetectionSet:
    """A drawn set; its parts share no place, no person and no thing.

    Parameters
    ----------
    which: ``"P"`` for the set of 8 classes, ``"C"`` for that of 23, which include the 8.
    seed: the seed of everything drawn.
    pictures: the number of pictures; 0 takes that of `SIZES`. A larger number adds pictures and changes no other.

    Raises
    ------
    UserError: an unknown set or part, or a negative seed or number.
    """
    if which not in SIZES:
        raise UserError(f"which={which!r} is not known; expected one of {', '.join(map(repr, SIZES))}")
    if part not in SIZES[which]:
        raise UserError(f"part={part!r} is not known; expected one of {', '.join(map(repr, SIZES[which]))}")
    for name, value in (("seed", seed), ("pictures", pictures)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise UserError(f"{name}={value!r}; expected a whole number, at least 0")
    n = pictures or SIZES[which][part]
    key = {"which": which, "part": part, "seed": seed, "pictures": n}
    folder = cache.stage("scenes", key, lambda out: _make(out, which, part, seed, n), label=f"{which} {part}")
    rows: list[dict[str, Any]] = json.loads((folder / TRUTH).read_text(encoding="utf-8"))
    classes = rolls.CLASSES[which]
    return DetectionSet(
        f"Scenes {which}, {part}",
        tuple(folder / row["file"] for row in rows),
        tuple(np.array(row["boxes"], np.float32).reshape(-1, 4) for row in rows),
        tuple(np.array([classes.index(kind) for kind in row["kinds"]], np.int64) for row in rows),
        classes,
        description=f"{n:,} pictures with boxes of {len(classes)} classes, drawn by this project from seed {seed}",
        licence=LICENCE,
    )


def _make(out: Path, which: str, part: str, seed: int, n: int) -> None:
    made = processes().map(partial(_draw, out, which, part, seed, n), range(-(-n // _ROLL)))
    (out / TRUTH).write_text(json.dumps([row for rows in made for row in rows], indent=0), encoding="utf-8")


def _draw(out: Path, which: str, part: str, seed: int, n: int, number: int) -> list[dict[str, Any]]:
    """The entries of the pictures of one roll, which are drawn into ``out``."""
    rows = []
    for k, example in enumerate(islice(rolls.roll(which, part, seed, number), min(_ROLL, n - number * _ROLL))):
        file = f"{number:03d}_{k:02d}.jpg"
        (out / file).write_bytes(example.jpeg)
        rows.append({"file": file, "boxes": example.boxes, "kinds": example.kinds})
    return rows
