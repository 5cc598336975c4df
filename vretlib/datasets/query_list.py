"""The list of query photographs: a CSV for all pages, with the frame or the time that each photograph shows.

===========  ========================================================================================================
column       meaning
===========  ========================================================================================================
``image``    path of the photograph: relative to the CSV's folder, or absolute; ``~`` is the home folder; upright as
             `images.read` shows it
``movie``    the film that it shows: its path in the folder of films with or without extension, or its file name; the
             heading ``video`` means the same
``frame``    number of the frame that it shows, from 0, in display order
``start``    instead of a frame, the time at which it is shown, as a player gives it: seconds, m:ss or h:mm:ss; see
             `frame_at`
``end``      time until which it is shown, if it is shown for longer
``level``    difficulty: easy, medium, hard, or any word that groups photographs
``corners``  eight numbers ``x y x y x y x y``: the corners of the film's picture in the photograph, in pixels from the
             centre of its first pixel: top left, top right, bottom right, bottom left of the film's frame
``kind``     kind of the query, such as SI2V or VB; "photograph" if it is empty
===========  ========================================================================================================

``image`` and ``movie`` are required. Where a film is searched frame by frame, the true frame is ``frame``, or else the
frame shown at ``start``. Where clips are searched, `vretlib.datasets.clips.listed` says which clips are relevant. An
image may have several rows. Other columns are ignored. `text_files` describes the form of a CSV.
"""

from __future__ import annotations

import csv
import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vretlib import files
from vretlib.datasets import query_cells, text_files
from vretlib.datasets.query_cells import LEVELS, ListedCorners
from vretlib.datasets.text_files import Problems
from vretlib.errors import NoExampleError, UserError
from vretlib.video.packets import packet_index

log = logging.getLogger(__name__)

COLUMNS = ("image", "movie")
OPTIONAL_COLUMNS = ("frame", "start", "end", "level", "corners", "kind")
ALIASES = {"video": "movie"}

KIND = "photograph"
"""Kind of a query whose row has none."""


@dataclass(frozen=True)
class Query:
    """A photograph of a screen, and the frame that the screen was showing.

    Attributes
    ----------
    image: the photograph's path.
    movie, frame: name of the film and number of the frame, from 0 in display order.
    level: difficulty of a simulated photograph, or the level in the list; may be empty.
    corners: corners of the film's picture in the photograph, four (x, y) in pixels; None where they are not known.
    """

    image: Path
    movie: str
    frame: int
    level: str = ""
    corners: ListedCorners | None = None


@dataclass(frozen=True)
class Listed:
    """A row of the list with checked cells; ``line`` is the line on which it begins.

    ``movie`` is the film's name in its collection. ``frame`` and ``start`` are None where the row has neither; the
    photograph may then show any moment of the film. ``end`` is None or not before ``start``.
    """

    line: int
    image: Path
    movie: str
    frame: int | None
    start: float | None
    end: float | None
    level: str
    corners: ListedCorners | None
    kind: str


def given_or_beside(root: Path, queries_csv: str | Path | None = "") -> Path | None:
    """The given list, else ``queries.csv`` in the folder of films if there is one, else None.

    A broken link of that name is returned as well, so that reading it fails with a message.
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
    """The photographs with the frame that each shows; all are checked before anything is computed from them.

    Rows without frame and start, which only searches among clips can use, are left out, and their number is logged.

    Parameters
    ----------
    n_frames: number of frames of each film, by its name.
    aliases: every name by which the list may call a film -> that film's name.
    shown_at: function of a film's name and a time in seconds that returns the frame shown then, see `frame_at`; None
        refuses rows by time.

    Raises
    ------
    UserError: the list has bad rows; the message names them by line, the first ten in full.
    NoExampleError: no row has a frame or a start.
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
        log.info("%s: photographs left out, since they have neither frame nor start: %s", path.name, without)
    return tuple(queries)


def rows(path: Path, n_frames: Mapping[str, int], aliases: Mapping[str, str]) -> list[Listed]:
    """All rows of the list, with photographs decoded once as a check; parameters and errors as in `read`."""
    found: list[Listed] = []
    problems = Problems(path, "row")
    checked: set[Path] = set()
    for row in text_files.rows(path, COLUMNS, OPTIONAL_COLUMNS, ALIASES):
        with problems.at(row.line):
            movie = query_cells.movie(row["movie"], aliases, n_frames)
            frame = query_cells.frame(row["frame"], movie, n_frames[movie])
            start, end = query_cells.times(row["start"], row["end"])
            image = query_cells.image(row["image"], path.parent, checked)
            level, kind = query_cells.level(row["level"]), files.same(row["kind"]) or KIND
            outline = query_cells.corners(row["corners"])
            if outline is not None:
                query_cells.check_corners(outline, image)
            found.append(Listed(row.line, image, movie, frame, start, end, level, outline, kind))
    problems.check()
    if not found:
        raise UserError(
            f"{path}: lists no query; expected one row per photograph under {','.join(COLUMNS)} and frame or start"
        )
    return found


def frame_at(path: Path, seconds: float) -> int:
    """Number of the frame that a player shows at a time: the last one that begins at most half a frame later.

    The half frame is needed because players stop at the next frame and show its time rounded.

    Raises
    ------
    UserError: the film ends before this time, or its pictures begin later.
    """
    index = packet_index(path)
    index.frame_at(seconds)  # raises for a time outside the film
    half = float(np.median(np.diff(index.times))) / 2 if index.n_frames > 1 else 0.0
    return index.frame_at(min(seconds + half, index.start + index.duration))


def time_of(path: Path, frame: int) -> float:
    """Time in seconds at which a player shows a frame."""
    return packet_index(path).time(frame)


def levels(asked: Iterable[str]) -> tuple[str, ...]:
    """The levels that occur, each once: easy, medium, hard, then other words in alphabetical order."""
    found = set(asked)
    return (*(level for level in LEVELS if level in found), *sorted(found.difference(LEVELS)))
