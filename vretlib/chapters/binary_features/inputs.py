"""Examples for the page: single frames of a described film, photographs with what was found."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import images
from vretlib.datasets.film_files import Movie
from vretlib.datasets.movies import MovieCollection
from vretlib.described import film_boundaries
from vretlib.described.film_photographs import Photograph
from vretlib.errors import NoExampleError
from vretlib.video import frames
from vretlib.video.archive import Archive
from vretlib.video.described_film import DescribedFilm
from vretlib.video.film_search import FoundFrames


class FrameFeatures(NamedTuple):
    """A frame as it was described: luma, and for each feature its position, its descriptor and its track."""

    luma: NDArray[np.uint8]
    xy: NDArray[np.float32]
    codes: NDArray[np.uint8]
    tracks: NDArray[np.int32]


def film_to_show(archive: Archive, photographs: Sequence[Photograph], name: str = "") -> str:
    """The film of that name; without a name, the first that has key features, or else features, and a photograph.

    If no film has a photograph, it is the first film.
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
    luma = frames.read(movie.path, [number], colour="luma", width=film.options.width)[number]
    return FrameFeatures(luma, film.xy[rows], film.codes[rows], film.tracks[rows])


def followed_by(first: FrameFeatures, second: FrameFeatures) -> NDArray[np.int64]:
    """The feature of the second frame on the same track as each feature of the first, -1 where there is none."""
    same = first.tracks[:, None] == second.tracks[None, :]
    return np.where(same.any(axis=1), same.argmax(axis=1), -1)


def thumbnails(movie: Movie, numbers: ArrayLike, width: int = 240) -> list[NDArray[np.uint8]]:
    """Frames of a film in colour, small, in the order of ``numbers``."""
    wanted = [int(number) for number in np.asarray(numbers)]
    found = frames.read(movie.path, wanted, colour="rgb", width=width)
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
    """The level of each of some photographs, and three images of each: itself, the frame that it shows, and the frame
    that was found (grey where nothing was).
    """
    rows = []
    for number in np.atleast_1d(numbers).tolist():
        query, film, frame = photographs[number].query, found.films[number], int(found.frames[number])
        truth = collection.frame(query.movie, query.frame)
        answer = thumbnails(collection.movie(film), [frame], 320) if frame >= 0 else [np.full_like(truth, 128)]
        rows.append((query.level, [images.read(query.image), truth, *answer]))
    return rows


def dark_titles(archive: Archive, darker_than: float = 48) -> list[str]:
    """Names of the films whose thumbnails have a median luma below ``darker_than`` (of 255)."""
    return [film.name for film in archive.films if np.median(film.thumbnails[::10]) < darker_than]


def false_boundaries(
    movies: Sequence[Movie], described: Sequence[DescribedFilm], n: int = 4
) -> tuple[list[NDArray[np.uint8]], list[str]]:
    """Frames at which shots begin that do not, spread over all of them, and captions: features before and there."""
    named = zip(movies, described, strict=True)
    false = [
        (movie, film, int(k))
        for movie, film in named
        if movie.truth is not None
        for k in film_boundaries.strays(movie, film)
    ]
    if not false:
        raise NoExampleError("no boundary is known to be false")
    chosen = [false[k] for k in np.unique(np.linspace(0, len(false) - 1, n).astype(int))]
    captions = []
    for movie, film, k in chosen:
        before, there = np.diff(film.offsets)[k - 1 : k + 1].tolist()
        captions.append(f"{movie.name}\nframe {k}\nfeatures: {before}, then {there}")
    return [thumbnails(movie, [k])[0] for movie, _, k in chosen], captions
