"""Tables 1, 2, 5 and 6 and Figure 4 of paper 002, and what its text leaves out."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from vretlib.chapters.key_frames.clips import DescribedClips
from vretlib.chapters.key_frames.methods import Answers, Method, ask, exact_descriptor, ours
from vretlib.chapters.key_frames.queries import DescribedQueries, Queries, maps_of
from vretlib.chapters.key_frames.selection import THETAS, Selection, select
from vretlib.datasets import query_list
from vretlib.errors import NoExampleError
from vretlib.features.backbones import Backbone
from vretlib.report import published
from vretlib.report.answers import Answer
from vretlib.video.cluster_key_frames import KeyFrameOptions

MEGABYTE = 1e6
DEEPEST = 100
"""Results of a photograph among which the first right one is looked for."""

CANDIDATES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def matches(answers: Answers, queries: Queries) -> NDArray[np.bool_]:
    """Which retrieved items are of a clip that the query should find, (queries, n)."""
    pairs = zip(answers.clips, queries.relevant, strict=True)
    return np.stack([np.isin(clips, relevant) for clips, relevant in pairs])


def accuracy(answers: Answers, queries: Queries) -> float:
    """Eq (2): visual matches over retrieved frames. A place that nothing was found for counts as no match."""
    return float(matches(answers, queries).mean())


def table_1(network: Backbone, side: int = 224) -> pd.DataFrame:
    """Structure of VGG16: the size of each layer's maps for a square image; empty for another network."""
    rows: dict[str, dict[str, str]] = {}
    if network.name == "vgg16":
        taps = [tap for tap in network.taps if tap.startswith(("conv", "pool"))]
        printed = published.read("key_frames", "1").rows
        for row, maps in zip(printed, network.maps(torch.zeros(1, 3, side, side), taps).values(), strict=True):
            rows[row] = {"Output size": f"{maps.shape[2]} × {maps.shape[3]} × {maps.shape[1]}"}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["Output size"])


NTU, TREC = "The NTU", "The 2001 TREC"


def sets(small: Selection, large: Selection, own: bool) -> dict[str, Selection]:
    """The small and the large set under the headings of Table 2, in whose places they stand; under their own where
    the clips are a user's.
    """
    return {"some of the clips": small, "all clips": large} if own else {NTU: small, TREC: large}


def not_searched(table: pd.DataFrame) -> dict[str, str]:
    """Why Table 2 has no number of ours under the paper's collections."""
    why = "a collection that this page did not search; your clips stand in columns of their own"
    return {name: why for name in (NTU, TREC) if name not in table}


def table_2(described: DescribedClips, sets: Mapping[str, Selection]) -> pd.DataFrame:
    """Sets of clips in columns: size of the files, mean length, sampled frames, key frames, compression ratio."""
    columns = {
        name: {
            "Size": f"{_megabytes(described, chosen):.1f} MB",
            "Average duration": f"{described.seconds[chosen.ids].mean():.2f} seconds",
            "Number of frames": chosen.n_frames,
            "Number of key frames": len(chosen.rows),
            "Compression ratio": chosen.compression_ratio,
        }
        for name, chosen in sets.items()
    }
    return pd.DataFrame(columns, dtype=object)


def counted(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of Table 2 that hold plain numbers, which can be compared with recorded ones."""
    return table.loc[["Number of frames", "Number of key frames", "Compression ratio"]].astype(float)


def _megabytes(described: DescribedClips, chosen: Selection) -> float:
    return sum(described.clips[i].path.stat().st_size for i in chosen.ids) / MEGABYTE


def network_ms(queries: Queries, backbone: Backbone, side: int, n: int = 12) -> float:
    """Milliseconds in which the network describes one image; the median of a few, after one that does not count."""
    spent = []
    for image in (queries.images[0], *queries.images[:n]):
        started = time.perf_counter()
        maps_of(image, backbone, side)
        spent.append(1000 * (time.perf_counter() - started))
    return float(np.median(spent[1:]))


def table_5(methods: Sequence[Method], queries: DescribedQueries, hours: float, network: float) -> pd.DataFrame:
    """Methods in rows; accuracy at n = 1, seconds per query, dimension; Table 6 has the same form.

    The printed "Time (s)" is features and search together, as far as one can tell: here it is their sum. Beyond the
    printed columns stand both parts in milliseconds, the bytes of all vectors that a search needs, and those of an hour
    of video.

    Parameters
    ----------
    hours: of video in the database.
    network: milliseconds that the network takes for one image (`network_ms`); LBTT needs none.
    """
    rows = {}
    for method in methods:
        found = ask(method, queries)
        features = found.encode_ms + (0 if method.name.startswith("LBTT") else network)
        rows[method.name] = {
            "Acc": accuracy(found, queries.queries),
            "Time (s)": (features + found.search_ms) / 1000,
            "Dimension": method.dimension,
            "Features (ms)": features,
            "Search (ms)": found.search_ms,
            "Memory (MB)": method.nbytes / MEGABYTE,
            "MB per hour": method.nbytes / MEGABYTE / hours,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def measured(table: pd.DataFrame) -> pd.DataFrame:
    """The columns of `table_5` that do not depend on the machine."""
    return table[["Acc", "Memory (MB)"]].astype(float)


def by_kind(methods: Sequence[Method], queries: Sequence[DescribedQueries]) -> pd.DataFrame:
    """Accuracy at n = 1 of each method (rows) for each kind of queries (columns)."""
    rows = {
        method.name: {
            asked.queries.kind: accuracy(ask(method, asked, one_by_one=False), asked.queries) for asked in queries
        }
        for method in methods
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def by_results(method: Method, chosen: Selection, queries: DescribedQueries, most: int = 12) -> pd.DataFrame:
    """Accuracy by the number n of results (rows), and the most that any method could reach.

    A clip with k key frames can fill at most k of n places, so eq (2) cannot be above the mean of min(k, n) / n.
    """
    found = matches(ask(method, queries, most, one_by_one=False), queries.queries)
    keys = np.array([chosen.per_clip[np.isin(chosen.ids, relevant)].sum() for relevant in queries.queries.relevant])
    return pd.DataFrame.from_dict(
        {
            n: {"Accuracy": found[:, :n].mean(), "Most possible": (np.minimum(keys, n) / n).mean()}
            for n in range(1, most + 1)
        },
        orient="index",
    )


def by_candidates(
    described: DescribedClips,
    chosen: Selection,
    queries: DescribedQueries,
    candidates: Sequence[int] = CANDIDATES,
) -> pd.DataFrame:
    """Accuracy by the number m of candidates (rows), and how often the first result is that of exact search."""
    exact = ask(exact_descriptor(described, chosen), queries, one_by_one=False).items
    rows = {}
    for m in [*(m for m in candidates if m < len(chosen.rows)), len(chosen.rows)]:
        found = ask(ours(described, chosen, m), queries)
        rows[m] = {
            "Accuracy": accuracy(found, queries.queries),
            "Agreement": float((found.items == exact).mean()),
            "Search (ms)": found.search_ms,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def figure_4(
    described: DescribedClips,
    ids: Sequence[int] | NDArray[np.int64],
    queries: DescribedQueries,
    options: KeyFrameOptions,
    n_candidates: int,
    thetas: Sequence[float] = THETAS,
) -> pd.DataFrame:
    """Compression ratio and accuracy at n = 1 (rows) for each θ (columns)."""
    columns = {}
    for theta in thetas:
        chosen = select(described, ids, replace(options, theta=theta))
        found = ask(ours(described, chosen, n_candidates), queries, one_by_one=False)
        columns[f"{theta:g}"] = {
            "Compression ratio": chosen.compression_ratio,
            "Accuracy": accuracy(found, queries.queries),
        }
    return pd.DataFrame(columns)


def by_level(methods: Sequence[Method], queries: Sequence[DescribedQueries]) -> pd.DataFrame:
    """Accuracy at n = 1 of each method (rows) for each level (columns) of the photographs that have one.

    Raises
    ------
    NoExampleError: no query has a level.
    """
    told = [level for asked in queries for level in asked.queries.levels]
    if not any(told):
        raise NoExampleError("no query has a level; a list of photographs may give one in its column level")
    level = np.array(told)
    rows = {}
    for method in methods:
        right = [
            matches(ask(method, asked, one_by_one=False), asked.queries)[:, 0]
            for asked in queries
            if asked.queries.levels
        ]
        first = np.concatenate(right)
        rows[method.name] = {name: float(first[level == name].mean()) for name in query_list.levels(filter(None, told))}
    return pd.DataFrame.from_dict(rows, orient="index")


def answers(described: DescribedClips, method: Method, queries: Sequence[DescribedQueries]) -> list[Answer]:
    """The first clip that a method finds for each photograph, and the rank of the first right one, of key frames."""
    names = [clip.name for clip in described.clips]
    found = []
    for asked in queries:
        told = ask(method, asked, DEEPEST, one_by_one=False)
        right = matches(told, asked.queries)
        for i, (file, level) in enumerate(zip(asked.queries.files, asked.queries.levels, strict=True)):
            ranks, first = np.flatnonzero(right[i]), int(told.clips[i, 0])
            found.append(
                Answer(
                    file,
                    asked="; ".join(names[clip] for clip in asked.queries.relevant[i]),
                    found=names[first] if first >= 0 else "",
                    right=bool(right[i, 0]),
                    rank=int(ranks[0]) + 1 if len(ranks) else None,
                    level=level,
                )
            )
    return found
