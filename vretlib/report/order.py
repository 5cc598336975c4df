"""Kendall's τ between the order of methods in a paper and the order obtained here, and the pairs that are reversed.

All pairs of methods that have both numbers count, column by column. A pair agrees (+1) if the same method leads in
both, and disagrees (−1) if the other one leads. τ is the sum of these signs divided by the geometric mean of the
numbers of pairs that are not tied on either side: in one column this is Kendall's τ-b (Kendall, *Rank Correlation
Methods*, 1948). Its interval comes from the resamples of the obtained numbers; what is not resampled stays fixed.
Resampling can only disturb an order, so that the interval of a high τ lies mostly below it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vretlib.evaluation.intervals import ends
from vretlib.report.headings import Value
from vretlib.report.measured import Measured

MIN_ROWS = 3  # rows; two rows have one pair, which is either right or wrong


@dataclass(frozen=True)
class Order:
    """Agreement of two orders of methods; ``interval`` is None if nothing is resampled.

    ``reversed_pairs`` names the pairs whose obtained order is the opposite of the published one with a paired 95 %
    interval that does not hold 0.
    """

    tau: float
    interval: tuple[float, float] | None
    n_rows: int
    n_pairs: int
    reversed_pairs: tuple[str, ...]

    @property
    def text(self) -> str:
        """One sentence, such as "Kendall's τ = 0.80 [0.60, 0.87] over 6 rows (15 pairs); none is reversed …"."""
        if np.isnan(self.tau):
            return f"Order of the rows: all {self.n_rows} are tied in one of the two sources."
        bounds = "" if self.interval is None else " [{:.2f}, {:.2f}]".format(*self.interval)
        text = f"Order of the rows: Kendall's τ = {self.tau:.2f}{bounds} over {self.n_rows} rows ({self.n_pairs} pairs)"
        if self.interval is None:
            return f"{text.replace('-', '−')}; no interval, because nothing is averaged over queries."
        n = len(self.reversed_pairs)
        if not n:
            return f"{text.replace('-', '−')}; no pair is reversed beyond chance."
        named = "; ".join(self.reversed_pairs[:3]) + (f"; and {n - 3} more" if n > 3 else "")
        return f"{text.replace('-', '−')}; reversed beyond chance: {named}."

    def record(self) -> dict[str, Any]:
        """The agreement as plain data for JSON."""
        return {
            "tau": None if np.isnan(self.tau) else float(self.tau),
            "interval": None if self.interval is None else list(self.interval),
            "rows": self.n_rows,
            "pairs": self.n_pairs,
            "reversed": list(self.reversed_pairs),
            "text": self.text,
        }


Numbers = Mapping[tuple[str, str], Value]


def order(
    published: Numbers,
    obtained: Numbers,
    rows: Sequence[str],
    columns: Sequence[str],
    stands_for: Mapping[str, str] | None = None,
) -> Order | None:
    """The agreement over the columns, or None if no column has `MIN_ROWS` rows with both numbers.

    Reversed pairs bear the names of the data they were obtained on: ``stands_for`` gives them by printed heading.

    If any obtained number of the columns is resampled, only columns with such numbers count: the order of methods is
    that of their quality, not that of their bytes or milliseconds.
    """

    def both(row: str, column: str) -> bool:
        return isinstance(published.get((row, column)), float) and isinstance(obtained.get((row, column)), float)

    numbers = {c: [r for r in rows if both(r, c)] for c in columns}
    numbers = {c: those for c, those in numbers.items() if len(those) >= MIN_ROWS}
    measured = {c: t for c, t in numbers.items() if any(isinstance(obtained[r, c], Measured) for r in t)}
    numbers = measured or numbers
    if not numbers:
        return None
    pairs = [(a, b, c) for c, those in numbers.items() for a, b in combinations(those, 2)]
    theirs = np.array([_difference(published[a, c], published[b, c]) for a, b, c in pairs])
    leads = [obtained[a, c] - obtained[b, c] for a, b, c in pairs]  # type: ignore[operator]
    ours = np.array([_sign(float(lead)) for lead in leads])
    resamples = {len(lead.resampled) for lead in leads if isinstance(lead, Measured)}
    interval = None
    if resamples:
        n = resamples.pop()
        drawn = np.stack([_resampled_signs(lead, n) for lead in leads], axis=1)
        low, high = ends(_tau(theirs, drawn))
        interval = (float(low), float(high)) if np.isfinite(low) else None  # all rows tied in every resample
    own = stands_for or {}
    called = {key: " · ".join(own.get(part, part) for part in key.split("|")) for key in (*rows, *columns)}
    reversed_pairs = tuple(
        f"{called[b]} above {called[a]} in {called[c]}"
        if theirs[i] > 0
        else f"{called[a]} above {called[b]} in {called[c]}"
        for i, ((a, b, c), lead) in enumerate(zip(pairs, leads, strict=True))
        if theirs[i] * ours[i] < 0 and isinstance(lead, Measured) and not lead.interval[0] <= 0 <= lead.interval[1]
    )
    n_rows = len({row for those in numbers.values() for row in those})
    return Order(float(_tau(theirs, ours[None])[0]), interval, n_rows, len(pairs), reversed_pairs)


def _tau(theirs: NDArray[np.float64], ours: NDArray[np.float64]) -> NDArray[np.float64]:
    """τ of each line of signs (lines, pairs); NaN where all pairs of a source are tied."""
    untied = np.sqrt((theirs != 0).sum() * (ours != 0).sum(axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(untied > 0, ours @ theirs / untied, np.nan)


def _difference(a: Any, b: Any) -> float:
    return _sign(float(a) - float(b))


def _sign(difference: float) -> float:
    return float(np.sign(round(difference, 9)))  # numbers of a table that differ by rounding errors are tied


def _resampled_signs(lead: Any, n: int) -> NDArray[np.float64]:
    if isinstance(lead, Measured):
        return np.sign(np.round(lead.resampled, 9))
    return np.full(n, _sign(float(lead)))
