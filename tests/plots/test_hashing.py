"""Pictures of binary codes show the numbers that they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from vretlib.plots import hashing, hashing_diagrams
from vretlib.report.means import means


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def faces(n):
    return [np.full((16, 16, 3), 40 * i, np.uint8) for i in range(n)]


def test_every_frame_and_every_code_has_a_row_of_bits():
    bits = np.arange(12).reshape(3, 4) % 3 == 0
    fig = hashing.bits_over_frames(faces(3), bits, {"vote": bits[0], "eq 2": bits[1]})
    every, whole = fig.axes[-2:]
    np.testing.assert_array_equal(every.collections[0].get_array(), bits)
    assert [label.get_text() for label in whole.get_yticklabels()] == ["vote", "eq 2"]


def test_the_plane_is_coloured_by_the_distance_from_the_query():
    points = np.array([[-1.0, -1.0], [1.0, 1.0], [1.0, -1.0]])
    fig = hashing.hamming_ball(points, lambda x: x > 0, query=0, radius=1)
    levels = fig.axes[0].collections[0].levels
    assert levels.tolist() == [-0.5, 0.5, 1.5, 2.5]  # distances 0, 1 and 2


def test_a_wave_has_a_panel_for_each_bit():
    fig = hashing.eigenfunctions(np.random.default_rng(0).normal(size=(9, 2)), lambda x: np.cos(x @ np.ones((2, 4))))
    assert [ax.get_title() for ax in fig.axes if ax.get_title()] == [f"bit {k}" for k in (1, 2, 3, 4)]


def test_the_error_is_that_of_the_corners():
    points = np.array([[0.5, 0.5], [-2.0, 1.0]])
    fig = hashing.rotation(points, np.sign(points), [1.0, 0.5])
    assert [ax.get_title() for ax in fig.axes[:2]] == ["before: error 0.75", "after: error 0.00"]


def test_the_distance_is_from_the_centre_of_the_frames_to_the_video():
    frames = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.0]])
    fig = hashing.centres({"λ2 = 1": (frames, np.array([0.5, 0.25]))})
    assert fig.axes[0].get_title() == "λ2 = 1\ndistance 0.25"


def test_every_method_has_its_learning_curve():
    curves = {"DSH": [(10, 0.2), (20, 0.4)], "HVIH": [(10, 0.3), (20, 0.5)]}
    fig = hashing.held_out({"A": curves, "B": curves})
    assert [ax.get_title("left") or ax.get_title() for ax in fig.axes] == ["A", "B"]  # the style sets them left
    for ax in fig.axes:
        assert [line.get_ydata().tolist() for line in ax.lines] == [[0.2, 0.4], [0.3, 0.5]]
    assert [ax.get_legend() is None for ax in fig.axes] == [True, False]


def test_learned_methods_have_full_lines():
    curve = np.array([0.0, 1.0])
    fig = hashing.precision_recall({"A": {12: {"LSH": (curve, curve), "HVIH": (curve, curve)}}}, ["HVIH"])
    assert [line.get_linestyle() for line in fig.axes[0].lines] == ["--", "-"]


def test_every_data_set_and_code_length_has_a_panel():
    curve = np.array([0.0, 1.0])
    lengths = {12: {"LSH": (curve, curve)}, 48: {"LSH": (curve, curve)}}
    fig = hashing.precision_recall({"A": lengths, "B": lengths}, [])
    assert [ax.get_title() for ax in fig.axes] == 2 * ["12 bits", "48 bits"]
    assert [ax.get_ylabel() for ax in fig.axes] == ["A\nprecision", "", "B\nprecision", ""]


def test_a_sweep_has_its_mean_over_seeds_and_the_line_without():
    seeds = {"without": [0.4, 0.6], "0.1": [0.5, 0.7], "1": [0.6, 0.6]}
    columns = "A|12 bits", "A|48 bits", "B|12 bits", "B|48 bits"
    table = means({(row, c): np.array(of)[:, None] + (c == "B|48 bits") for c in columns for row, of in seeds.items()})
    fig = hashing.sweep(table, "without", "mAP")
    assert [ax.get_title() for ax in fig.axes] == 2 * ["12 bits", "48 bits"]
    assert [ax.get_ylabel() for ax in fig.axes] == ["A\nmAP", "", "B\nmAP", ""]
    np.testing.assert_allclose(fig.axes[3].lines[1].get_ydata(), [1.6, 1.6])
    without, line = fig.axes[0].lines
    np.testing.assert_allclose(line.get_ydata(), [0.6, 0.6])
    np.testing.assert_allclose(without.get_ydata(), [0.5, 0.5])


def test_diagrams_name_all_losses_and_show_the_frames():
    fig = hashing_diagrams.hybrid(faces(3))
    words = " ".join(text.get_text() for text in fig.axes[0].texts)
    assert all(f"(eq {number})" in words for number in (3, 4, 5, 6))
    assert len(fig.axes[0].images) == 3
    assert len(hashing_diagrams.retrieval(faces(1)[0], faces(3)).axes[0].images) == 4


def test_what_bits_and_rounds_reach_is_drawn_as_it_is():
    fig = hashing.learned_bits(np.array([[-3.0, 5.0], [1.0, 4.0]]), np.array([9.0, 7.0, 6.5]))
    left, right = fig.axes
    assert [line.get_ydata().tolist() for line in left.lines] == [[-3, 1], [5, 4]]
    assert left.lines[0].get_xdata().tolist() == [1, 2]
    assert right.lines[0].get_ydata().tolist() == [9, 7, 6.5]
