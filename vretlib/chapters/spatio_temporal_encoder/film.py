"""One film, photographed from its screen: the column MoviesDB of Table 6.2.

Shots of a single film are searched. An answer is right when it is a visual match of the photographed frame (section
4.3.2 of the thesis, notebook 04). A shot is many frames; its answer is the frame whose R-MAC is nearest to the query's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib import files
from vretlib.chapters.spatio_temporal_encoder.learn import Learned
from vretlib.chapters.spatio_temporal_encoder.methods import heading
from vretlib.chapters.spatio_temporal_encoder.study import QUERY_SHARE
from vretlib.datasets import mended, movies
from vretlib.datasets.clips import simulated
from vretlib.datasets.clips.outlined import note
from vretlib.datasets.movies import MovieCollection
from vretlib.datasets.query_list import Query
from vretlib.errors import NoExampleError
from vretlib.features import image_features, outlines
from vretlib.features.backbones import Backbone
from vretlib.features.whitening import Whitening
from vretlib.report.left_out import LeftOut
from vretlib.video import clip_features, clip_shots, frames
from vretlib.video.clip_shots import ClipShots
from vretlib.video.frame_matcher import VisualMatcher
from vretlib.video.sampled_frames import SampledFrames

F32 = NDArray[np.float32]
Say = Callable[[str], None]

FILMS = ("embedded", "folder", "moviesdb")
"""Sources that hold whole films."""


@dataclass(frozen=True, eq=False)
class DescribedFilm:
    """A film and its photographs, as R-MAC; the film's frames and shots.

    Attributes
    ----------
    heading: of its column in Table 6.2: MoviesDB for an embedded film, which stands in its place, or the film's name.
    asked: the photographs of this film.
    told: one line on both.
    """

    heading: str
    collection: MovieCollection = field(repr=False)
    asked: tuple[Query, ...] = field(repr=False)
    told: str
    frames: SampledFrames = field(repr=False)
    x: F32 = field(repr=False)
    xq: F32 = field(repr=False)
    shots: ClipShots = field(repr=False)


def describe(
    collection: MovieCollection,
    backbone: Backbone,
    whitening: Whitening,
    *,
    fps: float,
    image_side: int,
    threshold: float,
    outline: str = "no",
    own: bool = False,
    say: Say = print,
) -> DescribedFilm:
    """The first film that photographs show, as the clips are described: the same whitening, the same threshold.

    ``outline`` is what is done to its photographs first, see `vretlib.features.outlines`.

    Raises
    ------
    NoExampleError: no photograph shows any of the films.
    """
    shown = {query.movie for query in collection.queries}
    movie = next((movie for movie in collection.movies if movie.name in shown), None)
    if movie is None:
        raise NoExampleError(f"no photograph shows a film of {collection.name}")
    asked = tuple(query for query in collection.queries if query.movie == movie.name)
    features = clip_features.describe([movie.path], backbone, fps=fps, longest=image_side, say=say)
    paths, given = [query.image for query in asked], [query.corners for query in asked]
    corners = outlines.of_photographs(paths, outline, given, say=say)
    paths = outlines.rectified_files(paths, corners, say=say)
    queries = image_features.extract(paths, backbone, longest=round(QUERY_SHARE * image_side), say=say)
    told = f"{movie.name}, {len(asked)} photographs"
    if outline != "no":
        told += f"; {note(outline, sum(points is not None for points in corners), len(asked))}"
    x = features.rmac(whitening)
    shots = clip_shots.divide(clip_shots.detect(x, features.frames, threshold), features.frames)
    return DescribedFilm(
        heading=heading(movie.name, own) if own else "MoviesDB",
        collection=replace(collection, movies=(movie,), queries=asked),
        asked=asked,
        told=told,
        frames=features.frames,
        x=x,
        xq=image_features.rmac(queries, whitening),
        shots=shots,
    )


def load(
    dataset: str,
    backbone: Backbone,
    whitening: Whitening,
    *,
    root: str = "",
    queries_csv: str = "",
    n_queries: int,
    fps: float,
    image_side: int,
    threshold: float,
    outline: str = "no",
    damaged: str = mended.REFUSE,
    seed: int = 0,
    say: Say = print,
) -> DescribedFilm:
    """The film of the page: one under ``root`` where films are given, else the first embedded film.

    Photographs are those of the page's list: ``queries_csv``, or ``queries.csv`` under ``root``. Without a list,
    ``n_queries`` are simulated, of the first film that shows something.

    Raises
    ------
    NoExampleError: the data are clips and no films, no film shows anything, or the list says of no photograph which
        frame it shows.
    """
    if dataset not in FILMS:
        raise NoExampleError("these are clips; the column needs a whole film")
    if dataset == "embedded":
        collection = movies.embedded(n_films=1, n_queries=n_queries, seed=seed, say=say)
    elif queries_csv or files.is_file(Path(root).expanduser() / "queries.csv"):
        collection = movies.folder(root, queries_csv or None, damaged=damaged, seed=seed, say=say)
    else:
        path = _first_to_look_at(root, damaged, say)
        collection = movies.folder(path, n_queries=n_queries, damaged=damaged, seed=seed, say=say)
    own = dataset != "embedded"
    found = describe(
        collection, backbone, whitening, fps=fps, image_side=image_side, threshold=threshold, outline=outline, own=own,
        say=say,
    )  # fmt: skip
    if own:
        say(f"film: {found.told}")
    return found


def _first_to_look_at(root: str, damaged: str, say: Say) -> Path:
    """The first film that shows something somewhere."""
    films = movies.films_under(Path(root).expanduser())
    for movie in films:
        path = mended.whole(movie.path, damaged, say=say)
        if simulated.clear(frames.probe(path)):
            return movie.path
        say(f"film: {movie.name} is passed over: it is plain or black wherever looked at")
    raise NoExampleError(f"all films ({len(films)}) are plain or black wherever looked at")


def add_column(
    table: pd.DataFrame, film: DescribedFilm | LeftOut, learned: Mapping[str, Learned], rotated: Mapping[str, Learned]
) -> pd.DataFrame:
    """Table 6.2 with its last column, R@1 of one film, for the rows that have an encoder; as it is without a film."""
    if isinstance(film, LeftOut):
        return table
    printed = {f"Temporal Encoder ({cell.upper()})": encoder for cell, encoder in learned.items()}
    ours = {f"{cell.upper()}, turned lessons": encoder for cell, encoder in rotated.items()}
    return table.assign(**{f"{film.heading}|R@1": pd.Series(recall_at_1(film, printed | ours), dtype=float)})


def recall_at_1(film: DescribedFilm, learned: Mapping[str, Learned], say: Say = print) -> dict[str, float]:
    """R@1 by name of encoder."""
    answers = {name: _answers(film, encoder) for name, encoder in learned.items()}
    matcher = VisualMatcher(film.collection.movies, say=say)
    names, true = [query.movie for query in film.asked], [query.frame for query in film.asked]
    found = {}
    for name, numbers in answers.items():
        found[name] = float(matcher.match(names, numbers, names, true)[1].mean())
    return found


def _answers(film: DescribedFilm, learned: Learned) -> NDArray[np.int64]:
    """For each photograph a frame of the nearest shot."""
    shots = learned.encoder.encode(film.x, film.shots.ranges)
    best = (film.xq @ shots.T).argmax(axis=1)
    nearest = [
        start + int((film.x[start:stop] @ query).argmax())
        for query, (start, stop) in zip(film.xq, film.shots.ranges[best], strict=True)
    ]
    return film.frames.numbers[nearest]
