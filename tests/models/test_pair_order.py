"""Pairs in order and samples of pairs, on rankings of a few items."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.models import pair_order as pairs


def ids(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_pairs_in_order_counts_ties_half_and_leaves_out_what_is_neither() -> None:
    scores = np.array([[3, 2, 2, 1, 9]], np.float32)
    assert pairs.pairs_in_order(scores, [ids(0, 2)], [ids(4)]) == pytest.approx((2 + 1.5) / 4)
    with pytest.raises(UserError, match="right and wrong"):
        pairs.pairs_in_order(scores, [ids()], [ids()])


def test_as_many_wrong_pairs_as_right_ones_are_drawn() -> None:
    none = [ids(), ids()]
    found = pairs.sample_pairs(np.eye(2, 5, dtype=np.float32), [ids(0, 3), ids(1)], none, seed=0)
    assert sorted(found["same"].tolist()) == [0, 1, 1]
    assert found["another"].tolist() == [0, 0, 0]
    with pytest.raises(UserError, match="no query"):
        pairs.sample_pairs(np.eye(1, 2, dtype=np.float32), [ids(0, 1)], [ids()])
