"""Fisher vectors and bags of words of very many frames, a block of frames at a time (paper 000, sections 2.6 and 2.7).

The authors ran out of memory, because they held the local descriptors of all frames. Here a block of frames is read,
encoded and dropped. Only one vector, or some words, are kept for each frame. Axes, mixture and words are learned on
rows that `draw` samples uniformly from all blocks in one pass.

The paper does not say what the local descriptors of a frame are. Here they are the descriptors of its regions, 300 in a
frame, each brought to length 1 ("L2 normalization on those features"). The cells of the last convolutional maps are the
alternative: a block of them has the same form, (frames, cells, d), with as many "regions" as cells in every frame.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.features.encoding import Mixture, Vocabulary
from vretlib.features.fisher import FisherEncoder

F32 = NDArray[np.float32]
Ids = NDArray[np.int64]

FRAMES_AT_ONCE = 16
"""Frames in a block of `in_blocks`: their float64 products with a mixture fit a processor's cache."""


class Block(NamedTuple):
    """Regions of consecutive frames.

    Attributes
    ----------
    regions: (frames, R, d) of any float dtype; rows after a frame's last region are not read.
    n_regions: (frames,) number of regions of each frame, 0 to R.
    """

    regions: NDArray
    n_regions: NDArray


class FrameWords(NamedTuple):
    """Words of consecutive frames: those of frame i are ``words[offsets[i]:offsets[i + 1]]``, int64 both."""

    words: Ids
    offsets: Ids


def in_blocks(regions: ArrayLike, n_regions: ArrayLike, frames: int = FRAMES_AT_ONCE) -> Iterator[Block]:
    """Blocks of the regions (n, R, d) of all frames, which may be a file mapped to memory; errors as in `draw`."""
    given, size = arrays.array(regions, "regions"), arrays.whole(frames, "frames", 1)
    counts = arrays.ids(n_regions, "n_regions", n=len(given) if given.ndim else 0)
    for start in range(0, len(counts), size):
        yield Block(given[start : start + size], counts[start : start + size])


def draw(blocks: Iterable[Block], n: int, rng: np.random.Generator) -> F32:
    """A random sample of at most n of all regions, each equally likely, of length 1, in their order: float32 (≤ n, d).

    Every region gets a random number, and the n regions with the smallest are kept, so that one pass is enough and the
    size of blocks does not matter.

    Raises
    ------
    UserError: no block, no region in any of them, another shape, numbers of regions that do not fit, NaN or
        infinity.
    """
    n, kept, keys = arrays.whole(n, "n", 1), [], np.empty(0)
    for rows, _ in _unit_rows(blocks):
        kept.append(rows)
        keys = np.concatenate([keys, rng.random(len(rows))])
        if len(keys) > n:
            smallest = np.sort(np.argpartition(keys, n)[:n])
            kept, keys = [np.concatenate(kept)[smallest]], keys[smallest]
    if not kept:
        raise UserError("no block of frames; expected the regions of one frame at least")
    if not len(keys):
        raise UserError(
            "no frame has a region to learn from; detectors propose none in pictures of a few pixels' height or width: "
            "leave them out, or enlarge them"
        )
    return np.concatenate(kept)


def fisher_vectors(encoder: FisherEncoder, blocks: Iterable[Block]) -> Iterator[F32]:
    """The Fisher vector of each frame's regions: for every block float32 (frames, 2 · Gaussians · dimensions).

    They are the vectors of `FisherEncoder.encode`, of length 1, and zero for a frame without regions. Errors as in
    `draw`.
    """
    for rows, offsets in _unit_rows(blocks):
        yield _power(_gradients(encoder.reduce(rows), offsets, encoder.mixture))


def bags(vocabulary: Vocabulary, blocks: Iterable[Block]) -> Iterator[FrameWords]:
    """The words of each block's regions, in the form from which `vretlib.search.inverted_index` builds an index.

    Errors as in `draw`.
    """
    for rows, offsets in _unit_rows(blocks):
        yield FrameWords(vocabulary.assign(rows), offsets)


def _unit_rows(blocks: Iterable[Block]) -> Iterator[tuple[F32, Ids]]:
    """The regions of each block as rows of length 1, and the offsets of its frames in them."""
    first = 0
    for regions, n_regions in blocks:
        given, name = arrays.array(regions, "regions"), f"regions from frame {first} on"
        if given.ndim != 3 or given.dtype.kind != "f":
            raise UserError(f"{name}: {given.dtype} of shape {given.shape}; expected floats (frames, R, d)")
        counts = arrays.ids(n_regions, "n_regions", n=len(given), below=given.shape[1] + 1)
        rows = given[np.arange(given.shape[1]) < counts[:, None]]
        yield arrays.unit(arrays.matrix(rows, name)), np.concatenate([[0], np.cumsum(counts)])
        first += len(given)


def _gradients(rows: F32, offsets: Ids, mixture: Mixture) -> NDArray[np.float64]:
    """The formulas of `vretlib.features.encoding.fisher_vector` for each frame, (frames, 2, k, d)."""
    found = np.zeros((len(offsets) - 1, 2, *mixture.means.shape))
    if not len(rows):
        return found
    gamma = mixture.log_likelihoods(rows)
    np.exp(gamma - gamma.max(axis=1, keepdims=True), out=gamma)
    gamma /= gamma.sum(axis=1, keepdims=True)
    features, mu = mixture.centred(rows)
    squares, w, sigma = features**2, mixture.weights[:, None], mixture.sigmas
    for (by_mean, by_sigma), start, stop in zip(found, offsets, offsets[1:], strict=False):
        if start < stop:
            weights = gamma[start:stop].T / (stop - start)
            zeroth = weights.sum(axis=1, keepdims=True)
            first, second = weights @ features[start:stop], weights @ squares[start:stop]
            by_mean[:] = (first - zeroth * mu) / (sigma * np.sqrt(w))
            by_sigma[:] = ((second - 2 * mu * first + zeroth * mu**2) / sigma**2 - zeroth) / np.sqrt(2 * w)
    return found


def _power(gradients: NDArray[np.float64]) -> F32:
    """Fisher vectors (frames, D), float32: signed square roots, scaled to length 1."""
    vectors = gradients.reshape(len(gradients), -1)
    return arrays.unit(np.sign(vectors) * np.sqrt(np.abs(vectors))).astype(np.float32)
