"""Times at which pictures are shown, for files whose packets do not simply state them."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from vretlib.video.packet_table import NONE, PacketTable

_JOIN_SECONDS = 10.0
"""A longer jump forward in a transport or program stream marks the seam of two recordings, as in ffmpeg."""

_JOIN_STEPS = 10
"""A jump of fewer usual steps is no seam: slides and surveillance have pictures that are seconds apart."""

_DISORDER = 0.05
"""With a larger share of pictures out of the order of their times, times of decoding are used instead."""


def seconds(
    table: PacketTable,
    serials: NDArray[np.int64],
    time_base: Fraction,
    rate: float,
    *,
    decode_times: bool,
    gaps_are_joins: bool,
) -> tuple[NDArray[np.float64], float]:
    """Seconds at which the pictures are shown, ascending, and the seconds for which the last one is shown.

    Where times go back, another recording begins, which follows the one before it without a pause. Inside a recording,
    the k-th picture has the k-th time.

    Parameters
    ----------
    serials: (F,), packet of each picture in the order in which the decoder gave them, -1 where unknown.
    rate: pictures a second, where the file gives no times at all.
    decode_times: the container knows times of decoding only (AVI).
    gaps_are_joins: a jump forward of more than `_JOIN_SECONDS` and `_JOIN_STEPS` is a seam, too.
    """
    of_one_packet = np.ones(len(serials), np.bool_)
    of_one_packet[np.unique(serials, return_index=True)[1]] = False
    serials = np.where(of_one_packet, -1, serials)  # of two pictures in a packet, the first has its time
    longest = _longest_step(table, float(time_base)) if gaps_are_joins else np.inf
    part_of_packet = _parts(table, float(time_base), longest)
    parts = np.where(serials >= 0, part_of_packet[serials], 0)
    parts = np.maximum.accumulate(parts)  # a picture without a packet belongs to the part before it
    found: list[NDArray[np.float64]] = []
    step, shift, end = 1 / rate, 0.0, None
    for part in np.unique(parts):
        times = _of_part(table, serials[parts == part], float(time_base), rate, decode_times=decode_times)
        steps = np.diff(times)
        step = float(np.median(steps[steps > 0])) if (steps > 0).any() else step
        if end is not None and (times[0] + shift < end - step / 2 or times[0] + shift - end > longest):
            shift = end - times[0]
        found.append(times + shift)
        end = float(found[-1][-1]) + step
    times = np.concatenate(found)
    n_packets = 2 if len(table) > 1.9 * len(serials) else 1  # one packet per field
    last = n_packets * float(np.median(table.durations)) * float(time_base) or step
    if n_packets == 2 and abs(step - 2 * last) < 0.01 * last:  # each field was stamped as if it were a picture
        times = times[0] + (times - times[0]) / 2
    return times, last


def _longest_step(table: PacketTable, time_base: float) -> float:
    """Largest step in seconds from one packet to the next inside one recording."""
    steps = np.diff(table.dts[table.dts != NONE])
    usual = float(np.median(steps[steps > 0])) * time_base if (steps > 0).any() else 0.0
    return max(_JOIN_SECONDS, _JOIN_STEPS * usual)


def _parts(table: PacketTable, time_base: float, longest: float) -> NDArray[np.int64]:
    """Number of the recording to which each packet belongs; inside a recording, times of decoding never go back."""
    known = np.flatnonzero(table.dts != NONE)
    parts = np.zeros(len(table), np.int64)
    steps = np.diff(table.dts[known])
    seams = (steps < 0) | (steps * time_base > longest)
    parts[known[1:][seams]] = 1
    return np.cumsum(parts)


def _of_part(
    table: PacketTable, serials: NDArray[np.int64], time_base: float, rate: float, *, decode_times: bool
) -> NDArray[np.float64]:
    shown, decoded = (_times(times, serials, time_base) for times in (table.pts, table.dts))
    known = shown[~np.isnan(shown)]
    disorder = (np.diff(known) < 0).mean() if len(known) > 1 else 0.0
    use_decoded = decode_times or not len(known) or disorder > _DISORDER
    times = decoded if use_decoded and not np.isnan(decoded).all() else shown
    given = np.flatnonzero(~np.isnan(times))
    if not len(given):
        return np.arange(len(serials)) / rate
    in_order = np.sort(times[given])
    at = np.arange(len(serials))
    filled = np.interp(at, given, in_order)
    before, after = np.minimum(at - given[0], 0), np.maximum(at - given[-1], 0)
    return np.asarray(filled + (before + after) / rate, np.float64)


def _times(times: NDArray[np.int64], serials: NDArray[np.int64], time_base: float) -> NDArray[np.float64]:
    """Seconds of the pictures' packets, NaN where a picture has no packet or its packet no time."""
    taken = np.where(serials >= 0, times[serials], NONE)
    return np.where(taken == NONE, np.nan, taken * time_base)
