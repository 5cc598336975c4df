import os
import subprocess
import sys
import time
from pathlib import Path

import cv2
import psutil
import pytest

from vretlib.errors import UserError
from vretlib.parallel import n_threads
from vretlib.processes import processes


def test_work_is_done_elsewhere_and_comes_back_in_order() -> None:
    found = list(processes().map(lambda i: (i, os.getpid()), range(20)))
    assert [i for i, _ in found] == list(range(20))
    where = {pid for _, pid in found}
    assert os.getpid() not in where
    assert 1 <= len(where) <= n_threads()


def test_all_who_ask_share_them_and_opencv_keeps_to_one_thread_there_only() -> None:
    before = cv2.getNumThreads()
    assert processes() is processes()
    assert processes().submit(cv2.getNumThreads).result() == 1
    assert cv2.getNumThreads() == before


def test_what_the_work_raises_is_raised_to_the_caller() -> None:
    def bad(path: str) -> None:
        raise UserError(f"{path}: no space; free some")

    with pytest.raises(UserError, match="/there: no space; free some"):
        processes().submit(bad, "/there").result()
    assert processes().submit(int, "3").result() == 3


def test_they_end_within_seconds_of_a_caller_that_is_killed(tmp_path: Path) -> None:
    code = f"""if True:
        import os, pathlib, time
        from vretlib.processes import processes
        def draw(i):
            pathlib.Path({str(tmp_path)!r}, str(os.getpid())).touch()
            time.sleep(300)
        list(processes().map(draw, range(2)))
    """
    caller = subprocess.Popen([sys.executable, "-c", code])
    until = time.monotonic() + 60
    while not list(tmp_path.iterdir()) and time.monotonic() < until:
        time.sleep(0.1)
    drawing = [psutil.Process(int(mark.name)) for mark in tmp_path.iterdir()]
    assert drawing
    caller.kill()
    caller.wait()
    assert psutil.wait_procs(drawing, timeout=10)[1] == []


def test_a_pool_that_renews_itself_says_nothing() -> None:
    """Loky warns when a process ends, without work, at the moment when new work comes; it has started another."""
    text = "A worker stopped while some jobs were given to the executor. This can be caused by a too short timeout"
    said = f"import warnings, vretlib.processes; warnings.warn({text!r}); warnings.warn('other')"
    ran = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert "A worker stopped" not in ran.stderr
    assert "other" in ran.stderr


def test_work_in_a_process_is_not_divided_again() -> None:
    assert set(processes().map(_threads, range(4))) == {1}


def _threads(_: int) -> int:
    return n_threads()
