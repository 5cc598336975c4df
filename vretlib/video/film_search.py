"""Search for the frames of photographs: neighbours vote for a shot, then the best frame inside it is found (§5.1.3)."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vretlib.errors import UserError
from vretlib.search import frame_search, votes
from vretlib.search.neighbours import Nearest
from vretlib.video.archive import Archive
from vretlib.video.film_indexes import FilmMethod


@dataclass(frozen=True)
class FoundFrames:
    """What a method finds for each photograph. One without features has shot and frame -1 and film ""."""

    shots: NDArray[np.int64]
    films: tuple[str, ...]
    frames: NDArray[np.int64]
    search_ms: float
    """Mean time per photograph of the neighbour search and the votes."""
    frame_ms: float
    """Mean time per photograph of the search inside the voted shot."""


def retrieve(
    method: FilmMethod,
    photographs: Sequence[NDArray[Any]],
    *,
    backtracks: int = 50,
    weighting: str = "count",
    frame_rule: frame_search.Rule = "minimum_distance",
) -> FoundFrames:
    """The frame that a method finds for each photograph.

    Parameters
    ----------
    photographs: descriptors of each photograph, (n, 32) uint8 or (n, d) float32, of the kind that the method indexes.
    backtracks: B of Algorithm 2; it has no effect on a method without an index.
    weighting: ``"count"`` (thesis) or ``"per_key_feature"``, see `vretlib.search.votes`.
    frame_rule: ``"minimum_distance"`` (thesis) or ``"match_count"`` (authors' code), see `vretlib.search.frame_search`.
    """
    return retrieve_at(method, photographs, backtracks=(backtracks,), weighting=weighting, frame_rule=frame_rule)[0]


def retrieve_at(
    method: FilmMethod,
    photographs: Sequence[NDArray[Any]],
    *,
    backtracks: Sequence[int],
    weighting: str = "count",
    frame_rule: frame_search.Rule = "minimum_distance",
) -> list[FoundFrames]:
    """Results of `retrieve` for several B; the frames of a shot that several B return are searched once."""
    if not photographs:
        raise UserError("no photographs to look for; give at least one")
    voted, search_ms = [], []
    for b in backtracks:
        started = time.perf_counter()
        voted.append(_voted_shots(method, photographs, b, weighting))
        search_ms.append((time.perf_counter() - started) * 1000 / len(photographs))
    wanted = sorted({(i, shot) for shots in voted for i, shot in enumerate(shots.tolist())})
    started = time.perf_counter()
    found = {(i, shot): _best_frame(method.archive, shot, photographs[i], frame_rule) for i, shot in wanted}
    frame_ms = (time.perf_counter() - started) * 1000 / len(wanted)
    return [
        FoundFrames(
            shots,
            tuple(found[i, shot][0] for i, shot in enumerate(shots.tolist())),
            np.array([found[i, shot][1] for i, shot in enumerate(shots.tolist())]),
            ms,
            frame_ms,
        )
        for shots, ms in zip(voted, search_ms, strict=True)
    ]


def shot_votes(
    method: FilmMethod, descriptors: NDArray[Any], *, backtracks: int = 50, weighting: str = "count"
) -> NDArray[np.float64]:
    """Votes of one photograph's descriptors for every shot, (shots,)."""
    nearest = method.search(descriptors, backtracks)
    return _weighted(method, nearest, weighting)


def _voted_shots(
    method: FilmMethod, descriptors: Sequence[NDArray[Any]], backtracks: int, weighting: str
) -> NDArray[np.int64]:
    """The shot with most votes for each photograph, (n,); the features of all are searched in one batch."""
    nearest = method.search(np.concatenate(descriptors), backtracks)
    bounds = np.cumsum([0, *map(len, descriptors)]).tolist()
    parts = (nearest.part(start, stop) for start, stop in pairwise(bounds))
    return np.array([votes.winner(_weighted(method, part, weighting)) for part in parts])


def _weighted(method: FilmMethod, nearest: Nearest, weighting: str) -> NDArray[np.float64]:
    n_shots = int(method.archive.first_shot[-1])
    counts = votes.count(nearest, method.shot_of, n_shots)
    if weighting == "count":
        return counts
    if weighting == "per_key_feature":
        if not len(method.shot_of):
            return counts
        return votes.relative(counts, np.bincount(method.shot_of, minlength=n_shots))
    raise UserError(f"weighting={weighting!r}: expected 'count' or 'per_key_feature'")


def _best_frame(archive: Archive, shot: int, xq: NDArray[Any], rule: frame_search.Rule) -> tuple[str, int]:
    if shot < 0:
        return "", -1
    film, start, stop = archive.frames_of(shot)
    offsets = film.offsets[start : stop + 1]
    codes, offsets = film.codes[offsets[0] : offsets[-1]], offsets - offsets[0]
    if archive.features == "sift":
        return film.name, start + frame_search.best_frame_euclidean(xq, codes, offsets)
    return film.name, start + frame_search.best_frame(xq, codes, offsets, rule)
