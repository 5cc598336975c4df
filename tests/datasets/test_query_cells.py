"""Cells of the list of photographs."""

import pytest

from vretlib.datasets import query_cells
from vretlib.errors import UserError


@pytest.mark.parametrize(("text", "expected"), [("97.5", 97.5), ("1:37", 97), ("0:01:37.5", 97.5), (" 2:00 ", 120)])
def test_seconds_minutes_and_hours(text, expected):
    assert query_cells.seconds(text) == expected


@pytest.mark.parametrize("text", ["", "a", "1:2:3:4", "-1", "1:-2", "nan", "inf", "1_0", "\u0663", "9" * 5000])
def test_what_is_no_time_is_shown(text):
    with pytest.raises(UserError, match="is not a time; expected seconds, or m:ss"):
        query_cells.seconds(text)
