"""Face videos as vectors of frames."""

import numpy as np
import pytest
import torch

from vretlib.datasets.faces.collection import FaceSet, FaceVideos, stills
from vretlib.described.faces import DescribedFaces, VideoFrames, by_means, described, pixels, unseen, variation
from vretlib.errors import NoExampleError, UserError
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


@pytest.mark.parametrize("copies", [1, 2])
def test_training_frames_that_vary_along_one_direction_are_refused_by_the_collections_name(copies):
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (2, 64, 64, 3), dtype=np.uint8)[:copies]
    same = tuple(np.repeat(pictures[i % copies][None], 2, 0) for i in range(3))
    faces = FaceSet(
        "Copies", FaceVideos(same, np.array([0, 1, 0]), ("a", "b", "c"), ("Ann", "Bob")), crops(rng, [1], [0])
    )
    with pytest.raises(UserError, match=f"^Copies: its 6 training frames vary along {copies - 1} direction"):
        described(faces, FaceNetwork.of_width(0.1).eval())


def test_videos_are_found_by_the_cosine_of_means():
    rng = np.random.default_rng(0)
    persons = np.repeat([0, 1, 2], 4)
    database, asked = (
        VideoFrames(rng.normal(size=(48, 5)).astype(np.float32), np.repeat(np.arange(12), 4), persons) for _ in range(2)
    )
    mean = [part.x.reshape(-1, 4, 5).mean(1) for part in (asked, database)]
    a, b = (m / np.linalg.norm(m, axis=1, keepdims=True) for m in mean)
    hits = persons[np.argsort(-(a[3] @ b.T))] == persons[3]
    assert by_means(database, asked)[3] == pytest.approx((np.cumsum(hits) / np.arange(1, 13))[hits].mean())


def test_maps_are_kept_beside_equal_features():
    faces = FaceSet("Noise", crops(np.random.default_rng(5), [2, 1], [0, 1]), crops(np.random.default_rng(6), [1], [1]))
    torch.manual_seed(0)  # the cache knows an untrained network by its shape alone
    network = FaceNetwork.of_width(0.1).eval()
    found, alone = described(faces, network, maps=True), described(faces, network)
    assert found.train.maps.shape == (3, network.filters[-3], 4, 4)
    np.testing.assert_allclose(found.train.x, alone.train.x, atol=1e-6)
    assert alone.test.maps is found.without_maps.test.maps is None


def test_a_persons_videos_vary_so_many_times_as_much_as_a_videos_frames():
    x = np.array([[0.0], [2], [10], [12], [5], [5]], np.float32)  # within: 1, 1, 0; means 1, 11 of Ann, 5 of Bob
    frames = VideoFrames(x, np.array([0, 0, 1, 1, 2, 2]), np.array([0, 0, 1]))
    assert variation(frames) == pytest.approx((25 + 0) / 2 / (2 / 3))


def test_videos_of_one_frame_have_no_variation():
    with pytest.raises(NoExampleError, match="two frames that differ"):
        variation(VideoFrames(np.eye(3, dtype=np.float32), np.arange(3), np.array([0, 0, 1])))


def numbered(persons, n_frames=3):
    """Frames whose vector is the video and the place in it, with maps of the same."""
    video = np.repeat(np.arange(len(persons)), n_frames)
    x = np.stack([video, np.tile(np.arange(n_frames), len(persons))], axis=1).astype(np.float32)
    return VideoFrames(x, video, np.array(persons), x[:, :, None, None])


def test_unseen_people_are_divided_and_nobody_is_on_both_sides():
    faces = DescribedFaces("Numbers", numbered([0, 2, 1, 3, 0, 1, 2, 3]), numbered([3, 2, 1, 0, 0]))
    learn, others = unseen(faces, seed=1)
    sides = []
    for part, whole in ((learn, faces.train), (others.train, faces.train), (others.test, faces.test)):
        original = part.x[::3, 0].astype(int)  # the videos by their numbers in the whole
        assert part.video.tolist() == np.repeat(np.arange(part.n_videos), 3).tolist()
        assert part.x[:, 1].tolist() == [0, 1, 2] * part.n_videos
        np.testing.assert_array_equal(part.maps[:, :, 0, 0], part.x)
        people, counted = np.unique(whole.persons[original], return_inverse=True)
        np.testing.assert_array_equal(part.persons, counted)
        sides.append({*people.tolist()})
    assert sides[0] | sides[1] == {0, 1, 2, 3}
    assert not sides[0] & sides[1]
    assert len(sides[0]) == 2
    assert sides[1] == sides[2]


def test_unseen_people_need_four_and_a_query():
    with pytest.raises(NoExampleError, match="3 people; the protocol with unseen people needs four"):
        unseen(DescribedFaces("Few", numbered([0, 1, 2]), numbered([0])))
    four = numbered([0, 1, 2, 3])
    learned = {person for person in range(4) if person not in _others(four)}
    with pytest.raises(NoExampleError, match="no test video shows one of the 2 people"):
        unseen(DescribedFaces("Learned", four, numbered(sorted(learned))))
    with pytest.raises(UserError, match=r"share=1\.0; expected the part"):
        unseen(DescribedFaces("All", four, four), share=1.0)


def _others(four):
    return four.persons[unseen(DescribedFaces("Four", four, four))[1].train.x[::3, 0].astype(int)].tolist()
