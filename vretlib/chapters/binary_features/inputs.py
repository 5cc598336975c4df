"""Single frames, tracks and shots taken out of a described film, to be looked at."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from vretlib import images
from vretlib.datasets import movies
from vretlib.datasets.movies import Movie, MovieCollection
from vretlib.datasets.photographs import Photograph, true_frame
from vretlib.errors import NoExampleError
from vretlib.video import frames
from vretlib.video.archive import Archive
from vretlib.video.described_film import DescribedFilm
from vretlib.video.film_search import Answers


class FrameFeatures(NamedTuple):
    """A frame as the description saw it: luma, and for each feature its position, its descriptor and its track."""

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
    """The film of that name; without one, the first with key features that photographs show, else the first with any.

    Where no film has key features, the first with features, else the first.
    """
    if name:
        return name
    asked = {photograph.query.movie for photograph in photographs}

    def worth(film: DescribedFilm) -> tuple[bool, bool, bool]:
        return len(film.key_codes) > 0, len(film.codes) > 0, film.name in asked

    return max(archive.films, key=worth).name  # the first of equals


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


def longest_shot(film: DescribedFilm) -> tuple[int, int]:
    """Frames [start, stop) of the longest shot, the first of equals."""
    start, stop = film.shots[np.argmax(film.shots[:, 1] - film.shots[:, 0])]
    return int(start), int(stop)


def track_of_key_feature(film: DescribedFilm, key_feature: int) -> Track:
    """The features that one key feature stands for."""
    start, stop = film.shots[film.key_shots[key_feature]]
    rows = slice(film.offsets[start], film.offsets[stop])
    mine = np.flatnonzero(film.tracks[rows] == film.key_tracks[key_feature])
    number = np.repeat(np.arange(start, stop), np.diff(film.offsets[start : stop + 1]))[mine]
    return Track(number, film.xy[rows][mine], film.codes[rows][mine], film.key_codes[key_feature])


def trajectories(film: DescribedFilm, start: int, stop: int) -> pd.DataFrame:
    """Frame number, position (x, y, in pixels) and track of every feature of the frames [start, stop)."""
    rows = slice(film.offsets[start], film.offsets[stop])
    if stop - start < 2 or rows.start == rows.stop:
        raise NoExampleError(f"no shot of {film.name} has two frames with features")
    number = np.repeat(np.arange(start, stop), np.diff(film.offsets[start : stop + 1]))
    return pd.DataFrame(
        {"frame": number, "x": film.xy[rows, 0], "y": film.xy[rows, 1], "track": np.asarray(film.tracks[rows])}
    )


def trajectories_of_all(films: Mapping[str, DescribedFilm], start: int, stop: int) -> dict[str, pd.DataFrame]:
    """`trajectories` of one film described in several ways, by what each is called."""
    return {kind: trajectories(film, start, stop) for kind, film in films.items()}


def most_variable_track(film: DescribedFilm) -> int:
    """Among the longest hundredth of the tracks, the key feature of the one with most bits that change."""
    if not len(film.key_codes):
        raise NoExampleError(f"no track of {film.name} lasts more than {film.options.longer_than} frames")
    least = np.sort(film.key_lengths)[-max(len(film.key_lengths) // 100, 1)]
    longest = np.flatnonzero(film.key_lengths >= least)[:50]
    return int(max(longest, key=lambda k: _changing_bits(track_of_key_feature(film, int(k)).codes)))


def thumbnails(movie: Movie, numbers: ArrayLike, width: int = 240) -> list[NDArray[np.uint8]]:
    """Frames of a film in colour, small, in the order asked for."""
    wanted = [int(number) for number in np.asarray(numbers)]
    found = frames.read(movie.path, wanted, color="rgb", width=width)
    return [found[number] for number in wanted]


def first_found(right: NDArray[np.bool_]) -> int:
    """The number of the first photograph that was found."""
    if not right.any():
        raise NoExampleError(f"no photograph was found, of {len(right)} that were looked for")
    return int(np.flatnonzero(right)[0])


def not_found(
    collection: MovieCollection,
    photographs: Sequence[Photograph],
    answers: Answers,
    right: NDArray[np.bool_],
    n: int = 4,
) -> list[tuple[str, list[NDArray[np.uint8]]]]:
    """The first photographs that were not found, each by its level and `answer_images`."""
    if right.all():
        raise NoExampleError("every photograph was found")
    wrong = np.flatnonzero(~right)[:n].tolist()
    return [(photographs[i].query.level, answer_images(collection, photographs, answers, i)) for i in wrong]


def answer_images(
    collection: MovieCollection, photographs: Sequence[Photograph], answers: Answers, number: int
) -> list[NDArray[np.uint8]]:
    """One photograph, the frame it shows, and the frame that was found (grey where nothing was)."""
    query, film, frame = photographs[number].query, answers.films[number], int(answers.frames[number])
    truth = true_frame(collection, query)
    answer = thumbnails(collection.movie(film), [frame], 320) if frame >= 0 else [np.full_like(truth, 128)]
    return [images.read(query.image), truth, *answer]


def dark_titles(archive: Archive, darker_than: float = 48) -> list[str]:
    """Films whose frames have a median luma below ``darker_than`` (of 255), by their thumbnails."""
    return [film.name for film in archive.films if np.median(film.thumbnails[::10]) < darker_than]


def boundaries(filmed: Sequence[Movie], described: Sequence[DescribedFilm], tolerance: int = 1) -> pd.DataFrame:
    """How many true transitions have a boundary found within ``tolerance`` frames, by kind, over all films.

    The row "found, none there" counts boundaries that are near no transition. A film whose truth is not known adds only
    to the row "truth not known".
    """
    kinds: list[tuple[str, int, int]] = []
    for movie, film in zip(filmed, described, strict=True):
        truth, found = movies.true_shots(movie), film.shots[1:, 0]
        if truth is None:
            kinds.append(("truth not known", 0, len(found)))
            continue
        stray = np.ones(len(found), np.bool_)
        for shot in truth[1:]:
            first, last = shot["transition_frames"]
            near = (found >= first - tolerance) & (found <= last + tolerance)
            stray &= ~near
            kinds.append((shot["transition"], 1, int(near.any())))
        kinds.append(("found, none there", 0, int(stray.sum())))
    table = pd.DataFrame(kinds, columns=["kind", "true", "found"])
    return table.groupby("kind", sort=False).sum().rename_axis(None)


def _changing_bits(codes: NDArray[np.uint8]) -> int:
    share = np.unpackbits(codes, axis=1).mean(axis=0)
    return int(((share > 0.1) & (share < 0.9)).sum())
