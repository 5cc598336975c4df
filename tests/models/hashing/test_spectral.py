"""Spectral hashing on boxes, where the eigenfunctions are known."""

import numpy as np
import pytest

from vretlib.models.hashing import spectral


def box(sides, n=20_000, seed=0):
    x = np.random.default_rng(seed).uniform(0, 1, (n, len(sides))) * sides
    x[0], x[1] = 0, sides  # the ends are part of the data
    return x


def test_waves_of_a_rectangle_in_the_order_of_their_frequency():
    """Sides 4 and 2.5: frequencies m/4 and m/2.5, so .25, .4, .5, .75, .8, 1."""
    hasher = spectral.fit(box([4.0, 2.5]), 6)
    assert hasher.direction.tolist() == [0, 1, 0, 0, 1, 0]
    assert hasher.mode.tolist() == [1, 1, 2, 3, 2, 4]
    assert hasher.span == pytest.approx([4, 2.5], rel=0.02)


def test_bits_are_the_signs_of_the_closed_form():
    """cos(m π y / side), up to the direction of the axis, which turns odd modes around."""
    sides = np.array([4.0, 2.5])
    hasher, x = spectral.fit(box(sides), 4), box(sides, 500, seed=1)[2:]
    expected = np.stack([np.cos(np.pi * m * x[:, j] / sides[j]) for j, m in [(0, 1), (1, 1), (0, 2), (0, 3)]], axis=1)
    clear = np.abs(expected) > 0.15  # estimated axes are a little turned
    bits = hasher.bits(x)
    for k in range(4):
        agree = (bits[:, k] == (expected[:, k] > 0))[clear[:, k]]
        assert agree.all() or (not agree.any() and hasher.mode[k] % 2)


def test_each_bit_of_a_uniform_line_cuts_it_into_equal_parts():
    x = np.linspace(0, 1, 4001)[:, None]
    bits = spectral.fit(x, 3).bits(x)
    assert np.abs(np.diff(bits.astype(int), axis=0)).sum(axis=0).tolist() == [1, 2, 3]
    crossings = np.flatnonzero(np.diff(bits[:, 1].astype(int))) / 4000
    assert crossings == pytest.approx([0.25, 0.75], abs=1e-3)


def test_candidates_are_those_of_the_authors_enumeration():
    """⌈(K + 1) R / max R⌉ − 1 modes of each direction, counted in plain loops."""
    n_bits, hasher = 9, spectral.fit(box([5.0, 3.0, 1.2, 0.7]), 9)
    candidates = []
    for j, span in enumerate(hasher.span):
        for mode in range(1, int(np.ceil((n_bits + 1) * span / hasher.span.max()))):
            candidates.append(((mode / span) ** 2, j, mode))
    candidates.sort()
    assert [(j, m) for _, j, m in candidates[:n_bits]] == list(
        zip(hasher.direction.tolist(), hasher.mode.tolist(), strict=True)
    )


def test_waves_go_on_beyond_the_training_range():
    """One bit on [0, 1]: cos(π y) is positive again from 1.5 to 2.5."""
    x = np.linspace(0, 1, 101)[:, None]
    inside, beyond = spectral.fit(x, 1).bits([[0.2], [2.2]])[:, 0]
    assert inside == beyond


def test_directions_without_spread_are_left_out():
    x = np.zeros((50, 4), np.float32)
    x[:, 2] = np.arange(50)
    hasher = spectral.fit(x, 5)
    assert hasher.mode.tolist() == [1, 2, 3, 4, 5]
    np.testing.assert_allclose(hasher.directions[:, 0], [0, 0, 1, 0], atol=1e-12)
