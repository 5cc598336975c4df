"""A CSV with the answer to each photograph: what it shows, what the search found, and whether that is right.

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
    """The answer of a search to one photograph.

    Attributes
    ----------
    image: the photograph's path.
    asked: the film and frame, or the clips, that it shows.
    found: the first result of the search; empty if there is none.
    right: whether the first result is right.
    rank: rank of the first right result, from 1; None if no result is right.
    score: score of the first result in the method's own units; None if the method has no scores.
    level: difficulty of the photograph according to the list; may be empty.
    """

    image: str | Path
    asked: str
    found: str
    right: bool
    rank: int | None = None
    score: float | None = None
    level: str = ""


@dataclass(frozen=True)
class AnswersFile:
    """The file that answers were written to, and how many of them are right; a notebook shows one line."""

    path: Path
    n: int
    n_right: int

    def __repr__(self) -> str:
        where = Path(*self.path.parts[-2:]).as_posix()
        return f"answers per photograph: {where} ({self.n_right} of {self.n} right)"


def table(answers: Sequence[Answer]) -> pd.DataFrame:
    """A frame with the columns `COLUMNS` and one row per answer. None becomes an empty cell."""
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
    """One answer for each query: the first item of its ranking, and the rank of the first relevant item.

    Parameters
    ----------
    queries: path and level of each image; a level may be empty.
    names: names of the searched items, by id.
    rankings: int64 (nq, n) ids, best first; -1 where nothing was found.
    relevant: the relevant ids of each query.
    scores: score of the first item of each ranking.
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


def write(folder: Path, title: str, answers: Sequence[Answer]) -> AnswersFile:
    """The file ``<folder>/answers/<title>.csv`` with the answers, which is written in one step.

    Raises
    ------
    UserError: the file cannot be written.
    """
    path = folder / "answers" / f"{slug(title)}.csv"
    with replacing(path) as partial:
        table(answers).to_csv(partial, index=False, encoding="utf-8", lineterminator="\n")
    return AnswersFile(path, len(answers), sum(bool(answer.right) for answer in answers))
