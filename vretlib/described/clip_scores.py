"""Scores of clip rankings: values of single queries by kind or level, under the headings of tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.clips.collection import ClipCollection
from vretlib.errors import NoExampleError
from vretlib.evaluation.average_precision import ApRule
from vretlib.evaluation.groups import by_query
from vretlib.evaluation.methods import PerQuery, Variant, compare
from vretlib.search.clip_search import ClipVectors

F64 = NDArray[np.float64]
Of = TypeVar("Of")

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
    rule: ApRule = "plain",
    printed: bool = False,
) -> dict[str, F64]:
    """Average precision and success at rank 1 of each query, by kind: ``{"Channel stills|mAP": (nq,), …}``.

    ``rankings`` has the clips, best first, for each query of the collection, or only for the queries ``numbers``.
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


def by_method(methods: Mapping[str, ClipVectors], collection: ClipCollection, *, printed: bool = False) -> PerQuery:
    """Average precision and success at rank 1 of each query, by method and kind of query."""

    def scores(one: ClipVectors) -> dict[str, F64]:
        return per_query(one.ranking, collection, printed=printed)

    return compare(Variant(name, partial(scores, one)) for name, one in methods.items())


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


def worst_and_best(seeds: Mapping[str, Sequence[ClipVectors]], collection: ClipCollection) -> PerQuery:
    """Average precision of each query with the seed that has the lowest mean, and with the one that has the highest.

    The columns of a kind of query are "KIND|worst" and "KIND|best".
    """
    found: PerQuery = {}
    for row, some in seeds.items():
        every = [per_query(one.ranking, collection) for one in some]
        for column in (column for column in every[0] if column.endswith("|mAP")):
            ordered = sorted((of[column] for of in every), key=np.nanmean)
            kind = column.removesuffix("mAP")
            found[row, f"{kind}worst"], found[row, f"{kind}best"] = ordered[0], ordered[-1]
    return found


def only(cells: Mapping[tuple[str, str], Of], columns: Mapping[str, str]) -> dict[tuple[str, str], Of]:
    """The cells of some columns, under other names."""
    return {(row, columns[column]): of for (row, column), of in cells.items() if column in columns}


def by_level(methods: Mapping[str, ClipVectors], collection: ClipCollection) -> PerQuery:
    """The values of `by_method`, by method and level of the query: easy, medium, hard, other words.

    Raises
    ------
    NoExampleError: no query has a level.
    """
    if not collection.levels:
        raise NoExampleError("no query has a level; a list of photographs may give one in its column level")
    relevant, levels = zip(*((query.relevant, query.level) for query in collection.queries), strict=True)

    def scores(one: ClipVectors) -> Mapping[str, F64]:
        return by_query(one.ranking, relevant, levels, collection.levels, cut=CUT)

    return compare(Variant(name, partial(scores, one)) for name, one in methods.items())
