"""Search in two steps against its definition, written with full sorts."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.search import coarse_to_fine, exact
from vretlib.search.coarse_to_fine import CoarseToFine


def made(nb=500, nq=7, d=16, di=4, seed=0):
    """Integers, whose products and distances float32 holds exactly: ties are true ties."""
    rng = np.random.default_rng(seed)
    xb, xq = (rng.integers(-9, 10, (n, d)).astype(np.float32) for n in (nb, nq))
    shorten = lambda x: x.reshape(len(x), di, -1).sum(axis=2)  # noqa: E731
    return CoarseToFine(shorten(xb), xb), shorten(xq), xq


def nearest(xq, xb, k):
    """By all distances and a stable sort; ids (nq, k)."""
    squares = ((xq[:, None].astype(np.float64) - xb[None]) ** 2).sum(axis=2)
    return np.argsort(squares, axis=1, kind="stable")[:, :k]


def by_definition(database, xq_index, xq, n, m):
    chosen = [np.sort(rows) for rows in nearest(xq_index, database.index, m)]
    return np.array(
        [rows[nearest(q[None], database.descriptors[rows], n)[0]] for q, rows in zip(xq, chosen, strict=True)]
    )


def test_a_case_by_hand():
    # The index says 1, 0, 3 are nearest to 0 on the short line; the descriptors then put 3 first.
    database = CoarseToFine(
        np.array([[2], [1], [9], [-2]], np.float32), np.array([[6, 8], [3, 4], [0, 1], [0, 2]], np.float32)
    )
    scores, ids = database.search([[0.0]], [[0.0, 0.0]], n=3, m=3)
    assert ids.tolist() == [[3, 1, 0]]
    assert scores.tolist() == [[-2, -5, -10]]
    assert database.search([[0.0]], [[0.0, 0.0]], n=1, m=1)[1].tolist() == [[1]]


@pytest.mark.parametrize("m", [1, 2, 10, 63, 499, 500])
def test_equals_its_definition(m):
    database, xq_index, xq = made()
    n = min(m, 5)
    assert np.array_equal(database.search(xq_index, xq, n, m)[1], by_definition(database, xq_index, xq, n, m))


def test_candidates_of_equal_distance_are_those_with_smaller_rows():
    same = np.zeros((40, 4), np.float32)  # black frames
    database = CoarseToFine(same[:, :2], same)
    assert database.candidates(same[:1, :2], 5).tolist() == [[0, 1, 2, 3, 4]]
    assert database.search(same[:1, :2], same[:1], 3, 5)[1].tolist() == [[0, 1, 2]]


def test_the_order_of_blocks_lists_and_threads_does_not_show(monkeypatch):
    """Blocks of 64 rows, lists that fill up again and again, one thread and three."""
    database, xq_index, xq = made(nb=5000, nq=3)
    expected = by_definition(database, xq_index, xq, 4, 30)
    monkeypatch.setattr(coarse_to_fine, "_ROWS", 64)
    for threads in (1, 3):
        monkeypatch.setattr("vretlib.parallel.n_threads", lambda threads=threads: threads)
        assert np.array_equal(database.search(xq_index, xq, 4, 30)[1], expected)


def test_with_every_row_a_candidate_it_is_exact_search():
    rng = np.random.default_rng(3)
    xb, xq = rng.normal(size=(300, 24)).astype(np.float32), rng.normal(size=(5, 24)).astype(np.float32)
    scores, ids = CoarseToFine(xb[:, :3], xb).search(xq[:, :3], xq, 10, 10**9)
    exact_scores, exact_ids = exact.knn(xq, xb, 10, "euclidean")
    assert np.array_equal(ids, exact_ids)
    assert np.array_equal(scores, exact_scores)


def test_more_queries_than_are_held_at_a_time(monkeypatch):
    database, xq_index, xq = made(nq=11)
    expected = database.search(xq_index, xq, 2, 20)
    monkeypatch.setattr(coarse_to_fine, "_QUERIES", 4)
    assert all(np.array_equal(a, b) for a, b in zip(database.search(xq_index, xq, 2, 20), expected, strict=True))


def test_descriptors_may_be_mapped_from_disk(tmp_path):
    database, xq_index, xq = made()
    np.save(tmp_path / "d.npy", database.descriptors)
    mapped = CoarseToFine(database.index, np.load(tmp_path / "d.npy", mmap_mode="r"))
    assert np.array_equal(mapped.search(xq_index, xq, 3, 9)[1], database.search(xq_index, xq, 3, 9)[1])


def test_no_queries_have_no_results():
    database, xq_index, xq = made()
    scores, ids = database.search(xq_index[:0], xq[:0], 2, 20)
    assert scores.shape == ids.shape == (0, 2)


def test_bytes_are_those_of_both_vectors():
    database, *_ = made(nb=10, d=16, di=4)
    assert database.nbytes == 10 * (16 + 4) * 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n": 0}, "n=0"),
        ({"n": 6}, "n=6"),
        ({"m": 0, "n": 1}, "m=0"),
        ({"xq_index": np.zeros((7, 3))}, "3 dimensions"),
        ({"xq": np.zeros((7, 3))}, "xq has 3 dimensions, the descriptors 16"),
        ({"xq": np.zeros((6, 16))}, "xq_index has 7 rows; expected one for each of 6"),
        ({"xq": np.full((7, 16), np.nan)}, "NaN"),
    ],
)
def test_what_cannot_be_searched_is_refused(change, message):
    database, xq_index, xq = made()
    with pytest.raises(UserError, match=message):
        database.search(**{"xq_index": xq_index, "xq": xq, "n": 2, "m": 5} | change)


def test_a_database_that_does_not_fit_together_is_refused():
    x = np.zeros((3, 4), np.float32)
    for index, descriptors in ((x[:2], x), (x[:0], x[:0]), (x, x.astype(np.float64)), (np.full((3, 2), np.inf), x)):
        with pytest.raises(UserError):
            CoarseToFine(index, descriptors)


def test_a_descriptor_that_is_no_number_is_named():
    x = np.ones((3, 4), np.float32)
    x[1, 2] = np.nan
    with pytest.raises(UserError, match="row 1"):
        CoarseToFine(np.ones((3, 2), np.float32), x).search(np.ones((1, 2)), np.ones((1, 4)), 1, 3)


@pytest.mark.parametrize("together", [1, 40], ids=["one group", "groups far apart"])
def test_vectors_close_together_and_far_from_the_origin_are_distinguished(together):
    """Mean 100, deviation .001: the squares of such an index agree in all digits that float32 has."""
    rng = np.random.default_rng(9)
    centres = 100 + 50 * rng.normal(size=(together, 1, 8)) * (together > 1)
    xb = (centres + 0.001 * rng.normal(size=(together, 12_000 // together, 8))).reshape(-1, 8).astype(np.float32)
    xq = (xb[::97] + 0.0001 * rng.normal(size=xb[::97].shape)).astype(np.float32)
    database = CoarseToFine(xb, xb)
    for m in (1, 7, 100):
        expected = np.sort(nearest(xq, xb, m), axis=1)
        assert np.array_equal(database.candidates(xq, m), expected)
    assert np.array_equal(database.search(xq, xq, 1, 5)[1], nearest(xq, xb, 1))


@pytest.mark.parametrize("scale", [1e-30, 1, 1e18])
def test_the_candidates_are_those_of_exact_search_at_any_scale(scale):
    rng = np.random.default_rng(4)
    xb = (rng.normal(size=(9000, 6)) * scale).astype(np.float32)
    xb[:3] *= 1e-6  # near the mean, all but equal
    xq = np.concatenate([xb[:40] * 1.01, np.full((1, 6), 3e3 * scale, np.float32)])  # the last is far from all
    found = CoarseToFine(xb, xb).candidates(xq, 30)
    for row, query in zip(found, xq, strict=True):
        distances = np.sqrt(((query.astype(np.float64) - xb) ** 2).sum(axis=1)).astype(np.float32)
        assert set(row) == set(np.lexsort((np.arange(len(xb)), distances))[:30])
