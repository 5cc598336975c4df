"""The answers of a search, photograph by photograph, as a CSV: what was asked, what was found, and whether it is right.

>>> answers = [Answer("a.jpg", asked="film, frame 3", found="film, frame 4", right=True, rank=1, score=0.91)]
>>> chapter.answers("Table 5.1, Key features", answers)    # doctest: +SKIP
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.report.files import replacing, slug

COLUMNS = ("image", "asked", "level", "rank", "found", "score", "right")


@dataclass(frozen=True)
class Answer:
    """What a search answered to one photograph.

    Attributes
    ----------
    image: the photograph's path.
    asked: the film and frame, or the clips, that it shows.
    found: what the search put first; empty where it found nothing.
    right: whether that is what was asked for.
    rank: of the right one, from 1; None where the search did not find it or gives one answer only, and a wrong one.
    score: of what was found, in the method's own units; None where the method has none.
    level: how hard the list calls the photograph; may be empty.
    """

    image: str | Path
    asked: str
    found: str
    right: bool
    rank: int | None = None
    score: float | None = None
    level: str = ""


@dataclass(frozen=True)
class Written:
    """Where answers were written, and how many were right: what a notebook shows of them is one line."""

    path: Path
    n: int
    n_right: int

    def __repr__(self) -> str:
        where = Path(*self.path.parts[-2:]).as_posix()
        return f"answers per photograph: {where} ({self.n_right} of {self.n} right)"


def table(answers: Sequence[Answer]) -> pd.DataFrame:
    """One row per answer under `COLUMNS`, in their order; ``right`` is "right" or "wrong", what is None is empty."""
    rows = [
        (
            os.fsencode(answer.image).decode("utf-8", "backslashreplace"),
            answer.asked,
            answer.level,
            "" if answer.rank is None else str(int(answer.rank)),
            answer.found,
            "" if answer.score is None else f"{float(answer.score):.6g}",
            "right" if answer.right else "wrong",
        )
        for answer in answers
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def of_rankings(
    queries: Sequence[tuple[str | Path, str]],
    names: Sequence[str],
    rankings: NDArray[np.int64],
    relevant: Sequence[NDArray[np.int64]],
    scores: Sequence[float] | None = None,
) -> list[Answer]:
    """One answer for each query: the first item of its ranking, and the rank of the first right one.

    Parameters
    ----------
    queries: the path of each image, and its level, which may be empty.
    names: of the items that are searched, by id.
    rankings: int64 (nq, n) ids, best first; -1 where nothing was found.
    relevant: the ids that each query should find.
    scores: of the first item of each ranking.
    """
    found = []
    for i, ((image, level), ranking, right) in enumerate(zip(queries, rankings, relevant, strict=True)):
        ranks, first = np.flatnonzero(np.isin(ranking, right)), int(ranking[0])
        found.append(
            Answer(
                image,
                asked="; ".join(names[item] for item in right),
                found=names[first] if first >= 0 else "",
                right=bool(len(ranks)) and int(ranks[0]) == 0,
                rank=int(ranks[0]) + 1 if len(ranks) else None,
                score=None if scores is None else float(scores[i]),
                level=level,
            )
        )
    return found


def write(folder: Path, title: str, answers: Sequence[Answer]) -> Written:
    """Write the table of answers to ``<folder>/answers/<title>.csv``, whole or not at all.

    Raises
    ------
    UserError: the file cannot be written.
    """
    path = folder / "answers" / f"{slug(title)}.csv"
    with replacing(path) as partial:
        table(answers).to_csv(partial, index=False, encoding="utf-8", lineterminator="\n")
    return Written(path, len(answers), sum(bool(answer.right) for answer in answers))
