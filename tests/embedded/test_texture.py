"""Statistics that the surfaces are made for."""

import numpy as np
import pytest

from embedded import texture


@pytest.mark.parametrize("alpha", [0.7, 1.1, 1.7])
def test_the_amplitude_spectrum_falls_as_a_power_of_frequency(alpha):
    field = texture.fractal(np.random.default_rng(0), alpha, side=256).astype(float)
    spectrum = np.abs(np.fft.fft2(field))
    fy, fx = np.meshgrid(np.fft.fftfreq(256), np.fft.fftfreq(256), indexing="ij")
    radius = np.hypot(fx, fy)
    seen = (radius > 4 / 256) & (radius < 0.4)
    slope = np.polyfit(np.log(radius[seen]), np.log(spectrum[seen]), 1)[0]
    # 16-bit rounding and the clip at four deviations add a little white noise where the spectrum is lowest.
    assert slope == pytest.approx(-alpha, abs=0.06)


def test_a_field_has_zero_mean_and_its_stated_deviation():
    field = texture.fractal(np.random.default_rng(1), 1.1, side=256)
    assert abs(field.mean()) < 1
    assert field.std() == pytest.approx(64, rel=0.02)


def test_radii_follow_the_inverse_cube_law():
    radii = texture.power_law_radii(np.random.default_rng(2), 20_000, 2.0, 20.0)
    assert radii.min() >= 2
    assert radii.max() <= 20
    for r in (3.0, 5.0, 10.0):  # distribution function of a density ∝ r^-3 between 2 and 20
        expected = (2.0**-2 - r**-2) / (2.0**-2 - 20.0**-2)
        assert (radii < r).mean() == pytest.approx(expected, abs=0.012)


def test_a_gradient_runs_from_the_first_colour_to_the_second():
    ramp = texture.gradient((5, 2), (0, 100, 200), (200, 100, 0))
    assert ramp[:, 0].tolist() == [[0, 100, 200], [50, 100, 150], [100, 100, 100], [150, 100, 50], [200, 100, 0]]


@pytest.mark.parametrize("amount", [0, 1, 4, 26])
def test_a_jittered_colour_is_drawn_as_if_all_three_channels_were_drawn_at_once(amount):
    ours, numpys = np.random.default_rng(amount), np.random.default_rng(amount)
    for _ in range(200):
        common = numpys.integers(-amount, amount + 1)
        own = numpys.integers(-amount // 3, amount // 3 + 1, size=3)
        assert texture.jitter(ours, (0, 128, 250), amount) == tuple(
            np.clip(np.array([0, 128, 250]) + common + own, 0, 255)
        )
    assert ours.bit_generator.state == numpys.bit_generator.state


def test_a_piece_of_noise_continues_across_the_edge_of_its_tile():
    noise = texture.Noise(np.random.default_rng(3))
    piece = noise.piece(np.random.default_rng(4), (1500, 40), "soft").astype(float)
    np.testing.assert_array_equal(piece[:400], piece[1024:1424])
    steps = np.abs(np.diff(piece, axis=0)).max(axis=1)
    assert steps.max() < 6 * np.median(steps)


def test_leaves_cover_the_box_they_are_given():
    picture = np.zeros((60, 80, 4), np.uint8)
    texture.dead_leaves(np.random.default_rng(5), picture, [(200, 100, 50)], 1500, (2.0, 12.0), (0, 0, 80, 60))
    assert (picture[..., 3] == 255).mean() > 0.99
    assert len(np.unique(picture.reshape(-1, 4), axis=0)) > 20
