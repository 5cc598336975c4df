"""One choice changed at a time: the authors' rules, exact search, other votes, rectified photographs."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from vretlib.chapters.binary_features.methods import matches_of_all, retrieve
from vretlib.chapters.binary_features.tables import recall_by_level
from vretlib.datasets.photographs import Photograph
from vretlib.report import Check, Table
from vretlib.search.frame_search import Rule
from vretlib.video import film_indexes
from vretlib.video.archive import Archive
from vretlib.video.film_indexes import System
from vretlib.video.film_search import Answers
from vretlib.video.frame_matcher import VisualMatcher


@dataclass(frozen=True)
class Variant:
    """One choice changed, everything else as in the thesis."""

    name: str
    system: System
    photographs: Sequence[Photograph]
    weighting: str = "count"
    frame_rule: Rule = "minimum_distance"

    def answers(self, backtracks: int) -> Answers:
        """What this variant finds."""
        return retrieve(
            self.system, self.photographs, backtracks=backtracks, weighting=self.weighting, frame_rule=self.frame_rule
        )


def variants(
    archive: Archive, plain: Sequence[Photograph], outlined: Sequence[Photograph], leaf_size: int = 100
) -> list[Variant]:
    """The thesis' system with one choice changed at a time: the authors' rules first, then what is beyond both.

    ``outlined`` are the same photographs, rectified to the screen's outline where it was found.
    """
    tree = film_indexes.bi_aggregation_kd_tree(archive, leaf_size)
    at_least_two = film_indexes.bi_aggregation_kd_tree(archive.aggregated(key_feature_rule="at_least_two"), leaf_size)
    authors_shots = film_indexes.bi_aggregation_kd_tree(archive.aggregated(shot_rule="authors"), leaf_size)
    authors_tree = film_indexes.bi_aggregation_kd_tree(archive, leaf_size, rule="authors")
    return [
        Variant("as in the thesis", tree, plain),
        Variant("authors: a bit is 1 in at least two frames", at_least_two, plain),
        Variant("authors: a shot ends at one common track or none", authors_shots, plain),
        Variant("authors: kd-tree search", authors_tree, plain),
        Variant("authors: frame with most matches", tree, plain, frame_rule="match_count"),
        Variant("every key feature compared", film_indexes.bi_aggregation_exact(archive), plain),
        Variant("coarse cells in place of the tree", film_indexes.bi_aggregation_ivf(archive), plain),
        Variant("votes per key feature of the shot", tree, plain, weighting="per_key_feature"),
        Variant("screen outlined and rectified", tree, outlined),
        Variant("outlined, votes per key feature", tree, outlined, weighting="per_key_feature"),
    ]


def compare(chosen: Sequence[Variant], matcher: VisualMatcher, backtracks: int = 50) -> Table:
    """R@1 of every variant, by level of difficulty and over all photographs."""
    right = matches_of_all([(v.answers(backtracks), v.photographs) for v in chosen], matcher)
    rows = {v.name: recall_by_level(v.photographs, found) for v, found in zip(chosen, right, strict=True)}
    frame = pd.DataFrame(rows).T
    return Table(frame, checks=[Check(frame, dict.fromkeys(frame.columns, 0.05))])
