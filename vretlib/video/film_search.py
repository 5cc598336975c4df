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
from vretlib.video.described_film import DescribedFilm
from vretlib.video.film_indexes import FilmMethod


@dataclass(frozen=True)
class FoundFrames:
    """What a method finds for each photograph. One without features has shot and frame -1 and film ""."""

    shots: NDArray[np.int64]
    films: tuple[str, ...]
    frames: NDArray[np.int64]
    search_ms: float
    """Mean time per photograph of the neighbour search and the votes; of one search for several B, of that search."""
    frame_ms: float
    """Mean time per photograph of the search inside the voted shot."""


class ShotFrames:
    """The best frame of a photograph in a shot; what several searches ask for is searched once.

    A photograph is known by its array of descriptors, which is kept: a copy of the array is another photograph.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[int, str, int, int, str], tuple[int, float, NDArray[Any]]] = {}

    def best(
        self, archive: Archive, shot: int, xq: NDArray[Any], rule: frame_search.FrameRule
    ) -> tuple[str, int, float]:
        """Film, frame and milliseconds of the search of a photograph in a shot; no frame, -1, in shot -1."""
        if shot < 0:
            return "", -1, 0.0
        film, start, stop = archive.frames_of(shot)
        key = (id(xq), film.name, start, stop, rule)
        if key not in self._found:
            began = time.perf_counter()
            frame = _best_frame(film, start, stop, xq, rule)
            self._found[key] = frame, (time.perf_counter() - began) * 1000, xq  # no other array gets the id meanwhile
        return film.name, *self._found[key][:2]


def retrieve(
    method: FilmMethod,
    photographs: Sequence[NDArray[Any]],
    *,
    backtracks: int = 50,
    weighting: str = "count",
    frame_rule: frame_search.FrameRule = "minimum_distance",
    inside: ShotFrames | None = None,
) -> FoundFrames:
    """The frame that a method finds for each photograph.

    Parameters
    ----------
    photographs: descriptors of each photograph, (n, 32) uint8 or (n, d) float32, of the kind that the method indexes.
    backtracks: B of Algorithm 2; it has no effect on a method without an index.
    weighting: ``"count"`` (thesis) or ``"per_key_feature"``, see `vretlib.search.votes`.
    frame_rule: ``"minimum_distance"`` (thesis) or ``"match_count"`` (authors' code), see `vretlib.search.frame_search`.
    inside: of the same films, shared with other searches; None searches every shot anew.
    """
    return retrieve_at(
        method, photographs, backtracks=(backtracks,), weighting=weighting, frame_rule=frame_rule, inside=inside
    )[0]


def retrieve_at(
    method: FilmMethod,
    photographs: Sequence[NDArray[Any]],
    *,
    backtracks: Sequence[int],
    weighting: str = "count",
    frame_rule: frame_search.FrameRule = "minimum_distance",
    inside: ShotFrames | None = None,
) -> list[FoundFrames]:
    """Results of `retrieve` for several B, which are searched together.

    Raises
    ------
    UserError: there are no photographs.
    """
    if not photographs:
        raise UserError("no photographs to look for; give at least one")
    inside = inside or ShotFrames()
    started = time.perf_counter()
    voted = _voted_shots(method, photographs, backtracks, weighting)
    search_ms = (time.perf_counter() - started) * 1000 / len(photographs)
    wanted = sorted({(i, shot) for shots in voted for i, shot in enumerate(shots.tolist())})
    found = {(i, shot): inside.best(method.archive, shot, photographs[i], frame_rule) for i, shot in wanted}
    frame_ms = float(np.mean([ms for _, _, ms in found.values()]))
    return [
        FoundFrames(
            shots,
            tuple(found[i, shot][0] for i, shot in enumerate(shots.tolist())),
            np.array([found[i, shot][1] for i, shot in enumerate(shots.tolist())]),
            search_ms,
            frame_ms,
        )
        for shots in voted
    ]


def shot_votes(
    method: FilmMethod, descriptors: NDArray[Any], *, backtracks: int = 50, weighting: str = "count"
) -> NDArray[np.float64]:
    """Votes of one photograph's descriptors for every shot, (shots,)."""
    [nearest] = method.search(descriptors, [backtracks])
    return _weighted(method, nearest, weighting)


def _voted_shots(
    method: FilmMethod, descriptors: Sequence[NDArray[Any]], backtracks: Sequence[int], weighting: str
) -> list[NDArray[np.int64]]:
    """The shot with most votes for each photograph, (n,), for each B; the features of all are searched in one batch."""
    bounds = np.cumsum([0, *map(len, descriptors)]).tolist()
    return [
        np.array([votes.winner(_weighted(method, nearest.part(*of_one), weighting)) for of_one in pairwise(bounds)])
        for nearest in method.search(np.concatenate(descriptors), backtracks)
    ]


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


def _best_frame(film: DescribedFilm, start: int, stop: int, xq: NDArray[Any], rule: frame_search.FrameRule) -> int:
    offsets = film.offsets[start : stop + 1]
    codes, offsets = film.codes[offsets[0] : offsets[-1]], offsets - offsets[0]
    if film.options.features == "sift":
        return start + frame_search.best_frame_euclidean(xq, codes, offsets)
    return start + frame_search.best_frame(xq, codes, offsets, rule)
