from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import cosine

from vretlib.errors import UserError
from vretlib.video.shot_boundaries import detect_boundaries, distances, random_boundaries, shots


def line_by_line(x: np.ndarray, threshold: float) -> list[int]:
    """Algorithm 3 as printed."""
    boundaries, i, v0 = [], 0, x[0]
    while i + 1 < len(x):
        v = x[i + 1]
        if cosine(v0, v) > threshold:
            boundaries.append(i)
        v0 = v
        i += 1
    return boundaries


@pytest.mark.parametrize("threshold", [0.2, 0.5, 0.9, 1.1])
def test_boundaries_are_those_of_the_printed_algorithm(threshold: float) -> None:
    x = np.cumsum(np.random.default_rng(1).normal(size=(200, 3)), axis=0)
    x[50:] *= -1
    assert detect_boundaries(x, threshold).tolist() == line_by_line(x, threshold)


def test_a_boundary_is_strictly_above_the_threshold() -> None:
    x = [[1, 0], [0, 1], [0, 1]]
    assert detect_boundaries(x, 1.0).tolist() == []
    assert detect_boundaries(x, 0.99).tolist() == [0]


def test_scale_does_not_matter_and_a_still_video_is_one_shot() -> None:
    x = np.outer([1.0, 2.0, 300.0], [3.0, 4.0])
    np.testing.assert_allclose(distances(x), 0, atol=1e-15)
    assert shots(detect_boundaries(x, 0.01), 3).tolist() == [[0, 3]]


def test_black_frames_are_alike_and_unlike_everything_else() -> None:
    x = [[1, 0], [0, 0], [0, 0], [0, 1]]
    assert distances(x).tolist() == [1, 0, 1]


def test_shots_cover_every_frame_and_one_frame_is_a_shot() -> None:
    assert shots([0, 3], 5).tolist() == [[0, 1], [1, 4], [4, 5]]
    assert shots([], 1).tolist() == [[0, 1]]
    assert shots(detect_boundaries([[1.0, 0.0]]), 1).tolist() == [[0, 1]]
    assert shots([], 0).tolist() == []


@pytest.mark.parametrize("gap", [-1, 4, 9])
def test_a_boundary_outside_the_video_is_refused(gap: int) -> None:
    with pytest.raises(UserError, match="expected gaps 0 to 3"):
        shots([gap], 5)


@pytest.mark.parametrize("n_frames", [-3, 4.5, None, "9", True])
def test_a_number_of_frames_that_is_none_is_refused(n_frames: Any) -> None:
    with pytest.raises(UserError, match="n_frames="):
        shots([], n_frames)


def test_a_boundary_of_no_frames_is_refused() -> None:
    with pytest.raises(UserError, match="boundaries 5 to 5 of 0 frames"):
        shots([5], 0)


@pytest.mark.parametrize("size", [1e-300, 1e-30, 1e30, 1e300])
def test_descriptors_of_any_size_have_the_distances_of_their_directions(size: float) -> None:
    x = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    assert distances(size * x).tolist() == [0, 1, 1]


@pytest.mark.parametrize("x", [[1.0, 2.0], [[np.nan, 1.0], [1.0, 1.0]]])
def test_what_are_no_descriptors_is_refused(x: list) -> None:
    with pytest.raises(UserError, match="descriptors of shape"):
        distances(x)


def test_random_boundaries_are_distinct_and_as_many_as_asked_for() -> None:
    rng = np.random.default_rng(0)
    drawn = [random_boundaries(10, 4, rng) for _ in range(500)]
    assert {len(np.unique(gaps)) for gaps in drawn} == {4}
    shares = np.bincount(np.concatenate(drawn), minlength=9) / 500
    assert len(shares) == 9
    np.testing.assert_allclose(shares, 4 / 9, atol=0.09)
    assert random_boundaries(3, 10, rng).tolist() == [0, 1]
    assert random_boundaries(1, 10, rng).tolist() == []
