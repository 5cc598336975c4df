"""The methods of chapter 5 searched with photographs, and their answers judged by the visual match of chapter 4."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vretlib.described.film_photographs import Photograph
from vretlib.features import local
from vretlib.parallel import threaded_map
from vretlib.report.answers import Answer
from vretlib.search.frame_search import FrameRule
from vretlib.video import film_search
from vretlib.video.film_indexes import FilmMethod
from vretlib.video.film_search import FoundFrames, ShotFrames
from vretlib.video.frame_matcher import VisualMatcher

SearchedPhotographs = tuple[FoundFrames, Sequence[Photograph]]
"""What was found, and the photographs that it was found for."""


def retrieve(
    method: FilmMethod,
    photographs: Sequence[Photograph],
    *,
    backtracks: int = 50,
    weighting: str = "count",
    frame_rule: FrameRule = "minimum_distance",
    inside: ShotFrames | None = None,
) -> FoundFrames:
    """The frame that a method finds for each photograph; parameters as in `vretlib.video.film_search.retrieve`."""
    xq = descriptors(method.archive.features, photographs)
    return film_search.retrieve(
        method, xq, backtracks=backtracks, weighting=weighting, frame_rule=frame_rule, inside=inside
    )


def descriptors(kind: str, photographs: Sequence[Photograph]) -> list[NDArray[np.uint8 | np.float32]]:
    """The descriptors of each photograph, ``"orb_brief"`` or ``"sift"``; several photographs at a time."""
    with local.one_opencv_thread():
        return list(threaded_map(lambda photograph: photograph.described_as(kind), photographs))


def matches(searched: Sequence[SearchedPhotographs], matcher: VisualMatcher) -> list[NDArray[np.bool_]]:
    """Which frames of each search are visual matches of the frames that were photographed (eqs 4.5 and 4.6).

    A frame that several searches find is compared once.
    """
    queries = [photograph.query for _, photographs in searched for photograph in photographs]
    films = [film for found, _ in searched for film in found.films]
    frames = np.concatenate([found.frames for found, _ in searched])
    right = matcher.match(films, frames, [q.movie for q in queries], [q.frame for q in queries])[1]
    return np.split(right, np.cumsum([len(photographs) for _, photographs in searched])[:-1])


def per_photograph(found: FoundFrames, photographs: Sequence[Photograph], matcher: VisualMatcher) -> list[Answer]:
    """What was found for each photograph, with the score s of the visual match (eq 4.5)."""
    queries = [photograph.query for photograph in photographs]
    scores, right = matcher.match(found.films, found.frames, [q.movie for q in queries], [q.frame for q in queries])
    rows = zip(queries, found.films, found.frames.tolist(), scores.tolist(), right.tolist(), strict=True)
    return [
        Answer(
            query.image,
            asked=f"{query.movie}, frame {query.frame}",
            found=f"{film}, frame {frame}" if frame >= 0 else "",
            right=matched,
            rank=1 if matched else None,
            score=score if frame >= 0 else None,
            level=query.level,
        )
        for query, film, frame, score, matched in rows
    ]
