"""Values of queries by kind and level, under the headings of tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vretlib.datasets.clips.collection import Clip, ClipCollection, ClipQuery
from vretlib.described import clip_scores
from vretlib.errors import NoExampleError
from vretlib.search.clip_search import ClipVectors

OURS = {"SI2V": "Channel stills", "VB": "Channel photographs"}


def collection(
    *relevant: list[int], kinds: str = "SV", own: bool = False, level: str = "", drawn: bool = False
) -> ClipCollection:
    names = {"S": "SI2V", "V": "VB"}
    queries = tuple(
        ClipQuery(f"q{i}", names[kinds[i % len(kinds)]], Path("none.jpg"), np.array(ids), level=level)
        for i, ids in enumerate(relevant)
    )
    clips = tuple(Clip(f"c{i}", Path("none.mp4")) for i in range(3))
    return ClipCollection("three clips", clips, queries, "", "", own, OURS if drawn else {})


def scores(rankings: np.ndarray, *args: object, **how: object) -> dict[str, float]:
    found = clip_scores.per_query(rankings, *args, **how)  # type: ignore[arg-type]
    return {name: np.nanmean(values) if not np.isnan(values).all() else np.nan for name, values in found.items()}


def test_scores_stand_under_the_thesis_headings() -> None:
    """Query 0 wants 0 and 2, at ranks 1 and 3: (1 + 2/3) / 2. Query 1 wants 0, at rank 2: 1/2."""
    rankings = np.array([[0, 1, 2], [2, 0, 1]])
    assert scores(rankings, collection([0, 2], [0])) == {
        "SI2V-600k|mAP": pytest.approx(5 / 6), "SI2V-600k|R@1": 1, "VB-600k|mAP": 0.5, "VB-600k|R@1": 0,
    }  # fmt: skip
    cut = scores(rankings, collection([0, 2], [0]), cut=1)
    assert (cut["SI2V-600k|mAP"], cut["VB-600k|mAP"]) == (0.5, 0)
    both = collection([0, 2], [0])
    part = scores(rankings[1:], both, [1])
    assert np.isnan(part["SI2V-600k|mAP"])
    assert part["VB-600k|mAP"] == 0.5
    np.testing.assert_array_equal(clip_scores.per_query(rankings[1:], both, [1])["VB-600k|R@1"], [np.nan, 0])


def test_videos_of_a_users_own_stand_under_no_printed_heading() -> None:
    own = collection([0], own=True)
    assert "SI2V|mAP" in scores(np.array([[0, 1, 2]]), own)
    assert clip_scores.heading("VB-600k", own, printed=True) == "own VB-600k"
    assert clip_scores.stands_for(own) == {}


def test_drawn_collections_have_names_of_their_own_but_in_printed_tables() -> None:
    drawn = collection([0], [1], drawn=True)
    assert list(scores(np.array([[0], [1]]), drawn))[::2] == ["Channel stills|mAP", "Channel photographs|mAP"]
    assert list(scores(np.array([[0], [1]]), drawn, printed=True))[::2] == ["SI2V-600k|mAP", "VB-600k|mAP"]
    assert clip_scores.stands_for(drawn) == {"SI2V-600k": "Channel stills", "VB-600k": "Channel photographs"}
    assert clip_scores.stands_for(collection([0], [1])) == {}


def test_means_of_every_seed() -> None:
    """The first seed finds clip 0 first for both queries, the second clip 1: one wants 0 and the other 1."""
    vectors = [ClipVectors(np.eye(3)[[i, i]], np.eye(3), np.arange(4)) for i in (0, 1)]
    found = clip_scores.of_seeds({"LSTM": vectors}, collection([0], [1]))
    assert (found["LSTM", "SI2V-600k|R@1"], found["LSTM", "VB-600k|R@1"]) == ([1, 0], [0, 1])
    nothing = clip_scores.of_seeds({"LSTM": vectors}, collection([], [1]))
    assert np.isnan(nothing["LSTM", "SI2V-600k|mAP"]).all()


def test_levels_of_queries() -> None:
    method = ClipVectors(np.eye(3)[[0, 1]], np.eye(3), np.arange(4))
    values = clip_scores.by_level({"frames": method}, collection([0], [2], level="easy"))
    assert values["frames", "easy|R@1"].tolist() == [1, 0]
    with pytest.raises(NoExampleError, match="no query has a level"):
        clip_scores.by_level({"frames": method}, collection([0], [2]))
