"""The six methods of Tables 5 and 6 of paper 002: what each keeps of clips, and how it looks for the clip of an image.

Distances are Euclidean, of vectors that are not normalised; only LBTT compares bits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.clips.query_images import QueryImages
from vretlib.described.clip_queries import DescribedQueries
from vretlib.errors import NoExampleError, UserError
from vretlib.evaluation.methods import Method, milliseconds
from vretlib.features import local, unit_vectors
from vretlib.features.channel_index import channel_index
from vretlib.features.fisher import MapEncoder
from vretlib.report.left_out import LeftOut, attempt
from vretlib.search import exact, votes
from vretlib.search.coarse_to_fine import CoarseToFine
from vretlib.video import film_indexes, film_search, frames
from vretlib.video.archive import Archive
from vretlib.video.clip_key_frames import Selection
from vretlib.video.described_clips import DescribedClips

Ids = NDArray[np.int64]
Encoded = Sequence[Any] | NDArray[np.float32]
"""What a method compares, one entry per query."""


@dataclass(frozen=True, eq=False)
class ClipMethod(Method[Encoded, Ids]):
    """A method whose items (key frames, stretches of a clip, or shots) belong to clips.

    Attributes
    ----------
    search: from encoded queries and a number n to items, int64 (queries, n), nearest first; -1 where there are fewer.
    dimension: of its vectors, as the paper prints it.
    clips: int64 (items,), the clip of each item.
    encode: from described queries to what ``search`` takes.
    """

    search: Callable[..., Ids]
    dimension: str
    clips: Ids
    encode: Callable[[DescribedQueries], Encoded]


@dataclass(frozen=True, eq=False)
class FoundItems:
    """Items and their clips, both int64 (queries, n), nearest first; -1 where nothing was found."""

    items: Ids
    clips: Ids

    def matches(self, queries: QueryImages) -> NDArray[np.bool_]:
        """Which items belong to a clip that the query should find, (queries, n): their mean is the accuracy, eq (2).

        A place where nothing was found is no match.
        """
        return np.stack([np.isin(clips, right) for clips, right in zip(self.clips, queries.relevant, strict=True)])

    def first_right(self, queries: QueryImages) -> NDArray[np.float64]:
        """1 for each query whose first item belongs to such a clip, 0 for the others, float64 (queries,)."""
        return self.matches(queries)[:, 0].astype(np.float64)


def find(method: ClipMethod, queries: DescribedQueries, n: int = 1) -> FoundItems:
    """The ``n`` nearest items of each query; a `UserError` without queries."""
    if not len(queries):
        raise UserError("no queries to look for; give at least one")
    items = method.search(method.encode(queries), n)
    return FoundItems(items, np.where(items >= 0, method.clips[items], -1))


def query_ms(method: ClipMethod, queries: DescribedQueries) -> tuple[float, float]:
    """Milliseconds to encode a query (mean) and to find its nearest item (median), for one query after another.

    Encoding starts from the network's maps; for LBTT, from the image.
    """
    encoded = method.encode(queries)
    single = [encoded[i : i + 1] for i in range(len(queries))]
    search_ms = milliseconds(lambda query: method.search(query, 1), single)
    return milliseconds(method.encode, [queries]) / len(queries), search_ms


def ours(described: DescribedClips, chosen: Selection, n_candidates: int, *, l2: bool = False) -> ClipMethod:
    """The proposal: the index chooses ``n_candidates`` key frames, the descriptor orders them.

    With ``l2``, which is not in the paper, descriptors have length 1.
    """

    def descriptors(x: NDArray[np.float32]) -> NDArray[np.float32]:
        return unit_vectors.l2(x) if l2 else x

    xb = descriptors(described.descriptors[chosen.rows])
    database = CoarseToFine(channel_index(xb), xb)

    def search(xq: NDArray[np.float32], n: int) -> Ids:
        n_found = min(n, n_candidates, len(xb))
        return _padded(database.search(channel_index(xq), xq, n_found, n_candidates)[1], n)

    dimension = f"{database.index.shape[1]}, {xb.shape[1]}"
    return ClipMethod(
        "Ours", database.nbytes, search, dimension, chosen.clips, lambda queries: descriptors(queries.descriptors)
    )


def all_compared(
    name: str, xb: NDArray[np.float32], clips: Ids, encode: Callable[[DescribedQueries], Encoded]
) -> ClipMethod:
    """One vector per item, each of them compared with the query's."""

    def search(xq: NDArray[np.float32], n: int) -> Ids:
        return _padded(exact.knn(xq, xb, min(n, len(xb)), "euclidean")[1], n)

    return ClipMethod(name, xb.nbytes, search, str(xb.shape[1]), clips, encode)


def exact_descriptor(described: DescribedClips, chosen: Selection, name: str = "descriptor, exact") -> ClipMethod:
    """Every descriptor compared, which shows what the coarse step loses. The paper does not have it."""
    return all_compared(name, described.descriptors[chosen.rows], chosen.clips, lambda queries: queries.descriptors)


def lbtt(archive: Archive, ids: Ids, *, backtracks: int = 50) -> ClipMethod:
    """Local binary temporal tracking: the thesis' chapter 5 over the clips with these ids.

    The features of an image vote for the shots of their nearest key features. The frame inside the shot is not looked
    for, since paper 002 counts clips.

    Raises
    ------
    NoExampleError: none of the clips has a key feature.
    """
    part = archive.only(*map(str, ids))
    if not len(part.key_codes):
        raise NoExampleError("none of the clips has a key feature: they are too short or too plain for LBTT")
    system, options = film_indexes.bi_aggregation_kd_tree(part), part.films[0].options

    def encode(queries: DescribedQueries) -> Encoded:
        lumas = (cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for image in queries.images)
        small = (frames.resize(luma, options.width) for luma in lumas)
        return [local.orb_brief(luma, n_features=options.n_features).descriptors for luma in small]

    def search(encoded: Sequence[NDArray[np.uint8]], n: int) -> Ids:
        counts = (film_search.shot_votes(system, codes, backtracks=backtracks) for codes in encoded)
        return np.stack([votes.ranked(of_image, n) for of_image in counts])

    clips = np.repeat(ids, np.diff(part.first_shot))
    return ClipMethod("LBTT [28]", system.descriptor_bytes, search, "256", clips, encode)


def all_six(
    described: DescribedClips,
    chosen: Selection,
    encoder: MapEncoder | LeftOut,
    archive: Archive,
    n_candidates: int,
    backtracks: int = 50,
) -> dict[str, ClipMethod | LeftOut]:
    """The methods of Tables 5 and 6 over the clips of a selection, by name, in the tables' order.

    DFTA is described by "max-pooling" over a shot and no more; the work that the paper cites has no such baseline.
    Shots are the stretches between Algorithm 1's peaks, and a query is described by its means.
    """
    maps, xb, clips = described.maps[chosen.rows], described.descriptors[chosen.rows], chosen.clips
    maxima = np.stack([described.descriptors[start:stop].max(axis=0) for start, stop in chosen.stretches.tolist()])

    def fisher(encoder: MapEncoder) -> ClipMethod:
        return all_compared("DFSE [27]", encoder.encode(maps), clips, lambda q: encoder.encode(q.maps))

    return {
        "Ours": ours(described, chosen, n_candidates),
        "DFSP": all_compared("DFSP", channel_index(xb), clips, lambda q: channel_index(q.descriptors)),
        "DF [16]": all_compared("DF [16]", maps.reshape(len(maps), -1), clips, lambda q: q.maps.reshape(len(q), -1)),
        "DFSE [27]": attempt(fisher, encoder),
        "DFTA [28]": all_compared("DFTA [28]", maxima, chosen.stretch_clips, lambda q: q.descriptors),
        "LBTT [28]": attempt(lbtt, archive, chosen.ids, backtracks=backtracks),
    }


def _padded(ids: Ids, n: int) -> Ids:
    """Ids (queries, n) from at most n that were found; -1 in the other places."""
    return np.pad(ids, ((0, 0), (0, n - ids.shape[1])), constant_values=-1)
