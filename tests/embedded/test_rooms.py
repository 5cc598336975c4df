"""Rooms of photographers: large enough for a photograph, textured, and painted by nobody who paints films."""

from itertools import pairwise

import numpy as np
import pytest

from embedded import optics, places, rooms
from embedded.texture import Noise


@pytest.fixture(scope="module")
def painted():
    rng = np.random.default_rng(0)
    return rooms.all_rooms(rng, Noise(rng))


def test_a_photograph_fits_into_each_room(painted):
    for room in painted:
        assert room.shape[0] >= optics.HEIGHT
        assert room.shape[1] >= optics.WIDTH
        assert room.dtype == np.uint8


def test_rooms_show_something_and_are_not_alike(painted):
    assert all(room.std() > 15 for room in painted)
    assert all(np.abs(a.astype(int) - b).mean() > 15 for a, b in pairwise(painted))


def test_no_painter_of_films_has_a_hand_in_them():
    of_films = {
        name for name, value in vars(places).items() if getattr(value, "__name__", "").startswith("embedded.places")
    }
    assert of_films
    assert not of_films & set(vars(rooms))
    sources = {getattr(value, "__module__", "") for value in vars(rooms).values()}
    assert not any(source.startswith("embedded.places") for source in sources)
