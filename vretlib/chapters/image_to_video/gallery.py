"""The pictures of notebook 04, taken from the collection in use. Every function returns a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from vretlib import images
from vretlib.chapters.image_to_video import plots
from vretlib.chapters.image_to_video.pairs import Shot
from vretlib.datasets import query_list
from vretlib.datasets.movies import Movie, MovieCollection
from vretlib.datasets.photographs import frame_pair, true_frame
from vretlib.errors import NoExampleError
from vretlib.evaluation import visual_match
from vretlib.plots import pairs, sheets
from vretlib.video import describe, frames
from vretlib.video.frame_matcher import PAIR, VisualMatcher

Image = NDArray[np.uint8]


def film_to_show(collection: MovieCollection, shots: Sequence[Shot]) -> Movie:
    """The first film with a hard cut to show, else the first with a lasting shot, else the first."""
    with_cut = (movie for movie in collection.movies if _cuts(movie, shots))
    with_shot = (movie for movie in collection.movies if any(_lasting(movie, shots)))
    return next(chain(with_cut, with_shot, collection.movies))


def one_frame_per_shot(movie: Movie, shots: Sequence[Shot], n: int = 8) -> Figure:
    """The first ``n`` shots of a film that last half a second or more, by their middle frames, with their set-ups."""
    own = list(islice(_lasting(movie, shots), n))
    if not own:
        raise NoExampleError(f"no shot of {movie.name} lasts half a second")
    middle = [(shot.start + shot.stop) // 2 for shot in own]
    seen = frames.read(movie.path, middle, color="rgb")
    captions = [f"frame {k}\nset-up {shot.setup}" for k, shot in zip(middle, own, strict=True)]
    return sheets.film_strip([seen[k] for k in middle], captions, [True] * len(own))


def around_a_cut(movie: Movie, shots: Sequence[Shot], n: int = 8) -> Figure:
    """Consecutive frames about the first hard cut between two shots of half a second or more."""
    cuts = _cuts(movie, shots)
    if not cuts:
        raise NoExampleError(f"{movie.name} has no hard cut between two shots of half a second")
    last = max(shot.stop for shot in shots if shot.movie == movie.name)
    numbers = list(range(max(0, cuts[0] - n // 2), min(cuts[0] - n // 2 + n, last)))
    seen = frames.read(movie.path, numbers, color="rgb")
    captions = [f"frame {k}" for k in numbers]
    return sheets.film_strip([seen[k] for k in numbers], captions, [k == cuts[0] for k in numbers])


def _cuts(movie: Movie, shots: Sequence[Shot]) -> list[int]:
    """First frames of lasting shots that follow one without a dissolve between them."""
    return [b.start for a, b in pairwise(_lasting(movie, shots)) if a.stop == b.start]


def _lasting(movie: Movie, shots: Sequence[Shot], seconds: float = 0.5) -> Iterator[Shot]:
    return (s for s in shots if s.movie == movie.name and s.stop - s.start >= seconds * s.fps)


def shot_to_show(movie: Movie, shots: Sequence[Shot], n: int = 24) -> Shot:
    """The first shot of a film with ``n`` frames or more; where there is none, the longest, of two frames at least."""
    own = [shot for shot in shots if shot.movie == movie.name and shot.stop - shot.start >= 2]
    if not own:
        raise NoExampleError(f"no shot of {movie.name} has two frames")
    longest = max(own, key=lambda shot: shot.stop - shot.start)
    return next((shot for shot in own if shot.stop - shot.start >= n), longest)


def four_aggregations(movie: Movie, shot: Shot, n: int = 24) -> Figure:
    """Fig 4.1 from the first ``n`` frames of a shot: its features, and what each type of aggregation leaves of them.

    The global feature of a frame is as simple as can be: the mean brightness of each column of a thumbnail.
    """
    seen = list(describe.track(movie.path, start=shot.start, stop=min(shot.stop, shot.start + n)))
    if not any(len(frame.tracks) for frame in seen):
        raise NoExampleError(f"the frames of {movie.name} from {shot.start} on have no feature")
    return plots.aggregations(
        [frame.features.xy for frame in seen],
        [frame.tracks for frame in seen],
        np.stack([frame.thumbnail.mean(axis=0) for frame in seen]),
    )


def photographs(collection: MovieCollection, per_level: int = 2, n_levels: int = 6) -> Figure:
    """Query photographs of the first levels, each at the right of the frame that it shows (Fig 4.2)."""
    rows = []
    for level in query_list.levels(query.level for query in collection.queries)[:n_levels]:
        of_level = [query for query in collection.queries if query.level == level]
        places = {(2 * k + 1) * len(of_level) // (2 * per_level) for k in range(per_level)}
        chosen = [of_level[k] for k in sorted(places)]
        pair = [image for query in chosen for image in (true_frame(collection, query), images.read(query.image))]
        rows.append((level or "query", pair))
    return sheets.contact_sheet(rows, ["true frame", "photograph"] * per_level)


def scores_by_kind(judged: pd.DataFrame, tau: float) -> Figure:
    """The scores of the pairs of `thresholds.judge`, by kind, with the chosen τ."""
    return plots.scores_by_kind({str(kind): group["score"] for kind, group in judged.groupby("kind", sort=False)}, tau)


def score_over_time(within: pd.DataFrame, tau: float) -> Figure:
    """The scores of the pairs of `pairs.scored_within_shots` against the time between the two frames."""
    return plots.scores_over_time(within["seconds"], within["score"], tau)


def examples(collection: MovieCollection, judged: pd.DataFrame, tau: float) -> Figure:
    """Pairs with their scores as Fig 4.5 shows them: the two hardest and a typical one of every kind.

    ``judged`` has the columns `PAIR`, ``same``, ``kind`` and ``score``. Hardest is the lowest score where the frames
    are the same, the highest where they are not.
    """
    shown = []
    for _, group in judged.groupby("kind", sort=False):
        ordered = group.sort_values("score", ascending=bool(group["same"].iloc[0]), kind="stable")
        places = {min(k, len(ordered) - 1) for k in (0, 1, max(2, len(ordered) // 2))}
        for row in ordered.iloc[sorted(places)].to_dict("records"):
            retrieved, truth = frame_pair(collection, [row[name] for name in PAIR])
            matched = bool(visual_match.visual_match(row["score"], tau))
            shown.append((truth, retrieved, float(row["score"]), bool(row["same"]), matched))
    return plots.scored_pairs(shown, tau)


def matches(collection: MovieCollection, matcher: VisualMatcher, pair: Sequence[str | int], width: int = 480) -> Figure:
    """A pair of frames (values of `PAIR`) with the features of the retrieved one that match, as eq 4.5 counts them."""
    retrieved, truth, distances, partners = matcher.compare(pair)
    matched = np.where(distances < matcher.max_distance, partners, -1)
    left, right = (frames.resize(image, width) for image in frame_pair(collection, pair))
    return pairs.matched_features(left, retrieved.xy, right, truth.xy, matched)
