"""Scores of clips from scores of their parts: eqs 6.1 and 6.2 of the thesis."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
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

    Raises
    ------
    UserError: other shapes, different dimensions, NaN or infinity, an unknown metric, or offsets that are not ascending
        from 0 to nb.
    """
    arrays.choice(metric, "metric", ("cosine", "inner_product"))
    base = arrays.matrix(xb, "xb")
    queries = arrays.matrix(xq, "xq", d=base.shape[1], like="the database")
    if metric == "cosine":
        queries, base = arrays.unit(queries), arrays.unit(base)
    edges = arrays.offsets(offsets, "offsets", len(base))
    scores = np.full((len(queries), len(edges) - 1), -np.inf, np.float32)
    filled = np.flatnonzero(np.diff(edges))
    block = max(1, _PRODUCTS // max(1, len(base)))
    for start in range(0, len(queries) if len(filled) else 0, block):
        some = slice(start, start + block)
        with np.errstate(over="ignore", invalid="ignore"):
            scores[some, filled] = np.maximum.reduceat(queries[some] @ base.T, edges[filled], axis=1)
    if not arrays.all_finite(scores[:, filled]):
        raise UserError("a score is beyond float32; expected smaller vectors: scale them, or use metric='cosine'")
    return scores
