"""Key features: the features of a track inside a shot, aggregated to one descriptor (thesis §5.1.1)."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.kernels import njit

LONGER_THAN = 7
"""A track becomes a key feature if it has more frames than this inside its shot (thesis §5.2.1)."""


class KeyFeatures(NamedTuple):
    """Key features in order of shot, then of track.

    Attributes
    ----------
    codes: uint8 (K, 32), or float32 (K, 128) for SIFT.
    shots, tracks: int32 (K,), shot and track of each.
    lengths: int32 (K,), number of frames that the track has inside the shot.
    """

    codes: np.ndarray
    shots: np.ndarray
    tracks: np.ndarray
    lengths: np.ndarray


class Rule(NamedTuple):
    """A way to aggregate the features of a track.

    Attributes
    ----------
    d: number of values of a descriptor.
    values: reads the values (n, d) from descriptors.
    combine: makes descriptors from sums of values (n, d) and numbers of summands (n,).
    """

    d: int
    values: Callable[[np.ndarray], np.ndarray]
    combine: Callable[[np.ndarray, np.ndarray], np.ndarray]


def majority(sums: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Codes, uint8 (n, d / 8), in which a bit is 1 if more than half of the track's features have it.

    A tie gives 0, as in the thesis: "If the majority value is 1, [...] 1. Otherwise, the value will be 0".
    """
    sums, lengths = _sums_and_lengths(sums, lengths)
    return np.packbits(2 * sums > lengths[:, None], axis=1)


def at_least_two(sums: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Codes, uint8 (n, d / 8), in which a bit is 1 if two or more of the track's features have it."""
    return np.packbits(_sums_and_lengths(sums, lengths)[0] >= 2, axis=1)


def mean(sums: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Mean descriptors, float32 (n, d)."""
    sums, lengths = _sums_and_lengths(sums, lengths)
    return (sums / lengths[:, None]).astype(np.float32)


def _sums_and_lengths(sums: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    sums, lengths = arrays.matrix(sums, "sums", dtype=None), arrays.ids(lengths, "lengths", minimum=1)
    arrays.same_length(sums=sums, lengths=lengths)
    if sums.dtype.kind not in "iu":
        raise UserError(f"sums are {sums.dtype}; expected whole numbers, as TrackSums adds them up")
    return sums, lengths


def _bits(codes: np.ndarray) -> np.ndarray:
    return np.unpackbits(codes, axis=1)


RULES = {
    "majority": Rule(256, _bits, majority),
    "at_least_two": Rule(256, _bits, at_least_two),
    "mean": Rule(128, np.asarray, mean),
}
"""The rules of the thesis, of the authors' code, and for SIFT (thesis §5.2.2)."""


def rule_named(rule: str) -> Rule:
    """The rule of this name; a UserError lists the known names."""
    arrays.choice(rule, "key feature rule", RULES)
    return RULES[rule]


def aggregate(
    offsets: np.ndarray,
    descriptors: np.ndarray,
    tracks: np.ndarray,
    shots: np.ndarray,
    *,
    rule: str = "majority",
    longer_than: int = LONGER_THAN,
) -> KeyFeatures:
    """Key features of the tracks that have more than `longer_than` frames inside a shot.

    Features are read block by block, so that memory holds only unfinished tracks and key features.

    Parameters
    ----------
    offsets: int64 (F + 1,), frame f has the features ``offsets[f]:offsets[f + 1]``.
    descriptors: uint8 (N, 32) binary codes, or (N, 128) SIFT values with rule "mean".
    tracks: int32 (N,), each number at most once in a frame.
    shots: int64 (S, 2), frames [start, stop). The parts of a track on both sides of a boundary count separately.
    rule: a key of `RULES`.
    longer_than: tracks of at most this many frames inside a shot give no key feature.

    Raises
    ------
    UserError: an unknown rule; other types or shapes; offsets that do not fit the features; a shot that is empty, that
        overlaps the one before, or that ends after the last frame; a track that is negative or twice in a frame.
    """
    d, values_of, combine = rule_named(rule)
    sums = TrackSums(d, longer_than)
    n = _check_features(descriptors, tracks, d if rule == "mean" else d // 8)
    edges = arrays.offsets(offsets, "offsets", n)
    ranges = arrays.ranges(shots, "shots", len(edges) - 1)
    if (ranges[1:, 0] < ranges[:-1, 1]).any():
        shot = 1 + int((ranges[1:, 0] < ranges[:-1, 1]).argmax())
        raise UserError(f"shots, row {shot}: {ranges[shot].tolist()} begins before {ranges[shot - 1].tolist()} ends")
    found = [_combined([sums.finish()], 0, combine)]
    for shot, (start, stop) in enumerate(ranges.tolist()):
        for first in range(start, stop, _BLOCK):
            cuts = edges[first : min(first + _BLOCK, stop) + 1]
            here, values = _rows(tracks, cuts), values_of(_rows(descriptors, cuts))
            ended = [sums.add(here[a:b], values[a:b]) for a, b in pairwise((cuts - cuts[0]).tolist())]
            found.append(_combined(ended, shot, combine))
        found.append(_combined([sums.finish()], shot, combine))
    columns = [np.concatenate(parts) for parts in zip(*found, strict=True)]
    order = np.lexsort((columns[2], columns[1]))
    return KeyFeatures(*(column[order] for column in columns))


_BLOCK = 32  # frames


def _check_features(descriptors: np.ndarray, tracks: np.ndarray, width: int) -> int:
    """Number of features, after a check of types and shapes; values are checked when they are read."""
    found, of = (arrays.array(x, name) for x, name in ((descriptors, "descriptors"), (tracks, "tracks")))
    fits = found.dtype == np.uint8 or (width != 32 and found.dtype.kind in "uif")  # bits are unpacked from bytes
    if found.ndim != 2 or found.shape[1] != width or not fits:
        raise UserError(f"descriptors are {found.dtype} of shape {found.shape}; expected uint8 (n, {width})")
    if of.shape != (len(found),) or of.dtype.kind not in "iu":
        raise UserError(f"tracks are {of.dtype} of shape {of.shape}; expected whole numbers ({len(found)},)")
    return len(found)


def _combined(ended: list["Tracks"], shot: int, combine: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> KeyFeatures:
    tracks, lengths, sums = (np.concatenate(parts) for parts in zip(*ended, strict=True))
    return KeyFeatures(combine(sums, lengths), np.full(len(tracks), shot, np.int32), tracks, lengths)


def _rows(array: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """Rows from the first cut to the last. Mapped files are read instead, since mapped pages count as memory."""
    first, last = int(cuts[0]), int(cuts[-1])
    if not isinstance(array, np.memmap) or array.filename is None:
        return array[first:last]
    row = array.dtype.itemsize * int(np.prod(array.shape[1:]))
    n_values = (last - first) * row // array.dtype.itemsize
    values = np.fromfile(array.filename, array.dtype, n_values, offset=array.offset + first * row)
    return values.reshape(-1, *array.shape[1:])


class Tracks(NamedTuple):
    """Finished tracks: numbers int32 (n,), lengths in frames int32 (n,), sums of descriptor values int32 (n, d)."""

    tracks: np.ndarray
    lengths: np.ndarray
    sums: np.ndarray


class TrackSums:
    """Sums of the descriptors of tracks, frame after frame; a track is returned when it ends.

    Only tracks of the last frame take memory. `finish` ends all of them; it is called at the end of each shot,
    since tracks count inside shots.

    Parameters
    ----------
    d: values of a descriptor: 256 for the bits of BRIEF-32, 128 for SIFT.
    longer_than: tracks of at most this many frames are dropped.
    """

    def __init__(self, d: int, longer_than: int = LONGER_THAN) -> None:
        self._longer_than = arrays.whole(longer_than, "longer_than", 0)
        self._sums = np.zeros((0, arrays.whole(d, "d", 1)), np.int32)
        self._lengths = np.zeros(0, np.int32)
        self._tracks = np.empty(0, np.int32)  # of the last frame, ascending
        self._slots = np.empty(0, np.int64)  # where each of them adds up

    def add(self, tracks: np.ndarray, values: np.ndarray) -> Tracks:
        """The tracks that end before the frame that is added, by number; short ones, up to the limit, are dropped.

        Parameters
        ----------
        tracks: int32 (n,), the track of each feature, each track at most once.
        values: uint8 (n, d), bits or SIFT values.

        Raises
        ------
        UserError: a track is twice in the frame, or tracks or values of another shape or type.
        """
        tracks, values = self._checked(tracks, values)
        self._reserve(len(tracks))
        order = np.argsort(tracks)
        here = tracks[order]
        if (here[1:] == here[:-1]).any():
            raise UserError(
                f"track {here[1:][here[1:] == here[:-1]][0]} is twice in a frame; expected each at most once"
            )
        kept = _members(self._tracks, here)
        ended = self._take_out(~kept)
        self._slots = _add(self._tracks[kept], self._slots[kept], here, order, values, self._sums, self._lengths)
        self._tracks = here
        return ended

    def finish(self) -> Tracks:
        """The tracks that last to the end, by number, if they are longer than the limit; none goes on after this."""
        ended = self._take_out(np.ones(len(self._tracks), np.bool_))
        self._tracks, self._slots = self._tracks[:0], self._slots[:0]
        return ended

    def _checked(self, tracks: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        ids, found = arrays.ids(tracks, "tracks", below=2**31), arrays.array(values, "values")
        if found.shape != (len(ids), self._sums.shape[1]) or found.dtype.kind not in "uif":
            raise UserError(
                f"values are {found.dtype} of shape {found.shape}; expected uint8 ({len(ids)}, {self._sums.shape[1]})"
            )
        with np.errstate(invalid="ignore"):
            whole = found if found.dtype == np.uint8 else found.astype(np.uint8)
        if whole is not found and not np.array_equal(whole, found):
            raise UserError(f"values of type {found.dtype} are not whole numbers from 0 to 255; round or scale them")
        return ids.astype(np.int32), whole

    def _take_out(self, out: np.ndarray) -> Tracks:
        slots = self._slots[out]
        long = self._lengths[slots] > self._longer_than
        ended = Tracks(self._tracks[out][long], self._lengths[slots[long]], self._sums[slots[long]])
        self._lengths[slots] = 0
        return ended

    def _reserve(self, n: int) -> None:
        missing = n - len(self._lengths)
        if missing > 0:
            self._sums = np.pad(self._sums, ((0, missing), (0, 0)))
            self._lengths = np.pad(self._lengths, (0, missing))


@njit(cache=True, nogil=True)
def _members(tracks, others):  # type: ignore[no-untyped-def]
    """Mask of the ascending `tracks` that are among the ascending `others`."""
    found = np.zeros(len(tracks), np.bool_)
    j = 0
    for i in range(len(tracks)):
        while j < len(others) and others[j] < tracks[i]:
            j += 1
        found[i] = j < len(others) and others[j] == tracks[i]
    return found


@njit(cache=True, nogil=True)
def _add(kept, kept_slots, here, order, values, sums, lengths):  # type: ignore[no-untyped-def]
    """The slot of each track of `here` after row order[i] of `values` is added to it; a new track takes a free slot."""
    slots = np.empty(len(here), np.int64)
    old, free = 0, 0
    for i in range(len(here)):
        row = values[order[i]]
        if old < len(kept) and kept[old] == here[i]:
            slot = kept_slots[old]
            old += 1
            total = sums[slot]
            for x in range(row.size):
                total[x] += row[x]
        else:
            while lengths[free] > 0:
                free += 1
            slot = free
            sums[slot] = row
        lengths[slot] += 1
        slots[i] = slot
    return slots
