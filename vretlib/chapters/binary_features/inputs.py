"""Examples for the page: single frames, tracks and shots of a described film, photographs with what was found."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from vretlib import images
from vretlib.datasets.film_files import Movie
from vretlib.datasets.movies import MovieCollection, true_shots
from vretlib.datasets.photographs import Photograph, true_frame
from vretlib.errors import NoExampleError
from vretlib.video import frames
from vretlib.video.archive import Archive
from vretlib.video.described_film import DescribedFilm
from vretlib.video.film_search import FoundFrames

FEW_FEATURES = 10
"""Features below which a frame is nearly empty; 500 are looked for."""


class FrameFeatures(NamedTuple):
    """A frame as it was described: luma, and for each feature its position, its descriptor and its track."""

    luma: NDArray[np.uint8]
    xy: NDArray[np.float32]
    codes: NDArray[np.uint8]
    tracks: NDArray[np.int32]


class Track(NamedTuple):
    """A track inside one shot: (n,) frame numbers, (n, 2) positions, (n, bytes) descriptors, and their key feature."""

    frames: NDArray[np.int64]
    xy: NDArray[np.float32]
    codes: NDArray[np.uint8]
    key_code: NDArray[np.uint8]


def film_to_show(archive: Archive, photographs: Sequence[Photograph], name: str = "") -> str:
    """The film of that name; without a name, the first that has key features, or else features, and a photograph.

    Of films without a photograph, the first.
    """
    if name:
        return name
    shown = {photograph.query.movie for photograph in photographs}

    def rank(film: DescribedFilm) -> tuple[bool, bool, bool]:
        return len(film.key_codes) > 0, len(film.codes) > 0, film.name in shown

    return max(archive.films, key=rank).name  # the first of equals


def frame_features(movie: Movie, film: DescribedFilm, number: int) -> FrameFeatures:
    """One frame with its features."""
    if not 0 <= number < len(film.times):
        raise NoExampleError(f"{film.name} ends before frame {number}")
    rows = slice(*film.offsets[number : number + 2])
    if rows.start == rows.stop:
        raise NoExampleError(f"frame {number} of {film.name} has no feature")
    luma = frames.read(movie.path, [number], color="luma", width=film.options.width)[number]
    return FrameFeatures(luma, film.xy[rows], film.codes[rows], film.tracks[rows])


def followed_by(first: FrameFeatures, second: FrameFeatures) -> NDArray[np.int64]:
    """For each feature of the first frame the feature of the second on the same track, -1 where there is none."""
    same = first.tracks[:, None] == second.tracks[None, :]
    return np.where(same.any(axis=1), same.argmax(axis=1), -1)


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


def thumbnails(movie: Movie, numbers: ArrayLike, width: int = 240) -> list[NDArray[np.uint8]]:
    """Frames of a film in colour, small, in the order of ``numbers``."""
    wanted = [int(number) for number in np.asarray(numbers)]
    found = frames.read(movie.path, wanted, color="rgb", width=width)
    return [found[number] for number in wanted]


def first_found(right: NDArray[np.bool_]) -> int:
    """The number of the first photograph that was found."""
    if not right.any():
        raise NoExampleError(f"no photograph was found, of {len(right)} that were looked for")
    return int(np.flatnonzero(right)[0])


def not_found(right: NDArray[np.bool_], n: int = 4) -> list[int]:
    """The numbers of the first photographs that were not found."""
    if right.all():
        raise NoExampleError("every photograph was found")
    return np.flatnonzero(~right)[:n].tolist()


def answers(
    collection: MovieCollection, photographs: Sequence[Photograph], found: FoundFrames, numbers: int | Sequence[int]
) -> list[tuple[str, list[NDArray[np.uint8]]]]:
    """For each of some photographs its level, and three images: itself, the frame it shows, and the frame that was
    found (grey where nothing was).
    """
    rows = []
    for number in np.atleast_1d(numbers).tolist():
        query, film, frame = photographs[number].query, found.films[number], int(found.frames[number])
        truth = true_frame(collection, query)
        answer = thumbnails(collection.movie(film), [frame], 320) if frame >= 0 else [np.full_like(truth, 128)]
        rows.append((query.level, [images.read(query.image), truth, *answer]))
    return rows


def dark_titles(archive: Archive, darker_than: float = 48) -> list[str]:
    """Names of the films whose thumbnails have a median luma below ``darker_than`` (of 255)."""
    return [film.name for film in archive.films if np.median(film.thumbnails[::10]) < darker_than]


def boundaries(movies: Sequence[Movie], described: Sequence[DescribedFilm], tolerance: int = 1) -> pd.DataFrame:
    """How many true transitions have a boundary found within ``tolerance`` frames, by kind, over all films.

    Boundaries that are near no transition count in one of two rows: one of the two frames that they separate has fewer
    than `FEW_FEATURES` features, or both have more. A film whose truth is not known counts in the row "truth not known"
    alone.
    """
    kinds: list[tuple[str, int, int]] = []
    for movie, film in zip(movies, described, strict=True):
        truth, found = true_shots(movie), film.shots[1:, 0]
        if truth is None:
            kinds.append(("truth not known", 0, len(found)))
            continue
        for shot in truth[1:]:
            first, last = shot["transition_frames"]
            near = (found >= first - tolerance) & (found <= last + tolerance)
            kinds.append((shot["transition"], 1, int(near.any())))
        stray = strays(movie, film, tolerance)
        empty = _fewest_features(film, stray) < FEW_FEATURES
        kinds += [("none there, nearly empty frames", 0, int(empty.sum()))]
        kinds += [("none there, other frames", 0, int((~empty).sum()))]
    table = pd.DataFrame(kinds, columns=["kind", "true", "found"])
    return table.groupby("kind", sort=False).sum().rename_axis(None)


def strays(movie: Movie, film: DescribedFilm, tolerance: int = 1) -> NDArray[np.int64]:
    """First frames of the shots of a film whose boundary is more than ``tolerance`` frames from true transitions."""
    found = film.shots[1:, 0]
    for shot in (true_shots(movie) or [])[1:]:
        first, last = shot["transition_frames"]
        found = found[(found < first - tolerance) | (found > last + tolerance)]
    return np.asarray(found, np.int64)


def false_boundaries(
    movies: Sequence[Movie], described: Sequence[DescribedFilm], n: int = 4
) -> tuple[list[NDArray[np.uint8]], list[str]]:
    """Frames at which shots begin that do not, spread over all of them, and captions: features before and there."""
    named = zip(movies, described, strict=True)
    false = [(movie, film, int(k)) for movie, film in named if movie.truth is not None for k in strays(movie, film)]
    if not false:
        raise NoExampleError("no boundary is known to be false")
    chosen = [false[k] for k in np.unique(np.linspace(0, len(false) - 1, n).astype(int))]
    captions = []
    for movie, film, k in chosen:
        before, there = np.diff(film.offsets)[k - 1 : k + 1].tolist()
        captions.append(f"{movie.name}\nframe {k}\nfeatures: {before}, then {there}")
    return [thumbnails(movie, [k])[0] for movie, _, k in chosen], captions


def _fewest_features(film: DescribedFilm, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The smaller number of features of each frame and the one before it."""
    counts = np.diff(film.offsets)
    return np.asarray(np.minimum(counts[numbers], counts[numbers - 1]), np.int64)
