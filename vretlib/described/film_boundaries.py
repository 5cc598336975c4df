"""A comparison of the shot boundaries found in films with the true transitions of drawn films."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.datasets.film_files import Movie
from vretlib.datasets.movies import true_shots
from vretlib.video.described_film import DescribedFilm

FEW_FEATURES = 10
"""Features below which a frame is nearly empty; 500 are looked for."""


def boundaries(movies: Sequence[Movie], described: Sequence[DescribedFilm], tolerance: int = 1) -> pd.DataFrame:
    """The numbers of true transitions and of those with a boundary within ``tolerance`` frames, by kind, of all films.

    Boundaries that are near no transition count in one of two rows: one of the two frames that they separate has fewer
    than `FEW_FEATURES` features, or neither has. A film whose truth is not known counts in the row "truth not known"
    only.
    """
    kinds: list[tuple[str, int, int]] = []
    for movie, film in zip(movies, described, strict=True):
        truth, found = true_shots(movie), film.shots[1:, 0]
        if truth is None:
            kinds.append(("truth not known", 0, len(found)))
            continue
        for shot in truth[1:]:
            first, last = shot["transition_frames"]
            near = (found >= first - tolerance) & (found <= last + tolerance)
            kinds.append((shot["transition"], 1, int(near.any())))
        stray = strays(movie, film, tolerance)
        empty = _fewest_features(film, stray) < FEW_FEATURES
        kinds += [("none there, nearly empty frames", 0, int(empty.sum()))]
        kinds += [("none there, other frames", 0, int((~empty).sum()))]
    table = pd.DataFrame(kinds, columns=["kind", "true", "found"])
    return table.groupby("kind", sort=False).sum().rename_axis(None)


def strays(movie: Movie, film: DescribedFilm, tolerance: int = 1) -> NDArray[np.int64]:
    """First frames of the shots of a film whose boundary is more than ``tolerance`` frames from true transitions."""
    found = film.shots[1:, 0]
    for shot in (true_shots(movie) or [])[1:]:
        first, last = shot["transition_frames"]
        found = found[(found < first - tolerance) | (found > last + tolerance)]
    return np.asarray(found, np.int64)


def _fewest_features(film: DescribedFilm, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The smaller number of features of each frame and the one before it."""
    counts = np.diff(film.offsets)
    return np.asarray(np.minimum(counts[numbers], counts[numbers - 1]), np.int64)
