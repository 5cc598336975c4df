"""Speed, as ratios measured in one run: ``python -m benchmarks [--only search] [--quick]`` (``make bench``).

Each module of this package measures one subject and has one entry, ``run(options: Options) -> list[Row]``;
``__main__`` collects the rows, writes ``results/bench/<subject>.json`` (with machine and versions) and a
picture, and prints a table with target and reached. Speeds of shared machines drift by up to 2x between phases,
so what is compared is timed in one run, in turns, with the same number of threads, and a target is a ratio
wherever it can be one.

A module that has a picture of its own says so with ``plot(rows: list[Row], path: Path) -> None``; the others
get bars.
"""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Goal:
    """What is asked for, what was obtained, and in which direction."""

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
    """One measurement. ``settings`` holds plain numbers and strings: parameters, and coordinates such as a
    recall.
    """

    subject: str  # rows that are compared with each other share it: one panel of the picture
    method: str
    value: float
    unit: str  # "queries/s", "frames/s", "ms", "MiB"
    settings: dict[str, float | int | str] = field(default_factory=dict)
    goal: Goal | None = None  # only on the row that has to reach something


@dataclass(frozen=True)
class Options:
    """What every module gets. ``quick`` asks for seconds instead of minutes: it proves the code, its numbers
    mean nothing.
    """

    quick: bool = False
    seed: int = 0
    threads: int = 2
    film: Path | None = None  # a real film to measure on; None: generated data
    weights: Path | None = None  # a trained network's file, named as its network; None: random weights alone
