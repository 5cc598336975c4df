"""Processes to draw in.

Films and landmarks are drawn by very many short calls, between which Python's lock is wanted: two threads draw
landmarks no faster than one, two processes nearly twice as fast.
"""

import os
import threading
import time
from concurrent.futures import Executor

import cv2
from loky import get_reusable_executor

from vretlib.parallel import n_threads


def processes() -> Executor:
    """As many processes as :func:`vretlib.parallel.n_threads` says, shared by all who ask.

    They start with the first piece of work, which takes three seconds, and end when there has been none for ten. A
    piece of work, what it is given and what it returns travel as pickles; what it raises is raised where its result is
    asked for. Scripts that draw need no ``if __name__ == "__main__"``. If the caller is killed, they end within
    seconds, and what was under way with them.
    """
    executor: Executor = get_reusable_executor(
        max_workers=n_threads(), timeout=10, initializer=_begin, initargs=(os.getpid(),)
    )
    return executor


def _begin(caller: int) -> None:
    cv2.setNumThreads(1)
    threading.Thread(target=_end_with, args=(caller,), daemon=True).start()


def _end_with(caller: int) -> None:
    """Wait until this process has another parent than the caller, which is then gone; go as well."""
    while os.getppid() == caller:
        time.sleep(0.5)
    os._exit(1)
