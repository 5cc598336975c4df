"""Simulated photographs: geometry against the stated corners, range of conditions, repeatability."""

import cv2
import numpy as np
import pytest

from embedded import camera, film, optics
from embedded.scene import Grade
from embedded.screenplay import Script
from vretlib.datasets import query_list
from vretlib.video import frames


@pytest.fixture(scope="module")
def studio():
    return camera.Studio(np.random.default_rng(0))


@pytest.mark.parametrize("level", camera.LEVELS)
def test_the_picture_lies_within_the_stated_corners(studio, level):
    white = np.full((304, 720, 3), 255, np.uint8)
    photo = camera.photograph(white, camera.LEVELS[level], studio, np.random.default_rng(3))
    assert photo.image.shape == (720, 960, 3)
    assert photo.image.dtype == np.uint8
    stated = np.zeros((720, 960), np.uint8)
    cv2.fillConvexPoly(stated, np.rint(photo.corners).astype(np.int32), 1)
    # The screen's white is by far the brightest thing in a dim room.
    seen = photo.image.min(axis=2) > 0.6 * np.percentile(photo.image[stated > 0], 50)
    assert (seen & (stated > 0)).sum() / (seen | (stated > 0)).sum() > 0.96


def test_corners_are_those_of_the_picture_in_order(studio):
    quarters = np.zeros((300, 720, 3), np.uint8)
    colours = np.array([(255, 0, 0), (0, 255, 0), (255, 255, 0), (0, 0, 255)])  # tl, tr, br, bl
    quarters[:150, :360], quarters[:150, 360:] = colours[0], colours[1]
    quarters[150:, 360:], quarters[150:, :360] = colours[2], colours[3]
    photo = camera.photograph(quarters, camera.LEVELS["medium"], studio, np.random.default_rng(4))
    middle = photo.corners.mean(axis=0)
    for corner, colour in zip(photo.corners, colours, strict=True):
        x, y = np.rint(0.7 * corner + 0.3 * middle).astype(int)
        seen = photo.image[y - 3 : y + 4, x - 3 : x + 4].mean(axis=(0, 1))
        assert ((seen > 128) == (colour > 0)).all(), (corner, seen)


@pytest.mark.parametrize("level", camera.LEVELS)
def test_the_picture_is_as_wide_as_the_level_says(level):
    limits = camera.LEVELS[level]
    rng = np.random.default_rng(5)
    for _ in range(30):
        homography = optics.pose(limits, 0.42, rng)
        left, right = optics.project(homography, np.array([(-1.0, 0.0), (1.0, 0.0)]))
        # Turning the screen by θ makes it look narrower by cos θ, up to a few per cent of perspective.
        smallest = limits.width[0] * np.cos(np.radians(limits.angle[1]))
        assert smallest * 0.97 <= np.hypot(*(right - left)) / optics.WIDTH <= limits.width[1] * 1.05


@pytest.mark.parametrize("size", [(300, 720), (480, 640), (640, 360)])
def test_a_picture_of_any_shape_fits_the_photograph_and_its_screen(studio, size):
    picture = np.full((*size, 3), 255, np.uint8)
    photo = camera.photograph(picture, camera.LEVELS["easy"], studio, np.random.default_rng(9))
    assert photo.corners.min() >= 0
    assert (photo.corners.max(axis=0) <= (optics.WIDTH, optics.HEIGHT)).all()
    # Just outside the picture's middle left is the dark panel or its bezel, never the room.
    x, y = ((photo.corners[0] + photo.corners[3]) / 2).astype(int)
    assert photo.image[y, max(0, x - 8)].max() < 128 < photo.image[y, x + 8].min()


def test_a_photograph_is_decided_by_its_generator(studio):
    picture = np.random.default_rng(6).integers(0, 256, size=(100, 200, 3), dtype=np.uint8)
    first, same, other = (
        camera.photograph(picture, camera.LEVELS["hard"], studio, np.random.default_rng(seed)) for seed in (7, 7, 8)
    )
    np.testing.assert_array_equal(first.image, same.image)
    np.testing.assert_array_equal(first.corners, same.corners)
    assert (first.image != other.image).any()


def test_photographs_of_films_come_with_a_list_that_reads_back(tmp_path):
    made = tmp_path / "film"
    made.mkdir()
    film.make(Script("Tiny", 96, 64, 10, ("hills", "study", "shore"), Grade(), 8.0, 0, 0), made)
    out = tmp_path / "photographs"
    out.mkdir()
    camera.photograph_films([("Tiny", made / film.VIDEO)], n_queries=[4], seed=0, out=out)
    n_frames = frames.probe(made / film.VIDEO).n_frames
    queries = query_list.read(out / camera.QUERIES, {"Tiny": n_frames}, {"Tiny": "Tiny"})
    assert [query.level for query in queries] == ["easy", "medium", "hard", "easy"]
    assert all(cv2.imread(str(query.image)).shape == (720, 960, 3) for query in queries)
    assert all(query.corners is not None and len(query.corners) == 4 for query in queries)
