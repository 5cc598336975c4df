"""Scores of clips from scores of their parts: eqs 6.1 and 6.2 of the thesis."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError

_PRODUCTS = 1 << 24  # at a time: 64 MiB


def clip_scores(
    xq: ArrayLike, xb: ArrayLike, offsets: ArrayLike, metric: Literal["cosine", "inner_product"] = "cosine"
) -> NDArray[np.float32]:
    """The largest similarity of each query with the vectors of each clip, (nq, clips).

    Parameters
    ----------
    xq: (nq, d) queries. A zero vector has cosine 0 with everything.
    xb: (nb, d) vectors of shots, or of single frames, clip after clip.
    offsets: (clips + 1,): clip i has the rows ``offsets[i]:offsets[i + 1]``. A clip without rows has the score -inf and
        ranks last.
    metric: "cosine" as in the thesis; "inner_product" is the same for vectors of length 1, and faster. Sums are float32
        in any order, so that the scores of equal vectors may differ in the last digit.

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
    return arrays.like(xq, scores)


def nearest_in(xq: ArrayLike, xb: ArrayLike, ranges: ArrayLike) -> NDArray[np.int64]:
    """The row of ``xb`` in a query's own range that is most similar to it, int64 (nq,); the first of equal ones.

    Parameters
    ----------
    xq: (nq, d) queries.
    xb: (nb, d) vectors of length 1, such as the frames of shots.
    ranges: (nq, 2), half-open ranges of rows of ``xb``: where each query looks.

    Raises
    ------
    UserError: other shapes, different dimensions, NaN or infinity, or a range that is empty or reaches outside ``xb``.
    """
    base = arrays.matrix(xb, "xb")
    parts = arrays.ranges(ranges, "ranges", len(base))
    queries = arrays.matrix(xq, "xq", n=len(parts), d=base.shape[1], like="the database")
    found = [start + (base[start:stop] @ query).argmax() for query, (start, stop) in zip(queries, parts, strict=True)]
    return np.array(found, np.int64)


@dataclass(frozen=True, eq=False)
class ClipVectors:
    """Queries and a database of clips in one space, compared by cosine.

    Attributes
    ----------
    xq: (nq, d) queries.
    xb: (nb, d) vectors of shots, of single frames or of whole clips, clip after clip.
    offsets: int64 (clips + 1,): clip i has the rows ``offsets[i]:offsets[i + 1]`` of ``xb``.
    """

    xq: NDArray[np.float32] = field(repr=False)
    xb: NDArray[np.float32] = field(repr=False)
    offsets: NDArray[np.int64] = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse arrays that do not go together, as `clip_scores` does."""
        xb = arrays.matrix(self.xb, "xb")
        xq = arrays.matrix(self.xq, "xq", d=xb.shape[1], like="the database")
        for name, array in (("xq", xq), ("xb", xb), ("offsets", arrays.offsets(self.offsets, "offsets", len(xb)))):
            object.__setattr__(self, name, array)

    @property
    def d(self) -> int:
        """Dimensions of a vector."""
        return int(self.xb.shape[1])

    @property
    def n_bytes(self) -> int:
        """Memory of the database in single precision."""
        return len(self.xb) * self.d * 4

    @cached_property
    def scores(self) -> NDArray[np.float32]:
        """The largest cosine of each query with the vectors of each clip, (nq, clips)."""
        return clip_scores(self.xq, self.xb, self.offsets)

    @property
    def ranking(self) -> NDArray[np.int64]:
        """Clips, best first, (nq, clips); of equal ones the first."""
        return np.argsort(-self.scores, axis=1, kind="stable")

    def best_row(self, query: int, clip: int) -> int:
        """The row of ``xb`` that makes a clip's score for a query.

        Raises
        ------
        UserError: the clip has no vectors, or there is no such query or clip.
        """
        query = arrays.whole(query, "query", 0, len(self.xq) - 1)
        clip = arrays.whole(clip, "clip", 0, len(self.offsets) - 2)
        start, stop = self.offsets[clip : clip + 2]
        if start == stop:
            raise UserError(f"clip {clip} has no vectors; expected a clip with at least one")
        return int(start + (arrays.unit(self.xb[start:stop]) @ self.xq[query]).argmax())
