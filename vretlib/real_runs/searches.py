"""Paper 003's searches with a network for classification: IPA, re-ranking by regions, query expansion, and R-MAC.

Windows of a grid, or boxes of any detector that is given, stand in for the region proposals. Unlike in the paper, a
query is what its box shows already in the first search, and nothing is whitened.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.landmarks.collection import Ids, LandmarkCollection
from vretlib.described.region_search import BOTH, RegionSearch, finished
from vretlib.features import image_features
from vretlib.features.backbones import Backbone
from vretlib.features.described_regions import DescribedRegions
from vretlib.real_runs import kept_regions
from vretlib.search import exact, regions
from vretlib.search.regions import Depths, Reranked

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

DEPTHS = Depths()
SHORT_SIDE, LONGEST = 352, 480
"""Pixels of the short side for IPA and regions, and of the longer side for R-MAC."""


@dataclass(frozen=True, eq=False)
class SearchOutcome:
    """What all methods find in a collection.

    Attributes
    ----------
    precisions: float64 (queries,) by method, average precision by the trapezoid rule of Oxford5k; NaN without
        positives.
    first: ranking of "IPA max", int64 (queries, images). ``reranked``: the same after CA-SR.
    boxes: the best regions of ``reranked``, (queries, N, 4).
    """

    precisions: dict[str, F64] = field(repr=False)
    first: Ids = field(repr=False)
    reranked: Reranked = field(repr=False)
    boxes: F32 = field(repr=False)


def search(searched: LandmarkCollection, backbone: Backbone, proposals: str) -> SearchOutcome:
    """The results of all methods on one collection. A query's own image is no positive and is not counted.

    Parameters
    ----------
    proposals: what finds the regions of an image of the database, a name of `kept_regions.PROPOSERS`.
    """
    by_regions = describe_and_search(searched, backbone, proposals)
    own = np.array([-1 if query.image is None else query.image for query in searched.queries], np.int64)
    rankings: dict[str, Ids] = {}
    again: dict[str, Reranked] = {}
    for how in BOTH[::-1]:
        first = by_regions.rank(how)
        again[how] = by_regions.reranked(first, f"RPA-{how}", DEPTHS.n_top)
        rankings |= {f"IPA {how}": first, f"IPA {how}, CA-SR": again[how].ranking}
        for way, ranking in (("QE", first), ("CA-SR, QE", again[how].ranking)):
            mean = regions.expand(by_regions.xq[how], by_regions.xb[how], ranking, DEPTHS.m, own=own)
            rankings[f"IPA {how}, {way}"] = by_regions.rank(how, mean)
    xq, xb = _rmac(searched, backbone)
    rankings["R-MAC"] = exact.knn(xq, xb, len(xb))[1]
    mean = regions.expand(xq, xb, rankings["R-MAC"], DEPTHS.m, own=own)
    rankings["R-MAC, QE"] = exact.knn(mean, xb, len(xb))[1]
    itself = [own[[k]] if own[k] >= 0 else own[:0] for k in range(len(own))]
    precisions = {way: by_regions.ap(ranking, itself) for way, ranking in rankings.items()}
    return SearchOutcome(precisions, rankings["IPA max"], again["max"], again["max"].boxes(by_regions.boxes))


def describe_and_search(searched: LandmarkCollection, backbone: Backbone, proposals: str) -> RegionSearch:
    """The images of a collection with the regions that are proposed, and what the boxes of its queries show."""
    name = searched.name
    database = kept_regions.describe(backbone, searched.images, proposals, short_side=SHORT_SIDE, label=name)
    paths, boxes = [query.path for query in searched.queries], [query.box for query in searched.queries]
    queries = kept_regions.describe(backbone, paths, "none", short_side=SHORT_SIDE, boxes=boxes, label=name)
    return described(searched, database, queries)


def described(searched: LandmarkCollection, database: DescribedRegions, queries: DescribedRegions) -> RegionSearch:
    """The search in a database that is described, with what the boxes of ``queries`` show in place of whole images."""
    asked, xb = ({how: finished(x[how], how, None) for how in BOTH} for x in (queries.query, database.image))
    return RegionSearch(searched, asked, xb, asked, database.regions, database.boxes, database.n_regions)


def _rmac(searched: LandmarkCollection, backbone: Backbone) -> tuple[F32, F32]:
    """R-MAC of what the queries' boxes show, and of the database."""
    paths, boxes = [query.path for query in searched.queries], [query.box for query in searched.queries]
    asked = image_features.extract(paths, backbone, longest=LONGEST, boxes=boxes)
    database = image_features.extract(searched.images, backbone, longest=LONGEST)
    return image_features.rmac(asked), image_features.rmac(database)
