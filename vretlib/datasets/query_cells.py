"""The cells of a row in the list of photographs (`vretlib.datasets.query_list`), each checked on its own.

All functions raise a `UserError` that names the cell and states what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite
from pathlib import Path

from vretlib import files, images
from vretlib.errors import UserError

LEVELS = ("easy", "medium", "hard")
"""Levels that are known in any capitals, in this order; other words may be levels, too."""

ListedCorners = tuple[tuple[float, float], ...]


def seconds(text: str) -> float:
    """Seconds from a text such as ``"97.5"``, ``"1:37.5"`` or ``"0:01:37.5"``, not negative.

    Raises
    ------
    UserError: the text is not a time of that form.
    """
    if not re.fullmatch(r"(\d{1,9}:){0,2}(\d{1,9}(\.\d*)?|\.\d+)", text.strip(), re.ASCII):
        raise UserError(f"{text!r} is not a time; expected seconds, or m:ss, or h:mm:ss")
    total = 0.0
    for part in text.strip().split(":"):
        total = 60 * total + float(part)
    return total


def corners(text: str) -> ListedCorners | None:
    """Four corners from eight finite numbers, clockwise from the top left corner; None from an empty cell.

    Raises
    ------
    UserError: there are not eight numbers of less than a million pixels, or they are no clockwise outline of a picture.
    """
    if not text:
        return None
    try:
        x0, y0, x1, y1, x2, y2, x3, y3 = (float(value) for value in re.split(r"[\s,;()\[\]]+", text.strip(" ()[]")))
    except ValueError:
        raise UserError(f"corners {text!r} are not eight numbers 'x y x y x y x y'") from None
    found = ((x0, y0), (x1, y1), (x2, y2), (x3, y3))
    if not all(isfinite(value) and abs(value) < 1e6 for point in found for value in point):
        raise UserError(f"corners {text!r} are not eight numbers 'x y x y x y x y' of pixels")
    crosses = [
        (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
        for a, b, c in zip(found, (*found[1:], *found[:1]), (*found[2:], *found[:2]), strict=True)
    ]
    if min(crosses) < 1:  # pixels²; y points down, so that clockwise corners have positive cross products
        raise UserError(
            f"corners {text!r} are no picture's outline; expected top left, top right, bottom right, bottom left of "
            "the film's frame, in pixels"
        )
    return found


def check_corners(outline: ListedCorners, image: Path) -> None:
    """Raise a `UserError` if the outline's middle lies outside the photograph, or a corner more than its size away."""
    for i, (side, name) in enumerate(zip(images.size(image), "xy", strict=True)):
        places = [point[i] for point in outline]
        if not (-0.5 <= sum(places) / 4 <= side - 0.5 and -side <= min(places) and max(places) <= 2 * side):
            raise UserError(
                f"corners with {name} from {min(places):g} to {max(places):g} lie outside {image.name}, which has "
                f"{side} pixels that way; expected pixels of the photograph, from the centre of its first one"
            )


def movie(name: str, aliases: Mapping[str, str], known: Mapping[str, int]) -> str:
    """Name of a film in its collection, whose names are the keys of ``known``.

    Raises
    ------
    UserError: the cell is empty, or the collection has no film of that name.
    """
    if not name:
        raise UserError("movie is empty: the query would have nothing to find; expected the name of a film")
    found = aliases.get(files.same(name))
    if found is None:
        names = list(known)
        some = ", ".join(map(repr, names[:10])) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
        raise UserError(f"movie {name!r} is not in the collection, which has {some}")
    return found


def frame(text: str, movie: str, n: int) -> int | None:
    """Number of a frame of a film with ``n`` frames; None from an empty cell.

    Raises
    ------
    UserError: the cell is not a whole number, or the film has no frame of that number.
    """
    if not text:
        return None
    # Tables that have had an empty cell in the column write whole numbers as 12.0.
    match = re.fullmatch(r"([+-]?\d{1,18})(\.0*)?", text, re.ASCII)
    if not match:
        raise UserError(f"frame {text[:40]!r} is not a whole number; expected the number of a frame, from 0")
    number = int(match[1])
    if not 0 <= number < n:
        raise UserError(f"frame {number} is outside {movie!r}, which has {n} frames (0 to {n - 1})")
    return number


def times(start: str, end: str) -> tuple[float | None, float | None]:
    """Start and end in seconds, None from empty cells; an end needs a start that is not later.

    Raises
    ------
    UserError: an end without a start or before it, or a text that is not a time.
    """
    if end and not start:
        raise UserError("has an end but no start; expected both, or a start alone")
    first, last = (seconds(text) if text else None for text in (start, end))
    if first is not None and last is not None and last < first:
        raise UserError(f"ends at {last:g} s, before its start at {first:g} s")
    return first, last


def image(text: str, root: Path, checked: set[Path]) -> Path:
    """Path of a photograph, which is decoded unless it is in ``checked``, to which it is added.

    A photograph that cannot be decoded is thus found before an hour of indexing.

    Raises
    ------
    UserError: the cell is empty, there is no such file, or it cannot be decoded.
    """
    if not text:
        raise UserError("image is empty; expected the path of a photograph")
    path = files.named(root, text)
    if path not in checked:
        if files.status(path) is None:
            raise UserError(f"{path}: no such image; paths are relative to the CSV's folder, or absolute")
        images.check(path)
        checked.add(path)
    return path


def level(text: str) -> str:
    """A level in small letters if it is one of `LEVELS`, otherwise the word as it is written."""
    return text.casefold() if text.casefold() in LEVELS else files.same(text)
