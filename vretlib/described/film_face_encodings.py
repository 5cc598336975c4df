"""Fisher vectors and bags of words of regions (paper 000, sections 2.6 and 2.7), a block of frames at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from vretlib import memory
from vretlib.described.film_faces import F32, STAGES, FilmSearch, Ids
from vretlib.features import region_streams
from vretlib.features.described_regions import DescribedRegions
from vretlib.features.encoding import Vocabulary
from vretlib.features.fisher import FisherEncoder
from vretlib.features.region_streams import Block, FrameWords
from vretlib.search import regions
from vretlib.search.inverted_index import InvertedIndex
from vretlib.search.regions import Depths


class EncodingSizes(NamedTuple):
    """Sizes that the paper does not give: PCA dimensions, Gaussians, visual words, and regions to learn them from."""

    dimensions: int = 32
    gaussians: int = 8
    words: int = 256
    learned_from: int = 10_000


@dataclass(frozen=True, eq=False)
class EncodedRun:
    """One cell group of Table 3 or 4.

    Attributes
    ----------
    search, pooling: the collection as a detector sees it, and the pooling of its regions.
    rankings: by stage, (nq, n).
    peak: the most MiB that arrays took at one time, from the first block to the last ranking.
    held: MiB of all regions of all frames as float32, which the authors held in memory.
    """

    search: FilmSearch
    pooling: str
    rankings: dict[str, Ids] = field(repr=False)
    peak: float = 0.0
    held: float = 0.0


def blocks(described: DescribedRegions, pooling: str) -> Iterator[Block]:
    """The regions of some frames at a time, read from the cache."""
    return region_streams.in_blocks(described.regions[pooling], described.n_regions)


def fisher(search: FilmSearch, pooling: str, sizes: EncodingSizes, depths: Depths, seed: int) -> EncodedRun:
    """Rankings by Fisher vectors: PCA, a mixture of Gaussians, length 1; cosine."""

    def work() -> dict[str, Ids]:
        rng = np.random.default_rng(seed)
        sample = region_streams.draw(blocks(search.frames, pooling), sizes.learned_from, rng)
        encoder = FisherEncoder.learn(sample, sizes.gaussians, dimensions=sizes.dimensions, seed=seed)
        xb, xq = (
            np.concatenate(list(region_streams.fisher_vectors(encoder, blocks(of, pooling))))
            for of in (search.frames, search.stills)
        )
        first = _best_first(xq @ xb.T)
        return _stages(search, pooling, depths, first, _best_first(regions.expand(xq, xb, first, depths.m) @ xb.T))

    return _measured(search, pooling, work)


def bag_of_words(search: FilmSearch, pooling: str, sizes: EncodingSizes, depths: Depths, seed: int) -> EncodedRun:
    """Rankings by bags of visual words: clustering, quantisation, an inverted index with tf-idf weights."""

    def work() -> dict[str, Ids]:
        rng = np.random.default_rng(seed)
        sample = region_streams.draw(blocks(search.frames, pooling), sizes.learned_from, rng)
        learned = vocabulary(sample, sizes.words, seed)
        words = region_streams.bags(learned, blocks(search.frames, pooling))
        index = InvertedIndex.build(words, len(learned))
        xq = index.queries(*joined(region_streams.bags(learned, blocks(search.stills, pooling))))
        first = _best_first(index.scores(xq))
        needed, places = np.unique(first[:, : depths.m], return_inverse=True)
        expanded = regions.expand(xq, index.vectors(needed), places.reshape(len(first), -1), depths.m)
        return _stages(search, pooling, depths, first, _best_first(index.scores(expanded)))

    return _measured(search, pooling, work)


def vocabulary(sample: F32, words: int, seed: int) -> Vocabulary:
    """A vocabulary of ``words`` visual words, or of m if m is smaller, from a sample of regions (m, d)."""
    return Vocabulary.learn(sample, min(words, len(sample)), seed=seed)


def joined(bags: Iterator[FrameWords]) -> FrameWords:
    """The bags of all blocks as one."""
    found = list(bags)
    counts = np.concatenate([np.diff(one.offsets) for one in found])
    return FrameWords(np.concatenate([one.words for one in found]), np.concatenate([[0], np.cumsum(counts)]))


def each(
    encode: Callable[..., EncodedRun], searches: dict[str, FilmSearch], headings: Sequence[str], *options: object
) -> dict[tuple[str, str], EncodedRun]:
    """The runs of ``encode`` on some collections with both poolings, by (heading, pooling)."""
    return {(h, pooling): encode(searches[h], pooling, *options) for h in headings for pooling in ("max", "sum")}


def _stages(search: FilmSearch, pooling: str, depths: Depths, first: Ids, expanded: Ids) -> dict[str, Ids]:
    again = search.reranked(first, pooling, depths.n_top).ranking
    return dict(zip(STAGES, (first, again, expanded), strict=True))


def _best_first(scores: np.ndarray) -> Ids:
    return np.argsort(-scores, axis=1, kind="stable")


def _measured(search: FilmSearch, pooling: str, work: Callable[[], dict[str, Ids]]) -> EncodedRun:
    rankings, peak = memory.peak(work)
    held = search.frames.n_regions.sum() * search.frames.image[pooling].shape[1] * 4 / 2**20
    return EncodedRun(search, pooling, rankings, peak, float(held))
