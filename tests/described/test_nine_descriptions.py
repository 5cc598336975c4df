"""Descriptions of one collection: what is learned from training images, and where a similarity is learned."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from vretlib import paths
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
from vretlib.described import nine_descriptions
from vretlib.described.nine_descriptions import TrainingImages
from vretlib.errors import NoExampleError
from vretlib.features import backbones, whitening

LONGEST = 96


@pytest.fixture(autouse=True, scope="module")
def own_cache(tmp_path_factory: pytest.TempPathFactory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "CACHE", tmp_path_factory.mktemp("cache"))
        yield


def photographs(folder: Path, n: int, seed: int) -> tuple[Path, ...]:
    rng, made = np.random.default_rng(seed), []
    for i in range(n):
        made.append(folder / f"{seed}_{i}.png")
        noise = cv2.GaussianBlur(rng.normal(size=(72, 96, 3)), (0, 0), 2)
        cv2.imwrite(str(made[-1]), np.clip(128 + 300 * noise, 0, 255).astype(np.uint8))
    return tuple(made)


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> LandmarkCollection:
    files = photographs(tmp_path_factory.mktemp("searched"), 3, 1)
    none = np.zeros(0, np.int64)
    query = LandmarkQuery("house_1", "house", files[0], (0.0, 0.0, 70.0, 70.0), 0, np.array([0, 1]), none, none)
    return LandmarkCollection("houses", files, (query,), "for a test", "none")


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> TrainingImages:
    return TrainingImages("training", photographs(tmp_path_factory.mktemp("training"), 6, 2), None)


def test_the_whitening_is_that_of_the_regions_of_the_training_images(searched, training) -> None:
    network = backbones.load("vgg16", "embedded")
    found = nine_descriptions.describe_deep(searched, training, network, longest=LONGEST)
    again = whitening.learn(found.regions, "training", floor=1e-6)
    assert found.whitening.source == "training"
    assert found.whitening.projection == pytest.approx(again.projection)
    plain, white = found.descriptions["R-MAC"], found.descriptions["R-MAC, whitened"]
    assert plain.xt.shape == white.xt.shape == (6, 128)
    assert np.abs(plain.xb - white.xb).max() > 0.05


def test_deep_descriptions_have_their_names_in_order_and_the_code_is_that_of_fc6(searched, training) -> None:
    network = backbones.load("vgg16", "embedded")
    found = nine_descriptions.describe_deep(searched, training, network, longest=LONGEST).descriptions
    assert list(found) == ["neural code (fc6)", "MAC", "SPoC", "R-MAC", "R-MAC, whitened"]
    assert {name: (one.d, len(one.xq), len(one.xb), len(one.xt)) for name, one in found.items()} == {
        "neural code (fc6)": (256, 1, 3, 6),
        **dict.fromkeys(["MAC", "SPoC", "R-MAC", "R-MAC, whitened"], (128, 1, 3, 6)),
    }


def test_a_vocabulary_needs_as_many_features_as_words(searched, training) -> None:
    with pytest.raises(NoExampleError, match="training"):
        nine_descriptions.describe_local(searched, training, longest=LONGEST, n_words=40_000, n_centres=2, seed=0)


def test_places_say_where_a_similarity_is_learned_and_where_it_is_used() -> None:
    assert TrainingImages("x", (), None).places == ("training buildings", "new buildings")
