"""Methods and variants of methods under one name each, their comparison, and the time of a query."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import threadpool_limits

from vretlib import arrays
from vretlib.errors import UserError

PerQuery = dict[tuple[str, str], NDArray[np.float64]]
"""Values of single queries by (row, column) of a table; NaN is a query that does not count."""

Queries = TypeVar("Queries")
Answers = TypeVar("Answers")


@dataclass(frozen=True, eq=False)
class Method(Generic[Queries, Answers]):
    """One method under test.

    Attributes
    ----------
    name: as the paper prints it.
    n_bytes: memory of everything that a search reads.
    search: from queries to what is found for each of them.

    Raises
    ------
    UserError: a number of bytes that is not whole or below 0, or a search that cannot be called.
    """

    name: str
    n_bytes: int
    search: Callable[[Queries], Answers]

    def __post_init__(self) -> None:
        arrays.whole(self.n_bytes, "n_bytes", 0, what=f"memory of {self.name}")
        if not callable(self.search):
            raise UserError(f"search of {self.name} is {self.search!r}; expected a function of queries")


@dataclass(frozen=True, eq=False)
class Variant:
    """A method in which one choice differs.

    Attributes
    ----------
    name: of its row.
    scores: computes the values of single queries, (queries,), by the name of their column, such as every query's
        average precision. NaN is a query that does not count.

    Raises
    ------
    UserError: ``scores`` cannot be called.
    """

    name: str
    scores: Callable[[], Mapping[str, ArrayLike]]

    def __post_init__(self) -> None:
        if not callable(self.scores):
            raise UserError(f"scores of {self.name} is {self.scores!r}; expected a function without arguments")


def compare(variants: Iterable[Variant]) -> PerQuery:
    """The values of single queries, float64 (queries,), by variant and column, in the order given.

    All variants answer the same queries, so that their differences are paired: `vretlib.report.means.means` makes a
    table with intervals and gains of them, `vretlib.evaluation.intervals.Resampling` only the intervals.

    Raises
    ------
    UserError: two variants have one name, or values are not one number per query.

    Examples
    --------
    >>> compare([Variant("cosine", lambda: {"AP": [0.5, 1.0]}), Variant("L1", lambda: {"AP": [0.25, 1.0]})])["L1", "AP"]
    array([0.25, 1.  ])
    """
    rows: dict[str, Mapping[str, ArrayLike]] = {}
    for variant in variants:
        if variant.name in rows:
            raise UserError(f"two variants are called {variant.name!r}; expected names that differ")
        rows[variant.name] = variant.scores()
    return {(row, column): _values(values, row, column) for row, of in rows.items() for column, values in of.items()}


def _values(values: ArrayLike, row: str, column: str) -> NDArray[np.float64]:
    given = arrays.array(values, f"{row}, {column}")
    if given.ndim != 1 or given.dtype.kind not in "fiub":
        raise UserError(f"{row}, {column}: {given.dtype} of shape {given.shape}; expected one number per query, or NaN")
    return given.astype(np.float64)


def milliseconds(search: Callable[[Any], object], queries: Sequence[Any], rounds: int = 1) -> float:
    """Milliseconds that a query takes when queries are asked one by one: the median over queries.

    The first query is asked once beforehand, because a first call may compile. The fastest of several ``rounds``
    counts. Products of matrices have one thread: with two, another process on one of the cores made small products ten
    times as slow.

    Raises
    ------
    UserError: no queries.
    """
    if not len(queries):
        raise UserError("no queries to look for; give at least one")
    with threadpool_limits(1, user_api="blas"):
        search(queries[0])
        return min(_median(search, queries) for _ in range(rounds))


def _median(search: Callable[[Any], object], queries: Sequence[Any]) -> float:
    spent = []
    for query in queries:
        started = time.perf_counter()
        search(query)
        spent.append(1000 * (time.perf_counter() - started))
    return float(np.median(spent))
