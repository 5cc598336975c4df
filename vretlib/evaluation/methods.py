"""Methods and variants of methods under one name each, their comparison, and the time of a query."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import pandas as pd

from vretlib.errors import UserError

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
    """

    name: str
    n_bytes: int
    search: Callable[[Queries], Answers]


@dataclass(frozen=True, eq=False)
class Variant:
    """A method in which one choice differs; ``scores`` computes its numbers by the name of their column."""

    name: str
    scores: Callable[[], Mapping[str, float]]


def compare(variants: Iterable[Variant]) -> pd.DataFrame:
    """The scores of every variant, one row each, in the order given; a score that a variant lacks is NaN.

    Raises
    ------
    UserError: two variants have one name.
    """
    rows: dict[str, Mapping[str, float]] = {}
    for variant in variants:
        if variant.name in rows:
            raise UserError(f"two variants are called {variant.name!r}; expected names that differ")
        rows[variant.name] = variant.scores()
    return pd.DataFrame.from_dict(rows, orient="index")


def milliseconds(search: Callable[[Any], object], queries: Sequence[Any], rounds: int = 1) -> float:
    """Milliseconds that a query takes when queries are asked one by one: the median over queries.

    The first query is asked once before, since a first call may compile. Of several ``rounds`` the fastest counts.

    Raises
    ------
    UserError: no queries.
    """
    if not len(queries):
        raise UserError("no queries to look for; give at least one")
    search(queries[0])
    return min(_median(search, queries) for _ in range(rounds))


def _median(search: Callable[[Any], object], queries: Sequence[Any]) -> float:
    spent = []
    for query in queries:
        started = time.perf_counter()
        search(query)
        spent.append(1000 * (time.perf_counter() - started))
    return float(np.median(spent))
