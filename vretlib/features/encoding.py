"""One vector per image from its local features: bag of words, VLAD and Fisher vector, thesis section 2.1.2.

All three quantise the features of an image, here any (n, d) array such as `vretlib.features.local.sift` gives, with
something learned on other images: a `Vocabulary` of k words, or a `Mixture` of k Gaussians.

    bag of words    k      how often each word occurs              Sivic and Zisserman, 2003
    VLAD            k d    how features differ from their word     Jégou et al., 2010
    Fisher vector   2 k d  how features would change the mixture   Perronnin et al., 2010

An image without any feature gets the zero vector: its cosine with everything is 0. Learning takes a seed and one thread
(several end in an order of sums that changes from run to run), and gives the same for the same features.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeVar, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logsumexp
from sklearn.cluster import MiniBatchKMeans
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

from vretlib import arrays
from vretlib.errors import UserError

_MIN = 1e-30  # of a weight or a deviation: double precision has its inverse square
_FEATURES_AT_ONCE = 4096  # bounds their products with the words

Vector = NDArray[np.float32]
Learned = TypeVar("Learned")
Normalisation = Literal["none", "l2", "power", "intra"]
"""``"l2"``: length 1. ``"power"``: the signed square root of each number, then length 1 (Perronnin et al., 2010).
``"intra"``: length 1 per word, then length 1 (Arandjelović and Zisserman, 2013)."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Visual words, (k, d) float32."""

    words: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Check the words, and keep a copy."""
        object.__setattr__(self, "words", arrays.matrix(self.words, "words", at_least=1).copy())

    @classmethod
    def learn(cls, x: ArrayLike, k: int, *, seed: int) -> "Vocabulary":
        """The centres of k-means (scikit-learn's mini-batches, from k-means++) on features (n, d) of many images.

        Raises
        ------
        UserError: fewer features than words, ``k`` below 1, another shape, NaN or infinity.
        """
        features, k, seed = _learnable(x, k, seed, "words", 1)
        with threadpool_limits(1):
            means = MiniBatchKMeans(k, random_state=seed, n_init=1, batch_size=4096).fit(features)
        return cls(means.cluster_centers_.astype(np.float32))

    def __len__(self) -> int:
        """Number of words."""
        return len(self.words)

    @cached_property
    def _first(self) -> NDArray[np.int64]:
        """The first of the words equal to each; products with equal words may differ in the last digit."""
        _, first, which = np.unique(self.words, axis=0, return_index=True, return_inverse=True)
        return first[which.ravel()]

    def assign(self, x: ArrayLike) -> NDArray[np.int64]:
        """The number of the nearest word of each feature by Euclidean distance, (n,); the smaller number on ties."""
        features = _features(x, self.words.shape[1])
        origin = self.words[0].astype(np.float64)  # far from it the formula below would lose digits
        words = self.words - origin
        half_squares = (words**2).sum(axis=1) / 2  # |x − w|² is smallest where w²/2 − x·w is
        nearest = np.empty(len(features), np.int64)
        for start in range(0, len(features), _FEATURES_AT_ONCE):
            part = slice(start, start + _FEATURES_AT_ONCE)
            nearest[part] = (half_squares - (features[part] - origin) @ words.T).argmin(axis=1)
        return self._first[nearest]


@dataclass(frozen=True, eq=False)
class Mixture:
    """k Gaussians with diagonal covariance: weights (k,), means and standard deviations (k, d), float64."""

    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    sigmas: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Check that weights, means and deviations fit together."""
        weights = arrays.vector(self.weights, "weights", at_least=1)
        means = arrays.matrix(self.means, "means", dtype=np.float64, n=len(weights))
        shape = {"n": len(weights), "d": means.shape[1], "like": "the means"}
        sigmas = arrays.matrix(self.sigmas, "sigmas", dtype=np.float64, **shape)
        if min(weights.min(), sigmas.min()) < _MIN:
            raise UserError(
                f"weights and sigmas hold numbers that are not at least {_MIN}; learn a mixture by Mixture.learn"
            )
        for name, array in (("weights", weights), ("means", means), ("sigmas", sigmas)):
            object.__setattr__(self, name, array)

    @classmethod
    def learn(cls, x: ArrayLike, k: int, *, seed: int) -> "Mixture":
        """Expectation maximisation (scikit-learn's, from k-means) on features (n, d) of many images; errors as in
        `Vocabulary.learn`.

        Perronnin et al. reduce SIFT to 64 dimensions by PCA first, because diagonal covariances assume that the
        dimensions do not depend on each other. That is up to the caller: learn and encode the reduced features.
        """
        features, k, seed = _learnable(x, k, seed, "Gaussians", 2)  # one feature has no spread
        with threadpool_limits(1):
            mixture = GaussianMixture(k, covariance_type="diag", random_state=seed).fit(features.astype(np.float64))
        return cls(mixture.weights_, mixture.means_, np.sqrt(mixture.covariances_))

    def __len__(self) -> int:
        """Number of Gaussians."""
        return len(self.weights)

    def log_likelihoods(self, x: ArrayLike) -> NDArray[np.float64]:
        """The logarithm of weight times density of each feature under each Gaussian, (n, k)."""
        features, means = self.centred(x)
        precision = self.sigmas**-2.0
        # Σ (x − μ)²/σ² as three products: no array of n × k × d
        squared = features**2 @ precision.T - 2 * features @ (means * precision).T + (means**2 * precision).sum(axis=1)
        constant = np.log(self.weights) - np.log(self.sigmas).sum(axis=1)
        return np.asarray(constant - 0.5 * (squared + features.shape[1] * np.log(2 * np.pi)))

    def centred(self, x: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Features (n, d) and means relative to the mixture's mean; far from the origin, squares would lose digits."""
        origin = self.weights @ self.means
        return _features(x, self.means.shape[1]) - origin, self.means - origin

    def posteriors(self, x: ArrayLike) -> NDArray[np.float64]:
        """The posterior probability of each Gaussian for each feature, (n, k); rows sum to 1."""
        joint = self.log_likelihoods(x)
        return np.asarray(np.exp(joint - logsumexp(joint, axis=1, keepdims=True)))


def bow(x: ArrayLike, vocabulary: Vocabulary, *, idf: ArrayLike | None = None) -> Vector:
    """Bag of words: the share of each word among the image's features, (k,) float32; a tensor where ``x`` is.

    Parameters
    ----------
    x: (n, d) features of one image. Without any, (0, d), all shares are 0.
    vocabulary: k words of d dimensions, learned on other images.
    idf: (k,) from `inverse_document_frequency`: multiplies the shares, so that common words count less (tf-idf). The
        thesis names only frequencies.

    Raises
    ------
    UserError: features or ``idf`` of another shape, with NaN or infinity, or a ``vocabulary`` that is no `Vocabulary`.
    """
    words = _learned(vocabulary, Vocabulary, "vocabulary").assign(x)
    shares = np.bincount(words, minlength=len(vocabulary)) / max(len(words), 1)
    if idf is not None:
        shares = shares * arrays.vector(idf, "idf", n=len(vocabulary))
    return arrays.like(x, np.asarray(shares, np.float32))


def inverse_document_frequency(bags: ArrayLike) -> NDArray[np.float64]:
    """The ln(N / N_i) of Sivic and Zisserman, (k,): N images, N_i of which have word i, at least 1.

    Parameters
    ----------
    bags: (N, k) of `bow` without idf, at least one.
    """
    given = arrays.array(bags, "bags")
    counts = arrays.matrix(given[None] if given.ndim == 1 else given, "bags", at_least=1)
    present = np.count_nonzero(counts, axis=0)
    return np.asarray(np.log(len(counts) / np.maximum(present, 1)))


def vlad(x: ArrayLike, vocabulary: Vocabulary, *, normalisation: Normalisation = "l2") -> Vector:
    """Vector of locally aggregated descriptors: Σ (feature − word) over the features of each word, (k d,) float32;
    a tensor where ``x`` is.

    The words follow one another. An image without features, (0, d), has the zero vector.

    Parameters
    ----------
    x: (n, d) features of one image.
    vocabulary: k words of d dimensions, learned on other images.
    normalisation: ``"l2"`` is the original; `Normalisation` lists the others.

    Raises
    ------
    UserError: features of another shape, or with NaN or infinity; a ``vocabulary`` that is no `Vocabulary`; or an
        unknown normalisation.
    """
    words = _learned(vocabulary, Vocabulary, "vocabulary").assign(x)
    features = _features(x, vocabulary.words.shape[1])
    sums = np.zeros(vocabulary.words.shape)
    np.add.at(sums, words, features - vocabulary.words[words].astype(np.float64))
    return arrays.like(x, _normalised(sums, normalisation))


def fisher_vector(x: ArrayLike, mixture: Mixture, *, normalisation: Normalisation = "power") -> Vector:
    """Fisher vector: the gradient of the features' mean log-likelihood by means, then by standard deviations, (2 k d,).

    With posteriors γ, per Gaussian and dimension (Perronnin et al., 2010, section 2):

        by μ:   1 / (n √w)    Σ γ (x − μ) / σ
        by σ:   1 / (n √(2w)) Σ γ ((x − μ)² / σ² − 1)

    that is, multiplied by the inverse square root of the (approximate, diagonal) Fisher information. The gradient by
    the weights adds little and is left out, as in that paper. ``normalisation="power"`` is the normalisation of that
    paper, ``"none"`` the formulas as they stand; ``"intra"`` takes means and deviations of a Gaussian apart. float32,
    all means first; a tensor where ``x`` is.
    """
    features, mu = _learned(mixture, Mixture, "mixture").centred(x)
    if len(features) == 0:
        return arrays.like(x, np.zeros(2 * mixture.means.size, np.float32))
    gamma = mixture.posteriors(x)
    n, w, sigma = len(features), mixture.weights[:, None], mixture.sigmas
    zeroth, first, second = gamma.sum(axis=0)[:, None], gamma.T @ features, gamma.T @ features**2
    by_mean = (first - zeroth * mu) / (sigma * n * np.sqrt(w))
    by_sigma = ((second - 2 * mu * first + zeroth * mu**2) / sigma**2 - zeroth) / (n * np.sqrt(2 * w))
    return arrays.like(x, _normalised(np.concatenate([by_mean, by_sigma]), normalisation))


def _normalised(rows: NDArray[np.float64], rule: str) -> Vector:
    """One vector of the rows, one row per word, normalised by the rule; zero stays zero."""
    arrays.choice(rule, "normalisation", get_args(Normalisation))
    if rule == "intra":
        rows = rows / _lengths(rows)
    vector = rows.reshape(1, -1)
    if rule == "power":
        vector = np.sign(vector) * np.sqrt(np.abs(vector))
    if rule != "none":
        vector = vector / _lengths(vector)
    return vector[0].astype(np.float32)


def _lengths(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.where(norms > 0, norms, 1.0)


def _features(x: ArrayLike, d: int) -> NDArray:
    given = arrays.matrix(x, "features", dtype=None, d=d, like="what was learned has")
    return arrays.as_floats(given, "features", given.dtype if given.dtype.kind == "f" else np.float64)


def _learned(given: Any, kind: type[Learned], name: str) -> Learned:
    if not isinstance(given, kind):
        raise UserError(f"{name} is {type(given).__name__}; expected a {kind.__name__}, as {kind.__name__}.learn makes")
    return given


def _learnable(x: ArrayLike, k: int, seed: int, what: str, at_least: int) -> tuple[NDArray[np.float32], int, int]:
    features = arrays.matrix(x, "features", at_least=at_least)
    k = arrays.whole(k, "k", 1, len(features), f"{what} from {len(features)} features")
    return features, k, arrays.whole(seed, "seed", 0, 2**32 - 1)
