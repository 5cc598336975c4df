"""Timing of methods that are compared."""

import time
from collections.abc import Callable, Sequence

import numpy as np

_PAUSE = 0.1  # seconds


def in_turns(
    works: Sequence[Callable[[], object]], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """The fewest seconds of each work, without its first call; all run in turns, so a slow phase slows all of them.

    ``clock`` may be ``time.process_time``, the CPU time of all threads. There is a pause before each call: threads of a
    library such as OpenBLAS keep a processor busy for a while after their work, and would slow the next one.
    """
    best = [np.inf] * len(works)
    for work in works:
        work()
    for _ in range(rounds):
        for i, work in enumerate(works):
            time.sleep(_PAUSE)
            started = clock()
            work()
            best[i] = min(best[i], clock() - started)
    return best


def repeated(ours: Callable[[], object], other: Callable[[], object], rounds: int) -> tuple[float, float, float]:
    """Median seconds of both works, and the median over rounds of the other's seconds divided by ours.

    Both run in every round, and take turns in being first, so that other processes and slow phases of the machine
    affect both alike. There is a pause before each call, as in `in_turns`; call both once before, to load and compile.
    """
    works = (ours, other)
    seconds = np.empty((rounds, 2))
    for i in range(rounds):
        for which in (i % 2, 1 - i % 2):
            time.sleep(_PAUSE)
            started = time.perf_counter()
            works[which]()
            seconds[i, which] = time.perf_counter() - started
    medians = np.median(seconds, axis=0)
    return float(medians[0]), float(medians[1]), float(np.median(seconds[:, 1] / seconds[:, 0]))
