"""Speed, as ratios measured in one run: ``python -m benchmarks [--only search] [--quick]`` (``make bench``).

Each module of this package measures one subject and has one entry, ``run(options: Options) -> list[Row]``;
``__main__`` collects the rows, writes ``results/bench/<subject>.json`` (with machine and versions) and a
picture, and prints a table with target and reached. Speeds of shared machines vary by up to 2x over time, so
methods that are compared are timed in turns in one run, with the same number of threads, and targets are ratios
where possible.

A module with a picture of its own has a function ``plot(rows: list[Row], path: Path) -> None``; the others get bars.
"""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Goal:
    """A target, the obtained value, and the direction of the comparison."""

    wanted: float
    obtained: float
    text: str  # in words, e.g. "at least 5 times faiss.IndexBinaryFlat"
    at_most: bool = False

    @property
    def reached(self) -> bool:
        """Whether the obtained value is on the right side of the wanted one."""
        return self.obtained <= self.wanted if self.at_most else self.obtained >= self.wanted


@dataclass(frozen=True)
class Row:
    """One measurement. ``settings`` holds plain numbers and strings: parameters, and coordinates such as a recall."""

    subject: str  # rows with the same subject are compared, in one panel of the picture
    method: str
    value: float
    unit: str  # "queries/s", "frames/s", "ms", "MiB"
    settings: dict[str, float | int | str] = field(default_factory=dict)
    goal: Goal | None = None  # only on the row that has a target


@dataclass(frozen=True)
class Options:
    """Options of every module. A ``quick`` run takes seconds and tests the code; its numbers have no meaning."""

    quick: bool = False
    seed: int = 0
    threads: int = 2
    film: Path | None = None  # a real film to measure on; None: generated data
    weights: Path | None = None  # a trained network's file, named as its network; None: random weights alone
