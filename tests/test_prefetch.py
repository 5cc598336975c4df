import threading
import time
from collections.abc import Iterator

import pytest

from vretlib.parallel import prefetch


def test_the_items_come_in_order() -> None:
    assert list(prefetch(range(100))) == list(range(100))
    assert list(prefetch([])) == []


def test_what_goes_wrong_is_raised_after_what_went_right() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("two")

    found = prefetch(items())
    assert next(found) == 1
    with pytest.raises(ValueError, match="two"):
        next(found)


def test_it_works_ahead_but_no_further_than_asked() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for i in range(10):
            made.append(i)
            yield i

    found = prefetch(items(), depth=2)
    next(found)
    deadline = time.monotonic() + 5
    while len(made) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.05)
    assert made == [0, 1, 2]  # one read, two waiting
    assert list(found) == list(range(1, 10))


def test_a_reader_that_stops_early_leaves_no_thread() -> None:
    before = threading.active_count()
    found = prefetch(iter(range(1000)))
    next(found)
    found.close()
    assert threading.active_count() == before
