"""Pairs and triplets to learn a similarity from (thesis section 3.2.3).

Ids are rows of the descriptors. Pairs are ordered: the first is the query. No image is paired with itself.
"""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor
from torch.nn.functional import normalize

from vretlib import arrays, tensors
from vretlib.errors import UserError


class Pairs(NamedTuple):
    """Ids ``i``, ``j`` int64 (n,), and ``match`` bool (n,): whether both have the same class."""

    i: Tensor
    j: Tensor
    match: Tensor

    @property
    def n(self) -> int:
        """Number of pairs."""
        return len(self.i)

    def take(self, rows: Tensor) -> "Pairs":
        """Some of the pairs, in the order of ``rows``; a `UserError` for a row that is not one of theirs."""
        tensors.ids(rows, "rows", None, self.n)
        return Pairs(self.i[rows], self.j[rows], self.match[rows])

    def __add__(self, other: "Pairs") -> "Pairs":  # type: ignore[override]
        """Both, one after the other."""
        return Pairs(*(torch.cat(both) for both in zip(self, other, strict=True)))


def warm_up_pairs(n: int, d: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Random unit vectors whose cosine is spread evenly over [-1, 1], as in the authors' code.

    ``x`` is uniform in [-1, 1]^d and normalised; with ``u`` a random unit vector orthogonal to it and c from U(-1, 1),
    ``y = c x + sqrt(1 - c²) u``.

    Returns
    -------
    x, y, cosine
        (n, d), (n, d) and (n,) float32. ``cosine`` is x·y of the returned vectors.

    Raises
    ------
    UserError: ``n`` below 0, or ``d`` below 2: in one dimension nothing is orthogonal to ``x``.
    """
    n, d = arrays.whole(n, "n", 0), arrays.whole(d, "d", 2, what="dimensions")
    x, v = _unit_vectors(n, d, generator), _unit_vectors(n, d, generator)
    u = normalize(v - (v * x).sum(1, keepdim=True) * x)
    c = 2 * torch.rand(n, 1, generator=generator, dtype=torch.float64) - 1
    return _labelled(x, c * x + (1 - c.square()).sqrt() * u)


def independent_pairs(n: int, d: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Random unit vectors drawn independently; returns what `warm_up_pairs` does.

    Their cosine has mean 0 and variance 1/d. Table 3.1 fits these. For a well calibrated predictor MSE / (1 - ρ²) is
    the variance of what is predicted; the rows of the table give 0.0020 to 0.0028, near 1/512 and far from the 1/3 of
    `warm_up_pairs`.

    Raises
    ------
    UserError: ``n`` below 0, or ``d`` below 1.
    """
    n, d = arrays.whole(n, "n", 0), arrays.whole(d, "d", 1, what="dimensions")
    return _labelled(_unit_vectors(n, d, generator), _unit_vectors(n, d, generator))


WARM_UP_KINDS = {"known cosine": warm_up_pairs, "independent": independent_pairs}


def _unit_vectors(n: int, d: int, generator: torch.Generator) -> Tensor:
    return normalize(2 * torch.rand(n, d, generator=generator, dtype=torch.float64) - 1)


def _labelled(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Vectors as float32, and the inner product of what they have become."""
    x, y = x.float(), y.float()
    return x, y, (x.double() * y.double()).sum(1).float()


def random_pairs(labels: ArrayLike, n: int, generator: torch.Generator) -> Pairs:
    """Equal numbers of matching and non-matching pairs, shuffled ("even number of similar and dissimilar pairs").

    The thesis does not say how they are drawn. Here the first image of a non-match is any image, and that of a match
    is any image whose class has another one. The second image is any other one of the same class, or of the other
    classes.

    Parameters
    ----------
    labels: (images,) class of each image.
    n: number of pairs, even. A pair may be drawn more than once.

    Raises
    ------
    UserError: ``n`` is odd or below 0, there are not two classes, one of them with two images, or ``generator`` is no
        `torch.Generator`.
    """
    n, generator = arrays.whole(n, "n", 0, what="pairs"), tensors.generator(generator)
    if n % 2:
        raise UserError(f"{n} pairs cannot be half matches and half not; give an even number")
    classes = _Classes(labels)
    alike, other = classes.with_positive(n // 2, generator), classes.any_image(n // 2, generator)
    i = torch.cat([alike, other])
    j = torch.cat([classes.positive(alike, generator), classes.negative(other, generator)])
    return Pairs(i, j, torch.arange(n) < n // 2).take(torch.randperm(n, generator=generator))


def random_triplets(labels: ArrayLike, n: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Ids int64 (n,) of images, of their positives and of their negatives, drawn as in `random_pairs`.

    Raises
    ------
    UserError: as in `random_pairs`, but ``n`` may be odd.
    """
    n, generator = arrays.whole(n, "n", 0, what="triplets"), tensors.generator(generator)
    classes = _Classes(labels)
    i = classes.with_positive(n, generator)
    return i, classes.positive(i, generator), classes.negative(i, generator)


def difficult_pairs(labels: ArrayLike, scores: ArrayLike, cosine: ArrayLike) -> Pairs:
    """The pairs of images for which a similarity is worse than the cosine, row by row.

    A score is worse if it is below the cosine for a match, or above it for a non-match; an equal score is not.

    Parameters
    ----------
    labels: (images,) class of each image.
    scores, cosine: (images, images), a row for each query. Both orders of two images are looked at.

    Raises
    ------
    UserError: scores or cosines that are not finite, or have not a row and a column for each label.
    """
    of = torch.from_numpy(np.unique(arrays.labels(labels), return_inverse=True)[1])
    match = of[:, None] == of[None, :]
    found, usual = (
        arrays.matrix(x, name, dtype=None) if len(of) else np.empty((0, 0))
        for x, name in ((scores, "scores"), (cosine, "cosine"))
    )
    for x, name in ((found, "scores"), (usual, "cosine")):
        if x.shape != tuple(match.shape) or not np.isfinite(x).all():
            raise UserError(f"{name} of shape {x.shape}: expected {tuple(match.shape)}, finite, one row for each label")
    worse = torch.from_numpy(np.where(match, found < usual, found > usual)).fill_diagonal_(False)
    i, j = worse.nonzero(as_tuple=True)
    return Pairs(i, j, match[i, j])


def sample_classes(labels: ArrayLike, classes: int, per_class: int, generator: torch.Generator) -> Tensor:
    """Ids of up to ``per_class`` random images of each of ``classes`` random classes that have at least two.

    Raises
    ------
    UserError: ``classes`` or ``per_class`` is below 2, or fewer than ``classes`` classes have two images.
    """
    _, of, sizes = np.unique(arrays.labels(labels), return_inverse=True, return_counts=True)
    classes, per_class = arrays.whole(classes, "classes", 0), arrays.whole(per_class, "per_class", 0)
    eligible = torch.from_numpy(np.flatnonzero(sizes > 1))
    if classes < 2 or per_class < 2 or len(eligible) < classes:
        raise UserError(
            f"{classes} classes with {per_class} images each: expected at least 2 and 2, and no more classes than "
            f"the {len(eligible)} that have two images"
        )
    chosen = eligible[torch.randperm(len(eligible), generator=generator)[:classes]]
    order = torch.randperm(len(of), generator=generator)
    shuffled = torch.from_numpy(of)[order]
    return torch.cat([order[shuffled == one][:per_class] for one in chosen])


def pairs_within(labels: ArrayLike, n: int, generator: torch.Generator) -> Pairs:
    """Up to ``n`` different pairs of a small set of images, as many matches as non-matches, drawn at random.

    Raises
    ------
    UserError: ``n`` below 0, or labels that are not one class for each image.
    """
    of = torch.from_numpy(np.unique(arrays.labels(labels), return_inverse=True)[1])
    n = arrays.whole(n, "n", 0, what="pairs")
    match = of[:, None] == of[None, :]
    alike, other = match.clone().fill_diagonal_(False).nonzero(), (~match).nonzero()
    half = min(n // 2, len(alike), len(other))
    chosen = [ids[torch.randperm(len(ids), generator=generator)[:half]] for ids in (alike, other)]
    i, j = torch.cat(chosen).unbind(1)
    return Pairs(i, j, match[i, j])


class _Classes:
    """Images sorted by class, so that the members of a class, and all others, are ranges of places.

    `start` and `size` are those of the class of each image, `place` is where the image is in `order`.
    """

    def __init__(self, labels: ArrayLike) -> None:
        _, of, sizes = np.unique(arrays.labels(labels), return_inverse=True, return_counts=True)
        if len(sizes) < 2 or sizes.max() < 2:
            raise UserError(
                f"{len(of)} images of {len(sizes)} classes, the largest of {sizes.max(initial=0)}: "
                "expected at least two classes, one of them with two images; add labelled images"
            )
        self.order = torch.from_numpy(np.argsort(of, kind="stable"))
        self.place = torch.empty_like(self.order)
        self.place[self.order] = torch.arange(len(of))
        self.start = torch.from_numpy((np.cumsum(sizes) - sizes)[of])
        self.size = torch.from_numpy(sizes[of])

    def any_image(self, n: int, generator: torch.Generator) -> Tensor:
        return torch.randint(len(self.order), (n,), generator=generator)

    def with_positive(self, n: int, generator: torch.Generator) -> Tensor:
        eligible = (self.size > 1).nonzero().squeeze(1)
        return eligible[torch.randint(len(eligible), (n,), generator=generator)]

    def positive(self, i: Tensor, generator: torch.Generator) -> Tensor:
        """A random positive of each image: 1 to size - 1 places on, around its class."""
        start, size = self.start[i], self.size[i]
        step = 1 + _below(size - 1, generator)
        return self.order[start + (self.place[i] - start + step) % size]

    def negative(self, i: Tensor, generator: torch.Generator) -> Tensor:
        """A random negative of each image: any place, counted without its own class."""
        place = _below(len(self.order) - self.size[i], generator)
        return self.order[place + self.size[i] * (place >= self.start[i])]


def _below(limits: Tensor, generator: torch.Generator) -> Tensor:
    """An integer from 0 to below each limit; in float64, so that the product cannot round up to the limit."""
    return (torch.rand(len(limits), generator=generator, dtype=torch.float64) * limits).long()
