"""The drawn sets: parts, frames, parameters."""

import numpy as np
import pytest

from vretlib.datasets.faces import load
from vretlib.datasets.faces.embedded import development, embedded
from vretlib.errors import UserError

FEW = {"people": 3, "train": 2, "test": 1, "shortest": 2, "longest": 3}


@pytest.fixture(scope="module")
def some():
    return embedded("a", 0, **FEW)


def test_parts_have_the_numbers_that_are_asked_for_and_share_no_video(some):
    assert some.train.persons.tolist() == [0, 0, 1, 1, 2, 2]
    assert some.test.persons.tolist() == [0, 1, 2]
    assert not set(some.train.videos) & set(some.test.videos)
    for crops in (*some.train.frames, *some.test.frames):
        assert 2 <= len(crops) <= 3
        assert crops.shape[1:] == (64, 64, 3)
        assert crops.std() > 10


def test_a_person_does_not_depend_on_how_many_others_there_are(some):
    more = embedded("a", 0, **FEW | {"people": 5})
    assert more.train.videos[:6] == some.train.videos
    for one, other in zip(some.train.frames, more.train.frames, strict=False):
        assert np.array_equal(one, other)


def test_people_to_develop_with_are_in_neither_set(some):
    others = development(0, people=3, videos=2, frames=2)
    assert others.n_frames.tolist() == [2] * 6
    for crops in others.frames:
        assert all(np.abs(crops[0].astype(int) - theirs[0]).mean() > 5 for theirs in some.train.frames)


def test_both_sets_are_loaded_by_name():
    first, second = load("embedded", **FEW)
    assert (first.name, second.name) == ("Drawn faces A", "Drawn faces B")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"people": 1}, "people=1: expected at least 2, a whole number"),
        ({"test": 0}, "test=0: expected at least 1, a whole number"),
        ({"train": True}, "train=True"),
        ({"shortest": 9, "longest": 8}, "shortest=9, longest=8"),
        ({"peple": 4}, "peple=4 is not known; expected people, train"),
        ({"seed": -1}, "seed=-1"),
    ],
)
def test_numbers_that_make_no_set_are_refused(wrong, message):
    with pytest.raises(UserError, match=message):
        embedded("a", **FEW | wrong)


def test_another_set_is_refused():
    with pytest.raises(UserError, match="which='c' is not known"):
        embedded("c")
