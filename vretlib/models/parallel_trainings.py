"""Trainings of small networks and hash functions in parallel on a CPU, each on one thread.

Each has one thread because one is as quick as two where layers are a few hundred wide, and because the rounding, to
which a short training can be sensitive, then does not depend on how many cores there are.

* `in_threads` is for trainings whose time goes into products of matrices, with layers a few hundred wide: they release
  Python's lock. The trainings share the data, and may take any function and keep their results in the cache.
* `in_processes` is for trainings of many short steps. Each step needs Python's lock, so that two threads are hardly
  faster than one, see `vretlib.processes`. The data are copied to each process, and everything is pickled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

import torch
from threadpoolctl import threadpool_limits

from vretlib.parallel import n_threads, parallel_map, with_threads
from vretlib.processes import processes

Item = TypeVar("Item")
Result = TypeVar("Result")

_ROUNDS = 16
"""Pieces of work for each process: more share unequal trainings better, and each takes the data along."""


def in_threads(train_one: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """The results of ``train_one`` on each item, in their order, for steps that are mostly products of matrices.

    Threads, torch's settings and errors are as in `vretlib.parallel.parallel_map`.
    """
    return parallel_map(train_one, items, torch.device("cpu"), threads_each=1)


def in_processes(train_one: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """The results of ``train_one`` on each item, in their order, for steps that are many and short.

    ``train_one``, items and results are pickled; the first is a function of a module, or a `functools.partial` of one.
    With one thread everything happens in this process.
    """
    alone = partial(_alone, train_one)
    if n_threads() == 1 or len(items) == 1:
        return [alone(item) for item in items]
    return list(processes().map(alone, items, chunksize=max(1, len(items) // (_ROUNDS * n_threads()))))


def _alone(train_one: Callable[[Item], Result], item: Item) -> Result:
    with threadpool_limits(1, user_api="blas"):
        return with_threads(1, train_one, item)
