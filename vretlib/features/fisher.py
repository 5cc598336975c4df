"""Fisher vectors of features that are first reduced by PCA, as by Perronnin et al. (2010): a mixture with diagonal
covariances assumes that dimensions do not depend on one another.

The features may be SIFT, or the places of a network's maps: anything with one row per feature.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_limits

from vretlib import arrays
from vretlib.errors import NoExampleError, UserError
from vretlib.features.encoding import Mixture, Vector, fisher_vector

_PLACES = 20_000  # of maps, that axes and mixture are learned on


@dataclass(frozen=True, eq=False)
class FisherEncoder:
    """The Fisher vector of some features: reduced by ``axes``, then encoded with ``mixture``."""

    axes: PCA
    mixture: Mixture

    @classmethod
    def learn(cls, features: ArrayLike, gaussians: int, *, dimensions: int, seed: int) -> FisherEncoder:
        """The encoder learned on features (n, d) of many images; one thread, so that it is the same every time.

        Parameters
        ----------
        gaussians: of the mixture, 1 to n.
        dimensions: that PCA leaves; n or d where those are fewer.

        Raises
        ------
        UserError: fewer than two features or than Gaussians, features that are all equal, another shape, NaN or
            infinity.
        """
        given = arrays.matrix(features, "features", at_least=2)
        if (given == given[0]).all():
            raise UserError(f"features: all {len(given)} vectors are equal; expected vectors that differ")
        dimensions = min(arrays.whole(dimensions, "dimensions", 1), *given.shape)
        with threadpool_limits(1), np.errstate(invalid="ignore"):  # PCA divides by the variance, which may underflow
            axes = PCA(dimensions, svd_solver="covariance_eigh").fit(given)
        return cls(axes, Mixture.learn(axes.transform(given), gaussians, seed=seed))

    def reduce(self, features: ArrayLike) -> NDArray[np.float32]:
        """Features (n, d) with fewer dimensions, (n, dimensions), a tensor where ``features`` is; n may be 0."""
        given = arrays.matrix(features, "features", d=self.axes.n_features_in_, like="what was learned has")
        if not len(given):
            return arrays.like(features, np.zeros((0, self.axes.n_components_), np.float32))
        return arrays.like(features, np.asarray(self.axes.transform(given), np.float32))

    def encode(self, features: ArrayLike) -> Vector:
        """The Fisher vector of one image's features (n, d), (2 · Gaussians · dimensions,), of length 1; 0 without any.

        Signed square root, then length 1: see `vretlib.features.encoding.fisher_vector`.
        """
        return fisher_vector(self.reduce(features), self.mixture)


@dataclass(frozen=True, eq=False)
class MapEncoder:
    """A short vector of a network's maps: a Fisher vector of their places, reduced by PCA.

    Baseline DFSE of paper 002, which cites Perronnin et al. and says "using the FV", 64 numbers. It gives neither
    Gaussians nor reductions. Here PCA reduces the channels of each place, a mixture of Gaussians is learned on these,
    and PCA reduces the Fisher vector (signed square root, length 1).
    """

    places: FisherEncoder
    vectors: PCA

    @classmethod
    def learn(cls, maps: ArrayLike, d: int, *, seed: int, gaussians: int = 8, place_dimensions: int = 32) -> MapEncoder:
        """The encoder learned on maps (n, channels, h, w) of images other than those that are searched.

        Parameters
        ----------
        d: dimensions of the result, at most 2 · Gaussians · dimensions of a place; at least ``d`` images are needed.
        gaussians, place_dimensions: of the mixture; at least as many places are needed in all images together.

        Raises
        ------
        NoExampleError: too few images or places to learn on, or places that are all equal.
        UserError: maps of another shape, with NaN or infinity, or with fewer channels than ``place_dimensions``.
        """
        given, d = _checked(maps), arrays.whole(d, "d", 1)
        gaussians = arrays.whole(gaussians, "gaussians", 1)
        place_dimensions = arrays.whole(place_dimensions, "place_dimensions", 1)
        if given.shape[1] < place_dimensions:
            raise UserError(f"maps of shape {given.shape}: expected at least {place_dimensions} channels")
        n_places, needed = len(given) * given.shape[2] * given.shape[3], max(gaussians, place_dimensions)
        if len(given) < d or n_places < needed:
            raise NoExampleError(
                f"DFSE learns on at least {d} frames with {needed} places in their maps; there are {len(given)} with "
                f"{n_places}"
            )
        arrays.whole(d, "d", 1, 2 * gaussians * place_dimensions, "numbers of a Fisher vector")
        places = np.moveaxis(given, 1, -1).reshape(-1, given.shape[1])
        if (places == places[0]).all():
            raise NoExampleError(f"DFSE learns on maps whose places differ; all {n_places} are equal")
        drawn = places[np.sort(np.random.default_rng(seed).permutation(len(places))[:_PLACES])]
        with threadpool_limits(1), np.errstate(invalid="ignore"):  # PCA divides by the variance, 0 of equal vectors
            encoder = FisherEncoder.learn(drawn, gaussians, dimensions=place_dimensions, seed=seed)
            vectors = PCA(d, svd_solver="full").fit(_of_images(given, encoder))
        return cls(encoder, vectors)

    def encode(self, maps: ArrayLike) -> NDArray[np.float32]:
        """Maps (n, channels, h, w) as vectors float32 (n, d); n may be 0."""
        given = _checked(maps)
        if not len(given):
            return np.zeros((0, self.vectors.n_components_), np.float32)
        return np.asarray(self.vectors.transform(_of_images(given, self.places)), np.float32)


def _checked(maps: ArrayLike) -> NDArray[np.float32]:
    """Finite maps (n, channels, h, w), none of the last three sizes 0."""
    given = arrays.array(maps, "maps")
    if given.ndim != 4 or 0 in given.shape[1:]:
        raise UserError(f"maps of shape {given.shape}: expected (n, channels, h, w)")
    flat = given.reshape(len(given), given.shape[1] * given.shape[2] * given.shape[3])
    return arrays.matrix(flat, "maps").reshape(given.shape)


def _of_images(maps: NDArray[np.float32], encoder: FisherEncoder) -> NDArray[np.float32]:
    """The Fisher vector of each image's places."""
    return np.stack([encoder.encode(image.reshape(len(image), -1).T) for image in maps])
