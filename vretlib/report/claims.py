"""Judging what the papers claim: on the numbers they print, and on the numbers obtained here.

``judge("thesis")`` judges every claim of a paper on its printed tables; ``judge(["004-15"], tables)`` also judges it on
obtained ones. Each claim has a predicate (:mod:`vretlib.report.predicates`) that turns tables into comparisons of two
numbers. A verdict counts them:

* *holds*: as many comparisons hold as the claim's words ask for (all; "in most cases" asks for more than half);
* *holds in part*: some hold, but fewer than that;
* *does not hold*: none holds;
* *not testable here*: the tables lack what the predicate needs, which is named.

The *margin* of a claim is the margin of the comparison that decides it: when m comparisons must hold, the m-th best,
ordered by relative margin (margin divided by the right-hand number). For a claim about all of them this is the worst
one. So the margin is positive where a claim holds with something to spare, and says by how much it fails otherwise.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any

import pandas as pd

from vretlib.errors import UserError
from vretlib.report import headings, published
from vretlib.report.board import Board, Judged, Verdict
from vretlib.report.predicates import TESTS, Book, Comparison, NeedsError, Test

__all__ = ["Board", "Comparison", "Judged", "Verdict", "evaluate", "judge"]

Tables = Mapping[tuple[str, str], pd.DataFrame]


def judge(
    claims: str | Iterable[str] = "all",
    tables: Tables | None = None,
    context: Mapping[str, Any] | None = None,
) -> Board:
    """Judge claims on the printed numbers, and on obtained tables where given.

    Parameters
    ----------
    claims
        ``"all"``, a paper (``"thesis"`` or ``"004"``), an id, or several of these: ``["key_frames", "004-16"]``.
    tables
        Obtained frames by paper and table, ``{("thesis", "5.1"): frame}``, with the printed headings. A figure's
        curve goes by ``("thesis", "Figure 5.4")``, in the form that the claim's reading states. Without any table
        the claims are judged on the printed numbers only.
    context
        Facts about the data that no table shows, such as ``{"dark": ["film_3"]}``.
    """
    entries = published.claims()
    obtained = _by_number(tables or {})
    board = []
    for claim_id in _chosen(claims, entries):
        entry, test = entries.loc[claim_id], TESTS[claim_id]
        found = None
        if obtained:
            found = evaluate(test, _obtained(claim_id[:3], obtained), printed=False, context=context or {})
        board.append(
            Judged(
                id=claim_id,
                paper=str(entry["paper"]),
                claim=str(entry["claim"]),
                evidence=str(entry["evidence_table"]),
                reading=test.reading,
                published=evaluate(test, partial(_printed, claim_id[:3]), printed=True),
                obtained=found,
            )
        )
    return Board(board)


def evaluate(
    test: Test,
    find: Callable[[str], pd.DataFrame | None],
    *,
    printed: bool,
    context: Mapping[str, Any] | None = None,
) -> Verdict:
    """One predicate on one source: ``find`` gives a table by its number, or None."""
    skipped: list[str] = []
    try:
        comparisons = tuple(test.compare(Book(find, printed, context or {}, skipped)))
    except NeedsError as lack:
        return Verdict(test.asks, (), needs=str(lack))
    if not comparisons:
        return Verdict(test.asks, (), needs="two numbers to compare; every cell concerned is a dash")
    return Verdict(test.asks, comparisons, tuple(dict.fromkeys(skipped)))


@cache
def _printed(paper: str, number: str) -> pd.DataFrame | None:
    if number.startswith("Figure"):
        return None
    if number == "hyperparameters":
        return published.hyperparameters(paper)
    return headings.flat(published.table(paper, number))


def _obtained(paper: str, tables: Mapping[tuple[str, str], pd.DataFrame]) -> Callable[[str], pd.DataFrame | None]:
    return lambda number: tables.get((paper, number))


def _by_number(tables: Tables) -> dict[tuple[str, str], pd.DataFrame]:
    """The obtained frames by (paper number, table), headings flat."""
    return {
        (published.paper_named(paper).number, number): headings.flat(frame) for (paper, number), frame in tables.items()
    }


def _chosen(claims: str | Iterable[str], entries: pd.DataFrame) -> list[str]:
    """The ids asked for, each once, in the order asked for."""
    names = {"all": list(entries.index)}
    for paper in published.PAPERS:
        names[paper.name] = names[paper.number] = list(entries.index[entries["paper"] == paper.name])
    chosen: list[str] = []
    for name in [claims] if isinstance(claims, str) else claims:
        if name not in names and name not in entries.index:
            valid = ", ".join(paper.name for paper in published.PAPERS)
            raise UserError(f'claim "{name}": unknown; give an id such as "004-15", a paper ({valid}) or "all"')
        chosen += names.get(name, [name])
    return list(dict.fromkeys(chosen))
