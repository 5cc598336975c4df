"""Archives of described films, with one numbering of shots over all films (thesis section 5.1)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from vretlib import cache
from vretlib.checksums import checksum
from vretlib.features import local
from vretlib.parallel import threaded_map
from vretlib.video import describe, described_film
from vretlib.video.described_film import DescribedFilm, DescribeOptions

log = logging.getLogger(__name__)

BINARY = DescribeOptions()
"""Options for ORB and BRIEF with the settings of the thesis (§5.2.1)."""


class Film(Protocol):
    """A film that has a name, such as `vretlib.datasets.film_files.Movie`."""

    @property
    def name(self) -> str:
        """Name in queries and tables."""

    @property
    def path(self) -> Path:
        """The video file."""


@dataclass(frozen=True)
class Archive:
    """Described films with one numbering of shots over all films, film by film in order of time."""

    films: tuple[DescribedFilm, ...]

    @property
    def features(self) -> str:
        """Kind of the films' features, "orb_brief" or "sift"."""
        return self.films[0].options.features

    @cached_property
    def first_shot(self) -> NDArray[np.int64]:
        """int64 (films + 1,): film f has the shots ``first_shot[f]`` up to, not including, ``first_shot[f + 1]``."""
        return np.cumsum([0, *(len(film.shots) for film in self.films)])

    def frames_of(self, shot: int) -> tuple[DescribedFilm, int, int]:
        """The film of a shot, the shot's first frame, and the frame after its last one."""
        f = int(np.searchsorted(self.first_shot, shot, side="right")) - 1
        start, stop = self.films[f].shots[shot - self.first_shot[f]]
        return self.films[f], int(start), int(stop)

    def shot_at(self, name: str, frame: int) -> int:
        """The shot of a frame of the film of that name; -1 if the shot rule left the frame out."""
        f = [film.name for film in self.films].index(name)
        shot = int(np.searchsorted(self.films[f].shots[:, 0], frame, side="right")) - 1
        inside = shot >= 0 and frame < self.films[f].shots[shot, 1]
        return int(self.first_shot[f]) + shot if inside else -1

    @cached_property
    def shot_of_feature(self) -> NDArray[np.int32]:
        """Shot of every feature, int32 (N,), in the order of `codes`; -1 in frames that belong to no shot."""
        parts = []
        for first, film in zip(self.first_shot, self.films, strict=False):
            shot_of_frame = np.full(len(film.times), -1)
            for shot, (start, stop) in enumerate(film.shots.tolist()):
                shot_of_frame[start:stop] = first + shot
            parts.append(np.repeat(shot_of_frame, np.diff(film.offsets)))
        return np.concatenate(parts).astype(np.int32)

    @cached_property
    def shot_of_key_feature(self) -> NDArray[np.int32]:
        """Shot of every key feature, int32 (K,), in the order of `key_codes`."""
        parts = [first + film.key_shots for first, film in zip(self.first_shot, self.films, strict=False)]
        return np.concatenate(parts).astype(np.int32)

    @cached_property
    def codes(self) -> NDArray[np.uint8]:
        """Descriptors of the features of all frames, film by film, uint8 (N, d)."""
        return np.concatenate([film.codes for film in self.films])

    @cached_property
    def key_codes(self) -> NDArray[Any]:
        """Key features of all films, film by film, (K, d)."""
        return np.concatenate([film.key_codes for film in self.films])

    def only(self, *names: str) -> "Archive":
        """The archive of the films of these names, in this order."""
        by_name = {film.name: film for film in self.films}
        return Archive(tuple(by_name[name] for name in names))

    def aggregated(self, **changes: str | int) -> "Archive":
        """The same films with other shots and key features (`describe.with_options`)."""
        return Archive(tuple(describe.with_options(film, **changes) for film in self.films))


def describe_film(movie: Film, options: DescribeOptions = BINARY) -> DescribedFilm:
    """Features, tracks, shots and key features of a film (thesis §5.1.1), kept in the cache."""
    folder = cache.stage(
        f"describe_{options.features}",
        {"film": checksum(movie.path), "name": movie.name, "options": options},
        lambda out: describe.describe(movie.path, out, options=options, name=movie.name),
        label=movie.name,
    )
    return described_film.load(folder)


def describe_films(movies: Sequence[Film], options: DescribeOptions = BINARY) -> Archive:
    """The archive of films, which are described one after another; films without features are logged."""
    archive = Archive(tuple(describe_film(movie, options) for movie in movies))
    for film in archive.films:
        if not len(film.codes):
            log.info(
                "%s: has no feature in any of its %s frames; no photograph can find it", film.name, len(film.times)
            )
        elif not len(film.key_codes):
            shortest = options.longer_than + 1
            log.info(
                "%s: no feature lasts %s frames, so it has no key feature; only single frames find it",
                film.name,
                shortest,
            )
    return archive


def archive_of_clips(clips: Sequence[Path], options: DescribeOptions = BINARY) -> Archive:
    """The archive of many short clips, kept in the cache as a whole; clip i has the name ``str(i)``."""

    def build(folder: Path) -> None:
        def one(i: int) -> None:
            describe.describe(clips[i], folder / str(i), options=options, name=str(i))

        # At both ends of a short clip, threads wait for its decoder and for one another. Two clips at a time use them;
        # more would only hold more frames in memory, because each clip has threads of its own.
        with local.one_opencv_thread():
            for _ in threaded_map(one, range(len(clips)), at_most=2):
                pass

    key = {"clips": [checksum(path) for path in clips], "options": options}
    folder = cache.stage("binary-clips", key, build)
    return Archive(tuple(described_film.load(folder / str(i)) for i in range(len(clips))))
