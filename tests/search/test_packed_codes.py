"""Packed codes: bits to bytes, all distances, whole rankings."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.search import packed_codes


@pytest.mark.parametrize("n_bits", [1, 7, 8, 12, 48, 64, 65, 192, 193, 300])
def test_distances_are_numbers_of_differing_bits(n_bits):
    rng = np.random.default_rng(n_bits)
    xq, xb = rng.random((5, n_bits)) < 0.5, rng.random((1030, n_bits)) < 0.5
    packed = packed_codes.pack(xb)
    assert packed.shape == (1030, -(-n_bits // 8))
    found = packed_codes.distances(packed_codes.pack(xq), packed)
    np.testing.assert_array_equal(found, (xq[:, None] != xb).sum(axis=2))
    assert found.dtype == (np.uint8 if n_bits <= 192 else np.uint16)


def test_all_bits_may_differ():
    """Zeros against ones: 192 bits still fit a byte, and 2,048 do not."""
    for n_bits in (192, 2048):
        zeros, ones = packed_codes.pack(np.zeros((1, n_bits))), packed_codes.pack(np.ones((3, n_bits)))
        assert packed_codes.distances(zeros, ones).tolist() == [[n_bits] * 3]
        assert packed_codes.rank(zeros, ones).tolist() == [[0, 1, 2]]


@pytest.mark.parametrize("nb", [1, 2, 3, 4, 5, 511, 2050])
@pytest.mark.parametrize("n_bits", [3, 48, 200])
def test_rank_is_a_stable_sort(nb, n_bits):
    rng = np.random.default_rng(nb)
    xq, xb = (packed_codes.pack(rng.random((n, n_bits)) < 0.3) for n in (9, nb))
    expected = np.argsort(packed_codes.distances(xq, xb), axis=1, kind="stable")
    found = packed_codes.rank(xq, xb)
    np.testing.assert_array_equal(found, expected)
    assert found.dtype == np.int64


def test_bits_of_any_number_type_and_none_at_all():
    assert packed_codes.pack(np.array([[1.0, 0.0]])).tolist() == [[128]]
    assert packed_codes.pack(np.zeros((0, 12), bool)).shape == (0, 2)
    assert packed_codes.distances(np.zeros((0, 2), np.uint8), np.zeros((3, 2), np.uint8)).shape == (0, 3)
    assert packed_codes.rank(np.zeros((2, 2), np.uint8), np.zeros((0, 2), np.uint8)).shape == (2, 0)


@pytest.mark.parametrize("bits", [np.zeros((3, 0)), np.zeros(3), [[0, 2]], [[np.nan, 1]], [["a", "b"]]])
def test_what_is_not_bits_is_refused(bits):
    with pytest.raises(UserError, match="expected 0 or 1 in rows"):
        packed_codes.pack(bits)


def test_codes_of_different_length_are_refused():
    with pytest.raises(UserError, match="xq has 1 bytes per code, the database 2"):
        packed_codes.distances(np.zeros((1, 1), np.uint8), np.zeros((1, 2), np.uint8))
    with pytest.raises(UserError, match="8191 at most"):
        packed_codes.rank(np.zeros((1, 8192), np.uint8), np.zeros((1, 8192), np.uint8))
