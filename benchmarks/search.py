"""Searching 10⁶ codes of 256 bits: exact neighbours, and approximate neighbours at several recalls.

Clustered codes stand for key features: the same thing appears again in a film, with some bits flipped. The
clusters' centres are uniform, their members differ from them by 8 % of the bits, and the queries are members of
the database with another 8 % flipped. Uniform codes have no structure that an index could use; they show
how much of a result is due to the clusters. With a film, the codes of its frames are searched too: 10⁶ of them at
most, with codes that were left out as queries.

Recall counts a query as found when the distance found is the smallest in the database, so ties do not matter.
"""

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

import faiss
import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray

from benchmarks import Goal, Options, Row
from benchmarks.competitors import LIBRARIES, OURS, THESIS, PackedCodes, SearchSetting, all_of_them
from benchmarks.timing import in_turns
from vretlib.report import figures
from vretlib.search import hamming
from vretlib.video import describe

log = logging.getLogger(__name__)

RECALL = 0.95


def run(options: Options) -> list[Row]:
    """Exact search on every kind of codes, approximate search on those with structure."""
    n, n_queries = (5_000, 200) if options.quick else (1_000_000, 10_000)
    rng = np.random.default_rng(options.seed)
    kinds = {"clustered": clustered_codes(rng, n, n_queries), "uniform": uniform_codes(rng, n, n_queries)}
    if options.film:
        kinds["film"] = film_codes(options.film, rng, n, n_queries)
    rows: list[Row] = []
    for kind, (xb, xq) in kinds.items():
        rows += _exact(kind, xb, xq[:1000], options)
        if kind != "uniform":
            rows += _approximate(kind, xb, xq, options)
    return rows


def clustered_codes(rng: np.random.Generator, n: int, n_queries: int) -> tuple[PackedCodes, PackedCodes]:
    """Database and queries: 50 codes per cluster on average, 8 % of the bits flipped at each step."""
    centres = rng.integers(0, 256, (max(1, n // 50), 32), dtype=np.uint8)
    xb = _flip(rng, centres[rng.integers(0, len(centres), n)])
    return xb, _flip(rng, xb[rng.integers(0, n, n_queries)])


def uniform_codes(rng: np.random.Generator, n: int, n_queries: int) -> tuple[PackedCodes, PackedCodes]:
    """Database and queries without any structure."""
    return rng.integers(0, 256, (n, 32), dtype=np.uint8), rng.integers(0, 256, (n_queries, 32), dtype=np.uint8)


def film_codes(film: Path, rng: np.random.Generator, n: int, n_queries: int) -> tuple[PackedCodes, PackedCodes]:
    """Codes of a film's frames, drawn without replacement: most for the database, the rest as queries."""
    with tempfile.TemporaryDirectory() as folder:
        codes = describe.describe(film, Path(folder) / "film").codes
        rows = rng.permutation(len(codes))[: n + n_queries]
        drawn = np.asarray(codes[np.sort(rows)])[np.argsort(np.argsort(rows))]
    n_queries = min(n_queries, len(drawn) // 10)
    return drawn[:-n_queries], drawn[-n_queries:]


def _flip(rng: np.random.Generator, codes: PackedCodes, share: float = 0.08) -> PackedCodes:
    flips = [
        np.packbits(rng.random((len(part), 8 * codes.shape[1]), dtype=np.float32) < share, axis=1)
        for part in np.array_split(codes, max(1, len(codes) // 50_000))
    ]
    return codes ^ np.concatenate(flips)


def _exact(kind: str, xb: PackedCodes, xq: PackedCodes, options: Options) -> list[Row]:
    log.info("exact search, %s codes", kind)
    faiss.omp_set_num_threads(options.threads)
    flat = faiss.IndexBinaryFlat(8 * xb.shape[1])
    flat.add(xb)
    rows = []
    for k in (1, 10):
        ours, theirs = hamming.knn(xq, xb, k), flat.search(xq, k)
        seconds, faiss_seconds = in_turns(
            [lambda k=k: hamming.knn(xq, xb, k), lambda k=k: flat.search(xq, k)],  # type: ignore[misc]
            1 if options.quick else 7,
        )
        settings: dict[str, float | int | str] = {
            "k": k,
            "codes": len(xb),
            "queries": len(xq),
            "threads": options.threads,
            "same distances": float(np.mean(ours[0] == theirs[0])),
            "same ids": float(np.mean(ours[1] == theirs[1])),
        }
        goal = Goal(5, faiss_seconds / seconds, "at least 5 times faiss.IndexBinaryFlat")
        subject = f"exact {k}-NN, {kind} codes"
        rows.append(Row(subject, "vretlib", len(xq) / seconds, "queries/s", settings, goal))
        rows.append(Row(subject, "faiss.IndexBinaryFlat", len(xq) / faiss_seconds, "queries/s", settings))
    return rows


def _approximate(kind: str, xb: PackedCodes, xq: PackedCodes, options: Options) -> list[Row]:
    smallest = hamming.knn(xq, xb, 1)[0][:, 0]
    indices = list(all_of_them(xb, options.threads, quick=options.quick))
    log.info("searching %s codes at %d settings", kind, len(indices))
    works: list[Callable[[], object]] = [lambda index=index: index.nearest(xq) for index in indices]  # type: ignore[misc]
    seconds = in_turns(works, 1 if options.quick else 3)
    recalls = [float(np.mean(index.nearest(xq) == smallest)) for index in indices]
    subject = f"approximate 1-NN, {kind} codes"
    rows = [
        Row(subject, index.method, len(xq) / spent, "queries/s", _settings(index, recall, xb, options))
        for index, recall, spent in zip(indices, recalls, seconds, strict=True)
    ]
    return rows + _at_recall(f"approximate 1-NN at recall {RECALL}, {kind} codes", rows) + _memory(kind, indices, xb)


def _settings(index: SearchSetting, recall: float, xb: PackedCodes, options: Options) -> dict[str, float | int | str]:
    return {**index.settings, "recall": recall, "codes": len(xb), "threads": options.threads}


def _at_recall(subject: str, rows: list[Row]) -> list[Row]:
    """Speed of each method at the required recall; 0 for a method that does not reach it."""
    speeds = {method: speed_at(RECALL, *curve(rows, method)) for method in (OURS, THESIS, *LIBRARIES)}
    best = max(speeds[library] for library in LIBRARIES)
    goal = Goal(1.5, speeds[OURS] / best if best else np.inf, "at least 1.5 times the best of FAISS and OpenCV")
    return [
        Row(subject, method, speed, "queries/s", {}, goal if method == OURS else None)
        for method, speed in speeds.items()
    ]


def curve(rows: list[Row], method: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Recalls, ascending, and speeds of those settings of a method that no other of its settings beats in both."""
    points = sorted((float(row.settings["recall"]), row.value) for row in rows if row.method == method)
    kept = [point for i, point in enumerate(points) if all(point[1] > later[1] for later in points[i + 1 :])]
    return np.array([recall for recall, _ in kept]), np.array([speed for _, speed in kept])


def speed_at(recall: float, recalls: NDArray[np.float64], speeds: NDArray[np.float64]) -> float:
    """Speed at a recall, interpolated linearly between logarithms of speeds; 0 where the recall is not reached."""
    if not len(recalls) or recalls[-1] < recall:
        return 0.0
    return float(np.exp(np.interp(recall, recalls, np.log(speeds))))


def _memory(kind: str, indices: list[SearchSetting], xb: PackedCodes) -> list[Row]:
    rows = {}
    for index in indices:
        if index.mebibytes is not None:
            ratio = index.mebibytes * 2**20 / xb.nbytes
            goal = Goal(2, ratio, "at most twice the codes", at_most=True) if index.method == OURS else None
            rows[index.method] = Row(
                f"memory of the index, {kind} codes", index.method, index.mebibytes, "MiB", {}, goal
            )
    return list(rows.values())


def plot(rows: list[Row], path: Path) -> None:
    """Recall against queries per second, a panel per kind of codes."""
    figures.use_style()
    subjects = [
        subject for subject in dict.fromkeys(row.subject for row in rows) if subject.startswith("approximate 1-NN,")
    ]
    fig, axes = plt.subplots(1, len(subjects), figsize=(1 + 5 * len(subjects), 4.2), squeeze=False)
    for panel, subject in zip(axes[0], subjects, strict=True):
        panel_rows = [row for row in rows if row.subject == subject]
        for method in (OURS, THESIS, *LIBRARIES):
            panel.plot(*curve(panel_rows, method), marker="o", label=method, linewidth=2.2 if method == OURS else 1.2)
        panel.axvline(RECALL, color="0.6", linestyle=":", zorder=0)
        first = panel_rows[0].settings
        panel.set(yscale="log", xlabel="recall@1", ylabel="queries/s", title=subject)
        panel.annotate(
            f"{first['codes']:,} codes of 256 bits, {first['threads']} threads", (0.02, 0.02), xycoords="axes fraction"
        )
    axes[0, 0].legend(loc="lower left", bbox_to_anchor=(0, 0.06))
    fig.savefig(path)
    plt.close(fig)
