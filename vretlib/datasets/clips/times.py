"""Moments of videos and the clips that hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vretlib.datasets.clips.collection import Moment
from vretlib.errors import UserError

NEAR = 1.0
"""Seconds before and after a moment that has no end: clips that begin or end there show practically the same."""


@dataclass(frozen=True)
class Span:
    """A clip as a part of a video: its id, and the seconds of the video that it holds."""

    clip: int
    start: float
    end: float


def interval(start: float, end: float, duration: float | None = None) -> tuple[float, float]:
    """Start and end of a moment, checked against a video's duration.

    Raises
    ------
    UserError: the moment ends before it starts, or starts after the video's end.
    """
    if end < start:
        raise UserError(f"ends at {end:g} s, before its start at {start:g} s")
    if duration is not None and start > duration:
        raise UserError(f"starts at {start:g} s, but the video ends at {duration:.1f} s")
    return start, end


def moments(spans: Sequence[Span], start: float, end: float) -> tuple[Moment, ...]:
    """The parts of clips that show some of the video's seconds from ``start`` to ``end``."""
    found = []
    for span in spans:
        first, last = max(start, span.start), min(end, span.end)
        if first < last or span.start <= start == end <= span.end:
            found.append(Moment(span.clip, first - span.start, last - span.start))
    return tuple(found)
