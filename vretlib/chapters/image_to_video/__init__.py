"""Thesis chapter 4: films as shots of frames, and the protocol that decides whether a retrieved frame is right.

`pairs_with_truth` lays out pairs of frames of which it is known whether they show the same thing, `VisualMatcher`
scores pairs of frames (eq 4.5), and `choose_thresholds` picks the protocol's two thresholds on them. Chapter 5 judges
its systems with the same `VisualMatcher`.
"""

from vretlib.chapters.image_to_video import gallery, outlines
from vretlib.chapters.image_to_video.pairs import (
    KINDS,
    Shot,
    all_shots,
    by_kind,
    example,
    pairs_with_truth,
    scored_within_shots,
    shots_of,
    unjudged_pairs,
)
from vretlib.chapters.image_to_video.tables import facts_in_prose, table_4_1
from vretlib.chapters.image_to_video.thresholds import DISTANCES, TAUS, Thresholds, choose, choose_thresholds, judge

__all__ = [
    "DISTANCES",
    "KINDS",
    "TAUS",
    "Shot",
    "Thresholds",
    "all_shots",
    "by_kind",
    "choose",
    "choose_thresholds",
    "example",
    "facts_in_prose",
    "gallery",
    "judge",
    "outlines",
    "pairs_with_truth",
    "scored_within_shots",
    "shots_of",
    "table_4_1",
    "unjudged_pairs",
]
