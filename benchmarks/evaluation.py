"""Mean average precision of long rankings with junk, beside the loop over ranks of evaluation programs.

The loop is that of Oxford's and Paris' program: it looks for each rank in the sets of positives and junk. It would take
minutes for all queries, so it is timed on a few, and the times per query are compared.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import Goal, Options, Row, report
from benchmarks.timing import in_turns
from vretlib.evaluation.average_precision import average_precisions

Ids = NDArray[np.int64]

log = logging.getLogger(__name__)

OURS, LOOP, ARRAYS = "vretlib: average_precisions", "the classic loop over ranks", "numpy: isin and cumsum per query"
N_POSITIVES = N_JUNK = 100
N_LOOPED = 20  # queries for the slow methods


def run(options: Options) -> list[Row]:
    """Microseconds per query of each, and the largest difference between their results."""
    nq, n = (30, 2_000) if options.quick else (1_000, 100_000)
    rng = np.random.default_rng(options.seed)
    log.info("drawing %s rankings of %s", f"{nq:,}", f"{n:,}")
    rankings = rng.permuted(np.tile(np.arange(n), (nq, 1)), axis=1)
    early = 1 / np.arange(1, n + 1)  # early places are likelier, so that queries are neither too easy nor too hard
    early /= early.sum()
    marked = [ranking[rng.choice(n, N_POSITIVES + N_JUNK, replace=False, p=early)] for ranking in rankings]
    positives, junk = [ids[:N_POSITIVES] for ids in marked], [ids[N_POSITIVES:] for ids in marked]
    few = rankings[:N_LOOPED], positives[:N_LOOPED], junk[:N_LOOPED]

    values = average_precisions(*few)
    difference = max(float(np.abs(other(*few) - values).max()) for other in (loop_over_ranks, with_arrays))
    seconds = in_turns(
        [
            lambda: average_precisions(rankings, positives, junk),
            lambda: loop_over_ranks(*few),
            lambda: with_arrays(*few),
        ],
        1 if options.quick else 5,
    )
    counts = dict(zip((OURS, LOOP, ARRAYS), (nq, N_LOOPED, N_LOOPED), strict=True))
    times = {name: 1e6 * spent / counts[name] for (name, spent) in zip(counts, seconds, strict=True)}
    subject = f"average precision of {n:,} ranks with junk"
    goal = Goal(50, times[LOOP] / times[OURS], "at least 50 times the classic loop over ranks")
    equal = Goal(1e-12, difference, "equal to 1e-12", at_most=True)
    return [
        Row(subject, name, us, "µs/query", _settings(counts[name], n, options), goal if name == OURS else None)
        for name, us in times.items()
    ] + [Row("largest difference between average precisions", OURS, 1e15 * difference, "10⁻¹⁵", {}, equal)]


def loop_over_ranks(rankings: Ids, positives: Sequence[Ids], junk: Sequence[Ids]) -> NDArray[np.float64]:
    """The program of Oxford and Paris with Python's sets, and with lists, which are faster to iterate over."""
    values = []
    for ranking, wanted, ignored in zip(rankings, positives, junk, strict=True):
        wanted_set, ignored_set = set(wanted.tolist()), set(ignored.tolist())
        old_recall, old_precision, area, hits, rank = 0.0, 1.0, 0.0, 0, 0
        for item in ranking.tolist():
            if item in ignored_set:
                continue
            if item in wanted_set:
                hits += 1
            recall, precision = hits / len(wanted_set), hits / (rank + 1)
            area += (recall - old_recall) * (old_precision + precision) / 2
            old_recall, old_precision = recall, precision
            rank += 1
        values.append(area)
    return np.array(values)


def with_arrays(rankings: Ids, positives: Sequence[Ids], junk: Sequence[Ids]) -> NDArray[np.float64]:
    """The same formula on arrays as long as the ranking, the obvious version in numpy."""
    values = []
    for ranking, wanted, ignored in zip(rankings, positives, junk, strict=True):
        kept = ranking[~np.isin(ranking, ignored)]
        relevant = np.isin(kept, wanted)
        precision = np.cumsum(relevant) / np.arange(1, len(kept) + 1)
        before = np.concatenate([[1.0], precision[:-1]])
        values.append(((before + precision) / 2)[relevant].sum() / len(wanted))
    return np.array(values)


def plot(rows: list[Row], path: Path) -> None:
    """The times; a difference needs no picture."""
    report.bars([row for row in rows if row.unit == "µs/query"], path)


def _settings(n_timed: int, n: int, options: Options) -> dict[str, float | int | str]:
    return {"queries timed": n_timed, "ranks": n, "positives": N_POSITIVES, "junk": N_JUNK, "threads": options.threads}
