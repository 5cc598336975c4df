"""One film, photographed from its screen: the column MoviesDB of Table 6.2.

Shots of a single film are searched. An answer is right when it is a visual match of the photographed frame (section
4.3.2 of the thesis, notebook 04). A shot is many frames; its answer is the frame whose R-MAC is nearest to the query's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.chapters.image_to_video import VisualMatcher
from vretlib.chapters.spatio_temporal_encoder import shots as of_shots
from vretlib.chapters.spatio_temporal_encoder.learn import Learned
from vretlib.chapters.spatio_temporal_encoder.shots import ShotSet
from vretlib.chapters.spatio_temporal_encoder.study import QUERY_SHARE
from vretlib.datasets import mended, movies
from vretlib.datasets.movies import MovieCollection
from vretlib.features import image_features
from vretlib.features.backbones import Backbone
from vretlib.features.whitening import Whitening
from vretlib.video import clip_features
from vretlib.video.clip_features import SampledFrames

F32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class DescribedFilm:
    """The first film of a collection and its photographs, as R-MAC; the film's frames and shots."""

    collection: MovieCollection
    frames: SampledFrames = field(repr=False)
    x: F32 = field(repr=False)
    xq: F32 = field(repr=False)
    shots: ShotSet = field(repr=False)


def describe(
    collection: MovieCollection,
    backbone: Backbone,
    whitening: Whitening,
    *,
    fps: float,
    image_side: int,
    threshold: float,
    say: Callable[[str], None] = print,
) -> DescribedFilm:
    """The film as the clips are described, with the same whitening and the same threshold."""
    movie = collection.movies[0]
    features = clip_features.describe([movie.path], backbone, fps=fps, longest=image_side, say=say)
    asked = [query.image for query in collection.queries if query.movie == movie.name]
    side = round(QUERY_SHARE * image_side)
    queries = image_features.extract(asked, backbone, longest=side, say=say)
    x = features.rmac(whitening)
    boundaries = of_shots.found(x, features.frames, threshold)
    shots = of_shots.shot_set("Our SBD", boundaries, features.frames)
    return DescribedFilm(collection, features.frames, x, image_features.rmac(queries, whitening), shots)


def load(
    dataset: str,
    backbone: Backbone,
    whitening: Whitening,
    *,
    root: str = "",
    n_queries: int,
    fps: float,
    image_side: int,
    threshold: float,
    seed: int = 0,
    damaged: str = mended.REFUSE,
    say: Callable[[str], None] = print,
) -> DescribedFilm:
    """The film of the page: the first under ``root`` where films are given, else the first embedded film."""
    own = dataset in ("folder", "moviesdb")
    collection = (
        movies.folder(root, n_queries=n_queries, seed=seed, damaged=damaged, say=say)
        if own
        else movies.embedded(n_films=1, n_queries=n_queries, seed=seed, say=say)
    )
    return describe(collection, backbone, whitening, fps=fps, image_side=image_side, threshold=threshold, say=say)


def add_column(
    table: pd.DataFrame, film: DescribedFilm, learned: Mapping[str, Learned], rotated: Mapping[str, Learned]
) -> pd.DataFrame:
    """Table 6.2 with its last column, ``MoviesDB|R@1``, for the rows that have an encoder."""
    printed = {f"Temporal Encoder ({cell.upper()})": encoder for cell, encoder in learned.items()}
    ours = {f"{cell.upper()}, turned lessons": encoder for cell, encoder in rotated.items()}
    return table.assign(**{"MoviesDB|R@1": pd.Series(recall_at_1(film, printed | ours), dtype=float)})


def recall_at_1(
    film: DescribedFilm, learned: Mapping[str, Learned], say: Callable[[str], None] = print
) -> dict[str, float]:
    """R@1 by name of encoder."""
    answers = {name: _answers(film, encoder) for name, encoder in learned.items()}
    movie = film.collection.movies[0]
    asked = [query for query in film.collection.queries if query.movie == movie.name]
    matcher = VisualMatcher(film.collection, say=say)
    found = {}
    for name, frames in answers.items():
        names = [movie.name] * len(asked)
        found[name] = float(matcher.match(names, frames, names, [query.frame for query in asked])[1].mean())
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
