"""The 100 nearest of 10⁶ unit vectors of 512 dimensions by cosine, for one query and for 100.

vretlib is compared with FAISS, torch and numpy, the latter two with the whole product at once and in chunks. All use
float32 and the same threads. The vectors have length 1, so the others need inner products only. vretlib computes the
cosine of the same vectors, so it computes their norms too, and orders neighbours by exact sums.
"""

import logging
from collections.abc import Callable

import faiss
import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks import Goal, Options, Row
from benchmarks.timing import in_turns
from vretlib.search import exact

Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]

log = logging.getLogger(__name__)

OURS = "vretlib: exact.knn"
K, D = 100, 512
CHUNK = 65_536


def run(options: Options) -> list[Row]:
    """Milliseconds of each method at 1 and at 100 queries, and how many neighbours agree."""
    n = 20_000 if options.quick else 1_000_000
    torch.set_num_threads(options.threads)
    faiss.omp_set_num_threads(options.threads)
    rng = np.random.default_rng(options.seed)
    log.info("drawing %s vectors", f"{n:,}")
    xb, all_queries = unit_vectors(rng, n), unit_vectors(rng, 100)
    index = faiss.IndexFlatIP(D)
    index.add(xb)
    rows = []
    for nq in (1, 100):
        log.info("exact search, %d queries", nq)
        rows += _compare(all_queries[:nq], xb, index, options)
    return rows


def unit_vectors(rng: np.random.Generator, n: int) -> Vectors:
    """Vectors (n, D) uniform on the sphere, normalised in place to save memory."""
    x = rng.standard_normal((n, D), dtype=np.float32)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    return x


def _compare(xq: Vectors, xb: Vectors, index: faiss.IndexFlatIP, options: Options) -> list[Row]:
    methods: dict[str, Callable[[], Ids]] = {
        OURS: lambda: exact.knn(xq, xb, K)[1],
        "faiss.IndexFlatIP": lambda: index.search(xq, K)[1],
        "torch: product, topk": lambda: with_torch(xq, xb, len(xb)),
        "torch: in chunks": lambda: with_torch(xq, xb, CHUNK),
        "numpy: product, argpartition": lambda: with_numpy(xq, xb, len(xb)),
        "numpy: in chunks": lambda: with_numpy(xq, xb, CHUNK),
    }
    found = {name: find() for name, find in methods.items()}
    seconds = in_turns(list(methods.values()), 1 if options.quick else 10 if len(xq) == 1 else 4)
    best = min(seconds[1:])
    goal = Goal(1.2, seconds[0] / best, "at most 1.2 times the best of FAISS, torch and numpy", at_most=True)
    subject = f"exact cosine {K}-NN, {len(xb):,} × {D}, {len(xq)} {'query' if len(xq) == 1 else 'queries'}"
    return [
        Row(subject, name, 1000 * spent, "ms", _settings(found, name, xb, options), goal if name == OURS else None)
        for name, spent in zip(methods, seconds, strict=True)
    ]


def with_torch(xq: Vectors, xb: Vectors, rows: int) -> Ids:
    """Ids of the K best, by the best of each chunk of rows."""
    queries, database = torch.from_numpy(xq), torch.from_numpy(xb)
    scores, ids = [], []
    for start in range(0, len(xb), rows):
        best = torch.topk(queries @ database[start : start + rows].T, min(K, rows))
        scores.append(best.values)
        ids.append(best.indices + start)
    last = torch.topk(torch.cat(scores, dim=1), K).indices
    return torch.gather(torch.cat(ids, dim=1), 1, last).numpy()


def with_numpy(xq: Vectors, xb: Vectors, rows: int) -> Ids:
    """Ids of the K best, by the same method; the product has the order that is fastest for one query and for many."""
    scores, ids = [], []
    for start in range(0, len(xb), rows):
        block = xb[start : start + rows]
        products = (block @ xq[0])[None] if len(xq) == 1 else xq @ block.T
        best = np.argpartition(-products, K - 1, axis=1)[:, :K]
        scores.append(np.take_along_axis(products, best, axis=1))
        ids.append(best + start)
    all_scores, all_ids = np.concatenate(scores, axis=1), np.concatenate(ids, axis=1)
    return np.take_along_axis(all_ids, np.argsort(-all_scores, axis=1)[:, :K], axis=1)


def _settings(found: dict[str, Ids], name: str, xb: Vectors, options: Options) -> dict[str, float | int | str]:
    same = [len(set(a) & set(b)) / K for a, b in zip(found[name].tolist(), found[OURS].tolist(), strict=True)]
    return {
        "k": K,
        "vectors": len(xb),
        "dimensions": D,
        "threads": options.threads,
        "neighbours shared with vretlib": float(np.mean(same)),
    }
