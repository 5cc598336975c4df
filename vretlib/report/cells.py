"""A table as plain cells: what a paper prints and what was obtained, before it is written in any form."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from vretlib.report.headings import Value


@dataclass(frozen=True)
class Cell:
    """One place of the table.

    ``printed`` is the paper's cell letter for letter (``""`` if nothing is printed there), ``published`` its value;
    ``obtained`` is None where there is none; ``shown`` and ``difference`` are texts in the column's style; ``better``
    is None where the direction is not known or the two are equal.
    """

    printed: str = ""
    published: Value = None
    obtained: Value = None
    shown: str = ""
    difference: str = ""
    better: bool | None = None
    note: str = ""
    reason: str = ""


@dataclass(frozen=True)
class CellTable:
    """Cells by row and column, and what is said about them."""

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

    @property
    def counts(self) -> dict[str, int]:
        """Numbers of cells: published, obtained of these, missing of these, and extra ones that no paper prints."""
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
        """Each reason and how many cells it explains."""
        texts = [cell.reason for cell in self.cells.values() if cell.reason]
        return {text: texts.count(text) for text in dict.fromkeys(texts)}
