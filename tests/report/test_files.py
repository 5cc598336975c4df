import json

import pytest

from vretlib.errors import UserError
from vretlib.report.files import replacing, slug, write_json, write_text


def fail_halfway(path):
    with replacing(path) as partial:
        partial.write_text("half")
        raise RuntimeError


def test_a_failure_halfway_leaves_the_old_file_and_nothing_else(tmp_path):
    path = write_text(tmp_path / "a.txt", "old")
    with pytest.raises(RuntimeError):
        fail_halfway(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_json_is_readable_and_refuses_what_json_has_not(tmp_path):
    path = write_json(tmp_path / "deep/a.json", {"ρ": 1.5})
    assert "ρ" in path.read_text(encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == {"ρ": 1.5}
    with pytest.raises(ValueError, match="JSON"):
        write_json(path, {"a": float("nan")})


def test_a_refused_write_names_the_file_and_the_way_out(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"file/a\.txt: cannot write.*results_dir"):
        write_text(tmp_path / "file" / "a.txt", "x")


def test_titles_become_file_names():
    assert slug("Table 5.1") == "table_5.1"
    assert slug(" Fig 5.3: tracks / shots ") == "fig_5.3_tracks_shots"
