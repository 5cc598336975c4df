"""An iterator that works ahead of its reader, in a thread."""

import queue
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True)
class _Made(Generic[Item]):
    item: Item


@dataclass(frozen=True)
class _Failed:
    error: BaseException


class _End:
    pass


def ahead(items: Iterable[Item], depth: int = 2) -> Iterator[Item]:
    """The same items in the same order; up to ``depth`` of them are made while the reader is busy.

    What ``items`` raises is raised to the reader, after the items before it. A reader that stops early stops the
    thread.
    """
    waiting: queue.Queue[_Made[Item] | _Failed | _End] = queue.Queue(depth)
    stopped = threading.Event()

    def put(thing: _Made[Item] | _Failed | _End) -> bool:
        while not stopped.is_set():
            try:
                waiting.put(thing, timeout=0.1)
                return True
            except queue.Full:
                continue
        return False

    def work() -> None:
        try:
            for item in items:
                if not put(_Made(item)):
                    return
            put(_End())
        except BaseException as error:  # handed to the reader
            put(_Failed(error))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while not isinstance(thing := waiting.get(), _End):
            if isinstance(thing, _Failed):
                raise thing.error
            yield thing.item
    finally:
        stopped.set()
        thread.join()
