"""The memory that a piece of work needs."""

import tracemalloc
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def peak(work: Callable[[], Result]) -> tuple[Result, float]:
    """The result of ``work``, and the peak memory of its arrays in MiB (2²⁰ bytes), beyond what was there before.

    NumPy arrays and Python's own objects are counted, also those made in other threads, so the result is the same on
    every machine. Memory that torch, OpenCV and compiled kernels allocate for themselves is not counted. A call inside
    another one would reset the outer count, so a process may run only one at a time.
    """
    if tracemalloc.is_tracing():
        raise RuntimeError("memory is being traced already; one peak at a time")
    tracemalloc.start()
    try:
        result = work()
        return result, tracemalloc.get_traced_memory()[1] / (1 << 20)
    finally:
        tracemalloc.stop()
