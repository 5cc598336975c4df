"""Reading of printed numbers such as ``"1.6M"`` and ``"7,190"``, and writing of numbers in the style of a column."""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

Format = str | Callable[[float], str]
"""How numbers become texts: a format such as ``"{:.1f}"``, or a function."""

_SCALE = {"": Decimal(1), "k": Decimal(1000), "M": Decimal(1_000_000), "%": Decimal("0.01")}
_PLAIN = re.compile(r"([+\-−]?)((?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)(?:\.\d+)?)\s?([kM%]?)")
_POWER = re.compile(r"([+\-−]?\d+(?:\.\d+)?)\s*[·×]\s*10([+\-−]?\d+)")
_PRESUMED = re.compile(r"presumably (\S+?)(?=[\s,;)]|$)")


def parse(text: str) -> float | None:
    """The number in a cell, or None if the cell has something else.

    Thousands commas, ``k``, ``M``, percentages (``"96.44%"`` is 0.9644) and powers of ten whose exponent was
    transcribed on the line (``"3.5 ·10−4"``) are read. A malformed number such as ``"0578"`` is None.
    """
    text = text.strip()
    if plain := _PLAIN.fullmatch(text):
        sign, digits, suffix = plain.groups()
        number = float(Decimal(digits.replace(",", "")) * _SCALE[suffix])
        return -number if sign in ("-", "−") else number
    if power := _POWER.fullmatch(text):
        mantissa, exponent = (part.replace("−", "-") for part in power.groups())
        return float(f"{mantissa}e{exponent}")
    return None


def presumed(note: str) -> float | None:
    """The number that a note gives for a malformed one ("misprint: presumably 0.578 …"), or None."""
    found = _PRESUMED.search(note)
    return parse(found.group(1)) if found else None


def halves(value: float) -> str:
    """The number as text, with one decimal unless that is 0: the median of an even number of ranks may be 25.5.

    Examples
    --------
    >>> halves(25.5), halves(1026.0)
    ('25.5', '1,026')
    """
    return f"{value:,.1f}".removesuffix(".0").replace("-", "−")


@dataclass(frozen=True)
class Style:
    """The style of a column's numbers: the number of decimals, and the suffix ``k``, ``M``, ``%`` or none."""

    decimals: int = 3
    suffix: str = ""

    def write(self, value: float) -> str:
        """The number as text in this style.

        A value that would be rounded to fewer than two significant digits gets more decimals: in a column that prints
        ``85`` million, ``0.153`` million is written as ``0.15``.
        """
        scaled = value / float(_SCALE[self.suffix])
        decimals = self.decimals
        lost = abs(scaled - round(scaled, decimals)) > 1e-9 * abs(scaled)
        if lost and abs(scaled) < 10 ** (1 - decimals):
            decimals = 1 - math.floor(math.log10(abs(scaled)))
        return f"{scaled:,.{decimals}f}".replace("-", "−") + self.suffix

    def write_difference(self, difference: float, beside: str) -> str:
        """The signed difference, with at least the decimals of the obtained number's text ``beside``."""
        decimals = max(self.decimals, len(beside.rstrip("kM%").partition(".")[2]))
        scaled = round(difference / float(_SCALE[self.suffix]), decimals)
        if scaled == 0:
            return f"{0:.{decimals}f}{self.suffix}"
        return f"{scaled:+,.{decimals}f}".replace("-", "−") + self.suffix


def style_of(cells: Iterable[str]) -> Style:
    """The style of printed cells: maximum of decimals, most frequent suffix; three decimals if there are no numbers."""
    plain = [match for match in map(_PLAIN.fullmatch, cells) if match]
    if not plain:
        return Style()
    suffixes = [match.group(3) for match in plain]
    suffix = max(sorted(set(suffixes)), key=suffixes.count)
    return Style(max(len(m.group(2).partition(".")[2]) for m in plain if m.group(3) == suffix), suffix)


def style_of_values(values: Iterable[float]) -> Style:
    """A style for numbers that no paper prints: no decimals for whole numbers, else three digits of the largest."""
    sizes = [abs(v) for v in values if math.isfinite(v)]
    if all(v == round(v) for v in sizes):
        return Style(0)
    return Style(min(3, max(0, 2 - math.floor(math.log10(max(sizes))))))
