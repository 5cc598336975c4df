"""Colours, light and noise of a canvas."""

import numpy as np

from embedded.paintings.canvas import COLOURS, ROUGH, SOFT, Canvas, lit, mixed


def canvas(seed=0):
    return Canvas(60, 90, np.random.default_rng(seed))


def test_colours_are_mixed_and_lit_by_arithmetic():
    assert mixed((0, 100, 200), (100, 100, 0), 0.25) == (25, 100, 150)
    assert lit((10, 100, 200), 2) == (20, 200, 255)
    assert lit((10, 100, 200), -1) == (0, 0, 0)


def test_a_wash_goes_from_its_upper_colour_to_its_lower_one():
    c = canvas()
    c.wash((0, 0, 0), (200, 100, 0), 0, 1)
    red = c.pixels[:, 40, 0].astype(int)
    assert (red[0], red[-1]) == (0, 200)
    assert (np.diff(red) >= 0).all()
    assert (c.pixels == c.pixels[:, :1]).all()


def test_a_shape_is_brighter_at_its_upper_left():
    c = canvas()
    c.disc(0.75, 0.5, 0.4, 0.4, (100, 100, 100), shade=0.4)
    assert c.pixels[20, 33, 0] > c.pixels[30, 45, 0] > c.pixels[40, 57, 0] > 0


def test_noise_has_a_standard_deviation_of_about_1_and_soft_noise_changes_slowly():
    pieces = {kind: [canvas(seed).noise(kind) for seed in range(20)] for kind in (ROUGH, SOFT)}
    for some in pieces.values():
        assert 0.5 < np.std(some) < 1.5
    rough, soft = (np.mean([np.abs(np.diff(one)).mean() for one in pieces[kind]]) for kind in (ROUGH, SOFT))
    assert soft < 0.5 * rough


def test_a_jittered_colour_stays_a_colour_near_its_own():
    c = canvas()
    found = np.array([c.jitter(COLOURS["white"], 30) for _ in range(300)])
    assert found.min() >= 0
    assert found.max() <= 255
    assert np.abs(found.mean(axis=0) - COLOURS["white"]).max() < 15
