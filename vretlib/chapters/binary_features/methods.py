"""The systems of chapter 5 asked with photographs, and their answers judged by the visual match of chapter 4."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.photographs import Photograph
from vretlib.report.answers import Answer
from vretlib.search.frame_search import Rule
from vretlib.video import film_search
from vretlib.video.film_indexes import System
from vretlib.video.film_search import Answers
from vretlib.video.frame_matcher import VisualMatcher


def retrieve(
    system: System,
    photographs: Sequence[Photograph],
    *,
    backtracks: int = 50,
    weighting: str = "count",
    frame_rule: Rule = "minimum_distance",
) -> Answers:
    """The frame that a system finds for each photograph; parameters as in `vretlib.video.film_search.retrieve`."""
    asked = descriptors(system, photographs)
    return film_search.retrieve(system, asked, backtracks=backtracks, weighting=weighting, frame_rule=frame_rule)


def descriptors(system: System, photographs: Sequence[Photograph]) -> list[NDArray[np.uint8 | np.float32]]:
    """The descriptors of each photograph, of the kind that the system indexes."""
    return [photograph.described_as(system.archive.features) for photograph in photographs]


def matches(answers: Answers, photographs: Sequence[Photograph], matcher: VisualMatcher) -> NDArray[np.bool_]:
    """Which answers are visual matches of the frame that was photographed (eqs 4.5 and 4.6)."""
    return matches_of_all([(answers, photographs)], matcher)[0]


def matches_of_all(
    answered: Sequence[tuple[Answers, Sequence[Photograph]]], matcher: VisualMatcher
) -> list[NDArray[np.bool_]]:
    """The same for many systems at once: a frame that several of them return is compared once."""
    asked = [photograph.query for _, photographs in answered for photograph in photographs]
    films = [film for answers, _ in answered for film in answers.films]
    found = np.concatenate([answers.frames for answers, _ in answered])
    right = matcher.match(films, found, [q.movie for q in asked], [q.frame for q in asked])[1]
    return np.split(right, np.cumsum([len(photographs) for _, photographs in answered])[:-1])


def answers_of(photographs: Sequence[Photograph], answers: Answers, matcher: VisualMatcher) -> list[Answer]:
    """What was found for each photograph; its score is that of the visual match, s of eq 4.5."""
    asked = [photograph.query for photograph in photographs]
    scores, right = matcher.match(answers.films, answers.frames, [q.movie for q in asked], [q.frame for q in asked])
    found = zip(answers.films, answers.frames.tolist(), scores.tolist(), right.tolist(), strict=True)
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
        for query, (film, frame, score, matched) in zip(asked, found, strict=True)
    ]
