import threading
import time
from collections.abc import Iterator

import pytest
import torch

from vretlib.parallel import parallel_map, threaded_map

CPU = torch.device("cpu")


@pytest.fixture(params=[1, 2, 3, 9])
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


@pytest.fixture(params=[1, 2, 3, 9])
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("vretlib.parallel.n_threads", lambda: request.param)
    return int(request.param)


def test_results_come_in_the_order_of_the_items_whichever_is_done_first(threads: int) -> None:
    def slow_if_even(i: int) -> int:
        time.sleep(0.01 * (i % 2 == 0))
        return i * i

    assert list(parallel_map(slow_if_even, range(20), CPU)) == [i * i for i in range(20)]
    assert list(parallel_map(slow_if_even, [], CPU)) == []


def test_at_most_four_run_at_once_and_share_the_threads(threads: int, at_once: int) -> None:
    running, most, shares = 0, 0, set()
    lock = threading.Lock()

    def work(_: int) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        shares.add(torch.get_num_threads())
        time.sleep(0.01)
        with lock:
            running -= 1

    list(parallel_map(work, range(12), CPU))
    workers = min(at_once, 4)
    assert most == workers
    assert shares == {max(1, threads // workers) if workers > 1 else threads}


def test_work_that_is_divided_is_not_divided_again(at_once: int) -> None:
    def inner(_: int) -> list[threading.Thread]:
        return list(parallel_map(lambda _: threading.current_thread(), range(3), CPU))

    assert all(len(set(threads)) == 1 for threads in parallel_map(inner, range(4), CPU))


def test_threads_of_each_can_be_given_whatever_there_are(threads: int, at_once: int) -> None:
    found = parallel_map(lambda _: torch.get_num_threads(), range(6), CPU, threads_each=1)
    assert list(found) == [1] * 6
    assert torch.get_num_threads() == threads


def test_afterwards_torch_has_its_threads_again_also_in_new_ones(threads: int) -> None:
    list(parallel_map(lambda i: i, range(8), CPU))
    assert torch.get_num_threads() == threads
    seen: list[int] = []
    other = threading.Thread(target=lambda: seen.append(torch.get_num_threads()))
    other.start()
    other.join()
    assert seen == [threads]


def test_what_work_or_the_items_raise_reaches_the_reader(threads: int) -> None:
    def fails_at_three(i: int) -> int:
        if i == 3:
            raise ValueError("three")
        return i

    found = parallel_map(fails_at_three, range(9), CPU)
    assert [next(found) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(found)

    def items() -> Iterator[int]:
        yield 1
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        list(parallel_map(lambda i: i, items(), CPU))
    assert torch.get_num_threads() == threads


def test_a_reader_that_stops_early_leaves_no_thread_and_takes_few_items(threads: int) -> None:
    before, taken = threading.active_count(), []

    def items() -> Iterator[int]:
        for i in range(1000):
            taken.append(i)
            yield i

    found = parallel_map(lambda i: i, items(), CPU)
    next(found)
    found.close()
    assert threading.active_count() == before
    assert len(taken) <= 5
    assert torch.get_num_threads() == threads


def test_elsewhere_than_on_a_cpu_one_follows_the_other() -> None:
    at = []
    list(parallel_map(lambda i: at.append(threading.current_thread()), range(4), torch.device("meta")))
    assert set(at) == {threading.current_thread()}


def test_fewer_threads_than_there_are_can_be_asked_for(at_once: int) -> None:
    found = list(threaded_map(lambda _: (time.sleep(0.005), threading.get_ident())[1], range(12), at_most=2))
    assert len(found) == 12
    assert len(set(found)) <= min(at_once, 2)


def test_whoever_interrupts_is_told_that_what_is_under_way_ends_first(
    monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    monkeypatch.setattr("vretlib.parallel.n_threads", lambda: 2)

    def items() -> Iterator[int]:
        yield from range(3)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(threaded_map(lambda i: i, items()))
    assert [message for message in said if "under way ends first" in message]
