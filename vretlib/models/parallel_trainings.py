"""Trainings of many small networks and hash functions in processes, each on one thread.

Their steps are short calls, and each needs Python's lock in between: two threads are hardly faster than one, see
`vretlib.processes`. The results do not depend on the number of processes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import torch
from threadpoolctl import threadpool_limits

from vretlib.parallel import n_threads
from vretlib.processes import processes

Item = TypeVar("Item")
Result = TypeVar("Result")

_ROUNDS = 4
"""Pieces of work for each process: more share unequal trainings better, and each takes the data along."""


def in_processes(train_one: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """The results of ``train_one`` on each item, in their order.

    ``train_one``, items and results are pickled; the first is a function of a module, or a `functools.partial` of one.
    With one thread everything happens in this process.
    """
    alone = partial(_alone, train_one)
    if n_threads() == 1 or len(items) == 1:
        return [alone(item) for item in items]
    return list(processes().map(alone, items, chunksize=max(1, len(items) // (_ROUNDS * n_threads()))))


def _alone(train_one: Callable[[Item], Result], item: Item) -> Result:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1, user_api="blas"):
            return train_one(item)
    finally:
        torch.set_num_threads(threads)
