import os

import cv2
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
