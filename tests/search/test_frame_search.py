from itertools import pairwise

import numpy as np
import pytest

from vretlib import parallel
from vretlib.errors import UserError
from vretlib.search import frame_search


def frames(rng, sizes, n_bytes=32):
    codes = rng.integers(0, 256, (sum(sizes), n_bytes), dtype=np.uint8)
    return codes, np.concatenate([[0], np.cumsum(sizes)])


def smallest_by_brute_force(xq, codes, offsets):
    distances = np.unpackbits(xq[:, None] ^ codes[None], axis=2).sum(axis=2, dtype=np.int64)
    return [distances[:, start:stop].min(axis=1) for start, stop in pairwise(offsets) if stop > start]


@pytest.mark.parametrize("n_bytes", [32, 5])
@pytest.mark.parametrize("nq", [1, 30, 31])
def test_both_rules_equal_brute_force(nq, n_bytes):
    rng = np.random.default_rng(nq)
    codes, offsets = frames(rng, [40, 3, 1, 333, 70], n_bytes)
    xq = codes[rng.integers(0, len(codes), nq)] ^ (1 << rng.integers(0, 8, (nq, n_bytes))).astype(np.uint8)
    smallest = smallest_by_brute_force(xq, codes, offsets)
    filled = np.flatnonzero(np.diff(offsets))
    assert frame_search.best_frame(xq, codes, offsets) == filled[np.argmin([row.mean() for row in smallest])]
    threshold = n_bytes + 1  # the flips above change one bit of every byte
    counts = [(row < threshold).sum() for row in smallest]
    found = frame_search.best_frame(xq, codes, offsets, "match_count", max_hamming=threshold)
    assert found == filled[np.argmax(counts)]
    assert sum(counts) >= nq


def test_the_rules_can_disagree():
    """Frame 0 has one feature that matches and one that is far off; frame 1 has two that nearly match."""
    xq = np.array([[0] * 4, [255] * 4], np.uint8)
    codes = np.array([[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 7, 255], [255, 255, 255, 7]], np.uint8)
    offsets = np.array([0, 2, 4])
    assert frame_search.best_frame(xq, codes, offsets) == 1
    assert frame_search.best_frame(xq, codes, offsets, "match_count", max_hamming=5) == 0


@pytest.mark.parametrize("rule", ["minimum_distance", "match_count"])
def test_empty_frames_lose_and_the_first_of_equals_wins(rule):
    codes = np.array([[1] * 32, [1] * 32, [254] * 32], np.uint8)
    offsets = np.array([0, 0, 1, 1, 2, 3])
    assert frame_search.best_frame(codes[:1], codes, offsets, rule) == 1
    assert frame_search.best_frame(~codes[:1], codes[:2], np.array([0, 0, 2]), rule) == 1  # far from everything


def test_bad_input_says_what_was_expected():
    codes = np.zeros((4, 32), np.uint8)
    for call, says in [
        (lambda: frame_search.best_frame(codes[:0], codes, [0, 4]), "no features"),
        (lambda: frame_search.best_frame(codes, codes[:0], [0, 0]), "empty"),
        (lambda: frame_search.best_frame(codes, codes, [0, 3]), "ascending from 0 to 4"),
        (lambda: frame_search.best_frame(codes, codes, [0, 3, 2, 4]), "ascending from 0 to 4"),
        (lambda: frame_search.best_frame(codes, codes, [0, 4], "first"), "rule='first'"),
        (lambda: frame_search.best_frame(codes[:, :8], codes, [0, 4]), "8 bytes per code, the database 32"),
    ]:
        with pytest.raises(UserError, match=says):
            call()


def test_euclidean_frame_equals_brute_force_and_passes_over_empty_frames():
    rng = np.random.default_rng(5)
    descriptors = rng.integers(0, 256, (60, 128)).astype(np.uint8)
    offsets = np.array([0, 0, 25, 26, 26, 60])
    xq = rng.integers(0, 256, (9, 128)).astype(np.float32)
    squared = ((xq[:, None].astype(np.int64) - descriptors[None].astype(np.int64)) ** 2).sum(axis=2)
    means = [squared[:, a:b].min(axis=1).mean() if b > a else np.inf for a, b in pairwise(offsets)]
    assert frame_search.best_frame_euclidean(xq, descriptors, offsets) == int(np.argmin(means))


def test_euclidean_frame_is_the_first_of_equals():
    descriptors = np.tile(np.arange(8, dtype=np.float32), (3, 1))
    assert frame_search.best_frame_euclidean(descriptors[:1], descriptors, np.array([0, 1, 2, 3])) == 0


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_euclidean_frame_of_real_vectors_is_the_first_of_equals_with_any_number_of_threads(threads, monkeypatch):
    monkeypatch.setattr(parallel, "n_threads", lambda: threads)
    rng = np.random.default_rng(0)
    for _ in range(40):
        frames = 9 * rng.normal(size=(30, 4, 7))
        xq = frames[11] + 0.1 * rng.normal(size=(4, 7))
        frames[[13, 18, 25, 29]] = frames[11]
        frames[18:, :] = frames[18:, ::-1]  # the same features in another order
        assert frame_search.best_frame_euclidean(xq, frames.reshape(-1, 7), np.arange(0, 121, 4)) == 11


def test_euclidean_frame_of_no_features_is_an_error():
    with pytest.raises(UserError, match="no features"):
        frame_search.best_frame_euclidean(np.empty((0, 8)), np.ones((2, 8)), np.array([0, 2]))


def test_float_descriptors_far_from_the_origin_are_distinguished():
    """Mean 100, deviation .001: float32 has no digits for squares that differ so little."""
    rng = np.random.default_rng(2)
    frames = 100 + 0.001 * rng.normal(size=(40, 10, 16))
    for best in (0, 17, 39):
        query = (frames[best] + 0.0001 * rng.normal(size=(10, 16))).astype(np.float64)
        assert frame_search.best_frame_euclidean(query, frames.reshape(-1, 16), np.arange(0, 401, 10)) == best


def test_descriptors_that_are_no_numbers_are_refused():
    x, offsets = np.ones((4, 3)), [0, 2, 4]
    for bad in (np.nan, np.inf, 1e300):
        spoilt = np.where(np.arange(12).reshape(4, 3) == 7, bad, x)
        for xq, descriptors in ((spoilt, x), (x, spoilt)):
            with pytest.raises(UserError, match=r"NaN|beyond"):
                frame_search.best_frame_euclidean(xq, descriptors, offsets)
    for wrong in ([0, 2], [0, 3, 2, 4], [1, 4], [0, 5], [0.0, 4.0], []):
        with pytest.raises(UserError, match="offsets"):
            frame_search.best_frame_euclidean(x, x, wrong)
