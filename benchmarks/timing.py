"""Timing of methods that are compared."""

import time
from collections.abc import Callable, Sequence

import numpy as np

_PAUSE = 0.1  # seconds


def in_turns(works: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """The fewest seconds of each work, without its first call; all run in turns, so a slow phase slows all of them.

    There is a pause before each call: threads of a library such as OpenBLAS keep a processor busy for a while after
    their work, and would slow the next one.
    """
    best = [np.inf] * len(works)
    for work in works:
        work()
    for _ in range(rounds):
        for i, work in enumerate(works):
            time.sleep(_PAUSE)
            started = time.perf_counter()
            work()
            best[i] = min(best[i], time.perf_counter() - started)
    return best
