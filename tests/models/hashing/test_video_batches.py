import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.models.hashing import video_batches
from vretlib.models.hashing.video_batches import TrainingVideos


def collection(people: int = 20, videos: int = 3, frames: tuple[int, ...] = (12, 10, 15)) -> TrainingVideos:
    lengths = np.resize(frames, people * videos)
    return TrainingVideos.of(np.repeat(np.arange(people * videos), lengths), np.repeat(np.arange(people), videos))


def test_frames_may_stand_in_any_order_and_people_may_have_any_labels() -> None:
    found = TrainingVideos.of([1, 0, 1, 2], ["Zoe", "Ada", "Zoe"])
    assert found.names.tolist() == ["Ada", "Zoe"]
    assert found.persons.tolist() == [1, 0, 1]
    assert [found.rows[a:b].tolist() for a, b in zip(found.first[:-1], found.first[1:], strict=True)] == [
        [1],
        [0, 2],
        [3],
    ]


def test_a_third_of_16_people_give_anchor_and_positive_and_a_third_other_people_the_negative() -> None:
    videos, rng = collection(), np.random.default_rng(0)
    seen = set()
    for _ in range(200):
        batch = video_batches.set_triplets(videos, rng)
        anchor, positive, negative = videos.persons[batch].reshape(3, 8)
        assert (anchor == positive).all()
        assert len({*anchor, *negative}) == 16
        assert (batch[:8] != batch[8:16]).all()
        seen |= set(batch)
    assert seen == set(range(60))


def test_every_pair_of_videos_of_a_person_is_as_likely() -> None:
    videos, rng = collection(people=2, videos=3), np.random.default_rng(0)
    pairs = [tuple(video_batches.set_triplets(videos, rng, 3)[:2]) for _ in range(3000)]
    counts = np.array([pairs.count((i, j)) for i in range(3) for j in range(3) if i != j])
    assert counts.sum() > 1300  # half of the batches ask for this person
    assert abs(counts / counts.sum() - 1 / 6).max() < 0.04


def test_few_people_give_several_triplets_and_never_themselves_as_the_negative() -> None:
    videos, rng = collection(people=3), np.random.default_rng(0)
    for _ in range(50):
        anchor, positive, negative = videos.persons[video_batches.set_triplets(videos, rng)].reshape(3, 8)
        assert (anchor == positive).all()
        assert not set(anchor) & set(negative)


def test_a_person_with_one_video_is_its_own_positive() -> None:
    videos = collection(people=2, videos=1)
    anchor, positive, negative = video_batches.set_triplets(videos, np.random.default_rng(0), 3)
    assert anchor == positive != negative


def test_ten_different_frames_of_each_video() -> None:
    videos, rng = collection(), np.random.default_rng(0)
    owner = np.empty(len(videos.rows), int)
    owner[videos.rows] = np.repeat(np.arange(len(videos)), np.diff(videos.first))
    rows = video_batches.frames_of(videos, np.arange(60), rng)
    assert (owner[rows] == np.arange(60)[:, None]).all()
    assert all(len(set(row)) == 10 for row in rows)
    assert set(np.concatenate([video_batches.frames_of(videos, np.arange(60), rng) for _ in range(30)]).ravel()) == set(
        range(len(videos.rows))
    )


def test_a_short_video_gives_its_frames_evenly() -> None:
    videos = collection(people=2, videos=1, frames=(1, 3))
    one, three = video_batches.frames_of(videos, np.array([0, 1]), np.random.default_rng(0))
    assert one.tolist() == [0] * 10
    assert sorted(np.bincount(three)[1:]) == [3, 3, 4]


def test_single_frames_are_drawn_whatever_their_video() -> None:
    videos = collection(people=2, videos=1, frames=(1, 9))
    rows = video_batches.single_frames(videos, np.random.default_rng(0), 20_000)
    assert abs(np.bincount(rows) / 20_000 - 0.1).max() < 0.01


def test_triplets_of_frames_have_two_of_one_person_and_one_of_another() -> None:
    videos = collection(people=3, videos=2, frames=(1, 2, 3))
    a, p, n = video_batches.frame_triplets(videos, np.random.default_rng(0), 5000)
    person = np.empty(len(videos.rows), np.int64)
    person[videos.rows] = np.repeat(videos.persons, np.diff(videos.first))
    assert (person[a] == person[p]).all()
    assert (person[a] != person[n]).all()
    for rows in (a, n):
        assert set(rows) == set(range(len(videos.rows)))
    of_first = n[person[a] == 0]
    assert abs(np.bincount(of_first)[3:] / len(of_first) - 1 / 9).max() < 0.04  # any frame of the two others


def test_the_same_generator_gives_the_same_batch() -> None:
    one, two = (video_batches.set_triplets(collection(), np.random.default_rng(5)) for _ in range(2))
    assert (one == two).all()


def test_the_validation_part_is_every_fifth_video_of_each_person() -> None:
    videos = TrainingVideos.of(np.arange(12), [0] * 10 + [1] * 2)
    assert np.flatnonzero(videos.held_out()).tolist() == [4, 9]


@pytest.mark.parametrize(
    ("video", "persons", "message"),
    [
        ([0, 1], None, "persons is None"),
        ([0, 1], [3, 3], "videos of 1 person"),
        ([0, 0], [0, 1], "video 1 has no frame"),
        ([0, 2], [0, 1], "video holds 2"),
        ([0, 1], [0.5, 1], "one class for each"),
        ([], [], "videos of 0 person"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(video: list[int], persons: list[float] | None, message: str) -> None:
    with pytest.raises(UserError, match=message):
        TrainingVideos.of(video, persons)


def test_a_batch_is_a_multiple_of_three() -> None:
    with pytest.raises(UserError, match="multiple of 3"):
        video_batches.set_triplets(collection(), np.random.default_rng(0), 25)
