"""A painter's hand: what each of its numbers changes in the same motif."""

import cv2
import numpy as np

from embedded.paintings.canvas import Canvas
from embedded.paintings.hand import DARKEST, Hand, painted


def motif():
    canvas = Canvas(80, 80, np.random.default_rng(3))
    canvas.wash((40, 80, 160), (200, 180, 90))
    canvas.disc(0.5, 0.5, 0.25, 0.25, (180, 40, 30))
    return canvas


def by(**own):
    return painted(motif(), Hand(gloom=0, **own) if "gloom" not in own else Hand(**own)).astype(np.float32)


def test_the_same_hand_and_seed_paint_the_same_picture():
    np.testing.assert_array_equal(by(), by())


def test_saturation_and_contrast_spread_colours_and_levels():
    def colourful(picture):
        return (picture.max(axis=2) - picture.min(axis=2)).mean()

    assert colourful(by(saturation=0.3)) < 0.6 * colourful(by(saturation=1.0))
    assert by(contrast=0.5).std() < 0.8 * by(contrast=1.0).std()


def test_a_tint_is_a_factor_of_its_channel():
    warm, plain = by(tint=(1.2, 1.0, 0.8)), by()
    assert warm[..., 0].mean() > 1.1 * plain[..., 0].mean()
    assert warm[..., 2].mean() < 0.9 * plain[..., 2].mean()


def test_gloom_darkens_the_corners_more_than_the_middle():
    ratio = by(gloom=0.8) / np.maximum(by(), 1)
    assert ratio[:12, :12].mean() < ratio[34:46, 34:46].mean() - 0.2


def test_broad_strokes_lose_more_of_the_motif():
    def apart(picture):
        return np.abs(cv2.GaussianBlur(picture, (0, 0), 1) - cv2.GaussianBlur(by(stroke=0.008), (0, 0), 1)).mean()

    assert apart(by(stroke=0.06)) > 1.5 * apart(by(stroke=0.012))


def test_a_dark_motif_is_brightened():
    canvas = Canvas(60, 60, np.random.default_rng(0))
    canvas.wash((12, 10, 8), (20, 18, 16))
    assert painted(canvas, Hand(gloom=0)).mean() > 0.85 * DARKEST
