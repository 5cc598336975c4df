import numpy as np
import pytest
import torch

from vretlib.errors import UserError
from vretlib.evaluation.average_precision import average_precision
from vretlib.evaluation.revisited import evaluate, levels, shrinking_precision_at

RANKING, EASY, HARD, JUNK = [3, 0, 1, 4, 2], [0], [2], [3]


def test_the_toy_list_of_the_benchmark():
    result = evaluate([RANKING], [EASY], [HARD], [JUNK])["medium"]
    assert result.average_precision.value == pytest.approx(0.7083333, abs=5e-8)
    assert [result.precision_at[k].value for k in (1, 5, 10)] == [1.0, 0.5, 0.5]


def test_what_is_wanted_and_what_is_ignored_at_each_level():
    result = levels([[0]], [[2]], [[3]])
    sets = {name: ([sorted(p[0].tolist())], [sorted(j[0].tolist())]) for name, (p, j) in result.items()}
    assert sets == {"easy": ([[0]], [[2, 3]]), "medium": ([[0, 2]], [[3]]), "hard": ([[2]], [[0, 3]])}


def test_each_level_by_hand():
    """Easy: 0, 1, 4 with 0 first. Hard: 1, 4, 2 with 2 third: trapezoid (0 + 1/3)/2."""
    result = evaluate([RANKING], [EASY], [HARD], [JUNK])
    assert result["easy"].average_precision.value == 1.0
    assert result["hard"].average_precision.value == pytest.approx(1 / 6)
    assert result["hard"].precision_at[5].value == pytest.approx(1 / 3)


def test_a_query_without_positives_at_one_level_is_left_out_of_that_level_only():
    result = evaluate([RANKING, [2, 1, 0, 3, 4]], [EASY, []], [HARD, [1]], [JUNK, []], ks=(1,))
    np.testing.assert_array_equal(result["easy"].average_precision.without_positives, [1])
    np.testing.assert_array_equal(result["easy"].precision_at[1].without_positives, [1])
    assert len(result["medium"].average_precision.without_positives) == 0
    assert result["medium"].average_precision.per_query[1] == average_precision([2, 1, 0, 3, 4], [1])


def test_divisor_shrinks_to_the_last_positive():
    rankings, positives = [[0, 1, 2, 3, 4, 5, 6]], [[0, 1, 3]]
    for k, expected in ((1, 1 / 1), (2, 2 / 2), (3, 2 / 3), (4, 3 / 4), (10, 3 / 4)):
        assert shrinking_precision_at(rankings, positives, k)[0] == expected


def test_shrinking_precision_follows_its_definition_on_random_lists():
    rng = np.random.default_rng(4)
    for _ in range(100):
        ranking, ids = rng.permutation(30), rng.permutation(30)
        positives, junk = ids[: rng.integers(1, 6)], ids[10 : rng.integers(10, 16)]
        places = [i + 1 for i, item in enumerate([x for x in ranking if x not in junk]) if item in positives]
        for k in (1, 5, 10):
            kq = min(max(places), k)
            expected = sum(place <= kq for place in places) / kq
            assert shrinking_precision_at([ranking], [positives], k, [junk])[0] == expected


def test_positives_missing_from_the_list_give_zero_and_no_positives_nan():
    np.testing.assert_array_equal(shrinking_precision_at([[1], [1]], [[0], []], 5), [0, np.nan])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: evaluate([RANKING], [EASY], [[]], [JUNK]), "level hard: none of 1 queries has positives"),
        (lambda: evaluate([RANKING], [EASY], [HARD], [JUNK], names=["classic"]), "'classic': expected one of easy"),
        (lambda: evaluate([RANKING], [EASY], [HARD], [JUNK], names="easy"), "names is str; expected a list"),
        (lambda: evaluate([RANKING], [EASY], [HARD], [JUNK], names=None), "names is NoneType; expected a list"),
        (lambda: evaluate([RANKING], [EASY], [HARD], [JUNK], ks=torch.tensor(3)), "ks is Tensor; expected a list"),
        (lambda: levels([EASY], [HARD], [[0.5]]), "query 0: junk is float64"),
        (lambda: levels([EASY], [HARD], []), "1 sets of easy, 1 of hard, 0 of junk"),
        (lambda: shrinking_precision_at([RANKING], [EASY], 0), "k=0"),
    ],
)
def test_bad_input_says_what_was_expected(call, says):
    with pytest.raises(UserError, match=says):
        call()


def test_levels_without_any_positive_can_be_left_out():
    assert list(evaluate([RANKING], [EASY], [[]], [JUNK], names=["easy", "medium"])) == ["easy", "medium"]
