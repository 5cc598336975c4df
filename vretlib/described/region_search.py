"""A collection as features of a detector, and the stages of paper 003 on it: filtering, re-ranking, query expansion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.landmarks.collection import Ids, LandmarkCollection
from vretlib.datasets.landmarks.detection_sets import classes
from vretlib.errors import UserError
from vretlib.evaluation import average_precision
from vretlib.features import unit_vectors, whitening
from vretlib.features.described_regions import DescribedRegions, DetectorView, describe_all
from vretlib.features.detector_network import Detector
from vretlib.features.whitening import Whitening
from vretlib.images import Box
from vretlib.search import exact, regions
from vretlib.search.regions import Depths, Reranked

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

BOTH = ("sum", "max")
_FLOOR = 1e-6  # of a whitening: a filter that never responds has no variance


@dataclass(frozen=True, eq=False)
class RegionSearch:
    """A collection as features of one detector; all vectors have length 1.

    Attributes
    ----------
    xq, xb: by pooling, IPA of the queries' whole images (n_q, d) and of the database (n, d).
    asked: by pooling, the vectors (n_q, d) of the queries' boxes.
    regions: by pooling, RPA of all proposals (n, R, d), float16.
    boxes, n_regions, scores: the boxes, numbers and scores of the proposals, as in `DescribedRegions`.
    """

    collection: LandmarkCollection
    xq: Mapping[str, F32] = field(repr=False)
    xb: Mapping[str, F32] = field(repr=False)
    asked: Mapping[str, F32] = field(repr=False)
    regions: Mapping[str, NDArray[np.float16]] = field(repr=False)
    boxes: F32 = field(repr=False)
    n_regions: Ids = field(repr=False)
    scores: NDArray[np.float16] | None = field(repr=False, default=None)

    def rank(self, pooling: str = "sum", xq: F32 | None = None) -> Ids:
        """Ids of all images (n_q, n), by the cosine of image-wise descriptors; ``xq`` (n_q, d) are other queries."""
        xb = self.xb[pooling]
        return exact.knn(self.xq[pooling] if xq is None else xq, xb, len(xb))[1]

    def reranked(self, ranking: Ids, by: str, n_top: int) -> Reranked:
        """The ranking with its first images re-ranked: CA-SR ``by`` ``"RPA-sum"`` or ``"RPA-max"``, or ``"CS-SR"``."""
        if by == "CS-SR":
            assert self.scores is not None
            asked = classes(self.collection)[1]
            return regions.rerank_by_class(self.scores, self.n_regions, asked, ranking, n_top)
        pooling = by.removeprefix("RPA-")
        return regions.rerank(self.asked[pooling], self.regions[pooling], self.n_regions, ranking, n_top)

    def expanded(self, ranking: Ids, m: int, own: Ids | None = None) -> Ids:
        """The ranking of a new search (QE) with the mean of the query and the first ``m`` images, without ``own``.

        ``own`` int64 (n_q,) are the ids of images that are not used, one for each query.
        """
        return self.rank("sum", regions.expand(self.xq["sum"], self.xb["sum"], ranking, m, own=own))

    def rankings(self, depths: Depths) -> dict[str, Ids]:
        """The rankings of one detector in Tables 2 and 3, by ``"CA-SR|Yes"``: stage, and whether QE follows."""
        plain = self.rank()
        found = {"No": plain, "CA-SR": self.reranked(plain, "RPA-max", depths.n_top).ranking}
        if self.scores is not None:
            found["CS-SR"] = self.reranked(plain, "CS-SR", depths.n_top).ranking
        expanded = {f"{stage}|Yes": self.expanded(ranking, depths.m) for stage, ranking in found.items()}
        return {f"{stage}|No": ranking for stage, ranking in found.items()} | expanded

    def ap(self, ranking: Ids, without: Sequence[Ids] | None = None) -> F64:
        """Average precision of each query; images in ``without`` (ids for each query) count as junk."""
        positives, junk = self.collection.positives(), self.collection.junk()
        if without is not None:
            positives = [np.setdiff1d(ids, out) for ids, out in zip(positives, without, strict=True)]
            junk = [np.union1d(ids, out) for ids, out in zip(junk, without, strict=True)]
        return average_precision.average_precisions(ranking, positives, junk)


def finished(x: NDArray[np.floating], pooling: str, learned: Whitening | None) -> F32:
    """Section 3.1: sums are l2-normalised, whitened and l2-normalised, maxima are l2-normalised."""
    unit = unit_vectors.l2(np.asarray(x, np.float32))
    return learned.apply(unit) if pooling == "sum" and learned is not None else unit


def whitening_of_sums(sums: F32, source: str) -> Whitening:
    """PCA-whitening of sums over whole images (n, d), which are l2-normalised first.

    Raises
    ------
    UserError: fewer than two images, or images that are all described by the same sums.
    """
    if (sums == sums[:1]).all():
        raise UserError(f"{source}: the detector sees no difference between its images ({len(sums)}); the whitening "
                        "that this search learns needs at least two images that differ")  # fmt: skip
    return whitening.learn(unit_vectors.l2(sums), source, floor=_FLOOR)


def describe_collection(
    detector: Detector, collection: LandmarkCollection, view: DetectorView, *, scores: bool = False
) -> DescribedRegions:
    """The features of a collection's images from a detector, in both poolings, then of query images outside of it.

    Each query image is described once, with the box of its query.
    """
    paths, boxes, _ = _images(collection)
    return describe_all(
        detector,
        paths,
        **view._asdict(),
        poolings=BOTH,
        boxes=boxes,
        scores=scores,
        label=collection.name,
        progress=True,
    )


def _images(collection: LandmarkCollection) -> tuple[list[Path], list[Box | None], list[int]]:
    """The images that are described, the box in each, and the place of each query's image among them."""
    paths, places = list(collection.images), list[int]()
    boxes: list[Box | None] = [None] * len(paths)
    for query in collection.queries:
        place = query.image
        if place is None or place in places:  # outside the database, or a query already, with another box
            place = len(paths)
            paths.append(query.path)
            boxes.append(None)
        boxes[place] = query.box
        places.append(place)
    return paths, boxes, places


def search_in(
    collection: LandmarkCollection,
    described: DescribedRegions,
    learned: Whitening | None,
    poolings: Sequence[str] = BOTH,
) -> RegionSearch:
    """A collection that is ready to be searched, from the features that `describe_collection` returned.

    IPA is given in both poolings, RPA in ``poolings``. ``learned`` whitens sums; with None they are not whitened.

    Regions that are not whitened stay on disk and are read from there as they are needed. Whitened regions are kept in
    memory as float16: 2 · n · R · d bytes, which are 1.8 GB for 23,614 images with 300 regions of 128 numbers.
    """
    n, places = len(collection.images), _images(collection)[2]
    rows = (described.image, places), (described.image, slice(n)), (described.query, places)
    xq, xb, asked = ({p: finished(x[p][which], p, learned) for p in BOTH} for x, which in rows)
    rpa = {p: described.regions[p][:n] for p in poolings}
    if learned is not None and "sum" in rpa:
        rpa["sum"] = _whitened(rpa["sum"], learned)
    scores = None if described.scores is None else described.scores[:n]
    return RegionSearch(collection, xq, xb, asked, rpa, described.boxes[:n], described.n_regions[:n], scores)


def _whitened(regions: NDArray[np.float16], learned: Whitening) -> NDArray[np.float16]:
    """Sums over regions (n, R, d), finished image by image, so that no more than one is in memory as float32."""
    found = np.empty(regions.shape, np.float16)
    for i, of_image in enumerate(regions):
        found[i] = finished(of_image, "sum", learned)
    return found
