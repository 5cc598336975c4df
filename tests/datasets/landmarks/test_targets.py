"""Images of the target domain: positives of some query, never a query, drawn by a generator."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from vretlib.datasets.landmarks import LandmarkCollection, LandmarkQuery, target_images
from vretlib.datasets.landmarks.targets import all_targets
from vretlib.errors import UserError

PATHS = tuple(Path(f"{i}.jpg") for i in range(12))


def _query(name, image, good, ok, junk=(), path=None):
    lists = (np.array(ids, np.int64) for ids in (good, ok, junk))
    return LandmarkQuery(name, name[:-2], path or PATHS[image], None, image, *lists)


@pytest.fixture
def collection():
    """Positives of keep: 0-4, of gate: 4-8; queries 0, 1 and 8; 9 is junk, 10 and 11 belong to no query."""
    queries = (
        _query("keep_1", 0, [0, 2], [3, 4], [9]),
        _query("keep_2", 1, [1], [2, 3, 4]),
        _query("gate_1", 8, [4, 5], [6, 7, 8]),
    )
    return LandmarkCollection("OX", PATHS, queries, "", "")


def test_every_target_is_a_positive_that_is_no_query(collection):
    every = all_targets(collection)
    assert every.ids.tolist() == [2, 3, 4, 5, 6, 7]
    assert [every.classes[label] for label in every.labels] == ["keep", "keep", "keep", "gate", "gate", "gate"]
    assert every.images == tuple(PATHS[i] for i in range(2, 8))


def test_a_drawn_part_keeps_ids_labels_and_paths_together(collection):
    for n in range(7):
        drawn = target_images(collection, n, np.random.default_rng(n))
        assert len(drawn) == len(drawn.ids) == len(drawn.labels) == n
        assert drawn.images == tuple(PATHS[i] for i in drawn.ids)
        assert [drawn.classes[label] for label in drawn.labels] == ["keep" if i < 5 else "gate" for i in drawn.ids]
        assert sorted(drawn.ids) == drawn.ids.tolist()


def test_with_one_seed_more_contain_fewer(collection):
    parts = [set(target_images(collection, n, np.random.default_rng(5)).ids.tolist()) for n in range(7)]
    assert all(fewer < more for fewer, more in pairwise(parts))


def test_every_image_is_drawn_as_often_as_every_other(collection):
    rng = np.random.default_rng(0)
    counts = np.bincount(np.concatenate([target_images(collection, 2, rng).ids for _ in range(600)]), minlength=12)
    assert counts[[0, 1, 8, 9, 10, 11]].tolist() == [0] * 6
    # Binomial(600, 1/3): mean 200, standard deviation 11.5; five of them.
    assert np.abs(counts[2:8] - 200).max() < 58


@pytest.mark.parametrize("n", [-1, 7])
def test_more_than_there_are_is_an_error_with_their_number(collection, n):
    with pytest.raises(UserError, match=f"n={n} images of OX to learn from; there are 6 positives that are no query"):
        target_images(collection, n, np.random.default_rng(0))


def test_a_query_from_outside_the_database_excludes_nothing():
    query = _query("keep_1", None, [0], [1], path=Path("elsewhere.jpg"))
    assert all_targets(LandmarkCollection("R", PATHS, (query,), "", "")).ids.tolist() == [0, 1]
