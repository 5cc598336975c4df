"""How everything that is compared is timed."""

import time
from collections.abc import Callable, Sequence

import numpy as np

_PAUSE = 0.1  # seconds


def in_turns(works: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """The best seconds of each after one call that does not count; all in turns, so that a slow phase slows all.

    Before each call is a pause: threads of a library such as OpenBLAS keep a processor busy for a while after their
    work, and would slow whatever comes next.
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
