"""What paper 003 does with the first images of a ranking (section 3.3): re-ranking by regions, and query expansion.

    CA-SR   class-agnostic: the region most similar to the query box gives the image its score
    CS-SR   class-specific: the region with the highest score of the query's class, from a network that knows it
    QE      the query is averaged with the descriptors of the first images, and all images are searched again

The paper re-ranks the first N = 100 and expands with M = 5. As in the authors' code, re-ranking orders the first N anew
and leaves the rest where it is, and expansion after it takes the first images of the re-ranked list.

An image's regions are the first ``n_regions`` of its rows; the other rows are never read. An image without a region has
region −1 and score −∞, so it comes last of the N. Images with equal scores stay in the order in which they were; of
equal regions the first counts, which is the network's best. A collection smaller than N or M is used as a whole.

A region of 512 numbers takes 1 KiB as float16, so an image of 300 takes 300 KiB, half of what float32 takes.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.kernels import njit
from vretlib.parallel import map_slices
from vretlib.search._half_precision import CAN_READ, number
from vretlib.search._popcount import use_wide_vectors

F32 = NDArray[np.float32]
Ids = NDArray[np.int64]


class Depths(NamedTuple):
    """Number of images that are re-ranked (N) and that are averaged by query expansion (M).

    The defaults are paper 003's.
    """

    n_top: int = 100
    m: int = 5


@dataclass(frozen=True, eq=False)
class Reranked:
    """Rankings whose first N images were ordered by their best region.

    Attributes
    ----------
    ranking: int64 (nq, k), the ids that were given: the first N in the new order, the others as before.
    region: int64 (nq, N), the number of the best region of each of the first N of ``ranking``, −1 where it has none.
    scores: float32 (nq, N), the score of that region, descending; −∞ where there is none.
    """

    ranking: Ids = field(repr=False)
    region: Ids = field(repr=False)
    scores: F32 = field(repr=False)

    def boxes(self, boxes: ArrayLike) -> F32:
        """The boxes of the best regions, float32 (nq, N, 4), from those of all regions (n, R, 4); NaN for no region.

        Raises
        ------
        UserError: another shape or type, fewer images or regions than the ranking needs, or NaN or infinity that is
            read.
        """
        given = arrays.array(boxes, "boxes")
        ids = self.ranking[:, : self.region.shape[1]]
        n, r = ids.max(initial=-1) + 1, self.region.max(initial=-1) + 1
        if given.ndim != 3 or given.shape[2] != 4 or given.dtype.kind not in "fiu":
            raise UserError(f"boxes are {given.dtype} of shape {given.shape}; expected real numbers (n, R, 4)")
        if len(given) < n or given.shape[1] < r:
            raise UserError(f"boxes of shape {given.shape}; the ranking needs {n} images of {r} regions at least")
        found = np.full((*self.region.shape, 4), np.nan, np.float32)
        there = self.region >= 0
        found[there] = arrays.matrix(given[ids[there], self.region[there]], "boxes, of best regions")
        return found


def rerank(xq: ArrayLike, regions: ArrayLike, n_regions: ArrayLike, ranking: ArrayLike, n_top: int = 100) -> Reranked:
    """CA-SR: the first images of each ranking by their region of highest cosine with the query.

    Parameters
    ----------
    xq: (nq, d) descriptors of the query boxes.
    regions: (n, R, d) descriptors of each image's regions, of any length. Float16 and float32 are read where they lie;
        of another dtype, the images that are needed are copied as float32.
    n_regions: (n,) number of regions of each image, 0 to R.
    ranking: (nq, k) ids of images, best first.
    n_top: the paper's N.

    Returns
    -------
    Reranked
        Cosines are summed in double precision and rounded to float32, so equal regions have equal scores. A region or
        a query of zeros has cosine 0 with everything.

    Raises
    ------
    UserError: other shapes, different dimensions or numbers of images, ids outside the collection, or a region that is
        read and has NaN or infinity, which float16 has instead of numbers beyond 65,504.

    Examples
    --------
    >>> regions = np.array([[[0.0, 1.0], [1.0, 1.0]], [[0.0, 0.0], [2.0, 0.0]]])
    >>> found = rerank([[1.0, 0.0]], regions, n_regions=[2, 2], ranking=[[0, 1]])
    >>> found.ranking.tolist(), found.region.tolist(), found.scores.round(3).tolist()
    ([[1, 0]], [[1, 1]], [[1.0, 0.7070000171661377]])
    """
    described, counts = _regions(regions, n_regions, "regions")
    if described.shape[2] == 0:
        raise UserError(f"regions of shape {described.shape}; expected vectors of one number at least (n, R, d)")
    queries = arrays.unit(arrays.matrix(xq, "xq", dtype=np.float64, d=described.shape[2], like="regions have"))
    ranked, top = _rankings(ranking, len(queries), len(described), n_top)
    which, ids = np.repeat(np.arange(len(queries)), top.shape[1]), top.ravel()
    scores, best = np.empty(len(ids), np.float32), np.empty(len(ids), np.int64)
    rows, images = _readable(described, ids)

    def work(part: slice) -> None:
        _best_regions(queries, which[part], rows, images[part], counts[ids[part]], scores[part], best[part])

    map_slices(work, len(ids), at_least=16)
    _refuse_infinite("regions", scores, ids, best)
    return _reordered(ranked, scores.reshape(top.shape), best.reshape(top.shape))


def rerank_by_class(
    scores: ArrayLike, n_regions: ArrayLike, classes_of_queries: ArrayLike, ranking: ArrayLike, n_top: int = 100
) -> Reranked:
    """CS-SR: the first images of each ranking by the highest score of the query's class among their regions.

    Parameters
    ----------
    scores: (n, R, 1 + C) scores of each region: column 0 is the background, column 1 + c the class number c.
    n_regions, ranking, n_top: as for `rerank`.
    classes_of_queries: (nq,) number of each query's class, 0 to C − 1: its place in the detector's ``classes``.

    Raises
    ------
    UserError: other shapes, a class that the scores do not have, ids outside the collection, or NaN that is read.

    Examples
    --------
    >>> scores = [[[0.9, 0.1], [0.4, 0.6]], [[0.2, 0.8], [0.0, 0.0]]]
    >>> found = rerank_by_class(scores, n_regions=[2, 1], classes_of_queries=[0], ranking=[[0, 1]])
    >>> found.ranking.tolist(), found.region.tolist()
    ([[1, 0]], [[0, 1]])
    """
    given, counts = _regions(scores, n_regions, "scores")
    if given.shape[2] < 2:
        raise UserError(f"scores of shape {given.shape}; expected (n, R, 1 + C), the background and a class at least")
    classes = arrays.ids(classes_of_queries, "classes_of_queries", below=given.shape[2] - 1)
    ranked, top = _rankings(ranking, len(classes), len(given), n_top)
    if not given.shape[1]:
        return _reordered(ranked, np.full(top.shape, -np.inf, np.float32), np.full(top.shape, -1))
    with np.errstate(over="ignore"):  # infinity is refused below
        of_class = given[top, :, 1 + classes[:, None]].astype(np.float32)  # (nq, N, R)
    of_class[np.arange(given.shape[1]) >= counts[top][..., None]] = -np.inf
    best = of_class.argmax(axis=2)  # of NaN and numbers, NaN
    highest = np.take_along_axis(of_class, best[..., None], axis=2)[..., 0]
    best[counts[top] == 0] = -1
    _refuse_infinite("scores", highest.ravel(), top.ravel(), best.ravel())
    return _reordered(ranked, highest, best)


def expand(xq: ArrayLike, xb: ArrayLike, ranking: ArrayLike, m: int = 5, *, own: ArrayLike | None = None) -> F32:
    """QE: new queries, each the mean of the query and the first images of its ranking; search with them again.

    Parameters
    ----------
    xq, xb: (nq, d) queries and (n, d) database; each vector is brought to length 1 first, so that all count alike.
    ranking: (nq, k) ids of ``xb``, best first.
    m: number of images, the paper's M; all k where those are fewer.
    own: (nq,) id of each query's own image in the database, −1 where it has none. That image is passed over, so that
        the query counts once. Without ``own`` it is taken like any other: in the authors' code it is first in the list,
        as a rule, and counts twice.

    Returns
    -------
    float32 (nq, d), of length 1; zero where all of them cancel. A tensor where ``xq`` is one.

    Raises
    ------
    UserError: other shapes, different dimensions, ids outside the database, NaN or infinity in a vector that is read.

    Examples
    --------
    >>> expand([[1.0, 0.0]], [[1.0, 0.0], [0.0, 2.0]], [[0, 1]], own=[0]).round(3).tolist()
    [[0.7070000171661377, 0.7070000171661377]]
    """
    database = arrays.matrix(xb, "xb", dtype=None)
    queries = arrays.matrix(xq, "xq", d=database.shape[1], like="xb")
    ranked, _ = _rankings(ranking, len(queries), len(database), 0)
    m = arrays.whole(m, "m", 1)
    passed = np.full(len(queries), -1) if own is None else arrays.ids(own, "own", n=len(queries), minimum=-1)
    taken = [ids[ids != itself][:m] for ids, itself in zip(ranked, passed, strict=True)]
    sums = arrays.unit(queries.astype(np.float64))
    for query, ids in enumerate(taken):
        sums[query] += arrays.unit(arrays.matrix(database[ids], f"xb, images of query {query}", dtype=np.float64)).sum(
            0
        )
    return arrays.like(xq, arrays.unit(sums).astype(np.float32))


def _regions(given: ArrayLike, n_regions: ArrayLike, name: str) -> tuple[NDArray, Ids]:
    """An array of numbers (n, R, d) that is not looked at yet, and the number of regions of each image."""
    found = arrays.array(given, name)
    if found.ndim != 3 or found.dtype.kind not in "fiub":
        raise UserError(f"{name}: {found.dtype} of shape {found.shape}; expected numbers (images, regions, ...)")
    return found, arrays.ids(n_regions, "n_regions", n=len(found), below=found.shape[1] + 1)


def _rankings(ranking: ArrayLike, n_queries: int, n: int, n_top: int) -> tuple[Ids, Ids]:
    """Rankings int64 (n_queries, k) of ids below n, and their first ``n_top`` columns."""
    given = arrays.array(ranking, "ranking")
    if given.ndim != 2 or len(given) != n_queries:
        raise UserError(
            f"ranking of shape {given.shape}; expected ids of images, one row for each of {n_queries} queries"
        )
    ids = arrays.ids(given.ravel(), "ranking", below=n).reshape(given.shape)
    return ids, np.ascontiguousarray(ids[:, : arrays.whole(n_top, "n_top", 0)])


def _readable(regions: NDArray, ids: Ids) -> tuple[NDArray, Ids]:
    """What the kernel reads, float32 or the bits of float16, and the place of each id's image in it."""
    if regions.flags.c_contiguous and regions.dtype == np.float32:
        return regions, ids
    if regions.flags.c_contiguous and regions.dtype == np.float16 and CAN_READ:
        return regions.view(np.uint16), ids
    needed, places = np.unique(ids, return_inverse=True)
    with np.errstate(over="ignore"):  # infinity is refused where it is read
        return np.ascontiguousarray(regions[needed], np.float32), places.astype(np.int64)


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})
def _best_regions(queries, which, regions, images, counts, scores, best):  # type: ignore[no-untyped-def]
    """Write the highest cosine of each pair of a query and an image, and the first region that has it.

    ``queries`` are of length 1. A cosine that is NaN ends the search in its image and is the score.
    """
    use_wide_vectors()
    for pair in range(images.size):
        query, image = queries[which[pair]], regions[images[pair]]
        highest, place = np.float32(-np.inf), -1
        for region in range(counts[pair]):
            row = image[region]
            product = square = 0.0
            for i in range(query.size):
                value = np.float64(number(row[i]))
                product += query[i] * value
                square += value * value
            cosine = np.float32(product / np.sqrt(square) if square != 0 else 0.0)
            if not cosine <= highest:
                highest, place = cosine, region
                if cosine != cosine:
                    break
        scores[pair], best[pair] = highest, place


def _refuse_infinite(name: str, scores: F32, ids: Ids, regions: Ids) -> None:
    wrong = np.flatnonzero(~np.isfinite(scores) & (regions >= 0))
    if wrong.size:
        image, region = ids[wrong[0]], regions[wrong[0]]
        raise UserError(
            f"{name}, image {image}, region {region}: NaN or infinity; describe that image again, or bring regions to "
            "length 1 before they are stored as float16"
        )


def _reordered(ranking: Ids, scores: F32, region: Ids) -> Reranked:
    """The first images of each ranking by descending score (nq, N); equal scores keep their order."""
    order = np.argsort(-scores, axis=1, kind="stable")
    top = np.take_along_axis(ranking[:, : scores.shape[1]], order, axis=1)
    return Reranked(
        np.concatenate([top, ranking[:, scores.shape[1] :]], axis=1),
        np.take_along_axis(region, order, axis=1),
        np.take_along_axis(scores, order, axis=1),
    )
