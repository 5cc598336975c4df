"""What only chapter 6 draws: queries with the shots that they find."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from vretlib import images
from vretlib.chapters.spatio_temporal_encoder.inputs import EncodedStudy
from vretlib.described.clip_scores import heading
from vretlib.evaluation.recall import median_rank
from vretlib.plots import encoder_diagrams
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


def examples(described: EncodedStudy, each: int = 2) -> Figure:
    """Figure 6.5: queries of each kind, and of a clip that answers each the frame that is nearest to it."""
    queries, rows = described.collection.queries, []
    for kind in described.collection.kinds:
        mine = _spread(np.flatnonzero([query.kind == kind for query in queries]), each)
        pictures = []
        for i in mine:
            clip = described.frames.rows(int(queries[i].relevant[0]))
            nearest = nearest_in(described.xq[i : i + 1], described.x, [[clip.start, clip.stop]])
            found = sampled_frames.pictures(described.frames, described.paths, nearest, _WIDTH)
            pictures += [images.resize(images.read(queries[i].path), _WIDTH), *found]
        rows.append((heading(kind, described.collection), pictures))
    return contact_sheet(rows, ["query", "a clip that answers it"] * each)


def common_space(described: EncodedStudy) -> Figure:
    """Figure 6.1 with the first query, the most similar frame of a clip that answers it, and a dissimilar one."""
    query = described.collection.queries[0]
    clip = described.frames.rows(int(query.relevant[0]))
    alike = described.x[clip] @ described.xq[0]
    rows = clip.start + np.argsort(alike)[[-1, len(alike) // 4]]  # the least similar one is often black
    near, far = sampled_frames.pictures(described.frames, described.paths, rows, _WIDTH)
    return encoder_diagrams.common_space(images.resize(images.read(query.path), _WIDTH), (near, far))


def _spread(numbers: np.ndarray, n: int) -> np.ndarray:
    """At most ``n`` of some numbers, at equal steps."""
    return numbers[np.unique(np.linspace(0, len(numbers) - 1, min(n, len(numbers))).astype(int))]
