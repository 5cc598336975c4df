"""The integer drawing loops against hand-worked values and the real-valued formulas."""

import numpy as np
import pytest

from embedded import raster

IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def _opaque(rng: np.random.Generator, h: int, w: int) -> np.ndarray:
    layer = rng.integers(0, 256, size=(h, w, 4), dtype=np.uint8)
    layer[..., 3] = 255
    return layer


def test_an_opaque_layer_is_copied_at_whole_pixels():
    layer, frame = _opaque(np.random.default_rng(0), 9, 12), np.zeros((20, 30, 4), np.uint8)
    raster.draw(frame, layer, (1.0, 0.0, 4.0, 0.0, 1.0, 5.0))
    # The last row and column have no neighbour to be interpolated with, and are not drawn.
    np.testing.assert_array_equal(frame[5:13, 4:15, :3], layer[:8, :11, :3])
    frame[5:13, 4:15] = 0
    assert not frame.any()


def test_half_a_pixel_gives_the_mean_of_two():
    layer = np.zeros((4, 4, 4), np.uint8)
    layer[..., 3], layer[:, 2:, 0] = 255, 200
    frame = np.zeros((4, 4, 4), np.uint8)
    raster.draw(frame, layer, (1.0, 0.0, -0.5, 0.0, 1.0, 0.0))
    assert frame[1, :3, 0].tolist() == [0, 100, 200]


def test_a_transparent_layer_lets_the_formula_share_of_the_frame_through():
    rng = np.random.default_rng(1)
    alpha = rng.integers(0, 256, size=(40, 40, 1))
    layer = np.concatenate([rng.integers(0, 256, size=(40, 40, 3)) * alpha // 255, alpha], axis=2).astype(np.uint8)
    frame = _opaque(rng, 40, 40)
    expected = layer[..., :3] + frame[..., :3] * (1 - layer[..., 3:] / 255.0)
    raster.draw(frame, layer, IDENTITY)
    # Half a level by rounding, and half by 256ths that stand for 255ths.
    assert np.abs(frame[:39, :39, :3] - expected[:39, :39]).max() <= 1.0


@pytest.mark.parametrize("scale", [0.37, 1.0, 2.9])
def test_turning_and_scaling_samples_where_the_map_says(scale):
    ys, xs = np.mgrid[0:80, 0:80]
    layer = np.stack([xs, ys, 0 * xs, 0 * xs + 255], axis=-1).astype(np.uint8)
    frame = np.zeros((60, 60, 4), np.uint8)
    raster.draw(frame, layer, raster.placed(scale, 0.3, (40.0, 40.0), (30.0, 30.0)))
    c, s = np.cos(0.3) / scale, np.sin(0.3) / scale
    for u, v in ((30, 30), (33, 28), (25, 36)):
        x, y = c * (u - 30) + s * (v - 30) + 40, -s * (u - 30) + c * (v - 30) + 40
        # Bytes hold whole numbers: interpolating twice and rounding each time is off by at most one.
        assert np.abs(frame[v, u, :2] - np.array([x, y])).max() <= 1.0


@pytest.mark.parametrize(("scale", "turn"), [(0.37, 0.0), (1.0, 1.9), (2.9, -0.7), (-1.3, 0.002)])
def test_drawing_samples_every_pixel_as_a_plain_loop_does(scale, turn):
    rng = np.random.default_rng(3)
    alpha = rng.choice([0, 90, 255], size=(14, 19, 1))
    layer = np.concatenate([rng.integers(0, 256, size=(14, 19, 3)) * alpha // 255, alpha], axis=2).astype(np.uint8)
    frame = _opaque(rng, 24, 30)
    a, b, c, d, e, f = forward = raster.placed(scale, turn, (9.0, 6.0), (12.0, 11.0))
    det = a * e - b * d
    back = (e / det, -b / det, (b * f - c * e) / det, -d / det, a / det, (c * d - a * f) / det)
    expected = _drawn_slowly(frame, layer, [round(value * 65536) for value in back])
    raster.draw(frame, layer, forward)
    np.testing.assert_array_equal(frame, expected)


def _drawn_slowly(frame: np.ndarray, layer: np.ndarray, back: list[int]) -> np.ndarray:
    """The frame after drawing, byte by byte; ``back`` maps the frame's pixels to the layer's, in 1/65536."""
    drawn, pixels = frame.copy(), layer.tolist()
    for v, u in np.ndindex(frame.shape[:2]):
        x, y = (back[k] * u + back[k + 1] * v + back[k + 2] for k in (0, 3))
        if 0 <= x >> 16 < layer.shape[1] - 1 and 0 <= y >> 16 < layer.shape[0] - 1:
            upper, lower = (
                [_share(p, q, (x >> 8) & 255) for p, q in zip(row[x >> 16], row[(x >> 16) + 1], strict=True)]
                for row in pixels[y >> 16 : (y >> 16) + 2]
            )
            colour = [_share(p, q, (y >> 8) & 255) for p, q in zip(upper, lower, strict=True)]
            through = 256 - colour[3] - (colour[3] >> 7)
            drawn[v, u] = [top + _share(0, int(under), through) for top, under in zip(colour, frame[v, u], strict=True)]
    return drawn


def _share(first: int, second: int, weight: int) -> int:
    return (first * (256 - weight) + second * weight + 128) >> 8


def test_a_placed_picture_has_its_origin_where_it_was_put():
    a, b, c, d, e, f = raster.compose(raster.placed(1.7, 0.4, (3.0, 5.0), (100.0, 50.0)), IDENTITY)
    assert (a * 3 + b * 5 + c, d * 3 + e * 5 + f) == pytest.approx((100.0, 50.0))


def test_a_mix_begins_with_the_first_and_ends_with_the_second():
    rng = np.random.default_rng(2)
    first, second = (rng.integers(0, 256, size=(5, 6, 4), dtype=np.uint8) for _ in range(2))
    np.testing.assert_array_equal(raster.mix(first, second, 0), first)
    np.testing.assert_array_equal(raster.mix(first, second, 256), second)
    assert raster.mix(first * 0 + 100, first * 0 + 200, 64)[0, 0, 0] == 125


def test_shading_leaves_mean_noise_alone_and_never_exceeds_the_opacity():
    layer = np.full((2, 2, 4), 100, np.uint8)
    raster.shade(layer, np.array([[0, 64], [-64, 255]], np.int16), 64)
    assert layer[..., 0].tolist() == [[100, 100], [75, 100]]  # a quarter darker; brighter is held at opacity 100


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (255, 0, 0), (20, 200, 90)])
def test_developing_follows_bt601(colour):
    picture = np.full((4, 6, 4), (*colour, 255), np.uint8)
    planes = np.zeros((6, 6), np.uint8)
    full, none = np.full((4, 6), 256, np.int32), np.zeros((4, 6), np.int16)
    raster.develop(picture, full, none, 0, 0, 256, planes)
    r, g, b = (c / 255 for c in colour)
    luma = 0.299 * r + 0.587 * g + 0.114 * b
    chroma = np.array([(b - luma) / 1.772, (r - luma) / 1.402]) * 224 + 128
    assert np.abs(planes[:4] - (16 + 219 * luma)).max() <= 1
    u, v = planes.ravel()[24:30], planes.ravel()[30:]
    assert np.abs(u - chroma[0]).max() <= 1.5
    assert np.abs(v - chroma[1]).max() <= 1.5


def test_developing_dims_and_grains_every_pixel_by_the_formulas():
    rng = np.random.default_rng(4)
    picture, planes = _opaque(rng, 6, 10), np.zeros((9, 10), np.uint8)
    vignette = rng.integers(160, 257, (6, 10)).astype(np.int32)
    grain = rng.integers(-999, 999, (9, 15)).astype(np.int16)
    raster.develop(picture, vignette, grain, 5, 3, 200, planes)
    r, g, b = np.moveaxis(picture[..., :3].astype(int) * (vignette * 200)[..., None] >> 16, -1, 0)
    luma = 16 + ((66 * r + 129 * g + 25 * b + 128) >> 8)
    strength = 64 + np.minimum(192, (luma - 16) * 4) - np.maximum(0, luma - 150)
    expected = np.clip(luma + (grain[3:, 5:] * strength * 200 >> 16), 16, 235)
    np.testing.assert_array_equal(planes[:6], expected)
    r, g, b = (c.reshape(3, 2, 5, 2).sum(axis=(1, 3)) for c in (r, g, b))
    np.testing.assert_array_equal(planes.ravel()[60:75], 128 + ((-38 * r - 74 * g + 112 * b + 512) >> 10).ravel())
    np.testing.assert_array_equal(planes.ravel()[75:], 128 + ((112 * r - 94 * g - 18 * b + 512) >> 10).ravel())


def test_the_sensor_adds_its_noise_and_clips():
    light = np.full((2, 3, 3), 32768, np.int32)
    fall, gains = np.full((2, 3), 4096, np.int64), np.array([4096, 2048, 16384], np.int64)
    tone = (np.arange(4096) >> 4).astype(np.uint8)
    at, quiet, loud = np.zeros((3, 2), np.int64), np.zeros(256, np.int64), np.full(256, 2560, np.int64)
    tile = np.full((2, 3), 256, np.int16)  # one standard deviation everywhere
    assert raster.expose(light, fall, gains, tile, at, quiet, tone)[0, 0].tolist() == [128, 64, 255]
    assert raster.expose(light, fall, gains, tile, at, loud, tone)[1, 2].tolist() == [138, 74, 255]
