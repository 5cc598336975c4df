"""Hamming rankings and their average precision without sorting, and the training of shallow hash functions.

Everything starts from packed codes, distances included. "A sort for each query" is what published evaluations do:
distances as whole numbers, a stable argsort, a cumulative sum. NumPy sorts whole numbers of one byte by counting too,
which few users know: the row "numpy: one byte, radix sort" is that sort alone, without the average precision.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks import Goal, Options, Row, hash_formulas
from benchmarks.timing import in_turns, repeated
from vretlib import memory
from vretlib.evaluation import hamming
from vretlib.models.hashing import bre, itq, ksh, spectral
from vretlib.search import packed_codes

T = TypeVar("T")
OURS, FORMULA = "vretlib", "the formula in numpy"
N_BITS = 48
PackedCodes = NDArray[np.uint8]
RowSettings = dict[str, float | int | str]
Cases = dict[str, tuple[Callable[[], object], Callable[[], object]]]


def run(options: Options) -> list[Row]:
    """Milliseconds of evaluation, of whole rankings, and of training with its peak memory."""
    return _average_precision(options) + _ranking(options) + _training(options)


def _average_precision(options: Options) -> list[Row]:
    n_queries, n_codes = (60, 900) if options.quick else (3101, 7190)  # YouTube Celebrities
    rng = np.random.default_rng(options.seed)
    persons = rng.integers(0, 47, n_queries), rng.integers(0, 47, n_codes)
    centres = rng.random((47, N_BITS)) < 0.5
    xq, xb = (packed_codes.pack(centres[p] ^ (rng.random((len(p), N_BITS)) < 0.25)) for p in persons)
    relevant = persons[0][:, None] == persons[1]

    def ours() -> NDArray[np.float64]:
        return hamming.stable_average_precisions(packed_codes.distances(xq, xb), relevant)

    def expected() -> NDArray[np.float64]:
        return hamming.expected_average_precisions(packed_codes.distances(xq, xb), relevant)

    def loop() -> NDArray[np.float64]:
        return np.array([by_sorting(query, xb, wanted) for query, wanted in zip(xq, relevant, strict=True)])

    difference = float(np.abs(ours() - loop()).max())
    spent, in_expectation, slow = in_turns([ours, expected, loop], 1 if options.quick else 3)
    subject = f"mAP of {n_queries:,} × {n_codes:,} codes of {N_BITS} bits"
    settings: RowSettings = {"threads": options.threads, "seed": options.seed, "mAP": float(ours().mean())}
    faster = Goal(50, slow / spent, "at least 50 times a sort for each query")
    ties = Goal(3, in_expectation / spent, "at most 3 times that in database order", at_most=True)
    return [
        Row(subject, f"{OURS}: ties in database order", 1000 * spent, "ms", settings, faster),
        Row(subject, f"{OURS}: expected over orders of ties", 1000 * in_expectation, "ms", settings, ties),
        Row(subject, "a sort for each query", 1000 * slow, "ms", settings),
        Row(
            "largest difference of an average precision from that of the sort", OURS, difference * 1e12, "1e-12",
            settings, Goal(1, difference * 1e12, "at most 1e-12", at_most=True),
        ),
    ]  # fmt: skip


def by_sorting(query: PackedCodes, xb: PackedCodes, relevant: NDArray[np.bool_]) -> float:
    """Average precision of one query by distances, argsort and cumulative sum."""
    hits = relevant[np.argsort(np.bitwise_count(query ^ xb).sum(axis=1), kind="stable")]
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1) * hits).sum() / hits.sum())


def _ranking(options: Options) -> list[Row]:
    n_queries, n_codes = (3, 2000) if options.quick else (50, 100_000)
    rng = np.random.default_rng(options.seed)
    xq, xb = (packed_codes.pack(rng.random((n, N_BITS)) < 0.5) for n in (n_queries, n_codes))

    def argsort() -> NDArray[np.int64]:
        return np.stack([np.argsort(np.bitwise_count(q ^ xb).sum(axis=1), kind="stable") for q in xq])

    def radix() -> NDArray[np.int64]:
        words, queries = (np.pad(x, ((0, 0), (0, 2))).view(np.uint64)[:, 0] for x in (xb, xq))
        return np.stack([np.argsort(np.bitwise_count(q ^ words), kind="stable") for q in queries])

    methods: dict[str, Callable[[], NDArray[np.int64]]] = {
        OURS: lambda: packed_codes.rank(xq, xb),
        "numpy: popcount, argsort": argsort,
        "numpy: one byte, radix sort": radix,
    }
    rankings = [method() for method in methods.values()]
    seconds = in_turns(list(methods.values()), 1 if options.quick else 3)
    goal = Goal(5, seconds[1] / seconds[0], "at least 5 times argsort")
    subject = f"ranking of {n_codes:,} codes of {N_BITS} bits, {n_queries} queries"
    return [
        Row(subject, name, 1000 * spent / n_queries, "ms/query",
            {"threads": options.threads, "same": float((ranking == rankings[0]).mean())}, goal if name == OURS else
            None)
        for name, spent, ranking in zip(methods, seconds, rankings, strict=True)
    ]  # fmt: skip


def _training(options: Options) -> list[Row]:
    n, d, n_persons = (300, 20, 5) if options.quick else (5000, 320, 47)
    points, anchors, m, labelled = (100, 5, 30, 200) if options.quick else (1000, 20, 300, 2000)
    rng = np.random.default_rng(options.seed)
    labels = rng.integers(0, n_persons, n)
    x = (rng.standard_normal((n_persons, d))[labels] + rng.standard_normal((n, d))).clip(0).astype(np.float32)
    n_bits = 6 if options.quick else N_BITS

    def seeded() -> np.random.Generator:
        return np.random.default_rng(options.seed)

    size = {"n_points": points, "n_anchors": anchors}
    unlabelled = {**_without_labels(x[: n // 5], n_bits, seeded), **_without_labels(x, n_bits, seeded)}
    rows = [row for name, pair in unlabelled.items() for row in _compared(f"training of {name}", *pair, options)]
    rows += _whole(
        f"training of BRE, {points:,} points, {n_bits} bits, to its end",
        lambda tolerance: bre.fit(x, n_bits, seeded(), tolerance=tolerance, **size).objective,
        lambda tolerance: hash_formulas.bre(x, n_bits, seeded(), points, anchors, tolerance), 1e9, 1.0, options,
    )  # fmt: skip
    rows += _whole(
        f"training of KSH, {labelled:,} labelled × {m} anchors, {n_bits} bits",
        lambda bits: ksh.fit(x, labels, bits, seeded(), n_anchors=m, n_labelled=labelled).gains[:, 1],
        lambda bits: hash_formulas.ksh(x, labels, bits, seeded(), m, labelled), 1, n_bits, options,
    )  # fmt: skip
    return rows


def _whole(
    subject: str, ours: Callable[[T], Any], formula: Callable[[T], Any], part: T, whole: T, options: Options
) -> list[Row]:
    """Trainings that take the formula a minute or more: each once, by processor time.

    Memory is that of a part of the training, one round of BRE or one bit of KSH: each further one needs the same.
    """
    peaks, seconds, found = [], [], []
    for work in (ours, formula):
        work(part)  # to load and compile
        peaks.append(memory.peak(partial(work, part))[1])
        started = time.process_time()
        found.append(np.asarray(work(whole)))
        seconds.append(time.process_time() - started)
    n = min(map(len, found))
    largest = float(np.max(np.abs(found[0][:n] - found[1][:n]) / np.abs(found[1][:n])))
    shared: RowSettings = {"threads": options.threads, "clock": "processor", "largest relative difference": largest}
    goal = Goal(1, seconds[1] / seconds[0], "at least the speed of the formula in plain numpy")
    return [
        Row(subject, name, 1000 * spent, "ms", shared | {"peak MiB": peak, "results": len(one)}, of)
        for name, spent, peak, one, of in zip((OURS, FORMULA), seconds, peaks, found, (goal, None), strict=True)
    ]


def _without_labels(x: NDArray[np.float32], n_bits: int, seeded: Callable[[], np.random.Generator]) -> Cases:
    size = f"{len(x):,} × {x.shape[1]}, {n_bits} bits"
    return {
        f"SH, {size}": (
            lambda: spectral.fit(x, n_bits).span, lambda: hash_formulas.spectral(x, n_bits)[0]),
        f"ITQ, {size}": (
            lambda: itq.fit(x, n_bits, seeded()).errors[-1], lambda: hash_formulas.itq(x, n_bits, seeded())),
    }  # fmt: skip


def _compared(subject: str, ours: Callable[[], object], formula: Callable[[], object], options: Options) -> list[Row]:
    found, expected = np.asarray(ours()), np.asarray(formula())
    rounds = 1 if options.quick else 15
    settings: RowSettings = {
        "threads": options.threads,
        "rounds": rounds,
        "largest relative difference": float(np.max(np.abs(found - expected) / np.abs(expected))),
    }
    spent, alone, faster = repeated(ours, formula, rounds)
    peaks: list[RowSettings] = [{"peak MiB": memory.peak(work)[1]} for work in (ours, formula)]
    goal = Goal(1, faster, "at least the speed of the formula in plain numpy")
    return [
        Row(subject, OURS, 1000 * spent, "ms", settings | peaks[0], goal),
        Row(subject, FORMULA, 1000 * alone, "ms", settings | peaks[1]),
    ]
