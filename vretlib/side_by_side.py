"""Batches through a network, or networks in training, several at once on a CPU.

A network leaves cores idle wherever a layer is small or not divided: a sixth of two cores' time for SqueezeNet on
frames of 640 × 360, and layers 512 wide are even trained quicker by one thread than by two. Side by side, each on its
share of the threads, they fill the cores.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import torch

Item = TypeVar("Item")
Result = TypeVar("Result")

_AT_ONCE = 4  # each holds its activations


def side_by_side(
    work: Callable[[Item], Result], items: Iterable[Item], device: torch.device, *, threads_each: int | None = None
) -> Iterator[Result]:
    """``work`` of each item, in the order of ``items``.

    On a CPU up to four at once, which share torch's threads; elsewhere, or with one thread, one after the other. With
    ``threads_each=1`` the rounding of results does not depend on how many cores there are.
    ``items`` are taken as they are needed, in the reader's thread. What ``items`` or ``work`` raises is raised to the
    reader. Modes that belong to a thread, such as ``torch.inference_mode``, ``work`` has to enter itself. The global
    generator of torch is left as it was, but what ``work`` draws from it depends on who comes first: draw from one of
    your own.
    """
    threads = torch.get_num_threads()
    workers = min(_AT_ONCE, threads) if device.type == "cpu" else 1
    if workers == 1:
        yield from map(work, items)
        return
    waiting: deque[Future[Result]] = deque()
    pool = ThreadPoolExecutor(
        workers, initializer=torch.set_num_threads, initargs=(threads_each or threads // workers,)
    )
    with torch.random.fork_rng(devices=[]), pool:
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) > workers:  # one more than can run, so that none waits for the reader
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
            torch.set_num_threads(threads)  # what threads yet to come begin with
