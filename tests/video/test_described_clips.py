"""Frames of clips and images, described by the last maps of a network."""

import numpy as np
import pytest

from tests.short_clips import FPS, LOOKS, SIDE
from vretlib.features import backbones
from vretlib.video import described_clips


def test_every_frame_is_described_where_the_rate_is_the_clips_own(described_short_clips):
    found, network = described_short_clips, backbones.load("vgg16", "embedded")
    assert np.diff(found.frames.offsets).tolist() == [12, 13, 8, 8]
    assert found.maps.shape == (41, network.channels("pool5"), 2, 2)
    assert np.allclose(found.descriptors, found.maps.mean(axis=(2, 3)), atol=1e-5)
    assert found.hours == pytest.approx(41 / FPS / 3600)


def test_images_are_frames_in_the_order_of_the_rows(described_short_clips):
    first_look, fifth_look = described_short_clips.images([25, 0], width=144)[::-1]
    assert np.abs(first_look.astype(int) - LOOKS[0]).mean() < 12
    assert np.abs(fifth_look.astype(int) - LOOKS[5]).mean() < 12


def test_an_image_of_a_frame_has_the_maps_of_the_frame(described_short_clips, tmp_path, monkeypatch):
    monkeypatch.setattr("vretlib.paths.CACHE", tmp_path)
    network, images = backbones.load("vgg16", "embedded"), described_short_clips.images([0, 20], width=144)
    maps = described_clips.describe_images(images, network, side=SIDE)
    assert np.allclose(maps, described_short_clips.maps[[0, 20]], atol=1e-3)
    assert np.allclose(maps[1:], described_clips.maps_of(images[1], network, SIDE), atol=1e-5)
