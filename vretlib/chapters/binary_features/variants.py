"""One choice changed at a time: the authors' rules, exact search, other votes, rectified photographs; and features."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from vretlib.chapters.binary_features.methods import matches, retrieve
from vretlib.chapters.binary_features.tables import by_level
from vretlib.datasets.film_files import Movie
from vretlib.described.film_photographs import Photograph
from vretlib.errors import NoExampleError
from vretlib.evaluation.methods import Variant, compare
from vretlib.features import invariance
from vretlib.report import Table
from vretlib.report.means import means
from vretlib.video import film_indexes, frame_votes
from vretlib.video.archive import Archive
from vretlib.video.described_film import DescribedFilm
from vretlib.video.film_search import FoundFrames, ShotFrames
from vretlib.video.frame_matcher import VisualMatcher


def one_choice_at_a_time(
    archive: Archive,
    as_taken: Sequence[Photograph],
    rectified: Sequence[Photograph],
    matcher: VisualMatcher,
    *,
    leaf_size: int = 100,
    backtracks: int = 50,
    inside: ShotFrames | None = None,
) -> Table:
    """R@1 by level of difficulty and over all photographs; each row changes one choice of the thesis' method.

    Gains are measured against the method of the thesis.

    The authors' rules come first, then what is in neither the thesis nor their code. ``rectified`` are the same
    photographs, rectified to the screen's outline where it was found. ``inside`` holds what other searches of any of
    them found inside shots.
    """
    kd_tree = film_indexes.bi_aggregation_kd_tree
    inside = inside or ShotFrames()
    search, search_rectified = (
        partial(retrieve, photographs=photographs, backtracks=backtracks, inside=inside)
        for photographs in (as_taken, rectified)
    )
    tree = kd_tree(archive, leaf_size)
    two_frames = kd_tree(archive.aggregated(key_feature_rule="at_least_two"), leaf_size)
    authors_shots = kd_tree(archive.aggregated(shot_rule="authors"), leaf_size)
    found = {
        "as in the thesis": search(tree),
        "authors: a bit is 1 in at least two frames": search(two_frames),
        "authors: a shot ends at one common track or none": search(authors_shots),
        "authors: kd-tree search": search(kd_tree(archive, leaf_size, rule="authors")),
        "authors: frame with most matches": search(tree, frame_rule="match_count"),
        "every key feature compared": search(film_indexes.bi_aggregation_exact(archive)),
        "coarse cells in place of the tree": search(film_indexes.bi_aggregation_ivf(archive)),
        "votes per key feature of the shot": search(tree, weighting="per_key_feature"),
        "screen outlined and rectified": search_rectified(tree),
        "outlined, votes per key feature": search_rectified(tree, weighting="per_key_feature"),
    }
    right = matches([(frames, as_taken) for frames in found.values()], matcher)  # both lists have the same queries
    rows = zip(found, right, strict=True)
    per_query = compare(Variant(name, partial(by_level, as_taken, matched)) for name, matched in rows)
    return means(per_query, 0.05, baseline="as in the thesis")


def points_and_descriptors(
    movie: Movie,
    described: DescribedFilm,
    photographs: Sequence[Photograph],
    matcher: VisualMatcher,
    *,
    seconds: float = 1.0,
    every: int = 4,
) -> Table:
    """Why SIFT finds photographs that BRIEF does not: R@1 by level of photograph.

    They are those of `vretlib.features.invariance`: points, descriptor, or scale and angle. Tracks and trees have no
    part in it.

    The database are the features of one frame of the film every ``seconds`` seconds, searched exhaustively
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
    rows = zip(by_kind, matches([(of_kind, asked) for of_kind in found], matcher), strict=True)
    per_query = compare(Variant(kind, partial(by_level, asked, right)) for kind, right in rows)
    return means(per_query, 0.06, baseline=invariance.BRIEF)
