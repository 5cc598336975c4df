"""Sizes and examples of a study, on one whose lists are known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.landmark_study import ids
from vretlib import images
from vretlib.datasets.landmarks import examples
from vretlib.datasets.landmarks.collection import LandmarkStudy


def test_sizes_are_counted_set_by_set(study: LandmarkStudy) -> None:
    found = examples.sizes(study)
    assert list(found.index) == ["OX5K", "PA6K", "LANDMARKS", "distractors"]
    assert found["Images"].tolist() == [12, 12, 40, 5]
    assert found["Landmarks"].tolist()[:3] == [2, 2, 10]
    assert found.loc["OX5K", ["Queries", "Positives|mean", "Junk|mean"]].tolist() == [4, 5, 1]
    assert pd.isna(found.loc["LANDMARKS", "Queries"])


def test_a_folder_of_the_reader_s_has_classes_and_no_distractors(study: LandmarkStudy) -> None:
    found = examples.sizes(replace(study, own=True))
    assert "Classes" in found
    assert "distractors" not in found.index


def test_a_row_has_the_query_two_good_images_an_ok_one_and_junk(study: LandmarkStudy) -> None:
    headings, rows = examples.query_examples(study)
    assert headings == ("query", "good", "good", "ok", "junk")
    assert [name for name, _ in rows] == ["OX5K", "PA6K"]
    collection = study.evaluation["OX5K"]
    expected = [images.read(collection.images[i]) for i in (0, 0, 1, 4, 5)]  # of the first query: 0 good, 1 good, ...
    assert all(map(np.array_equal, rows[0][1], expected))


def test_queries_with_most_junk_come_first(study: LandmarkStudy) -> None:
    collection = study.evaluation["OX5K"]
    queries = list(collection.queries)
    queries[2] = replace(queries[2], junk=ids(0, 1, 11))
    changed = replace(study, evaluation={"OX5K": replace(collection, queries=tuple(queries))})
    _, rows = examples.query_examples(changed)
    assert np.array_equal(rows[0][1][-1], images.read(collection.images[0]))


@pytest.mark.parametrize("per_set", [1, 2])
def test_as_many_queries_of_each_set_as_asked_for(study: LandmarkStudy, per_set: int) -> None:
    assert len(examples.query_examples(study, per_set)[1]) == 2 * per_set


def test_a_folder_of_the_reader_s_shows_right_images_and_a_wrong_one(study: LandmarkStudy) -> None:
    collection = study.evaluation["OX5K"]
    none = ids()
    queries = tuple(
        replace(query, good=none, ok=np.setdiff1d(query.positives, [query.image]), junk=ids(query.image))
        for query in collection.queries
    )
    own = replace(study, own=True, evaluation={"mine": replace(collection, queries=queries)})
    headings, rows = examples.query_examples(own)
    assert headings == ("query", "right", "right", "right", "wrong")
    assert [name for name, _ in rows] == ["OX5K_0", "OX5K_1"]  # one query of each class
    shown = [images.read(collection.images[i]) for i in (0, 1, 2, 3, 5)]
    assert all(map(np.array_equal, rows[0][1], shown))
