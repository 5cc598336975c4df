"""What a limit of the distance lets through when the features of consecutive frames are matched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.errors import NoExampleError
from vretlib.video import tracks
from vretlib.video.described_film import DescribedFilm


@dataclass(frozen=True)
class Limit:
    """The limit of one kind of feature: values to try, the value in use, the distance, and the matching.

    ``match`` gives the predecessors of `vretlib.video.tracks` for descriptors and positions of two frames and a limit,
    wherever they lie.
    """

    tried: Sequence[float]
    used: float
    distance: str
    match: Callable[[NDArray, NDArray, NDArray, NDArray, float], NDArray]


def _brief(a: NDArray, xy_a: NDArray, b: NDArray, xy_b: NDArray, limit: float) -> NDArray:
    return tracks.match(a, xy_a, b, xy_b, max_hamming=int(limit), max_displacement=np.inf)


def _sift(a: NDArray, xy_a: NDArray, b: NDArray, xy_b: NDArray, limit: float) -> NDArray:
    return tracks.match_sift(a, xy_a, b, xy_b, max_distance=limit, max_displacement=np.inf)


LIMITS: Mapping[str, Limit] = {
    "BRIEF": Limit((5, 10, 15, 20, 30, 40, 60, 80), tracks.MAX_HAMMING, "Hamming distance (bits)", _brief),
    "SIFT": Limit((25, 50, 100, 150, 200, 300), tracks.MAX_SIFT_DISTANCE, "Euclidean distance (norm 512)", _sift),
}


def shares(film: DescribedFilm, limit: Limit, start: int, stop: int, n_pairs: int = 12) -> pd.DataFrame:
    """Shares of the features of a frame by limit, over pairs of consecutive frames of [start, stop).

    The columns are "with a match" in the frame before, and "moved too far": the match lies `tracks.MAX_DISPLACEMENT`
    away or farther, and is thus wrong.

    Raises
    ------
    NoExampleError: no two consecutive frames have features.
    """
    rows = {}
    for value in limit.tried:
        total = matched = far = 0
        for frame in np.unique(np.linspace(start, max(start, stop - 2), n_pairs).astype(int)):
            a, b = (slice(*film.offsets[k : k + 2]) for k in (frame, frame + 1))
            if a.start == a.stop or b.start == b.stop or frame + 1 >= stop:
                continue
            parents = limit.match(film.codes[a], film.xy[a], film.codes[b], film.xy[b], value)
            has = np.flatnonzero(parents >= 0)
            moved = np.linalg.norm(film.xy[a][parents[has]] - film.xy[b][has], axis=1)
            total, matched = total + len(parents), matched + len(has)
            far += int((moved >= tracks.MAX_DISPLACEMENT).sum())
        if not total:
            raise NoExampleError(f"no two frames of {film.name} in a row have features")
        rows[value] = {"with a match": matched / total, "moved too far": far / total}
    return pd.DataFrame.from_dict(rows, orient="index")


def sweep(films: Mapping[str, DescribedFilm], start: int, stop: int) -> dict[str, tuple[pd.DataFrame, float, str]]:
    """The `shares` of each kind of feature in which a film is described, the limit in use, and the distance's name."""
    return {
        kind: (shares(film, LIMITS[kind], start, stop), LIMITS[kind].used, LIMITS[kind].distance)
        for kind, film in films.items()
    }
