"""Real photographs that packages carry: named, credited, and the pair's disparity points to the same places."""

import numpy as np
import pytest

from vretlib.datasets import real_photographs
from vretlib.errors import UserError


@pytest.mark.parametrize("name", real_photographs.NAMES)
def test_a_photograph_is_rgb_with_author_source_and_licence(name):
    photograph = real_photographs.read(name)[name]
    assert photograph.pixels.dtype == np.uint8
    assert photograph.pixels.ndim == 3
    assert photograph.pixels.shape[2] == 3
    assert min(photograph.pixels.shape[:2]) >= 300
    assert all([photograph.shows, photograph.author, photograph.source, photograph.licence])


def test_photographs_come_in_the_order_asked_for():
    assert list(real_photographs.read("coffee", "china")) == ["coffee", "china"]
    assert tuple(real_photographs.read()) == real_photographs.NAMES


def test_a_grey_photograph_has_three_equal_channels():
    pixels = real_photographs.read("camera")["camera"].pixels
    assert (pixels == pixels[:, :, :1]).all()


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(UserError, match=r"^lena: no such real photograph; there are astronaut, camera"):
        real_photographs.read("lena")


def test_the_disparity_of_the_pair_leads_from_left_to_right():
    """Pixels at corresponding places are nearer in colour than those at equal or at opposite places."""
    pair = real_photographs.stereo_pair()
    left, right = (side.pixels.astype(float) for side in (pair.left, pair.right))
    rows, columns = np.nonzero(np.isfinite(pair.disparity))

    def difference(sign: int) -> float:
        there = np.rint(columns + sign * pair.disparity[rows, columns]).astype(int)
        seen = (there >= 0) & (there < left.shape[1])
        return float(np.abs(left[rows[seen], columns[seen]] - right[rows[seen], there[seen]]).mean())

    assert difference(-1) < difference(0) / 2
    assert difference(-1) < difference(1) / 2


def test_points_of_the_pair_move_by_the_disparity_at_the_width_that_is_asked_for():
    pair = real_photographs.stereo_pair()
    y, x = np.argwhere(np.isfinite(pair.disparity))[1000]
    whole = pair.in_right([[x, y], [-5, 0], [0, 5000]], 741)
    assert np.allclose(whole[0], [x - pair.disparity[y, x], y])
    assert np.isnan(whole[1:]).all()
    half = pair.in_right([[(x + 0.5) / 2 - 0.5, (y + 0.5) / 2 - 0.5]], 741 / 2)
    assert np.allclose(half, (whole[:1] + 0.5) / 2 - 0.5)


def test_the_credit_line_names_authors_and_licences():
    assert real_photographs.credit_line("coffee", "china") == (
        "Real photographs: coffee by Rachel Michetti (CC0); china by danielbuechele (CC BY 2.0)."
    )
