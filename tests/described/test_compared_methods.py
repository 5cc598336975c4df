"""Other papers' descriptions: whitened on the other town, never on the searched one."""

from dataclasses import replace

import numpy as np
import pytest

from vretlib import images, paths
from vretlib.described import compared_methods
from vretlib.features import detector, detector_files, image_features, whitening
from vretlib.features.image_features import ImageFeatures
from vretlib.features.unit_vectors import l2
from vretlib.models import committed_tunings

D = 4


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")


@pytest.fixture
def features(study, monkeypatch):
    """Three regions of each image instead of a network's maps; the same image has the same ones everywhere."""

    def extract(images, network, *, longest, boxes=None):
        regions = [l2(np.random.default_rng([ord(c) for c in str(path.name)]).random((3, D))) for path in images]
        stacked = np.concatenate(regions).astype(np.float32) if regions else np.zeros((0, D), np.float32)
        pooled = l2(stacked.reshape(-1, 3, D).sum(1))
        return ImageFeatures(pooled, pooled, l2(pooled**2), stacked, 3 * np.arange(len(images) + 1))

    monkeypatch.setattr(image_features, "extract", extract)
    return lambda images: extract(images, None, longest=0)


def test_each_collection_is_whitened_by_the_other_one(study, features) -> None:
    found = compared_methods.describe(study, compared_methods.tolias_row, None)
    assert list(found) == ["OX5K", "PA6K"]
    for searched, other in (("OX5K", "PA6K"), ("PA6K", "OX5K")):
        white = whitening.learn(features(study.evaluation[other].images).regions, other, floor=1e-6)
        described = found[searched]
        assert list(described.database) == list(described.queries) == [searched]
        for vectors, files in (
            (described.database[searched], study.evaluation[searched].images),
            (described.queries[searched], [query.path for query in study.evaluation[searched].queries]),
            (described.distractors, study.distractors),
        ):
            expected = white.apply(features(files).regions).reshape(-1, 3, D).sum(1)
            assert vectors == pytest.approx(l2(expected), abs=1e-5)


def test_spoc_is_whitened_as_one_vector_of_an_image(study, features) -> None:
    found = compared_methods.describe(study, compared_methods.spoc_row, None)["OX5K"]
    white = whitening.learn(features(study.evaluation["PA6K"].images).spoc, "PA6K", floor=1e-6)
    assert found.database["OX5K"] == pytest.approx(
        white.apply(features(study.evaluation["OX5K"].images).spoc), abs=1e-5
    )


def test_crow_is_whitened_as_one_vector_of_an_image(study, features) -> None:
    found = compared_methods.describe(study, compared_methods.crow_row, None)["OX5K"]
    white = whitening.learn(features(study.evaluation["PA6K"].images).crow, "PA6K", floor=1e-6)
    assert found.database["OX5K"] == pytest.approx(
        white.apply(features(study.evaluation["OX5K"].images).crow), abs=1e-5
    )


def test_one_target_domain_has_no_other_one(study) -> None:
    alone = replace(study, evaluation={"OX5K": study.evaluation["OX5K"]})
    assert compared_methods.describe(alone, compared_methods.tolias_row, None) == {}
    assert compared_methods.describe(replace(study, own=True), compared_methods.tolias_row, None) == {}


def test_salvador_s_rows_have_whitened_sums_of_the_detector_of_each_town(study, monkeypatch, tmp_path) -> None:
    asked, start = [], detector_files.load("vgg16", "C")

    def committed(detector, examples, tuning):
        asked.append((examples.name, tuning.strategy, tuning.short_side))
        return tmp_path

    monkeypatch.setattr(committed_tunings, "committed", committed)
    monkeypatch.setattr(committed_tunings, "read", lambda path, detector: (detector, None))
    rows = compared_methods.salvador_rows(study)
    assert list(rows) == ["3.4", "3.5"]
    assert asked == [("OX5K", 2, 224), ("PA6K", 2, 224)]

    def sums(paths_of):
        options = {"short_side": 224, "long_side": 400, "n_proposals": 1}
        return l2(np.array([detector.describe(start, images.read(p), **options).image["sum"] for p in paths_of]))

    sides = [(row, *pair) for row in rows for pair in (("OX5K", "PA6K"), ("PA6K", "OX5K"))]
    for row, searched, other in sides:  # "read" gives the detector as it is, so both rows are equal here
        white = whitening.learn(sums(study.evaluation[other].images), other, floor=1e-6)
        described = rows[row][searched]
        expected = white.apply(sums(study.evaluation[searched].images))
        assert described.database[searched] == pytest.approx(expected, abs=1e-3)
        assert described.queries[searched] == pytest.approx(expected[[0, 1, 6, 7]], abs=1e-3)
        assert not len(described.distractors)


def test_the_row_of_table_3_5_is_empty_where_no_detector_was_tuned_to_the_queries(study) -> None:
    found = compared_methods.salvador_rows(study)
    assert list(found["3.4"]) == ["OX5K", "PA6K"]
    assert found["3.5"] == {}
    alone = replace(study, evaluation={"OX5K": study.evaluation["OX5K"]})
    assert compared_methods.salvador_rows(alone) == {"3.4": {}, "3.5": {}}
