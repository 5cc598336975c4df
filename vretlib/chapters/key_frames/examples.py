"""Single clips and single searches of paper 002, to be looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vretlib.chapters.key_frames.clips import DescribedClips
from vretlib.chapters.key_frames.methods import Answers
from vretlib.chapters.key_frames.queries import Queries
from vretlib.chapters.key_frames.selection import Selection
from vretlib.chapters.key_frames.tables import matches
from vretlib.video import frames

Pixels = NDArray[np.uint8]


def eventful(chosen: Selection) -> int:
    """The clip with most key frames, the first of equals: something happens in it."""
    return int(chosen.ids[np.argmax(chosen.per_clip)])


def pictures(described: DescribedClips, rows: Sequence[int] | NDArray[np.int64], width: int = 200) -> list[Pixels]:
    """Sampled frames in colour, small, in the order asked for."""
    wanted = np.asarray(rows, np.int64)
    owners, numbers = described.frames.clip[wanted], described.frames.numbers[wanted]
    found = {
        int(clip): frames.read(described.clips[clip].path, numbers[owners == clip], color="rgb", width=width)
        for clip in np.unique(owners)
    }
    return [found[int(clip)][int(number)] for clip, number in zip(owners, numbers, strict=True)]


def captions(described: DescribedClips, rows: NDArray[np.int64]) -> list[str]:
    """Seconds from the start of its clip for each frame."""
    starts = described.frames.times[described.frames.offsets[described.frames.clip[rows]]]
    return [f"{t:.1f} s" for t in described.frames.times[rows] - starts]


def strip(described: DescribedClips, chosen: Selection, clip: int, most: int = 10) -> NDArray[np.int64]:
    """Rows of a clip's sampled frames for a strip: at equal steps, and every key frame that fits."""
    rows = np.arange(described.frames.offsets[clip], described.frames.offsets[clip + 1])
    keys = chosen.rows[chosen.clips == clip][:most]
    others = np.setdiff1d(rows, keys)
    n = min(max(most - len(keys), 0), len(others))
    return np.sort(np.concatenate([keys, others[np.linspace(0, len(others) - 1, n).round().astype(np.int64)]]))


def found(
    described: DescribedClips, chosen: Selection, queries: Queries, answers: Answers, number: int
) -> tuple[list[Pixels], NDArray[np.bool_]]:
    """A query and the key frames that were found for it, and which of these are of a right clip."""
    items = answers.items[number]
    items = items[items >= 0]
    images = [queries.images[number], *pictures(described, chosen.rows[items])]
    return images, matches(answers, queries)[number][: len(items)]
