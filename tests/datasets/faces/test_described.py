"""Face videos as vectors of frames."""

import numpy as np

from vretlib.datasets.faces.collection import FaceSet, FaceVideos, stills
from vretlib.datasets.faces.described import VideoFrames, described, pixels
from vretlib.features.face_network import FaceNetwork


def crops(rng, lengths, persons):
    frames = tuple(rng.integers(0, 256, (n, 64, 64, 3), dtype=np.uint8) for n in lengths)
    names = tuple(f"video {i} of {len(lengths)}" for i in range(len(lengths)))
    return FaceVideos(frames, np.array(persons), names, ("Ann", "Bob"))


def test_stills_are_the_same_frames_as_those_of_the_collection():
    videos = crops(np.random.default_rng(0), [1, 2, 5], [0, 1, 0])
    found = pixels(videos)
    grey = stills(videos).mean(axis=-1).reshape(3, -1)
    np.testing.assert_allclose(found.stills, grey - grey.mean(1, keepdims=True), atol=1e-3)


def test_means_are_of_each_video_and_of_length_1():
    frames = VideoFrames(
        np.array([[3, 0], [0, 4], [0, 4], [5, 5]], np.float32), np.array([0, 0, 0, 1]), np.array([0, 1])
    )
    expected = np.array([[3, 8], [5, 5]]) / [[73**0.5], [50**0.5]]
    np.testing.assert_allclose(frames.means, expected, rtol=1e-6)


def test_a_collection_has_a_vector_for_each_frame():
    rng = np.random.default_rng(0)
    faces = FaceSet("Noise", crops(rng, [2, 1, 3], [0, 1, 0]), crops(rng, [1, 4], [1, 0]))
    found = described(faces, FaceNetwork.of_width(0.1).eval())
    assert found.train.x.shape == (6, 32)
    assert found.test.video.tolist() == [0, 1, 1, 1, 1]
    assert found.relevant.tolist() == [[False, True, False], [True, False, True]]
