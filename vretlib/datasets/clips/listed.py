"""Queries for clips from the list of photographs (`vretlib.datasets.query_list`), with the clips that are relevant.

=====================  ===============================================================================================
a row with             makes relevant
=====================  ===============================================================================================
``start``, ``end``     clips that show some of these seconds of the video
``start``              clips that show something within `times.NEAR` seconds before and after it
``frame``              the same for the time at which the frame is shown; a start takes precedence over a frame
neither                every clip of the video
=====================  ===============================================================================================

An image may have several rows, whose clips are all relevant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from vretlib.datasets import query_list
from vretlib.datasets.clips import times
from vretlib.datasets.clips.collection import ClipQuery, Moment
from vretlib.datasets.clips.times import NEAR, Span
from vretlib.datasets.query_list import Listed
from vretlib.datasets.text_files import Problems
from vretlib.errors import UserError
from vretlib.video.frames import VideoInfo


def read(
    path: Path, infos: Mapping[str, VideoInfo], spans: Mapping[str, Sequence[Span]], aliases: Mapping[str, str]
) -> tuple[ClipQuery, ...]:
    """The queries of a list; rows and images are checked before anything is computed from them.

    Parameters
    ----------
    infos, spans: facts about each video, and its clips, by the video's name.
    aliases: every name by which the list may call a video -> that video's name.

    Raises
    ------
    UserError: the list has bad rows; the message names them by line, the first ten in full.
    """
    problems, found = Problems(path, "row"), []
    for row in query_list.rows(path, {name: info.n_frames for name, info in infos.items()}, aliases):
        with problems.at(row.line):
            found.append((row, _moments(row, infos[row.movie], spans[row.movie])))
    known: dict[tuple[Path, str], Listed] = {}
    for row, _ in found:
        first = known.setdefault((row.image, row.kind), row) if row.level else row
        with problems.at(row.line):
            if row.level != first.level:
                raise UserError(f"level is {row.level!r}, of the same image in row {first.line} it is {first.level!r}")
    problems.check()
    return _grouped(found)


def _moments(row: Listed, info: VideoInfo, spans: Sequence[Span]) -> tuple[Moment, ...]:
    """The parts of clips that a row names; times of spans and rows are those of a player."""
    duration = spans[-1].end
    if row.start is None and row.frame is None:
        first, last = 0.0, duration
    elif row.start is not None and row.end is not None:
        first, last = times.interval(row.start, row.end, duration)
    else:
        at = row.start if row.start is not None else query_list.time_of(info.path, row.frame or 0)
        at, _ = times.interval(at, at, duration)
        first, last = at - NEAR, at + NEAR
    moments = times.moments(spans, first, last)
    if not moments:
        raise UserError(f"matches no clip: nothing of {row.movie!r} is shown from {first:g} to {last:g} s")
    return moments


def _grouped(rows: Sequence[tuple[Listed, tuple[Moment, ...]]]) -> tuple[ClipQuery, ...]:
    """One query for all rows of an image and a kind, in the order in which they first appear."""
    found: dict[tuple[Path, str], list[tuple[Listed, tuple[Moment, ...]]]] = {}
    for row, moments in rows:
        found.setdefault((row.image, row.kind), []).append((row, moments))
    return tuple(
        ClipQuery(
            name=f"{number + 1:04d} {image.stem}",
            kind=kind,
            path=image,
            relevant=np.unique(np.array([moment.clip for _, moments in own for moment in moments], np.int64)),
            moments=tuple(dict.fromkeys(moment for _, moments in own for moment in moments)),
            level=next((row.level for row, _ in own if row.level), ""),
            corners=next((row.corners for row, _ in own if row.corners), None),
        )
        for number, ((image, kind), own) in enumerate(found.items())
    )
