"""Fisher vectors of features that PCA reduces first, as Perronnin et al. (2010) do: a mixture with diagonal covariances
assumes that dimensions do not depend on one another.

The features may be SIFT, or the places of a network's maps: anything with one row per feature.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_limits

from vretlib import arrays
from vretlib.features.encoding import Mixture, Vector, fisher_vector


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
        UserError: fewer than two features or than Gaussians, another shape, NaN or infinity.
        """
        given = arrays.matrix(features, "features", at_least=2)
        dimensions = min(arrays.whole(dimensions, "dimensions", 1), *given.shape)
        with threadpool_limits(1), np.errstate(invalid="ignore"):  # PCA divides by the variance, 0 of equal features
            axes = PCA(dimensions, svd_solver="covariance_eigh").fit(given)
        return cls(axes, Mixture.learn(axes.transform(given), gaussians, seed=seed))

    def reduce(self, features: ArrayLike) -> NDArray[np.float32]:
        """Features (n, d) with fewer dimensions, (n, dimensions); n may be 0."""
        given = arrays.matrix(features, "features", d=self.axes.n_features_in_, like="what was learned has")
        if not len(given):
            return np.zeros((0, self.axes.n_components_), np.float32)
        return np.asarray(self.axes.transform(given), np.float32)

    def encode(self, features: ArrayLike) -> Vector:
        """The Fisher vector of one image's features (n, d), (2 · Gaussians · dimensions,), of length 1; 0 without any.

        Signed square root, then length 1: see `vretlib.features.encoding.fisher_vector`.
        """
        return fisher_vector(self.reduce(features), self.mixture)
