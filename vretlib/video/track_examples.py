"""Tracks of a described film to look at: those of a steady shot, and those of single key features."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.errors import NoExampleError
from vretlib.video.described_film import DescribedFilm


class Track(NamedTuple):
    """A track inside one shot: (n,) frame numbers, (n, 2) positions, (n, bytes) descriptors, and their key feature."""

    frames: NDArray[np.int64]
    xy: NDArray[np.float32]
    codes: NDArray[np.uint8]
    key_code: NDArray[np.uint8]


def longest_steady(film: DescribedFilm) -> tuple[int, int]:
    """Frames [start, stop) of the longest stretch in which each shares half of its features with the one before.

    The first of equals. A shot as the thesis finds it may be several true ones that a single chance track joins.
    """
    starts = np.flatnonzero(2 * film.n_common <= np.diff(film.offsets))
    starts = np.union1d(0, starts)
    stops = np.append(starts[1:], len(film.times))
    k = int(np.argmax(stops - starts))
    return int(starts[k]), int(stops[k])


def track_of_key_feature(film: DescribedFilm, key_feature: int) -> Track:
    """The features that one key feature stands for."""
    start, stop = film.shots[film.key_shots[key_feature]]
    rows = slice(film.offsets[start], film.offsets[stop])
    mine = np.flatnonzero(film.tracks[rows] == film.key_tracks[key_feature])
    number = np.repeat(np.arange(start, stop), np.diff(film.offsets[start : stop + 1]))[mine]
    return Track(number, film.xy[rows][mine], film.codes[rows][mine], film.key_codes[key_feature])


def followed(film: DescribedFilm, start: int, stop: int) -> pd.DataFrame:
    """Frame number, position (x, y, in pixels) and track of every feature of the frames [start, stop)."""
    rows = slice(film.offsets[start], film.offsets[stop])
    if stop - start < 2 or rows.start == rows.stop:
        raise NoExampleError(f"no shot of {film.name} has two frames with features")
    number = np.repeat(np.arange(start, stop), np.diff(film.offsets[start : stop + 1]))
    x, y = film.xy[rows].T
    return pd.DataFrame({"frame": number, "x": x, "y": y, "track": np.asarray(film.tracks[rows])})


def trajectories(films: Mapping[str, DescribedFilm], start: int, stop: int) -> dict[str, pd.DataFrame]:
    """What `followed` returns for one film that is described in several ways, by the name of each."""
    return {kind: followed(film, start, stop) for kind, film in films.items()}


def most_variable_track(film: DescribedFilm) -> int:
    """The key feature of the track with most bits that change, among the longest hundredth of the tracks.

    A bit changes when it is 1 in more than a tenth and fewer than nine tenths of the frames.
    """
    if not len(film.key_codes):
        raise NoExampleError(f"no track of {film.name} lasts more than {film.options.longer_than} frames")
    shortest = np.sort(film.key_lengths)[-max(len(film.key_lengths) // 100, 1)]
    longest = np.flatnonzero(film.key_lengths >= shortest)[:50].tolist()

    def changing_bits(key_feature: int) -> int:
        share = np.unpackbits(track_of_key_feature(film, key_feature).codes, axis=1).mean(axis=0)
        return int(((share > 0.1) & (share < 0.9)).sum())

    return max(longest, key=changing_bits)
