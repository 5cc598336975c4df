"""The first page of a results folder: every chapter's tables, figures, checks and claims; opens offline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vretlib.report import agreement, site
from vretlib.report.collected import Collected
from vretlib.report.files import write_text


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


HEADINGS = ("chapter", "cells obtained", "within tolerance", "claims held", "minutes", "state")


def board(entry: Entry) -> tuple[str, ...]:
    """The row of an entry under :data:`HEADINGS`, for the page and for the terminal."""
    obtained, published = entry.collected.cells
    within, compared = entry.collected.within
    held, judged = entry.collected.held
    return (
        entry.name,
        f"{obtained} of {published}" if published else "",
        f"{within} of {compared}" if compared else "",
        f"{held} of {judged}" if judged else "",
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
        made=made.strftime("%-d %B %Y, %H:%M"),
    )
    write_text(path, text)
