"""Scores of clip rankings: values of single queries by kind or level, under the headings of tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.clips.collection import ClipCollection
from vretlib.errors import NoExampleError
from vretlib.evaluation.average_precision import Rule
from vretlib.evaluation.groups import by_query
from vretlib.search.clip_search import ClipVectors

F64 = NDArray[np.float64]
PerQuery = dict[tuple[str, str], F64]
"""Values of the queries by (row, column) of a table; NaN is a query that does not count."""

SETS = {"SI2V": "SI2V-600k", "VB": "VB-600k"}  # the thesis' column for each kind of queries
PRINTED = (*SETS.values(), "MoviesDB", "dim", "mAP", "R@1")  # headings of its tables
CUT = 100  # places of a ranking that count, as in the evaluation program of Stanford I2V (reference: videosearch)


def heading(name: str, collection: ClipCollection, *, printed: bool = False) -> str:
    """The heading of a kind of query or of a film in a table: ``printed`` in one that the thesis prints.

    Drawn collections have names of their own, and a user's own videos never stand under a printed heading.
    """
    if collection.own:
        return f"own {name}" if name in PRINTED else name
    return SETS.get(name, name) if printed or name not in collection.names else collection.names[name]


def stands_for(collection: ClipCollection) -> dict[str, str]:
    """The names of what stands for the thesis' collections, by printed heading; empty where they are the same."""
    pairs = ((heading(kind, collection, printed=True), heading(kind, collection)) for kind in collection.kinds)
    return {printed: own for printed, own in pairs if printed != own}


def per_query(
    rankings: Sequence[NDArray[np.int64]] | NDArray[np.int64],
    collection: ClipCollection,
    numbers: Sequence[int] | None = None,
    *,
    cut: int | None = CUT,
    rule: Rule = "plain",
    printed: bool = False,
) -> dict[str, F64]:
    """Average precision and success at rank 1 of each query, by kind: ``{"Channel stills|mAP": (nq,), …}``.

    ``rankings`` has the clips, best first, for each query of the collection, or for those of these ``numbers`` alone.
    The average precision of the first ``cut`` clips is over *all* relevant ones, as Stanford I2V's program computes it.
    A query of another kind, or without a ranking, has NaN.
    """
    asked = np.arange(len(collection.queries)) if numbers is None else np.asarray(numbers, np.int64)
    queries = [collection.queries[i] for i in asked]
    kinds = [heading(query.kind, collection, printed=printed) for query in queries]
    names = [heading(kind, collection, printed=printed) for kind in collection.kinds]
    of = by_query(rankings, [query.relevant for query in queries], kinds, names, cut=cut, rule=rule)
    found = {column: np.full(len(collection.queries), np.nan) for column in of}
    for column, values in of.items():
        found[column][asked] = values
    return found


def compare(methods: Mapping[str, ClipVectors], collection: ClipCollection, *, printed: bool = False) -> PerQuery:
    """Average precision and success at rank 1 of each query, by method and kind of query."""
    rows = {name: per_query(one.ranking, collection, printed=printed) for name, one in methods.items()}
    return {(row, column): values for row, of in rows.items() for column, values in of.items()}


def of_seeds(
    seeds: Mapping[str, Sequence[ClipVectors]], collection: ClipCollection, *, printed: bool = False
) -> dict[tuple[str, str], list[float]]:
    """Means over queries, one for each seed of a method, by method and kind of query; NaN where no query counts."""
    found: dict[tuple[str, str], list[float]] = {}
    for row, some in seeds.items():
        for one in some:
            for column, values in per_query(one.ranking, collection, printed=printed).items():
                mean = float(np.nanmean(values)) if np.isfinite(values).any() else np.nan
                found.setdefault((row, column), []).append(mean)
    return found


def by_level(methods: Mapping[str, ClipVectors], collection: ClipCollection) -> PerQuery:
    """As `compare`, by method and level of the query: easy, medium, hard, other words.

    Raises
    ------
    NoExampleError: no query has a level.
    """
    if not collection.levels:
        raise NoExampleError("no query has a level; a list of photographs may give one in its column level")
    relevant, levels = zip(*((query.relevant, query.level) for query in collection.queries), strict=True)
    found: PerQuery = {}
    for row, method in methods.items():
        of = by_query(method.ranking, relevant, levels, collection.levels, cut=CUT)
        found |= {(row, column): values for column, values in of.items()}
    return found
