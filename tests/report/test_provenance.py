import hashlib
import json
import subprocess
import sys

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.report import provenance


def test_the_footer_names_code_machine_seed_and_time():
    facts = provenance.footer(seed=7, seconds=12.345).facts
    assert facts["seed"] == 7
    assert facts["seconds"] == 12.3
    assert facts["commit"]
    assert facts["versions"]["numpy"]
    assert facts["machine"]["cores"] >= 1
    json.dumps(facts)


def test_files_and_folders_are_reduced_to_checksums(tmp_path):
    (tmp_path / "a.bin").write_bytes(b"abc")
    facts = provenance.footer(data={"file": tmp_path / "a.bin", "set": tmp_path, "known": "sha 12"}).facts["data"]
    assert facts["file"] == hashlib.sha256(b"abc").hexdigest()[:16]
    assert facts["known"] == "sha 12"
    (tmp_path / "a.bin").rename(tmp_path / "b.bin")
    assert provenance.footer(data={"set": tmp_path}).facts["data"]["set"] != facts["set"]


def test_data_that_are_not_there_are_an_error(tmp_path):
    with pytest.raises(UserError, match="no such file"):
        provenance.footer(data={"film": tmp_path / "film.mp4"})


def test_what_is_empty_is_not_shown():
    text = repr(provenance.Provenance({"seed": 0, "data": {}, "gpu": "", "weights": {"net": "12ab"}}))
    assert text.splitlines() == ["seed     0", "weights  net 12ab"]
    assert "<th" in provenance.Provenance({"cpu": "a<b"})._repr_html_()
    assert "a&lt;b" in provenance.Provenance({"cpu": "a<b"})._repr_html_()


def test_a_copy_without_git_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("vretlib.paths.ROOT", tmp_path)
    assert provenance.environment()["commit"] == "unknown"


def test_the_commit_says_whether_code_differs_and_recording_numbers_is_no_change_of_code(tmp_path, monkeypatch):
    monkeypatch.setattr("vretlib.paths.ROOT", tmp_path)
    (tmp_path / "data" / "recorded").mkdir(parents=True)
    code, numbers = tmp_path / "code.py", tmp_path / "data" / "recorded" / "table.json"
    for path in (code, numbers):
        path.write_text("1")
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for arguments in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "first"]):
        subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True)
    numbers.write_text("2")
    clean = provenance.environment()["commit"]
    assert len(clean) == 12
    code.write_text("2")
    assert provenance.environment()["commit"] == f"{clean} + changes"


def test_peak_memory_is_that_of_the_process_and_not_of_the_one_that_started_it():
    large = np.ones(400 << 17)  # 400 MiB here
    code = "from vretlib.report import provenance; print(provenance._peak_mib())"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert 10 < int(child.stdout) < large.nbytes >> 20
