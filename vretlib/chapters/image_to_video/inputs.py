"""The shots of films, and pairs of frames of which it is known whether they show the same thing.

The thesis annotated 615 pairs of retrieved and true frames by hand. Here labels follow from what is known about a film:

==============  =====  =============================================================================================
kind            same   the two frames
==============  =====  =============================================================================================
near            yes    lie in one shot, at most `NEAR_SECONDS` apart
same set-up     yes    lie in different shots of one set-up: the camera stands where it stood before
far             no     lie in different scenes of one film, at least `FAR_SECONDS` apart
other film      no     lie in different films
==============  =====  =============================================================================================

Left out is what people would not agree on: frames of one shot that are further apart, other set-ups of one scene,
dissolves and fades, titles and credits. Where the truth of a film is not known, each shot that chapter 5's rule finds
counts as a set-up and a scene of its own. That is a *proxy*: a shot that returns to a set-up is labelled "far".
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from vretlib.checksums import checksum
from vretlib.datasets import movies
from vretlib.datasets.film_files import Movie
from vretlib.datasets.movies import MovieCollection
from vretlib.errors import NoExampleError
from vretlib.video import frames
from vretlib.video.archive import describe_film
from vretlib.video.frame_matcher import PAIR

log = logging.getLogger(__name__)

NEAR_SECONDS = 0.5
FAR_SECONDS = 5.0
KINDS = {"near": True, "same set-up": True, "far": False, "other film": False}
"""Kinds of pairs, and whether the two frames are the same for the protocol."""

FrameOfShot = tuple[int, int]  # position of the shot in the list, number of the frame in its film


@dataclass(frozen=True)
class LabelledShot:
    """Frames ``[start, stop)`` of a film, without those of a dissolve or fade.

    Shots of one ``setup`` are filmed from the same camera position, shots of one ``scene`` in the same place.
    """

    movie: str
    start: int
    stop: int
    setup: str
    scene: str
    fps: float


def all_shots(collection: MovieCollection) -> list[LabelledShot]:
    """The shots of every film, see `shots_of`; of films with equal bytes only the first gives shots."""
    different = {checksum(movie.path): movie for movie in reversed(collection.movies)}
    return [shot for movie in collection.movies if movie in different.values() for shot in shots_of(movie)]


def shots_of(movie: Movie) -> list[LabelledShot]:
    """The true shots of a film without titles and credits; where they are not known, those that chapter 5 finds."""
    fps = frames.probe(movie.path).fps
    truth = movies.true_shots(movie)
    if truth is None:
        found = describe_film(movie).shots
        return [LabelledShot(movie.name, int(a), int(b), str(k), str(k), fps) for k, (a, b) in enumerate(found)]
    mixed = [tuple(shot["transition_frames"]) for shot in truth if shot["transition"] != "cut"]
    clean = []
    for shot in truth:
        start = max([shot["start"], *(b for a, b in mixed if a <= shot["start"] < b)])
        stop = min([shot["stop"], *(a for a, b in mixed if a < shot["stop"] <= b)])
        if start < stop and shot["kind"] not in ("title", "credits"):
            clean.append(LabelledShot(movie.name, start, stop, str(shot["setup"]), str(shot["scene"]), fps))
    return clean


def lasting(movie: Movie, shots: Sequence[LabelledShot], seconds: float = 0.5) -> Iterator[LabelledShot]:
    """The shots of a film that last at least ``seconds``."""
    return (s for s in shots if s.movie == movie.name and s.stop - s.start >= seconds * s.fps)


def cuts(movie: Movie, shots: Sequence[LabelledShot]) -> list[int]:
    """First frames of lasting shots that directly follow another lasting shot, without a dissolve in between."""
    return [b.start for a, b in pairwise(lasting(movie, shots)) if a.stop == b.start]


def film_to_show(collection: MovieCollection, shots: Sequence[LabelledShot]) -> Movie:
    """The first film with a hard cut, else the first with a lasting shot, else the first."""
    return max(collection.movies, key=lambda movie: (bool(cuts(movie, shots)), any(lasting(movie, shots))))


def shot_to_show(movie: Movie, shots: Sequence[LabelledShot], n: int = 24) -> LabelledShot:
    """The first shot of a film with at least ``n`` frames; without one, the longest of at least two frames."""
    own = [shot for shot in shots if shot.movie == movie.name and shot.stop - shot.start >= 2]
    if not own:
        raise NoExampleError(f"no shot of {movie.name} has two frames")
    longest = max(own, key=lambda shot: shot.stop - shot.start)
    return next((shot for shot in own if shot.stop - shot.start >= n), longest)


def pairs_with_truth(
    shots: Sequence[LabelledShot], n_pairs: int, seed: int, far_seconds: float = FAR_SECONDS
) -> pd.DataFrame:
    """Pairs of frames with their label, drawn from the shots of one or more films.

    True frames are drawn evenly over all frames: a third as many as pairs, or as many as pairs where a third gives too
    few. Each gets one retrieved frame of every kind that exists for it, until there are ``n_pairs``. The retrieved
    frames of negative pairs are themselves true frames of other pairs, so that few frames have to be described.

    Returns
    -------
    DataFrame with ``n_pairs`` rows; fewer where the films have no more, which is logged
        The columns `PAIR`, ``same`` (bool) and ``kind``.

    Raises
    ------
    NoExampleError: The films have no pair of one of the labels: no shot of two frames, or nothing far from it.
    """
    pairs = draw_pairs(shots, tuple(KINDS), max(8, n_pairs // 3), seed, far_seconds)
    if len(pairs) < n_pairs:  # a single film has fewer kinds of pairs, and needs more true frames for as many pairs
        pairs = draw_pairs(shots, tuple(KINDS), n_pairs, seed, far_seconds)
    pairs.insert(4, "same", pairs["kind"].map(KINDS).astype(bool))
    pairs = pairs.head(n_pairs)
    for same, shows, takes in (
        (True, "the same", f"a shot with two frames at most {NEAR_SECONDS:g} s apart"),
        (False, "different things", f"two films, or two shots {far_seconds:g} s apart"),
    ):
        if not (pairs["same"] == same).any():
            raise NoExampleError(f"no two frames of these films are known to show {shows}, which takes {takes}")
    if len(pairs) < n_pairs:
        log.info("pairs: %s of the %s asked for; the films have no more", len(pairs), n_pairs)
    return pairs


def example(pairs: pd.DataFrame) -> list[str | int]:
    """A positive pair, values of `PAIR`: the first of one set-up in two shots, else the first of near frames."""
    for kind in ("same set-up", "near"):
        if (pairs["kind"] == kind).any():
            return list(pairs.loc[pairs["kind"] == kind, PAIR].iloc[0])
    raise NoExampleError("none of the pairs shows the same twice")


def draw_pairs(
    shots: Sequence[LabelledShot], kinds: Sequence[str], n: int, seed: int, far_seconds: float = FAR_SECONDS
) -> pd.DataFrame:
    """Pairs of ``n`` true frames, drawn evenly over all shots: one of each of the ``kinds`` that exist for a frame.

    "later in the shot" is a kind beside `KINDS`, without a label. The columns are `PAIR` and ``kind``.
    """
    if not shots:
        return pd.DataFrame(columns=[*PAIR, "kind"])
    rng = np.random.default_rng(seed)
    ends = np.cumsum([shot.stop - shot.start for shot in shots])
    drawn = rng.permutation(int(ends[-1]))[:n]
    at = np.searchsorted(ends, drawn, side="right")
    anchors = [(int(s), int(shots[s].stop - (ends[s] - k))) for s, k in zip(at, drawn, strict=True)]
    rows = []
    for s, frame in anchors:
        candidates = _candidates(shots, anchors, (s, frame), far_seconds)
        for kind in (kind for kind in kinds if candidates[kind]):
            other, number = candidates[kind][int(rng.integers(len(candidates[kind])))]
            rows.append((shots[other].movie, number, shots[s].movie, frame, kind))
    return pd.DataFrame(rows, columns=[*PAIR, "kind"]).drop_duplicates(PAIR, ignore_index=True)


def _candidates(
    shots: Sequence[LabelledShot], anchors: Sequence[FrameOfShot], anchor: FrameOfShot, far_seconds: float
) -> dict[str, list[FrameOfShot]]:
    """Every frame that could be paired with the anchor, by kind of pair."""
    at, frame = anchor
    shot = shots[at]
    reach = int(NEAR_SECONDS * shot.fps)
    near = range(max(shot.start, frame - reach), min(shot.stop, frame + reach + 1))
    returns = [k for k, o in enumerate(shots) if k != at and (o.movie, o.setup) == (shot.movie, shot.setup)]
    return {
        "near": [(at, k) for k in near if k != frame],
        "later in the shot": [(at, k) for k in range(shot.start, shot.stop) if k not in near],
        "same set-up": [(k, number) for k in returns for number in range(shots[k].start, shots[k].stop)],
        "far": [
            (k, number)
            for k, number in anchors
            if (shots[k].movie == shot.movie and shots[k].scene != shot.scene and shots[k].setup != shot.setup)
            and abs(number - frame) >= far_seconds * shot.fps
        ],
        "other film": [(k, number) for k, number in anchors if shots[k].movie != shot.movie],
    }
