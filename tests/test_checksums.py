import hashlib
import os
import time
from pathlib import Path

import pytest

from vretlib import checksums, paths
from vretlib.errors import UserError


@pytest.fixture(autouse=True)
def nothing_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(checksums, "_known", {})
    monkeypatch.setattr(checksums, "_LARGE", 1000)
    monkeypatch.setattr(checksums, "_SETTLED", 0.05)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"a" * 5000)
    time.sleep(0.1)
    return path


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    read, seen = checksums.read, []
    monkeypatch.setattr(checksums, "read", lambda path: (seen.append(path.name), read(path))[1])
    return seen


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_film_is_read_once_by_all_processes(film: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert checksums.checksum(film) == checksums.checksum(film) == sha256(film)
    monkeypatch.setattr(checksums, "_known", {})  # as in another process
    assert checksums.checksum(film) == sha256(film)
    assert reads == ["film.mp4"]


def test_another_file_of_the_same_size_and_time_at_the_same_path_is_noticed(film: Path, tmp_path: Path) -> None:
    before, facts = checksums.checksum(film), film.stat()
    (tmp_path / "other").write_bytes(b"b" * 5000)
    os.utime(tmp_path / "other", ns=(facts.st_atime_ns, facts.st_mtime_ns))
    os.replace(tmp_path / "other", film)
    assert checksums.checksum(film) == sha256(film) != before


def test_new_content_of_the_same_size_and_time_is_noticed(film: Path) -> None:
    before, facts = checksums.checksum(film), film.stat()
    film.write_bytes(b"b" * 5000)
    os.utime(film, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert checksums.checksum(film) == sha256(film) != before


def test_a_file_just_written_is_not_remembered(tmp_path: Path, reads: list[str]) -> None:
    (tmp_path / "new").write_bytes(b"a" * 5000)
    checksums.checksum(tmp_path / "new")
    checksums.checksum(tmp_path / "new")
    assert len(reads) == 2


@pytest.mark.parametrize("note", ["", "0" * 64, f"{'0' * 64} {'1' * 64}", "0 0", "\0"])
def test_a_damaged_note_is_not_believed(film: Path, monkeypatch: pytest.MonkeyPatch, note: str) -> None:
    checksums.checksum(film)
    [kept] = (paths.CACHE / "checksums").iterdir()
    kept.write_text(note)
    monkeypatch.setattr(checksums, "_known", {})
    assert checksums.checksum(film) == sha256(film)


def test_a_cache_that_cannot_be_written_only_costs_time(film: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    assert checksums.checksum(film) == sha256(film)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(UserError, match="expected a file"):
            checksums.checksum(path)
