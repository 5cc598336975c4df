"""Boxes that are given, pooled on a backbone's map; Selective Search."""

import numpy as np
import pytest
import torch

from vretlib.errors import UserError
from vretlib.features import backbones, given_regions


@pytest.fixture(scope="module")
def network():
    return backbones.load("squeezenet1_1", "random")


@pytest.fixture(scope="module")
def picture():
    """Grey with a bright square and a dark bar."""
    image = np.full((120, 160, 3), 128, np.uint8)
    image[20:60, 30:80] = (220, 60, 40)
    image[90:100, 100:150] = 10
    return image


def test_selective_search_has_the_square_and_gives_the_same_boxes_twice(picture):
    boxes = given_regions.selective_search(picture)
    assert np.abs(boxes - [30, 20, 79, 59]).max(axis=1).min() <= 3
    np.testing.assert_array_equal(boxes, given_regions.selective_search(picture))
    areas = np.prod(boxes[:, 2:] - boxes[:, :2] + 1, axis=1)
    assert (np.diff(areas) <= 1e-3 * areas[:-1]).all()
    assert len(given_regions.selective_search(picture, 3)) == 3
    assert (boxes >= 0).all()
    assert (boxes[:, 2] <= 159).all()
    assert (boxes[:, 3] <= 119).all()


def test_the_box_of_the_whole_image_is_pooled_as_the_whole_map(network, picture):
    found = given_regions.describe(network, picture, [[0, 0, 159, 119]], short_side=120)
    np.testing.assert_allclose(found.regions["max"][0], found.image["max"], rtol=1e-6)
    assert found.scores.shape == (1, 0)
    assert found.query is None


def test_a_box_has_the_maximum_of_its_cells(network, picture):
    x = network.prepare_batch([picture])
    with torch.inference_mode():
        maps = network.maps(x, [network.last_maps])[network.last_maps][0].numpy()
    _h, w = maps.shape[1:]
    half = [0, 0, 160 / w * (w // 2) - 1, 119]  # whole cells
    found = given_regions.describe(network, picture, [half], short_side=120, box=(0.0, 0.0, half[2] + 1, 119.0))
    expected = maps[:, :, : w // 2].max(axis=(1, 2))
    np.testing.assert_allclose(found.regions["max"][0], expected, rtol=1e-5)


def test_images_with_few_boxes_and_with_none_stand_in_one_array(network, picture):
    def propose(image):
        return given_regions.nothing(image) if image.shape[0] > 120 else np.array([[0, 0, 50, 50]], np.float32)

    tall = np.full((160, 120, 3), 128, np.uint8)
    found = given_regions.describe_all(network, [tall, picture], propose, short_side=96, boxes=[None, (0, 0, 50, 50)])
    np.testing.assert_array_equal(found.n_regions, [0, 1])
    assert found.regions["sum"].shape == (2, 1, 512)
    np.testing.assert_array_equal(found.regions["sum"][0], 0)
    np.testing.assert_allclose(np.linalg.norm(found.regions["max"][1].astype(float)), 1, atol=1e-3)
    np.testing.assert_array_equal(found.query["max"][0], found.image["max"][0])
    assert (found.query["max"][1] <= found.image["max"][1] + 1e-6).all()


def test_a_query_box_for_each_picture(network, picture):
    with pytest.raises(UserError):
        given_regions.describe_all(network, [picture], given_regions.nothing, boxes=[None, None])


@pytest.mark.parametrize(
    "box", [(100, 10, 200, 50), (50, 60, 10, 20), (-40, -40, 300, 300), (0, 0, float("nan"), 9), (1, 2, 3), ("a",) * 4]
)
def test_a_region_that_is_no_box_of_the_image_is_refused(network, picture, box):
    with pytest.raises(UserError, match="boxes"):
        given_regions.describe(network, picture, [(0, 0, 9, 9), box] if len(box) == 4 else [box])


def test_a_region_of_one_pixel_is_described_by_the_cell_it_lies_in(network, picture):
    found = given_regions.describe(network, picture, [(70, 50, 70, 50), (68, 48, 72, 52)], short_side=120)
    np.testing.assert_array_equal(found.regions["max"][0], found.regions["max"][1])


def test_no_pictures_and_a_picture_too_small_for_the_network_are_refused(network, picture):
    with pytest.raises(UserError, match="no pictures"):
        given_regions.describe_all(network, [], given_regions.grid)
    with pytest.raises(UserError, match=r"picture 1: image of 1 x 64 pixels"):
        given_regions.describe_all(
            network, [picture, np.zeros((3, 200, 3), np.uint8)], given_regions.grid, short_side=32, long_side=64
        )
