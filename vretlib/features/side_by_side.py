"""Batches through a network, several at once on a CPU.

A network on one batch leaves cores idle wherever a layer is small or not divided (a sixth of two cores' time, for
SqueezeNet on frames of 640 × 360). Batches that run beside each other, each on its share of the threads, fill them.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import torch

Item = TypeVar("Item")
Result = TypeVar("Result")

_AT_ONCE = 4  # each holds its activations


def batch_pixels(device: torch.device) -> int:
    """Pixels that one batch should have at most.

    On a CPU few, since a batch keeps to its core, and since the C library takes new pages from the system for every
    tensor above 32 MiB: with four times as many a third of SqueezeNet's time goes there.
    """
    return 1 << 18 if device.type == "cpu" else 1 << 21


def side_by_side(work: Callable[[Item], Result], items: Iterable[Item], device: torch.device) -> Iterator[Result]:
    """``work`` of each item, in the order of ``items``.

    On a CPU up to four at once, which share torch's threads; elsewhere, or with one thread, one after the other.
    ``items`` are taken as they are needed, in the reader's thread. What ``items`` or ``work`` raises is raised to the
    reader. Modes that belong to a thread, such as ``torch.inference_mode``, ``work`` has to enter itself.
    """
    threads = torch.get_num_threads()
    workers = min(_AT_ONCE, threads) if device.type == "cpu" else 1
    if workers == 1:
        yield from map(work, items)
        return
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(threads // workers,)) as pool:
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
