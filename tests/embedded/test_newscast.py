"""A channel's editions: the studio comes back, half of the stories too, and graphics lie over the pictures."""

import string
from itertools import pairwise

import numpy as np
import pytest

from embedded import scene, stills
from embedded.newscast import channel, graphics
from embedded.newscast.graphics import Overlaid, Overlay
from embedded.setup import Setup


def _brief(number=0, **changes):
    values = {"seed": 0, "width": 320, "height": 180, "fps": 6, "editions": 2, "stories": 2} | changes
    return channel.brief(number, **values)


@pytest.fixture(scope="module")
def editions():
    return channel.editions(_brief())


def _kinds(shots):
    return [shot.setup.kind for shot in shots]


def test_an_edition_goes_from_headlines_to_the_studio_to_reports_and_back(editions):
    kinds = _kinds(editions[0])
    assert kinds[:4] == ["view", "view", "wide", "intro"]
    assert kinds[-1] == "wide"
    assert kinds.count("intro") == 2


def test_the_studio_is_the_same_in_every_edition_and_half_of_the_stories_too(editions):
    first, second = ({shot.setup.number for shot in edition} for edition in editions)
    wide = {shot.setup.number for edition in editions for shot in edition if shot.setup.kind == "wide"}
    intros = [{shot.setup.number for shot in edition if shot.setup.kind == "intro"} for edition in editions]
    assert len(wide) == 1
    assert wide <= first & second
    assert len(intros[0] & intros[1]) == 1


def test_shots_show_what_their_footage_holds_and_blends_fit(editions):
    for edition in editions:
        for before, shot in pairwise(edition):
            assert shot.blend % 2 == 0
            assert shot.blend <= min(before.n_frames, shot.n_frames)
            assert (shot.blend > 0) == (shot.transition != "cut")


def test_a_ticker_runs_only_where_there_is_one(editions):
    with_ticker = channel.editions(_brief(1, editions=1, stories=1))
    moving = [[over for over in shot.setup.overlays if over.speed] for (shot, *_), *_ in (editions, with_ticker)]
    assert [len(overlays) for overlays in moving] == [0, 1]


def _drawn(setup, t=0.0, progress=0.5):
    frame = np.zeros((180, 320, 4), np.uint8)
    setup.draw(frame, t, progress)
    return frame


def test_overlays_come_and_go_and_move(editions):
    plain = next(shot.setup for shot in editions[0] if shot.setup.kind == "graphic" or shot.setup.kind == "detail")
    mark = np.full((10, 10, 4), 255, np.uint8)
    over = Overlaid(
        plain.number, plain.scene, plain.kind, plain.place, plain.centre, plain.scale,
        overlays=(Overlay(mark, 100.0, 50.0, first=0.4, last=0.6, speed=10.0),),
    )  # fmt: skip
    without = Overlaid(plain.number, plain.scene, plain.kind, plain.place, plain.centre, plain.scale)
    there = (_drawn(over) != _drawn(without)).any(axis=2)
    assert there[52:58, 102:108].all()
    assert not there[:, :95].any()
    assert (_drawn(over, t=2.0) != _drawn(without, t=2.0)).any(axis=2)[52:58, 82:88].all()
    assert (_drawn(over, progress=0.7) == _drawn(without, progress=0.7)).all()


def test_words_are_cut_to_their_bar():
    bar = graphics.lower_third(60, "a headline that is far too long for its bar", "b", (20, 60, 120))
    assert bar.shape == (31, 60, 4)
    assert (bar[:18, -3:-1, :3] == (20, 60, 120)).all()


@pytest.mark.parametrize("size", [8.5, 9.0, 11.5])
def test_words_are_as_wide_as_their_curves(size):
    for letter in string.ascii_letters + string.digits + string.punctuation:
        assert graphics.extent(letter, size) == scene.lettering(letter, size, graphics.SANS).get_extents().width


def test_stills_are_without_graphics_and_not_the_broadcast_picture(editions):
    setup = next(shot.setup for shot in editions[0] if shot.setup.kind == "view")
    same = stills.Range((1.0, 1.0), 0.0, (1.0, 1.0), (1.0, 1.0), (1.0, 1.0), 0.0, 0.0, 0.0, (95, 96))
    rng = np.random.default_rng(0)
    taken = stills._taken(setup, (320, 180), 0.0, 0.5, same, rng)
    assert taken.shape[1::-1] in stills.SIZES
    plain = np.zeros((180, 320, 4), np.uint8)
    Setup.draw(setup, plain, 0.0, 0.5)
    # Seen small, the middle of the still is the middle of the set-up without what the broadcast lays over it.
    middle = taken[taken.shape[0] // 2 - 60 : taken.shape[0] // 2 + 60, 180:300, :3].mean(axis=(0, 1))
    scale = max(taken.shape[0] / 180, taken.shape[1] / 320)
    half = round(60 / scale)
    expected = plain[90 - half : 90 + half, 160 - half : 160 + half, :3].mean(axis=(0, 1))
    assert middle == pytest.approx(expected, abs=4)
    data = [stills.still(setup, (320, 180), 0.0, 0.5, stills.Range(), np.random.default_rng(n)) for n in (1, 1, 2)]
    assert data[0] == data[1] != data[2]
