"""Rows of sampled frames of two small videos."""

from pathlib import Path

import numpy as np
import pytest

from tests.video.conftest import number_in, numbered, write_video
from vretlib.video.sampled_frames import SampledFrames, pictures, rows_at_rate

FRAMES = SampledFrames(np.array([0, 4, 6]), np.array([0, 5, 10, 15, 0, 5]), np.array([0, 0.2, 0.4, 0.6, 2.0, 2.2]))


@pytest.fixture
def clips(tmp_path: Path) -> list[Path]:
    return [
        write_video(tmp_path / f"{i}.mp4", [numbered(first + k) for k in range(n)])
        for i, (first, n) in enumerate(((0, 20), (100, 10)))
    ]


def test_seconds_count_from_the_first_frame_of_a_clip() -> None:
    np.testing.assert_allclose(FRAMES.seconds([1, 3, 5]), [0.2, 0.6, 0.2])


def test_a_lower_rate_takes_the_frames_that_it_would_have_sampled(clips: list[Path]) -> None:
    assert rows_at_rate(FRAMES, clips, 2.5).tolist() == [0, 2, 4]


def test_pictures_come_in_the_order_asked_for(clips: list[Path]) -> None:
    found = pictures(FRAMES, clips, [5, 0, 3, 0], width=320)
    assert [number_in(image[..., 1]) for image in found] == [105, 0, 15, 0]
