"""The verdict on one claim: its direction, and the size where the claim states one."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from scipy.special import bdtrc

from vretlib.report.predicates.comparisons import (
    HOLDS,
    INSIDE,
    OUTSIDE,
    REVERSED,
    UNDECIDED,
    UNSTATED,
    Comparison,
    StatedSize,
)
from vretlib.report.predicates.vocabulary import ASKS

PARTLY, UNTESTABLE = "holds in part", "not testable"
STATUSES = (HOLDS, UNDECIDED, PARTLY, REVERSED, UNTESTABLE)
"""The directions of a claim, from the best to the worst, and the verdict without a direction."""

CHANCE = 0.05
ONE_SIDE = CHANCE / 2
"""Probability that the 95 % interval of two equal methods lies outside 0, and that it lies on a given side of it."""

_LISTED = 3  # sizes outside their range that the text of a verdict names


@dataclass(frozen=True)
class Verdict:
    """The verdict on one claim by one source of numbers, published or obtained.

    Parameters
    ----------
    asks: how many comparisons must hold, a key of ``ASKS``.
    comparisons: what the predicate compared.
    skipped: cells without a number that the predicate read.
    untested: parts of the claim that these numbers do not test.
    notes: remarks on what is compared.
    untestable: why nothing could be compared, a whole phrase; empty for a verdict with comparisons.
    """

    asks: str
    comparisons: tuple[Comparison, ...]
    skipped: tuple[str, ...] = ()
    untested: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    untestable: str = ""

    @property
    def counts(self) -> Counter[str]:
        """Number of comparisons by their direction."""
        return Counter(c.direction for c in self.comparisons)

    @property
    def true(self) -> int:
        """Number of comparisons that hold."""
        return self.counts[HOLDS]

    @property
    def total(self) -> int:
        """Number of comparisons."""
        return len(self.comparisons)

    @property
    def direction(self) -> str:
        """One of ``STATUSES``.

        It *holds* if as many comparisons hold as the claim asks for, and more than chance alone would let hold (one
        of 18 is not enough for a claim about some); it then holds *in part* if some of the claim is untested. It is
        *undecided* if the undecided comparisons could make up for the rest. Otherwise it *holds in part* if more hold
        than by chance, is *reversed* if that is so of the reversed ones by themselves, and is *undecided* if it is so
        of neither.
        """
        if self.untestable:
            return UNTESTABLE
        counts, needed = self.counts, ASKS[self.asks](self.total)
        if counts[HOLDS] >= needed and self._beyond_chance(HOLDS):
            return PARTLY if self.untested else HOLDS
        if counts[HOLDS] + counts[UNDECIDED] >= needed:
            return UNDECIDED
        for direction, verdict in ((HOLDS, PARTLY), (REVERSED, REVERSED)):
            if self._beyond_chance(direction):
                return verdict
        return UNDECIDED

    def _beyond_chance(self, direction: str) -> bool:
        """Whether more comparisons have this direction than would have it if no two methods differed.

        A 95 % interval then lies on either side of 0 with a probability of 2.5 %. As many as there are, or more, must
        have a probability below 5 % (binomial; the comparisons of a table share their queries, which this leaves out).
        A comparison without an interval does not depend on chance.
        """
        found = [c for c in self.comparisons if c.direction == direction]
        n = sum(c.interval is not None for c in self.comparisons)
        return any(c.interval is None for c in found) or bool(bdtrc(len(found) - 1, n, ONE_SIDE) < CHANCE)

    @property
    def sizes(self) -> tuple[StatedSize, ...]:
        """The sizes that the claim states."""
        return tuple(size for c in self.comparisons for size in c.sizes)

    @property
    def size(self) -> str:
        """``"inside"`` if every number with a stated size is in its range, ``"outside"``, or ``"none stated"``."""
        if not self.sizes:
            return UNSTATED
        return INSIDE if all(size.inside for size in self.sizes) else OUTSIDE

    @property
    def deciding(self) -> Comparison | None:
        """The comparison whose margin is the margin of the claim; None if nothing could be compared."""
        if self.untestable:
            return None
        worth = {HOLDS: 2, UNDECIDED: 1, REVERSED: 0}
        ordered = sorted(self.comparisons, key=lambda c: (worth[c.direction], c.relative), reverse=True)
        return ordered[ASKS[self.asks](self.total) - 1]

    @property
    def exceptions(self) -> tuple[Comparison, ...]:
        """The comparisons that do not hold."""
        return tuple(c for c in self.comparisons if not c.holds)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is not tested, and what is to be said of what is compared."""
        return self.untested + self.notes

    @property
    def direction_text(self) -> str:
        """``"direction holds (9 of 12 hold; asks for most; 2 undecided, 1 reversed)"``, or why it is not testable."""
        if self.untestable:
            return self.untestable
        counts = self.counts
        against = ", ".join(f"{counts[name]} {name}" for name in (UNDECIDED, REVERSED) if counts[name])
        asked = "" if self.asks == "all" else f"asks for {self.asks}"
        details = [part for part in (f"{self.true} of {self.total} hold", asked, against) if part]
        return f"direction {self.direction}" + (f" ({'; '.join(details)})" if self.total > 1 else "")

    @property
    def size_text(self) -> str:
        """``"size outside: 12 % (stated 20 %)"``; empty if none is stated."""
        if not self.sizes:
            return ""
        if len(self.sizes) == 1:
            return f"size {self.size}: {self.sizes[0].found}"
        if self.size == INSIDE:
            return f"size {self.size} in {len(self.sizes)} of {len(self.sizes)}"
        wrong = [size.found for size in self.sizes if not size.inside]
        more = f" and {len(wrong) - _LISTED} more" if len(wrong) > _LISTED else ""
        return f"size {self.size} in {len(wrong)} of {len(self.sizes)}: " + ", ".join(wrong[:_LISTED]) + more

    def __str__(self) -> str:
        return "; ".join(text for text in (self.direction_text, self.size_text, *self.remarks) if text)

    def record(self) -> dict[str, Any]:
        """The verdict as plain data for JSON."""
        deciding = self.deciding
        return {
            "direction": self.direction,
            "size": self.size,
            "text": str(self),
            "true": self.true,
            "undecided": self.counts[UNDECIDED],
            "reversed": self.counts[REVERSED],
            "total": self.total,
            "margin": deciding.margin if deciding else None,
            "relative": round(deciding.relative, 6) if deciding else None,
            "interval": list(deciding.interval) if deciding and deciding.interval else None,
            "decided_by": str(deciding) if deciding else None,
            "sizes": [_size(size) for size in self.sizes],
            "exceptions": [str(c) for c in self.exceptions],
            "skipped": list(self.skipped),
            "untested": list(self.untested),
            "notes": list(self.notes),
        }


def _size(size: StatedSize) -> dict[str, Any]:
    return {"label": size.label, "value": float(size.value), "stated": size.words, "inside": size.inside}
