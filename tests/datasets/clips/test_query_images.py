"""Images to search clips with."""

import cv2
import numpy as np
import pytest

from tests.short_clips import LOOKS
from vretlib.datasets.clips import query_images
from vretlib.datasets.clips.collection import Clip, ClipQuery
from vretlib.errors import UserError
from vretlib.video import frames


def test_drawn_frames_are_frames_of_the_clips_asked_for(short_clips, tmp_path, monkeypatch):
    monkeypatch.setattr("vretlib.paths.CACHE", tmp_path)
    clips = [Clip(path.stem, path) for path in short_clips]
    found = query_images.drawn_frames(clips, [1, 2], 10, seed=3)
    assert (found.kind, len(found)) == ("frames", 10)
    assert {int(clips[0]) for clips in found.relevant} == {1, 2}
    for image, [clip], number in zip(found.images, found.relevant, found.numbers.tolist(), strict=True):
        assert np.array_equal(image, frames.read(short_clips[clip], [number], colour="rgb")[number])
    again = query_images.drawn_frames(clips, [1, 2], 10, seed=3)
    assert again.numbers.tolist() == found.numbers.tolist()
    with pytest.raises(UserError, match="n_frames=0"):
        query_images.drawn_frames(clips, [1, 2], 0, seed=3)


def test_photographs_keep_all_relevant_clips(tmp_path):
    cv2.imwrite(str(tmp_path / "q.png"), LOOKS[0][..., ::-1])
    query = ClipQuery("q", "VB", tmp_path / "q.png", np.array([0, 2]))
    found = query_images.photographs([query])
    assert (found.kind, len(found), found.relevant[0].tolist()) == ("VB", 1, [0, 2])
    with pytest.raises(UserError, match="of one"):
        query_images.photographs([])
