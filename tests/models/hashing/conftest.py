"""Vectors of a few identities for every hash function."""

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray


class Faces(NamedTuple):
    """Vectors (n, d) float32 and labels (n,) of those learned from, and others of the same identities."""

    x: NDArray[np.float32]
    labels: NDArray[np.int64]
    new_x: NDArray[np.float32]
    new_labels: NDArray[np.int64]


@pytest.fixture(scope="session")
def faces() -> Faces:
    """Six identities in 20 dimensions, 40 vectors each, none below 0 as after a ReLU."""
    rng = np.random.default_rng(3)
    centres = rng.standard_normal((6, 20))

    def draw(each: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        labels = np.repeat(np.arange(6), each)
        vectors = centres[labels] + 0.5 * rng.standard_normal((len(labels), 20))
        return vectors.clip(0).astype(np.float32), labels

    return Faces(*draw(40), *draw(5))


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)
