"""Fisher vectors and words of frames that come in blocks equal those of each frame alone."""

import numpy as np
import pytest

from vretlib import memory
from vretlib.errors import UserError
from vretlib.features import encoding
from vretlib.features.fisher import FisherEncoder
from vretlib.features.region_streams import Block, bags, draw, fisher_vectors, in_blocks

RNG = np.random.default_rng(0)
REGIONS = RNG.normal(size=(23, 7, 12)).astype(np.float16) * 30
N_REGIONS = np.concatenate([[7, 0, 1], RNG.integers(0, 8, 20)])


def unit_rows(frame):
    rows = REGIONS[frame, : N_REGIONS[frame]].astype(np.float64)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


ALL = np.concatenate([unit_rows(frame) for frame in range(23)])
ENCODER = FisherEncoder.learn(ALL, 3, dimensions=5, seed=0)


@pytest.mark.parametrize("frames", [1, 4, 100])
def test_fisher_vectors_of_blocks_are_those_of_each_frame(frames):
    found = np.concatenate(list(fisher_vectors(ENCODER, in_blocks(REGIONS, N_REGIONS, frames))))
    assert found.shape == (23, 2 * 3 * 5)
    assert found.dtype == np.float32
    expected = [ENCODER.encode(unit_rows(frame)) for frame in range(23)]
    # A block's sums are rounded in another order, and the signed root enlarges what is lost of a small sum.
    np.testing.assert_allclose(found, expected, atol=1e-5)
    lengths = np.linalg.norm(found, axis=1)
    np.testing.assert_allclose(lengths, N_REGIONS > 0, atol=1e-6)


@pytest.mark.parametrize("frames", [1, 5, 100])
def test_words_of_blocks_are_those_of_each_frame(frames):
    vocabulary = encoding.Vocabulary.learn(ALL, 6, seed=0)
    found = [
        block.words[start:stop]
        for block in bags(vocabulary, in_blocks(REGIONS, N_REGIONS, frames))
        for start, stop in zip(block.offsets, block.offsets[1:], strict=False)
    ]
    for frame in range(23):
        np.testing.assert_array_equal(found[frame], vocabulary.assign(unit_rows(frame)))


@pytest.mark.parametrize("frames", [1, 5, 100])
def test_drawn_regions_are_some_of_all_in_their_order_whatever_the_blocks(frames):
    rows = draw(in_blocks(REGIONS, N_REGIONS, frames), 20, np.random.default_rng(4))
    places = [int(np.flatnonzero(np.isclose(ALL, row, atol=1e-6).all(axis=1))[0]) for row in rows]
    assert places == sorted(set(places))
    assert len(places) == 20
    np.testing.assert_array_equal(rows, draw(in_blocks(REGIONS, N_REGIONS, 9), 20, np.random.default_rng(4)))
    np.testing.assert_allclose(
        draw(in_blocks(REGIONS, N_REGIONS, frames), 999, np.random.default_rng(4)), ALL, atol=1e-6
    )


def test_each_region_is_drawn_with_the_same_chance():
    """30 rows, 10 of them drawn 600 times: 200 each on average, with a deviation of 11.5."""
    numbered = np.eye(30, dtype=np.float32).reshape(6, 5, 30)
    rng, blocks = np.random.default_rng(0), list(in_blocks(numbered, [5] * 6, 2))
    times = sum(draw(blocks, 10, rng).sum(axis=0) for _ in range(600))
    assert times.sum() == 6000
    assert abs(times - 200).max() < 4 * 11.6


def test_blocks_that_come_and_go_are_never_held_together():
    """400 frames of 300 regions take 15 MiB as float32; a block of four takes less than one, and its products some."""
    encoder = FisherEncoder.learn(np.random.default_rng(1).normal(size=(100, 32)), 2, dimensions=4, seed=0)

    def frames():
        rng = np.random.default_rng(2)
        for _ in range(100):
            yield Block(rng.random((4, 300, 32), np.float32), np.full(4, 300))

    vectors, mebibytes = memory.peak(lambda: np.concatenate(list(fisher_vectors(encoder, frames()))))
    assert vectors.shape == (400, 16)
    assert mebibytes < 4


def test_no_frames_give_no_vectors_and_nothing_to_draw_from():
    assert list(fisher_vectors(ENCODER, in_blocks(np.zeros((0, 7, 12)), []))) == []
    with pytest.raises(UserError, match="no block of frames"):
        draw([], 5, np.random.default_rng(0))
    with pytest.raises(UserError, match="no frame has a region"):
        draw(in_blocks(np.zeros((3, 7, 12), np.float16), [0, 0, 0]), 5, np.random.default_rng(0))


def test_a_frame_that_is_no_number_and_numbers_that_do_not_fit_are_named():
    spoilt = REGIONS.copy()
    spoilt[16, 0] = np.nan
    counts = np.full(23, 7)
    with pytest.raises(UserError, match="regions from frame 16 on, row 0: NaN"):
        list(fisher_vectors(ENCODER, in_blocks(spoilt, counts)))
    with pytest.raises(UserError, match="n_regions holds 8; expected 0 to 7"):
        list(fisher_vectors(ENCODER, in_blocks(REGIONS, counts + 1)))
    with pytest.raises(UserError, match="12"):
        list(fisher_vectors(ENCODER, in_blocks(REGIONS[..., :5], counts)))
