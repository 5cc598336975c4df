"""The first page of a results folder: every chapter's tables, figures, checks and claims; opens offline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vretlib.report import agreement, site
from vretlib.report.board import SYMBOLS, counts
from vretlib.report.collected import Collected
from vretlib.report.files import write_text
from vretlib.report.predicates.comparisons import HOLDS, REVERSED, UNDECIDED
from vretlib.report.verdict import PARTLY


@dataclass(frozen=True)
class Entry:
    """One chapter on the page; ``page`` and ``notebook`` are empty if it has not been run."""

    title: str
    collected: Collected
    page: str = ""
    notebook: str = ""
    seconds: float = 0.0
    state: str = ""
    failure: str = ""
    traceback: str = ""

    @property
    def name(self) -> str:
        """The chapter's name."""
        return self.collected.name

    @property
    def profile(self) -> str:
        """The profile of the run."""
        return str(self.collected.about.get("profile", ""))

    @property
    def data(self) -> str:
        """The description of the data behind the numbers."""
        return str(self.collected.about.get("data", ""))


HEADINGS = ("chapter", "cells obtained", "within tolerance", "claims by direction", "minutes", "state")


def board(entry: Entry) -> tuple[str, ...]:
    """The row of an entry under `HEADINGS`, for the page and for the terminal."""
    obtained, published = entry.collected.cells
    within, compared = entry.collected.within
    return (
        entry.name,
        f"{obtained} of {published}" if published else "",
        f"{within} of {compared}" if compared else "",
        claims(entry.collected),
        f"{entry.seconds / 60:.1f}" if entry.page else "",
        entry.failure or entry.state,
    )


def agreements(entries: Sequence[Entry]) -> list[tuple[str, ...]]:
    """How far the orders of methods agree: a line for each table in which they can be compared."""
    found = {
        (entry.name, table["title"]): table["agreement"]
        for entry in entries
        for table in entry.collected.tables
        if "agreement" in table
    }
    return list(agreement.table(found).reset_index().itertuples(index=False, name=None))


def claims(collected: Collected) -> str:
    """``"5 hold, 3 undecided, 2 in part, 1 reversed"``: the claims that this run tests; ``""`` if there are none."""
    words = {HOLDS: "hold", UNDECIDED: "undecided", PARTLY: "in part", REVERSED: "reversed"}
    found = collected.directions
    return ", ".join(f"{found[name]} {word}" for name, word in words.items() if found[name])


def write(entries: Sequence[Entry], path: Path, made: datetime | None = None) -> None:
    """Write the page in one step; its links are relative to it."""
    made = made or datetime.now().astimezone()
    text = site.render(
        "index.html.j2",
        entries=entries,
        headings=HEADINGS,
        rows=[board(entry) for entry in entries],
        agreement_headings=agreement.HEADINGS,
        agreements=agreements(entries),
        symbols=SYMBOLS,
        summary=lambda collected: counts(collected.directions, collected.sizes),
        made=made.strftime("%-d %B %Y, %H:%M"),
    )
    write_text(path, text)
