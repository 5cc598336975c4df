"""Drawings of tracks, trees and matches, of small made-up data."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from vretlib.chapters.binary_features import plots as chapter_5
from vretlib.errors import NoExampleError
from vretlib.plots import film_diagrams, kd_tree, pairs, tracks
from vretlib.report import figures
from vretlib.search.binary_kdtree import BinaryKdTree

RNG = np.random.default_rng(0)
CODES = RNG.integers(0, 256, (48, 32), dtype=np.uint8)
IMAGE = np.zeros((60, 90, 3), np.uint8)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.mark.parametrize("query", [CODES[0], CODES[7] ^ 255, RNG.integers(0, 256, 32, dtype=np.uint8)])
def test_the_leaves_of_two_descents_hold_what_the_search_finds_with_as_many_backtracks(query):
    index = BinaryKdTree.build(CODES, leaf_size=8)
    ways = kd_tree._descents(index, np.unpackbits(query))
    for n in (1, 2):
        leaves = [node for way in ways[:n] for node in way if index.bits[node] < 0]
        assert len(leaves) == n
        ids = np.concatenate([index.ids[index.starts[leaf] : index.stops[leaf]] for leaf in leaves])
        distance = np.unpackbits(CODES[ids] ^ query, axis=1).sum(axis=1)
        expected = np.sort(ids[distance == distance.min()])
        np.testing.assert_array_equal(index.nearest(query[None], backtracks=n)[0], expected)


def test_a_small_tree_has_a_box_for_every_leaf():
    words = [text.get_text() for text in kd_tree.search_path(CODES, CODES[3]).axes[0].texts]
    leaves = [text for text in words if "codes" in text]
    assert sum(int(text.split()[0]) for text in leaves) == len(CODES)
    assert any(text.endswith("\n0 bits") for text in leaves)  # the query is one of the codes


def test_of_many_matches_thirty_are_drawn_and_all_are_counted():
    xy = RNG.random((100, 2)) * 60
    few, many = (pairs.matched_features(IMAGE, xy[:n], IMAGE, xy[:n], np.arange(n)).axes[0] for n in (5, 100))
    joined = [[line for line in ax.lines if len(line.get_xdata()) == 2] for ax in (few, many)]
    assert [len(lines) for lines in joined] == [5, 30]
    assert many.get_title() == "100 of 100 features of the left frame have a match (30 of them drawn)"


def test_features_that_nothing_follows_have_no_aggregation():
    alone = pd.DataFrame({"frame": [0, 1], "x": [1.0, 2.0], "track": [0, 1]})
    with pytest.raises(NoExampleError, match="no feature was followed"):
        film_diagrams.aggregation(alone, 7)


def test_the_legend_of_lengths_says_how_many_tracks_are_kept():
    features = pd.DataFrame({"frame": [0, 1, 2, 0], "x": [1.0, 1, 1, 5], "track": [0, 0, 0, 1]})
    labels = tracks.lengths({"BRIEF": features}, 3).axes[0].get_legend_handles_labels()[1]
    assert labels[0] == "BRIEF: 2.0 frames on average, 50% of the tracks are kept"


def lengths(monkeypatch):
    kept = {name: np.repeat(np.arange(n), RNG.geometric(0.2, n)) for name, n in (("BRIEF", 900), ("SIFT", 4000))}
    return tracks.lengths({name: pd.DataFrame({"track": track}) for name, track in kept.items()}, 8)


def balance(monkeypatch):
    return kd_tree.balance(BinaryKdTree.build(RNG.integers(0, 256, (4096, 32), dtype=np.uint8), leaf_size=8))


@pytest.mark.parametrize("n", [64 * 16, 1000, 9000])
def test_the_balance_of_a_tree_is_counted_in_whole_numbers(n):
    index = BinaryKdTree.build(RNG.integers(0, 256, (n, 32), dtype=np.uint8), leaf_size=17)
    left, right = kd_tree.balance(index).axes
    for axis in (left.xaxis, right.xaxis, right.yaxis):
        assert all(float(place).is_integer() for place in axis.get_ticklocs())
    assert sum(bar.get_height() for bar in right.patches) == len(index.leaf_sizes())


def votes(monkeypatch):
    counts = RNG.geometric(0.2, 300)
    archive = SimpleNamespace(first_shot=np.arange(0, 301, 20), features="orb_brief", shot_at=lambda movie, frame: 7)
    photograph = SimpleNamespace(described_as=lambda features: CODES, query=SimpleNamespace(movie="a", frame=3))
    monkeypatch.setattr(chapter_5.film_search, "shot_votes", lambda *of, backtracks: counts)
    return chapter_5.votes(0, SimpleNamespace(archive=archive), [photograph], 50)


@pytest.mark.parametrize("draw", [lengths, balance, votes])
def test_no_vertical_line_crosses_the_legend(draw, monkeypatch):
    figures.use_style()
    fig = draw(monkeypatch)
    fig.draw_without_rendering()
    legends = [*fig.legends, *(ax.get_legend() for ax in fig.axes if ax.get_legend())]
    lines = [line for ax in fig.axes for line in ax.lines if np.ptp(line.get_xdata()) == 0]
    assert legends
    assert lines
    boxes = [line.get_window_extent() for line in lines]
    assert not [box for legend in legends for box in boxes if legend.get_window_extent().overlaps(box)]
