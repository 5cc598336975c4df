"""One choice changed at a time: what the open points of Algorithm 1 and of the search do to the result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.chapters.key_frames.clips import DescribedClips, color_changes
from vretlib.chapters.key_frames.methods import Answers, Method, ask, exact_descriptor, ours
from vretlib.chapters.key_frames.queries import DescribedQueries
from vretlib.chapters.key_frames.selection import Selection, every_frame, select
from vretlib.chapters.key_frames.tables import accuracy
from vretlib.video.cluster_key_frames import KeyFrameOptions
from vretlib.video.color_histogram import HistogramOptions

Ids = NDArray[np.int64]

HISTOGRAMS = {
    "histogram: HSV": HistogramOptions(space="hsv"),
    "histogram: Lab": HistogramOptions(space="lab"),
    "histogram: one per channel, 32 bins": HistogramOptions(bins=32, joint=False),
    "histogram: length 1": HistogramOptions(normalisation="l2"),
    "histogram: 4 bins a channel": HistogramOptions(bins=4),
}


@dataclass(frozen=True, eq=False)
class Choice:
    """A selection and a method in which one thing differs from the defaults."""

    name: str
    chosen: Selection
    method: Method
    own_frame: bool = True
    """Whether a query's own frame may be its result."""


def choices(
    described: DescribedClips,
    ids: Sequence[int] | Ids,
    options: KeyFrameOptions,
    n_candidates: int,
    *,
    fps: float,
    say: Callable[[str], None] = print,
) -> list[Choice]:
    """The defaults, then one change each; last what no choice can pass: every sampled frame, compared exactly."""
    plain = select(described, ids, options)
    changed = {
        "m + 1 clusters for m peaks": replace(options, clusters="one_more"),
        "the last frame left out": replace(options, frames="but_last"),
        "k-means++ seeds": replace(options, seeding="k_means++"),
        "other random seeds": replace(options, seed=options.seed + 1),
        "empty clusters dropped": replace(options, empty="drop"),
        "clusters by cosine": replace(options, metric="cosine"),
    }
    selections = {name: select(described, ids, other) for name, other in changed.items()}
    selections["clusters of maps"] = select(described, ids, options, cluster_on="maps")
    changes = color_changes(described.clips, [(histogram, fps) for histogram in HISTOGRAMS.values()], say=say)
    for name, of_kind in zip(HISTOGRAMS, changes, strict=True):
        selections[name] = select(described, ids, options, changes=of_kind)
    every = every_frame(described, ids)
    return [
        Choice("as above", plain, ours(described, plain, n_candidates)),
        *(Choice(name, chosen, ours(described, chosen, n_candidates)) for name, chosen in selections.items()),
        Choice("search: vectors of length 1", plain, ours(described, plain, n_candidates, l2=True)),
        Choice("search: every descriptor compared", plain, exact_descriptor(described, plain)),
        Choice("search: the query's own frame taken out", plain, ours(described, plain, n_candidates), own_frame=False),
        Choice("every sampled frame kept", every, exact_descriptor(described, every)),
    ]


def compare(described: DescribedClips, chosen: Sequence[Choice], queries: Sequence[DescribedQueries]) -> pd.DataFrame:
    """Key frames, compression ratio, and accuracy at n = 1 for each kind of queries."""
    rows = {}
    for choice in chosen:
        row = {"Key frames": len(choice.chosen.rows), "Compression ratio": choice.chosen.compression_ratio}
        for asked in queries:
            row[f"Acc, {asked.queries.kind}"] = accuracy(_asked(described, choice, asked), asked.queries)
        rows[choice.name] = row
    return pd.DataFrame.from_dict(rows, orient="index")


def _asked(described: DescribedClips, choice: Choice, queries: DescribedQueries) -> Answers:
    if choice.own_frame:
        return ask(choice.method, queries, one_by_one=False)
    found = ask(choice.method, queries, 2, one_by_one=False)
    rows = choice.chosen.rows[found.items[:, 0]]
    own = np.array([clips[0] for clips in queries.queries.relevant])
    itself = (described.frames.numbers[rows] == queries.queries.numbers) & (found.clips[:, 0] == own)
    second = itself.astype(np.int64)[:, None]
    items, clips = (np.take_along_axis(of_both, second, axis=1) for of_both in (found.items, found.clips))
    return Answers(items, clips, found.encode_ms, found.search_ms)
