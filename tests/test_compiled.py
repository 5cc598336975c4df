import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from vretlib import compiled

KERNEL = "from vretlib.evaluation import ranking; from vretlib.video import frames; import matplotlib"


def run(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Python in a process of its own, whose environment says nothing of caches but what is given."""
    ours = ("NUMBA_CACHE_DIR", "MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=kept | variables, capture_output=True, text=True, check=False)


def damage(path: Path, content: bytes) -> None:
    """Change a file as a disk does: its time of writing stays."""
    written = path.stat().st_mtime_ns
    path.write_bytes(content)
    os.utime(path, ns=(written, written))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Compiled files with their checksums beside them."""
    folder = tmp_path / "numba" / "abc"
    (folder / "search_123").mkdir(parents=True)
    for name in ("f-1.py311.nbi", "f-1.py311.1.nbc"):
        (folder / "search_123" / name).write_bytes(name.encode() * 100)
    compiled.keep_checksums(folder)
    return folder


def test_a_damaged_kernel_is_said_and_removed_and_the_others_stay(folder: Path, said: list[str]) -> None:
    compiled.remove_damaged(folder)
    assert said == []
    damaged = folder / "search_123" / "f-1.py311.1.nbc"
    damage(damaged, b"\0" + damaged.read_bytes()[1:])
    compiled.remove_damaged(folder)
    assert said == ["compiled kernels: damaged or replaced (search_123/f-1.py311.1.nbc), made anew"]
    assert [path.suffix for path in (folder / "search_123").iterdir()] == [".nbi"]


def test_a_kernel_that_is_new_is_kept_and_then_guarded(folder: Path) -> None:
    new = folder / "search_123" / "g-2.py311.nbi"
    new.write_bytes(b"new")
    compiled.remove_damaged(folder)
    compiled.keep_checksums(folder)
    damage(new, b"")
    compiled.remove_damaged(folder)
    assert not new.exists()


def test_a_kernel_that_a_running_process_writes_again_is_not_damaged(folder: Path, said: list[str]) -> None:
    """Numba replaces a file when it adds a kernel for other types; the checksums are of a process that ended before."""
    again = folder / "search_123" / "f-1.py311.nbi"
    again.with_suffix(".new").write_bytes(b"more kernels")
    os.replace(again.with_suffix(".new"), again)
    compiled.remove_damaged(folder)
    assert (said, again.read_bytes()) == ([], b"more kernels")
    compiled.keep_checksums(folder)
    damage(again, b"less")
    compiled.remove_damaged(folder)
    assert not again.exists()


@pytest.mark.parametrize(
    "sums", ["", "[]", "3", "{", '{"search_123/f-1.py311.nbi": "a checksum of an earlier version"}']
)
def test_damaged_checksums_guard_nothing_and_are_made_anew(folder: Path, sums: str) -> None:
    beside = folder.with_name("abc.json")
    beside.write_text(sums)
    compiled.remove_damaged(folder)
    compiled.keep_checksums(folder)
    assert len(list((folder / "search_123").iterdir())) == 2
    assert "f-1.py311.nbi" in beside.read_text()


def test_a_cache_that_cannot_be_written_is_one_line_and_the_kernels_run(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code = "import vretlib, os; print(os.environ['NUMBA_CACHE_DIR']); from vretlib.evaluation import ranking"
    done = run(code, VRETLIB_CACHE=str(tmp_path / "file" / "cache"))
    assert done.returncode == 0
    assert done.stderr.count("\n") == 1
    assert "VRETLIB_CACHE" in done.stderr
    assert not Path(done.stdout.strip()).exists()  # gone with the process


def test_nothing_that_can_be_written_at_all_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code = "import tempfile; tempfile._candidate_tempdir_list = lambda: ['/proc/none']; import vretlib"
    done = run(code, VRETLIB_CACHE=str(tmp_path / "file" / "cache"))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "set VRETLIB_CACHE, or NUMBA_CACHE_DIR" in done.stderr


def test_a_home_that_cannot_be_written_is_no_word_at_all(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run(KERNEL, HOME=str(tmp_path / "file" / "home"), VRETLIB_CACHE=str(tmp_path / "cache"))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_callers_own_folders_are_left(tmp_path: Path) -> None:
    code = "import os, vretlib; print(os.environ['NUMBA_CACHE_DIR'], os.environ['MPLCONFIGDIR'])"
    done = run(code, NUMBA_CACHE_DIR=str(tmp_path), MPLCONFIGDIR="/mine", HOME="/nowhere")
    assert done.stdout.split() == [str(tmp_path), "/mine"]


REASONS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)
FULL = f"""
import itertools
import logging
import vretlib
from numba.core.caching import IndexDataCacheFile
import numpy as np

reasons, met = itertools.cycle({REASONS}), set()

def full(self, *_):
    met.add(reason := next(reasons))
    raise OSError(reason, "no more")

IndexDataCacheFile.save = full
logging.basicConfig(format="%(message)s")
from vretlib.search import hamming
from vretlib.evaluation import ranking
print(hamming.knn(np.zeros((2, 32), np.uint8), np.full((3, 32), 255, np.uint8), 3)[0].tolist())
print(met == set({REASONS}))
"""


def test_kernels_that_cannot_be_kept_for_any_reason_run_and_are_said_once(tmp_path: Path) -> None:
    done = run(FULL, VRETLIB_CACHE=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{[[256] * 3] * 2}\nTrue\n"
    [line] = done.stderr.splitlines()
    assert line.startswith(str(tmp_path))
    assert "compiled kernels cannot be kept (no more)" in line
