"""One choice changed at a time: what the open points of Algorithm 1 and of the search do to the result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.chapters.key_frames.methods import ClipMethod, FoundItems, exact_descriptor, find, ours
from vretlib.chapters.key_frames.tables import RATIO, TWO_PERCENT
from vretlib.described.clip_queries import DescribedQueries
from vretlib.evaluation.methods import Variant, compare
from vretlib.report import Check, Table
from vretlib.report.means import means
from vretlib.video.clip_key_frames import Selection, every_frame, select
from vretlib.video.cluster_key_frames import KeyFrameOptions
from vretlib.video.colour_changes import colour_changes
from vretlib.video.colour_histogram import HistogramOptions
from vretlib.video.described_clips import DescribedClips

HISTOGRAMS = {
    "histogram: HSV": HistogramOptions(space="hsv"),
    "histogram: Lab": HistogramOptions(space="lab"),
    "histogram: one per channel, 32 bins": HistogramOptions(bins=32, joint=False),
    "histogram: length 1": HistogramOptions(normalisation="l2"),
    "histogram: 4 bins a channel": HistogramOptions(bins=4),
}


def one_choice_at_a_time(
    described: DescribedClips,
    ids: Sequence[int] | NDArray[np.int64],
    options: KeyFrameOptions,
    n_candidates: int,
    kinds: Sequence[DescribedQueries],
    *,
    fps: float,
) -> Table:
    """Key frames, compression ratio, and accuracy at n = 1 for each kind of queries.

    The first row has the defaults, each further row one change. The last row is a limit that no choice can pass: every
    sampled frame kept, every descriptor compared.
    """
    default = select(described, ids, options)
    selections = {
        "as above": default,
        "m + 1 clusters for m peaks": select(described, ids, replace(options, clusters="one_more")),
        "the last frame left out": select(described, ids, replace(options, frames="but_last")),
        "k-means++ seeds": select(described, ids, replace(options, seeding="k_means++")),
        "other random seeds": select(described, ids, replace(options, seed=options.seed + 1)),
        "empty clusters dropped": select(described, ids, replace(options, empty="drop")),
        "clusters by cosine": select(described, ids, replace(options, metric="cosine")),
        "clusters of maps": select(described, ids, options, cluster_on="maps"),
    }
    changes = colour_changes(described.clips, [(histogram, fps) for histogram in HISTOGRAMS.values()])
    for name, of_kind in zip(HISTOGRAMS, changes, strict=True):
        selections[name] = select(described, ids, options, changes=of_kind)
    without_own = partial(find_without_own_frame, described, default)
    every, proposed = every_frame(described, ids), ours(described, default, n_candidates)
    tried = {name: (chosen, ours(described, chosen, n_candidates), find) for name, chosen in selections.items()} | {
        "search: vectors of length 1": (default, ours(described, default, n_candidates, l2=True), find),
        "search: every descriptor compared": (default, exact_descriptor(described, default), find),
        "search: the query's own frame taken out": (default, proposed, without_own),
        "every sampled frame kept": (every, exact_descriptor(described, every), find),
    }

    def right(method: ClipMethod, search: Callable[..., FoundItems]) -> dict[str, NDArray[np.float64]]:
        return {f"Acc, {q.kind}": search(method, q).first_right(q) for q in kinds}

    per_query = compare(Variant(name, partial(right, method, search)) for name, (_, method, search) in tried.items())
    sizes = {
        name: {"Key frames": len(chosen.rows), "Compression ratio": chosen.compression_ratio}
        for name, (chosen, *_) in tried.items()
    }
    frame = pd.DataFrame.from_dict(sizes, orient="index").join(means(per_query).frame)
    limits = dict.fromkeys(frame.columns, 0.03) | {"Key frames": TWO_PERCENT, "Compression ratio": RATIO}
    return Table(frame, checks=[Check(frame, limits)], per_query=per_query, baseline="as above")


def find_without_own_frame(
    described: DescribedClips, chosen: Selection, method: ClipMethod, queries: DescribedQueries
) -> FoundItems:
    """The nearest item of each query, or the second one where the nearest is the very frame that is looked for."""
    found = find(method, queries, 2)
    rows = chosen.rows[found.items[:, 0]]
    clips = np.array([relevant[0] for relevant in queries.relevant])
    is_query = (described.frames.numbers[rows] == queries.numbers) & (found.clips[:, 0] == clips)
    place = is_query.astype(np.int64)[:, None]
    return FoundItems(np.take_along_axis(found.items, place, axis=1), np.take_along_axis(found.clips, place, axis=1))
