"""Changes of colour between the sampled frames of clips."""

import numpy as np
import pytest

from tests.short_clips import FPS
from vretlib.video import frames
from vretlib.video.colour_changes import EVERY_FRAME, colour_changes
from vretlib.video.colour_histogram import HistogramOptions, colour_histogram, neighbour_distances


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr("vretlib.paths.CACHE", tmp_path / "cache")


def test_they_are_those_of_the_decoded_frames(short_clips):
    [changes] = colour_changes(short_clips, [(HistogramOptions(), FPS)])
    images = [frame.image for frame in frames.stream(short_clips[1], colour="rgb")]
    assert np.allclose(changes[1], neighbour_distances([colour_histogram(image) for image in images]))


def test_several_rates_in_one_pass(short_clips):
    settings = [(HistogramOptions(), FPS / 2), (HistogramOptions(), EVERY_FRAME)]
    half, full = colour_changes(short_clips, settings)
    assert [len(distances) for distances in half] == [5, 6, 3, 3]
    assert [len(distances) for distances in full] == [11, 12, 7, 7]


def test_several_histograms_in_one_pass_are_those_of_single_passes(short_clips):
    kinds = [HistogramOptions(space="hsv"), HistogramOptions(bins=4)]
    together = colour_changes(short_clips, [(kind, FPS) for kind in kinds])
    for kind, of_kind in zip(kinds, together, strict=True):
        [alone] = colour_changes(short_clips, [(kind, FPS)])
        assert all(np.array_equal(a, b) for a, b in zip(of_kind, alone, strict=True))
