"""Scores of clips from scores of their parts: eqs 6.1 and 6.2 of the thesis."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib.errors import UserError

_PRODUCTS = 1 << 24  # at a time: 64 MiB


def clip_scores(
    xq: ArrayLike, xb: ArrayLike, offsets: ArrayLike, metric: Literal["cosine", "inner_product"] = "cosine"
) -> NDArray[np.float32]:
    """The greatest similarity of a query with the vectors of each clip, (nq, clips).

    Parameters
    ----------
    xq: (nq, d) queries. A zero vector has cosine 0 with everything.
    xb: (nb, d) vectors of shots, or of single frames, clip after clip.
    offsets: (clips + 1,): clip i has the rows ``offsets[i]:offsets[i + 1]``. One without rows scores -inf: it cannot be
        found, and ranks behind all that can.
    metric: "cosine" as in the thesis; "inner_product" is the same for vectors of length 1, and needs no pass over them.
    """
    if metric not in ("cosine", "inner_product"):
        raise UserError(f"metric={metric!r}: expected 'cosine' or 'inner_product'")
    queries, base = (_unit(x) if metric == "cosine" else np.asarray(x, np.float32) for x in (xq, xb))
    edges = np.asarray(offsets, np.int64)
    if queries.shape[1] != base.shape[1]:
        raise UserError(
            f"queries of {queries.shape[1]} dimensions for a database of {base.shape[1]}: expected equal ones"
        )
    if edges.ndim != 1 or not len(edges) or edges[0] != 0 or edges[-1] != len(base) or (np.diff(edges) < 0).any():
        raise UserError(f"offsets of {len(base)} rows: expected ascending numbers from 0 to {len(base)}")
    scores = np.full((len(queries), len(edges) - 1), -np.inf, np.float32)
    filled = np.flatnonzero(np.diff(edges))
    block = max(1, _PRODUCTS // max(1, len(base)))
    for start in range(0, len(queries) if len(filled) else 0, block):
        some = slice(start, start + block)
        scores[some, filled] = np.maximum.reduceat(queries[some] @ base.T, edges[filled], axis=1)
    return scores


def _unit(x: ArrayLike) -> NDArray[np.float32]:
    vectors = np.asarray(x, np.float32)
    if vectors.ndim != 2 or not np.isfinite(vectors).all():
        raise UserError(f"vectors of shape {vectors.shape}: expected (n, d), finite numbers")
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(norms > 0, norms, 1), np.float32)
