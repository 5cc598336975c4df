"""The nearest of 10⁶ key frames: search in two steps (64, then 512 dimensions) beside one step.

Vectors are descriptors of real frames and copies of them that differ as neighbouring frames do: to a frame's descriptor
a random share of the difference of two other neighbouring frames is added. Queries are made in the same way of frames
whose descriptors are *not* in the database. Without ``--film`` and ``--weights`` the frames are those of notebook 05's
films, through the embedded ResNet, which has 512 channels.

Agreement is the share of queries whose first result is that of exact search. The goal is for the fewest candidates of
the curve that reach an agreement of 0.95.
"""

import logging
from collections.abc import Callable
from pathlib import Path

import faiss
import matplotlib.pyplot as plt
import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks import Goal, Options, Row
from benchmarks.descriptors import trained
from benchmarks.timing import in_turns
from vretlib.datasets import movies
from vretlib.features import backbones, channel_index
from vretlib.report import figures
from vretlib.search import exact
from vretlib.search.coarse_to_fine import CoarseToFine
from vretlib.video import clip_features

log = logging.getLogger(__name__)

F32 = NDArray[np.float32]

OURS, EXACT, FAISS = "vretlib: coarse to fine", "vretlib: exact.knn", "faiss.IndexFlatL2"
CANDIDATES = (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000)
AGREEMENT = 0.95
_ROWS = 50_000


def run(options: Options) -> list[Row]:
    """Milliseconds at 1 and at 100 queries for each number of candidates, beside exact search of the same vectors."""
    n, n_judged = (20_000, 50) if options.quick else (1_000_000, 500)
    torch.set_num_threads(options.threads)
    faiss.omp_set_num_threads(options.threads)
    rng = np.random.default_rng(options.seed)
    stored, asked, changes = real_frames(options)
    log.info("%s vectors from %s frames", f"{n:,}", f"{len(stored):,}")
    xb, xq = jittered(rng, stored, changes, n), jittered(rng, asked, changes, n_judged)
    database = CoarseToFine(channel_index.channel_index(xb), xb)
    truth = exact.knn(xq, xb, 1, "euclidean")[1]
    index = faiss.IndexFlatL2(xb.shape[1])
    index.add(xb)
    agreement = {m: float((_ours(database, xq, m) == truth).mean()) for m in CANDIDATES}
    rows = []
    for nq in (1, 100):
        log.info("searching, %d queries", nq)
        rows += _compare(database, index, xq[: min(nq, len(xq))], agreement, options)
    return rows


def real_frames(options: Options) -> tuple[F32, F32, F32]:
    """Descriptors of frames for the database, of others for queries, and differences of neighbouring frames."""
    if options.film:
        paths = [options.film]
    else:
        paths = [movie.path for movie in movies.embedded(n_films=1 if options.quick else 6, n_queries=1).movies]
    network = trained(options.weights) if options.weights else backbones.load("resnet50", "embedded")
    tap = network.last_maps
    _, maps = clip_features.layers(paths, network, (tap,), fps=1.0 if options.quick else 3.0)
    parts = [maps[tap][start : start + 256] for start in range(0, len(maps[tap]), 256)]
    x = np.concatenate([channel_index.mean_descriptor(torch.from_numpy(np.array(part))).numpy() for part in parts])
    is_query = np.arange(len(x)) % 5 == 2
    return x[~is_query], x[is_query], np.diff(x, axis=0)


def jittered(rng: np.random.Generator, frames: F32, changes: F32, n: int) -> F32:
    """``n`` copies of frames, each with a share of some change; means after a ReLU are never negative."""
    x = np.empty((n, frames.shape[1]), np.float32)
    for start in range(0, n, _ROWS):
        part = x[start : start + _ROWS]
        share = rng.random((len(part), 1), dtype=np.float32)
        part[:] = share * changes[rng.integers(0, len(changes), len(part))]
        part += frames[rng.integers(0, len(frames), len(part))]
        np.maximum(part, 0, out=part)
    return x


def _ours(database: CoarseToFine, xq: F32, m: int) -> NDArray[np.int64]:
    return database.search(channel_index.channel_index(xq), xq, 1, m)[1]


def _compare(
    database: CoarseToFine, index: faiss.IndexFlatL2, xq: F32, agreement: dict[int, float], options: Options
) -> list[Row]:
    xb, sufficient = database.descriptors, [m for m, share in agreement.items() if share >= AGREEMENT]
    works: list[Callable[[], object]] = [
        lambda: exact.knn(xq, xb, 1, "euclidean"),
        lambda: index.search(xq, 1),
        *(lambda m=m: _ours(database, xq, m) for m in CANDIDATES),
    ]
    seconds = in_turns(works, 1 if options.quick else 5)
    of_ours = dict(zip(CANDIDATES, seconds[2:], strict=True))
    queries = f"{len(xq)} {'query' if len(xq) == 1 else 'queries'}"
    subject = f"1-NN of {len(xb):,} × {xb.shape[1]} by Euclidean distance, {queries}"
    settings: dict[str, float | int | str] = {"vectors": len(xb), "threads": options.threads, "queries": len(xq)}
    at = min(sufficient) if sufficient else max(CANDIDATES)
    ratio = seconds[0] / of_ours[at] if sufficient else 0.0
    goal = Goal(4, ratio, f"at least 4 times exact.knn, at an agreement of {AGREEMENT}")
    return [
        Row(subject, f"{OURS}, m={at}", 1000 * of_ours[at], "ms", settings | {"agreement": agreement[at]}, goal),
        Row(subject, EXACT, 1000 * seconds[0], "ms", settings),
        Row(subject, FAISS, 1000 * seconds[1], "ms", settings),
        *(
            Row(subject, OURS, 1000 * of_ours[m], "ms", settings | {"m": m, "recall": share})
            for m, share in agreement.items()
        ),
    ]


def plot(rows: list[Row], path: Path) -> None:
    """Agreement and time against the number of candidates, a panel per number of queries."""
    figures.use_style()
    subjects = list(dict.fromkeys(row.subject for row in rows))
    fig, axes = plt.subplots(1, len(subjects), figsize=(1 + 4.5 * len(subjects), 3.8), squeeze=False)
    for left, subject in zip(axes[0], subjects, strict=True):
        own = [row for row in rows if row.subject == subject]
        points = [row for row in own if "recall" in row.settings]
        m = [float(row.settings["m"]) for row in points]
        left.plot(m, [float(row.settings["recall"]) for row in points], "o-", color="C0")
        left.axhline(AGREEMENT, color="C0", linewidth=1, linestyle=":")
        left.set(xscale="log", xlabel="candidates m (vectors)", ylim=(0, 1.02))
        left.set_ylabel("first result as in exact search (share)", color="C0")
        left.set_title(subject, fontsize=8)
        right = left.twinx()
        right.grid(False)
        right.plot(m, [row.value for row in points], "s-", color="C1", label=OURS)
        for name, style in ((EXACT, "--"), (FAISS, ":")):
            right.axhline(
                next(row.value for row in own if row.method == name), linestyle=style, color="0.3", label=name
            )
        right.set_yscale("log")
        right.set_ylabel("time of all queries (ms)", color="C1")
        right.legend(loc="lower right", bbox_to_anchor=(1, 0.12), fontsize=7, framealpha=1)
    fig.savefig(path)
    plt.close(fig)
