"""The pictures of the whole show every printed cell, every claim, and every table with a τ."""

import matplotlib.pyplot as plt
import pytest
from matplotlib.patches import Rectangle

from vretlib.errors import NoExampleError
from vretlib.plots import overview
from vretlib.report import published
from vretlib.report.claims import judge


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_bars_are_as_wide_as_tables_have_cells():
    bars = [patch for patch in overview.printed_tables().axes[0].patches if isinstance(patch, Rectangle)]
    assert len(bars) == len(published.tables())
    assert sum(bar.get_width() for bar in bars) == published.tables()["values"].sum()


def test_tiles_are_filled_as_far_as_comparisons_hold():
    axes = overview.claims_board(judge(["000-01", "004-40", "004-07"])).axes[0]
    texts = [text.get_text() for text in axes.texts]
    assert {"20/30", "1/2", "–"} <= set(texts)
    back, fill, _ = axes.patches[:3]  # claims come in the order of the notebooks: 004-07 is the first tile
    assert fill.get_height() == 0
    shares = [f.get_height() / b.get_height() for b, f in zip(axes.patches[0::3], axes.patches[1::3], strict=True)]
    assert shares == pytest.approx([0, 1 / 2, 2 / 3])
    assert back.get_height() > 0


def test_the_order_of_methods_has_a_point_for_each_table_with_a_tau():
    one = {"tau": 1.0, "interval": None, "rows": 4, "pairs": 6, "reversed": [], "text": ""}
    fields = (one | {"tau": -0.2, "interval": [-0.6, 0.4]}, one, one | {"tau": None})
    [axes] = overview.order_of_methods({("05", f"Table {k}"): each for k, each in enumerate(fields, 1)}).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Table 1  (05)", "Table 2  (05)"]
    with pytest.raises(NoExampleError, match="nothing has been recorded yet"):
        overview.order_of_methods({})
