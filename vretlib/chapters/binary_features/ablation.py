"""Why SIFT finds photographs that BRIEF does not: the points, the descriptor, or scale and angle."""

from collections.abc import Sequence

import numpy as np

from vretlib.chapters.binary_features.methods import matches
from vretlib.chapters.binary_features.tables import by_level
from vretlib.datasets.film_files import Movie
from vretlib.datasets.photographs import Photograph
from vretlib.errors import NoExampleError
from vretlib.features import invariance
from vretlib.report import Table
from vretlib.report.means import means
from vretlib.video import frame_votes
from vretlib.video.described_film import DescribedFilm
from vretlib.video.film_search import FoundFrames
from vretlib.video.frame_matcher import VisualMatcher


def one_change_at_a_time(
    movie: Movie,
    described: DescribedFilm,
    photographs: Sequence[Photograph],
    matcher: VisualMatcher,
    *,
    seconds: float = 1.0,
    every: int = 4,
) -> Table:
    """R@1 by level of features that differ in one thing (`vretlib.features.invariance`), without tracks and trees.

    The database are the features of one frame of the film every so many ``seconds``, searched exhaustively
    (`vretlib.video.frame_votes`); the visual match judges the frame that is found. Only one in ``every`` photographs
    is asked for. Gains are measured against the first row.

    Raises
    ------
    NoExampleError: there is no photograph.
    """
    asked = photographs[::every]
    if not asked:
        raise NoExampleError("no photograph shows this film")
    numbers = np.unique(np.searchsorted(described.times, np.arange(described.times[0], described.times[-1], seconds)))
    lumas = [photograph.luma for photograph in asked]
    by_kind = frame_votes.winners(movie.path, numbers, lumas, invariance.describe, width=described.options.width)
    found = [FoundFrames(winners, (movie.name,) * len(asked), winners, np.nan, np.nan) for winners in by_kind.values()]
    per_query = {
        (kind, level): values
        for kind, right in zip(by_kind, matches([(of_kind, asked) for of_kind in found], matcher), strict=True)
        for level, values in by_level(asked, right).items()
    }
    return means(per_query, 0.06, baseline=invariance.BRIEF)
