"""Training sets: landmarks to learn from, with some images of what is searched."""

import numpy as np
import pytest

from vretlib.datasets.landmarks.collection import LandmarkStudy
from vretlib.described.landmark_training import training_sets, with_targets
from vretlib.errors import UserError


def test_target_images_are_positives_and_never_queries(study, described_study):
    made = training_sets(study, described_study, few=2, many=12)
    extra = made["LANDMARKS-EXTRA"]
    assert {name: len(examples.labels) for name, examples in made.items()} == {
        "LANDMARKS": 40,
        "LANDMARKS-EXTRA500": 42,
        "LANDMARKS-EXTRA": 52,
    }
    # 3 good or ok images that are no query, of each of two landmarks
    assert extra.targets["OX5K"].tolist() == [2, 3, 4, 8, 9, 10]
    assert np.array_equal(extra.descriptors[40:46], described_study.database["OX5K"][extra.targets["OX5K"]])
    assert extra.labels[40:].tolist() == [10, 10, 10, 11, 11, 11, 12, 12, 12, 13, 13, 13]
    assert not {q.path for c in study.evaluation.values() for q in c.queries} & set(extra.images)


def test_more_targets_than_there_are_is_an_error_with_their_numbers(study, described_study):
    with pytest.raises(UserError, match=r"13 target images: there are 12 \(OX5K: 6, PA6K: 6\)"):
        training_sets(study, described_study, few=2, many=13)


def test_a_summary_names_what_was_added(study, described_study):
    made = training_sets(study, described_study, few=3, many=12)
    assert made["LANDMARKS"].summary == "LANDMARKS: 40 images"
    assert made["LANDMARKS-EXTRA500"].summary == "LANDMARKS-EXTRA500: 43 images, with 2 of OX5K, 1 of PA6K"


def test_a_study_without_training_images_is_refused(study, described_study):
    bare = LandmarkStudy(study.evaluation, None, (), "for a test", "none")
    with pytest.raises(UserError, match="no training images"):
        with_targets(bare, described_study, {}, name="x")
