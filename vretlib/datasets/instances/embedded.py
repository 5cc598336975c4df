"""The drawn collection for instance search, "Shelf and street": see `embedded.instances`."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from embedded.instances import programme
from embedded.instances.programme import CLEAR, FILMS, ProgrammeSizes
from vretlib import cache
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
from vretlib.errors import UserError
from vretlib.images import Box
from vretlib.processes import processes

NAME = "Shelf and street"
TRUTH = "truth.json"
"""File beside the frames: for each its file, whether a query shows it, and where objects are seen in it."""

LICENCE = "MIT, as this project"


def embedded(*, seed: int = 0, **sizes: int) -> LandmarkCollection:
    """The drawn collection; frames that show at least `CLEAR` of an object are good, other frames with it are junk.

    Parameters
    ----------
    seed: the seed of all objects, films and shots.
    sizes: numbers that replace those of `programme.ProgrammeSizes`, by the same names: ``instances``, their ``shots``
        and ``queries``, ``others`` (further shots) and ``frames`` of a shot.

    Raises
    ------
    UserError: an unknown size, a number below 1 (others: 0), or a negative seed.
    """
    known = [field.name for field in fields(ProgrammeSizes)]
    for name, value in (*sizes.items(), ("seed", seed)):
        if name not in (*known, "seed"):
            raise UserError(f"{name}={value!r} is not known; expected {', '.join(known)}")
        least = 0 if name in ("others", "seed") else 1
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise UserError(f"{name}={value!r}; expected a whole number, at least {least}")
    chosen = replace(ProgrammeSizes(), **sizes)
    folder = cache.stage(
        "instances", {"seed": seed, "sizes": asdict(chosen)}, lambda out: _make(out, seed, chosen), label=NAME
    )
    rows: list[dict[str, Any]] = json.loads((folder / TRUTH).read_text(encoding="utf-8"))
    database = [row for row in rows if not row["query"]]
    images = tuple(folder / row["file"] for row in database)
    boxes: dict[tuple[str, int], Box] = {}
    lists: dict[str, tuple[list[int], list[int]]] = {name: ([], []) for name in programme.names(chosen.instances)}
    for i, row in enumerate(database):
        for name, (*box, visible) in row["seen"].items():
            x1, y1, x2, y2 = map(float, box)
            boxes[name, i] = (x1, y1, x2, y2)
            lists[name][0 if visible >= CLEAR else 1].append(i)
    queries = []
    for name, (good, junk) in lists.items():
        asked = [row for row in rows if row["query"] == name and name in row["seen"]]
        for k, row in enumerate(asked, 1):
            x1, y1, x2, y2 = map(float, row["seen"][name][:4])
            queries.append(
                LandmarkQuery(f"{name}_{k}", name, folder / row["file"], (x1, y1, x2, y2), None,
                              np.array(good, np.int64), np.empty(0, np.int64), np.array(junk, np.int64))
            )  # fmt: skip
    size = f"{len(images):,} key frames, {len(queries)} queries of {chosen.instances} objects"
    return LandmarkCollection(
        NAME, images, tuple(queries), f"{NAME}: {size}, drawn by this project from seed {seed}", LICENCE, boxes
    )


def _make(out: Path, seed: int, sizes: ProgrammeSizes) -> None:
    made = processes().map(partial(_draw, out, seed, sizes), range(FILMS))
    (out / TRUTH).write_text(json.dumps([row for rows in made for row in rows], indent=0), encoding="utf-8")


def _draw(out: Path, seed: int, sizes: ProgrammeSizes, number: int) -> list[dict[str, Any]]:
    """The entries of the key frames of one film, which are drawn into ``out``."""
    rows = []
    for k, frame in enumerate(programme.key_frames(seed, number, sizes)):
        file = f"film_{number}_{k:03d}.jpg"
        (out / file).write_bytes(frame.jpeg)
        seen = {name: [*where.box, round(where.visible, 4)] for name, where in frame.seen.items()}
        rows.append({"file": file, "query": frame.shot.query and frame.shot.instances[0], "seen": seen})
    return rows
