"""Verdicts on claims, and the board that shows them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import pandas as pd

from vretlib.errors import UserError
from vretlib.report import escaping
from vretlib.report.predicates import ASKS, Comparison

HOLDS, PARTLY, FAILS, UNTESTABLE = "holds", "holds in part", "does not hold", "not testable here"
STATUSES = (HOLDS, PARTLY, FAILS, UNTESTABLE)


@dataclass(frozen=True)
class Verdict:
    """The verdict on one claim by one source of numbers, published or obtained."""

    asks: str
    comparisons: tuple[Comparison, ...]
    skipped: tuple[str, ...] = ()
    needs: str = ""

    @property
    def true(self) -> int:
        """Number of comparisons that hold."""
        return sum(c.holds for c in self.comparisons)

    @property
    def total(self) -> int:
        """Number of comparisons."""
        return len(self.comparisons)

    @property
    def status(self) -> str:
        """One of ``STATUSES``."""
        if self.needs:
            return UNTESTABLE
        if self.true >= ASKS[self.asks](self.total):
            return HOLDS
        return PARTLY if self.true else FAILS

    @property
    def deciding(self) -> Comparison | None:
        """The comparison whose margin is the margin of the claim; None if nothing could be compared."""
        if self.needs:
            return None
        ordered = sorted(self.comparisons, key=lambda c: (c.holds, c.relative), reverse=True)
        return ordered[ASKS[self.asks](self.total) - 1]

    @property
    def exceptions(self) -> tuple[Comparison, ...]:
        """The comparisons that do not hold."""
        return tuple(c for c in self.comparisons if not c.holds)

    def __str__(self) -> str:
        if self.needs:
            return f"{UNTESTABLE}: needs {self.needs}"
        if self.status == FAILS:
            return f"{FAILS} (0 of {self.total})"
        if self.status == PARTLY:
            return f"holds in {self.true} of {self.total}"
        asked = "" if self.asks == "all" else f"; asks for {self.asks}"
        return f"{HOLDS} ({self.true} of {self.total}{asked})"

    def record(self) -> dict[str, Any]:
        """The verdict as plain data for JSON."""
        deciding = self.deciding
        return {
            "status": self.status,
            "text": str(self),
            "true": self.true,
            "total": self.total,
            "margin": deciding.margin if deciding else None,
            "relative": round(deciding.relative, 6) if deciding else None,
            "decided_by": str(deciding) if deciding else None,
            "exceptions": [str(c) for c in self.exceptions],
            "skipped": list(self.skipped),
        }


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
        """The claims of one paper, with one verdict on the published numbers, or both; ``""`` does not restrict."""
        papers = sorted({claim.paper for claim in self})
        for name, value, valid in (("paper", paper, papers), ("verdict", verdict, STATUSES)):
            if value and value not in valid:
                raise UserError(f'{name} "{value}": unknown; choose one of {", ".join(valid)}, or "" for all')
        return Board(c for c in self if paper in ("", c.paper) and verdict in ("", c.published.status))

    def summary(self, source: str = "published") -> str:
        """One stable line: ``"7 claims on published numbers: 6 hold, 0 in part, 1 does not hold, 0 not testable"``."""
        counts = Counter(verdict.status for verdict in self.verdicts(source))
        hold, fail = counts[HOLDS], counts[FAILS]
        return (
            f"{counts.total()} claim{'s' * (counts.total() != 1)} on {source} numbers: "
            f"{hold} hold{'s' * (hold == 1)}, {counts[PARTLY]} in part, "
            f"{fail} {'does' if fail == 1 else 'do'} not hold, {counts[UNTESTABLE]} not testable here"
        )

    def frame(self) -> pd.DataFrame:
        """One row per claim, by id, for filtering: ``board.frame().query("published == 'holds in part'")``.

        The columns are paper, claim, evidence, asks, published (the status), true, total, margin and relative. If
        obtained tables were judged, ``obtained`` is their status and the other columns have the prefix ``obtained_``.
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

    def __repr__(self) -> str:
        sources = ["published", *(["obtained"] if self.has_obtained else [])]
        return "\n".join(self.summary(source) for source in sources)

    def _repr_html_(self) -> str:
        sources = ["published", *(["obtained"] if self.has_obtained else [])]
        head = "".join(f"<th>on {source} numbers</th><th>margin</th>" for source in sources)
        body = "".join(_row(claim, sources) for claim in self)
        lines = "<br>".join(escaping.html(self.summary(source)) for source in sources)
        return (
            f"<p>{lines}</p><table><thead><tr><th>claim</th><th></th>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


def _cells(name: str, prefix: str, verdict: Verdict) -> dict[str, Any]:
    deciding = verdict.deciding
    return {
        name: verdict.status,
        f"{prefix}true": verdict.true,
        f"{prefix}total": verdict.total,
        f"{prefix}margin": deciding.margin if deciding else float("nan"),
        f"{prefix}relative": deciding.relative if deciding else float("nan"),
    }


def _row(claim: JudgedClaim, sources: list[str]) -> str:
    verdicts = [(source, getattr(claim, source)) for source in sources]
    cells = "".join(_verdict_cells(verdict) for _, verdict in verdicts)
    details = [f"<i>Read as:</i> {escaping.html(claim.reading)} <i>Evidence:</i> {escaping.html(claim.evidence)}."]
    details += [_particulars(source, verdict) for source, verdict in verdicts if verdict and not verdict.needs]
    return (
        f'<tr><td style="vertical-align:top">{claim.id}</td><td style="text-align:left;vertical-align:top">'
        f"<details><summary>{escaping.html(claim.claim)}</summary>{'<br>'.join(details)}</details></td>{cells}</tr>"
    )


_COLOURS = {HOLDS: "#1b7837", PARTLY: "#b35806", FAILS: "#b2182b", UNTESTABLE: "#666666"}


def _verdict_cells(verdict: Verdict | None) -> str:
    style = "text-align:left;vertical-align:top"
    if verdict is None:
        return f'<td style="{style}"></td><td></td>'
    deciding = verdict.deciding
    margin = f"{deciding.margin:+.3g} ({deciding.relative:+.1%})" if deciding else ""
    colour = _COLOURS[verdict.status]
    return (
        f'<td style="{style};color:{colour}">{escaping.html(str(verdict))}</td>'
        f'<td style="vertical-align:top;white-space:nowrap">{margin.replace("-", "−")}</td>'
    )


def _particulars(source: str, verdict: Verdict) -> str:
    """The deciding comparison, the failing comparisons and the skipped cells of one source, as HTML."""
    lines = [f"<b>On {source} numbers</b> decided by {escaping.html(str(verdict.deciding))}"]
    if verdict.exceptions:
        lines.append("fails: " + escaping.html(" | ".join(map(str, verdict.exceptions))))
    if verdict.skipped:
        lines.append("skipped, no number: " + escaping.html(" | ".join(verdict.skipped)))
    return "; ".join(lines) + "."
