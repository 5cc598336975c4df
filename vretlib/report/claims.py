"""Verdicts on the papers' claims, by the numbers they print and by the numbers obtained here.

``judge("thesis")`` judges every claim of a paper by its printed tables; ``judge(["004-15"], tables)`` also judges by
obtained tables. Each claim has a predicate (`vretlib.report.predicates`) that turns tables into comparisons of two
numbers. A comparison holds, is reversed, or is undecided: its 95 % interval over resamples of the queries, paired
across methods, contains 0. The interval says how much chance lies in the queries and, where a cell is a mean over the
seeds of a training, in those seeds; where it is one training, the interval says nothing about the chance of that one.
Printed numbers have no intervals and are compared as they stand.

A verdict says two things. The *direction*:

* *holds*: as many comparisons hold as the claim asks for (all; "in most cases": more than half), and more than chance
  alone would make, if no two methods differed;
* *undecided*: fewer hold, but the undecided comparisons could make up for the rest; or neither those that
  hold nor those that are reversed are more than by chance;
* *holds in part*: too few hold, but more than by chance; or as many hold as the claim asks for, and a part of the claim
  is not tested, such as methods that were not rerun here (a data set that is not there is no such part);
* *reversed*: no more hold than by chance, but more are reversed;
* *not testable*: the tables lack something that the predicate needs, or the data are too small; the verdict says what.

The *size*, if the claim states one: *inside* if the numbers found lie in the stated ranges, else *outside*. A range is
the rounding of what the claim states, for printed and obtained numbers alike.

The *margin* of a claim is the margin of the comparison that decides it. If m comparisons must hold, this is the m-th
best by direction and relative margin (the margin divided by the right-hand number); for a claim about all of them it is
the worst. A positive margin says by how much the claim holds, a negative one by how much it fails.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any

import pandas as pd

from vretlib.errors import UserError
from vretlib.report import headings, published
from vretlib.report.board import Board, JudgedClaim
from vretlib.report.predicates.vocabulary import AT_THIS_SCALE, TESTS, Book, NeedsError, Test, UntestableError
from vretlib.report.verdict import Verdict

Tables = Mapping[tuple[str, str], pd.DataFrame]


def judge(
    claims: str | Iterable[str] = "all",
    tables: Tables | None = None,
    context: Mapping[str, Any] | None = None,
    stands_for: Mapping[str, str] | None = None,
) -> Board:
    """The board of claims, judged by the printed numbers and, if given, by obtained tables.

    Parameters
    ----------
    claims: ``"all"``, a paper (``"thesis"`` or ``"004"``), an id, or several of these: ``["key_frames", "004-16"]``.
    tables: obtained frames by paper and table, ``{("thesis", "5.1"): frame}``, with the printed headings. The key of a
        figure's curve is ``("thesis", "Figure 5.4")``; the claim's reading states its form. Cells may be
        `vretlib.report.measured.Measured`; their comparisons have intervals. Without tables the claims are
        judged by the printed numbers only.
    context: facts about the data that no table shows, such as ``{"dark": ["film_3"]}``.
    stands_for: names of drawn collections by the printed names that they stand for, ``{"OX5K": "Town A"}``: verdicts on
        obtained numbers name the drawn ones.
    """
    entries = published.claims()
    obtained = _by_number(tables or {})
    board = []
    for claim_id in _chosen(claims, entries):
        entry, test = entries.loc[claim_id], TESTS[claim_id]
        paper, found = claim_id[:3], None
        if obtained:
            found = evaluate(test, _obtained(paper, obtained), paper, printed=False, context=context or {})
            found = _renamed(found, stands_for or {})
        board.append(
            JudgedClaim(
                id=claim_id,
                paper=str(entry["paper"]),
                claim=str(entry["claim"]),
                evidence=str(entry["evidence_table"]),
                reading=test.reading,
                published=evaluate(test, partial(_printed, paper), paper, printed=True),
                obtained=found,
            )
        )
    return Board(board)


def evaluate(
    test: Test,
    find: Callable[[str], pd.DataFrame | None],
    paper: str,
    *,
    printed: bool,
    context: Mapping[str, Any] | None = None,
) -> Verdict:
    """The verdict of one predicate on one source; ``find`` returns the table with a number, or None."""
    book = Book(find, printed, context or {}, partial(published.read, paper))
    try:
        comparisons = tuple(test.predicate(book))
        if not comparisons:
            raise NeedsError("two numbers to compare; every cell concerned is a dash")
    except UntestableError as reason:
        return Verdict(test.asks, (), untestable=str(reason))
    skipped, untested, notes = (tuple(dict.fromkeys(texts)) for texts in (book.skipped, book.untested, book.notes))
    return Verdict(test.asks, comparisons, skipped, untested, notes)


def _renamed(verdict: Verdict, names: Mapping[str, str]) -> Verdict:
    """The verdict with the names of drawn collections in the place of the printed ones."""
    if not names:
        return verdict
    longest_first = sorted(names, key=len, reverse=True)
    printed = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")

    def new(text: str) -> str:
        return printed.sub(lambda found: names[found.group()], text)

    comparisons = tuple(
        replace(c, label=new(c.label), sizes=tuple(replace(size, label=new(size.label)) for size in c.sizes))
        for c in verdict.comparisons
    )
    skipped, untested, notes = (tuple(map(new, texts)) for texts in (verdict.skipped, verdict.untested, verdict.notes))
    small = verdict.untestable.startswith(AT_THIS_SCALE)  # what is needed keeps its printed heading
    untestable = new(verdict.untestable) if small else verdict.untestable
    return replace(
        verdict, comparisons=comparisons, skipped=skipped, untested=untested, notes=notes, untestable=untestable
    )


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
    """The obtained frames with flat headings, by (paper number, table)."""
    return {
        (published.paper_named(paper).number, number): headings.flat(frame) for (paper, number), frame in tables.items()
    }


def _chosen(claims: str | Iterable[str], entries: pd.DataFrame) -> list[str]:
    """The requested ids without repetition, in the requested order."""
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
