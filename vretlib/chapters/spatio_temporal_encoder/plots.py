"""What only chapter 6 draws: queries with the shots that they find."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from vretlib import images
from vretlib.chapters.spatio_temporal_encoder.inputs import EncodedStudy
from vretlib.evaluation.recall import median_rank
from vretlib.plots.sheets import contact_sheet
from vretlib.search.clip_search import ClipVectors, nearest_in
from vretlib.video import sampled_frames
from vretlib.video.clip_shots import ClipShots

_WIDTH = 240  # pixels of an image


def answers(
    described: EncodedStudy, method: ClipVectors, shots: ClipShots, kind: str, *, each: int = 3, clips: int = 4
) -> tuple[Figure, str]:
    """Queries of a kind with the first clips that they find, and the caption.

    ``each`` queries whose first clip is right come first, then as many whose first is wrong. A clip is shown by that
    frame of its best shot that is nearest to the query.
    """
    queries, ranking = described.collection.queries, method.ranking
    ranks = median_rank(ranking, [query.relevant for query in queries]).per_query
    mine = np.flatnonzero([query.kind == kind for query in queries])
    groups = [_spread(mine[ranks[mine] == 1], each), _spread(mine[ranks[mine] > 1], each)]
    rows = []
    for i in np.concatenate(groups):
        best = shots.ranges[[method.best_row(i, clip) for clip in ranking[i, :clips]]]
        frames = nearest_in(np.repeat(described.xq[i : i + 1], len(best), axis=0), described.x, best)
        found = sampled_frames.pictures(described.frames, described.paths, frames, _WIDTH)
        rows.append((f"first right: {ranks[i]:.0f}", [images.resize(images.read(queries[i].path), _WIDTH), *found]))
    fig = contact_sheet(rows, ["query", *(f"rank {i + 1}" for i in range(clips))])
    right, wrong = map(len, groups)
    none = "" if right and wrong else f" None of kind {kind} is {'wrong' if right else 'right'}."
    counts = f"{right} queries whose first clip is right, then {wrong} whose first clip is wrong"
    return fig, f"{counts}; at the left the rank of the first right clip.{none}"


def _spread(numbers: np.ndarray, n: int) -> np.ndarray:
    """At most ``n`` of some numbers, at equal steps."""
    return numbers[np.unique(np.linspace(0, len(numbers) - 1, min(n, len(numbers))).astype(int))]
