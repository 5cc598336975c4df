"""Random views: inside the photograph, in range, and decided by the generator alone."""

import numpy as np
import pytest
import torch

from vretlib.models.augmentation import Views, central_views, random_views

STILL = Views(crop=(1.0, 1.0), stretch=1.0, turn=0.0, light=0.0)


def photograph(height: int, width: int) -> np.ndarray:
    """Red grows to the right and green downwards, blue is constant: a pixel's colour tells its place."""
    y, x = np.mgrid[:height, :width]
    return np.dstack([x, y, np.full_like(x, 128)]).astype(np.uint8)


def test_a_view_without_any_freedom_is_the_photograph_or_its_mirror_image():
    image = photograph(40, 40)
    views = random_views([image] * 20, 40, STILL, np.random.default_rng(0))
    plain = torch.from_numpy(image).permute(2, 0, 1).float() / 255
    mirrored = [bool(torch.allclose(view, plain.flip(2))) for view in views]
    assert all(mirror or torch.allclose(view, plain) for view, mirror in zip(views, mirrored, strict=True))
    assert 0 < sum(mirrored) < 20


@pytest.mark.parametrize("shape", [(60, 90), (90, 60)])
def test_views_lie_inside_the_photograph_and_have_the_side_that_is_asked_for(shape):
    views = 255 * random_views(
        [photograph(*shape)] * 50,
        30,
        Views(crop=(0.5, 0.5), stretch=1.0, turn=0.0, light=0.0),
        np.random.default_rng(1),
    )
    width = views[:, 0].amax((1, 2)) - views[:, 0].amin((1, 2))
    height = views[:, 1].amax((1, 2)) - views[:, 1].amin((1, 2))
    assert views.shape == (50, 3, 30, 30)
    np.testing.assert_allclose(width, 29, atol=1.01)  # half of the shorter side: pixel by pixel
    np.testing.assert_allclose(height, 29, atol=1.01)
    left = views[:, 0].amin((1, 2))
    assert left.min() < 0.15 * shape[1]
    assert left.max() > 0.8 * (shape[1] - 30)  # they go to both ends


def test_the_same_generator_gives_the_same_views_and_another_seed_others():
    images = [photograph(50, 70), photograph(70, 50)]
    first, again, other = (random_views(images, 32, Views(), np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert first.min() >= 0
    assert first.max() <= 1
    assert first.is_contiguous(memory_format=torch.channels_last)


def test_light_changes_each_view_by_no_more_than_it_may():
    grey = np.full((20, 20, 3), 100, np.uint8)
    views = random_views([grey] * 200, 8, Views(crop=(1, 1), stretch=1, turn=0, light=0.2), np.random.default_rng(0))
    means = 255 * views.mean((2, 3))
    assert means.min() >= 100 * 0.8 * 0.85
    assert means.max() <= 100 * 1.2 * 1.15
    assert means.std() > 8


def test_the_central_view_is_the_central_square():
    views = central_views([photograph(40, 100)], 40)
    np.testing.assert_allclose(255 * views[0, 0, 0], np.arange(30, 70), atol=1e-4)
    np.testing.assert_allclose(255 * views[0, 1, :, 0], np.arange(40), atol=1e-4)
