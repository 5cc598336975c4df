import heapq

import numpy as np
import pytest

from vretlib import parallel
from vretlib.errors import UserError
from vretlib.search.float_kdtree import FloatKdTree


def clustered(rng, n, d):
    centres = rng.random((n // 20, d))
    return (np.repeat(centres, 20, axis=0) + 0.05 * rng.standard_normal((n // 20 * 20, d))).astype(np.float32)


def build_reference(xb, ids, leaf_size):
    values = xb[ids].astype(np.float64)
    dim = int(np.argmax(values.var(axis=0)))
    column = np.sort(xb[ids, dim])
    if len(ids) < leaf_size or column[0] == column[-1]:
        return {"leaf": ids}
    threshold = min(value for value in column if value >= column[len(ids) // 2] and value > column[0])
    below = xb[ids, dim] < threshold
    return {
        "dim": dim,
        "threshold": threshold,
        "below": build_reference(xb, ids[below], leaf_size),
        "above": build_reference(xb, ids[~below], leaf_size),
    }


def best_bin_first(tree, query, backtracks):
    """Rows in the first leaves by the summed squares of the distances to the splits crossed."""
    branches, n_pushed, candidates = [(0.0, 0, tree)], 0, []
    while branches and backtracks:
        crossed, _, node = heapq.heappop(branches)
        while "leaf" not in node:
            gap = float(query[node["dim"]] - node["threshold"])
            near, far = ("below", "above") if gap < 0 else ("above", "below")
            n_pushed += 1
            heapq.heappush(branches, (crossed + gap**2, n_pushed, node[far]))
            node = node[near]
        candidates.extend(node["leaf"])
        backtracks -= 1
    return np.array(sorted(candidates))


@pytest.mark.parametrize("backtracks", [1, 4, 30])
def test_search_equals_a_readable_reading(backtracks):
    rng = np.random.default_rng(backtracks)
    xb = clustered(rng, 1000, 16)
    xq = xb[::50] + np.float32(0.1) * rng.standard_normal((20, 16), dtype=np.float32)
    found = FloatKdTree.build(xb, 10).nearest(xq, backtracks)
    reference = build_reference(xb, np.arange(len(xb)), 10)
    for i, query in enumerate(xq):
        candidates = best_bin_first(reference, query, backtracks)
        distances = np.linalg.norm(xb[candidates].astype(np.float64) - query, axis=1)
        assert found[i].tolist() == [candidates[np.argmin(distances)]]
        assert found.distances[i] == pytest.approx(distances.min(), rel=1e-5)
    assert found.distances.dtype == np.float32


@pytest.mark.parametrize("d", [2, 128])
def test_as_many_descents_as_leaves_are_exact(d):
    rng = np.random.default_rng(d)
    xb, xq = clustered(rng, 2000, d), rng.random((40, d), dtype=np.float32)
    tree = FloatKdTree.build(xb, 25)
    found = tree.nearest(xq, len(tree.leaf_sizes()))
    distances = np.linalg.norm(xq[:, None].astype(np.float64) - xb, axis=2)
    np.testing.assert_allclose(found.distances, distances.min(axis=1), rtol=1e-5)
    assert found.counts.tolist() == [1] * 40
    np.testing.assert_array_equal(found.ids, distances.argmin(axis=1))


def test_equal_vectors_are_all_found_and_end_the_splitting():
    xb = np.repeat(np.array([[0, 1], [3, 5]], np.float32), [400, 60], axis=0)
    tree = FloatKdTree.build(xb)
    assert tree.leaf_sizes().tolist() == [400, 60]
    found = tree.nearest(np.array([[0, 0], [3, 6]], np.float32), 1)
    assert found[0].tolist() == list(range(400))
    assert found[1].tolist() == list(range(400, 460))
    assert found.distances.tolist() == [1, 1]


def test_the_tree_is_balanced_at_the_median():
    tree = FloatKdTree.build(np.random.default_rng(0).random((1024, 8), dtype=np.float32), 100)
    assert set(tree.depths().tolist()) == {4}
    assert set(tree.leaf_sizes().tolist()) == {64}


def test_one_and_many_threads_build_and_find_the_same(monkeypatch):
    rng = np.random.default_rng(4)
    xb, xq = clustered(rng, 40_000, 8), rng.random((100, 8), dtype=np.float32)
    trees = []
    for n in (1, 3):
        monkeypatch.setattr(parallel, "n_threads", lambda n=n: n)
        tree = FloatKdTree.build(xb)
        trees.append((tree.dims, tree.left, tree.ids, tree.blocks, tree.nearest(xq, 5).ids))
    for one, many in zip(*trees, strict=True):
        np.testing.assert_array_equal(one, many)


def test_bad_input_says_what_was_expected():
    xb = np.random.default_rng(0).random((9, 4), dtype=np.float32)
    tree, broken = FloatKdTree.build(xb), xb.copy()
    broken[6, 2] = np.nan
    for call, says in [
        (lambda: tree.nearest(xb, 0), "backtracks=0"),
        (lambda: tree.nearest(xb[:, :3]), "3 dimensions, the database 4"),
        (lambda: tree.nearest(broken), "xq, row 6: NaN"),
        (lambda: FloatKdTree.build(xb.astype(complex)), "complex"),
        (lambda: FloatKdTree.build(xb * 1e20), "squared distances float32 cannot hold"),
        (lambda: FloatKdTree.build(xb * np.float64(1e300)), "beyond float32"),
        (lambda: tree.nearest(xb * 1e20), "squared distances"),
        (lambda: tree.nearest(xb, 1.5), "backtracks=1.5"),
        (lambda: FloatKdTree.build(xb[:0]), "empty"),
    ]:
        with pytest.raises(UserError, match=says):
            call()
    assert len(tree.nearest(xb[:0])) == 0


def test_whole_numbers_are_vectors_too():
    xb = np.array([[3, 0], [0, 4], [9, 9]])
    found = FloatKdTree.build(xb).nearest([[0, 0]])
    assert found[0].tolist() == [0]
    assert found.distances.tolist() == [3]


def test_the_largest_vectors_that_are_taken_have_finite_distances():
    largest = np.float32(0.39 * np.sqrt(np.finfo(np.float32).max / 2))
    xb = np.array([[largest, largest], [-largest, -largest]], np.float32)
    found = FloatKdTree.build(xb).nearest([[-largest, -largest * 0.9], [largest, largest]])
    assert [found[0].tolist(), found[1].tolist()] == [[1], [0]]
    assert np.isfinite(found.distances).all()


@pytest.mark.parametrize("backtracks", [(10, 1, 10, 3), (2, 10_000)])
def test_several_numbers_of_descents_in_one_search_find_what_each_finds_alone(backtracks):
    rng = np.random.default_rng(8)
    xb = np.repeat(clustered(rng, 1000, 8), 2, axis=0)  # each vector twice, so that neighbours are tied
    xq = rng.random((60, 8), dtype=np.float32)
    tree = FloatKdTree.build(xb, 20)
    for b, found in zip(backtracks, tree.nearest_at(xq, backtracks), strict=True):
        alone = tree.nearest(xq, b)
        for part in ("distances", "offsets", "ids"):
            np.testing.assert_array_equal(getattr(found, part), getattr(alone, part))
