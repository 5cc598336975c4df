"""Histograms by hand, and against numpy's."""

import colorsys

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.video.colour_histogram import HistogramOptions, colour_histogram, neighbour_distances

IMAGE = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)


def test_two_colours_by_hand():
    image = np.zeros((1, 4, 3), np.uint8)
    image[0, 3] = (255, 0, 128)
    histogram = colour_histogram(image, HistogramOptions(bins=2)).reshape(2, 2, 2)
    assert histogram[0, 0, 0] == 0.75
    assert histogram[1, 0, 1] == 0.25  # red, no green, upper half of blue
    assert histogram.sum() == 1


def test_joint_counts_are_those_of_numpy():
    expected = np.histogramdd(IMAGE.reshape(-1, 3), bins=8, range=[(0, 256)] * 3)[0]
    assert np.array_equal(colour_histogram(IMAGE, HistogramOptions(normalisation="none")), expected.ravel())


def test_counts_per_channel_are_those_of_numpy():
    expected = [np.histogram(IMAGE[..., c], bins=16, range=(0, 256))[0] for c in range(3)]
    found = colour_histogram(IMAGE, HistogramOptions(bins=16, joint=False, normalisation="none"))
    assert np.array_equal(found, np.concatenate(expected))


def test_hue_fills_all_bins():
    """Pure colours, one per twelfth of the circle, fall into twelve bins of hue."""
    colours = [colorsys.hsv_to_rgb((k + 0.5) / 12, 1, 1) for k in range(12)]
    image = np.round(255 * np.array([colours])).astype(np.uint8)
    hue = colour_histogram(image, HistogramOptions("hsv", 12, joint=False, normalisation="none"))[:12]
    assert hue.tolist() == [1] * 12


@pytest.mark.parametrize("space", ["rgb", "hsv", "lab"])
def test_normalisations(space):
    share, none, l2 = (
        colour_histogram(IMAGE, HistogramOptions(space, normalisation=rule)) for rule in ("share", "none", "l2")
    )
    assert none.sum() == 30 * 40
    assert np.allclose(share, none / 1200)
    assert np.allclose(l2, none / np.sqrt((none**2).sum()))


def test_distances_by_hand():
    assert neighbour_distances([[0, 0], [3, 4], [3, 4], [0, 4]]).tolist() == [5, 0, 3]


def test_one_frame_has_no_neighbour():
    assert neighbour_distances([[1, 2]]).shape == (0,)


def test_what_means_nothing_is_refused():
    for options in ({"space": "xyz"}, {"bins": 0}, {"bins": 100}, {"normalisation": "sum"}):
        with pytest.raises(UserError):
            HistogramOptions(**options)
    for image in (IMAGE[..., 0], IMAGE.astype(float), IMAGE[:0]):
        with pytest.raises(UserError):
            colour_histogram(image)
    for rows in (np.zeros((0, 4)), np.zeros(4)):
        with pytest.raises(UserError):
            neighbour_distances(rows)
