"""The similarities of Table 3.2, and the average precision of every query (thesis section 3.3.1)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.landmarks import LandmarkStudy
from vretlib.described.landmarks import F32, DescribedStudy
from vretlib.evaluation.average_precision import average_precisions
from vretlib.evaluation.ranking import rank
from vretlib.models import trained_similarities as trained
from vretlib.models.parallel_trainings import in_threads
from vretlib.models.trained_similarities import MARGINS, SimilarityRecipe
from vretlib.models.training_set import TrainingSet
from vretlib.search import similarity

F64 = NDArray[np.float64]


class Similarity(Protocol):
    """Anything that scores pairs of vectors; a larger score is more alike.

    It is no `vretlib.evaluation.methods.Method`: one similarity is tried on several collections, all search the same
    vectors and so need the same memory, and learning asks for scores of pairs and not for rankings.
    """

    def scores(self, xq: F32, xb: F32) -> F32:
        """Scores, float32 (queries, database)."""


class Cosine:
    """The standard similarity, which needs no training."""

    def scores(self, xq: F32, xb: F32) -> F32:
        """Cosine of every pair."""
        return similarity.scores(xq, xb, "cosine")


def ap(
    scored: Similarity,
    study: LandmarkStudy,
    described: DescribedStudy,
    name: str,
    *,
    distractors: bool = False,
    query_in_database: bool = True,
    seen: NDArray[np.int64] | None = None,
) -> F64:
    """Average precision of every query of one evaluation set, (queries,); NaN for a query without positives.

    Parameters
    ----------
    distractors: whether the distractors are ranked as well.
    query_in_database: whether a query image is one of its own positives, as in the classic ground truth; the authors'
        README asks for a database without it.
    seen: ids of database images of the training set. They count as junk, so that only unseen images are judged.
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
    return average_precisions(ranking, positives, junk)


def all_ap(
    scored: Similarity, study: LandmarkStudy, described: DescribedStudy, *, query_in_database: bool = True
) -> dict[str, F64]:
    """The average precisions on each evaluation set of a study; see `ap`."""
    return {name: ap(scored, study, described, name, query_in_database=query_in_database) for name in study.evaluation}


def all_eight(recipe: SimilarityRecipe, examples: TrainingSet) -> dict[str, Similarity]:
    """The rows of Table 3.2, trained on one training set."""
    train: dict[str, Callable[[], Similarity]] = {
        "Cosine": Cosine,
        "OASIS": partial(trained.trained_oasis, recipe, examples),
        "Linear (0.2)": partial(trained.trained_linear, recipe, examples, 0.2),
        "SimNet (0.2)": partial(trained.trained_simnet, recipe, examples, 0.2),
    }
    star = partial(trained.trained_simnet_star, recipe, examples)
    train |= {f"SimNet* ({margin})": partial(star, margin) for margin in MARGINS}
    last_first = reversed(train.values())  # SimNet* (0.2) is trained from SimNet (0.2), which need not wait for itself
    return dict(zip(train, [*in_threads(lambda one: one(), last_first)][::-1], strict=True))
