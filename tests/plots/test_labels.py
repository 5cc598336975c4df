"""Names beside points: none covers another or a point."""

from collections.abc import Iterator
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from vretlib.plots.labels import beside


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def written(x: list[float], y: list[float], names: list[str]) -> dict[str, tuple[float, float, float, float]]:
    """The extents of the names in pixels."""
    fig, ax = plt.subplots(figsize=(5, 4))
    ax.set(xlim=(0, 10), ylim=(0, 10))
    beside(ax, x, y, names)
    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    renderer = canvas.get_renderer()
    return {text.get_text(): Text.get_window_extent(text, renderer).extents for text in ax.texts}


def test_a_single_name_stands_to_the_right_of_its_point() -> None:
    found = written([5], [5], ["sum"])
    assert list(found) == ["sum"]
    left, bottom, _, top = found["sum"]
    fig = plt.gcf()
    x, y = fig.axes[0].transData.transform((5, 5))
    assert 0 < left - x < 15
    assert (bottom + top) / 2 == pytest.approx(y, abs=1)


def test_names_of_near_points_do_not_overlap() -> None:
    rng = np.random.default_rng(0)
    names = [f"method number {i}" for i in range(8)]
    boxes = written(rng.uniform(4, 6, 8).tolist(), rng.uniform(4, 6, 8).tolist(), names)
    for a, b in combinations(boxes.values(), 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_a_name_at_the_edge_stays_inside() -> None:
    right = written([9.9], [5], ["a rather long name"])["a rather long name"]
    assert right[2] <= plt.gcf().axes[0].get_window_extent().x1


def test_a_name_without_room_is_written_all_the_same() -> None:
    name = "a name that is longer than the figure is wide " * 3
    assert len(written([5], [5], [name])) == 1
