from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.video.conftest import moving_scene, number_in, write_video
from vretlib.errors import UserError
from vretlib.video import frames, sampling
from vretlib.video.packets import packet_index
from vretlib.video.sampling import sampled, sampled_numbers


def brute_force(times: np.ndarray, fps: float) -> list[int]:
    """For each k/fps up to the end, the frame at the smallest distance, the earlier of two."""
    chosen, k = [], 0
    while times[0] + k / fps <= times[-1] + 1e-9:
        chosen.append(int(np.argmin(np.round(np.abs(times - times[0] - k / fps), 9))))
        k += 1
    return sorted(set(chosen))


@pytest.mark.parametrize("fps", [0.7, 2, 3, 7.5, 25, 60])
def test_samples_are_the_nearest_frames_of_even_and_of_uneven_videos(fps: float) -> None:
    uneven = np.cumsum(np.random.default_rng(0).uniform(0.01, 0.2, 150)) + 3
    for times in (np.arange(100) / 25, uneven):
        assert sampled_numbers(times, fps).tolist() == brute_force(times, fps)


def test_three_a_second_of_25_takes_the_frames_worked_out_by_hand() -> None:
    # 0, 8.33, 16.67, 25 and 33.33 frames after the first: to the nearest
    assert sampled_numbers(np.arange(40) / 25, 3).tolist() == [0, 8, 17, 25, 33]


def test_a_video_of_one_frame_or_shorter_than_a_step_gives_its_first_frame() -> None:
    assert sampled_numbers(np.array([5.0]), 3).tolist() == [0]
    assert sampled_numbers(np.arange(5) / 25, 3).tolist() == [0]
    assert sampled_numbers(np.empty(0), 3).tolist() == []


@pytest.mark.parametrize("fps", [0, -1, np.nan, np.inf, "3", None])
def test_a_rate_that_is_none_is_refused(fps: Any) -> None:
    with pytest.raises(UserError, match="fps="):
        sampled_numbers(np.arange(3.0), fps)


@pytest.mark.parametrize("wrong", [{"longest": 0}, {"longest": 64.5}, {"longest": "64"}, {"threads": -1}], ids=str)
def test_a_size_or_a_number_of_threads_that_is_none_is_refused(videos: dict[str, Path], wrong: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=f"{next(iter(wrong))}="):
        next(sampled(videos["b_frames"], 3, **wrong))


@pytest.mark.parametrize("name", ["b_frames", "variable", "offset", "transport"])
def test_the_pictures_are_those_of_the_numbers_and_of_the_times(videos: dict[str, Path], name: str) -> None:
    index = packet_index(videos[name])
    found = list(sampled(videos[name], 6))
    times = np.array([index.time(i) for i in range(index.n_frames)])
    assert [f.number for f in found] == brute_force(times, 6)
    assert [number_in(f.image[..., 0]) for f in found] == [f.number for f in found]
    assert [f.time for f in found] == [times[f.number] for f in found]


@pytest.mark.parametrize("threads", [0, 1, 3])
@pytest.mark.parametrize("name", ["b_frames", "variable", "transport"])
def test_frames_that_no_sample_needs_are_not_decoded_and_the_pictures_are_the_same(
    videos: dict[str, Path], name: str, threads: int
) -> None:
    index = packet_index(videos[name])
    all_decoded, decoded = (
        [number for number, _ in sampling._decoded(videos[name], index, wanted, threads)]
        for wanted in (np.arange(120), np.arange(0, 120, 12))
    )
    assert len(decoded) < len(all_decoded) == 120
    found = {frame.number: frame.image for frame in sampled(videos[name], 5, threads=threads)}
    expected = frames.read(videos[name], list(found), colour="rgb")
    for number, image in found.items():
        np.testing.assert_array_equal(image, expected[number])


def test_pictures_are_what_the_frame_reader_gives_and_shrink_to_the_longer_side(videos: dict[str, Path]) -> None:
    first, second = list(sampled(videos["b_frames"], 1))[:2]
    np.testing.assert_array_equal(second.image, frames.read(videos["b_frames"], [25], colour="rgb")[25])
    assert next(sampled(videos["b_frames"], 1, longest=160)).image.shape == (96, 160, 3)
    assert next(sampled(videos["b_frames"], 1, longest=2000)).image.shape == first.image.shape


def test_pixels_that_are_not_square_are_made_so(videos: dict[str, Path]) -> None:
    assert next(sampled(videos["wide_pixels"], 3)).image.shape == (192, 427, 3)


def test_a_cut_video_is_an_error_that_names_it(videos: dict[str, Path]) -> None:
    with pytest.raises(UserError, match=r"cut_b_frames\.mp4.*(damaged|decoded)"):
        list(sampled(videos["cut_b_frames"], 3))


def test_one_frame_is_enough_for_a_video(tmp_path: Path) -> None:
    path = write_video(tmp_path / "one.mp4", moving_scene(0, 1))
    assert [f.number for f in sampled(path, 3)] == [0]


def test_the_reader_may_stop_early(videos: dict[str, Path]) -> None:
    assert number_in(next(sampled(videos["b_frames"], 3)).image[..., 0]) == 0


def test_videos_decoded_at_once_keep_their_own_numbers(videos: dict[str, Path]) -> None:
    """Small numbers are one object each in Python, and PyAV knows what travels with a packet by its address."""
    jobs = [
        (path, fps) for _ in range(10) for path in (videos["b_frames"], videos["variable"]) for fps in (2.0, 1000.0)
    ]

    def numbers(job: tuple[Path, float]) -> list[int]:
        return [frame.number for frame in sampled(*job)]

    alone = {job: numbers(job) for job in set(jobs)}
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(numbers, jobs)) == [alone[job] for job in jobs]
