"""Several threads over one batch of queries.

The kernels release the interpreter's lock and know nothing of threads: each answers a slice of the queries, so
the answers cannot depend on how many threads there are. Numba's own parallel loops were not used: their OpenMP
layer dies in forked processes, their workqueue layer when two threads call at once, and they triple the time to
compile.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numba

T = TypeVar("T")


def n_threads() -> int:
    """Threads that a search uses: numba's setting, so ``NUMBA_NUM_THREADS`` limits it."""
    return int(numba.config.NUMBA_NUM_THREADS)


def map_slices(function: Callable[[slice], T], n: int, *, per_thread: int = 1, at_least: int = 1) -> list[T]:
    """``function`` on consecutive slices that cover ``range(n)``; the results in order.

    Parameters
    ----------
    function
        Must release the interpreter's lock for the threads to help.
    n
        Number of items. With none, ``function`` still sees one empty slice, so that results have their dtype.
    per_thread
        Slices per thread: more where items differ much in cost.
    at_least
        Items per slice below which another thread costs more than it saves.
    """
    n_slices = max(1, min(n_threads() * per_thread, n // at_least))
    slices = [slice(i * n // n_slices, (i + 1) * n // n_slices) for i in range(n_slices)]
    if n_slices == 1:
        return [function(slices[0])]
    with ThreadPoolExecutor(n_threads()) as pool:
        return list(pool.map(function, slices))
