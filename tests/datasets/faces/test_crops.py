"""Crops about boxes, frames that are taken of a track, and a face that is followed through a film."""

from fractions import Fraction

import cv2
import numpy as np
import pytest

from vretlib.datasets.clips.recording import recording
from vretlib.datasets.faces import crops
from vretlib.errors import UserError


def test_spread_takes_all_or_evenly_spread_frames_with_both_ends():
    assert crops.spread(3, 16) == [0, 1, 2]
    assert crops.spread(10, 4) == [0, 3, 6, 9]
    assert crops.spread(9, 1) == [4]


@pytest.mark.parametrize("of", [crops.of_images, crops.of_middles])
def test_an_unreadable_frame_is_replaced_by_the_nearest_that_can_be_read(tmp_path, of):
    paths = frames_of(tmp_path, bad=(5, 6))
    assert [int(crop[0, 0, 0]) for crop in of(paths, 8, 3)[0]] == [0, 40, 100]  # asked for: 0, 5 and 10
    assert [path.name for path, _ in crops.whole_images(paths, 3)[0]] == ["00.png", "04.png", "10.png"]
    assert of(paths, 8, 3)[1] == [("05.png", "is empty (0 bytes); copy or download the image again")]


def test_no_frame_is_taken_twice_and_a_video_is_lost_only_without_any(tmp_path):
    paths = frames_of(tmp_path, bad=(0, 5, 6, 7, 8, 9, 10))
    found, lost = crops.of_images(paths, 8, 3)
    assert [int(crop[0, 0, 0]) for crop in found] == [10, 30, 40]
    assert [name for name, _ in lost] == [f"{n:02d}.png" for n in (0, 5, 6, 7, 8, 9, 10)]
    assert [int(crop[0, 0, 0]) for crop in crops.of_images(paths, 8, 20)[0]] == [10, 20, 30, 40]
    found, lost = crops.of_images(frames_of(tmp_path, bad=range(11)), 8, 3)
    assert (found, len(lost)) == ([], 11)


def frames_of(folder, bad):
    """Eleven pictures of grey levels 0, 10, 20 and so on; some are empty files."""
    paths = [folder / f"{n:02d}.png" for n in range(11)]
    for n, path in enumerate(paths):
        cv2.imwrite(str(path), np.full((12, 12, 3), 10 * n, np.uint8))
        if n in bad:
            path.write_bytes(b"")
    return [(path, None) for path in paths]


def test_a_crop_is_centred_on_its_box_and_wider_by_the_margin():
    picture = np.zeros((100, 200, 3), np.uint8)
    picture[40:60, 90:110] = 255
    crop = crops.square(picture, (90, 40, 110, 60), 25)  # the square is 25 pixels: 20 × 1.25
    assert crop.shape == (25, 25, 3)
    inside = crop[..., 0] > 0
    assert inside.sum() == 400
    rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    assert (rows[0], rows[-1]) in ((2, 21), (3, 22))
    assert (columns[0], columns[-1]) in ((2, 21), (3, 22))


def test_edges_are_repeated_where_a_box_reaches_out_of_the_picture():
    picture = np.full((40, 40, 3), 10, np.uint8)
    picture[:, 0] = 90
    assert (crops.square(picture, (-20, 5, 10, 35), 8)[:, 0] == 90).all()


@pytest.mark.parametrize(
    "box", [(5, 5, 5, 9), (9, 5, 5, 9), (50, 5, 60, 9), (np.nan, 5, 9, 9), (-9e9, 5, 9, 9), (5, 5, np.inf, 9)]
)
def test_boxes_that_hold_no_face_are_refused(box):
    with pytest.raises(UserError, match="face box"):
        crops.square(np.zeros((40, 40, 3), np.uint8), box, 8)


def test_a_face_that_moves_is_followed_from_its_box_in_the_first_frame(tmp_path):
    rng = np.random.default_rng(0)
    ground = np.repeat(rng.integers(60, 90, (120, 200, 1), np.uint8), 3, axis=2)
    face = np.kron(rng.integers(0, 256, (6, 6, 1)), np.ones((6, 6, 3))).astype(np.uint8)
    path = tmp_path / "clip.mp4"
    with recording(path, 200, 120, Fraction(25), 15) as write:
        for k in range(20):
            frame = ground.copy()
            frame[40:76, 20 + 6 * k : 56 + 6 * k] = face
            write(frame, k / 25)
    found, lost = crops.of_film(path, (20, 40, 56, 76), 45, 20)
    assert lost == []
    assert len(found) == 20
    for crop in found:  # 45 = 36 × 1.25: the face lies 4 or 5 pixels inside
        best = min(
            np.abs(crop[y : y + 36, x : x + 36].astype(int) - face).mean() for y in range(2, 8) for x in range(2, 8)
        )
        assert best < 20


def test_a_film_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "clip.avi").write_bytes(b"no film")
    found, lost = crops.of_film(tmp_path / "clip.avi", (0, 0, 9, 9), 8, 4)
    assert found == []
    assert [name for name, _ in lost] == ["clip.avi"]
