"""Pictures of a detector show the boxes, the maps and the losses that they are given."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from vretlib import images
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
from vretlib.errors import NoExampleError
from vretlib.models.training import TrainingLog
from vretlib.plots import instance_search as plots


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


PICTURE = np.full((60, 80, 3), 90, np.uint8)


def corners(ax):
    return [(*patch.get_xy(), patch.get_width(), patch.get_height()) for patch in ax.patches]


def test_the_architecture_has_both_kinds_of_pooling():
    words = " ".join(text.get_text() for text in plots.architecture(PICTURE).axes[0].texts)
    assert "IPA" in words
    assert "RPA" in words


def test_proposals_and_the_wanted_box_are_drawn_in_the_image_s_pixels():
    fig = plots.proposals({"a": (PICTURE, [[1, 2, 11, 22], [0, 0, 5, 5]], [10, 10, 30, 40])})
    assert corners(fig.axes[0]) == [(1, 2, 10, 20), (0, 0, 5, 5), (10, 10, 20, 30)]


def test_the_region_that_is_three_cells_wide_covers_them_on_the_channel_that_responds_most():
    regions = np.array([(0, 0, 79, 59), (8, 16, 24, 24)], np.float32)
    bins = np.zeros((2, 2, 7, 7), np.float32)
    bins[0, 0], bins[1, 1] = 9, 1
    maps = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    fig = plots.roi_pooling(PICTURE, regions, maps, 2 * regions, bins)
    assert corners(fig.axes[0]) == [(8, 16, 16, 8)]
    assert corners(fig.axes[1]) == [(0.5, 1.5, 3, 2)]  # cells 1 to 3 and 2 to 3, each with its half to both sides
    np.testing.assert_array_equal(fig.axes[1].images[0].get_array(), maps[1])
    np.testing.assert_array_equal(fig.axes[2].images[0].get_array(), bins[1, 1])


def test_without_a_region_there_is_no_picture_of_its_pooling():
    nothing = np.zeros((0, 4), np.float32)
    with pytest.raises(NoExampleError, match="proposes no region"):
        plots.roi_pooling(PICTURE, nothing, np.ones((2, 3, 4)), nothing, np.zeros((0, 2, 7, 7)))


def test_query_images_are_passed_over_and_an_image_without_region_has_no_box(tmp_path: Path):
    files = [tmp_path / f"{i}.png" for i in range(4)]
    for file in files:
        images.write(file, PICTURE)
    ids = np.array([1, 2], np.int64)
    query = LandmarkQuery("a_1", "a", files[0], (2, 2, 30, 30), 0, ids, ids[:0], ids[:0])
    searched = LandmarkCollection("four", tuple(files), (query,), "", "")
    boxes = np.array([[0, 0, 1, 1], [4, 5, 24, 35], [np.nan] * 4, [1, 1, 3, 3]], np.float32)
    fig = plots.boxes_in_rankings(searched, [query], {"CA-SR": [(np.array([0, 3, 1, 2]), boxes)]}, 3)
    asked, *rest = fig.axes
    assert corners(asked) == [(2, 2, 28, 28)]
    assert [corners(ax) for ax in rest] == [[(4, 5, 20, 30)], [], [(1, 1, 2, 2)]]
    colours = [ax.spines["left"].get_edgecolor() for ax in rest]
    assert colours[1] == colours[2] != colours[0]  # 1 and 2 are right, 3 is not


def test_a_difference_is_centred_on_nothing():
    before, after = np.zeros((2, 3)), np.array([[0, 0, 4.0], [0, -1, 0]])
    fig = plots.activation_differences({"A": (PICTURE, before, after)})
    shown = fig.axes[3].images[0]
    np.testing.assert_array_equal(shown.get_array(), after - before)
    assert (shown.norm.vmin, shown.norm.vmax) == (-4, 4)


def test_maps_of_images_of_any_shape_leave_no_strip_of_the_figure_blank():
    shapes = {"tall": (40, 30), "wide": (18, 32)}
    fig = plots.activation_differences({
        name: (np.full((*shape, 3), 90, np.uint8), np.ones((5, 4)), np.zeros((5, 4))) for name, shape in shapes.items()
    })  # fmt: skip
    fig.draw_without_rendering()
    boxes = [ax.get_tightbbox() for ax in fig.axes]
    assert min(box.y0 for box in boxes) < 0.05 * fig.bbox.height
    assert max(box.y1 for box in boxes) > 0.95 * fig.bbox.height


def test_every_training_has_a_line_in_the_panel_of_its_strategy():
    log = TrainingLog([4.0, 2.0, 3.0, 1.0])
    fig = plots.grouped_losses({"#1": {"A": log}, "#2": {"A": log, "B": log}}, window=2)
    assert [len(ax.lines) for ax in fig.axes] == [1, 2]
    assert fig.axes[0].lines[0].get_ydata().tolist() == [3.0, 2.0]
