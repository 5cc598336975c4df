"""Key frames by clustering: Algorithm 1 of paper 002.

Colour decides how many key frames a video has, deep features decide which. Adjacent frames whose histograms differ by
more than θ times the mean difference are *peaks*. K-means makes as many clusters of the frames' deep features as there
are peaks, and the frame nearest to each centre is a key frame.

The printed algorithm leaves several points open. `KeyFrameOptions` has a name and a default for each:

- **m before the first peak.** It is never set. If it is 0, a video without a peak has no cluster and loses every frame.
  The default counts peaks and takes one cluster where there is none; "one_more" starts at 1, because m peaks separate
  m + 1 stretches.
- **F_1 … F_(n−1) for n frames.** There is one feature fewer than frames. The default uses all frames.
- **"Select m cluster centers randomly".** The default takes m different frames, each with the same probability; the
  alternative is k-means++.
- **Distance.** Euclidean, as in the search; "cosine" gives features length 1 first.
- **A cluster that becomes empty.** It takes the frame that lies farthest from its own centre, among clusters with more
  than one frame; or it is dropped. It is also dropped when every frame lies on its centre, because then there are fewer
  different frames than clusters.
- **"Until the objects in each cluster no longer change".** This may never be so, because refilled clusters can repeat
  in a cycle. The number of rounds is therefore limited.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError

Clusters = Literal["at_least_one", "one_more"]
FrameChoice = Literal["all", "but_last"]
Seeding = Literal["random_frames", "k_means++"]
ClusterMetric = Literal["euclidean", "cosine"]
Empty = Literal["refill", "drop"]

F64 = NDArray[np.float64]
Ids = NDArray[np.int64]

_ROWS = 4096  # of features in double precision at a time


@dataclass(frozen=True)
class KeyFrameOptions:
    """Algorithm 1 with its open points; the module's docstring explains each of them.

    Attributes
    ----------
    theta: θ, 1.4 in the paper (section 4.1.3). A larger value gives fewer key frames.
    clusters: of m peaks, "at_least_one" makes max(m, 1), "one_more" m + 1; never more than there are frames.
    frames: the frames that are clustered, "all" or "but_last".
    seeding: "random_frames" or "k_means++".
    metric: "euclidean" or "cosine".
    empty: "refill" or "drop".
    max_rounds: maximum number of rounds of k-means.
    seed: seed of the random choice, the same for every video.
    """

    theta: float = 1.4
    clusters: Clusters = "at_least_one"
    frames: FrameChoice = "all"
    seeding: Seeding = "random_frames"
    metric: ClusterMetric = "euclidean"
    empty: Empty = "refill"
    max_rounds: int = 100
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse invalid values before any work starts."""
        arrays.number(self.theta, "theta", minimum=0)
        arrays.whole(self.max_rounds, "max_rounds", 1)
        arrays.whole(self.seed, "seed", 0)
        kinds = {
            "clusters": Clusters,
            "frames": FrameChoice,
            "seeding": Seeding,
            "metric": ClusterMetric,
            "empty": Empty,
        }
        for name, kind in kinds.items():
            if getattr(self, name) not in get_args(kind):
                raise UserError(f"{name}={getattr(self, name)!r}: expected one of {', '.join(get_args(kind))}")


class FrameClusters(NamedTuple):
    """The key frames, clusters and peaks of n frames.

    Attributes
    ----------
    ids: int64 (k,), rows of the key frames, ascending; at least one.
    cluster_of: int64 (n,), for each frame the position of its key frame in ``ids``; -1 if the frame is not clustered.
    peaks: int64 (m,), each i for which D between rows i and i + 1 is above θ · D_ave.
    """

    ids: Ids
    cluster_of: Ids
    peaks: Ids


def find_peaks(distances: ArrayLike, theta: float) -> Ids:
    """Positions of the distances above θ times their mean (steps 3 to 5), int64 (m,); none without distances.

    Raises
    ------
    UserError: distances that are not (n - 1,), finite and at least 0, or ``theta`` below 0.
    """
    d, theta = arrays.vector(distances, "distances"), arrays.number(theta, "theta", minimum=0)
    if (d < 0).any():
        raise UserError(f"distances hold {d.min():g}: expected (n - 1,) finite numbers, none below 0")
    return np.flatnonzero(d > theta * d.mean()) if len(d) else np.empty(0, np.int64)


def n_clusters(n_peaks: int, n_frames: int, rule: Clusters = "at_least_one") -> int:
    """Number of clusters for m peaks, between 1 and the number of frames."""
    return min(max(n_peaks, 1) if rule == "at_least_one" else n_peaks + 1, n_frames)


def key_frames(
    features: ArrayLike, distances: ArrayLike, options: KeyFrameOptions = KeyFrameOptions()
) -> FrameClusters:
    """The key frames of one video.

    Parameters
    ----------
    features: (n, d), one deep feature per frame, n at least 1.
    distances: (n - 1,), distances between the colour histograms of adjacent frames.

    Raises
    ------
    UserError: no frame, other shapes, NaN or infinity.
    """
    x, changes = arrays.matrix(features, "features", dtype=None), arrays.array(distances, "distances")
    if not len(x) or changes.shape != (len(x) - 1,):
        raise UserError(
            f"features of shape {x.shape}, distances of shape {changes.shape}: expected (n, d) and (n - 1,), "
            "a row per frame and at least one frame"
        )
    finite = np.isfinite(x).all(axis=1)
    if not finite.all():
        raise UserError(f"features of frame {int(finite.argmin())}: NaN or infinity; describe the video again")
    peaks = find_peaks(changes, options.theta)
    used = x[: max(len(x) - 1, 1)] if options.frames == "but_last" else x
    if options.metric == "cosine":
        lengths = np.linalg.norm(used.astype(np.float64), axis=1, keepdims=True)
        used = used / np.where(lengths > 0, lengths, 1)
    labels, centres = k_means(used, n_clusters(len(peaks), len(used), options.clusters), options)
    nearest = _nearest_members(used, labels, centres)
    order = np.argsort(nearest)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    cluster_of = np.full(len(x), -1, np.int64)
    cluster_of[: len(used)] = place[labels]
    return FrameClusters(nearest[order], cluster_of, peaks)


def k_means(features: NDArray, k: int, options: KeyFrameOptions = KeyFrameOptions()) -> tuple[Ids, F64]:
    """Labels (n,) and centres (c, d) of at most ``k`` clusters, none of them empty (steps 6 to 10).

    A frame at the same distance from two centres goes to the first of them.
    """
    rng = np.random.default_rng(options.seed)
    seeds = _spread_seeds(features, k, rng) if options.seeding == "k_means++" else _random_seeds(len(features), k, rng)
    centres = features[seeds].astype(np.float64)
    labels = np.full(len(features), -1, np.int64)
    for _ in range(options.max_rounds):
        before = labels
        labels, squares = _assign(features, centres)
        if options.empty == "refill":
            labels = _refilled(labels, squares, len(centres))
        labels = _renumbered(labels)
        centres = _means(features, labels)
        if np.array_equal(labels, before):
            break
    return labels, centres


def _random_seeds(n: int, k: int, rng: np.random.Generator) -> Ids:
    return np.sort(rng.choice(n, k, replace=False))


def _spread_seeds(features: NDArray, k: int, rng: np.random.Generator) -> Ids:
    """Seeds of k-means++: each is drawn with a probability proportional to its squared distance to the seeds so far."""
    seeds = [int(rng.integers(len(features)))]
    squares = np.full(len(features), np.inf)
    while len(seeds) < k:
        squares = np.minimum(squares, _squares(features, features[seeds[-1:]].astype(np.float64))[:, 0])
        squares[seeds] = 0
        total = squares.sum()
        if total == 0:
            break  # no other frame differs from the seeds
        seeds.append(int(rng.choice(len(features), p=squares / total)))
    return np.array(sorted(seeds), np.int64)


def _squares(features: NDArray, centres: F64) -> F64:
    """Squared Euclidean distances (n, k), computed from differences, so that a frame's distance to itself is 0."""
    squares = np.empty((len(features), len(centres)))
    for c, centre in enumerate(centres):
        for start in range(0, len(features), _ROWS):
            part = slice(start, start + _ROWS)
            squares[part, c] = ((features[part].astype(np.float64) - centre) ** 2).sum(axis=1)
    return squares


def _assign(features: NDArray, centres: F64) -> tuple[Ids, F64]:
    """The nearest centre of each frame and its squared distance, by matrix products: fast for many centres."""
    half = (centres**2).sum(axis=1) / 2
    labels, squares = np.empty(len(features), np.int64), np.empty(len(features))
    for start in range(0, len(features), _ROWS):
        part = slice(start, start + _ROWS)
        rows = features[part].astype(np.float64)
        labels[part] = (half - rows @ centres.T).argmin(axis=1)
        squares[part] = ((rows - centres[labels[part]]) ** 2).sum(axis=1)
    return labels, squares


def _refilled(labels: Ids, squares: F64, k: int) -> Ids:
    """Labels in which each empty cluster has taken the farthest frame, the first on ties, of a larger cluster."""
    sizes = np.bincount(labels, minlength=k)
    labels, left = labels.copy(), squares.copy()
    for empty in np.flatnonzero(sizes == 0):
        candidates = np.where(sizes[labels] > 1, left, 0)
        farthest = int(candidates.argmax())
        if candidates[farthest] == 0:
            break
        sizes[labels[farthest]] -= 1
        sizes[empty] = 1
        labels[farthest], left[farthest] = empty, 0
    return labels


def _renumbered(labels: Ids) -> Ids:
    """Labels without gaps, so that clusters that stayed empty are gone."""
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _means(features: NDArray, labels: Ids) -> F64:
    """Centre of each cluster, none of which is empty."""
    sums = np.zeros((labels.max() + 1, features.shape[1]))
    for start in range(0, len(features), _ROWS):
        part = slice(start, start + _ROWS)
        np.add.at(sums, labels[part], features[part].astype(np.float64))
    return sums / np.bincount(labels)[:, None]


def _nearest_members(features: NDArray, labels: Ids, centres: F64) -> Ids:
    """The frame of each cluster that is nearest to its centre, the first on ties (step 11).

    Only the cluster's own frames are candidates; otherwise two clusters could have the same key frame.
    """
    squares = np.concatenate(
        [
            ((features[start : start + _ROWS].astype(np.float64) - centres[labels[start : start + _ROWS]]) ** 2).sum(1)
            for start in range(0, len(features), _ROWS)
        ]
    )
    order = np.lexsort((squares, labels))
    first = np.searchsorted(labels[order], np.arange(len(centres)))
    return order[first].astype(np.int64)
