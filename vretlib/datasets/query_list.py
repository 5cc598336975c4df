"""The list of query photographs: a CSV with the columns ``image, movie, frame`` and, optionally, ``level, corners``.

================  =====================================================================================================
``image``         path of the photograph, relative to the CSV's folder, or absolute
``movie``         name of the film it shows: its file name, with or without the extension
``frame``         number of the frame it shows, from 0, in display order
``level``         any word that groups queries, such as ``easy``
``corners``       the eight numbers ``x y x y x y x y`` of the picture's corners in the photograph, in pixels from the
                  centre of its first pixel: top left, top right, bottom right, bottom left of the film's frame
================  =====================================================================================================

Other columns are allowed and not read. The file is UTF-8, its separator a comma.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2

from vretlib.errors import UserError

COLUMNS = ("image", "movie", "frame")
OPTIONAL_COLUMNS = ("level", "corners")

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


def write(path: Path, queries: Sequence[Query]) -> None:
    """Write the list; image paths below the CSV's folder are written relative to it."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*COLUMNS, *OPTIONAL_COLUMNS])
        for query in queries:
            image = query.image.relative_to(path.parent) if query.image.is_relative_to(path.parent) else query.image
            corners = " ".join(f"{value:.3f}" for point in query.corners or () for value in point)
            writer.writerow([image.as_posix(), query.movie, query.frame, query.level, corners])


def read(path: Path, n_frames: Mapping[str, int], aliases: Mapping[str, str]) -> tuple[Query, ...]:
    """Read and check the whole list, photographs included, before anything is computed from it.

    Parameters
    ----------
    n_frames: number of frames of each film, by its name.
    aliases: every name by which the list may call a film -> that film's name.

    Raises
    ------
    UserError
        Names every bad row (the first ten in full), with the row's number as an editor shows it.
    """
    queries: list[Query] = []
    problems: list[str] = []
    for number, row in _rows(path):
        try:
            queries.append(_query(row, path.parent, n_frames, aliases))
        except UserError as error:
            problems.append(f"row {number}: {error}")
    if problems:
        more = f"; and {len(problems) - 10} more bad rows" if len(problems) > 10 else ""
        raise UserError(f"{path}: {'; '.join(problems[:10])}{more}")
    if not queries:
        raise UserError(f"{path}: lists no query; expected one row per photograph under {','.join(COLUMNS)}")
    return tuple(queries)


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Every row with its line number in the file, headings checked."""
    try:
        # utf-8-sig: spreadsheets put a byte-order mark before the first heading.
        with open(path, newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, restval="", skipinitialspace=True)
            found = [name.strip() for name in reader.fieldnames or ()]
            missing = [name for name in COLUMNS if name not in found]
            if missing:
                raise UserError(
                    f"{path}: has no column {', '.join(map(repr, missing))}; expected the headings "
                    f"{','.join(COLUMNS)}[,{','.join(OPTIONAL_COLUMNS)}], found {','.join(found) or 'an empty file'}"
                )
            reader.fieldnames = found
            return [
                (reader.line_num, {k: v.strip() for k, v in row.items() if k and isinstance(v, str)}) for row in reader
            ]
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; expected a CSV with the columns {', '.join(COLUMNS)}") from None
    except (UnicodeDecodeError, IsADirectoryError, csv.Error) as error:
        raise UserError(f"{path}: is not a CSV in UTF-8 ({error}); save it as plain comma-separated text") from error


def _query(row: Mapping[str, str], root: Path, n_frames: Mapping[str, int], aliases: Mapping[str, str]) -> Query:
    movie = aliases.get(row["movie"])
    if movie is None:
        names = ", ".join(repr(name) for name in n_frames)
        raise UserError(f"movie {row['movie']!r} is not in the collection, which has {names}")
    try:
        frame = int(row["frame"])
    except ValueError:
        raise UserError(f"frame {row['frame']!r} is not a whole number") from None
    if not 0 <= frame < n_frames[movie]:
        raise UserError(
            f"frame {frame} is outside {movie!r}, which has {n_frames[movie]} frames (0 to {n_frames[movie] - 1})"
        )
    if not row["image"]:
        raise UserError("image is empty; expected the path of a photograph")
    image = root / row["image"]
    _check_image(image)
    return Query(image, movie, frame, row.get("level", ""), _corners(row.get("corners", "")))


def _check_image(path: Path) -> None:
    """A photograph that cannot be decoded is found here, not after an hour of indexing."""
    if not path.is_file():
        raise UserError(f"{path}: no such image; paths are relative to the CSV's folder, or absolute")
    if path.stat().st_size == 0:
        raise UserError(f"{path}: is empty (0 bytes); take or copy the photograph again")
    # An eighth of the size is enough to see that the file decodes, at a fraction of the time.
    if cv2.imread(str(path), cv2.IMREAD_REDUCED_GRAYSCALE_8) is None:
        raise UserError(f"{path}: cannot be read as an image; expected JPEG, PNG or another format of OpenCV")
    if _is_cut_short(path):
        raise UserError(f"{path}: is cut short; take or copy the photograph again")


def _is_cut_short(path: Path) -> bool:
    """Whether a JPEG has no end mark: OpenCV decodes what is there and fills the rest with grey."""
    data = path.read_bytes()
    return data[:2] == b"\xff\xd8" and b"\xff\xd9" not in data[-4096:]


def _corners(text: str) -> Corners | None:
    if not text:
        return None
    try:
        x0, y0, x1, y1, x2, y2, x3, y3 = (float(value) for value in text.split())
    except ValueError:
        raise UserError(f"corners {text!r} are not eight numbers 'x y x y x y x y'") from None
    return ((x0, y0), (x1, y1), (x2, y2), (x3, y3))
