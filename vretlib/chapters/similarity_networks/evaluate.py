"""Rankings by a similarity, and their mean average precision (thesis section 3.3.1)."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from vretlib.chapters.similarity_networks.descriptions import F32, Described
from vretlib.datasets.landmarks import LandmarkStudy
from vretlib.datasets.landmarks.collection import Ids
from vretlib.evaluation import average_precision
from vretlib.evaluation.average_precision import MeanAP
from vretlib.evaluation.ranking import rank
from vretlib.search import similarity


class Similarity(Protocol):
    """Anything that scores pairs of vectors: the larger, the more alike."""

    def scores(self, xq: F32, xb: F32) -> F32:
        """(queries, database) float32."""
        ...


class Cosine:
    """The standard similarity, which needs no training."""

    def scores(self, xq: F32, xb: F32) -> F32:
        """Cosine of every pair."""
        return similarity.scores(xq, xb, "cosine")


def judge(
    scored: Similarity,
    study: LandmarkStudy,
    described: Described,
    name: str,
    *,
    distractors: bool = False,
    query_in_database: bool = True,
    seen: Ids | None = None,
) -> MeanAP:
    """Average precision of every query of one evaluation set, and their mean.

    Parameters
    ----------
    distractors: rank the distractors as well.
    query_in_database: as in the classic ground truth, where each query image is one of its own positives. The authors'
        README asks for a database without it.
    seen: ids of database images that training has used. They then count neither for nor against, so that only
        images which training has not seen are judged.
    """
    collection = study.evaluation[name]
    xb = described.database[name]
    if distractors:
        xb = np.concatenate([xb, described.distractors])
    ranking = rank(scored.scores(described.queries[name], xb))
    positives = collection.positives(query_in_database=query_in_database)
    junk = collection.junk(query_in_database=query_in_database)
    if seen is not None:
        positives = [np.setdiff1d(ids, seen) for ids in positives]
        junk = [np.union1d(ids, seen) for ids in junk]
    return average_precision.mean(average_precision.average_precisions(ranking, positives, junk))


def maps(scored: Similarity, study: LandmarkStudy, described: Described) -> dict[str, float]:
    """The mAP on each evaluation set of the study."""
    return {name: judge(scored, study, described, name).value for name in study.evaluation}
