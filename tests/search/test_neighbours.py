import numpy as np
import pandas as pd
import pytest

from vretlib.errors import UserError
from vretlib.search.binary_ivf import BinaryIVF
from vretlib.search.binary_kdtree import BinaryKdTree
from vretlib.search.float_kdtree import FloatKdTree
from vretlib.search.neighbours import Nearest


def pairs():
    return Nearest.of_pairs(np.array([5, 7, 2], np.int32), np.array([2, 0, 2, 0]), np.array([8, 6, 3, 1]))


def test_ids_are_grouped_by_query_and_ascend():
    assert [pairs()[i].tolist() for i in range(3)] == [[1, 6], [], [3, 8]]
    assert pairs().counts.tolist() == [2, 0, 2]
    assert pairs().queries.tolist() == [0, 0, 2, 2]


def test_columns_of_a_table_answer_by_place_and_not_by_their_labels():
    frame = pd.DataFrame({"distance": [5, 7], "id": [3, 8]}, index=[10, 11])
    nearest = Nearest(frame["distance"], [0, 1, 2], frame["id"])
    assert [nearest[i].tolist() for i in range(2)] == [[3], [8]]
    assert nearest.part(1, 2)[0].tolist() == [8]


def test_a_query_has_a_number_and_all_can_be_gone_through():
    assert [ids.tolist() for ids in pairs()] == [[1, 6], [], [3, 8]]
    for wrong in (slice(0, 2), "a", None, 1.0, [0, 1]):
        with pytest.raises(UserError, match="expected its number: `part`"):
            pairs()[wrong]


def test_batches_join_in_order():
    joined = Nearest.join([pairs(), pairs()])
    assert len(joined) == 6
    assert joined[3].tolist() == [1, 6]
    assert joined[-1].tolist() == [3, 8]
    assert joined.distances.tolist() == [5, 7, 2, 5, 7, 2]


def test_a_query_that_was_not_asked_is_an_index_error():
    with pytest.raises(IndexError):
        pairs()[3]


def test_answers_and_indexes_are_compared_as_objects_and_may_be_keys():
    """Arrays have no single answer to whether they are equal."""
    codes = np.arange(64, dtype=np.uint8).reshape(2, 32)
    for make in (
        pairs,
        lambda: BinaryKdTree.build(codes),
        lambda: BinaryIVF.build(codes),
        lambda: FloatKdTree.build(codes),
    ):
        one, other = make(), make()
        assert len({one, other}) == 2
        assert one != other
