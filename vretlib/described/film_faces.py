"""Face films as features of a detector, and the stages of paper 000 on them: ranking, re-ranking, query expansion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.faces import crops
from vretlib.datasets.faces.film_collection import NO_BOX, FaceFilms, Pictures
from vretlib.errors import UserError
from vretlib.evaluation import average_precision
from vretlib.features.described_regions import DescribedRegions, DetectorView, describe_all
from vretlib.features.detector_network import Detector
from vretlib.features.unit_vectors import l2
from vretlib.images import Box, Pixels
from vretlib.search import metric_names, regions, similarity
from vretlib.search.regions import Depths

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
Ids = NDArray[np.int64]

POOLINGS = ("max", "sum")
STAGES = ("Ranking", "Reranking", "QE")
"""As the paper's tables name them."""


@dataclass(frozen=True, eq=False)
class FilmSearch:
    """A collection as features of one detector.

    Attributes
    ----------
    films: the collection that was described.
    frames, stills: features of the frames and of the stills; ``stills.query`` has those of the faces' boxes.
    """

    films: FaceFilms
    frames: DescribedRegions = field(repr=False)
    stills: DescribedRegions = field(repr=False)

    def distances(self, pooling: str, metric: str = "Cosine", xq: F32 | None = None) -> F64:
        """Distances (nq, n) from each still to each frame by one of six metrics; an image is one vector of length 1.

        ``xq`` (nq, d) takes the place of the stills' vectors.
        """
        return metric_names.metric_distances(metric, l2(self.stills.image[pooling]) if xq is None else xq,
                                             l2(self.frames.image[pooling]))  # fmt: skip

    def rank(self, pooling: str, metric: str = "Cosine", xq: F32 | None = None) -> Ids:
        """The ids of all frames (nq, n), nearest first, ties in the order of the database: the filtering stage."""
        return np.argsort(self.distances(pooling, metric, xq), axis=1, kind="stable")

    def reranked(self, ranking: Ids, pooling: str, n_top: int, metric: str = "Cosine") -> regions.Reranked:
        """The re-ranked ranking, whose first ``n_top`` frames are ordered by their nearest region.

        It is the smallest distance of a region of the frame to the region of the still's box.
        """
        asked, described = self.stills.query[pooling], self.frames.regions[pooling]
        if metric_names.METRIC_OF[metric] != "l1":  # on vectors of length 1, L2 and cosine give one order
            return regions.rerank(asked, described, self.frames.n_regions, ranking, n_top)
        return _rerank_l1(l2(asked), described, self.frames.n_regions, ranking, n_top)

    def expanded(self, ranking: Ids, pooling: str, m: int, metric: str = "Cosine") -> Ids:
        """The ranking of a new search with the mean of the still and its first ``m`` frames (query expansion)."""
        xq = regions.expand(self.stills.image[pooling], self.frames.image[pooling], ranking, m)
        return self.rank(pooling, metric, xq)

    def stages(self, pooling: str, depths: Depths, metric: str = "Cosine") -> dict[str, Ids]:
        """The rankings of all three stages. Expansion takes the first frames of the *first* ranking (section 2.2)."""
        first = self.rank(pooling, metric)
        return dict(zip(STAGES, (
            first, self.reranked(first, pooling, depths.n_top, metric).ranking,
            self.expanded(first, pooling, depths.m, metric),
        ), strict=True))  # fmt: skip

    def ap(self, ranking: Ids, relevant: NDArray[np.bool_] | None = None, junk: NDArray[np.bool_] | None = None) -> F64:
        """Average precision of each still, that is the mean of the precision at each relevant frame.

        Parameters
        ----------
        relevant: bool (nq, n), the relevant frames; by default those of the still's person.
        junk: bool (nq, n), frames that are left out of the ranking.
        """
        return mean_precision(ranking, self.films.relevant if relevant is None else relevant, junk)


def mean_precision(ranking: Ids, relevant: NDArray[np.bool_], junk: NDArray[np.bool_] | None = None) -> F64:
    """Average precision (nq,) of rankings (nq, n); NaN for a query without a relevant frame."""
    positives = [np.flatnonzero(row) for row in relevant]
    left_out = None if junk is None else [np.flatnonzero(row) for row in junk]
    return average_precision.average_precisions(ranking, positives, left_out, rule="plain")


def raw_pixels(pictures: Pictures) -> F64:
    """Vectors (n, 576) of length 1: each picture as 16 × 12 RGB pixels, which are means of areas, less their mean."""
    x = np.stack([cv2.resize(p, (16, 12), interpolation=cv2.INTER_AREA).reshape(-1) for p in pictures]).astype(
        np.float64
    )
    x -= x.mean(axis=1, keepdims=True)
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)


def describe(detector: Detector, films: FaceFilms, view: DetectorView, scores: bool = False) -> FilmSearch:
    """The features of frames and stills from a detector, kept in the cache."""
    frames = describe_all(detector, films.frames, **view._asdict(), poolings=POOLINGS, scores=scores, label=films.name,
                          progress=True)  # fmt: skip
    asked: list[Box | None] = [_inside(box, still) for box, still in zip(films.still_boxes, films.stills, strict=True)]
    stills = describe_all(detector, films.stills, **view._asdict(), poolings=POOLINGS, scores=scores, boxes=asked)
    return FilmSearch(films, frames, stills)


def most_certain(found: DescribedRegions, classes: Sequence[str], name: str = "face") -> F32:
    """The region of each image that is most likely a face, (n, 4); NaN for an image without a region.

    If ``name`` is not among the detector's ``classes``, it is the region that is least likely background, since all
    classes of a detector of people are faces.

    Raises
    ------
    UserError: the features were described without scores.
    """
    if found.scores is None:
        raise UserError("scores were not asked for; describe the frames with scores=True")
    column = 1 + classes.index(name) if name in classes else 0
    sure = np.asarray(found.scores[..., column], np.float32) * (1 if column else -1)
    sure[np.arange(sure.shape[1]) >= found.n_regions[:, None]] = -np.inf
    boxes = np.array(found.boxes[np.arange(len(found)), sure.argmax(axis=1)])
    boxes[found.n_regions == 0] = np.nan
    return boxes


def cut_out(films: FaceFilms, boxes: F32, still_boxes: F32, side: int) -> FaceFilms:
    """The collection with only the face of each frame and still, as squares about the boxes that a detector has found.

    A picture without a box (NaN) stays whole: a video without a face is still searched. Squares are cut at each
    access, so that memory does not grow with the collection.

    Parameters
    ----------
    boxes, still_boxes: (n, 4) and (nq, 4), x1 y1 x2 y2.
    side: the side of a square in pixels.
    """
    frames, stills = _squares(films.frames, boxes, side), _squares(films.stills, still_boxes, side)
    whole = [np.full((len(one), 4), NO_BOX, np.float32) for one in (frames, stills)]
    return replace(films, name=f"{films.name}, faces", frames=frames, stills=stills, boxes=whole[0],
                   still_boxes=whole[1])  # fmt: skip


def _squares(pictures: Pictures, boxes: F32, side: int) -> Pictures:
    return Pictures([partial(_square, pictures, i, tuple(box), side) for i, box in enumerate(boxes.tolist())])


def _square(pictures: Pictures, number: int, box: Box, side: int) -> Pixels:
    x1, y1, x2, y2 = box
    whole = pictures[number]
    return crops.square(whole, box, side) if x2 > x1 and y2 > y1 else whole


def _inside(box: Sequence[float], picture: Pixels) -> Box | None:
    """A box cut to its picture; None if the box is unknown or lies outside the picture."""
    if np.isnan(box).any():
        return None
    x1, y1, x2, y2 = (float(value) for value in box)
    cut = max(0.0, x1), max(0.0, y1), min(picture.shape[1] - 1.0, x2), min(picture.shape[0] - 1.0, y2)
    return cut if cut[0] < cut[2] and cut[1] < cut[3] else None


def _rerank_l1(xq: F32, described: NDArray, n_regions: Ids, ranking: Ids, n_top: int) -> regions.Reranked:
    """The result of `regions.rerank` with the L1 distance of vectors of length 1 instead of the cosine."""
    top = ranking[:, :n_top]
    nearest, best = np.full(top.shape, np.inf), np.full(top.shape, -1)
    for query, ids in enumerate(top):
        for place, frame in enumerate(ids):
            if n := n_regions[frame]:
                apart = similarity.distances(
                    xq[query : query + 1], l2(np.asarray(described[frame, :n], np.float32)), "l1"
                )
                best[query, place], nearest[query, place] = apart.argmin(), apart.min()
    order = np.argsort(nearest, axis=1, kind="stable")
    return regions.Reranked(
        np.concatenate([np.take_along_axis(top, order, axis=1), ranking[:, n_top:]], axis=1),
        np.take_along_axis(best, order, axis=1),
        np.take_along_axis(-nearest, order, axis=1).astype(np.float32),
    )
