"""The embedded paintings: drawn and described by `embedded.paintings`, kept in the cache as JPEG files and a table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import cv2

from embedded.paintings import works
from vretlib import cache
from vretlib.datasets.paintings.collection import Painting, Paintings
from vretlib.errors import UserError
from vretlib.processes import processes

TABLE = "paintings.json"
"""File beside the images: a list with an entry for each of them."""

LICENCE = "MIT, as this project"
QUALITY = 90
_TOGETHER = 25  # paintings that a process draws in one piece


def embedded(*, seed: int = 0, n_train: int = 1600, n_val: int = 200, n_test: int = 300, size: int = 144) -> Paintings:
    """The embedded paintings of a seed.

    Parameters
    ----------
    seed: the seed of all painters, scenes and sentences. A painting does not depend on how many others there are.
    n_train, n_val, n_test: numbers of paintings.
    size: pixels of an image's longer side.

    Raises
    ------
    UserError: a number below 2, a size below 32 or a negative seed.
    """
    for name, value, least in (("n_train", n_train, 2), ("n_val", n_val, 2), ("n_test", n_test, 2), ("size", size, 32),
                               ("seed", seed, 0)):  # fmt: skip
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise UserError(f"{name}={value!r}; expected a whole number, at least {least}")
    n = n_train + n_val + n_test
    folder = cache.stage("paintings", {"seed": seed, "n": n, "size": size}, lambda out: _make(out, seed, n, size))
    found = [_painting(folder, entry) for entry in json.loads((folder / TABLE).read_text(encoding="utf-8"))]
    return Paintings(
        "Embedded paintings",
        tuple(found[:n_train]),
        tuple(found[n_train : n_train + n_val]),
        tuple(found[n_train + n_val :]),
        description=(
            f"{n:,} paintings drawn and described by this project from seed {seed}; they test the chapter's claims and "
            "are not SemArt"
        ),
        licence=LICENCE,
    )


def _make(out: Path, seed: int, n: int, size: int) -> None:
    pieces = [range(first, min(n, first + _TOGETHER)) for first in range(0, n, _TOGETHER)]
    made = processes().map(partial(_paint, out, seed, size), pieces)
    entries = [entry for piece in made for entry in piece]
    (out / TABLE).write_text(json.dumps(entries, ensure_ascii=False, indent=0), encoding="utf-8")


def _paint(out: Path, seed: int, size: int, numbers: range) -> list[dict[str, Any]]:
    """The entries of some paintings, which are drawn into ``out``."""
    entries = []
    for number in numbers:
        file = f"{number:05d}.jpg"
        work = works.work(seed, number)
        picture = works.picture(work, size)
        data = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1]
        (out / file).write_bytes(data.tobytes())
        entries.append({"file": file, "title": work.title, "comment": work.comment, "attributes": work.attributes})
    return entries


def _painting(folder: Path, entry: Mapping[str, Any]) -> Painting:
    return Painting(folder / entry["file"], entry["title"], entry["comment"], entry["attributes"])
