"""Processes that draw films and landmarks.

Drawing consists of many short calls, and each needs Python's lock in between: two threads draw landmarks no faster than
one, two processes nearly twice as fast.
"""

import os
import threading
import time
import warnings
from concurrent.futures import Executor

import cv2
from loky import get_reusable_executor

from vretlib.parallel import n_threads

# The pool starts a new process by itself if one ends, for lack of work, just when new work comes.
warnings.filterwarnings("ignore", "A worker (stopped|was restarted) while some jobs were given", UserWarning)


def processes() -> Executor:
    """A shared pool of `vretlib.parallel.n_threads` processes.

    The processes start with the first task, which takes five seconds, and end after five minutes without tasks: most
    pages need them several times.
    Functions, arguments and results are pickled; errors are raised where a result is read. Scripts that draw need no
    ``if __name__ == "__main__"``. If the caller is killed, the processes end within seconds.
    """
    executor: Executor = get_reusable_executor(
        max_workers=n_threads(), timeout=300, initializer=_start_worker, initargs=(os.getpid(),),
        env={"NUMBA_NUM_THREADS": "1"},  # what is divided among processes is not divided again
    )  # fmt: skip
    return executor


def _start_worker(caller: int) -> None:
    cv2.setNumThreads(1)
    threading.Thread(target=_exit_with_caller, args=(caller,), daemon=True).start()


def _exit_with_caller(caller: int) -> None:
    """Exit when the caller has ended, which gives this process another parent."""
    while os.getppid() == caller:
        time.sleep(0.5)
    os._exit(1)
