"""Judged claims, and the board that shows them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import pandas as pd

from vretlib.errors import UserError
from vretlib.report import escaping
from vretlib.report.predicates.comparisons import HOLDS, INSIDE, OUTSIDE, REVERSED, UNDECIDED
from vretlib.report.verdict import PARTLY, STATUSES, UNTESTABLE, Verdict

SYMBOLS = {HOLDS: "✓", UNDECIDED: "?", PARTLY: "◐", REVERSED: "✗", UNTESTABLE: "–"}
"""A sign before each direction, so that no verdict is told by its colour alone."""


@dataclass(frozen=True)
class JudgedClaim:
    """A claim with its verdict on the printed numbers and, if tables were given, on the obtained numbers."""

    id: str
    paper: str
    claim: str
    evidence: str
    reading: str
    published: Verdict
    obtained: Verdict | None

    def record(self) -> dict[str, Any]:
        """The judged claim as plain data for JSON."""
        return {
            "id": self.id,
            "paper": self.paper,
            "claim": self.claim,
            "evidence": self.evidence,
            "reading": self.reading,
            "asks": self.published.asks,
            "published": self.published.record(),
            "obtained": self.obtained.record() if self.obtained else None,
        }


class Board(Sequence[JudgedClaim]):
    """Judged claims in the requested order; a notebook shows them as a table."""

    def __init__(self, claims: Iterable[JudgedClaim]) -> None:
        self._claims = tuple(claims)

    @overload
    def __getitem__(self, index: int) -> JudgedClaim: ...
    @overload
    def __getitem__(self, index: slice) -> "Board": ...
    def __getitem__(self, index: int | slice) -> "JudgedClaim | Board":
        return Board(self._claims[index]) if isinstance(index, slice) else self._claims[index]

    def __len__(self) -> int:
        return len(self._claims)

    def __iter__(self) -> Iterator[JudgedClaim]:
        return iter(self._claims)

    @property
    def has_obtained(self) -> bool:
        """Whether any claim was judged on obtained numbers."""
        return any(claim.obtained for claim in self)

    def verdicts(self, source: str) -> list[Verdict]:
        """The verdicts on ``"published"`` or ``"obtained"`` numbers."""
        return [verdict for claim in self if (verdict := getattr(claim, source))]

    def only(self, paper: str = "", verdict: str = "") -> "Board":
        """The claims of one paper, with one direction on the published numbers, or both; ``""`` does not restrict.

        Raises
        ------
        UserError: no claim is of that paper, or there is no such verdict.
        """
        papers = sorted({claim.paper for claim in self})
        for name, value, valid in (("paper", paper, papers), ("verdict", verdict, STATUSES)):
            if value and value not in valid:
                raise UserError(f'{name} "{value}": unknown; choose one of {", ".join(valid)}, or "" for all')
        return Board(c for c in self if paper in ("", c.paper) and verdict in ("", c.published.direction))

    def summary(self, source: str = "published") -> str:
        """One stable line of counts.

        ``"7 claims on published numbers: direction holds 6, undecided 0, holds in part 0, reversed 1, not testable 0;
        size inside 4, outside 1"``
        """
        verdicts = self.verdicts(source)
        text = counts(Counter(v.direction for v in verdicts), Counter(v.size for v in verdicts))
        plural = "s" * (len(verdicts) != 1)
        return f"{len(verdicts)} claim{plural} on {source} numbers: direction {text}"

    def frame(self) -> pd.DataFrame:
        """One row per claim, by id, for filtering: ``board.frame().query("published == 'holds in part'")``.

        The columns are paper, claim, evidence, asks, published (the direction), size, true, total, margin and relative.
        If obtained tables were judged, ``obtained`` is their direction and the other columns have the prefix
        ``obtained_``.
        """
        rows = {}
        for c in self:
            rows[c.id] = {"paper": c.paper, "claim": c.claim, "evidence": c.evidence, "asks": c.published.asks}
            rows[c.id] |= _cells("published", "", c.published)
            if self.has_obtained and c.obtained:
                rows[c.id] |= _cells("obtained", "obtained_", c.obtained)
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("id")

    def records(self) -> list[dict[str, Any]]:
        """The judged claims as plain dicts, for ``claims.json``."""
        return [claim.record() for claim in self]

    @property
    def _sources(self) -> list[str]:
        return ["published", *(["obtained"] if self.has_obtained else [])]

    def __repr__(self) -> str:
        lines = [self.summary(source) for source in self._sources]
        for claim in self:
            verdicts = [(source, getattr(claim, source)) for source in self._sources]
            texts = [f"{source}: {_marked(verdict)}" for source, verdict in verdicts if verdict]
            lines.append(f"{claim.id}  " + "\n        ".join(texts))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = "".join(f"<th>on {source} numbers</th><th>margin</th>" for source in self._sources)
        body = "".join(_row(claim, self._sources) for claim in self)
        lines = "<br>".join(escaping.html(self.summary(source)) for source in self._sources)
        return (
            f"<p>{lines}</p><table><thead><tr><th>claim</th><th></th>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def counts(directions: Mapping[str, int], sizes: Mapping[str, int]) -> str:
    """``"holds 6, undecided 0, holds in part 0, reversed 1, not testable 0; size inside 4, outside 1"``."""
    of_directions = ", ".join(f"{name} {directions.get(name, 0)}" for name in STATUSES)
    return f"{of_directions}; size " + ", ".join(f"{name} {sizes.get(name, 0)}" for name in (INSIDE, OUTSIDE))


def _marked(verdict: Verdict) -> str:
    return f"{SYMBOLS[verdict.direction]} {verdict}"


def _cells(name: str, prefix: str, verdict: Verdict) -> dict[str, Any]:
    deciding = verdict.deciding
    return {
        name: verdict.direction,
        f"{prefix}size": verdict.size,
        f"{prefix}true": verdict.true,
        f"{prefix}total": verdict.total,
        f"{prefix}margin": deciding.margin if deciding else float("nan"),
        f"{prefix}relative": deciding.relative if deciding else float("nan"),
    }


def _row(claim: JudgedClaim, sources: list[str]) -> str:
    verdicts = [(source, getattr(claim, source)) for source in sources]
    cells = "".join(_verdict_cells(verdict) for _, verdict in verdicts)
    details = [f"<i>Read as:</i> {escaping.html(claim.reading)} <i>Evidence:</i> {escaping.html(claim.evidence)}."]
    details += [_particulars(source, verdict) for source, verdict in verdicts if verdict and not verdict.untestable]
    return (
        f'<tr><td style="vertical-align:top">{claim.id}</td><td style="text-align:left;vertical-align:top">'
        f"<details><summary>{escaping.html(claim.claim)}</summary>{'<br>'.join(details)}</details></td>{cells}</tr>"
    )


_GOOD, _BAD = "#1b7837", "#b2182b"
_COLOURS = {HOLDS: _GOOD, UNDECIDED: "#4a5568", PARTLY: "#b35806", REVERSED: _BAD, UNTESTABLE: "#666666"}


def _verdict_cells(verdict: Verdict | None) -> str:
    style = "text-align:left;vertical-align:top"
    if verdict is None:
        return f'<td style="{style}"></td><td></td>'
    deciding = verdict.deciding
    margin = f"{deciding.margin:+.3g} ({deciding.relative:+.1%})" if deciding else ""
    sign, colour = SYMBOLS[verdict.direction], _COLOURS[verdict.direction]
    lines = [f'<span style="color:{colour}">{sign} {escaping.html(verdict.direction_text)}</span>']
    if verdict.sizes:
        sign, colour = (SYMBOLS[HOLDS], _GOOD) if verdict.size == INSIDE else (SYMBOLS[REVERSED], _BAD)
        lines.append(f'<span style="color:{colour}">{sign} {escaping.html(verdict.size_text)}</span>')
    lines += [escaping.html(note) for note in verdict.remarks]
    return (
        f'<td style="{style}">{"<br>".join(lines)}</td>'
        f'<td style="vertical-align:top;white-space:nowrap">{margin.replace("-", "−")}</td>'
    )


def _particulars(source: str, verdict: Verdict) -> str:
    """The deciding comparison, the other comparisons that do not hold, sizes and skipped cells, as HTML."""
    lines = [f"<b>On {source} numbers</b> decided by {escaping.html(str(verdict.deciding))}"]
    for direction in (UNDECIDED, REVERSED):
        found = [str(c) for c in verdict.comparisons if c.direction == direction]
        if found:
            lines.append(f"{direction}: " + escaping.html(" | ".join(found)))
    if verdict.sizes:
        lines.append("sizes: " + escaping.html(" | ".join(map(str, verdict.sizes))))
    if verdict.skipped:
        lines.append("skipped, no number: " + escaping.html(" | ".join(verdict.skipped)))
    return "; ".join(lines) + "."
