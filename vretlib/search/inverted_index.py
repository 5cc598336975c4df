"""A plain inverted index of bags of words: for each word, the images that have it (Sivic and Zisserman, 2003).

An image is a vector of tf-idf weights, n_w ln(N / N_w), where it has the word n_w times and N_w of the N images have
it, brought to length 1. A query meets only the images that share a word with it, and the sum of the products over the
lists of its words is its cosine with every image: what a product with the matrix (images, words) gives, without the
zeros of that matrix.

An entry takes 8 bytes, an int32 image and a float32 weight; a matrix takes 4 bytes for every word of every image.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.kernels import njit
from vretlib.parallel import map_slices

F32 = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class InvertedIndex:
    """The entries of word w are ``offsets[w]:offsets[w + 1]``; made by `build`.

    Attributes
    ----------
    offsets: int64 (k + 1,).
    images: int32 (entries,), ascending for each word.
    weights: float32 (entries,), tf-idf of image vectors of length 1.
    idf: float64 (k,), ln(N / N_w); 0 for a word that no image has, or all have: neither has entries.
    n: number of images.
    """

    offsets: NDArray[np.int64] = field(repr=False)
    images: NDArray[np.int32] = field(repr=False)
    weights: F32 = field(repr=False)
    idf: NDArray[np.float64] = field(repr=False)
    n: int

    @classmethod
    def build(cls, bags: Iterable[tuple[ArrayLike, ArrayLike]], k: int) -> "InvertedIndex":
        """The index of images that come in blocks, each of which is counted and dropped.

        Parameters
        ----------
        bags: words int (m,), 0 to k − 1, of the images of a block, and offsets (images + 1,): image i of the block has
            ``words[offsets[i]:offsets[i + 1]]``, possibly none. Images are numbered in the order in which they come.
        k: number of words.

        Raises
        ------
        UserError: no image, a word outside 0 to k − 1, or offsets that do not fit.
        """
        k, counted = arrays.whole(k, "k", 1, 2**31 - 1, "number of words"), []
        for words, offsets in bags:
            counted.append(_counted(words, offsets, k))
        if not sum(block.shape[0] for block in counted):
            raise UserError("no image to build an index of; expected one bag of words at least")
        counts = sparse.vstack(counted, format="csr")
        counted.clear()
        n, having = counts.shape[0], np.bincount(counts.indices, minlength=k)
        idf = np.log(n / np.where(having > 0, having, n))
        lists = _weighted(counts, idf).tocsc()
        return cls(lists.indptr.astype(np.int64), lists.indices.astype(np.int32), lists.data, idf, n)

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return self.offsets.nbytes + self.images.nbytes + self.weights.nbytes + self.idf.nbytes

    def queries(self, words: ArrayLike, offsets: ArrayLike) -> F32:
        """Queries as vectors float32 (nq, k) of length 1, from words and offsets as for `build`; zero without words."""
        return np.asarray(_weighted(_counted(words, offsets, len(self.idf)), self.idf).toarray())

    def vectors(self, images: ArrayLike) -> F32:
        """Images as vectors float32 (m, k) of length 1, for query expansion; zero without words."""
        wanted = arrays.ids(images, "images", below=self.n)
        lists = sparse.csc_array((self.weights, self.images, self.offsets), shape=(self.n, len(self.idf)))
        return np.asarray(lists.tocsr()[wanted].toarray())

    def scores(self, xq: ArrayLike) -> F32:
        """The cosine of each query (nq, k) with each image, float32 (nq, n); 0 where they share no word.

        ``xq`` holds vectors of length 1, as `queries` gives them or as they are after query expansion.

        Raises
        ------
        UserError: another shape or number of words, NaN or infinity.
        """
        queries = arrays.matrix(xq, "xq", d=len(self.idf), like="the index has words")
        found = np.zeros((len(queries), self.n), np.float32)

        def work(part: slice) -> None:
            _add_lists(queries[part], self.offsets, self.images, self.weights, found[part])

        map_slices(work, len(queries), at_least=8)
        return arrays.like(xq, found)


@njit(cache=True, nogil=True)
def _add_lists(queries, offsets, images, weights, scores):  # type: ignore[no-untyped-def]
    """Add the products of each query's words with the entries of their lists to ``scores`` (queries, images)."""
    for query in range(queries.shape[0]):
        row = scores[query]
        for word in range(queries.shape[1]):
            weight = queries[query, word]
            if weight != 0:
                for entry in range(offsets[word], offsets[word + 1]):
                    row[images[entry]] += weight * weights[entry]


def _counted(words: ArrayLike, offsets: ArrayLike, k: int) -> sparse.csr_array:
    """How often each image has each word, int32 (images, k)."""
    given = arrays.ids(words, "words", below=k)
    edges = arrays.offsets(offsets, "offsets", len(given))
    ones, own = np.ones(len(given), np.int32), (given.astype(np.int32), edges.copy())  # changed in place below
    counts = sparse.csr_array((ones, *own), (len(edges) - 1, k))
    counts.sum_duplicates()
    return counts


def _weighted(counts: sparse.csr_array, idf: NDArray[np.float64]) -> sparse.csr_array:
    """Counts times idf, each row of length 1, float32; words of idf 0 have no entry."""
    weights = counts.data * idf[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(rows, weights**2, minlength=counts.shape[0]))
    weights /= np.where(lengths > 0, lengths, 1)[rows]
    found = sparse.csr_array((weights.astype(np.float32), counts.indices, counts.indptr), counts.shape)
    found.eliminate_zeros()
    return found
