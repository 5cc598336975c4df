import json

import pandas as pd
import pytest

from vretlib import paths
from vretlib.errors import UserError
from vretlib.report.recorded import Tolerance, check

LIMITS = {"R@1": 0.02, "Feat": 0}


@pytest.fixture
def table() -> pd.DataFrame:
    frame = pd.DataFrame({"Feat": [85, 2], "R@1|B=10": [0.9, 0.92], "R@1|B=50": [0.94, 0.93]}, index=["tree", "ours"])
    return frame.assign(seconds=[1.5, 0.1])


@pytest.fixture
def record(tmp_path, monkeypatch, table):
    """A record of the table, made by the same call that later checks it."""
    monkeypatch.setattr(paths, "RECORDED", tmp_path)
    monkeypatch.setenv("VRETLIB_RECORD", "1")
    verdict = run(table)
    monkeypatch.delenv("VRETLIB_RECORD")
    assert str(verdict) == "Table 5.1: 6 of 6 cells within tolerance"
    return tmp_path / "embedded" / "chapter" / "table_5.1.json"


def run(table, **changes):
    given = {"title": "Table 5.1", "parameters": {"seed": 0, "films": ["a", "b"]}, "unchecked": ["seconds"]} | changes
    return check("chapter/table_5.1", table, given.pop("tolerance", LIMITS), **given)


def test_numbers_within_tolerance_pass_and_the_seconds_do_not_matter(record, table):
    table.loc["tree", "R@1|B=50"] = 0.96
    table["seconds"] = 99.0
    verdict = run(table)
    assert (verdict.status, verdict.within, verdict.total) == ("within", 6, 6)
    assert repr(verdict) == "Table 5.1: 6 of 6 cells within tolerance"


def test_a_number_outside_is_named_with_the_recorded_one(record, table):
    table.loc["tree", "R@1|B=50"] = 0.91
    verdict = run(table)
    assert verdict.status == "outside"
    assert str(verdict) == (
        "Table 5.1: 5 of 6 cells within tolerance; outside: tree R@1 B=50 0.91 (recorded 0.94 ± 0.02)"
    )


def test_a_changed_record_fails_the_check(record, table):
    content = json.loads(record.read_text())
    content["cells"]["ours"]["Feat"] = 3.0
    record.write_text(json.dumps(content))
    assert run(table).status == "outside"


def test_a_cell_that_is_gone_or_new_is_outside(record, table):
    gone = run(table.drop(index="ours"))
    assert (gone.within, gone.total) == (3, 6)
    assert "ours Feat nothing (recorded 2" in str(gone)
    new = run(table.assign(Mem=[1, 2]), tolerance=LIMITS | {"Mem": 0})
    assert (new.within, new.total) == (6, 8)
    empty = table.copy()
    empty.loc["tree", "R@1|B=10"] = float("nan")
    assert run(empty).status == "outside"


def test_long_lists_of_failures_are_cut(record, table):
    verdict = run(table + 1)
    assert str(verdict).startswith("Table 5.1: 0 of 6 cells")
    assert str(verdict).endswith("and 2 more")


def test_other_parameters_are_not_compared_and_the_line_says_which(record, table):
    verdict = run(table, parameters={"seed": 3, "films": ["a", "b"]})
    assert str(verdict) == "Table 5.1: not checked, the recorded numbers were made with seed=0 (here 3)"
    assert (verdict.status, verdict.total) == ("unchecked", 0)
    assert "films=" in str(run(table, parameters={"seed": 0}))


def test_a_profile_without_record_is_said_to_be_unchecked(record, table):
    assert str(run(table, profile="smoke")) == "Table 5.1: not checked, no recorded numbers for profile smoke"


def test_a_tolerance_cannot_be_loosened_without_recording_again(record, table):
    with pytest.raises(UserError, match=r"0\.05, the record has 0\.02"):
        run(table, tolerance={"R@1": 0.05, "Feat": 0})


def test_every_column_of_numbers_needs_a_tolerance_or_to_be_left_out(record, table):
    with pytest.raises(UserError, match='"seconds" has no tolerance'):
        run(table, unchecked=[])
    with pytest.raises(UserError, match="hours"):
        run(table, unchecked=["hours"])


def test_the_record_says_how_it_was_made(record):
    content = json.loads(record.read_text())
    assert content["parameters"] == {"seed": 0, "films": ["a", "b"]}
    assert content["unchecked"] == ["seconds"]
    assert content["tolerance"]["R@1|B=10"] == {"absolute": 0.02, "relative": 0.0}
    assert "seconds" not in content["cells"]["tree"]
    assert {"commit", "versions", "machine"} <= content["provenance"].keys()


def test_texts_must_be_equal(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "RECORDED", tmp_path)
    monkeypatch.setenv("VRETLIB_RECORD", "1")
    frame = pd.DataFrame({"Length": ["0:01:30"]}, index=["film"])
    check("t", frame, 0)
    monkeypatch.setenv("VRETLIB_RECORD", "")
    assert check("t", frame, 0).status == "within"
    assert check("t", frame.replace("0:01:30", "0:01:31"), 0).status == "outside"


def test_a_damaged_record_is_one_clear_error(record, table):
    record.write_text('{"cells": ')
    with pytest.raises(UserError, match=r"table_5\.1\.json: not a record"):
        run(table)


def test_a_failed_write_leaves_the_old_record(record, table, monkeypatch):
    before = record.read_bytes()
    monkeypatch.setenv("VRETLIB_RECORD", "1")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(UserError, match="No space left"):
        run(table + 1)
    assert record.read_bytes() == before
    assert list(record.parent.iterdir()) == [record]


@pytest.mark.parametrize(
    ("limit", "obtained", "holds"),
    [
        (Tolerance(0.02), 0.96, True),  # 0.96 - 0.94 is 0.020000000000000018 in binary
        (Tolerance(0.02), 0.961, False),
        (Tolerance(relative=0.1), 0.94 * 1.09, True),
        (Tolerance(relative=0.1), 0.94 * 1.11, False),
        (Tolerance(0.5, relative=0.1), 1.4, True),
        (Tolerance(), 0.94, True),
        (Tolerance(), 0.9400001, False),
    ],
)
def test_a_tolerance_is_absolute_or_relative_whichever_allows_more(limit, obtained, holds):
    assert limit.allows(obtained, 0.94) is holds
