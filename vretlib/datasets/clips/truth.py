"""Ground truth of embedded clips: shots, cuts, dissolves, and the footage that each shot shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vretlib.datasets.clips.collection import Clip
from vretlib.video.boundary_evaluation import Transition


@dataclass(frozen=True)
class TrueShot:
    """Frames ``start`` to ``stop`` (half-open) of a clip, and the footage that they show.

    Shots of the same ``footage`` come from one camera set-up, in any clip; a presenter's introduction of a story is
    separate footage. ``scene`` is its place ("shore"), ``kind`` its kind ("interview").
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
    """Ground truth of a clip.

    Attributes
    ----------
    programme, begin: the programme from which the clip was cut, and the second at which it begins there.
    fps, n_frames: frames per second, and number of frames.
    shots: shots in order, without gaps, divided in the middle of dissolves and fades.
    cuts: the first frame after every hard cut inside the clip.
    blends: the parts of dissolves and fades inside the clip.
    """

    programme: str
    begin: float
    fps: int
    n_frames: int
    shots: tuple[TrueShot, ...]
    cuts: tuple[int, ...]
    blends: tuple[Blend, ...]


def true(clip: Clip) -> ClipTruth | None:
    """The ground truth of a clip; None where it is not known."""
    return None if clip.truth is None else read(clip.truth)


def read(path: Path) -> ClipTruth:
    """The ground truth in a JSON file as `embedded.cutting` writes it."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return ClipTruth(
        content["programme"],
        content["begin"],
        content["fps"],
        content["n_frames"],
        tuple(TrueShot(**shot) for shot in content["shots"]),
        tuple(content["cuts"]),
        tuple(Blend(**blend) for blend in content["blends"]),
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
    """The true transitions of every clip; None if those of any clip are not known."""
    every = [transitions(clip) for clip in clips]
    return None if any(some is None for some in every) else [some for some in every if some is not None]
