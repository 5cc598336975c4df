"""The words around a table: the sources of its numbers, how to read its lines, and its headings for readers."""

from vretlib.report.cells import CellTable
from vretlib.report.measured import AND_SEEDS, Measured
from vretlib.report.order import MIN_ROWS

TOO_FEW = f"Order of the rows: fewer than {MIN_ROWS} rows have both numbers, too few for Kendall's τ."
NO_BASELINE = "Order of the rows: not compared, because the table has no baseline."


def lines(table: CellTable) -> list[str]:
    """The lines below a table: the sources of its numbers, how to read it, and the agreement of the two orders."""
    if table.order:
        return [_sources(table), table.order.text]
    compared = any(cell.published is not None and cell.obtained is not None for cell in table.cells.values())
    if not (table.source and compared):
        return [_sources(table)]
    return [_sources(table), TOO_FEW if table.baseline else NO_BASELINE]


def _sources(table: CellTable) -> str:
    cells = list(table.cells.values())
    text = _from(table)
    if any(cell.range_shown for cell in cells):
        measured = [cell.obtained for cell in cells if isinstance(cell.obtained, Measured)]
        over = " or ".join(dict.fromkeys(number.over.removesuffix(AND_SEEDS) for number in measured))
        text += f" 95 %: bootstrap interval over {over}"
        text += ", and over seeds where there are several" if any(AND_SEEDS in m.over for m in measured) else ""
        text += (
            f"; where all {over} agree (0 or 1), the exact binomial one." if any(m.bounds for m in measured) else "."
        )
    if any(cell.seeds_shown for cell in cells):
        text += " Seeds: smallest and largest number of several trainings."
    if any(cell.gain for cell in cells):
        base = "; ".join(dict.fromkeys(row.replace("|", " · ") for row in table.baseline.values()))
        text += f" Gain over {base}: {'published → obtained' if table.source else 'obtained'}"
        if any(cell.gain and "×" in cell.gain.text for cell in cells):
            text += ", a factor (×) where lower is better"
        marked = any(cell.gain and cell.gain.better is not None for cell in cells)
        text += "; ▲ gain, ▼ loss beyond chance (paired 95 % interval)." if marked else "."
    if any(cell.difference for cell in cells):
        arrows = any(cell.better is not None for cell in cells)
        text += " Difference: obtained minus published" + ("; ▲ better, ▼ worse." if arrows else ".")
    return text


def _from(table: CellTable) -> str:
    if not table.source:
        return f"Obtained: {table.data}."
    counts = table.counts
    claim = (
        "the paper's data"
        if table.same_data
        else "these numbers test the paper's claims, they are not the paper's numbers"
    )
    text = f"Published: {table.source}. Obtained: {table.data}; {claim}. "
    text += f"{counts['obtained']} of {counts['published']} published cells have an obtained number."
    if table.stands_for:
        text += f" {'; '.join(f'{ours} stands for {printed}' for printed, ours in table.stands_for.items())}."
    return text


def named(key: str, table: CellTable) -> str:
    """A heading for readers: the printed name of a collection, then the name of its stand-in."""
    parts = (f"{p} (here {table.stands_for[p]})" if p in table.stands_for else p for p in key.split("|"))
    return " · ".join(parts)
