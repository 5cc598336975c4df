"""Networks that bring images and texts into one space: CML and AMD (thesis §7.3.2).

CML, the *cosine margin loss* model, has a fully connected layer, tanh and l2 normalisation on each side, and learns
from pairs of an image and a text that belong together or do not (eq 7.12). AMD, the *augmented metadata* model, adds a
classifier of an attribute, such as the school, to each side (eqs 7.13 and 7.14).

Image vectors are given: the convolutional network is not trained here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize

from vretlib import arrays, tensors
from vretlib.errors import UserError
from vretlib.models.temporal_training import margin_loss
from vretlib.models.text_encoders import EncodedTexts, EncoderKind, digest, encoder, first_weights
from vretlib.models.word_table import WordTable

DIMS = 128
"""Dimensions of the common space in the thesis."""
MARGIN, ALPHA = 0.1, 0.01
"""m of eq 7.12 and α of eq 7.14 in the thesis."""

F32 = NDArray[np.float32]

_AT_ONCE = 1024  # texts that are encoded together


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples whose image and text are described: row i of each is one sample.

    Attributes
    ----------
    images: float32 (n, dv).
    comments, titles: what the two text encoders read.
    labels: int64 (n,), the class of an attribute, which only AMD needs.
    """

    images: F32 = field(repr=False)
    comments: EncodedTexts = field(repr=False)
    titles: EncodedTexts = field(repr=False)
    labels: NDArray[np.int64] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse parts of different lengths."""
        object.__setattr__(self, "images", arrays.matrix(self.images, "image vectors"))
        arrays.same_length(images=self.images, comments=self.comments, titles=self.titles)
        if self.labels is not None:
            object.__setattr__(self, "labels", arrays.ids(self.labels, "labels", n=len(self)))

    def __len__(self) -> int:
        return len(self.images)

    @property
    def checksum(self) -> str:
        """SHA-256 of all parts, for cache keys."""
        labels = np.zeros(0, np.int64) if self.labels is None else self.labels
        return digest(self.images, self.comments.checksum, self.titles.checksum, labels)


class Projected(NamedTuple):
    """A batch in the common space, (b, dims), and the scores of the classes, (b, classes), if there is a classifier."""

    vectors: Tensor
    classes: Tensor | None


class CrossModal(nn.Module):
    """Both sides of CML or, with ``classes``, of AMD.

    Parameters
    ----------
    like: samples of the form that the network will read; only their sizes are used.
    comment, title: kinds of the text encoders, see `vretlib.models.text_encoders`.
    sizes: dimensions of the encoded comment and title where they are not BOW; the thesis has 1,024 and 300 for LSTM,
        and does not print those of MLP.
    dims: dimensions of the common space.
    classes: number of classes of the attribute that AMD learns to predict; 0 makes a CML.
    generator: draws the first weights.
    """

    def __init__(
        self,
        like: Samples,
        *,
        generator: torch.Generator,
        comment: EncoderKind = "BOW",
        title: EncoderKind = "BOW",
        sizes: tuple[int, int] = (1024, 300),
        dims: int = DIMS,
        classes: int = 0,
    ) -> None:
        super().__init__()
        self.dims, self.n_classes = arrays.whole(dims, "dims", 1), arrays.whole(classes, "classes", 0)
        self.comment, self.title = encoder(comment, like.comments, sizes[0]), encoder(title, like.titles, sizes[1])
        self.image_layer = nn.Linear(like.images.shape[1], dims)
        size = self.comment.size + self.title.size
        self.text_layer = WordTable(size, dims) if comment == title == "BOW" else nn.Linear(size, dims)
        self.image_classes = nn.Linear(dims, classes) if classes else None
        self.text_classes = nn.Linear(dims, classes) if classes else None
        first_weights(self, generator)

    def project_images(self, x: Tensor) -> Projected:
        """Image vectors (b, dv) in the common space, with the scores of the classes."""
        vectors = normalize(torch.tanh(self.image_layer(x)))
        return Projected(vectors, self.image_classes(vectors) if self.image_classes else None)

    def project_texts(self, samples: Samples, ids: NDArray[np.int64]) -> Projected:
        """The texts of some samples in the common space.

        Comment and title are encoded, concatenated (eq 7.4) and projected. Two bags stay sparse.
        """
        comments, titles = samples.comments.rows(ids), samples.titles.rows(ids)
        if isinstance(self.text_layer, WordTable):
            projected = self.text_layer(comments, titles)
        else:
            projected = self.text_layer(torch.cat([self.comment(comments), self.title(titles)], dim=1))
        vectors = normalize(torch.tanh(projected))
        return Projected(vectors, self.text_classes(vectors) if self.text_classes else None)

    def sides(self) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
        """The parameters of the text side, and those of the image side."""
        image = [p for module in (self.image_layer, self.image_classes) if module for p in module.parameters()]
        known = {id(p) for p in image}
        return [p for p in self.parameters() if id(p) not in known], image

    def images(self, x: ArrayLike) -> F32:
        """Image vectors (n, dv) in the common space: float32 (n, dims), of length 1."""
        rows = arrays.matrix(x, "image vectors", d=self.image_layer.in_features, like="the network")
        with torch.no_grad():
            return self.project_images(torch.from_numpy(rows)).vectors.numpy()

    def texts(self, samples: Samples) -> F32:
        """The texts of samples in the common space: float32 (n, dims), of length 1."""
        starts = range(0, len(samples), _AT_ONCE)
        with torch.no_grad():
            found = [
                self.project_texts(samples, np.arange(start, min(start + _AT_ONCE, len(samples)))).vectors.numpy()
                for start in starts
            ]
        return np.concatenate(found) if found else np.zeros((0, self.dims), np.float32)


def cml_loss(image: Tensor, text: Tensor, y: Tensor, margin: float = MARGIN) -> Tensor:
    """Eq 7.12, mean over pairs: 1 - cos where y is 1, max(0, cos - m) where it is 0.

    It is the loss of the thesis' chapter 6 (eq 6.4), see `vretlib.models.temporal_training.margin_loss`.

    Parameters
    ----------
    image, text: (b, dims), the projections of b pairs.
    y: (b,), 1 for a pair of one sample (k = j), else 0.
    """
    return margin_loss(image, text, y, margin)


def amd_loss(
    image: Projected,
    text: Projected,
    y: Tensor,
    image_labels: Tensor,
    text_labels: Tensor,
    *,
    margin: float = MARGIN,
    alpha: float = ALPHA,
) -> Tensor:
    """Eq 7.14: (1 - 2α) times `cml_loss`, plus α times each classifier's cross entropy (eq 7.13), means over the batch.

    Parameters
    ----------
    image, text: the two sides of b pairs, with the scores of the classes.
    y: (b,), as in `cml_loss`.
    image_labels, text_labels: int64 (b,). In a negative pair, image and text each have the class of their own
        sample.

    Raises
    ------
    UserError: sides without scores of the classes, labels that the scores do not have, or ``alpha`` outside 0 to 0.5.
    """
    if image.classes is None or text.classes is None:
        raise UserError("these projections have no classes; expected those of a network with classifiers")
    alpha, n = arrays.number(alpha, "alpha", minimum=0, maximum=0.5), len(y)
    sides = ((text.classes, text_labels), (image.classes, image_labels))
    meta = sum(cross_entropy(x, tensors.ids(labels, "labels", n, x.shape[1])) for x, labels in sides)
    return (1 - 2 * alpha) * cml_loss(image.vectors, text.vectors, y, margin) + alpha * meta
