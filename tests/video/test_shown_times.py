"""Times of pictures, worked out by hand for tables of packets."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from vretlib.video.packet_table import NONE, PacketTable
from vretlib.video.shown_times import seconds

TENTH = Fraction(1, 10)


def table(pts: list[int], dts: list[int], duration: int = 1) -> PacketTable:
    n = len(pts)
    no = np.zeros(n, np.bool_)
    return PacketTable(
        np.array(pts, np.int64), np.array(dts, np.int64), np.full(n, duration, np.int64), np.arange(n),
        no, no, no, np.arange(n),
    )  # fmt: skip


def times(
    packets: PacketTable, serials: list[int], *, avi: bool = False, stream: bool = False
) -> tuple[list[float], float]:
    found, last = seconds(packets, np.array(serials), TENTH, 10.0, decode_times=avi, gaps_are_joins=stream)
    return found.round(6).tolist(), round(last, 6)


def test_pictures_have_their_packets_times() -> None:
    assert times(table([0, 3, 1, 2], [-1, 0, 1, 2]), [0, 2, 3, 1]) == ([0, 0.1, 0.2, 0.3], 0.1)


def test_times_of_decoding_are_given_out_in_order() -> None:
    packets = table([1, 2, 3, 4], [0, 1, 2, 3])
    assert times(packets, [0, 2, 3, 1], avi=True) == ([0, 0.1, 0.2, 0.3], 0.1)
    assert times(packets, [0, 2, 3, 1]) == ([0, 0.1, 0.2, 0.3], 0.1)  # a third of the pictures goes back


def test_a_second_recording_follows_the_first_without_a_pause() -> None:
    back = table([50, 51, 52, 10, 11], [50, 51, 52, 10, 11])
    assert times(back, [0, 1, 2, 3, 4])[0] == [5, 5.1, 5.2, 5.3, 5.4]
    far = table([0, 1, 500, 501], [0, 1, 500, 501])
    assert times(far, [0, 1, 2, 3], stream=True)[0] == [0, 0.1, 0.2, 0.3]
    assert times(far, [0, 1, 2, 3])[0] == [0, 0.1, 50, 50.1]
    pause = table([0, 1, 50, 51], [0, 1, 50, 51])
    assert times(pause, [0, 1, 2, 3], stream=True)[0] == [0, 0.1, 5, 5.1]


def test_slides_that_stay_for_long_are_one_recording() -> None:
    slides = table([0, 120, 240, 360], [0, 120, 240, 360])
    assert times(slides, [0, 1, 2, 3], stream=True)[0] == [0, 12, 24, 36]
    joined = table([0, 120, 240, 9000, 9120], [0, 120, 240, 9000, 9120])
    assert times(joined, [0, 1, 2, 3, 4], stream=True)[0] == [0, 12, 24, 36, 48]


def test_what_has_no_time_stands_between_its_neighbours() -> None:
    packets = table([0, NONE, 2, NONE, NONE], [NONE] * 5)
    assert times(packets, [0, 1, 2, 3, 4])[0] == [0, 0.1, 0.2, 0.3, 0.4]
    assert times(table([NONE] * 3, [NONE] * 3, 0), [0, 1, 2]) == ([0, 0.1, 0.2], 0.1)
    assert times(packets, [0, -1, 2])[0] == [0, 0.1, 0.2]


def test_two_pictures_in_a_packet_don_t_share_its_time() -> None:
    assert times(table([0, 2, 4], [0, 2, 4], 2), [0, 0, 1, 1, 2])[0] == [0, 0.1, 0.2, 0.3, 0.4]


@pytest.mark.parametrize("stamped", [1, 2])
def test_a_packet_per_field_is_half_a_picture_long(stamped: int) -> None:
    """Fields last a tenth; some writers stamp each as if it were a picture of two tenths."""
    fields = [stamped * k for k in range(12)]
    assert times(table(fields, fields), list(range(0, 12, 2))) == ([0, 0.2, 0.4, 0.6, 0.8, 1.0], 0.2)


def test_a_join_excuses_the_packet_before_it() -> None:
    mark = np.array([False, True, False, True, False])
    packets = replace(table([0] * 5, [0] * 5), corrupt=mark, keys=np.array([True, False, True, False, False]))
    assert [packets.is_before_a_join(n) for n in range(-1, 5)] == [False, False, True, False, False, False]
