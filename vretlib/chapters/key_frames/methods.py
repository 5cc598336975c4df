"""The six methods of Tables 5 and 6 of paper 002: what each keeps of a clip, and how it looks for an image.

All return items (key frames, or stretches of a clip, or shots), nearest first, and the clip of each item. Distances are
Euclidean, of vectors that are not normalised; only LBTT compares bits.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vretlib.chapters.key_frames.clips import DescribedClips
from vretlib.chapters.key_frames.fisher import FisherEncoding
from vretlib.chapters.key_frames.queries import DescribedQueries
from vretlib.chapters.key_frames.selection import Selection
from vretlib.errors import UserError
from vretlib.features import unit_vectors
from vretlib.features.channel_index import channel_index
from vretlib.search import exact
from vretlib.search.coarse_to_fine import CoarseToFine

F32 = NDArray[np.float32]
Ids = NDArray[np.int64]
Encoded = tuple[Any, ...]
"""What is searched with: arrays or lists with one entry per query."""


@dataclass(frozen=True, eq=False)
class Method:
    """One way to find an image's clip.

    Attributes
    ----------
    name: as the paper prints it.
    dimension: of its vectors, in the paper's words.
    clips: int64 (items,), the clip of each indexed item.
    nbytes: of all vectors that a search needs.
    encode: from described queries to what is searched with.
    nearest: (encoded, n) to the items found, int64 (queries, n); -1 where there are fewer.
    """

    name: str
    dimension: str
    clips: Ids
    nbytes: int
    encode: Callable[[DescribedQueries], Encoded]
    nearest: Callable[[Encoded, int], Ids]


@dataclass(frozen=True, eq=False)
class Answers:
    """What a method finds: items (queries, n), their clips (-1 for none), and milliseconds per query (0: not timed)."""

    items: Ids
    clips: Ids
    encode_ms: float
    search_ms: float


def ours(described: DescribedClips, chosen: Selection, n_candidates: int, *, l2: bool = False) -> Method:
    """The proposal: the index chooses ``n_candidates`` key frames, the descriptor orders them."""
    xb = _descriptors(described.descriptors[chosen.rows], l2)
    database = CoarseToFine(channel_index(xb), xb)

    def encode(queries: DescribedQueries) -> Encoded:
        xq = _descriptors(queries.descriptors, l2)
        return channel_index(xq), xq

    def nearest(encoded: Encoded, n: int) -> Ids:
        n_found = min(n, n_candidates, len(xb))
        return _padded(database.search(encoded[0], encoded[1], n_found, n_candidates)[1], n)

    dimension = f"{database.index.shape[1]}, {xb.shape[1]}"
    return Method("Ours", dimension, chosen.clips, database.nbytes, encode, nearest)


def exact_descriptor(described: DescribedClips, chosen: Selection, name: str = "descriptor, exact") -> Method:
    """Every descriptor compared: what the coarse step may lose. Not in the paper."""
    xb = described.descriptors[chosen.rows]
    return _compared(name, xb, chosen.clips, lambda queries: (queries.descriptors,))


def dfsp(described: DescribedClips, chosen: Selection) -> Method:
    """Deep feature spatial pooling: the index alone."""
    xb = channel_index(described.descriptors[chosen.rows])
    return _compared("DFSP", xb, chosen.clips, lambda queries: (channel_index(queries.descriptors),))


def df(described: DescribedClips, chosen: Selection) -> Method:
    """Deep features: the maps, flattened: 25,088 numbers with VGG16."""
    xb = described.maps[chosen.rows].reshape(len(chosen.rows), -1)
    return _compared("DF [16]", xb, chosen.clips, lambda queries: (queries.maps.reshape(len(queries), -1),))


def dfse(described: DescribedClips, chosen: Selection, encoding: FisherEncoding) -> Method:
    """Deep feature spatial encoding: a Fisher vector of the places of the maps."""
    xb = encoding.encode(described.maps[chosen.rows])
    return _compared("DFSE [27]", xb, chosen.clips, lambda queries: (encoding.encode(queries.maps),))


def dfta(described: DescribedClips, chosen: Selection) -> Method:
    """Deep feature temporal aggregation: the greatest value of each channel's mean over all frames of a shot.

    Shots are the stretches between Algorithm 1's peaks. The paper refers to the thesis' author for this method, whose
    paper has no such baseline, and says no more than "via max-pooling". The image is described by its means.
    """
    xb = np.stack([described.descriptors[start:stop].max(axis=0) for start, stop in chosen.stretches.tolist()])
    return _compared("DFTA [28]", xb, chosen.stretch_clips, lambda queries: (queries.descriptors,))


def ask(method: Method, queries: DescribedQueries, n: int = 1, *, one_by_one: bool = True) -> Answers:
    """The ``n`` best items of each query.

    Queries are searched one by one, as a user asks, and timed so: the median is reported. Encoding is timed apart, over
    all queries; for LBTT it holds all of feature extraction. What is timed has been done once before, since the first
    call compiles. ``one_by_one=False`` asks all together, where time does not matter.
    """
    if not len(queries):
        raise UserError("no queries to look for; give at least one")
    encoded = method.encode(queries)
    if not one_by_one:
        return _answers(method, [method.nearest(encoded, n)], 0.0, 0.0)
    started = time.perf_counter()
    encoded = method.encode(queries)
    encode_ms = 1000 * (time.perf_counter() - started) / len(queries)
    parts = [tuple(part[i : i + 1] for part in encoded) for i in range(len(queries))]
    method.nearest(parts[0], n)
    items, spent = [], []
    for part in parts:
        started = time.perf_counter()
        items.append(method.nearest(part, n))
        spent.append(1000 * (time.perf_counter() - started))
    return _answers(method, items, encode_ms, float(np.median(spent)))


def _answers(method: Method, found: list[Ids], encode_ms: float, search_ms: float) -> Answers:
    items = np.concatenate(found)
    return Answers(items, np.where(items >= 0, method.clips[items], -1), encode_ms, search_ms)


def _compared(name: str, xb: F32, clips: Ids, encode: Callable[[DescribedQueries], Encoded]) -> Method:
    """One vector per item, all of them compared."""

    def nearest(encoded: Encoded, n: int) -> Ids:
        return _padded(exact.knn(np.asarray(encoded[0]), xb, min(n, len(xb)), "euclidean")[1], n)

    return Method(name, str(xb.shape[1]), clips, xb.nbytes, encode, nearest)


def _descriptors(x: F32, l2: bool) -> F32:
    return unit_vectors.l2(x) if l2 else x


def _padded(ids: Ids, n: int) -> Ids:
    """-1 in the places that nothing was found for."""
    return np.pad(ids, ((0, 0), (0, n - ids.shape[1])), constant_values=-1)
