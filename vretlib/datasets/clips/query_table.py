"""The list of queries for your own videos: a CSV with the columns ``image, video`` and, if you like, more.

=========  ==========================================================================================================
column     meaning
=========  ==========================================================================================================
image      path of the image, relative to the CSV's folder or absolute
video      name of a video: its path in the folder of videos with or without extension, or its file name
start      when the image's content is seen in the video: seconds, m:ss or h:mm:ss; without one, all of the video counts
end        until when; without one, `times.NEAR` seconds before and after ``start``
kind       what kind of query it is, such as SI2V or VB; without one, "photograph"
=========  ==========================================================================================================

An image may have several rows: each adds clips that it should find. Other columns are allowed and not read.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from vretlib.datasets import images
from vretlib.datasets.clips import times
from vretlib.datasets.clips.collection import ClipQuery, Moment
from vretlib.datasets.clips.times import NEAR, Span
from vretlib.errors import UserError

COLUMNS = ("image", "video")
OPTIONAL_COLUMNS = ("start", "end", "kind")

KIND = "photograph"


@dataclass(frozen=True)
class Row:
    """A line of the list, checked: the image, its kind, and where it is seen."""

    image: Path
    kind: str
    moments: tuple[Moment, ...]


def headings(path: Path) -> tuple[str, ...]:
    """The names of a CSV's columns.

    Raises
    ------
    UserError: there is no such file, or it is no CSV.
    """
    return tuple(_table(path).columns)


def read(path: Path, spans: Mapping[str, Sequence[Span]], aliases: Mapping[str, str]) -> tuple[ClipQuery, ...]:
    """The queries of a list, images included, checked before anything is computed from them.

    Parameters
    ----------
    spans: the clips of each video, by its name.
    aliases: every name by which the list may call a video -> that video's name.

    Raises
    ------
    UserError: names every bad row (the first ten in full), with the row's number as an editor shows it.
    """
    table = _table(path)
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        raise UserError(
            f"{path}: has no column {', '.join(map(repr, missing))}; expected the headings {','.join(COLUMNS)}"
            f"[,{','.join(OPTIONAL_COLUMNS)}], found {','.join(table.columns) or 'none'}"
        )
    rows, problems = [], []
    for number, values in enumerate(table.to_dict("records")):
        try:
            rows.append(_row({str(k): str(v) for k, v in values.items()}, path.parent, spans, aliases))
        except UserError as error:
            problems.append(f"row {number + 2}: {error}")
    if problems:
        more = f"; and {len(problems) - 10} more bad rows" if len(problems) > 10 else ""
        raise UserError(f"{path}: {'; '.join(problems[:10])}{more}")
    if not rows:
        raise UserError(f"{path}: lists no query; expected one row per image under {','.join(COLUMNS)}")
    return grouped(rows)


def grouped(rows: Sequence[Row]) -> tuple[ClipQuery, ...]:
    """One query for all rows of an image and a kind, in the order in which they first appear."""
    found: dict[tuple[Path, str], list[Moment]] = {}
    for row in rows:
        found.setdefault((row.image, row.kind), []).extend(row.moments)
    return tuple(
        ClipQuery(
            f"{number + 1:04d} {image.stem}", kind, image,
            np.unique(np.array([moment.clip for moment in seen], np.int64)), tuple(dict.fromkeys(seen)),
        )
        for number, ((image, kind), seen) in enumerate(found.items())
    )  # fmt: skip


def _row(values: Mapping[str, str], root: Path, spans: Mapping[str, Sequence[Span]], aliases: Mapping[str, str]) -> Row:
    if not values["image"]:
        raise UserError("image is empty; expected the path of an image")
    if not values["video"]:
        raise UserError("video is empty: the query would have nothing to find; expected the name of a video")
    video = aliases.get(values["video"])
    if video is None:
        raise UserError(f"video {values['video']!r} is not in the collection, which has {_some(list(spans))}")
    image = root / values["image"]
    images.check(image)
    duration = spans[video][-1].end
    start, end = values.get("start", ""), values.get("end", "")
    if end and not start:
        raise UserError("has an end but no start; expected both, or a start alone")
    if not start:
        first, last = 0.0, duration
    elif end:
        first, last = times.interval(times.seconds(start), times.seconds(end), duration)
    else:
        at, _ = times.interval(times.seconds(start), times.seconds(start), duration)
        first, last = at - NEAR, at + NEAR
    seen = times.moments(spans[video], first, last)
    if not seen:
        raise UserError(f"matches no clip: nothing of {video!r} is shown from {first:g} to {last:g} s")
    return Row(image, values.get("kind", "") or KIND, seen)


def _some(names: list[str]) -> str:
    return ", ".join(map(repr, names[:10])) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def _table(path: Path) -> pd.DataFrame:
    """Every cell as text, headings and cells without spaces about them."""
    try:
        # utf-8-sig: spreadsheets put a byte-order mark before the first heading.
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", skip_blank_lines=False)
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; expected a CSV with the columns {', '.join(COLUMNS)}") from None
    except (ValueError, IsADirectoryError, csv.Error) as error:
        raise UserError(f"{path}: is not a CSV in UTF-8 ({error}); save it as plain comma-separated text") from error
    table.columns = [str(name).strip() for name in table.columns]
    return table.map(str.strip)
