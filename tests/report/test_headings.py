import numpy as np
import pandas as pd
import pytest

from vretlib.errors import UserError
from vretlib.report.headings import cells_of, covers, flat, lookup


def test_levels_are_joined_and_empty_ones_left_out():
    frame = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("Feat", ""), ("R@1", "B=10")]))
    assert list(flat(frame).columns) == ["Feat", "R@1|B=10"]


def test_the_same_heading_twice_is_refused():
    with pytest.raises(UserError, match="Feat"):
        flat(pd.DataFrame([[1, 2]], columns=["Feat", "Feat"]))


def test_outer_headings_stand_for_what_lies_below_unless_the_cell_has_its_own():
    limits = {"R@1": 1, "R@1|B=10": 2}
    assert lookup(limits, "R@1|B=10") == 2
    assert lookup(limits, "R@1|B=50") == 1
    assert lookup(limits, "R@10") is None
    assert covers("R@1", ["R@1|B=10"])
    assert not covers("R@1", ["R@10"])


def test_cells_become_numbers_texts_or_nothing():
    frame = pd.DataFrame({"a": [np.float32(0.5), None], "b": ["x", ""], "c": [np.int64(3), np.nan]}, index=["r", "s"])
    cells = cells_of(frame, "Table 1")
    assert cells.loc["r"].tolist() == [0.5, "x", 3.0]
    assert cells.loc["s"].tolist() == [None, None, None]


@pytest.mark.parametrize("value", [float("inf"), [1, 2]])
def test_a_cell_that_no_table_can_show_names_its_place(value):
    with pytest.raises(UserError, match="Table 1, r, a"):
        cells_of(pd.DataFrame({"a": [value]}, index=["r"]), "Table 1")
