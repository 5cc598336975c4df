"""SIFT of the frames of small clips, as of single pictures."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.video.conftest import moving_scene, write_video
from vretlib import paths
from vretlib.features import local
from vretlib.video import clip_sift, sampling


def test_features_of_every_frame_are_those_of_the_frame_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    black = [np.zeros((96, 144, 3), np.uint8)] * 14
    clips = [
        write_video(tmp_path / f"{i}.mp4", pictures, crf="18")
        for i, pictures in enumerate((moving_scene(1, 14), black))
    ]
    found = clip_sift.describe(clips, 5.0)
    assert len(found) == 2
    assert found.codes.dtype == np.uint8
    frames = [np.asarray(cv2.cvtColor(f.image, cv2.COLOR_RGB2GRAY), np.uint8) for f in sampling.sampled(clips[0], 5.0)]
    assert len(found.of_clip(0)) == len(frames) == 3
    for luma, features in zip(frames, found.of_clip(0), strict=True):
        np.testing.assert_array_equal(features, local.sift(luma, n_features=clip_sift.FEATURES).descriptors)
    assert [len(features) for features in found.of_clip(1)] == [0, 0, 0]
    again = clip_sift.describe(clips, 5.0)
    np.testing.assert_array_equal(again.codes, found.codes)
    assert "cached" in said[-1]
