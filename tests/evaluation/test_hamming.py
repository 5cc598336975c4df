"""Average precision of Hamming rankings: ties in database order, in all orders, and at their extremes."""

import itertools

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.evaluation import average_precision as plain
from vretlib.evaluation import hamming
from vretlib.search import packed_codes


def one(order, relevant):
    hits = np.asarray(relevant)[list(order)]
    return (np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean()


def all_orders(distances, relevant):
    """The average precision of every order that keeps distances ascending."""
    groups = [np.flatnonzero(np.equal(distances, value)) for value in np.unique(distances)]
    for orders in itertools.product(*(itertools.permutations(group) for group in groups)):
        yield one(np.concatenate(orders), relevant)


def drawn(seed, nq=7, nb=50, largest=6):
    rng = np.random.default_rng(seed)
    return rng.integers(0, largest + 1, (nq, nb)), rng.random((nq, nb)) < 0.2


def test_by_hand():
    """Distances 1 0 1 0 2, relevant are items 0, 3, 4: database order 1 3 0 2 4 has hits at 2, 3, 5."""
    distances, relevant = [[1, 0, 1, 0, 2]], [[True, False, False, True, True]]
    assert hamming.stable_average_precisions(distances, relevant) == pytest.approx([(1 / 2 + 2 / 3 + 3 / 5) / 3])
    worst, best = hamming.extreme_average_precisions(distances, relevant)
    assert worst == pytest.approx([(1 / 2 + 2 / 4 + 3 / 5) / 3])
    assert best == pytest.approx([(1 + 2 / 3 + 3 / 5) / 3])
    expected = ((1 + 1 / 2) / 2 + (2 / 3 + 2 / 4) / 2 + 3 / 5) / 3
    assert hamming.expected_average_precisions(distances, relevant) == pytest.approx([expected])


@pytest.mark.parametrize("nb", [1, 2, 3, 4, 5, 9, 50, 1003])
def test_database_order_is_that_of_a_stable_sort(nb):
    distances, relevant = drawn(nb, nb=nb)
    relevant[:, 0] = True
    found = hamming.stable_average_precisions(distances, relevant)
    expected = [one(np.argsort(row, kind="stable"), wanted) for row, wanted in zip(distances, relevant, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)
    ids = [np.flatnonzero(wanted) for wanted in relevant]
    rankings = np.argsort(distances, axis=1, kind="stable")
    np.testing.assert_allclose(found, plain.average_precisions(rankings, ids, rule="plain"), rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_all_orders_of_small_cases(seed):
    distances, relevant = drawn(seed, nq=1, nb=8, largest=2)
    relevant[0, seed] = True
    values = list(all_orders(distances[0], relevant[0]))
    worst, best = hamming.extreme_average_precisions(distances, relevant)
    assert hamming.expected_average_precisions(distances, relevant) == pytest.approx([np.mean(values)], abs=1e-12)
    assert (worst[0], best[0]) == pytest.approx((min(values), max(values)), abs=1e-12)


def test_expected_value_is_the_mean_over_many_permutations_of_the_database():
    distances, relevant = drawn(0, nq=5, nb=200, largest=4)
    rng = np.random.default_rng(1)
    orders = [rng.permutation(200) for _ in range(3000)]
    values = np.stack([hamming.stable_average_precisions(distances[:, order], relevant[:, order]) for order in orders])
    error = values.std(axis=0) / np.sqrt(len(orders))
    assert (np.abs(values.mean(axis=0) - hamming.expected_average_precisions(distances, relevant)) < 4 * error).all()


def test_expected_value_is_that_of_the_general_function_for_scores():
    distances, relevant = drawn(2, nb=400)
    expected = [
        plain.expected_average_precision(-row.astype(float), np.flatnonzero(wanted), rule="plain")
        for row, wanted in zip(distances, relevant, strict=True)
    ]
    found = hamming.expected_average_precisions(distances, relevant)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def test_without_ties_all_answers_are_one():
    distances = np.stack([np.random.default_rng(i).permutation(40) for i in range(3)])
    relevant = np.arange(40) % 5 == np.arange(3)[:, None]
    values = hamming.stable_average_precisions(distances, relevant)
    others = (
        hamming.expected_average_precisions(distances, relevant),
        *hamming.extreme_average_precisions(distances, relevant),
    )
    for other in others:
        np.testing.assert_allclose(other, values, atol=1e-12)


def test_everything_at_one_distance_is_a_random_order():
    """4 of 10 relevant, all tied. Each place i is relevant with 4/10 and preceded by 3 i / 9 relevant ones."""
    relevant = np.arange(10) % 3 == 0
    expected = sum(4 / 10 * (1 + i * 3 / 9) / (i + 1) for i in range(10)) / 4
    found = hamming.expected_average_precisions(np.zeros((1, 10), int), relevant[None])
    assert found == pytest.approx([expected])


def test_ties_move_short_codes_by_tenths_and_long_ones_less():
    """47 identities, as in YouTube Celebrities: at 12 bits worst and best differ by tenths."""
    rng = np.random.default_rng(0)
    spread = {}
    for n_bits in (12, 48):
        centres = rng.random((47, n_bits)) < 0.5
        owner, asked = rng.integers(0, 47, 3000), rng.integers(0, 47, 100)
        xb, xq = (packed_codes.pack(centres[p] ^ (rng.random((len(p), n_bits)) < 0.2)) for p in (owner, asked))
        distances, relevant = packed_codes.distances(xq, xb), asked[:, None] == owner
        worst, best = (values.mean() for values in hamming.extreme_average_precisions(distances, relevant))
        expected = hamming.expected_average_precisions(distances, relevant).mean()
        assert worst < expected < best
        assert abs(expected - hamming.stable_average_precisions(distances, relevant).mean()) < 0.02
        spread[n_bits] = best - worst
    assert spread[12] > 0.15
    assert spread[48] < 0.8 * spread[12]


def test_a_query_without_relevant_items_has_none():
    distances, relevant = drawn(3)
    relevant[2] = False
    measures = (
        hamming.stable_average_precisions,
        hamming.expected_average_precisions,
        lambda *args: hamming.extreme_average_precisions(*args)[0],
    )
    for measure in measures:
        assert np.flatnonzero(np.isnan(measure(distances, relevant))).tolist() == [2]
    assert plain.mean(hamming.stable_average_precisions(distances, relevant)).without_positives.tolist() == [2]


def test_no_queries_and_an_empty_database():
    assert hamming.stable_average_precisions(np.zeros((0, 5), int), np.zeros((0, 5), bool)).shape == (0,)
    assert np.isnan(hamming.stable_average_precisions(np.zeros((2, 0), int), np.zeros((2, 0), bool))).all()


def test_curve_by_radius_counts_all_queries_together():
    """Radius 0: 1 of 3 retrieved is relevant; radius 1: 3 of 5; radius 2: 3 of 6. There are 3 relevant ones."""
    distances, relevant = [[0, 1, 0], [1, 0, 2]], [[True, True, False], [True, False, False]]
    recall, precision = hamming.precision_recall(distances, relevant)
    assert recall == pytest.approx([1 / 3, 1, 1])
    assert precision == pytest.approx([1 / 3, 3 / 5, 3 / 6])
    far = hamming.precision_recall(np.add(distances, 1), relevant)
    assert np.isnan(far.precision[0])


def test_curve_by_rank_is_the_mean_over_queries():
    """Query 0 ranks 0 2 1, hits at 1 and 3 of 2; query 1 ranks 1 0 2, a hit at 2 of 1."""
    distances, relevant = [[0, 1, 0], [1, 0, 2], [0, 0, 0]], [[True, True, False], [True, False, False], [False] * 3]
    recall, precision = hamming.precision_recall(distances, relevant, by="rank")
    assert recall == pytest.approx([1 / 4, 3 / 4, 1])
    assert precision == pytest.approx([1 / 2, 1 / 2, 1 / 2])


@pytest.mark.parametrize(
    ("distances", "relevant", "message"),
    [
        ([[0.5, 1]], [[True, False]], "expected whole numbers"),
        ([[-1, 1]], [[True, False]], "distances hold -1"),
        ([[1 << 16, 1]], [[True, False]], "distances hold 65536"),
        ([[0, 1]], [[1, 0]], "expected bool of shape"),
        ([[0, 1]], [[True]], "expected bool of shape"),
        ([0, 1], [True, False], "expected whole numbers"),
    ],
)
def test_mistakes_are_named(distances, relevant, message):
    for measure in (hamming.stable_average_precisions, hamming.expected_average_precisions, hamming.precision_recall):
        with pytest.raises(UserError, match=message):
            measure(distances, relevant)


def test_a_curve_needs_something_relevant():
    with pytest.raises(UserError, match="none of 2 queries has relevant items"):
        hamming.precision_recall(np.zeros((2, 3), int), np.zeros((2, 3), bool))
