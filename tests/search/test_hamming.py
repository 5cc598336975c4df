import numpy as np
import pytest

from vretlib import parallel
from vretlib.errors import UserError
from vretlib.search import hamming


def all_distances(xq, xb):
    return np.unpackbits(xq[:, None] ^ xb[None], axis=2).sum(axis=2, dtype=np.int64)


def codes(rng, n, n_bytes, *, few_values=False):
    drawn = rng.integers(0, 256, (n, n_bytes), dtype=np.uint8)
    return drawn & 1 if few_values else drawn  # few values: many codes are equal, so ties abound


@pytest.mark.parametrize("n_bytes", [1, 8, 12, 32, 64])
@pytest.mark.parametrize("nb", [1, 7, 1023, 1024, 2100])
def test_knn_equals_brute_force_with_smaller_ids_first(nb, n_bytes):
    rng = np.random.default_rng(nb + n_bytes)
    xb, xq = codes(rng, nb, n_bytes, few_values=True), codes(rng, 5, n_bytes, few_values=True)
    k = min(nb, 20)
    distances, ids = hamming.knn(xq, xb, k)
    expected = all_distances(xq, xb)
    order = np.argsort(expected, axis=1, kind="stable")[:, :k]
    np.testing.assert_array_equal(ids, order)
    np.testing.assert_array_equal(distances, np.take_along_axis(expected, order, axis=1))
    assert distances.dtype == np.int32
    assert ids.dtype == np.int64


@pytest.mark.parametrize("n_bytes", [3, 32])
def test_nearest_finds_every_code_at_the_minimum(n_bytes):
    rng = np.random.default_rng(n_bytes)
    xb, xq = codes(rng, 3000, n_bytes, few_values=True), codes(rng, 9, n_bytes)
    found = hamming.nearest(xq, xb)
    expected = all_distances(xq, xb)
    np.testing.assert_array_equal(found.distances, expected.min(axis=1))
    for query, row in enumerate(expected):
        np.testing.assert_array_equal(found[query], np.flatnonzero(row == row.min()))


def test_clustered_codes_where_half_the_bits_settle_most_blocks():
    rng = np.random.default_rng(1)
    centres = codes(rng, 40, 32)
    flips = np.packbits(rng.random((2, 50_000, 256)) < 0.05, axis=2)
    xb = centres[rng.integers(0, 40, 50_000)] ^ flips[0]
    xq = centres[rng.integers(0, 40, 11)] ^ flips[1, :11]
    expected = all_distances(xq, xb)
    distances, ids = hamming.knn(xq, xb, 3)
    order = np.argsort(expected, axis=1, kind="stable")[:, :3]
    np.testing.assert_array_equal(ids, order)
    np.testing.assert_array_equal(distances, np.take_along_axis(expected, order, axis=1))


def test_codes_one_byte_short_of_alignment_give_the_same_answer():
    rng = np.random.default_rng(2)
    xb, xq = codes(rng, 50, 32), codes(rng, 2, 32)
    shifted = np.concatenate([[np.uint8(0)], xb.ravel()])[1:].reshape(xb.shape)
    np.testing.assert_array_equal(hamming.knn(xq, shifted, 4)[1], hamming.knn(xq, xb, 4)[1])


def test_one_and_many_threads_agree(monkeypatch):
    rng = np.random.default_rng(3)
    xb, xq = codes(rng, 4000, 32, few_values=True), codes(rng, 31, 32, few_values=True)
    answers = []
    for n in (1, 3):
        monkeypatch.setattr(parallel, "n_threads", lambda n=n: n)
        answers.append((*hamming.knn(xq, xb, 6), hamming.nearest(xq, xb).ids))
    for one, many in zip(*answers, strict=True):
        np.testing.assert_array_equal(one, many)


def test_no_query_gives_no_answer():
    xb, none = np.zeros((5, 32), np.uint8), np.zeros((0, 32), np.uint8)
    assert hamming.knn(none, xb, 2)[0].shape == (0, 2)
    assert len(hamming.nearest(none, xb)) == 0


@pytest.mark.parametrize(
    ("xq", "xb", "k", "says"),
    [
        (np.zeros((2, 32), np.uint8), np.zeros((0, 32), np.uint8), 1, "empty"),
        (np.zeros((2, 32), np.uint8), np.zeros((3, 16), np.uint8), 1, "32 bytes per code, the database 16"),
        (np.zeros((2, 32), np.float32), np.zeros((3, 32), np.uint8), 1, "float32"),
        (np.zeros(32, np.uint8), np.zeros((3, 32), np.uint8), 1, "xq"),
        (np.zeros((2, 32), np.uint8), np.zeros((3, 32), np.uint8), 4, "k=4: expected 1 to 3"),
        (np.zeros((2, 32), np.uint8), np.zeros((3, 32), np.uint8), 0, "k=0"),
    ],
)
def test_bad_input_says_what_was_expected(xq, xb, k, says):
    with pytest.raises(UserError, match=says):
        hamming.knn(xq, xb, k)
