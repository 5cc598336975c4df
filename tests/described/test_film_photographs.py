"""Photographs of a screen as the search sees them: as taken, or rectified to the screen's outline."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from vretlib.datasets.movies import MovieCollection
from vretlib.datasets.query_list import Query
from vretlib.described import film_photographs as taken
from vretlib.errors import UserError


@pytest.fixture
def of_a_screen(tmp_path, monkeypatch):
    """A bright picture of waves inside a dark frame on a grey wall, and its corners."""
    monkeypatch.setattr("vretlib.paths.CACHE", tmp_path / "cache")
    x, y = np.meshgrid(np.arange(320), np.arange(180))
    waves = 160 + 30 * np.sin(x / 23) * np.cos(y / 31)
    photo = np.full((480, 640), 70.0)
    photo[120:320, 150:490] = 10
    photo[130:310, 160:480] = waves
    Image.fromarray(photo.astype(np.uint8)).save(tmp_path / "photo.png")
    corners = ((159.5, 129.5), (479.5, 129.5), (479.5, 309.5), (159.5, 309.5))
    return Query(tmp_path / "photo.png", "one", 0, corners=corners), waves


def films(*queries):
    return MovieCollection("films", (), queries, "", "")


def test_corners_that_a_list_does_not_give_are_asked_for_before_any_film_is_described(of_a_screen):
    query, _ = of_a_screen
    taken.check_outline(films(query), "given")
    without = films(replace(query, corners=None))
    taken.check_outline(without, "found")
    with pytest.raises(UserError, match="column corners"):
        taken.check_outline(without, "given")


def test_photographs_are_searched_as_taken_unless_an_outline_is_asked_for(of_a_screen):
    query, _ = of_a_screen
    [plain] = taken.prepare_all(films(query))
    assert plain.luma.shape == (540, 720)
    assert plain.corners is None


@pytest.mark.parametrize("outline", ["found", "given"])
def test_with_an_outline_the_picture_fills_the_width_of_the_films(of_a_screen, outline):
    query, waves = of_a_screen
    [photo] = taken.prepare_all(films(query), outline, 320)
    np.testing.assert_allclose(photo.corners, query.corners, atol=1)
    assert abs(photo.luma.shape[0] - 180) <= 1
    assert np.abs(photo.luma[5:170, 5:-5] - waves[5:170, 5:-5]).mean() < 5


def test_all_photographs_are_prepared_as_each_by_itself(of_a_screen, said):
    query, _ = of_a_screen
    without = replace(query, corners=None)
    given = taken.prepare_all(films(query, without), outline="given")
    assert said == ["outlines: 1 of 2 photographs are rectified, 1 stay as they were taken"]
    np.testing.assert_array_equal(given[0].luma, taken.prepare_all(films(query), outline="given")[0].luma)
    np.testing.assert_array_equal(given[1].luma, taken.prepare_all(films(without))[0].luma)


def test_outline_must_be_a_known_word(of_a_screen):
    with pytest.raises(UserError, match="'no', 'found', 'given'"):
        taken.prepare_all(films(of_a_screen[0]), outline="screen")


def test_unreadable_photograph_is_named(tmp_path):
    with pytest.raises(UserError, match=r"x\.jpg"):
        taken.prepare_all(films(Query(tmp_path / "x.jpg", "one", 0)))
