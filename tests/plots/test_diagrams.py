"""Diagrams of boxes and arrows: what is drawn, and where arrows begin and end."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from vretlib.errors import UserError
from vretlib.plots.diagrams import FILL, Arrow, Node, diagram
from vretlib.report.figures import PAGE


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


TWO = {"a": Node(0, 0, "first\nof two", width=2, height=1), "b": Node(5, 0, "second", width=1, height=1, kind="result")}


def test_every_box_is_drawn_in_the_colour_of_its_kind_with_its_text() -> None:
    ax = diagram(TWO).axes[0]
    boxes = [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    assert [to_hex(box.get_facecolor()) for box in boxes] == [FILL["step"], FILL["result"]]
    assert [text.get_text() for text in ax.texts] == ["first\nof two", "second"]


def test_the_drawing_is_as_wide_as_the_page_and_one_unit_is_as_high_as_wide() -> None:
    fig = diagram(TWO)
    width, height = fig.get_size_inches()
    ax = fig.axes[0]
    assert width == PAGE
    assert width / np.ptp(ax.get_xlim()) == pytest.approx(height / np.ptp(ax.get_ylim()))


def test_an_arrow_goes_from_border_to_border_and_its_text_stands_half_way_between() -> None:
    fig = diagram(TWO, [Arrow("a", "b", "u")])
    ax = fig.axes[0]
    fig.canvas.draw()
    (arrow,) = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    ends = arrow.get_window_extent()
    (left, _), (right, _) = ax.transData.inverted().transform([(ends.x0, ends.y0), (ends.x1, ends.y1)])
    assert left == pytest.approx(1, abs=0.1)  # the right border of a
    assert right == pytest.approx(4.5, abs=0.1)  # the left border of b
    assert ax.texts[-1].get_text() == "u"
    assert ax.texts[-1].get_position() == pytest.approx((2.75, 0))


def test_boxes_that_overlap_in_height_are_joined_by_a_level_arrow() -> None:
    fig = diagram({"a": Node(0, 0, "", height=2), "b": Node(3, 0.6, "", height=0.8)}, [Arrow("a", "b", "v")])
    assert fig.axes[0].texts[-1].get_position() == pytest.approx((1.5, 0.6))  # between .8 and 2.2, .2 and 1.0


def test_an_image_stands_inside_its_box_above_the_text() -> None:
    image = np.zeros((90, 160, 3), np.uint8)
    ax = diagram({"a": Node(0, 0, "a frame", 2, 2, "data", image), "b": TWO["b"]}).axes[0]
    left, right, bottom, top = ax.images[0].get_extent()
    assert -1 < left < right < 1
    assert ax.texts[0].get_position()[1] < bottom < top < 1
    assert (right - left) / (top - bottom) == pytest.approx(160 / 90)


def test_the_kinds_that_are_explained_stand_in_a_legend() -> None:
    fig = diagram(TWO, kinds={"step": "frozen", "result": "found"})
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["frozen", "found"]


def test_an_arrow_to_nowhere_no_boxes_and_an_unknown_kind_are_refused() -> None:
    with pytest.raises(UserError, match="an arrow of box 'c': expected one of 'a', 'b'"):
        diagram(TWO, [Arrow("a", "c")])
    with pytest.raises(UserError, match="no boxes"):
        diagram({})
    with pytest.raises(UserError, match="kind"):
        diagram({"a": Node(0, 0, "a", kind="odd")})  # type: ignore[arg-type]
