"""Nearest neighbours of vectors and of binary codes, and the votes of local features; arrays in, arrays out.

Queries are ``xq`` (nq, d), the database is ``xb`` (nb, d). Both may be numpy arrays or torch tensors on the CPU.
Matrices of scores, distances and ids are tensors where ``xq`` is one; `Nearest`, `Reranked` and votes hold arrays.
"""

from typing import TYPE_CHECKING

from vretlib.lazy import on_demand

if TYPE_CHECKING:
    from vretlib.search.binary_ivf import BinaryIVF
    from vretlib.search.binary_kdtree import BinaryKdTree
    from vretlib.search.clip_search import clip_scores
    from vretlib.search.coarse_to_fine import CoarseToFine
    from vretlib.search.exact import knn
    from vretlib.search.float_kdtree import FloatKdTree
    from vretlib.search.frame_search import best_frame, best_frame_euclidean
    from vretlib.search.hamming import knn as hamming_knn
    from vretlib.search.hamming import nearest as hamming_nearest
    from vretlib.search.metric_names import metric_distances
    from vretlib.search.neighbours import Nearest
    from vretlib.search.regions import expand, rerank, rerank_by_class
    from vretlib.search.similarity import distances as pairwise_distances
    from vretlib.search.similarity import scores as pairwise_scores
    from vretlib.search.votes import count as count_votes
    from vretlib.search.votes import relative as relative_votes
    from vretlib.search.votes import winner

__all__ = [
    "BinaryIVF",
    "BinaryKdTree",
    "CoarseToFine",
    "FloatKdTree",
    "Nearest",
    "best_frame",
    "best_frame_euclidean",
    "clip_scores",
    "count_votes",
    "expand",
    "hamming_knn",
    "hamming_nearest",
    "knn",
    "metric_distances",
    "pairwise_distances",
    "pairwise_scores",
    "relative_votes",
    "rerank",
    "rerank_by_class",
    "winner",
]

__getattr__, __dir__ = on_demand(__name__)
