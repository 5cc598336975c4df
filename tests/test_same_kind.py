"""Public functions of vectors, scores and ids return what they were given: arrays, or tensors with the same values."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from vretlib import evaluation, features, models, search, video
from vretlib.features.encoding import Mixture, Vocabulary, fisher_vector

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(5, 8)).astype(np.float32), RNG.normal(size=(7, 8)).astype(np.float32)
BOXES = np.array([[0, 0, 9, 9], [2, 3, 8, 8]], np.float32)
CODES = RNG.integers(0, 256, (4, 32), dtype=np.uint8)
RANKING = np.argsort(-X @ Y.T, axis=1)
ENCODER = models.TemporalEncoder("gru", generator=torch.Generator().manual_seed(0), d=8, hidden=4)
WORDS = Vocabulary(Y[:3])
MIXTURE = Mixture(np.full(2, 0.5), RNG.normal(size=(2, 8)), np.ones((2, 8)))

FUNCTIONS: dict[str, tuple[Callable[..., Any], tuple[np.ndarray, ...]]] = {
    "rank": (evaluation.rank, (X @ Y.T,)),
    "rank without": (lambda scores: evaluation.rank(scores, exclude=range(5)), (X @ X.T,)),
    "iou": (evaluation.iou, (BOXES, BOXES[::-1].copy())),
    "localise": (evaluation.localise, (BOXES, BOXES[::-1].copy())),
    "BinaryIVF": (lambda xq: search.BinaryIVF.build(CODES).search(xq, 2)[1], (CODES,)),
    "candidates": (lambda xq: search.CoarseToFine(Y, Y).candidates(xq, 2), (X,)),
    "all candidates": (lambda xq: search.CoarseToFine(Y, Y).candidates(xq, 9), (X,)),
    "reduce": (features.FisherEncoder.learn(Y, 1, dimensions=3, seed=0).reduce, (X,)),
    "FisherEncoder": (features.FisherEncoder.learn(Y, 1, dimensions=3, seed=0).encode, (X,)),
    "TemporalEncoder": (lambda x: ENCODER.encode(x, [[0, 2], [2, 5]]), (X,)),
    "expand": (search.expand, (X, Y, RANKING)),
    "knn": (lambda xq, xb: search.knn(xq, xb, 2)[1], (X, Y)),
    "pairwise_scores": (lambda xq, xb: search.pairwise_scores(xq, xb, "cosine"), (X, Y)),
    "bow": (lambda x: features.bow(x, WORDS), (X,)),
    "vlad": (lambda x: features.vlad(x, WORDS), (X,)),
    "fisher_vector": (lambda x: fisher_vector(x, MIXTURE), (X,)),
    "l2": (features.l2, (X,)),
    "Oasis": (models.Oasis(8).scores, (X, Y)),
    "Linear": (models.Linear(8).scores, (X, Y)),
    "detect_boundaries": (lambda x: video.detect_boundaries(x, 0.5), (X,)),
    "shots_between": (lambda gaps: video.shots_between(gaps, 9), (np.array([1, 4]),)),
    "find_shots": (video.find_shots, (np.array([0, 4, 0]), np.array([9, 9, 9]))),
    "match_codes": (
        lambda a, b, xy: video.match_codes(a, xy, b, xy, max_hamming=256, max_displacement=np.inf),
        (CODES, CODES[::-1].copy(), np.zeros((4, 2))),
    ),
    "SimNet": (models.SimNet(8).scores, (X, Y)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_tensors_are_answered_with_tensors_of_the_same_values(name: str) -> None:
    function, arguments = FUNCTIONS[name]
    of_arrays = function(*arguments)
    of_tensors = function(*map(torch.from_numpy, arguments))
    assert isinstance(of_arrays, np.ndarray)
    assert isinstance(of_tensors, torch.Tensor)
    assert of_tensors.numpy().dtype == of_arrays.dtype
    np.testing.assert_allclose(of_tensors.numpy(), of_arrays, rtol=1e-6)
