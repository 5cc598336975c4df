"""A study of landmarks in small: two collections of two landmarks, and vectors whose answers are known."""

import cv2
import numpy as np
import pytest

from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery, LandmarkStudy
from vretlib.described.landmarks import DescribedStudy
from vretlib.models.labelled_images import LabelledImages
from vretlib.models.trained_similarities import SimilarityRecipe

TINY = SimilarityRecipe(
    width=32,
    optimiser="one-cycle",
    learning_rate=0.002,
    batch_size=50,
    warm_up_steps=60,
    steps=20,
    refine_steps=20,
    n_pairs=400,
    n_images=40,
    n_difficult=50,
    n_triplets=300,
)

D = 16


def ids(*values):
    return np.array(values, np.int64)


def unit(x):
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


def landmarks(rng, n, per):
    """Directions of ``n`` landmarks, ``per`` noisy views of each."""
    return unit(np.repeat(rng.normal(size=(n, D)), per, axis=0) + 0.6 * rng.normal(size=(n * per, D)))


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Two collections of two landmarks, six images each; the first two of each landmark are its queries."""
    folder = tmp_path_factory.mktemp("images")

    def photographs(name, n):
        rng, made = np.random.default_rng(n), []
        for i in range(n):
            made.append(folder / f"{name}_{i}.png")
            cv2.imwrite(str(made[-1]), rng.integers(0, 255, (30, 40, 3), np.uint8))
        return tuple(made)

    def collection(name):
        images = photographs(name, 12)
        queries = tuple(
            LandmarkQuery(f"{name}_{k}_{q}", f"{name}_{k}", images[6 * k + q], None, 6 * k + q,
                          ids(*(6 * k + np.arange(4))), ids(6 * k + 4), ids(6 * k + 5))
            for k in range(2) for q in range(2)
        )  # fmt: skip
        return LandmarkCollection(name, images, queries, "for a test", "none")

    training = LabelledImages("LANDMARKS", photographs("learn", 40), np.repeat(np.arange(10), 4), tuple("abcdefghij"))
    evaluation = {name: collection(name) for name in ("OX5K", "PA6K")}
    return LandmarkStudy(evaluation, training, photographs("other", 5), "for a test", "none")


@pytest.fixture(scope="module")
def described_study(study):
    rng = np.random.default_rng(3)
    database = {name: landmarks(rng, 2, 6) for name in study.evaluation}
    queries = {name: database[name][[0, 1, 6, 7]] for name in database}
    return DescribedStudy("RMAC", database, queries, landmarks(rng, 10, 4), unit(rng.normal(size=(5, D))))
