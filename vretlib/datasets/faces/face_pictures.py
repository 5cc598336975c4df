"""Drawn pictures of faces to fine-tune a detector on (paper 000, section 2.4): the classes are people.

The paper has two sets: FaceScrub (530 people, 55,127 pictures), and FERET with Faces94 (421 people, 6,337 pictures).
Two drawn sets, a larger and a smaller one, take their place. They have different people, and no page searches for them.
They are small, but each person has 50 and 32 faces, where the paper has 104 and 15 pictures.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np

from embedded.faces.shots import frames_with_boxes
from vretlib import arrays, cache, images
from vretlib.errors import UserError
from vretlib.models.detection_set import DetectionSet
from vretlib.processes import processes

LICENCE = "MIT, as this project"
SETS: dict[str, tuple[int, int, int, int]] = {"F-S": (0, 20, 10, 40), "F-F": (120, 12, 8, 24)}
"""First person, people, pictures of each person alone, and of each pair of people."""
HELD_OUT = 2
"""Further pictures of each person and of each pair, to measure on."""
SIZE = (320, 240)

_INDEX, _PAIRED = "pictures.json", 100  # the number of a pair's first shot
_TOGETHER = 12  # people whom a process draws in one piece


def face_pictures(which: str, part: Literal["training", "held-out"], seed: int = 0, *, people: int = 0) -> DetectionSet:
    """One of `SETS`; the held-out part has `HELD_OUT` further pictures of each person and of each pair.

    Parameters
    ----------
    seed: the seed of the drawing.
    people: an even number of people, at most the usual number; 0 takes the usual number.

    Raises
    ------
    UserError: an unknown set or part, or a number of people that is odd, negative or above the usual one.
    """
    if which not in SETS or part not in ("training", "held-out"):
        raise UserError(f"which={which!r}, part={part!r}; expected {' or '.join(SETS)}, and 'training' or 'held-out'")
    first, usual, alone, paired = SETS[which]
    n = arrays.whole(people, "people", 0) or usual
    if n % 2 or n > usual:
        raise UserError(f"people={people}; expected an even number, at most {usual}")
    seed = arrays.whole(seed, "seed", 0)
    folder = cache.stage("face_pictures", {"set": [first, n, alone, paired], "part": part, "seed": seed},
                         lambda out: _make(out, first, n, alone, paired, part, seed))  # fmt: skip
    made = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
    return DetectionSet(
        f"faces {which}",
        tuple(folder / one["file"] for one in made),
        tuple(np.array(one["boxes"], np.float32) for one in made),
        tuple(np.array(one["people"], np.int64) - first for one in made),
        tuple(f"person_{first + person:03d}" for person in range(n)),
        f"{len(made):,} pictures of {n} drawn people, alone and in pairs",
        LICENCE,
    )


def _make(out: Path, first: int, people: int, alone: int, paired: int, part: str, seed: int) -> None:
    held_out = part == "held-out"
    jobs: list[tuple[list[int], int]] = []
    for person in range(first, first + people):
        shots = range(alone, alone + HELD_OUT) if held_out else range(alone)
        jobs += [([person], shot) for shot in shots]
        if person % 2 == 0:
            shots = range(paired, paired + HELD_OUT) if held_out else range(paired)
            jobs += [([person, person + 1], _PAIRED + shot) for shot in shots]
    pieces = [jobs[start : start + _TOGETHER] for start in range(0, len(jobs), _TOGETHER)]
    made = [one for piece in processes().map(partial(_draw, out, seed), pieces) for one in piece]
    (out / _INDEX).write_text(json.dumps(made), encoding="utf-8")


def _draw(out: Path, seed: int, jobs: list[tuple[list[int], int]]) -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    for people, shot in jobs:
        [frame] = frames_with_boxes(seed, "development", people, shot, 1, SIZE)
        file = f"{'_'.join(map(str, people))}_{shot}.jpg"
        images.write(out / file, frame.picture)
        last = np.array([SIZE[0] - 1, SIZE[1] - 1] * 2)
        boxes = np.minimum(frame.boxes, last).round(1)
        made.append({"file": file, "people": people, "boxes": boxes.tolist()})
    return made
