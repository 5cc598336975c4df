"""Films described once and numbered through, and the photographs that are looked for in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vretlib import cache, images
from vretlib.datasets.movies import Movie, MovieCollection
from vretlib.datasets.query_list import Query
from vretlib.features import local, outlines, screen
from vretlib.features.local import LocalFeatures
from vretlib.video import describe, described_film, frames
from vretlib.video.described_film import DescribedFilm, DescribeOptions

BINARY = DescribeOptions()
"""ORB and BRIEF with the thesis' settings (§5.2.1)."""


@dataclass(frozen=True)
class Archive:
    """Described films with one numbering of shots over all of them: film by film, in order of time."""

    films: tuple[DescribedFilm, ...]

    @property
    def features(self) -> str:
        """Kind of features the films were described with."""
        return self.films[0].options.features

    @cached_property
    def first_shot(self) -> NDArray[np.int64]:
        """(films + 1,): shots of film f are ``first_shot[f]`` up to ``first_shot[f + 1]``."""
        return np.cumsum([0, *(len(film.shots) for film in self.films)])

    def frames_of(self, shot: int) -> tuple[DescribedFilm, int, int]:
        """The film of a shot and its frames, from start to (not including) stop."""
        f = int(np.searchsorted(self.first_shot, shot, side="right")) - 1
        start, stop = self.films[f].shots[shot - self.first_shot[f]]
        return self.films[f], int(start), int(stop)

    def shot_at(self, name: str, frame: int) -> int:
        """The shot that a frame of the film of that name belongs to, -1 if the shot rule left it out."""
        f = [film.name for film in self.films].index(name)
        shot = int(np.searchsorted(self.films[f].shots[:, 0], frame, side="right")) - 1
        inside = shot >= 0 and frame < self.films[f].shots[shot, 1]
        return int(self.first_shot[f]) + shot if inside else -1

    @cached_property
    def shot_of_feature(self) -> NDArray[np.int32]:
        """Shot of every feature of every frame, in the order of the films' codes; -1 in frames that belong to none."""
        parts = []
        for first, film in zip(self.first_shot, self.films, strict=False):
            shot_of_frame = np.full(len(film.times), -1)
            for shot, (start, stop) in enumerate(film.shots.tolist()):
                shot_of_frame[start:stop] = first + shot
            parts.append(np.repeat(shot_of_frame, np.diff(film.offsets)))
        return np.concatenate(parts).astype(np.int32)

    @cached_property
    def shot_of_key_feature(self) -> NDArray[np.int32]:
        """Shot of every key feature, in the order of the films' key features."""
        parts = [first + film.key_shots for first, film in zip(self.first_shot, self.films, strict=False)]
        return np.concatenate(parts).astype(np.int32)

    @cached_property
    def codes(self) -> NDArray[np.uint8]:
        """Descriptors of every feature of every frame."""
        return np.concatenate([film.codes for film in self.films])

    @cached_property
    def key_codes(self) -> NDArray[Any]:
        """Key features of every shot."""
        return np.concatenate([film.key_codes for film in self.films])

    def only(self, *names: str) -> "Archive":
        """The archive of some films alone, in the order given."""
        by_name = {film.name: film for film in self.films}
        return Archive(tuple(by_name[name] for name in names))

    def aggregated(self, **changes: str | int) -> "Archive":
        """The same films with other shots and key features (:func:`describe.aggregate`)."""
        return Archive(tuple(describe.aggregate(film, **changes) for film in self.films))


def describe_film(movie: Movie, options: DescribeOptions = BINARY) -> DescribedFilm:
    """One pass over a film: features, tracks, shots, key features (thesis §5.1.1). Kept in the cache."""
    folder = cache.stage(
        f"describe_{options.features}",
        {"film": cache.checksum(movie.path), "name": movie.name, "options": options},
        lambda out: describe.describe(movie.path, out, options=options, name=movie.name),
        say=lambda line: print(f"{movie.name}: {line}"),
    )
    return described_film.load(folder)


def describe_films(
    movies: Sequence[Movie], options: DescribeOptions = BINARY, say: Callable[[str], None] = print
) -> Archive:
    """Films, described one after another. One in which there is nothing to find is named; the others are searched."""
    archive = Archive(tuple(describe_film(movie, options) for movie in movies))
    for film in archive.films:
        if not len(film.codes):
            say(f"{film.name}: has no feature in any of its {len(film.times)} frames; no photograph can find it")
        elif not len(film.key_codes):
            least = options.longer_than + 1
            say(
                f"{film.name}: no feature lasts {least} frames, so it has no key feature and only single frames find it"
            )
    return archive


@dataclass(frozen=True)
class Photograph:
    """A query as the search sees it: grey, as wide as the films were when they were described."""

    query: Query
    luma: NDArray[np.uint8] = field(repr=False)
    corners: NDArray[np.float32] | None
    """Outline of the screen in the photograph's own pixels, where it was rectified to it."""
    n_features: int = BINARY.n_features

    @cached_property
    def orb_brief(self) -> LocalFeatures:
        """Binary features."""
        return local.orb_brief(self.luma, n_features=self.n_features)

    @cached_property
    def sift(self) -> LocalFeatures:
        """SIFT features, as OpenCV gives them."""
        return local.sift(self.luma, root=False)

    def described_as(self, features: str) -> NDArray[Any]:
        """Descriptors of one kind, ``"orb_brief"`` or ``"sift"``."""
        found: LocalFeatures = getattr(self, features)
        return found.descriptors


def check_outline(collection: MovieCollection, outline: str) -> None:
    """Raise the `UserError` that `prepare_all` would, before any film is described."""
    outlines.check(outline)
    if outline == "given":
        queries = collection.queries
        given = [query.corners for query in queries]
        outlines.of_photographs([q.image for q in queries], outline, given, say=lambda _: None)


def prepare(query: Query, outline: str = "no", width: int = BINARY.width) -> Photograph:
    """A photograph read and resized to the films' width (thesis §5.2.1).

    With ``outline`` "found" or "given" (`vretlib.features.outlines`), which is not in the thesis, it is rectified to
    the screen's outline where there is one, so that the picture has the scale it had when the film was described.
    """
    return _prepared(query, outlines.corners_of(images.read(query.image), outline, query.corners), width)


def prepare_all(
    collection: MovieCollection, outline: str = "no", width: int = BINARY.width, say: Callable[[str], None] = print
) -> list[Photograph]:
    """Every photograph of a collection; outlines are kept in the cache."""
    queries = collection.queries
    corners = outlines.of_photographs(
        [query.image for query in queries], outline, [query.corners for query in queries], say=say
    )
    return [_prepared(query, points, width) for query, points in zip(queries, corners, strict=True)]


def _prepared(query: Query, corners: NDArray[np.float32] | None, width: int) -> Photograph:
    image = images.grey(query.image)
    luma = frames.resize(image, width) if corners is None else screen.rectify(image, corners, width)
    return Photograph(query, luma, corners)
