"""The clips that a moment lies in."""

import pytest

from vretlib.datasets.clips import times
from vretlib.datasets.clips.collection import Moment
from vretlib.datasets.clips.times import Span
from vretlib.errors import UserError


def test_an_end_before_its_start_is_an_error():
    with pytest.raises(UserError, match=r"ends at 2 s, before its start at 5 s"):
        times.interval(5, 2)


def test_a_start_after_the_video_is_an_error():
    with pytest.raises(UserError, match=r"starts at 70 s, but the video ends at 30\.2 s"):
        times.interval(70, 71, 30.2)


SPANS = [Span(7, 0, 10), Span(8, 10, 20), Span(9, 20, 26)]


def test_a_moment_across_a_cut_is_in_both_clips():
    assert times.moments(SPANS, 9, 12) == (Moment(7, 9, 10), Moment(8, 0, 2))


def test_a_moment_that_ends_at_a_cut_is_not_in_the_next_clip():
    assert times.moments(SPANS, 9, 10) == (Moment(7, 9, 10),)


def test_a_moment_over_the_end_is_cut_to_the_video():
    assert times.moments(SPANS, 25, 99) == (Moment(9, 5, 6),)


def test_an_instant_is_a_moment():
    assert times.moments(SPANS, 15, 15) == (Moment(8, 5, 5),)


def test_nothing_is_shown_outside():
    assert times.moments(SPANS, 30, 31) == ()
