import numpy as np
import pytest

from vretlib import memory


def test_the_peak_counts_arrays_that_live_at_the_same_time():
    def one_after_the_other():
        for _ in range(3):
            np.ones(1 << 20)  # 8 MiB, dropped
        return 5

    result, mebibytes = memory.peak(one_after_the_other)
    assert result == 5
    assert 8 <= mebibytes < 9
    assert 24 <= memory.peak(lambda: [np.ones(1 << 20) for _ in range(3)])[1] < 25


def test_a_failure_ends_the_count_and_a_second_count_at_once_is_refused():
    with pytest.raises(ZeroDivisionError):
        memory.peak(lambda: 1 // 0)
    with pytest.raises(RuntimeError, match="one peak at a time"):
        memory.peak(lambda: memory.peak(list))
    assert memory.peak(list)[0] == []
