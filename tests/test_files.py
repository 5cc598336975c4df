"""Paths that users give."""

from pathlib import Path

import pytest

from vretlib import files
from vretlib.datasets import faces, instances, landmarks
from vretlib.errors import UserError


def test_a_path_is_a_text_or_a_path_with_the_home_folder_expanded(monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    assert files.given("~/a") == files.given(Path("~/a")) == Path("/home/me/a")


@pytest.mark.parametrize("wrong", [None, 3, b"a", ["a"]])
def test_what_is_no_path_is_one_clear_error(wrong):
    with pytest.raises(UserError, match="is not a path; expected a text or a pathlib"):
        files.given(wrong)
    for load in (landmarks.load, instances.load, faces.load):
        with pytest.raises(UserError, match="is not a path"):
            load("folder", root=wrong)
