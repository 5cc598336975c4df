"""Descriptions of pictures and regions that are kept piece by piece."""

import numpy as np
import pytest

from vretlib import images, paths
from vretlib.errors import UserError
from vretlib.features import backbones, given_regions
from vretlib.real_runs import kept_regions


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """Nothing that an earlier run of these tests has kept is found."""
    monkeypatch.setattr(paths, "CACHE", tmp_path)


@pytest.fixture(scope="module")
def network():
    return backbones.load("squeezenet1_1", "random")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Five grey pictures, each brighter than the one before."""
    folder = tmp_path_factory.mktemp("pictures")
    paths = [folder / f"{number}.png" for number in range(5)]
    for number, path in enumerate(paths):
        image = np.full((64, 80, 3), 40 * number, np.uint8)
        image[10:30, 20:50] = (200, 20, 30 * number)
        images.write(path, image)
    return paths


def as_many_boxes_as_its_brightness(image):
    return given_regions.grid(image)[: image[0, 0, 0] // 40]


def test_pieces_give_what_all_pictures_give_at_once(network, pictures, monkeypatch):
    monkeypatch.setattr(kept_regions, "PIECE", 2)
    monkeypatch.setitem(kept_regions.PROPOSERS, "some", as_many_boxes_as_its_brightness)
    boxes = [None, (5.0, 5.0, 40.0, 40.0), None, None, (0.0, 0.0, 79.0, 63.0)]
    found = kept_regions.describe(network, pictures, "some", short_side=64, boxes=boxes)
    expected = given_regions.describe_all(
        network, pictures, as_many_boxes_as_its_brightness, short_side=64, boxes=boxes
    )
    np.testing.assert_array_equal(found.n_regions, [0, 1, 2, 3, 4])
    np.testing.assert_array_equal(found.boxes, expected.boxes)
    for how in given_regions.POOLINGS:
        np.testing.assert_array_equal(found.regions[how], expected.regions[how])
        np.testing.assert_array_equal(found.image[how], expected.image[how])
        np.testing.assert_array_equal(found.query[how], expected.query[how])


def test_a_run_that_was_stopped_goes_on_with_the_piece_that_is_missing(network, pictures, monkeypatch):
    monkeypatch.setattr(kept_regions, "PIECE", 2)
    seen, stop = [], True

    def propose(image):
        value = int(image[0, 0, 0])
        if value == 120 and stop:
            raise KeyboardInterrupt
        seen.append(value)
        return given_regions.grid(image)[:3]

    monkeypatch.setitem(kept_regions.PROPOSERS, "stopped", propose)
    with pytest.raises(KeyboardInterrupt):
        kept_regions.describe(network, pictures, "stopped", short_side=64)
    seen.clear()
    stop = False
    found = kept_regions.describe(network, pictures, "stopped", short_side=64)
    assert sorted(seen) == [80, 120, 160]
    np.testing.assert_array_equal(found.n_regions, 3)


@pytest.mark.parametrize(("given", "regions"), [(0, "windows"), (2, "selective")])
def test_nothing_to_describe_and_an_unknown_source_of_regions_are_refused(network, pictures, given, regions):
    with pytest.raises(UserError):
        kept_regions.describe(network, pictures[:given], regions, short_side=64)
