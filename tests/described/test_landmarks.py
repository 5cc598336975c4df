"""A described study: lengths, order, whitening, and which networks there are."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from vretlib import images, paths
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery, LandmarkStudy
from vretlib.described import landmarks
from vretlib.errors import UserError
from vretlib.features import backbones, pooling
from vretlib.features.backbones import Backbone
from vretlib.models.labelled_images import LabelledImages

SIZE = {"image_size": 96}


@pytest.fixture(autouse=True, scope="module")
def own_cache(tmp_path_factory: pytest.TempPathFactory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "CACHE", tmp_path_factory.mktemp("cache"))
        yield


@pytest.fixture(scope="module")
def network() -> Backbone:
    return backbones.load("vgg16", "embedded")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> LandmarkStudy:
    """Two collections of four photographs, the first of which is a query with a box, and six to learn from."""
    folder, rng = tmp_path_factory.mktemp("images"), np.random.default_rng(0)

    def photographs(name: str, n: int):
        made = []
        for i in range(n):
            made.append(folder / f"{name}_{i}.png")
            noise = cv2.GaussianBlur(rng.normal(size=(72, 96, 3)), (0, 0), 3)
            cv2.imwrite(str(made[-1]), np.clip(128 + 300 * noise, 0, 255).astype(np.uint8))
        return tuple(made)

    def collection(name: str) -> LandmarkCollection:
        files, none = photographs(name, 4), np.zeros(0, np.int64)
        query = LandmarkQuery("q", "house", files[0], (0.0, 0.0, 63.0, 63.0), 0, np.array([1]), none, none)
        return LandmarkCollection(name, files, (query,), "for a test", "none")

    training = LabelledImages("Album", photographs("learn", 6), np.arange(6) // 2, ("a", "b", "c"))
    evaluation = {"Town A": collection("a"), "Town B": collection("b")}
    names = {"OX5K": "Town A", "PA6K": "Town B"}
    return LandmarkStudy(evaluation, training, photographs("far", 3), "for a test", "none", stands_for=names)


def test_every_image_has_a_vector_of_length_one_in_its_order(study: LandmarkStudy, network: Backbone) -> None:
    found = landmarks.describe(study, "MAC", network, distractors=True, **SIZE)
    assert {name: x.shape for name, x in found.database.items()} == {"Town A": (4, 128), "Town B": (4, 128)}
    assert {name: x.shape for name, x in found.queries.items()} == {"Town A": (1, 128), "Town B": (1, 128)}
    assert (found.training.shape, found.distractors.shape, found.d) == ((6, 128), (3, 128), 128)
    assert np.linalg.norm(found.training, axis=1) == pytest.approx(1, abs=1e-5)
    batch = network.prepare(images.read(study.evaluation["Town B"].images[2]))[None]
    expected = pooling.mac(network.maps(batch, ["pool5"])["pool5"])[0].numpy()
    assert found.database["Town B"][2] == pytest.approx(expected, abs=1e-5)


def test_a_query_is_described_by_what_its_box_shows(study: LandmarkStudy, network: Backbone) -> None:
    found = landmarks.describe(study, "MAC", network, **SIZE)
    query = study.evaluation["Town A"].queries[0]
    batch = network.prepare(images.crop(images.read(query.path), query.box))[None]
    expected = pooling.mac(network.maps(batch, ["pool5"])["pool5"])[0].numpy()
    assert found.queries["Town A"][0] == pytest.approx(expected, abs=1e-5)
    assert np.abs(found.queries["Town A"][0] - found.database["Town A"][0]).max() > 0.01


def test_training_images_and_distractors_are_left_out_unless_asked_for(study, network) -> None:
    found = landmarks.describe(study, "MAC", network, training=False, **SIZE)
    assert (found.training.shape, found.distractors.shape) == ((0, 128), (0, 128))


def test_all_sets_are_whitened_by_one_of_them_or_not_at_all(study: LandmarkStudy, network: Backbone) -> None:
    """Checked by whitening the maps of one image directly."""
    batch = network.prepare(images.read(study.evaluation["Town A"].images[3]))[None]
    maps = network.maps(batch, ["pool5"])["pool5"]
    plain = landmarks.describe(study, "RMAC", network, whitened_on=None, **SIZE)
    assert plain.database["Town A"][3] == pytest.approx(pooling.rmac(maps)[0].numpy(), abs=1e-5)
    learned = landmarks.whitening_of(study, network, "PA6K", **SIZE)
    assert learned.source == "Town B"
    white = landmarks.describe(study, "RMAC", network, **SIZE)  # PA6K by default, for which Town B stands
    assert white.database["Town A"][3] == pytest.approx(pooling.rmac(maps, learned)[0].numpy(), abs=1e-3)
    other = landmarks.describe(study, "RMAC", network, whitened_on="Album", **SIZE)
    assert np.abs(other.database["Town A"] - white.database["Town A"]).max() > 0.05


def test_without_the_set_the_whitening_is_learned_on_the_training_images(study, network) -> None:
    alone = replace(study, evaluation={"Town A": study.evaluation["Town A"]})
    assert landmarks.whitening_of(alone, network, **SIZE).source == "Album"
    with pytest.raises(UserError, match="neither Town B nor training images"):
        landmarks.whitening_of(replace(alone, training=None), network, **SIZE)


def test_an_unknown_feature_is_an_error(study: LandmarkStudy, network: Backbone) -> None:
    with pytest.raises(UserError, match="feature 'SIFT' is not known; expected one of VGG16, RES50, MAC"):
        landmarks.describe(study, "SIFT", network, **SIZE)


def test_an_image_that_is_too_small_is_named_before_anything_is_described(study, network) -> None:
    with pytest.raises(UserError, match=r"a_0\.png"):
        landmarks.check_sizes(study, network, image_size=32)


def test_networks_are_those_with_such_weights() -> None:
    assert list(landmarks.networks("vgg16", "embedded")) == list(landmarks.FEATURES)
    assert list(landmarks.networks("resnet50", "embedded")) == ["VGG16", "RES50", "MAC", "RMAC"]
    assert list(landmarks.networks("squeezenet1_1", "random")) == ["MAC", "RMAC"]
