"""What is done to a photograph of a screen before it is searched with, by the three words that say it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vretlib.errors import UserError
from vretlib.features import outlines

CORNERS = np.array([[159.5, 129.5], [479.5, 129.5], [479.5, 309.5], [159.5, 309.5]], np.float32)


def read(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))


def photograph(folder: Path, name: str = "screen.png", bright: float = 160.0) -> Path:
    """320 × 180 pixels of waves in a dark bezel on a grey wall; without light, a dark screen."""
    x, y = np.meshgrid(np.arange(320), np.arange(180))
    photo = np.full((480, 640), 70.0)
    photo[120:320, 150:490] = 10
    photo[130:310, 160:480] = bright * (1 + 0.2 * np.sin(x / 23) * np.cos(y / 31))
    Image.fromarray(photo.astype(np.uint8)).convert("RGB").save(folder / name)
    return folder / name


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr("vretlib.paths.CACHE", tmp_path / "cache")


def test_as_taken_a_photograph_is_not_touched(tmp_path):
    photo = read(photograph(tmp_path))
    assert outlines.rectified(photo, "no", CORNERS) is photo


def test_found_and_given_cut_out_the_picture_at_its_own_width(tmp_path):
    photo = read(photograph(tmp_path))
    given = outlines.rectified(photo, "given", CORNERS)
    np.testing.assert_array_equal(given, photo[130:310, 160:480])
    found = outlines.rectified(photo, "found")
    assert np.abs(np.array(found.shape) - given.shape).max() <= 1
    assert outlines.rectified(photo, "found", width=64).shape[1] == 64


def test_without_corners_a_photograph_stays_as_it_was_taken(tmp_path):
    dark = read(photograph(tmp_path, bright=0))
    assert outlines.rectified(dark, "found") is dark
    assert outlines.rectified(dark, "given", None) is dark
    tiny = dark[:20, :20]
    assert outlines.rectified(tiny, "found") is tiny


def test_the_corners_of_many_files_are_told_with_how_many_have_none(tmp_path, own_cache, said):
    files = [photograph(tmp_path, "a.png"), photograph(tmp_path, "b.png", bright=0)]
    lit, dark = outlines.of_photographs(files, "found")
    assert np.abs(lit - CORNERS).max() < 1
    assert dark is None
    assert said[-1] == "outlines: 1 of 2 photographs are rectified, 1 stay as they were taken"
    lit, dark = outlines.of_photographs(files, "given", [None, CORNERS])
    assert lit is None
    np.testing.assert_array_equal(dark, CORNERS)
    assert outlines.of_photographs(files, "no", [CORNERS, CORNERS]) == [None, None]
    assert outlines.of_photographs([], "found") == []


def test_a_list_without_corners_cannot_give_any(tmp_path):
    files = [photograph(tmp_path)]
    for given in (None, [None]):
        with pytest.raises(UserError, match="column corners"):
            outlines.of_photographs(files, "given", given)
    with pytest.raises(UserError, match="2 outlines for 1 photographs"):
        outlines.of_photographs(files, "given", [CORNERS, CORNERS])


@pytest.mark.parametrize("word", ["", "none", "screen", "Found", "yes"])
def test_other_words_are_refused_with_those_that_there_are(word):
    with pytest.raises(UserError, match="'no', 'found', 'given'"):
        outlines.of_photographs([], word)


def test_rectified_files_are_pngs_of_the_pictures_and_the_photographs_themselves_without_corners(
    tmp_path, own_cache, said
):
    files = [photograph(tmp_path, "a.png"), photograph(tmp_path, "b.png", bright=0)]
    cut, left = outlines.rectified_files(files, [CORNERS, None])
    np.testing.assert_array_equal(read(cut), read(files[0])[130:310, 160:480])
    assert left == files[1]
    assert outlines.rectified_files(files, [CORNERS, None]) == [cut, left]
    assert any("cached" in line for line in said)
    assert outlines.rectified_files(files, [CORNERS + 5, None])[0] != cut
