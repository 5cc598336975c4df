"""Whatever finds clips: vectors of queries and vectors of parts of clips, compared by cosine (eqs 6.1 and 6.2)."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.chapters.spatio_temporal_encoder.learn import Learned
from vretlib.chapters.spatio_temporal_encoder.study import Described
from vretlib.datasets.clips.collection import ClipCollection
from vretlib.errors import NoExampleError
from vretlib.evaluation import average_precision, recall
from vretlib.evaluation.ranking import rank
from vretlib.features import unit_vectors
from vretlib.models import temporal_encoder
from vretlib.models.temporal_encoder import MOST_FRAMES, Beyond
from vretlib.search.clip_search import clip_scores
from vretlib.video.clip_shots import ClipShots

F32 = NDArray[np.float32]
Ids = NDArray[np.int64]

SETS = {"SI2V": "SI2V-600k", "VB": "VB-600k"}
"""The thesis' column for each kind of queries. Other kinds keep their own name, and those of a user's own videos do."""

PRINTED = (*SETS.values(), "MoviesDB", "dim", "mAP", "R@1")
"""Headings of the thesis' tables."""


def heading(name: str, own: bool) -> str:
    """The heading of a kind of query, a level or a film: the thesis' own, or for a user's own videos none of those."""
    if not own:
        return SETS.get(name, name)
    return f"own {name}" if name in PRINTED else name


CUT = 100
"""Places of a ranking that count, as the evaluation program of Stanford I2V has it (reference: videosearch)."""


@dataclass(frozen=True, eq=False)
class Method:
    """Vectors of queries (nq, d) and of a database (nb, d) whose clip i has the rows ``offsets[i]:offsets[i + 1]``."""

    name: str
    xq: F32 = field(repr=False)
    xb: F32 = field(repr=False)
    offsets: Ids = field(repr=False)

    @property
    def d(self) -> int:
        """Dimensions of a vector."""
        return int(self.xb.shape[1])

    @property
    def bytes(self) -> int:
        """What the database takes in single precision."""
        return len(self.xb) * self.d * 4

    @cached_property
    def unit(self) -> tuple[F32, F32]:
        """Queries and database at length 1."""
        return unit_vectors.l2(self.xq), unit_vectors.l2(self.xb)

    def scores(self) -> F32:
        """Greatest cosine of each query with the vectors of each clip, (nq, clips)."""
        return clip_scores(*self.unit, self.offsets, "inner_product")

    def ranking(self) -> Ids:
        """Clips, best first, (nq, clips)."""
        return rank(self.scores())

    def search_ms(self, rounds: int = 3) -> float:
        """Milliseconds per query, one query at a time, the best of a few rounds. Vectors of queries are given."""
        xq, xb = self.unit
        some = xq[:50]
        best = np.inf
        for _ in range(rounds):
            started = time.perf_counter()
            for query in some:
                rank(clip_scores(query[None], xb, self.offsets, "inner_product"))
            best = min(best, time.perf_counter() - started)
        return best * 1000 / len(some)


def single_frames(name: str, xq: F32, xb: F32, offsets: Ids) -> Method:
    """Every frame by itself."""
    return Method(name, xq, xb, offsets)


def pooled(name: str, described: Described, shots: ClipShots) -> Method:
    """``name`` "Max-Pooling" or "Sum-Pooling": the frames of each shot pooled."""
    pool = {"Max-Pooling": temporal_encoder.max_pool, "Sum-Pooling": temporal_encoder.sum_pool}[name]
    return Method(name, described.xq, pool(described.x, shots.ranges), shots.offsets)


def encoded(
    name: str,
    described: Described,
    shots: ClipShots,
    learned: Learned,
    *,
    most: int = MOST_FRAMES,
    beyond: Beyond = "spread",
) -> Method:
    """The shots through a temporal encoder."""
    x = learned.encoder.encode(described.x, shots.ranges, most=most, beyond=beyond)
    return Method(name, described.xq, x, shots.offsets)


def scores(method: Method, collection: ClipCollection, *, cut: int | None = CUT) -> dict[str, float]:
    """MAP and R@1 for each kind of query, under the thesis' headings: ``{"SI2V-600k|mAP": …}``.

    Plain average precision of the first ``cut`` clips over *all* relevant ones, as Stanford I2V's program computes it.
    """
    return scores_of_parts([(method, range(len(collection.queries)))], collection, cut=cut)


def scores_of_parts(
    parts: Sequence[tuple[Method, Sequence[int]]], collection: ClipCollection, *, cut: int | None = CUT
) -> dict[str, float]:
    """`scores` where some queries are answered by one method, some by another; a query may be in no part.

    NaN for a kind without queries.
    """
    answered = [
        (ranking[i], collection.queries[i])
        for method, asked in parts
        for ranking in [method.ranking()[:, :cut]]
        for i in asked
    ]
    rankings, relevant = [ranking for ranking, _ in answered], [query.relevant for _, query in answered]
    aps = average_precision.average_precisions(rankings, relevant, rule="plain")
    hits = recall.hit_rate_at(rankings, relevant, 1)
    kind = np.array([query.kind for _, query in answered])
    found = {}
    for name in collection.kinds:
        column, mine = heading(name, collection.own), kind == name
        found[f"{column}|mAP"] = float(aps[mine].mean()) if mine.any() else np.nan
        found[f"{column}|R@1"] = float(hits[mine].mean()) if mine.any() else np.nan
    return found


def table(methods: Mapping[str, Method] | Sequence[Method], collection: ClipCollection) -> pd.DataFrame:
    """Methods in rows, kinds of queries in columns."""
    named = methods if isinstance(methods, Mapping) else {method.name: method for method in methods}
    rows = {name: scores(method, collection) for name, method in named.items()}
    return pd.DataFrame.from_dict(rows, orient="index")


def by_level(methods: Mapping[str, Method], collection: ClipCollection) -> pd.DataFrame:
    """MAP and R@1 for each level of the queries that have one (easy, medium, hard, other words), methods in rows.

    Raises
    ------
    NoExampleError: no query has a level.
    """
    if not collection.levels:
        raise NoExampleError("no query has a level; a list of photographs may give one in its column level")
    relevant = [query.relevant for query in collection.queries]
    level = np.array([query.level for query in collection.queries])
    rows: dict[str, dict[str, float]] = {}
    for method_name, method in methods.items():
        ranking = method.ranking()[:, :CUT]
        aps = average_precision.average_precisions(ranking, relevant, rule="plain")
        hits = recall.hit_rate_at(ranking, relevant, 1)
        rows[method_name] = {}
        for name in collection.levels:
            rows[method_name] |= {
                f"{name}|mAP": float(aps[level == name].mean()),
                f"{name}|R@1": float(hits[level == name].mean()),
            }
    return pd.DataFrame.from_dict(rows, orient="index")
