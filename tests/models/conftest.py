"""Descriptors of a few classes for everything that learns a similarity."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from tests.landmark_study import described_study, study  # noqa: F401 (fixtures)


class Described(NamedTuple):
    """Unit descriptors (n, d) float32 and labels (n,) of the images learned from, and others of the same classes."""

    x: NDArray[np.float32]
    labels: NDArray[np.int64]
    new_x: NDArray[np.float32]
    new_labels: NDArray[np.int64]


@pytest.fixture(scope="session")
def described() -> Described:
    """Twelve classes in 16 dimensions that differ in four of them; the twelve others are louder and mean nothing."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(12, 4))
    labels = np.repeat(np.arange(12), 20)

    def draw() -> NDArray[np.float32]:
        x = np.concatenate(
            [centres[labels] + 0.3 * rng.normal(size=(240, 4)), 1.2 * rng.normal(size=(240, 12))], axis=1
        )
        return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)

    return Described(draw(), labels, draw(), labels)


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Iterator[None]:
    """Networks of this size are slower with more, many times so on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
