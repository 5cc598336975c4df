"""What is known of an embedded clip: its shots, cuts, dissolves, and the footage that each shot shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vretlib.datasets.clips.collection import Clip
from vretlib.video.boundary_evaluation import Transition


@dataclass(frozen=True)
class TrueShot:
    """Frames ``start`` to ``stop`` (half-open) of a clip, and the footage they show.

    Shots of the same ``footage`` come from one camera set-up, in whatever clip they are; a presenter's introduction of
    a story is footage of its own. ``scene`` and ``kind`` say what it is ("shore", "interview").
    """

    start: int
    stop: int
    footage: str
    scene: str
    kind: str


@dataclass(frozen=True)
class Blend:
    """Frames ``start`` to ``stop`` (half-open) in which two shots are mixed ("dissolve") or dimmed ("fade")."""

    kind: str
    start: int
    stop: int


@dataclass(frozen=True)
class ClipTruth:
    """What is true of a clip.

    Attributes
    ----------
    programme, begin: from which programme it was cut, and at what second.
    fps, n_frames: of the clip.
    shots: without gaps, in order; divided in the middle of dissolves and fades.
    cuts: the first frame after every hard cut within the clip.
    blends: dissolves and fades, as far as they lie in the clip.
    """

    programme: str
    begin: float
    fps: int
    n_frames: int
    shots: tuple[TrueShot, ...]
    cuts: tuple[int, ...]
    blends: tuple[Blend, ...]


def true(clip: Clip) -> ClipTruth | None:
    """The truth about a clip; None where it is not known."""
    return None if clip.truth is None else read(clip.truth)


def read(path: Path) -> ClipTruth:
    """The truth in a JSON file as `embedded.cutting` writes it."""
    told = json.loads(path.read_text(encoding="utf-8"))
    return ClipTruth(
        told["programme"],
        told["begin"],
        told["fps"],
        told["n_frames"],
        tuple(TrueShot(**shot) for shot in told["shots"]),
        tuple(told["cuts"]),
        tuple(Blend(**blend) for blend in told["blends"]),
    )


def transitions(clip: Clip) -> list[Transition] | None:
    """The true transitions of a clip, in seconds from its first frame, in order; None where they are not known."""
    known = true(clip)
    if known is None:
        return None
    cuts = [Transition(frame / known.fps, frame / known.fps) for frame in known.cuts]
    blends = [Transition(b.start / known.fps, b.stop / known.fps, b.kind) for b in known.blends]
    return sorted(cuts + blends)


def transitions_of_all(clips: Sequence[Clip]) -> list[list[Transition]] | None:
    """The true transitions of every clip, or None if those of one clip are not known."""
    every = [transitions(clip) for clip in clips]
    return None if any(some is None for some in every) else [some for some in every if some is not None]
