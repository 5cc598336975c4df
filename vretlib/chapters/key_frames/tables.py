"""Tables 1, 2, 5 and 6 and Figure 4 of paper 002, and the tables and curves that this chapter adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from vretlib.chapters.key_frames.methods import ClipMethod, exact_descriptor, find, ours, query_ms
from vretlib.datasets import query_list
from vretlib.datasets.clips.query_images import QueryImages
from vretlib.described.clip_queries import DescribedQueries
from vretlib.errors import NoExampleError
from vretlib.evaluation.methods import milliseconds
from vretlib.features.backbones import Backbone
from vretlib.report import Check, Table, Tolerance, published
from vretlib.report.answers import Answer, of_rankings
from vretlib.report.left_out import LeftOut
from vretlib.report.means import means
from vretlib.video.clip_key_frames import Selection, n_key_frames, select
from vretlib.video.cluster_key_frames import KeyFrameOptions
from vretlib.video.colour_changes import Changes, colour_changes
from vretlib.video.colour_histogram import HistogramOptions
from vretlib.video.described_clips import DescribedClips, maps_of

MEGABYTE = 1e6
RANKS = 100
"""Results of a photograph among which the first right one is looked for."""
CANDIDATES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
THETAS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.4, 2.8, 3.2, 4.0)
"""For Figure 4, which does not print its own; the text names 1.4 and 2."""
TWO_PERCENT = Tolerance(relative=0.02)
STANDS_FOR = {"The NTU": "small set", "The 2001 TREC": "large set"}
"""What is searched here in the places of the paper's collections."""
BASELINE = "DF [16]"
RATIO = 0.005
"""Tolerance of a compression ratio: a distance that lies on the limit may move a key frame on another machine."""

ClipMethods = Mapping[str, ClipMethod | LeftOut]


def table_1(network: Backbone, side: int = 224) -> Table:
    """The size of the maps of each layer of VGG16 for a square image; empty for another network."""
    rows: dict[str, dict[str, str]] = {}
    if network.name == "vgg16":
        taps = [tap for tap in network.taps if tap.startswith(("conv", "pool"))]
        printed = published.read("key_frames", "1").rows
        for row, maps in zip(printed, network.maps(torch.zeros(1, 3, side, side), taps).values(), strict=True):
            rows[row] = {"Output size": f"{maps.shape[2]} × {maps.shape[3]} × {maps.shape[1]}"}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["Output size"])
    return Table(frame, reasons="needs backbone='vgg16'")


def changes_by_rate(clips: Sequence[Path], rates: Mapping[str, float]) -> dict[str, Changes]:
    """Changes of colour of all clips at each rate in frames per second, from one pass over the clips."""
    found = colour_changes(clips, [(HistogramOptions(), rate) for rate in rates.values()])
    return dict(zip(rates, found, strict=True))


def table_2(
    described: DescribedClips, sets: Sequence[tuple[NDArray[np.int64], Changes]], theta: float, *, own: bool = False
) -> Table:
    """Two sets of clips in columns: size of the files, mean length, frames, key frames, compression ratio.

    Only colour is needed, so the frames may be sampled at another rate than that of ``described``. The first set
    stands in the place of the NTU, the second in that of the 2001 TREC; ``own`` clips of a user's stand in columns of
    their own.

    Parameters
    ----------
    sets: for each set, the ids of its clips, and the changes of colour of all described clips at the set's rate.
    """
    names = tuple(STANDS_FOR)
    columns = {}
    for name, (ids, changes) in zip(("some of the clips", "all clips") if own else names, sets, strict=True):
        seconds, frames, keys, ratio = described.seconds[ids], *_compression([changes[i] for i in ids], theta)
        columns[name] = {
            "Size": f"{sum(described.clips[i].stat().st_size for i in ids) / MEGABYTE:.1f} MB",
            "Average duration": f"{seconds.mean():.2f} seconds",
            "Frames per second": f"{frames / seconds.sum():.2f}",
            "Number of frames": frames,
            "Number of key frames": keys.sum(),
            "Compression ratio": ratio,
        }
    frame = pd.DataFrame(columns, dtype=object)
    limits = {"Number of frames": 0, "Number of key frames": TWO_PERCENT, "Compression ratio": RATIO}
    why = "a collection that this page did not search; your clips stand in columns of their own"
    return Table(
        frame,
        checks=[Check(frame.loc[list(limits)].astype(float).T, limits)],
        reasons=dict.fromkeys(names, why) if own else "",
        stands_for={} if own else STANDS_FOR,
    )


def compression_by_rate(by_rate: Mapping[str, Changes], theta: float) -> Table:
    """Frames, key frames and compression ratio (columns) for each rate of sampling (rows), only from colour."""
    limits = {"Frames": 0, "Key frames": TWO_PERCENT, "Key frames per clip": TWO_PERCENT, "Compression ratio": RATIO}
    rows = {}
    for name, changes in by_rate.items():
        frames, keys, ratio = _compression(changes, theta)
        rows[name] = frames, int(keys.sum()), keys.mean(), ratio
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(limits))
    return Table(table, checks=[Check(table, limits)])


def _compression(changes: Sequence[NDArray[np.float64]], theta: float) -> tuple[int, NDArray[np.int64], float]:
    """Frames of some clips, key frames of each of them, and the compression ratio, from changes of colour."""
    frames, keys = sum(len(distances) + 1 for distances in changes), n_key_frames(changes, theta)
    return frames, keys, float(1 - keys.sum() / frames)


def network_ms(queries: QueryImages, backbone: Backbone, side: int, n: int = 12) -> float:
    """Milliseconds in which the network describes one image: the median of the first ``n``."""
    return milliseconds(lambda image: maps_of(image, backbone, side), queries.images[:n])


def table_5(methods: ClipMethods, queries: DescribedQueries, hours: float, network: float, printed: str = "") -> Table:
    """Methods in rows; accuracy at n = 1, seconds per query, dimension. Table 6 has the same form.

    The printed "Time (s)" is, as far as one can tell, the sum of features and search, and it is that sum here too.
    Both parts stand beside it in milliseconds, then the bytes of all vectors that a search needs, and those of an hour
    of video. Accuracy may move by two queries on another machine; times are not checked.

    Parameters
    ----------
    hours: of video in the database.
    network: milliseconds that the network takes for one image (`network_ms`); LBTT needs none.
    printed: the paper's collection that the clips stand for, a key of `STANDS_FOR`; "" for a user's own.
    """
    rows, right = {}, _right(methods, queries)
    for name, method in _made(methods).items():
        encoding, search = query_ms(method, queries)
        features = encoding + (0 if name.startswith("LBTT") else network)
        rows[name] = {
            "Acc": right[name].mean(),
            "Time (s)": (features + search) / 1000,
            "Dimension": method.dimension,
            "Features (ms)": features,
            "Search (ms)": search,
            "Memory (MB)": method.n_bytes / MEGABYTE,
            "MB per hour": method.n_bytes / MEGABYTE / hours,
        }
    frame = pd.DataFrame.from_dict(rows, orient="index")
    checked = frame[["Acc", "Memory (MB)"]].astype(float)
    return Table(
        frame,
        checks=[Check(checked, {"Acc": round(2 / len(queries), 4), "Memory (MB)": TWO_PERCENT})],
        reasons={name: missing.why for name, missing in methods.items() if isinstance(missing, LeftOut)},
        better={"Acc": "higher", "Time (s)": "lower"},
        baseline=dict.fromkeys(("Acc", "Time (s)"), BASELINE),
        stands_for={printed: STANDS_FOR[printed]} if printed else {},
        per_query={(name, "Acc"): values for name, values in right.items()},
    )


def by_results(method: ClipMethod, chosen: Selection, queries: DescribedQueries, n_results: int = 12) -> Table:
    """Accuracy for 1 to ``n_results`` results n (rows), and the maximum that any method can reach.

    A clip with k key frames can fill at most k of n places, so eq (2) cannot be above the mean of min(k, n) / n.
    """
    right = find(method, queries, n_results).matches(queries)
    keys = np.array([chosen.per_clip[np.isin(chosen.ids, clips)].sum() for clips in queries.relevant])
    ns = range(1, n_results + 1)
    accuracy = {(str(n), "Accuracy"): right[:, :n].mean(axis=1) for n in ns}
    maxima = {(str(n), "Maximum"): np.minimum(keys, n) / n for n in ns}
    return means(accuracy | maxima)


def by_candidates(
    described: DescribedClips, chosen: Selection, queries: DescribedQueries, candidates: Sequence[int] = CANDIDATES
) -> Table:
    """Accuracy for each number of candidates m (rows), and how often the first result is that of exact search."""
    exact = find(exact_descriptor(described, chosen), queries).items
    per_query = {}
    for m in [*(m for m in candidates if m < len(chosen.rows)), len(chosen.rows)]:
        found = find(ours(described, chosen, m), queries)
        per_query[str(m), "Accuracy"] = found.first_right(queries)
        per_query[str(m), "Agreement with exact search"] = (found.items == exact)[:, 0].astype(float)
    return means(per_query)


def figure_4(
    described: DescribedClips,
    ids: Sequence[int] | NDArray[np.int64],
    queries: DescribedQueries,
    options: KeyFrameOptions,
    n_candidates: int,
    thetas: Sequence[float] = THETAS,
) -> Table:
    """Compression ratio and accuracy at n = 1 (rows) for each θ (columns). Accuracy may move by three queries."""
    ratios, per_query = {}, {}
    for theta in thetas:
        chosen = select(described, ids, replace(options, theta=theta))
        ratios[f"{theta:g}"] = chosen.compression_ratio
        per_query["Accuracy", f"{theta:g}"] = find(ours(described, chosen, n_candidates), queries).first_right(queries)
    accuracy = {theta: values.mean() for (_, theta), values in per_query.items()}
    frame = pd.DataFrame({"Compression ratio": ratios, "Accuracy": accuracy}).T
    limits = {"Compression ratio": 2 * RATIO, "Accuracy": round(3 / len(queries), 4)}
    return Table(frame, checks=[Check(frame.T, limits)], per_query=per_query)


def by_kind(methods: ClipMethods, kinds: Sequence[DescribedQueries]) -> Table:
    """Accuracy at n = 1 of each method (rows) for each kind of queries (columns)."""
    return by_search({queries.kind: (methods, queries) for queries in kinds})


def by_search(searches: Mapping[str, tuple[ClipMethods, DescribedQueries]], baseline: str = BASELINE) -> Table:
    """Accuracy at n = 1 of each method (rows) in each search (columns), which may move by two queries."""
    right = {column: _right(methods, queries) for column, (methods, queries) in searches.items()}
    per_query = {(name, column): values for column, found in right.items() for name, values in found.items()}
    return means(per_query, {column: round(2 / len(of[1]), 4) for column, of in searches.items()}, baseline)


def by_level(methods: ClipMethods, kinds: Sequence[DescribedQueries]) -> Table:
    """Accuracy at n = 1 of each method (rows) for each level (columns) of the photographs that have one.

    Raises
    ------
    NoExampleError: no query has a level.
    """
    with_levels = [queries for queries in kinds if queries.levels]
    level = np.array([name for queries in with_levels for name in queries.levels], dtype=object)
    names = query_list.levels(filter(None, level))
    if not names:
        raise NoExampleError("no query has a level; a list of photographs may give one in its column level")
    right = [_right(methods, queries) for queries in with_levels]
    per_query = {
        (name, of_level): np.concatenate([of_kind[name] for of_kind in right])[level == of_level]
        for of_level in names
        for name in _made(methods)
    }
    return means(per_query, baseline=BASELINE)


def answers(clip_names: Sequence[str], method: ClipMethod, kinds: Sequence[DescribedQueries]) -> list[Answer]:
    """The first clip that a method finds for each photograph, and the rank of the first right key frame."""
    found = []
    for queries in kinds:
        shown, clips = list(zip(queries.files, queries.levels, strict=True)), find(method, queries, RANKS).clips
        found += of_rankings(shown, clip_names, clips, queries.relevant)
    return found


def _made(methods: ClipMethods) -> dict[str, ClipMethod]:
    """The methods that were not left out."""
    return {name: method for name, method in methods.items() if isinstance(method, ClipMethod)}


def _right(methods: ClipMethods, queries: DescribedQueries) -> dict[str, NDArray[np.float64]]:
    """An array float64 (queries,) for each method: 1 where a query's first item is of a right clip, else 0."""
    return {name: find(method, queries).first_right(queries) for name, method in _made(methods).items()}
