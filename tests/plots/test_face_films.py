"""Frames with boxes, and metrics over one another."""

import numpy as np

from vretlib.plots import face_films
from vretlib.plots.axes import RIGHT, WRONG
from vretlib.plots.face_films import FrameWithBoxes

IMAGE = np.full((60, 80, 3), 200, np.uint8)


def test_boxes_that_are_known_are_drawn_and_edges_say_what_is_right():
    rows = [("a", [FrameWithBoxes(IMAGE, [8, 6, 40, 30]), FrameWithBoxes(IMAGE, None, [0, 0, 8, 6], right=True)]),
            ("b", [FrameWithBoxes(IMAGE, [np.nan] * 4, None, right=False)])]  # fmt: skip
    fig = face_films.frames_with_boxes(rows, ["still"])
    first, second, third = fig.axes[0], fig.axes[1], fig.axes[2]
    [patch] = first.patches
    assert patch.get_width() / patch.get_height() == 32 / 24
    assert [len(ax.patches) for ax in (second, third)] == [1, 0]
    assert second.spines["left"].get_edgecolor() == face_films.plt.matplotlib.colors.to_rgba(RIGHT)
    assert third.spines["left"].get_edgecolor() == face_films.plt.matplotlib.colors.to_rgba(WRONG)
    assert first.get_title() == "still"


def test_each_metric_has_a_panel():
    x = np.linspace(0, 1, 20)
    fig = face_films.metrics(x, {"L2": np.sqrt(2 * x), "L1": x}, "cosine")
    assert [ax.get_ylabel() for ax in fig.axes] == ["L2 distance", "L1 distance"]
    np.testing.assert_allclose(fig.axes[0].collections[0].get_offsets()[:, 1], np.sqrt(2 * x))
