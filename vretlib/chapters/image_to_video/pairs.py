"""Pairs of frames of which it is known whether they show the same thing: what the thesis annotated by hand.

The thesis labels 615 pairs of retrieved and true frames. Here labels follow from what is known about a film:

==============  =====  =============================================================================================
kind            same   the two frames
==============  =====  =============================================================================================
near            yes    lie in one shot, at most `NEAR_SECONDS` apart
same set-up     yes    lie in different shots of one set-up: the camera stands where it stood before
far             no     lie in different scenes of one film, at least `FAR_SECONDS` apart
other film      no     lie in different films
==============  =====  =============================================================================================

Left out, because people would not agree either: frames of one shot further apart (the camera may have moved on),
other set-ups of the same scene (they share their background), frames of dissolves and fades, which show two things or
none, and titles and credits: all of them are pale letters on black, and the letters are the same.

For a film whose truth is not known, shots are those that chapter 5's rule finds, each taken for a set-up and a scene of
its own. That is a *proxy*: a shot that returns to an earlier set-up is then called "far" although it looks the same.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vretlib import cache
from vretlib.datasets import movies
from vretlib.datasets.movies import Movie, MovieCollection
from vretlib.errors import NoExampleError, UserError
from vretlib.video import frames
from vretlib.video.archive import describe_film
from vretlib.video.frame_matcher import PAIR, VisualMatcher

log = logging.getLogger(__name__)

NEAR_SECONDS = 0.5
FAR_SECONDS = 5.0
KINDS = {"near": True, "same set-up": True, "far": False, "other film": False}
"""Kinds of pairs, and whether the two frames are the same for the protocol."""

UNJUDGED = ("later in the shot", "same place")
"""Kinds of pairs without a label."""

TEXT = ("title", "credits")
"""Kinds of true shots that make no pairs."""

FrameOfShot = tuple[int, int]  # position of the shot in the list, number of the frame in its film


@dataclass(frozen=True)
class Shot:
    """Frames ``[start, stop)`` of a film, without those that belong to a dissolve or fade.

    Shots of one ``setup`` are filmed from the same camera position, shots of one ``scene`` in the same place.
    """

    movie: str
    start: int
    stop: int
    setup: str
    scene: str
    fps: float


def all_shots(collection: MovieCollection) -> list[Shot]:
    """The shots of every film of a collection, film by film, see `shots_of`; of films with equal bytes the first's."""
    different = {cache.checksum(movie.path): movie for movie in reversed(collection.movies)}
    return [shot for movie in collection.movies if movie in different.values() for shot in shots_of(movie)]


def shots_of(movie: Movie) -> list[Shot]:
    """The shots of a film as it was cut, less titles and credits; where that is not known, as chapter 5 finds them."""
    fps = frames.probe(movie.path).fps
    truth = movies.true_shots(movie)
    if truth is None:
        found = describe_film(movie).shots
        return [Shot(movie.name, int(a), int(b), str(k), str(k), fps) for k, (a, b) in enumerate(found)]
    mixed = [tuple(shot["transition_frames"]) for shot in truth if shot["transition"] != "cut"]
    clean = []
    for shot in truth:
        start = max([shot["start"], *(b for a, b in mixed if a <= shot["start"] < b)])
        stop = min([shot["stop"], *(a for a, b in mixed if a < shot["stop"] <= b)])
        if start < stop and shot["kind"] not in TEXT:
            clean.append(Shot(movie.name, start, stop, str(shot["setup"]), str(shot["scene"]), fps))
    return clean


def pairs_with_truth(
    shots: Sequence[Shot],
    n_pairs: int,
    seed: int,
    far_seconds: float = FAR_SECONDS,
) -> pd.DataFrame:
    """Pairs of frames with their label, drawn from the shots of one or more films.

    True frames are drawn evenly over all frames, a third as many as pairs where that is enough; each gets one partner
    of every kind that exists for it, until there are ``n_pairs``. Partners of negative pairs are themselves true frames
    of other pairs, so that few frames have to be described.

    Returns
    -------
    DataFrame with ``n_pairs`` rows, or fewer where the films have no more, which is logged
        The columns `PAIR` (the retrieved frame is the partner), ``same`` (bool) and ``kind``.

    Raises
    ------
    NoExampleError
        When the films have no pair of one of the labels: no shot of two frames, or nothing far from it.
    """
    if n_pairs < 2:
        raise UserError(f"n_pairs={n_pairs}; expected at least 2, one of each label")
    pairs = _drawn(shots, tuple(KINDS), max(8, n_pairs // 3), seed, far_seconds)
    if len(pairs) < n_pairs:  # one film alone has fewer kinds of pairs, and needs more true frames for as many pairs
        pairs = _drawn(shots, tuple(KINDS), n_pairs, seed, far_seconds)
    pairs.insert(4, "same", pairs["kind"].map(KINDS).astype(bool))
    chosen = pairs.head(n_pairs)
    if not chosen["same"].any():
        raise NoExampleError(
            "no two frames of these films are known to show the same, which takes a shot with two frames at most "
            f"{NEAR_SECONDS:g} s apart"
        )
    if chosen["same"].all():
        raise NoExampleError(
            "no two frames of these films are known to show different things, which takes two films, or two shots "
            f"{far_seconds:g} s apart"
        )
    if len(chosen) < n_pairs:
        log.info(f"pairs: {len(chosen)} of the {n_pairs} asked for; the films have no more")
    return chosen


def by_kind(pairs: pd.DataFrame) -> pd.DataFrame:
    """How many pairs of each kind there are, and their label."""
    return pairs.groupby("kind", sort=False).agg(pairs=("same", "size"), same=("same", "first"))


def example(pairs: pd.DataFrame) -> list[str | int]:
    """The most telling positive pair, values of `PAIR`: the first of one set-up in two shots, else of near frames."""
    for kind in ("same set-up", "near"):
        if (pairs["kind"] == kind).any():
            return list(pairs.loc[pairs["kind"] == kind, PAIR].iloc[0])
    raise NoExampleError("none of the pairs shows the same twice")


def unjudged_pairs(shots: Sequence[Shot], n_pairs: int, seed: int) -> pd.DataFrame:
    """Pairs between the labels, at most ``n_pairs``: what does the protocol say where people would have to think?

    ``kind`` is "later in the shot" (further apart than near frames) or "same place" (another set-up of the scene, known
    for embedded films only); ``seconds`` is the time between the two frames.
    """
    pairs = _drawn(shots, UNJUDGED, n_pairs, seed, FAR_SECONDS).head(n_pairs)
    fps = {shot.movie: shot.fps for shot in shots}
    apart = (pairs["retrieved_frame"] - pairs["true_frame"]).abs()
    return pairs.assign(seconds=apart / pairs["true_movie"].map(fps))


def scored_within_shots(
    matcher: VisualMatcher, shots: Sequence[Shot], n_pairs: int, seed: int, max_distance: float
) -> pd.DataFrame:
    """The pairs of `unjudged_pairs` that lie in one shot, with their ``score``."""
    between = unjudged_pairs(shots, n_pairs, seed)
    between["score"] = matcher.scores(between, [max_distance])[:, 0]
    in_shot = between[between["kind"] == "later in the shot"]
    if in_shot.empty:
        raise NoExampleError(f"no shot has two frames more than {NEAR_SECONDS:g} s apart")
    return in_shot


def _drawn(shots: Sequence[Shot], kinds: Sequence[str], n_anchors: int, seed: int, far_seconds: float) -> pd.DataFrame:
    """For frames drawn evenly over all shots, one partner of every kind that there is."""
    rng = np.random.default_rng(seed)
    anchors = _anchors(shots, n_anchors, rng)
    rows = []
    for anchor in anchors:
        partners = _partners(shots, anchors, anchor, far_seconds)
        for kind in kinds:
            if partners[kind]:
                s, frame = partners[kind][int(rng.integers(len(partners[kind])))]
                rows.append((shots[s].movie, frame, shots[anchor[0]].movie, anchor[1], kind))
    return pd.DataFrame(rows, columns=[*PAIR, "kind"]).drop_duplicates(PAIR, ignore_index=True)


def _anchors(shots: Sequence[Shot], n: int, rng: np.random.Generator) -> list[FrameOfShot]:
    """(shot, frame) drawn evenly over the frames of all shots, without repetition."""
    if not shots:
        return []
    ends = np.cumsum([shot.stop - shot.start for shot in shots])
    drawn = rng.permutation(int(ends[-1]))[:n]
    at = np.searchsorted(ends, drawn, side="right")
    return [(int(s), int(shots[s].stop - (ends[s] - k))) for s, k in zip(at, drawn, strict=True)]


def _partners(
    shots: Sequence[Shot], anchors: Sequence[FrameOfShot], anchor: FrameOfShot, far_seconds: float
) -> dict[str, list[FrameOfShot]]:
    """Every frame that would make a pair with the anchor, by kind of pair."""
    at, frame = anchor
    shot = shots[at]
    reach = int(NEAR_SECONDS * shot.fps)
    same_shot = range(shot.start, shot.stop)
    near = range(max(shot.start, frame - reach), min(shot.stop, frame + reach + 1))
    returns = [k for k, o in enumerate(shots) if k != at and (o.movie, o.setup) == (shot.movie, shot.setup)]
    return {
        "near": [(at, k) for k in near if k != frame],
        "same set-up": [(k, number) for k in returns for number in range(shots[k].start, shots[k].stop)],
        "later in the shot": [(at, k) for k in same_shot if k not in near],
        "same place": [
            (k, number)
            for k, number in anchors
            if (shots[k].movie, shots[k].scene) == (shot.movie, shot.scene) and shots[k].setup != shot.setup
        ],
        "far": [
            (k, number)
            for k, number in anchors
            if (shots[k].movie == shot.movie and shots[k].scene != shot.scene and shots[k].setup != shot.setup)
            and abs(number - frame) >= far_seconds * shot.fps
        ],
        "other film": [(k, number) for k, number in anchors if shots[k].movie != shot.movie],
    }
