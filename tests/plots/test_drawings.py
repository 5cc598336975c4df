"""Drawings that pages share, of small made-up data."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

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


def test_accuracy_is_drawn_beside_methods_that_do_not_depend_on_the_number() -> None:
    table = pd.DataFrame({"SI2V|mAP": [0.1, 0.2], "SI2V|R@1": [0, 1]}, index=["4", "8"])
    fig = curves.accuracy_by_number(table, "LSTM", {"sum": table.loc["8"]}, xlabel="clips")
    assert labels(fig.axes[0]) == ["LSTM, SI2V", "sum, SI2V"]
    assert fig.axes[0].lines[0].get_xydata().tolist() == [[4, 0.1], [8, 0.2]]
