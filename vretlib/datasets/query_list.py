"""The list of photographs that one looks for: a CSV that serves every page, by frame or by time.

===========  ========================================================================================================
column       meaning
===========  ========================================================================================================
``image``    path of the photograph: relative to the CSV's folder, or absolute; ``~`` is the home folder; upright as
             `images.read` shows it
``movie``    the film that it shows: its path in the folder of films with or without extension, or its file name; the
             heading ``video`` means the same
``frame``    number of the frame that it shows, from 0, in display order
``start``    instead of a frame, when it is seen: seconds, m:ss or h:mm:ss, as a player shows the time; see `frame_at`
``end``      until when, if it is seen for longer
``level``    how hard it is: easy, medium, hard, or any word that groups photographs
``corners``  eight numbers ``x y x y x y x y``: the corners of the film's picture in the photograph, in pixels from the
             centre of its first pixel: top left, top right, bottom right, bottom left of the film's frame
``kind``     what kind of query it is, such as SI2V or VB; without one, "photograph"
===========  ========================================================================================================

``image`` and ``movie`` are needed. Where a film is searched frame by frame, a photograph is looked for at ``frame``,
or else at the frame shown at ``start``. Where clips are searched, `vretlib.datasets.clips.listed` says which count. An
image may have several rows. Other columns are allowed and not read. See `text_files` for what is a CSV.
"""

from __future__ import annotations

import csv
import logging
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np

from vretlib import files, images
from vretlib.datasets import text_files
from vretlib.datasets.text_files import Problems
from vretlib.errors import NoExampleError, UserError
from vretlib.video.packets import packet_index

log = logging.getLogger(__name__)

COLUMNS = ("image", "movie")
OPTIONAL_COLUMNS = ("frame", "start", "end", "level", "corners", "kind")
ALIASES = {"video": "movie"}

KIND = "photograph"
"""The kind of a query whose row names none."""

LEVELS = ("easy", "medium", "hard")

Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Query:
    """A photograph of a screen, and the frame that the screen was showing.

    Attributes
    ----------
    image: the photograph's path.
    movie, frame: name of the film and number of the frame, from 0 in display order.
    level: difficulty of a simulated photograph, or what the list says; may be empty.
    corners: where the film's picture lies in the photograph, four (x, y) in pixels; None where it is not known.
    """

    image: Path
    movie: str
    frame: int
    level: str = ""
    corners: Corners | None = None


@dataclass(frozen=True)
class Listed:
    """A row of the list, each cell checked by itself; ``line`` is the line that it begins on.

    ``movie`` is the film's name in its collection. ``frame`` and ``start`` are None where the row says neither: then
    the photograph may be of any moment of the film. ``end`` is None or not before ``start``.
    """

    line: int
    image: Path
    movie: str
    frame: int | None
    start: float | None
    end: float | None
    level: str
    corners: Corners | None
    kind: str


def given_or_beside(root: Path, queries_csv: str | Path | None = "") -> Path | None:
    """The list that was given, else ``queries.csv`` in the folder of films if there is one, else None.

    Something else of that name, such as a link that leads nowhere, is for the reader to refuse.
    """
    if queries_csv is not None and str(queries_csv):
        return files.given(queries_csv)
    return root / "queries.csv" if os.path.lexists(root / "queries.csv") else None


def write(path: Path, queries: Sequence[Query]) -> None:
    """Write the list; image paths below the CSV's folder are written relative to it.

    Raises
    ------
    UserError: a photograph or a film has a name that is not UTF-8.
    """
    for name in (name for query in queries for name in (str(query.image), query.movie)):
        if not files.is_utf8(name):
            raise UserError(f"{name}: has a name that is not UTF-8; rename it")
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["image", "movie", "frame", "level", "corners"])
        for query in queries:
            image = query.image.relative_to(path.parent) if query.image.is_relative_to(path.parent) else query.image
            corners = " ".join(f"{value:.3f}" for point in query.corners or () for value in point)
            writer.writerow([image.as_posix(), query.movie, query.frame, query.level, corners])


def read(
    path: Path,
    n_frames: Mapping[str, int],
    aliases: Mapping[str, str],
    shown_at: Callable[[str, float], int] | None = None,
) -> tuple[Query, ...]:
    """The photographs by the frame that they show, all checked before anything is computed from them.

    Rows without frame and start, which only clips can be asked for, are left out, and counted aloud.

    Parameters
    ----------
    n_frames: number of frames of each film, by its name.
    aliases: every name by which the list may call a film -> that film's name.
    shown_at: the frame that a film shows at a time in seconds, see `frame_at`; None refuses rows by time.

    Raises
    ------
    UserError
        Names every bad row (the first ten in full), with the row's number as an editor shows it.
    NoExampleError
        No row has a frame or a start.
    """
    queries: list[Query] = []
    problems, without = Problems(path, "row"), 0
    for row in rows(path, n_frames, aliases):
        with problems.at(row.line):
            frame = row.frame
            if frame is None and row.start is not None:
                if shown_at is None:
                    raise UserError("has a start and no frame; expected the number of a frame")
                frame = shown_at(row.movie, row.start)
            if frame is None:
                without += 1
            else:
                queries.append(Query(row.image, row.movie, frame, row.level, row.corners))
    problems.check()
    if not queries:
        raise NoExampleError(
            f"{path}: no row says which frame it shows; expected a column frame, from 0, or start, in seconds"
        )
    if without:
        log.info(f"{path.name}: photographs left out, since they have neither frame nor start: {without}")
    return tuple(queries)


def rows(path: Path, n_frames: Mapping[str, int], aliases: Mapping[str, str]) -> list[Listed]:
    """Every row of the list, photographs looked at; parameters and errors as in `read`."""
    found: list[Listed] = []
    problems = Problems(path, "row")
    looked_at: set[Path] = set()
    for row in text_files.rows(path, COLUMNS, OPTIONAL_COLUMNS, ALIASES):
        with problems.at(row.line):
            movie = _movie(row["movie"], aliases, n_frames)
            frame = _frame(row["frame"], movie, n_frames[movie])
            start, end = _times(row["start"], row["end"])
            image = _image(row["image"], path.parent, looked_at)
            level, kind = _level(row["level"]), files.same(row["kind"]) or KIND
            outline = corners(row["corners"])
            if outline is not None:
                _check_seen(outline, image)
            found.append(Listed(row.line, image, movie, frame, start, end, level, outline, kind))
    problems.check()
    if not found:
        raise UserError(
            f"{path}: lists no query; expected one row per photograph under {','.join(COLUMNS)} and frame or start"
        )
    return found


def frame_at(path: Path, seconds: float) -> int:
    """The number of the frame that is meant by a time read off a player: the last one that begins no later, or that
    begins within half a frame's time of it, since players stop at the frame that follows and show its time rounded.

    Raises
    ------
    UserError: the film has ended by then, or its pictures begin later.
    """
    index = packet_index(path)
    index.frame_at(seconds)  # says what is wrong with a time outside the film
    half = float(np.median(np.diff(index.times))) / 2 if index.n_frames > 1 else 0.0
    return index.frame_at(min(seconds + half, index.start + index.duration))


def time_of(path: Path, frame: int) -> float:
    """The time in seconds at which a player shows a frame."""
    return packet_index(path).time(frame)


def seconds(text: str) -> float:
    """Seconds from ``"97.5"``, ``"1:37.5"`` or ``"0:01:37.5"``.

    Raises
    ------
    UserError: it is something else, or negative.
    """
    if not re.fullmatch(r"(\d{1,9}:){0,2}(\d{1,9}(\.\d*)?|\.\d+)", text.strip(), re.ASCII):
        raise UserError(f"{text!r} is not a time; expected seconds, or m:ss, or h:mm:ss")
    total = 0.0
    for part in text.strip().split(":"):
        total = 60 * total + float(part)
    return total


def corners(text: str) -> Corners | None:
    """Four corners from eight numbers; None from nothing.

    Raises
    ------
    UserError: not eight finite numbers, or they do not go round a picture clockwise from its top left corner.
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
    turns = [
        (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])
        for a, b, c in zip(found, (*found[1:], *found[:1]), (*found[2:], *found[:2]), strict=True)
    ]
    if min(turns) < 1:  # pixels²: y goes down, so clockwise turns are positive
        raise UserError(
            f"corners {text!r} are no picture's outline; expected top left, top right, bottom right, bottom left of "
            "the film's frame, in pixels"
        )
    return found


def _check_seen(outline: Corners, image: Path) -> None:
    """The middle of the outline lies in the photograph, and no corner further outside than the photograph is large."""
    for i, (side, name) in enumerate(zip(images.size(image), "xy", strict=True)):
        places = [point[i] for point in outline]
        if not (-0.5 <= sum(places) / 4 <= side - 0.5 and -side <= min(places) and max(places) <= 2 * side):
            raise UserError(
                f"corners with {name} from {min(places):g} to {max(places):g} lie outside {image.name}, which has "
                f"{side} pixels that way; expected pixels of the photograph, from the centre of its first one"
            )


def levels(asked: Iterable[str]) -> tuple[str, ...]:
    """The levels that occur, each once: easy, medium, hard, then other words by the alphabet."""
    found = set(asked)
    return (*(level for level in LEVELS if level in found), *sorted(found.difference(LEVELS)))


def _movie(name: str, aliases: Mapping[str, str], known: Mapping[str, int]) -> str:
    if not name:
        raise UserError("movie is empty: the query would have nothing to find; expected the name of a film")
    movie = aliases.get(files.same(name))
    if movie is None:
        names = list(known)
        some = ", ".join(map(repr, names[:10])) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
        raise UserError(f"movie {name!r} is not in the collection, which has {some}")
    return movie


def _frame(text: str, movie: str, n: int) -> int | None:
    if not text:
        return None
    # Tables that have had an empty cell in the column write whole numbers as 12.0.
    match = re.fullmatch(r"([+-]?\d{1,18})(\.0*)?", text, re.ASCII)
    if not match:
        raise UserError(f"frame {text[:40]!r} is not a whole number; expected the number of a frame, from 0")
    frame = int(match[1])
    if not 0 <= frame < n:
        raise UserError(f"frame {frame} is outside {movie!r}, which has {n} frames (0 to {n - 1})")
    return frame


def _times(start: str, end: str) -> tuple[float | None, float | None]:
    if end and not start:
        raise UserError("has an end but no start; expected both, or a start alone")
    first, last = (seconds(text) if text else None for text in (start, end))
    if first is not None and last is not None and last < first:
        raise UserError(f"ends at {last:g} s, before its start at {first:g} s")
    return first, last


def _image(text: str, root: Path, looked_at: set[Path]) -> Path:
    """A photograph that cannot be decoded is found here, not after an hour of indexing."""
    if not text:
        raise UserError("image is empty; expected the path of a photograph")
    image = files.named(root, text)
    if image not in looked_at:
        if files.status(image) is None:
            raise UserError(f"{image}: no such image; paths are relative to the CSV's folder, or absolute")
        images.check(image)
        looked_at.add(image)
    return image


def _level(text: str) -> str:
    return text.casefold() if text.casefold() in LEVELS else files.same(text)
