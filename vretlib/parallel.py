"""Parallel work: slices of an array, batches of a network, and items that are made ahead.

There are three maps, because work differs in how it is divided. `map_slices` divides one array, whose items are too
short for a thread each. `threaded_map` has items that take long, such as films, and holds only a few of them at a time.
`parallel_map` also divides torch's threads among the items: by itself torch gives all of them to each item.

Searches divide their queries among threads (`map_slices`). The kernels release the interpreter's lock and each answers
one slice, so the answers do not depend on the number of threads. Numba's own parallel loops are not used: their OpenMP
layer crashes in forked processes, their workqueue layer crashes when two threads call it, and they triple the time to
compile.

Networks run on several batches at once (`parallel_map`), because one network leaves cores idle in small layers:
a sixth of two cores' time for SqueezeNet on frames of 640 × 360. Layers 512 wide are trained faster by one thread than
by two.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

import numba

if TYPE_CHECKING:  # searches load without torch
    import torch

log = logging.getLogger(__name__)

T = TypeVar("T")
Item = TypeVar("Item")
Result = TypeVar("Result")

_AT_ONCE = 4  # each holds its activations

_here = threading.local()
"""``_here.shared`` is there in the threads of `parallel_map`: work that is divided already is not divided again."""


def n_threads() -> int:
    """How many threads or processes work at once: numba's setting, which ``NUMBA_NUM_THREADS`` limits."""
    return int(numba.config.NUMBA_NUM_THREADS)


def map_slices(function: Callable[[slice], T], n: int, *, per_thread: int = 1, at_least: int = 1) -> list[T]:
    """The results of ``function`` on consecutive slices of ``range(n)``, in order.

    Parameters
    ----------
    function: releases the interpreter's lock; otherwise threads do not help.
    n: number of items. If it is 0, ``function`` is called with one empty slice, so that results have their dtype.
    per_thread: slices per thread: more if the cost of items differs much.
    at_least: minimum number of items per slice; for fewer, another thread costs more than it saves.
    """
    n_slices = max(1, min(n_threads() * per_thread, n // at_least))
    slices = [slice(i * n // n_slices, (i + 1) * n // n_slices) for i in range(n_slices)]
    if n_slices == 1:
        return [function(slices[0])]
    return list(threaded_map(function, slices))


def threaded_map(
    work: Callable[[Item], Result], items: Iterable[Item], *, at_most: int | None = None
) -> Iterator[Result]:
    """The results of ``work`` on each item, such as a film or a photograph, in the order of ``items``.

    `n_threads` threads work, or ``at_most`` of them, a few items ahead of the reader. ``items`` are read when they are
    needed, in the reader's thread. ``work`` releases the interpreter's lock, as OpenCV, PyAV and compiled kernels do.
    Errors of ``items`` and ``work`` are raised to the reader.
    """
    workers = min(n_threads(), at_most or n_threads())
    with ThreadPoolExecutor(workers) as pool:
        yield from _in_order(pool, work, items, 4 * workers)


def _in_order(
    pool: ThreadPoolExecutor, work: Callable[[Item], Result], items: Iterable[Item], at_most_waiting: int
) -> Iterator[Result]:
    """Results in the order of ``items``; up to ``at_most_waiting`` of them wait for the reader.

    An error cancels what waits. What is under way cannot be stopped: the pool waits for it. A warning says so to the
    user who interrupts.
    """
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > at_most_waiting:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except KeyboardInterrupt:
        log.warning("interrupted: what is under way ends first, which can take a minute")
        raise
    finally:
        for future in waiting:
            future.cancel()


def parallel_map(
    work: Callable[[Item], Result], items: Iterable[Item], device: torch.device, *, threads_each: int | None = None
) -> Iterator[Result]:
    """The results of ``work`` on each item, such as a batch or a training, in the order of ``items``.

    On a CPU, `n_threads` items run at once, four at most, and share torch's threads; each has one at least. On other
    devices, and in the threads of another `parallel_map`, they run one after the other. With ``threads_each=1`` the
    rounding of results does not depend on the number of cores.

    ``items`` are read when they are needed, in the reader's thread. Errors of ``items`` and ``work`` are raised to the
    reader. ``work`` must enter modes that belong to a thread, such as ``torch.inference_mode``, itself. It should draw
    from a generator that is passed in: the order of draws from torch's global generator is not fixed. The global
    generator has its state from before when all items are done.
    """
    import torch

    threads = torch.get_num_threads()
    workers = 1 if device.type != "cpu" or hasattr(_here, "shared") else min(_AT_ONCE, n_threads())
    if workers == 1:
        yield from map(work if threads_each is None else partial(with_threads, threads_each, work), items)
        return

    def start() -> None:
        _here.shared = True
        torch.set_num_threads(threads_each or max(1, threads // workers))

    pool = ThreadPoolExecutor(workers, initializer=start)
    with torch.random.fork_rng(devices=[]), pool:
        try:
            yield from _in_order(pool, work, items, workers)  # one more than can run, so that none waits for the reader
        finally:
            torch.set_num_threads(threads)  # the setting with which later threads begin


def with_threads(n: int, work: Callable[[Item], Result], item: Item) -> Result:
    """The result of ``work`` on one item, for which torch has ``n`` threads."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(n)
    try:
        return work(item)
    finally:
        torch.set_num_threads(threads)


@dataclass(frozen=True)
class _Made(Generic[Item]):
    item: Item


@dataclass(frozen=True)
class _Failed:
    error: BaseException


class _End:
    pass


def prefetch(items: Iterable[Item], depth: int = 2) -> Iterator[Item]:
    """The same items in the same order; a thread makes up to ``depth`` of them ahead of the reader.

    Errors of ``items`` are raised to the reader after the items before them. If the reader stops early, the thread
    stops.
    """
    ready: queue.SimpleQueue[_Made[Item] | _Failed | _End] = queue.SimpleQueue()
    places = threading.Semaphore(depth)  # taken before an item is made, given back when it is read
    stopped = threading.Event()

    def work() -> None:
        try:
            places.acquire()
            for item in items:
                ready.put(_Made(item))
                places.acquire()
                if stopped.is_set():
                    return
            ready.put(_End())
        except BaseException as error:  # handed to the reader
            ready.put(_Failed(error))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while not isinstance(thing := ready.get(), _End):
            if isinstance(thing, _Failed):
                raise thing.error
            places.release()
            yield thing.item
    finally:
        stopped.set()
        places.release()
        thread.join()
