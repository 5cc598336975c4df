"""Facts about a data set: size, licence, how to obtain it, and how to verify a copy."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vretlib.datasets.verification import Finding


@dataclass(frozen=True)
class DataSet:
    """One data set.

    Attributes
    ----------
    name: NAME in ``python -m vretlib data verify NAME PATH``.
    title, size, licence, obtain: texts for the reader.
    chapters: numbers of the chapters that can use it.
    use: parameters of a chapter for it, with ``{path}`` for its path.
    check: yields findings about a copy, file by file; None where there is nothing to check.
    """

    name: str
    title: str
    chapters: tuple[int, ...]
    size: str
    licence: str
    obtain: str
    use: str
    check: Callable[[Path], Iterator[Finding]] | None = None
