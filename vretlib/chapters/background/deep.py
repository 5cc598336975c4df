"""Deep features of single images, taken apart: maps, maxima, regions (thesis §2.1.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from vretlib.datasets.landmarks.collection import Ids, LandmarkCollection
from vretlib.errors import NoExampleError
from vretlib.features import pooling, unit_vectors
from vretlib.features.backbones import Backbone
from vretlib.features.regions import region_maxima, rmac_grid
from vretlib.features.whitening import Whitening

Image = NDArray[np.uint8]
Maps = NDArray[np.float32]


def maps_of(image: Image, network: Backbone, *taps: str) -> dict[str, Maps]:
    """Maps (d, h, w) of one image at each tap; by default at the one that R-MAC pools."""
    found = network.maps(network.prepare(image)[None], taps or [network.last_maps])
    return {tap: volume[0].cpu().numpy() for tap, volume in found.items()}


def taps_to_draw(network: Backbone) -> list[str]:
    """Three taps with maps: one near the pixels, one half-way, the deepest."""
    spatial = network.taps[: network.taps.index(network.last_maps) + 1]
    return list(dict.fromkeys(spatial[k] for k in (min(1, len(spatial) - 1), len(spatial) // 2, len(spatial) - 1)))


def code_tap(network: Backbone) -> str | None:
    """The tap of neural codes: fc6 where the network has one (Babenko et al., 2014), else its last vector.

    None for a network without any: its weights lack the classifier.
    """
    vectors = network.taps[network.taps.index(network.last_maps) + 1 :]
    return "fc6" if "fc6" in vectors else vectors[-1] if vectors else None


def squeezed(image: Image, side: int) -> Image:
    """The image as a square, whatever its shape: what a neural code is computed from."""
    shrinks = min(image.shape[:2]) >= side
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (side, side), interpolation=how), np.uint8)


@dataclass(frozen=True, eq=False)
class RmacTrace:
    """Every step of the R-MAC of one image: its pixels, its maps (d, h, w), and regions of them with their levels."""

    image: Image = field(repr=False)
    maps: Maps = field(repr=False)
    grid: NDArray[np.int64] = field(repr=False)
    levels: NDArray[np.int64] = field(repr=False)

    @property
    def mac(self) -> NDArray[np.float32]:
        """MAC (d,)."""
        return pooling.mac(torch.from_numpy(self.maps)[None])[0].numpy()

    def regions(self, whitening: Whitening | None = None) -> NDArray[np.float32]:
        """One vector per region (R, d): its maxima (eqs 2.5, 2.6), l2, and whitening and l2 if there is one."""
        maxima = region_maxima(torch.from_numpy(self.maps)[None], self.grid)[0]
        vectors = unit_vectors.l2(maxima.numpy())
        return vectors if whitening is None else whitening.apply(vectors)

    def rmac(self, whitening: Whitening | None = None) -> NDArray[np.float32]:
        """R-MAC (d,) by hand: the region vectors added up, l2."""
        return unit_vectors.l2(self.regions(whitening).sum(axis=0))


def trace_rmac(image: Image, network: Backbone, levels: int = 3) -> RmacTrace:
    """The steps of the R-MAC of an image, which `vretlib.chapters.background.local.shown` gives at the right size."""
    maps = maps_of(image, network)[network.last_maps]
    height, width = maps.shape[1:]
    up_to = [len(rmac_grid(height, width, levels=level)) for level in range(1, levels + 1)]
    grid = rmac_grid(height, width, levels=levels)
    return RmacTrace(image, maps, grid, np.repeat(np.arange(1, levels + 1), np.diff([0, *up_to])))


def pair_cosines(
    cosines: NDArray[np.float32],
    positives: Sequence[NDArray[np.int64]],
    seed: int = 0,
    left_out: Sequence[NDArray[np.int64]] | None = None,
) -> dict[str, NDArray[np.float32]]:
    """Of cosines (nq, nb) those of queries with all their positives, and with as many images drawn from the rest.

    ``left_out`` holds, per query, images that are in neither group.
    """
    rng = np.random.default_rng(seed)
    same, other = [], []
    none = [np.empty(0, np.int64)] * len(positives)
    for row, ids, skipped in zip(cosines, positives, left_out or none, strict=True):
        rest = np.setdiff1d(np.arange(len(row)), np.union1d(ids, skipped))
        same.append(row[ids])
        other.append(row[rng.choice(rest, min(len(ids), len(rest)), replace=False)])
    if not any(map(len, same)) or not any(map(len, other)):
        raise NoExampleError("no query has both a right image besides itself and a wrong one")
    return {"same": np.concatenate(same), "another": np.concatenate(other)}


def pairs_of(
    cosines: Mapping[str, NDArray[np.float32]], names: Sequence[str], searched: LandmarkCollection, seed: int = 0
) -> list[dict[str, NDArray[np.float32]]]:
    """`pair_cosines` under some descriptions, the query's own image in neither group where the ground truth says so.

    Raises
    ------
    NoExampleError: as `pair_cosines`.
    """
    positives, junk = searched.positives(query_in_database=False), itself_as_junk(searched)
    return [pair_cosines(cosines[name], positives, seed, junk) for name in names]


def itself_as_junk(searched: LandmarkCollection) -> list[Ids]:
    """The query's own image, of each query whose ground truth calls it junk; nothing for the others."""
    own = [[] if query.image is None else [query.image] for query in searched.queries]
    return [np.intersect1d(junk, ids).astype(np.int64) for junk, ids in zip(searched.junk(), own, strict=True)]


def whitening_facts(
    vectors: NDArray[np.float32], whitening: Whitening, pairs: Sequence[Mapping[str, NDArray[np.float32]]]
) -> pd.DataFrame:
    """What whitening does (rows: before, after) to its own training vectors, and to cosines of pairs.

    ``pairs`` are two results of `pair_cosines`, before and after. The gap is the distance of the two means in standard
    deviations (the root of the mean of the two variances): how well a threshold could tell the two kinds apart.
    """
    rows = {}
    for name, x, cosines in zip(("before", "after"), (vectors, whitening.apply(vectors, l2=False)), pairs, strict=True):
        covariance = np.cov(np.asarray(x, np.float64), rowvar=False, bias=True)
        variances = np.diag(covariance)
        spread = np.sqrt(np.where(variances > 0, variances, 1))
        correlations = np.abs(covariance / spread[:, None] / spread[None, :] - np.eye(len(spread)))
        same, other = cosines.values()
        spread_of_both = np.sqrt((same.var() + other.var()) / 2)
        rows[name] = {
            "variance|least": variances.min(),
            "variance|most": variances.max(),
            "largest correlation": correlations[variances > 0][:, variances > 0].max(initial=0.0),
            "mean cosine|same": same.mean(),
            "mean cosine|another": other.mean(),
            "gap in σ": (same.mean() - other.mean()) / spread_of_both if spread_of_both > 0 else np.nan,
        }
    return pd.DataFrame.from_dict(rows, orient="index", dtype=float)
