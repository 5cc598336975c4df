"""What everything in this chapter starts from: the frames of the clips, the queries, and the frames to learn from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.clips import source
from vretlib.datasets.clips.collection import Clip, ClipCollection, ClipStudy
from vretlib.errors import UserError
from vretlib.features import image_features, whitening
from vretlib.features.backbones import Backbone
from vretlib.features.image_features import ImageFeatures
from vretlib.features.whitening import Whitening
from vretlib.video import clip_features, clip_shots, packets
from vretlib.video.clip_features import ClipFeatures
from vretlib.video.clip_shots import ClipShots
from vretlib.video.sampled_frames import SampledFrames

F32 = NDArray[np.float32]
Say = Callable[[str], None]

QUERY_SHARE = 960 / 1024
"""Of the frames' width: the thesis brings frames to 1024 and queries to 960 pixels (§6.2.2)."""


@dataclass(frozen=True, eq=False)
class Described:
    """A study through the spatial encoder.

    Attributes
    ----------
    collection: clips and queries.
    lessons: clips of other films, from which whitening and temporal encoder are learned.
    clips, queries, lesson_clips: region maxima of frames of the clips, of the queries, and of frames of the lessons.
    whitening: learned on the lessons.
    x, xq, xt: R-MAC of the same three, (n, d) float32.
    """

    collection: ClipCollection
    lessons: tuple[Clip, ...]
    clips: ClipFeatures = field(repr=False)
    queries: ImageFeatures = field(repr=False)
    lesson_clips: ClipFeatures = field(repr=False)
    whitening: Whitening = field(repr=False)
    x: F32 = field(repr=False)
    xq: F32 = field(repr=False)
    xt: F32 = field(repr=False)

    @property
    def frames(self) -> SampledFrames:
        """Which frames of the clips were looked at."""
        return self.clips.frames

    @property
    def hours(self) -> float:
        """Length of all clips together."""
        return sum(packets.packet_index(clip.path).duration for clip in self.collection.clips) / 3600


LEAST_LESSONS = 4
"""Clips to learn from, at least: two of them say when to stop."""


def lessons_of(
    study: ClipStudy, sizes: Mapping[str, Any] | None = None, *, seed: int = 0, say: Say = print
) -> tuple[Clip, ...]:
    """Clips to learn from: those of the study, or, where it has none, embedded films that this project draws.

    Never the clips that are searched: facts about a whitening learned on those are in `variants.whitenings`.

    Parameters
    ----------
    sizes: of the page; ``training_films`` and ``training_clips`` among them say how many embedded films are drawn.

    Raises
    ------
    UserError: fewer than `LEAST_LESSONS` clips.
    """
    if study.training:
        return _enough(study.training)
    wanted = {name: n for name, n in (sizes or {}).items() if name in ("training_films", "training_clips")}
    if wanted.get("training_clips", LEAST_LESSONS) < LEAST_LESSONS:
        raise UserError(
            f"training_clips={wanted['training_clips']} of sizes: the collection has no clips to learn from, so "
            f"embedded ones are drawn; expected at least {LEAST_LESSONS}"
        )
    say("no clips to learn from in this collection: embedded films are learned from")
    small: dict[str, Any] = {"films": 1, "film_seconds": 20.0, "channels": 0, "queries": 0}
    return _enough(source.load("embedded", seed=seed, say=say, **small, **wanted).training)


def _enough(lessons: tuple[Clip, ...]) -> tuple[Clip, ...]:
    if len(lessons) < LEAST_LESSONS:
        raise UserError(
            f"{len(lessons)} clips to learn from; expected at least {LEAST_LESSONS}: raise training_clips of sizes"
        )
    return lessons


def describe(
    study: ClipStudy,
    backbone: Backbone,
    sizes: Mapping[str, Any] | None = None,
    *,
    fps: float = 3.0,
    image_side: int = 1024,
    seed: int = 0,
    say: Say = print,
    progress: bool = False,
) -> Described:
    """R-MAC of everything. Queries are brought to `QUERY_SHARE` of the frames' width, ``image_side``.

    Parameters
    ----------
    sizes: see `lessons_of`.
    """
    if not study.evaluation.queries:
        raise UserError(f"{study.evaluation.name}: no queries; the chapter needs images to search with")
    lessons = lessons_of(study, sizes, seed=seed, say=say)
    lesson_clips, clips = (
        clip_features.describe(
            [clip.path for clip in some], backbone, fps=fps, longest=image_side, say=say, progress=progress
        )
        for some in (lessons, study.evaluation.clips)
    )
    asked = [query.path for query in study.evaluation.queries]
    side = round(QUERY_SHARE * image_side)
    queries = image_features.extract(asked, backbone, longest=side, say=say, progress=progress)
    learned = learn_whitening(lesson_clips, f"{len(lessons)} clips of other films")
    return Described(
        study.evaluation, lessons, clips, queries, lesson_clips, learned,
        clips.rmac(learned), image_features.rmac(queries, learned), lesson_clips.rmac(learned),
    )  # fmt: skip


def learn_whitening(clips: ClipFeatures, name: str, some: NDArray[np.int64] | None = None) -> Whitening:
    """Whitening of the regions of all frames of all clips, or of some.

    A small network's filters may hardly respond on some films: their variance is raised to a millionth of the largest.

    Raises
    ------
    UserError: no clips, or all of their regions are the same, as those of black films are.
    """
    chosen = range(clips.frames.n_clips) if some is None else some.tolist()
    return whitening.learn((clips.regions_of(i) for i in chosen), name, floor=1e-6)


def three_ways(x: F32, frames: SampledFrames, threshold: float, seed: int) -> dict[str, ClipShots]:
    """Shots by the rules of Table 6.3: "No SBD", "Rand. SBD" with as many boundaries as Algorithm 3, and "Our SBD"."""
    boundaries = clip_shots.detect(x, frames, threshold)
    return {
        "No SBD": clip_shots.whole_clips(frames),
        "Rand. SBD": clip_shots.divide(clip_shots.draw(boundaries, frames, seed), frames),
        "Our SBD": clip_shots.divide(boundaries, frames),
    }
