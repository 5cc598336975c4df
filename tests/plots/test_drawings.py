"""Drawings that pages share, of small made-up data."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.text import Text

from vretlib.errors import NoExampleError
from vretlib.features.match_graph import graph_of
from vretlib.models.training import TrainingLog
from vretlib.plots import boundary_curves, curves, match_graphs
from vretlib.report import figures
from vretlib.video.boundary_evaluation import Transition


@pytest.fixture(autouse=True, params=[True, False], ids=["project's style", "matplotlib's"])
def closed(request: pytest.FixtureRequest):
    """Drawings hold in the style that pages set, and in the one that a script has."""
    with plt.style.context(figures.STYLE if request.param else "default", after_reset=True):
        yield
    plt.close("all")


def labels(ax: plt.Axes) -> list[str]:
    return ax.get_legend_handles_labels()[1]


def test_distances_show_the_boundaries_above_the_threshold_and_the_true_transitions() -> None:
    fig = boundary_curves.distances([0.5, 1.0, 1.5], [0.1, 0.9, 0.2], 0.5, [Transition(0.9, 1.0), Transition(3, 3)])
    assert labels(fig.axes[0]) == ["boundary found", "Th = 0.5", "true transition"]
    assert fig.axes[0].lines[0].get_xydata().tolist() == [[1.0, 0.9]]


def test_without_distances_or_curves_there_is_no_figure() -> None:
    with pytest.raises(NoExampleError, match="fewer than two sampled frames"):
        boundary_curves.distances([], [], 0.5)
    with pytest.raises(NoExampleError, match="no true cut or dissolve"):
        boundary_curves.thresholds({}, 0.5)


def test_a_match_graph_joins_the_frames_that_match() -> None:
    scores = np.zeros((4, 4))
    scores[0, 1] = scores[1, 2] = scores[2, 3] = 0.5
    frames = [np.zeros((20, 30, 3), np.uint8)] * 4
    fig = match_graphs.match_graph(graph_of(scores + scores.T), frames, list("abcd"))
    assert len(fig.axes[0].lines) == 3
    assert fig.axes[0].get_title() == "4 of 4 frames are kept"


def test_a_training_without_validation_says_so() -> None:
    fig = curves.training({"net": TrainingLog([1.0, 0.5])}, loss="loss", score="score")
    titles = [fig.axes[1].get_title(loc=where) for where in ("left", "center")]  # the project's style has it left
    assert "nothing is held out of so few" in titles
    looked = curves.training({"net": TrainingLog([1.0, 0.5], [(1, 0.3), (2, 0.4)])}, loss="loss", score="score")
    assert looked.axes[1].lines[0].get_xydata().tolist() == [[1, 0.3], [2, 0.4]]


def test_a_band_goes_from_the_worst_to_the_best_seed_around_the_mean() -> None:
    fig = curves.over_seeds({"LSTM": {4: [0.1, 0.3], 8: [0.5, 0.6]}}, xlabel="steps", ylabel="share")
    (ax,) = fig.axes
    np.testing.assert_allclose(ax.lines[0].get_xydata(), [[4, 0.2], [8, 0.55]])
    band = ax.collections[0].get_paths()[0].get_extents()
    np.testing.assert_allclose([band.x0, band.x1, band.y0, band.y1], [4, 8, 0.1, 0.6])
    assert labels(ax) == ["LSTM"]


def test_every_point_has_its_name_beside_it() -> None:
    fig = curves.memory_and_accuracy({"sum": 1.0, "frames": 100.0}, {"sum": 0.4, "frames": 0.8}, "mAP")
    assert [text.get_text() for text in fig.axes[0].texts] == ["frames", "sum"]


def test_methods_of_equal_memory_stand_side_by_side_around_their_place() -> None:
    memory, accuracy = {"a": 2.0, "b": 9.0, "c": 2.0, "d": 2.0}, {"a": 0.5, "b": 0.4, "c": 0.7, "d": 0.6}
    fig = curves.memory_and_accuracy(memory, accuracy, "mAP")
    x = np.array([line.get_xdata()[0] for line in fig.axes[0].lines])
    assert x[2] < x[3] == 2 < x[0]  # the most accurate first
    np.testing.assert_allclose([x[0] * x[2], x[1]], [4, 9])


def test_names_have_the_colours_of_their_points_and_stay_clear_of_bars() -> None:
    memory, accuracy = {"a": 2.0, "b": 2.0, "c": 2.0}, {"a": 0.5, "b": 0.52, "c": 0.54}
    (ax,) = curves.memory_and_accuracy(memory, accuracy, "mAP", ([0.3] * 3, [0.8] * 3)).axes
    assert {text.get_text(): text.get_color() for text in ax.texts} == {"a": "C0", "b": "C1", "c": "C2"}
    bars = [ax.transData.transform(line)[:, 0].mean() for line in ax.collections[0].get_segments()]
    for text in ax.texts:
        box = Text.get_window_extent(text)
        assert not any(box.x0 < bar < box.x1 for bar in bars)


def test_bars_span_the_intervals_and_stay_inside_the_axes() -> None:
    bars = [0.3, 0.6], [0.5, 0.95]
    fig = curves.memory_and_accuracy({"sum": 1.0, "frames": 100.0}, {"sum": 0.4, "frames": 0.8}, "mAP", bars)
    (ax,) = fig.axes
    [lines] = ax.collections
    np.testing.assert_allclose([line[:, 1] for line in lines.get_segments()], [[0.3, 0.5], [0.6, 0.95]])
    low, high = ax.get_ylim()
    assert low < 0.3
    assert high >= 0.95
