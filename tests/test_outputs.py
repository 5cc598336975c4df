"""Files that are written in one step."""

import os

import pytest

from vretlib import outputs
from vretlib.errors import UserError


def test_text_is_utf_8_and_missing_folders_are_made(tmp_path):
    out = tmp_path / "new" / "über.json"
    outputs.write(out, "é\n")
    assert out.read_bytes() == b"\xc3\xa9\n"
    outputs.write(out, b"\x00")
    assert out.read_bytes() == b"\x00"
    assert list(out.parent.iterdir()) == [out]


def test_a_write_that_fails_keeps_the_old_file_and_leaves_nothing_of_the_new_one(tmp_path, monkeypatch):
    out = tmp_path / "card.json"
    outputs.write(out, "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match=r"card\.json: cannot be written \(No space left on device\); free some space"):
        outputs.write(out, "new")
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_a_folder_of_that_name_is_named(tmp_path):
    with pytest.raises(UserError, match="Is a directory"):
        outputs.write(tmp_path, "text")
