"""Binary reconstructive embeddings (BRE): Hamming distances that follow distances (Kulis and Darrell, 2009; row BRE).

Bit k is 1 where Σ_j W_jk κ(anchor_jk, x) > 0. The kernel κ is linear, and each bit has 20 random training vectors of
its own as anchors. W starts as 0.001 times Gaussian numbers. It is learned on at most 1,000 vectors and minimises, over
sampled pairs (i, j),

    ½ Σ (‖b_i − b_j‖² / K − t_ij)²,   t_ij = ½ ‖x_i − x_j‖² divided by its largest value.

One weight changes at a time: bit after bit, a random one of its anchors. As that weight grows, each training vector's
bit flips once, at a known value, so one pass over these values finds the best weight (section 3.2 of the text). A round
visits every bit once; learning ends when a round lowers the objective by 1 or less. With labels, t_ij is 0 for pairs
of one identity and 1 for other pairs.

The authors' code takes any kernel matrix. Their text centres the vectors and scales them to length 1, which is the
default here; ``unit=False`` skips the scaling. Bits of new vectors do not need it, because the kernel is linear.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.kernels import njit
from vretlib.models.hashing.hasher import F64, LinearHasher, identities, training_vectors

_SHARE = 0.05  # points drawn to be compared with each point, as a share of all points
_SCALE = 1e-3  # standard deviation of the first weights
_BEYOND = 0.5e-6  # distance of a weight from the first or last flip if its best place is outside all flips


@dataclass(frozen=True, eq=False)
class ReconstructiveHasher(LinearHasher):
    """The hash function that BRE learns.

    Attributes
    ----------
    objective: float64 (rounds + 1,), the objective before the first round and after each.
    """

    objective: F64 = field(repr=False)


def fit(
    x: ArrayLike,
    n_bits: int,
    rng: np.random.Generator,
    *,
    labels: ArrayLike | None = None,
    n_points: int = 1000,
    n_anchors: int = 20,
    tolerance: float = 1.0,
    unit: bool = True,
) -> ReconstructiveHasher:
    """The hash function that BRE learns with the linear kernel.

    Parameters
    ----------
    x: (n, d) training vectors.
    n_bits: K ≥ 1.
    rng: draws the training points, the pairs, the anchors, the first weights, and the order of the steps.
    labels: (n,) identities for the supervised version; None for the distances of ``x``.
    n_points, n_anchors: number of vectors that are learned on, and of anchors of each bit; all vectors if there are
        fewer.
    tolerance: learning ends after a round that lowers the objective by this or less.
    unit: scale the centred vectors to length 1 first.

    Raises
    ------
    UserError: labels that are all the same or not one for each vector; vectors that are all equal; fewer than two
        vectors, NaN or infinity, or a number below its least value.
    """
    vectors, n_bits = training_vectors(x, n_bits)
    if (vectors == vectors[0]).all():
        raise UserError(f"x: all {len(vectors)} vectors are equal; expected vectors that differ")
    persons = None if labels is None else identities(labels, len(vectors), "supervised BRE")
    n_points = arrays.whole(n_points, "n_points", 2)
    n_anchors = arrays.whole(n_anchors, "n_anchors", 1)
    tolerance = arrays.number(tolerance, "tolerance", minimum=0)
    mean = vectors.mean(axis=0, dtype=np.float64)
    chosen = rng.choice(len(vectors), min(n_points, len(vectors)), replace=False)
    points = vectors[chosen] - mean
    points = arrays.unit(points) if unit else points
    kernel = points @ points.T
    first, second = _pairs(len(points), rng)
    targets = _targets(kernel, first, second, None if persons is None else persons[chosen])
    anchors = np.stack([rng.permutation(len(points))[:n_anchors] for _ in range(n_bits)])
    weights = _SCALE * rng.standard_normal(anchors.shape)
    objective = _learn(kernel, anchors, weights, first, second, targets, tolerance, rng)
    directions = np.einsum("ka,kad->dk", weights, points[anchors])
    return ReconstructiveHasher(mean, np.ascontiguousarray(directions), objective)


def _pairs(n: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Two columns of pairs: each point with a random twentieth of all points, but never with itself."""
    paired = [rng.permutation(n)[: max(1, int(_SHARE * n))] for _ in range(n)]
    first, second = np.repeat(np.arange(n), [len(row) for row in paired]), np.concatenate(paired)
    return first[first != second], second[first != second]


def _targets(kernel: F64, first: NDArray, second: NDArray, persons: NDArray[np.int64] | None) -> F64:
    """The share of differing bits that each pair should have, (n_pairs,)."""
    if persons is not None:
        return (persons[first] != persons[second]).astype(np.float64)
    squares = np.diag(kernel)
    largest = max(
        float((squares + row_square - 2 * row).max()) for row, row_square in zip(kernel, squares, strict=True)
    )
    distances = np.maximum(squares[first] + squares[second] - 2 * kernel[first, second], 0)
    return distances / largest if largest > 0 else np.zeros(len(first))


def _learn(
    kernel: F64, anchors: NDArray[np.int64], weights: F64, first: NDArray[np.int64], second: NDArray[np.int64],
    targets: F64, tolerance: float, rng: np.random.Generator,
) -> F64:  # fmt: skip
    """The objective before the first round and after each; ``weights`` (K, anchors) change in place."""
    n_bits = len(anchors)
    ends = np.concatenate([first, second])
    of_point = np.argsort(ends, kind="stable")  # the pairs of each point, whichever end of the pair it is
    offsets = np.searchsorted(ends[of_point], np.arange(len(kernel) + 1))
    pairs, paired = of_point % max(len(first), 1), np.concatenate([second, first])[of_point]
    values = np.stack([w @ kernel[a] for w, a in zip(weights, anchors, strict=True)])  # (K, n) before the threshold
    bits = values > 0
    differing = (bits[:, first] != bits[:, second]).sum(axis=0).astype(np.float64)
    objective = [0.5 * float(np.square(differing / n_bits - targets).sum())]
    while len(objective) == 1 or objective[-2] - objective[-1] > tolerance:
        for bit, place in enumerate(rng.integers(0, anchors.shape[1], n_bits)):
            slopes = kernel[anchors[bit, place]]
            weights[bit, place] += _step(
                values[bit], slopes, bits[bit], weights[bit, place], differing, targets, n_bits, first, second, offsets,
                pairs, paired,
            )  # fmt: skip
        objective.append(0.5 * float(np.square(differing / n_bits - targets).sum()))
    return np.array(objective)


@njit(cache=True, nogil=True)
def _step(  # type: ignore[no-untyped-def]
    values, slopes, bits, weight, differing, targets, n_bits, first, second, offsets, pairs, paired
):
    """The change of one weight, which moves to the middle between the two flips where the objective is least.

    The first of equal minima is taken, as in the authors' code. Flips at the same weight happen together. ``values``,
    ``bits`` and ``differing`` change with the weight.

    With the other bits fixed, the objective is a constant plus the cost c of each pair whose bits differ here: a pair
    with share s of differing bits in the others has ½ (s + 1/K − t)² − ½ (s − t)² = (s − t + 1/(2K)) / K. Flipping a
    point's bit adds the costs of those of its pairs whose bits were equal, and subtracts the costs of the others.
    """
    movable = np.flatnonzero(slopes != 0.0)  # the others keep their bit whatever the weight is
    if movable.size == 0:
        return 0.0
    flips = weight - values[movable] / slopes[movable]
    order = np.argsort(flips, kind="mergesort")
    now = bits.copy()
    for i in movable:
        now[i] = slopes[i] < 0  # the bits below all flips
    cost = np.empty(first.size)
    total = 0.0
    for e in range(first.size):
        differing[e] -= bits[first[e]] != bits[second[e]]
        cost[e] = ((differing[e] + 0.5) / n_bits - targets[e]) / n_bits
        if now[first[e]] != now[second[e]]:
            total += cost[e]
    best, found = total, flips[order[0]] - _BEYOND
    for k in range(order.size):
        i = movable[order[k]]
        for e in range(offsets[i], offsets[i + 1]):
            total += cost[pairs[e]] if now[i] == now[paired[e]] else -cost[pairs[e]]
        now[i] = not now[i]
        here = flips[order[k]]
        after = flips[order[k + 1]] if k + 1 < order.size else here + 2 * _BEYOND
        if total < best and after > here:
            best, found = total, (here + after) / 2
    for point in range(values.size):
        values[point] += (found - weight) * slopes[point]
        bits[point] = values[point] > 0
    for e in range(first.size):
        differing[e] += bits[first[e]] != bits[second[e]]
    return found - weight
