"""The memory that a piece of work needs."""

import tracemalloc
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def peak(work: Callable[[], Result]) -> tuple[Result, float]:
    """The result of ``work``, and the most MiB (2²⁰ bytes) that its arrays took at one time beyond what was there.

    Counted are NumPy arrays and Python's own objects, also those made in other threads: the same on every machine.
    What torch, OpenCV and compiled kernels allocate for themselves is not seen. A call inside another one would reset
    the outer count, so only one may be open in a process.
    """
    if tracemalloc.is_tracing():
        raise RuntimeError("memory is being traced already; one peak at a time")
    tracemalloc.start()
    try:
        result = work()
        return result, tracemalloc.get_traced_memory()[1] / (1 << 20)
    finally:
        tracemalloc.stop()
