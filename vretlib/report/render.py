"""A comparison as HTML, Markdown and LaTeX.

All three have the same layout: a row of the table becomes up to three lines (published, obtained, difference). A row
that only the paper or only this run has takes one line. Reasons for missing rows follow once below these rows. Better
and worse are shown by ``▲`` and ``▼``, and not by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from vretlib.report import escaping, legend
from vretlib.report.cells import Cell, CellTable

_RAISED = dict(zip("0123456789abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
_LETTERS = "abcdefghijklmnoprstuvwxyz"  # no raised q exists
_FINE = ("95 %", "seeds", "gain")  # kinds of lines in small print
_SMALL = "font-size:85%"
_TINTS = {"better": "#e3f0fb", "worse": "#fdeedd"}


@dataclass(frozen=True)
class PlaceText:
    """The text of one place in a line, the mark of its footnote, and its tone (better, worse or neither)."""

    text: str
    mark: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Line:
    """One line: the row's name (on its first line only), the kind of line, and its places or one text across them."""

    name: str
    kind: str
    places: tuple[PlaceText, ...] = ()
    across: str = ""


@dataclass
class Footnotes:
    """Footnote marks in order of appearance: numbers for notes on the paper, letters for reasons."""

    notes: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def note(self, text: str) -> str:
        """The mark of a note, which is a new one if the text is new; empty for an empty text."""
        return self.notes.setdefault(text, str(len(self.notes) + 1)) if text else ""

    def reason(self, text: str) -> str:
        """The mark of a reason, which is a new one if the text is new; empty for an empty text."""
        return self.reasons.setdefault(text, _letters(len(self.reasons))) if text else ""

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((mark, text) for marks in (self.notes, self.reasons) for text, mark in marks.items())


def html(table: CellTable) -> str:
    """The table as HTML. Styles are inline, so that it looks the same on every page."""
    lines, footnotes = _lay_out(table)
    width = len(table.columns) + 2
    parts = [f"<p><b>{escaping.html(table.title)}.</b> {escaping.html(table.caption)}</p>", "<table>", "<thead>"]
    for depth, spans in enumerate(_spans(table.columns)):
        lead = f"<th>{escaping.html(table.row_heading)}</th><th></th>" if depth == 0 else "<th></th><th></th>"
        cells = "".join(
            f'<th colspan="{n}" style="text-align:center">{escaping.html(legend.named(text, table))}</th>'
            for text, n in spans
        )
        parts.append(f"<tr>{lead}{cells}</tr>")
    parts.append("</thead><tbody>")
    for line in lines:
        rule = "border-top:1px solid #bbb;" if line.name else ""
        if not line.kind:
            parts.append(
                f'<tr style="{rule}"><th colspan="{width}" style="text-align:left">{escaping.html(line.name)}</th></tr>'
            )
            continue
        name = f'<th style="text-align:left">{escaping.html(legend.named(line.name, table))}</th>'
        kind = f'<td style="text-align:left;color:#666;{_SMALL if line.kind in _FINE else ""}">{line.kind}</td>'
        if line.across:
            places = f'<td colspan="{width - 2}" style="text-align:left"><i>{escaping.html(line.across)}</i></td>'
        else:
            places = "".join(_html_place(place, line.kind) for place in line.places)
        parts.append(f'<tr style="{rule}">{name}{kind}{places}</tr>')
    parts.append("</tbody></table>")
    small = [escaping.html(line) for line in legend.lines(table)]
    small += [f"{_raised(mark)} {escaping.html(text)}" for mark, text in footnotes]
    parts.append(f'<p style="font-size:85%">{"<br>".join(small)}</p>')
    return "\n".join(parts) + "\n"


def markdown(table: CellTable) -> str:
    """The table in GitHub's Markdown, with footnotes below."""
    lines, footnotes = _lay_out(table)
    rows = [[table.row_heading, "", *(legend.named(column, table) for column in table.columns)]]
    for line in lines:
        places = [line.across] if line.across else [_decorated(p) for p in line.places]
        rows.append([legend.named(line.name, table), line.kind, *places, *[""] * (len(table.columns) - len(places))])
    rows = [[escaping.markdown(cell) for cell in row] for row in rows]
    widths = [max(3, *(len(row[i]) for row in rows)) for i in range(len(rows[0]))]
    body = ["| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |" for row in rows]
    rule = "|" + "|".join("-" * (w + 2) if i < 2 else "-" * (w + 1) + ":" for i, w in enumerate(widths)) + "|"
    below = [
        *(escaping.markdown(line) for line in legend.lines(table)),
        *(f"{_raised(mark)} {escaping.markdown(text)}" for mark, text in footnotes),
    ]
    caption = f"**{escaping.markdown(table.title)}.** {escaping.markdown(table.caption)}".strip()
    return "\n".join([caption, "", body[0], rule, *body[1:], "", "  \n".join(below), ""])


def latex(table: CellTable) -> str:
    """A ``table`` environment for LaTeX; needs the packages booktabs and amssymb."""
    lines, footnotes = _lay_out(table)
    width = len(table.columns)
    out = [r"\begin{table}", r"\centering", rf"\caption{{{_tex(table.title)}. {_tex(table.caption)}}}"]
    out += [rf"\label{{tab:{table.name}}}", rf"\begin{{tabular}}{{ll{'r' * width}}}", r"\toprule"]
    for depth, spans in enumerate(_spans(table.columns)):
        cells = [rf"\multicolumn{{{n}}}{{c}}{{{_tex(legend.named(text, table))}}}" for text, n in spans]
        out.append(" & ".join([_tex(table.row_heading) if depth == 0 else "", "", *cells]) + r" \\")
    out.append(r"\midrule")
    for i, line in enumerate(lines):
        if line.name and i and lines[i - 1].name == "":
            out.append(r"\addlinespace")
        if not line.kind:
            out.append(rf"\multicolumn{{{width + 2}}}{{l}}{{\textbf{{{_tex(line.name)}}}}} \\")
        elif line.across:
            out.append(
                f"{_tex(legend.named(line.name, table))} & {line.kind} & "
                rf"\multicolumn{{{width}}}{{l}}{{\emph{{{_tex(line.across)}}}}} \\"
            )
        else:
            places = [
                _tex(p.text) + _TEX_TONE[p.tone] + (rf"\textsuperscript{{{p.mark}}}" if p.mark else "")
                for p in line.places
            ]
            out.append(" & ".join([_tex(legend.named(line.name, table)), line.kind, *places]) + r" \\")
    out += [
        r"\bottomrule",
        r"\end{tabular}",
        r"\par\smallskip\footnotesize\raggedright",
        *(_tex(line) for line in legend.lines(table)),
    ]
    out += [rf"\\ \textsuperscript{{{mark}}} {_tex(text)}" for mark, text in footnotes]
    return "\n".join([*out, r"\end{table}", ""])


def _lay_out(table: CellTable) -> tuple[list[Line], Footnotes]:
    """The lines and footnotes of the table.

    If paper and run have no row in common, each has a block of its own under a heading. A table without rows has one
    line that says so.
    """
    footnotes = Footnotes()
    cells = table.cells
    printed = [r for r in table.rows if any(cells[r, c].printed for c in table.columns)]
    obtained = [r for r in table.rows if any(cells[r, c].obtained is not None for c in table.columns)]
    if printed and obtained and not set(printed) & set(obtained):
        reasons = "; ".join(table.reasons)
        return [
            Line(f"Published ({table.source}); not obtained: {reasons}", ""),
            *(_published(table, row, footnotes) for row in printed),
            Line(f"Obtained ({table.data})", ""),
            *(_obtained(table, row, row, footnotes) for row in obtained),
        ], footnotes
    lines: list[Line] = []
    if not table.rows:
        return [Line(f"nothing to show on {table.data}", "")], footnotes
    for row, following in zip(table.rows, [*table.rows[1:], None], strict=True):
        first = len(lines)
        if row in printed:
            lines.append(_published(table, row, footnotes))
        if row in obtained:
            lines.append(_obtained(table, "" if len(lines) > first else row, row, footnotes))
        elif (why := _why(table, row, obtained)) and not (table.source and why == _why(table, following, obtained)):
            kind, name = ("obtained", "") if table.source else ("·", row)
            lines.append(Line(name, kind, across=f"not obtained: {why}"))
        lines += _below([cells[row, c] for c in table.columns])
    return lines, footnotes


def _below(cells: list[Cell]) -> list[Line]:
    """The lines below a row's numbers: intervals, seeds, gains and differences, each if any cell has one."""
    made = [
        ("95 %", [PlaceText(cell.range_shown) for cell in cells]),
        ("seeds", [PlaceText(cell.seeds_shown) for cell in cells]),
        ("gain", [PlaceText(c.gain.text, tone=_tone(c.gain.better)) if c.gain else PlaceText("") for c in cells]),
        ("difference", [PlaceText(cell.difference, tone=_tone(cell.better)) for cell in cells]),
    ]
    return [Line("", kind, tuple(places)) for kind, places in made if any(place.text for place in places)]


def _why(table: CellTable, row: str | None, obtained: list[str]) -> str:
    """The reasons for a row without obtained numbers; empty for other rows."""
    if row is None or row in obtained:
        return ""
    cells = [table.cells[row, column] for column in table.columns]
    reasons = (cell.reason for cell in cells if cell.published is not None or not table.source)
    return "; ".join(dict.fromkeys(reason for reason in reasons if reason))


def _published(table: CellTable, row: str, footnotes: Footnotes) -> Line:
    cells = [table.cells[row, column] for column in table.columns]
    return Line(row, "published", tuple(PlaceText(cell.printed, footnotes.note(cell.note)) for cell in cells))


def _obtained(table: CellTable, name: str, row: str, footnotes: Footnotes) -> Line:
    cells = [table.cells[row, column] for column in table.columns]
    places = (PlaceText("n/a", footnotes.reason(c.reason)) if c.reason else PlaceText(c.shown) for c in cells)
    return Line(name, "obtained" if table.source else "·", tuple(places))


def _tone(better: bool | None) -> str:
    return "" if better is None else "better" if better else "worse"


def _spans(columns: tuple[str, ...]) -> list[list[tuple[str, int]]]:
    """The heading levels from the outermost, each as (text, number of columns); equal neighbours are merged."""
    parts = [column.split("|") for column in columns]
    depth = max(map(len, parts), default=1)
    levels = []
    for level in range(depth):
        spans: list[tuple[str, int]] = []
        for i, part in enumerate(parts):
            if i and part[: level + 1] == parts[i - 1][: level + 1] and level < len(part):
                spans[-1] = (spans[-1][0], spans[-1][1] + 1)
            else:
                spans.append((part[level] if level < len(part) else "", 1))
        levels.append(spans)
    return levels


def _html_place(place: PlaceText, kind: str) -> str:
    tint = f";background:{_TINTS[place.tone]};color:#222" if place.tone else ""
    text = escaping.html(_decorated(place))
    weight = f"<b>{text}</b>" if kind == "obtained" else text
    size = f";{_SMALL}" if kind in _FINE else ""
    return f'<td style="text-align:right{size}{tint}">{weight}</td>'


def _decorated(place: PlaceText) -> str:
    return place.text + {"better": " ▲", "worse": " ▼", "": ""}[place.tone] + _raised(place.mark)


def _raised(mark: str) -> str:
    return "".join(_RAISED[letter] for letter in mark)


def _letters(i: int) -> str:
    """The marks a, b, …, z, aa, ab and so on."""
    return (_letters(i // len(_LETTERS) - 1) if i >= len(_LETTERS) else "") + _LETTERS[i % len(_LETTERS)]


_TEX_TONE = {"": "", "better": r" $\blacktriangle$", "worse": r" $\blacktriangledown$"}
_TEX = {c: f"\\{c}" for c in "&%$#_{}"} | {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "…": r"\ldots{}", "−": "$-$",
    "·": r"$\cdot$", "×": r"$\times$", "±": r"$\pm$", "≥": r"$\geq$", "≤": r"$\leq$", "°": r"$^\circ$",
    "▲": r"$\blacktriangle$", "▼": r"$\blacktriangledown$", "ρ": r"$\rho$", "τ": r"$\tau$", "θ": r"$\theta$",
    "λ": r"$\lambda$", "∆": r"$\Delta$", "Δ": r"$\Delta$",
}  # fmt: skip


def _tex(text: str) -> str:
    text = escaping.one_line(text)
    before = "{}" if text.startswith(("[", "*")) else ""  # the end of the row before would take these for its own
    return before + "".join(_TEX.get(letter, letter) for letter in text)
