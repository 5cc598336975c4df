"""Supervised hashing with kernels (KSH): products of codes that reproduce the labels (Liu et al., 2012; row KSH).

Bit k is 1 where Σ_j a_jk (κ(x, anchor_j) − mean_j) > 0, with κ = exp(−‖x − y‖² / (2σ)) over 300 random training vectors
as anchors. In the authors' code σ is the mean *squared* distance of training vectors to anchors, without a root.

S is the matrix of pairs of 2,000 labelled vectors, with S_ij = K for a pair of one identity and −K for other pairs.
Bits are learned one after another. For each bit, codes y ∈ {−1, 1} are sought that make yᵀ S y large; then y yᵀ is
subtracted from S, and the next bit is learned with what is left (section 3.3):

1. Spectral relaxation: with K̄ the centred kernel of the l labelled vectors, a is the leading solution of
   K̄ᵀ S K̄ a = λ K̄ᵀ K̄ a, scaled to aᵀ K̄ᵀ K̄ a = l.
2. Sigmoid smoothing: Nesterov's descent of −yᵀ S y with y = 2 / (1 + exp(−K̄ a)) − 1, starting from that a; see
   `_descend`. It moves a along those right singular vectors of K̄ whose squared singular value single precision can
   tell from 0 beside the largest.
3. The second a is kept only if its binary codes give a larger yᵀ S y than those of the first.

The matrix S (l × l) is never formed: S y = K (2 Σ of y over the same identity − Σ y) − Σ_k y_k (y_kᵀ y). With
K̄ = U D Vᵀ the first step is an ordinary eigenproblem, and directions of K̄ that only rounding decides are left out.
Such directions exist whenever anchors or frames are equal; the authors' solver then returns NaN.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import linalg

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.models.hashing.hasher import F32, F64, identities, in_blocks, training_vectors
from vretlib.models.hashing.principal import with_fixed_signs

_SMALLEST = 1e-7  # share of the kernel's largest singular value; double precision can just tell its square from 0
_SMALLEST_SINGLE = 3e-4  # the same for single precision
_DOUBLINGS = 51  # maximum number of doublings of the step's bound in one line search


@dataclass(frozen=True, eq=False)
class KernelHasher:
    """Bit k is 1 where (κ(x, anchors) − mean) · weights[:, k] > 0.

    Attributes
    ----------
    rows: int64 (m,), which of the training vectors are the anchors.
    anchors: float64 (m, d).
    sigma: σ, the mean squared distance.
    mean: float64 (m,), of the kernel over all training vectors.
    weights: float64 (m, K).
    gains: float64 (K, 2), yᵀ S y / l of each bit after the spectral relaxation, and of the codes that were kept.
    """

    rows: NDArray[np.int64] = field(repr=False)
    anchors: F64 = field(repr=False)
    sigma: float
    mean: F64 = field(repr=False)
    weights: F64 = field(repr=False)
    gains: F64 = field(repr=False)

    @classmethod
    def with_anchors(cls, x: ArrayLike, rows: ArrayLike, weights: ArrayLike, gains: ArrayLike) -> KernelHasher:
        """The hash function with learned weights and gains; its kernel follows from the training vectors (n, d).

        Raises
        ------
        UserError: anchors that are no rows of ``x``, or none; weights not one row for each anchor, gains not two for
            each bit, or NaN or infinity; vectors that are all equal.
        """
        vectors = arrays.matrix(x, "x")
        chosen = arrays.ids(rows, "rows", below=len(vectors))
        if len(chosen) == 0:
            raise UserError("rows: no anchors; expected at least one")
        learned = arrays.matrix(weights, "weights", dtype=np.float64, n=len(chosen))
        of_bits = arrays.matrix(gains, "gains", dtype=np.float64, n=learned.shape[1], d=2, like="for each bit")
        return cls(chosen, *_kernel_of(vectors, chosen), learned, of_bits)

    @property
    def n_bits(self) -> int:
        """K, the bits of a code."""
        return self.weights.shape[1]

    def project(self, x: ArrayLike) -> F32:
        """Vectors (n, d) as float32 (n, K): the values before the threshold 0."""
        rows = arrays.matrix(x, "x", d=self.anchors.shape[1], like="the training vectors")
        return in_blocks(
            rows, self.n_bits, lambda block: _centred(block, self.anchors, self.sigma, self.mean) @ self.weights
        )

    def bits(self, x: ArrayLike) -> NDArray[np.bool_]:
        """Codes (n, K) of vectors (n, d)."""
        return self.project(x) > 0


def fit(
    x: ArrayLike,
    labels: ArrayLike,
    n_bits: int,
    rng: np.random.Generator,
    *,
    n_anchors: int = 300,
    n_labelled: int = 2000,
    iterations: int = 500,
    tolerance: float = 1e-2,
) -> KernelHasher:
    """The hash function that KSH learns, as its authors coded it.

    Parameters
    ----------
    x, labels: (n, d) training vectors, and the identity of each.
    n_bits: K ≥ 1.
    rng: draws the anchors, then the labelled vectors.
    n_anchors, n_labelled: m and l; all vectors if there are fewer.
    iterations, tolerance: maximum number of steps of the descent, and the change of −yᵀ S y / l at which it ends.

    Raises
    ------
    UserError: labels that are missing, not one for each vector, or all the same (also among the labelled vectors
        that are drawn); vectors that are all equal; fewer than two vectors, NaN or infinity, or a number below
        its least value.
    """
    vectors, n_bits = training_vectors(x, n_bits)
    persons = identities(labels, len(vectors), "KSH")
    n_anchors = arrays.whole(n_anchors, "n_anchors", 1)
    n_labelled = arrays.whole(n_labelled, "n_labelled", 2)
    iterations = arrays.whole(iterations, "iterations", 0)
    tolerance = arrays.number(tolerance, "tolerance", minimum=0)
    anchors = rng.choice(len(vectors), min(n_anchors, len(vectors)), replace=False)
    labelled = rng.choice(len(vectors), min(n_labelled, len(vectors)), replace=False)
    of_labelled = identities(persons[labelled], len(labelled), "KSH")
    kernel = _kernel_of(vectors, anchors)
    centred = _centred(vectors[labelled].astype(np.float64), *kernel)
    return KernelHasher(anchors, *kernel, *_learn(centred, of_labelled, n_bits, iterations, tolerance))


def _kernel_of(x: F32, rows: NDArray[np.int64]) -> tuple[F64, float, F64]:
    """Anchors (m, d), σ, and the mean (m,) of the kernel over all vectors (n, d); ``rows`` (m,) are the anchors."""
    vectors = x.astype(np.float64)
    anchors = vectors[rows]
    squares = _squared_distances(vectors, anchors)
    sigma = float(squares.mean())
    smallest = float(np.finfo(np.float32).eps) ** 2
    if sigma <= smallest * float(np.square(anchors).sum(axis=1).max()):  # not float32, which may overflow
        raise UserError(f"x: all {len(x)} vectors are equal; expected vectors that differ")
    return anchors, sigma, np.exp(squares / (-2 * sigma)).mean(axis=0)


def _centred(rows: F64, anchors: F64, sigma: float, mean: F64) -> F64:
    """κ(x, anchors) − mean of rows (n, d), float64 (n, m)."""
    return np.exp(_squared_distances(rows, anchors) / (-2 * sigma)) - mean


class _Residual:
    """S minus y yᵀ of each bit learned so far; its products are computed from identities (l,) and codes (bits, l)."""

    def __init__(self, persons: NDArray[np.int64], n_bits: int) -> None:
        self.persons, self.n_bits = persons, n_bits
        self.codes = np.empty((n_bits, len(persons)))
        self.n_codes = 0

    def remove(self, y: F64) -> None:
        """Subtract y yᵀ."""
        self.codes[self.n_codes] = y
        self.n_codes += 1

    def times(self, y: F64) -> F64:
        """The product S y, (l,)."""
        same = np.bincount(self.persons, y)
        codes = self.codes[: self.n_codes]
        return self.n_bits * (2 * same[self.persons] - y.sum()) - (codes @ y) @ codes

    def gain(self, y: F64) -> float:
        """yᵀ S y."""
        same, shared = np.bincount(self.persons, y), self.codes[: self.n_codes] @ y
        return float(self.n_bits * (2 * np.vdot(same, same) - y.sum() ** 2) - np.vdot(shared, shared))


def _learn(kernel: F64, persons: NDArray[np.int64], n_bits: int, iterations: int, tolerance: float) -> tuple[F64, F64]:
    """Weights (m, K) and gains (K, 2) from the centred kernel of labelled vectors (l, m)."""
    left, values, right = linalg.svd(kernel, full_matrices=False)
    kept = values > _SMALLEST * values[0]
    left, back = left[:, kept], right[kept].T / values[kept]  # kernel @ back = left
    residual = _Residual(persons, n_bits)
    same = np.stack([left[persons == person].sum(axis=0) for person in range(int(persons.max()) + 1)])
    total = left.sum(axis=0)
    inner = n_bits * (2 * same.T @ same - np.outer(total, total))  # leftᵀ S left
    weights, gains = np.empty((kernel.shape[1], n_bits)), np.empty((n_bits, 2))
    # Single precision and fewer directions make the descent more than twice as fast. Codes use double precision.
    strong = values[kept] > _SMALLEST_SINGLE * values[0]
    axes, single = right[kept][strong].T, (left * values[kept])[:, strong].astype(np.float32)
    for bit in range(n_bits):
        start = np.sqrt(len(kernel)) * back @ with_fixed_signs(_leading(inner))[:, 0]
        smooth = start + axes @ _descend(single, residual, kernel @ start, iterations, tolerance)
        candidates = [(w, _signs(kernel @ w)) for w in (start, smooth)]
        found = [residual.gain(y) for _, y in candidates]
        weights[:, bit], y = candidates[int(found[1] > found[0])]
        gains[bit] = found[0] / len(kernel), max(found) / len(kernel)
        residual.remove(y)
        shared = y @ left
        inner -= np.outer(shared, shared)
    return weights, gains


def _leading(matrix: F64) -> F64:
    """The eigenvector of the largest eigenvalue of a symmetric matrix (n, n), as a column (n, 1)."""
    leading = linalg.eigh(matrix, subset_by_index=[len(matrix) - 1, len(matrix) - 1])[1]
    if leading.shape[1]:
        return leading
    # Where eigenvalues differ by rounding only, LAPACK may find none when it is asked for one of them. It happens if
    # each labelled vector has an identity of its own: the matrix is then a multiple of the identity matrix.
    return linalg.eigh(matrix)[1][:, -1:]


def _descend(kernel: NDArray[np.floating], residual: _Residual, start: F64, iterations: int, tolerance: float) -> F64:
    """Change of the weights (m,) by Nesterov's accelerated descent of −yᵀ S y, with y the sigmoid of the values.

    ``start`` (l,) has the values of the first weights; a change w of the weights changes them by ``kernel @ w``. Each
    step starts from a probe that is extrapolated from the last two weights. The bound of the curvature starts with its
    value in the step before and is doubled until the cost does not exceed the parabola with this curvature. The values
    of the probe and the candidates follow from those of the last two weights and from the kernel's product with the
    gradient. Products and sigmoids have the precision of ``kernel``; sums have double precision.
    """
    n = len(kernel)
    before = now = np.zeros(kernel.shape[1])
    values_before = values_now = start
    cost = -residual.gain(_sigmoid(values_now, kernel.dtype))
    momentum, bound = (0.0, 1.0), 1.0
    for _ in range(iterations):
        ahead = (momentum[0] - 1) / momentum[1]
        probe, values = now + ahead * (now - before), values_now + ahead * (values_now - values_before)
        y = _sigmoid(values, kernel.dtype)
        of_residual = residual.times(y)
        single = (of_residual * (y * y - 1)).astype(kernel.dtype) @ kernel
        along, gradient = (kernel @ single).astype(np.float64), single.astype(np.float64)
        square, here = float(np.vdot(gradient, gradient)), -float(np.vdot(y, of_residual))
        for _doubling in range(_DOUBLINGS):
            values_next = values - along / bound
            cost_next = -residual.gain(_sigmoid(values_next, kernel.dtype))
            if cost_next <= here - square / (2 * bound):
                break
            bound *= 2
        else:
            return now
        before, now = now, probe - gradient / bound
        values_before, values_now = values_now, values_next
        change, cost = abs(cost_next - cost), cost_next
        momentum = momentum[1], (1 + np.sqrt(1 + 4 * momentum[1] ** 2)) / 2
        if change / n <= tolerance:
            break
    return now


def _sigmoid(values: F64, precision: np.dtype[np.floating]) -> F64:
    """2 / (1 + exp(−values)) − 1, computed in the given precision."""
    return np.tanh((values / 2).astype(precision)).astype(np.float64)


def _signs(values: F64) -> F64:
    return np.where(values > 0, 1.0, -1.0)


def _squared_distances(rows: F64, anchors: F64) -> F64:
    """Squared distances (n, m), float64, not below 0."""
    sums = np.square(rows).sum(axis=1)[:, None] + np.square(anchors).sum(axis=1)
    return np.maximum(sums - 2 * rows @ anchors.T, 0)
