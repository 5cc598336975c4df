"""Films and photographs of a screen that plays them, in the form of the thesis' MoviesDB (section 4.3.2).

Two sources give the same `MovieCollection`:

``embedded``
    Films that this project draws and encodes from a seed, photographed by a camera model, without a download.
``folder``
    Your own films. A CSV beside them lists your photographs (`query_list`); without one, the camera model photographs
    random frames.

>>> collection = embedded(n_films=2, n_queries=4)    # doctest: +SKIP
>>> collection.queries[0].movie, collection.queries[0].frame    # doctest: +SKIP
('The Salt Road', 412)
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from vretlib import cache, files
from vretlib.checksums import checksum
from vretlib.datasets import film_files, mended, query_list
from vretlib.datasets.film_files import Movie
from vretlib.datasets.query_list import Query
from vretlib.errors import UserError
from vretlib.images import Pixels
from vretlib.parallel import threaded_map
from vretlib.processes import processes
from vretlib.video import frames
from vretlib.video.frames import VideoInfo

log = logging.getLogger(__name__)

SOURCES = ("embedded", "folder")


@dataclass(frozen=True)
class MovieCollection:
    """Films, and queries with the film and frame number that each of them shows."""

    name: str
    movies: tuple[Movie, ...]
    queries: tuple[Query, ...]
    description: str
    licence: str

    def movie(self, name: str) -> Movie:
        """The film of this name; a `UserError` lists the known names."""
        for movie in self.movies:
            if movie.name == name:
                return movie
        names = ", ".join(repr(movie.name) for movie in self.movies)
        raise UserError(f"{name!r} is not a film of {self.name}; expected one of {names}")

    def frame(self, movie: str, number: int) -> Pixels:
        """A frame of the film of this name, RGB (h, w, 3)."""
        return frames.read(self.movie(movie).path, [number], colour="rgb")[number]


def load(
    dataset: str,
    *,
    root: str | Path = "",
    queries: str | Path | None = None,
    n_films: int = 6,
    n_queries: int = 32,
    seconds: float = 45.0,
    long_queries: int | None = None,
    long_seconds: float | None = None,
    seed: int = 0,
    damaged: str = mended.REFUSE,
) -> MovieCollection:
    """The collection that a notebook's parameters name: ``"embedded"``, or ``"folder"`` with ``root``.

    Raises
    ------
    UserError: an unknown ``dataset`` or ``damaged``, an empty ``root`` with ``"folder"``, or what the chosen reader
        refuses.
    """
    mended.check(damaged)
    if dataset == "embedded":
        return embedded(
            n_films=n_films, n_queries=n_queries, seconds=seconds, long_queries=long_queries,
            long_seconds=long_seconds, seed=seed,
        )  # fmt: skip
    if dataset == "folder":
        if not str(root):
            raise UserError("data_root is empty; with dataset='folder' it must be a folder of films or one film")
        return folder(root, queries, n_queries=n_queries, seed=seed, damaged=damaged)
    raise UserError(f"dataset={dataset!r} is not known; expected one of {', '.join(map(repr, SOURCES))}")


def names(dataset: str, *, root: str | Path = "", n_films: int = 6) -> tuple[str, ...]:
    """Names of the films of `load`, found before any film is made or opened; errors as in `film_files.films_under`."""
    if dataset == "embedded":
        from embedded import film

        return tuple(film.script(i, seed=0, seconds=0.0).title for i in range(n_films))
    return tuple(movie.name for movie in film_files.walk_films(files.given(root))[0])


def embedded(
    *,
    n_films: int = 6,
    n_queries: int = 32,
    seed: int = 0,
    seconds: float = 45.0,
    long_queries: int | None = None,
    long_seconds: float | None = None,
) -> MovieCollection:
    """Films made by `embedded` from ``seed``, and ``n_queries`` simulated photographs of each.

    Films are about ``seconds`` long (they end with a whole shot and their credits). Each film is kept in the cache
    separately, so that a collection of two has the first two films of a collection of six. The first film may have a
    length and a number of photographs of its own, ``long_seconds`` and ``long_queries``, since measurements on a single
    film need a longer one than measurements on many.

    Raises
    ------
    UserError: fewer than one film or photograph, or a length that is not above 0 and below 3600 seconds.
    """
    from embedded import film

    if n_films < 1:
        raise UserError(f"n_films={n_films}; expected at least 1")
    lengths = [seconds if long_seconds is None else long_seconds, *[seconds] * (n_films - 1)]
    asked = [n_queries if long_queries is None else long_queries, *[n_queries] * (n_films - 1)]
    for length in lengths[:2]:
        if not 0 < length < 3600:
            raise UserError(f"seconds={length}; expected a film's length above 0 and below 3600")
    for n in asked[:2]:
        _check_n_queries(n)
    scripts = [film.script(i, seed=seed, seconds=length) for i, length in enumerate(lengths)]
    new: list[str] = []

    def make(script: Any) -> Movie:
        def draw(out: Path) -> None:
            processes().submit(film.make, script, out).result()
            new.append(script.title)

        made = cache.stage("film", {"script": script}, draw, level=logging.DEBUG)
        return Movie(script.title, made / film.VIDEO, made / film.TRUTH)

    # Threads look up films in the cache and wait for processes that draw the missing ones.
    movies = tuple(threaded_map(make, scripts))
    log.info("embedded films: %s cached, %s made", n_films - len(new), len(new))
    return MovieCollection(
        name="Drawn films",
        movies=movies,
        queries=_simulated(movies, asked, seed),
        description=(
            f"{n_films} films drawn by this project from seed {seed} (not the thesis' MoviesDB), and {sum(asked)} "
            "simulated photographs of a screen that plays them"
        ),
        licence="MIT, as this project",
    )


def folder(
    root: str | Path,
    queries: str | Path | None = None,
    *,
    n_queries: int = 32,
    seed: int = 0,
    damaged: str = mended.REFUSE,
) -> MovieCollection:
    """Your own films: those under ``root`` (sub-folders included), or the one film that ``root`` is.

    A film's name is its path below ``root`` without the extension, or with it where two films would share a name.

    Parameters
    ----------
    root: a folder of films, or one video file.
    queries: CSV of photographs, read by `query_list.read`. With None, ``queries.csv`` in the folder is used if it
        exists; otherwise the camera model makes ``n_queries`` photographs of every film, chosen by ``seed``.
    damaged: treatment of films that are cut short or damaged, one of `mended.CHOICES`.
    """
    root = files.given(root)
    found = film_files.films_under(root)
    movies = tuple(replace(movie, path=mended.undamaged(movie.path, damaged)) for movie in found)
    infos = {movie.name: frames.probe(movie.path) for movie in movies}
    csv = query_list.given_or_beside(root, queries)
    if csv is not None:
        log.info("queries: from %s", csv)
        asked = listed(csv, infos, film_files.aliases(found))  # a mended copy has another file name
        described = f"photographs listed in {csv.name}"
    else:
        _check_n_queries(n_queries)
        asked = _simulated(movies, [n_queries] * len(movies), seed)
        described = f"{n_queries} simulated photographs of each"
    return MovieCollection(
        name=root.resolve().name,
        movies=movies,
        queries=asked,
        description=f"{len(movies)} film{'s' * (len(movies) > 1)} of {root.resolve().name}, {described}",
        licence="as the films",
    )


def listed(path: Path, infos: Mapping[str, VideoInfo], known: Mapping[str, str]) -> tuple[Query, ...]:
    """The photographs of a list with frames of these films; ``known`` are the films' `film_files.aliases`."""
    n_frames = {name: info.n_frames for name, info in infos.items()}
    return query_list.read(path, n_frames, known, lambda name, seconds: query_list.frame_at(infos[name].path, seconds))


def facts(collection: MovieCollection) -> pd.DataFrame:
    """The columns of thesis Table 4.2 for these films, one row per film, index ``Movie``.

    ``Length`` is h:mm:ss to the nearest second, ``fps`` the average rate to the nearest integer as the thesis prints
    it, ``Frames`` the exact number of frames in the file.
    """
    asked = Counter(query.movie for query in collection.queries)
    rows = []
    for movie in collection.movies:
        info = frames.probe(movie.path)
        seconds = round(info.duration)
        rows.append(
            {
                "Movie": movie.name,
                "Length": f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}",
                "Resolution": f"{info.width}x{info.height}",
                "fps": round(info.fps),
                "Frames": info.n_frames,
                "Queries": asked[movie.name],
            }
        )
    return pd.DataFrame(rows).set_index("Movie")


def true_shots(movie: Movie) -> list[dict[str, Any]] | None:
    """The true shots of an embedded film, in order; None for a film whose true shots are not known.

    Each shot has ``start`` and ``stop`` (half-open, frame numbers), ``setup`` (shared by shots of one camera position),
    ``scene``, ``kind``, and ``transition``, its beginning (``"cut"``, ``"dissolve"``, ``"fade"``), with
    ``transition_frames``, the half-open range of frames in which two shots are mixed or the picture is dimmed.
    """
    return None if movie.truth is None else list(json.loads(movie.truth.read_text(encoding="utf-8"))["shots"])


def _check_n_queries(n_queries: int) -> None:
    if n_queries < 1:
        raise UserError(f"n_queries={n_queries}; expected at least 1 photograph per film")


def _simulated(movies: Sequence[Movie], n_queries: Sequence[int], seed: int) -> tuple[Query, ...]:
    """The given number of simulated photographs of each film, kept in the cache with a list in a user's own form."""
    from embedded import camera

    key = {
        "films": [(movie.name, checksum(movie.path)) for movie in movies],
        "n_queries": list(n_queries),
        "seed": seed,
    }
    made = cache.stage(
        "photographs",
        key,
        lambda out: camera.photograph_films(
            [(m.name, m.path) for m in movies], n_queries=n_queries, seed=seed, out=out
        ),
    )
    n_frames = {movie.name: frames.probe(movie.path).n_frames for movie in movies}
    return query_list.read(made / camera.QUERIES, n_frames, {name: name for name in n_frames})
