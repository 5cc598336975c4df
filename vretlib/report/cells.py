"""Published and obtained cells of a table, before they are rendered as HTML, Markdown, LaTeX or CSV."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from vretlib.report.gains import Gain
from vretlib.report.headings import Value
from vretlib.report.measured import interval_of
from vretlib.report.order import Order


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    ``printed`` is the paper's text, unchanged (``""`` if nothing is printed), and ``published`` its value.
    ``obtained`` is None if there is no number; it is a `Measured` if it is an average over queries. ``shown`` and
    ``difference`` are texts in the column's style; only a table of the paper's own data has differences. ``better``
    is None if the direction is unknown or both numbers are equal. ``seeds`` has the number for each of several seeds,
    and ``range_shown`` and ``seeds_shown`` are the texts of its interval and of the seeds' smallest and largest number.
    """

    printed: str = ""
    published: Value = None
    obtained: Value = None
    shown: str = ""
    difference: str = ""
    better: bool | None = None
    note: str = ""
    reason: str = ""
    gain: Gain | None = None
    range_shown: str = ""
    seeds: tuple[float, ...] = ()
    seeds_shown: str = ""

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval over queries; None without values per query."""
        return interval_of(self.obtained)


@dataclass(frozen=True)
class CellTable:
    """The cells of a table by row and column, with its title, caption and sources."""

    name: str
    title: str
    caption: str
    source: str
    data: str
    same_data: bool
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    row_heading: str
    cells: Mapping[tuple[str, str], Cell] = field(repr=False)
    baseline: Mapping[str, str] = field(default_factory=dict)
    order: Order | None = None
    stands_for: Mapping[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Numbers of published cells, of obtained and missing ones among them, and of extra cells (in no paper)."""
        cells = self.cells.values()
        printed = [cell for cell in cells if cell.published is not None]
        obtained = sum(cell.obtained is not None for cell in printed)
        return {
            "published": len(printed),
            "obtained": obtained,
            "missing": len(printed) - obtained,
            "extra": sum(cell.obtained is not None for cell in cells) - obtained,
        }

    @property
    def reasons(self) -> dict[str, int]:
        """How many cells each reason explains, by reason."""
        texts = [cell.reason for cell in self.cells.values() if cell.reason]
        return {text: texts.count(text) for text in dict.fromkeys(texts)}
