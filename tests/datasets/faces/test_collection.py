"""What a face collection holds, and what it refuses."""

import numpy as np
import pytest

from vretlib.datasets.faces import FaceSet, FaceVideos, stills
from vretlib.errors import UserError


def videos(persons, n=3, side=8, names=("ada", "bo", "cy", "di"), prefix="v"):
    """Videos whose crops all have the grey level of their position and frame."""
    frames = tuple(
        np.stack([np.full((side, side, 3), 10 * i + k, np.uint8) for k in range(n)]) for i in range(len(persons))
    )
    named = tuple(f"{prefix}{i}" for i in range(len(persons)))
    return FaceVideos(frames, np.array(persons, np.int64), named, names)


def test_all_frames_are_in_the_order_of_videos_with_the_position_of_each():
    crops, video = videos([0, 1], n=3).all_frames()
    assert crops[:, 0, 0, 0].tolist() == [0, 1, 2, 10, 11, 12]
    assert video.tolist() == [0, 0, 0, 1, 1, 1]


def test_stills_are_the_middle_frames_the_later_of_two():
    assert stills(videos([0, 1], n=3))[:, 0, 0, 0].tolist() == [1, 11]
    assert stills(videos([0, 1], n=4))[:, 0, 0, 0].tolist() == [2, 12]
    assert stills(videos([0], n=1))[:, 0, 0, 0].tolist() == [0]


@pytest.mark.parametrize(
    ("train", "test", "message"),
    [
        ([0, 1], [], "no test video"),
        ([], [0], "no training video"),
        ([0, 0], [0], "training videos of 1 person"),
        ([0, 1], [0, 2, 3], "lacks 2 of the people of the test videos: cy, di"),
    ],
)
def test_splits_that_cannot_be_searched_are_refused(train, test, message):
    with pytest.raises(UserError, match=message):
        FaceSet("mine", videos(train), videos(test, prefix="q"))


def test_a_part_without_videos_has_no_frames_and_no_stills():
    none = videos([])
    crops, video = none.all_frames()
    assert (crops.shape, crops.dtype, video.shape) == ((0, 0, 0, 3), np.uint8, (0,))
    assert (stills(none).shape, stills(none).dtype) == ((0, 0, 0, 3), np.uint8)


def test_persons_may_be_a_list_of_whole_numbers_but_not_fractions():
    good = videos([0, 1])
    listed = FaceVideos(good.frames, [0, 1], good.videos, good.names)
    assert listed.persons.dtype == np.int64
    assert listed.persons.tolist() == [0, 1]
    for persons in ([0.0, 1.0], np.array([0.5, 1.0]), [[0, 1]], ["ada", "bo"]):
        with pytest.raises(UserError, match=r"persons is .*expected whole numbers"):
            FaceVideos(good.frames, persons, good.videos, good.names)


def test_names_and_shapes_are_checked():
    good = videos([0, 1])
    with pytest.raises(UserError, match="2 videos, 1 persons"):
        FaceVideos(good.frames, good.persons[:1], good.videos, good.names)
    with pytest.raises(UserError, match="same name"):
        FaceVideos(good.frames, good.persons, ("v", "v"), good.names)
    with pytest.raises(UserError, match="v1: crops of shape"):
        FaceVideos((good.frames[0], good.frames[1][:0]), good.persons, good.videos, good.names)
    with pytest.raises(UserError, match="there are 4 names"):
        videos([0, 4])
    with pytest.raises(UserError, match="differently"):
        FaceSet("mine", good, videos([0], names=("a", "b"), prefix="q"))
