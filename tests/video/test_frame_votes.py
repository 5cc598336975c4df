"""Frames that features vote for, in a drawn film."""

import numpy as np
import pytest

from tests.video.scenery import make_film
from vretlib.errors import UserError
from vretlib.features import invariance
from vretlib.video import frame_votes, frames


def test_a_frame_finds_itself_and_an_empty_picture_finds_nothing(tmp_path):
    film = make_film(tmp_path, "one", 1)
    numbers = np.array([2, 17, 32])
    seen = frames.read(film.path, numbers, width=360)
    asked = [seen[32], np.zeros((200, 360), np.uint8), seen[2]]
    found = frame_votes.winners(film.path, numbers, asked, invariance.describe, width=360)
    assert set(found) == set(invariance.describe(asked[1]))
    assert all(of_kind.tolist() == [32, -1, 2] for of_kind in found.values())


@pytest.mark.parametrize(("numbers", "photographs"), [([], [np.zeros((9, 9), np.uint8)]), ([1], [])])
def test_nothing_to_compare_is_an_error(tmp_path, numbers, photographs):
    with pytest.raises(UserError, match="expected at least one of each"):
        frame_votes.winners(tmp_path, np.array(numbers, int), photographs, invariance.describe, width=99)
