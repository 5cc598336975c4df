"""Hash functions as their formulas read in plain NumPy: what `benchmarks.hashing` compares with.

Random numbers are drawn in vretlib's order, so that the results are the same up to rounding.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

F64 = NDArray[np.float64]
Labels = NDArray[np.int64]


def principal(x: NDArray[np.float32], k: int) -> tuple[F64, F64]:
    """Mean and leading eigenvectors of the covariance, each with its largest component positive."""
    rows = x.astype(np.float64)
    axes = np.linalg.eigh(np.cov(rows.T))[1][:, : -k - 1 : -1]
    return rows.mean(axis=0), axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(k)])


def spectral(x: NDArray[np.float32], n_bits: int) -> tuple[F64, Labels, Labels]:
    """Spans of the principal directions, and the direction and mode of each bit."""
    mean, axes = principal(x, n_bits)
    values = (x - mean) @ axes
    spans = values.max(axis=0) - values.min(axis=0)
    direction, mode = np.nonzero(np.arange(1, n_bits + 1) < np.ceil((n_bits + 1) * spans / spans.max())[:, None])
    slowest = np.argsort(((mode + 1) / spans[direction]) ** 2, kind="stable")[:n_bits]
    return spans, direction[slowest], mode[slowest] + 1


def itq(x: NDArray[np.float32], n_bits: int, rng: np.random.Generator, iterations: int = 51) -> float:
    """The mean quantisation error before the last update."""
    mean, axes = principal(x, n_bits)
    v = (x - mean) @ axes
    rotation = np.linalg.svd(rng.standard_normal((n_bits, n_bits)))[0]
    for _ in range(iterations):
        signs = np.where(v @ rotation >= 0, 1.0, -1.0)
        error = np.square(signs - v @ rotation).sum() / len(v)
        u, _, wt = np.linalg.svd(signs.T @ v)
        rotation = wt.T @ u.T
    return float(error)


def bre(
    x: NDArray[np.float32], n_bits: int, rng: np.random.Generator, n_points: int, n_anchors: int, tolerance: float
) -> list[float]:
    """The objective before the first round and after each, until a round lowers it by the tolerance or less.

    Each flip of a bit is one step over the pairs of its point.
    """
    chosen = rng.choice(len(x), min(n_points, len(x)), replace=False)
    points = x[chosen] - x.mean(axis=0, dtype=np.float64)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    kernel, n = points @ points.T, len(points)
    second = np.concatenate([rng.permutation(n)[: n // 20] for _ in range(n)])
    first = np.repeat(np.arange(n), n // 20)
    first, second = first[first != second], second[first != second]
    squares = np.diag(kernel)
    wanted = squares[:, None] + squares - 2 * kernel
    wanted = wanted[first, second] / wanted.max()
    anchors = np.stack([rng.permutation(n)[:n_anchors] for _ in range(n_bits)])
    weights = 1e-3 * rng.standard_normal(anchors.shape)
    values = np.stack([w @ kernel[a] for w, a in zip(weights, anchors, strict=True)])
    bits = (values > 0).astype(np.float64)
    pairs = [np.flatnonzero((first == i) | (second == i)) for i in range(n)]

    def objective() -> float:
        return float(0.5 * np.square(np.abs(bits[:, first] - bits[:, second]).mean(axis=0) - wanted).sum())

    found = [objective()]
    while len(found) == 1 or found[-2] - found[-1] > tolerance:
        for k, place in enumerate(rng.integers(0, n_anchors, n_bits)):
            slopes = kernel[anchors[k, place]]
            flips = weights[k, place] - values[k] / slopes
            order = np.argsort(flips, kind="stable")
            others = np.abs(bits[:, first] - bits[:, second]).sum(axis=0) - np.abs(bits[k, first] - bits[k, second])
            now = (slopes < 0).astype(np.float64)
            totals = [0.5 * np.square((others + np.abs(now[first] - now[second])) / n_bits - wanted).sum()]
            for i in order:
                mine = pairs[i]
                apart = np.abs(now[first[mine]] - now[second[mine]])
                before, after = (others[mine] + apart) / n_bits, (others[mine] + 1 - apart) / n_bits
                totals.append(
                    totals[-1] + 0.5 * (np.square(after - wanted[mine]) - np.square(before - wanted[mine])).sum()
                )
                now[i] = 1 - now[i]
            ends = np.concatenate([[flips[order[0]] - 1e-6], flips[order], [flips[order[-1]] + 1e-6]])
            best = int(np.argmin(totals))
            middle = (ends[best] + ends[best + 1]) / 2
            values[k] += (middle - weights[k, place]) * slopes
            weights[k, place] = middle
            bits[k] = values[k] > 0
        found.append(objective())
    return found


def ksh(x: NDArray[np.float32], labels: Labels, n_bits: int, rng: np.random.Generator, m: int, labelled: int) -> F64:
    """yᵀ S y / l of each bit; S (l × l) is a matrix, and each cost and gradient multiplies with it."""
    rows = x.astype(np.float64)
    anchors = rows[rng.choice(len(rows), m, replace=False)]
    chosen = rng.choice(len(rows), labelled, replace=False)
    squares = np.square(rows).sum(axis=1)[:, None] + np.square(anchors).sum(axis=1) - 2 * rows @ anchors.T
    kernel = np.exp(-squares / (2 * squares.mean()))
    k = (kernel - kernel.mean(axis=0))[chosen]
    s = n_bits * np.where(labels[chosen][:, None] == labels[chosen], 1.0, -1.0)
    gains = []
    for _ in range(n_bits):
        start = linalg.eigh(k.T @ s @ k, k.T @ k)[1][:, -1]
        start *= np.sqrt(labelled / (start @ (k.T @ k) @ start))
        codes = [np.where(k @ w > 0, 1.0, -1.0) for w in (start, _descend(k, s, start))]
        y = max(codes, key=lambda code: float(code @ s @ code))
        gains.append(y @ s @ y / labelled)
        s = s - np.outer(y, y)
    return np.array(gains)


def _descend(k: F64, s: F64, start: F64) -> F64:
    def sigmoid(w: F64) -> F64:
        return 2 / (1 + np.exp(-k @ w)) - 1

    def cost(w: F64) -> float:
        y = sigmoid(w)
        return float(-y @ s @ y)

    before, now, momentum, bound, last = start, start, (0.0, 1.0), 1.0, cost(start)
    for _ in range(500):
        probe = now + (momentum[0] - 1) / momentum[1] * (now - before)
        y = sigmoid(probe)
        gradient, here = -k.T @ ((s @ y) * (1 - y**2)), cost(probe)
        while cost(probe - gradient / bound) > here - gradient @ gradient / (2 * bound):
            bound *= 2
        before, now, change = now, probe - gradient / bound, last
        last = cost(now)
        momentum = momentum[1], (1 + np.sqrt(1 + 4 * momentum[1] ** 2)) / 2
        if abs(change - last) / len(k) <= 1e-2:
            break
    return now
