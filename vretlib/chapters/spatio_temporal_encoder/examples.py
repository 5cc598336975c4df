"""Single clips, shots, graphs and answers taken out to be looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from vretlib import images
from vretlib.chapters.spatio_temporal_encoder.methods import Method
from vretlib.chapters.spatio_temporal_encoder.study import Described
from vretlib.datasets.clips import truth
from vretlib.datasets.clips.collection import Clip
from vretlib.errors import NoExampleError
from vretlib.features import unit_vectors
from vretlib.features.match_graph import MatchGraph
from vretlib.plots.sheets import contact_sheet
from vretlib.report.answers import Answer
from vretlib.report.left_out import LeftOut
from vretlib.video import frames as videos
from vretlib.video.boundary_evaluation import Transition
from vretlib.video.clip_shots import ClipShots
from vretlib.video.sampled_frames import SampledFrames
from vretlib.video.shot_boundaries import distances

Image = NDArray[np.uint8]

Curve = tuple[NDArray[np.float64], NDArray[np.float64], list[Transition] | None]
"""Seconds of the frames after each gap, distances, and true transitions where they are known."""

_WIDTH = 240


def busiest_clip(described: Described, shots: ClipShots, most: int = 6) -> int:
    """A clip with a dissolve if one is known, and with as many transitions as fit a strip: the first of the best.

    Where the true transitions are not known, the shots that were found count.

    Raises
    ------
    NoExampleError: no clip has two sampled frames.
    """
    worth = []
    for i, clip in enumerate(described.collection.clips):
        true = truth.transitions(clip)
        kinds = {transition.kind for transition in true or ()}
        n = len(shots.of(i)) - 1 if true is None else len(true)
        worth.append(("dissolve" in kinds and "cut" in kinds, min(n, most)))
    several = [i for i, n in enumerate(np.diff(described.frames.offsets).tolist()) if n > 1]
    if not several:
        raise NoExampleError("no clip has two sampled frames, so that there is no distance to show")
    return max(several, key=lambda i: (worth[i], -i))


def curve_of(described: Described, clip: int) -> Curve:
    """The distances of one clip."""
    rows = described.frames.rows(clip)
    times = described.frames.times[rows]
    true = truth.transitions(described.collection.clips[clip])
    return times[1:] - times[0], distances(described.x[rows]), true


def as_data(curve: Curve | LeftOut) -> dict[str, NDArray[np.float64]]:
    """What the figure of a curve shows, as columns; nothing where it is left out."""
    return {} if isinstance(curve, LeftOut) else {"seconds": curve[0], "distance": curve[1]}


def strip(described: Described, clip: int, shots: ClipShots, n: int = 12) -> tuple[list[Image], list[str], list[bool]]:
    """At most ``n`` evenly spread frames of a clip, their times, and whether a shot has begun since the one before."""
    rows = described.frames.rows(clip)
    starts = shots.of(clip)[:, 0]
    chosen = np.unique(np.linspace(rows.start, rows.stop - 1, min(n, rows.stop - rows.start)).round().astype(int))
    shot = np.searchsorted(starts, chosen, side="right")
    pictures = read(described.collection.clips[clip], described.frames.numbers[chosen])
    times = described.frames.times[chosen] - described.frames.times[rows.start]
    return pictures, [f"{t:.1f} s" for t in times], [True, *(np.diff(shot) > 0).tolist()][: len(chosen)]


def read(clip: Clip, numbers: ArrayLike, width: int = _WIDTH) -> list[Image]:
    """Frames of a clip in colour, small, in the order asked for."""
    wanted = [int(number) for number in np.asarray(numbers)]
    found = videos.read(clip.path, wanted, color="rgb", width=width)
    return [found[number] for number in wanted]


def telling_graph(graphs: Sequence[MatchGraph]) -> int:
    """The clip with most frames outside its graph's strongest component, some of them joined; the first of equals."""

    def told(graph: MatchGraph) -> tuple[bool, int]:
        outside = graph.component != 0
        joined = bool((graph.scores[outside][:, outside] > 0).any())
        return joined, int(min(outside.sum(), 8))

    return max(range(len(graphs)), key=lambda i: (told(graphs[i]), -i))


def graph_frames(clips: Sequence[Clip], frames: SampledFrames, clip: int) -> tuple[list[Image], list[str]]:
    """Every sampled frame of a clip, and its time."""
    rows = frames.rows(clip)
    times = frames.times[rows] - frames.times[rows.start]
    return read(clips[clip], frames.numbers[rows], 160), [f"{t:.1f} s" for t in times]


def best_row(method: Method, query: int, clip: int) -> int:
    """The row of the clip's vector that is nearest to a query."""
    start, stop = method.offsets[clip : clip + 2]
    xq, xb = method.unit
    return int(start + (xb[start:stop] @ xq[query]).argmax())


def answer(described: Described, method: Method, shots: ClipShots, query: int, n: int = 4) -> list[Image]:
    """A query, and for each of the ``n`` first clips the frame of its best shot that is nearest to the query."""
    ranking = method.ranking()[query, :n]
    asked = images.resize(images.read(described.collection.queries[query].path), _WIDTH)
    found = [asked]
    xq = unit_vectors.l2(described.xq[query])
    for clip in ranking.tolist():
        start, stop = shots.ranges[best_row(method, query, clip)]
        frame = start + int((described.x[start:stop] @ xq).argmax())
        found += read(described.collection.clips[clip], [described.frames.numbers[frame]])
    return found


def headings(n: int = 4) -> list[str]:
    """Above the columns of answers."""
    return ["query", *(f"rank {i + 1}" for i in range(n))]


def right_and_wrong(described: Described, method: Method, kind: str, n: int = 3) -> tuple[list[int], list[int]]:
    """Queries of a kind whose first clip is relevant, and such whose first is not: ``n`` of each, evenly spread."""
    first = method.ranking()[:, 0]
    mine = [i for i, query in enumerate(described.collection.queries) if query.kind == kind]
    right = [i for i in mine if first[i] in described.collection.queries[i].relevant]
    wrong = [i for i in mine if i not in right]
    return _spread(right, n), _spread(wrong, n)


def rows(
    described: Described, method: Method, shots: ClipShots, queries: Sequence[int], n: int = 4
) -> list[tuple[str, list[Image]]]:
    """Lines of a contact sheet: each query with its answers, named by the rank of the first right clip."""
    ranking = method.ranking()
    lines = []
    for i in queries:
        relevant = set(described.collection.queries[i].relevant.tolist())
        ranks = np.flatnonzero(np.isin(ranking[i], list(relevant))) + 1
        lines.append((f"first right: {ranks[0]}", answer(described, method, shots, i, n)))
    return lines


def sheet(described: Described, method: Method, shots: ClipShots, kind: str) -> tuple[Figure, str]:
    """The figure of right and wrong answers to queries of a kind, and its caption, which says how many of each."""
    right, wrong = right_and_wrong(described, method, kind)
    fig = contact_sheet(rows(described, method, shots, right + wrong), headings())
    told = [
        f"{len(some)} {'query' if len(some) == 1 else 'queries'} for which {what}"
        for some, what in ((right, "a right clip is first"), (wrong, "it is not"))
        if some
    ]
    none = "" if right and wrong else f" None of kind {kind} is {'wrong' if right else 'right'}."
    caption = f"{', and '.join(told)}; at the left the rank of the first right clip.{none}"
    return fig, caption[0].upper() + caption[1:]


def answers(described: Described, method: Method) -> list[Answer]:
    """What a method finds for each query: its first clip, with its cosine, and the rank of the first right one."""
    ranking, scores = method.ranking(), method.scores()
    names = [clip.name for clip in described.collection.clips]
    found = []
    for i, query in enumerate(described.collection.queries):
        first = int(ranking[i, 0])
        rank = int(np.flatnonzero(np.isin(ranking[i], query.relevant))[0]) + 1
        asked = "; ".join(names[clip] for clip in query.relevant)
        found.append(
            Answer(query.file, asked, names[first], rank == 1, rank, float(scores[i, first]), level=query.level)
        )
    return found


def _spread(numbers: Sequence[int], n: int) -> list[int]:
    if not numbers:
        return []
    return [numbers[i] for i in np.unique(np.linspace(0, len(numbers) - 1, min(n, len(numbers))).astype(int))]
