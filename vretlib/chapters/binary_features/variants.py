"""One choice changed at a time: the authors' rules, exact search, other votes, rectified photographs."""

from collections.abc import Sequence
from functools import partial

from vretlib.chapters.binary_features.methods import descriptors, matches, retrieve
from vretlib.chapters.binary_features.tables import by_level
from vretlib.datasets.photographs import Photograph
from vretlib.report import Table
from vretlib.report.means import means
from vretlib.video import film_indexes
from vretlib.video.archive import Archive
from vretlib.video.film_search import ShotFrames
from vretlib.video.frame_matcher import VisualMatcher


def one_choice_at_a_time(
    archive: Archive,
    as_taken: Sequence[Photograph],
    rectified: Sequence[Photograph],
    matcher: VisualMatcher,
    *,
    leaf_size: int = 100,
    backtracks: int = 50,
) -> Table:
    """R@1 by level of difficulty and over all photographs; each row changes one choice of the thesis' method.

    Gains are measured against the method of the thesis.

    The authors' rules come first, then what is in neither the thesis nor their code. ``rectified`` are the same
    photographs, rectified to the screen's outline where it was found.
    """
    kd_tree = film_indexes.bi_aggregation_kd_tree
    search, search_rectified = (
        partial(
            retrieve,
            photographs=photographs,
            backtracks=backtracks,
            inside=ShotFrames(descriptors(archive.features, photographs)),
        )
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
    per_query = {
        (name, level): values
        for name, matched in zip(found, right, strict=True)
        for level, values in by_level(as_taken, matched).items()
    }
    return means(per_query, 0.05, baseline="as in the thesis")
