"""Where patches are unique, and how far changes of an image move them."""

import cv2
import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.features import patches

WIDE, HIGH = 120, 90


def scenery(seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=(HIGH, WIDE, 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 2)
    return np.clip(128 + 50 * smooth / smooth.std(), 0, 255).astype(np.uint8)


def test_a_corner_an_edge_and_a_plain_place_are_found_where_they_are() -> None:
    luma = np.full((160, 160), 40, np.uint8)
    luma[80:, 80:] = 200
    luma = np.clip(luma + np.random.default_rng(0).normal(0, 1, luma.shape), 0, 255).astype(np.uint8)
    corners = patches.ExamplePlaces(luma)
    assert np.abs(np.array(corners.places["corner"]) - 80).max() <= corners.side // 2  # inside the patch
    x, y = corners.places["edge"]
    assert (abs(x - 80) <= 12) != (abs(y - 80) <= 12)
    surfaces = {name: corners.surface(name) for name in corners.places}
    assert all(surface[10, 10] == 0 for surface in surfaces.values())
    assert np.median(surfaces["plain"]) < 5 < np.median(surfaces["corner"])


def test_sift_ignores_brightness_and_rotation_and_pixels_do_not() -> None:
    luma = cv2.cvtColor(cv2.resize(scenery(3), (480, 360)), cv2.COLOR_RGB2GRAY)
    table = patches.sensitivity(luma)
    assert (table.loc[["half as bright", "half the contrast"], "SIFT"] < 0.05).all()
    assert table.loc["turned by 90°", "SIFT"] < 0.1 < 0.25 < table.loc["turned by 90°", "pixels"]
    assert table.loc["half as bright", "pixels"] > 0.5
    with pytest.raises(UserError, match="SIFT"):
        patches.sensitivity(np.zeros((64, 64), np.uint8))
