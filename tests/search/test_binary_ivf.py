import numpy as np
import pytest

from vretlib import parallel
from vretlib.errors import UserError
from vretlib.search import hamming
from vretlib.search.binary_ivf import BinaryIVF
from vretlib.search.binary_kdtree import BinaryKdTree


def codes_and_queries(rng, n, n_bytes=32):
    xb = rng.integers(0, 256, (n, n_bytes), dtype=np.uint8) & 13  # few values: ties abound
    return xb, xb[:40] ^ (rng.integers(0, 256, (40, n_bytes), dtype=np.uint8) & 64)


def candidates_by_brute_force(index, xb, xq, probes):
    """Per query: the codes whose nearest centre is among the ``probes`` centres nearest to the query."""
    centres = np.ascontiguousarray(index.centres.reshape(-1, len(index.starts) - 1).T).view(np.uint8)[:, : xb.shape[1]]
    cells = all_distances(xb, centres).argmin(axis=1)
    order = np.argsort(all_distances(xq, centres), axis=1, kind="stable")[:, :probes]
    return [np.flatnonzero(np.isin(cells, row)) for row in order]


def all_distances(xq, xb):
    return np.unpackbits(xq[:, None] ^ xb[None], axis=2).sum(axis=2, dtype=np.int64)


@pytest.mark.parametrize("n_bytes", [3, 32])
@pytest.mark.parametrize("probes", [1, 3, 17])
def test_both_searches_equal_brute_force_over_the_nearest_cells(probes, n_bytes):
    xb, xq = codes_and_queries(np.random.default_rng(probes), 600, n_bytes)
    index = BinaryIVF.build(xb, n_cells=20, seed=7)
    found, (distances, ids) = index.nearest(xq, probes), index.search(xq, 5, probes)
    for i, candidates in enumerate(candidates_by_brute_force(index, xb, xq, probes)):
        to_all = all_distances(xq[i : i + 1], xb[candidates])[0]
        assert found.distances[i] == to_all.min()
        np.testing.assert_array_equal(found[i], candidates[to_all == to_all.min()])
        best = np.lexsort((candidates, to_all))[:5]
        np.testing.assert_array_equal(ids[i, : len(best)], candidates[best])
        np.testing.assert_array_equal(distances[i, : len(best)], to_all[best])
        assert (ids[i, len(best) :] == -1).all()


def test_centres_are_what_most_codes_of_a_group_have():
    """Two groups far apart, a few bits of each with exceptions: the centres are the groups without the exceptions."""
    low, high = np.zeros((60, 32), np.uint8), np.full((40, 32), 255, np.uint8)
    low[:20, 3], high[10:25, 7] = 129, 1
    index = BinaryIVF.build(np.concatenate([low, high]), n_cells=2, seed=2)
    assert sorted(set(index.centres.tolist())) == [0, 2**64 - 1]
    assert sorted(np.diff(index.starts).tolist()) == [40, 60]


def test_all_cells_are_exact():
    xb, xq = codes_and_queries(np.random.default_rng(3), 3000)
    index = BinaryIVF.build(xb)
    found, exact = index.nearest(xq, 10_000), hamming.nearest(xq, xb)
    np.testing.assert_array_equal(found.offsets, exact.offsets)
    np.testing.assert_array_equal(found.ids, exact.ids)
    for obtained, expected in zip(index.search(xq, 9, 10_000), hamming.knn(xq, xb, 9), strict=True):
        np.testing.assert_array_equal(obtained, expected)


def test_equal_centres_leave_no_empty_cell_to_waste_a_probe_on():
    xb = np.repeat(np.array([[0] * 32, [255] * 32], np.uint8), 50, axis=0)
    index = BinaryIVF.build(xb, n_cells=100)
    assert np.diff(index.starts).tolist() == [50, 50]
    query = np.array([[1] * 32], np.uint8)
    assert index.nearest(query, 1)[0].tolist() == list(range(50))
    assert index.search(query, 60, 2)[1][0].tolist() == list(range(60))


def test_seed_decides_the_cells_and_threads_decide_nothing(monkeypatch):
    xb, xq = codes_and_queries(np.random.default_rng(5), 30_000)
    indices = []
    for n in (1, 3):
        monkeypatch.setattr(parallel, "n_threads", lambda n=n: n)
        index = BinaryIVF.build(xb, seed=1)
        indices.append((index.ids, index.blocks, index.nearest(xq, 4).ids, index.search(xq, 3, 4)[1]))
    for one, many in zip(*indices, strict=True):
        np.testing.assert_array_equal(one, many)
    assert not np.array_equal(index.centres, BinaryIVF.build(xb, seed=2).centres)


def test_memory_is_little_more_than_the_codes():
    xb = np.random.default_rng(0).integers(0, 256, (50_000, 32), dtype=np.uint8)
    assert xb.nbytes < BinaryIVF.build(xb).nbytes < 1.25 * xb.nbytes


def test_bad_input_says_what_was_expected():
    xb = np.zeros((5, 32), np.uint8)
    index = BinaryIVF.build(xb)
    for call, says in [
        (lambda: index.nearest(xb, 0), "probes=0"),
        (lambda: index.search(xb, 6, 1), "k=6: expected 1 to 5"),
        (lambda: index.nearest(xb[:, :8]), "8 bytes per code, the database 32"),
        (lambda: BinaryIVF.build(xb, 6), "n_cells=6: expected 1 to 5"),
        (lambda: BinaryIVF.build(xb[:0]), "empty"),
    ]:
        with pytest.raises(UserError, match=says):
            call()
    assert len(index.nearest(xb[:0])) == 0


@pytest.mark.parametrize(("build", "longest"), [(BinaryIVF.build, 8191), (BinaryKdTree.build, 4096)])
def test_the_longest_codes_are_found_and_longer_ones_refused(build, longest):
    """Distances to centres and numbers of bits have 16 bits."""
    codes = np.zeros((300, longest + 1), np.uint8)
    codes[:, longest - 1] = np.arange(300) % 256
    codes[200:, :longest] ^= 255
    found = build(codes[:, :longest], 16).nearest(codes[:, :longest], 1)
    assert (found.distances == 0).mean() > 0.9
    with pytest.raises(UserError, match=f"xb has codes of {longest + 1} bytes; expected {longest} at most"):
        build(codes)
