"""Key frames by clustering: Algorithm 1 of paper 002.

Colour decides how many key frames a video has, deep features decide which. Adjacent frames whose histograms differ by
more than θ times the mean difference are *peaks*; as many clusters as there are peaks are made of the frames' deep
features by k-means; the frame nearest to each centre is a key frame.

The printed algorithm leaves open what follows; `KeyFrameOptions` names each point and its default.

- **m before the first peak.** It is never set. From 0, a video without a peak has no cluster and loses every frame. The
  default counts peaks and takes one where there is none; "one_more" starts at 1, for m peaks part m + 1 stretches.
- **F_1 … F_(n−1) for n frames.** One feature less than frames. The default uses all frames.
- **"Select m cluster centers randomly".** m different frames, each with the same chance; or k-means++.
- **Distance.** Euclidean, as in the search; "cosine" brings features to length 1 first.
- **A cluster that empties.** It takes the frame that lies farthest from its own centre, of clusters that keep another
  one; or it is dropped. It is dropped too when every frame lies on its centre: there are fewer different frames than
  clusters.
- **"Until the objects in each cluster no longer change"** ends by itself, except where refilled clusters go round in a
  circle: hence a number of rounds.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib.errors import UserError

Clusters = Literal["at_least_one", "one_more"]
Frames = Literal["all", "but_last"]
Seeding = Literal["random_frames", "k_means++"]
Metric = Literal["euclidean", "cosine"]
Empty = Literal["refill", "drop"]

F64 = NDArray[np.float64]
Ids = NDArray[np.int64]

_ROWS = 4096  # of features in double precision at a time


@dataclass(frozen=True)
class KeyFrameOptions:
    """Algorithm 1 with its open points; the module's text says what each of them means.

    Attributes
    ----------
    theta: θ, 1.4 in the paper (section 4.1.3). A greater one makes fewer key frames.
    clusters: of m peaks, "at_least_one" makes max(m, 1), "one_more" m + 1; never more than there are frames.
    frames: which of them are clustered, "all" or "but_last".
    seeding: "random_frames" or "k_means++".
    metric: "euclidean" or "cosine".
    empty: "refill" or "drop".
    max_rounds: of k-means.
    seed: of the random choice; the same for every video.
    """

    theta: float = 1.4
    clusters: Clusters = "at_least_one"
    frames: Frames = "all"
    seeding: Seeding = "random_frames"
    metric: Metric = "euclidean"
    empty: Empty = "refill"
    max_rounds: int = 100
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse values that mean nothing, before any work starts."""
        if not self.theta >= 0:
            raise UserError(f"theta={self.theta}: expected a number, 0 or more")
        if self.max_rounds < 1:
            raise UserError(f"max_rounds={self.max_rounds}: expected at least 1")
        kinds = {"clusters": Clusters, "frames": Frames, "seeding": Seeding, "metric": Metric, "empty": Empty}
        for name, kind in kinds.items():
            if getattr(self, name) not in get_args(kind):
                raise UserError(f"{name}={getattr(self, name)!r}: expected one of {', '.join(get_args(kind))}")


class FrameClusters(NamedTuple):
    """What Algorithm 1 makes of n frames.

    Attributes
    ----------
    ids: int64 (k,), rows of the key frames, ascending; at least one.
    cluster_of: int64 (n,), for each frame the place of its key frame in ``ids``; -1 for a frame that is not clustered.
    peaks: int64 (m,), i where D between rows i and i + 1 is above θ · D_ave.
    """

    ids: Ids
    cluster_of: Ids
    peaks: Ids


def find_peaks(distances: ArrayLike, theta: float) -> Ids:
    """Places where a distance is greater than θ times their mean (steps 3 to 5), int64; none without distances."""
    d = np.asarray(distances, np.float64)
    if d.ndim != 1 or not np.isfinite(d).all() or (d < 0).any():
        raise UserError(f"distances of shape {d.shape}: expected (n - 1,) finite numbers, none below 0")
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
    distances: (n - 1,), between the colour histograms of adjacent frames.

    Raises
    ------
    UserError: no frame, other shapes, NaN or infinity.
    """
    x = np.asarray(features)
    if x.ndim != 2 or not x.size or len(x) != np.shape(distances)[0] + 1:
        raise UserError(
            f"features of shape {x.shape}, distances of shape {np.shape(distances)}: expected (n, d) and (n - 1,), "
            "a row per frame and at least one frame"
        )
    finite = np.isfinite(x).all(axis=1)
    if not finite.all():
        raise UserError(f"features of frame {int(finite.argmin())}: NaN or infinity; describe the video again")
    peaks = find_peaks(distances, options.theta)
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
    """Steps 6 to 10: labels (n,) and centres (c, d) with c at most ``k`` clusters, none of them empty.

    A frame as near to two centres goes to the first of them.
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
    """k-means++: each next seed with a chance that grows with the square of its distance to the seeds so far."""
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
    """Squared Euclidean distances (n, k), from differences where they are few, so that a frame's to itself is 0."""
    squares = np.empty((len(features), len(centres)))
    for c, centre in enumerate(centres):
        for start in range(0, len(features), _ROWS):
            part = slice(start, start + _ROWS)
            squares[part, c] = ((features[part].astype(np.float64) - centre) ** 2).sum(axis=1)
    return squares


def _assign(features: NDArray, centres: F64) -> tuple[Ids, F64]:
    """The nearest centre of each frame and its squared distance, through products: fast for many centres."""
    half = (centres**2).sum(axis=1) / 2
    labels, squares = np.empty(len(features), np.int64), np.empty(len(features))
    for start in range(0, len(features), _ROWS):
        part = slice(start, start + _ROWS)
        rows = features[part].astype(np.float64)
        labels[part] = (half - rows @ centres.T).argmin(axis=1)
        squares[part] = ((rows - centres[labels[part]]) ** 2).sum(axis=1)
    return labels, squares


def _refilled(labels: Ids, squares: F64, k: int) -> Ids:
    """Each empty cluster takes the farthest frame, the first on ties, of a cluster that keeps another one."""
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
    """Without gaps: clusters that stayed empty are gone."""
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _means(features: NDArray, labels: Ids) -> F64:
    """Centre of each cluster, none of which is empty."""
    sums = np.zeros((labels.max() + 1, features.shape[1]))
    for start in range(0, len(features), _ROWS):
        part = slice(start, start + _ROWS)
        np.add.at(sums, labels[part], features[part].astype(np.float64))
    return sums / np.bincount(labels)[:, None]


def _nearest_members(features: NDArray, labels: Ids, centres: F64) -> Ids:
    """Step 11: the frame of each cluster nearest to its centre, the first on ties.

    Of the cluster's own frames, or two clusters could have the same key frame.
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
