"""The embedded study: sizes, lists, disjointness, re-use of parts, interruption, bad values."""

import json

import cv2
import numpy as np
import pytest

from embedded.landmarks import town, view
from vretlib import paths
from vretlib.datasets.landmarks import embedded as source
from vretlib.errors import UserError

SMALL = {
    "landmarks": 2, "queries": 2, "good": 2, "ok": 2, "junk": 2, "others": 4, "classes": 3, "per_class": 2,
    "validation_per_class": 3, "validation_queries": 4, "distractors": 5,
}  # fmt: skip


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "CACHE", tmp_path_factory.mktemp("cache"))
        yield paths.CACHE


@pytest.fixture(scope="module")
def study(shelf):
    return source.embedded(**SMALL)


def _truth(collection):
    return json.loads((collection.images[0].parent / source.TRUTH).read_text())


def test_the_study_has_the_sizes_that_were_asked_for(study):
    for name in ("Town A", "Town B"):
        collection = study.evaluation[name]
        assert len(collection.images) == 2 * (2 + 2 + 2 + 2) + 4
        assert [q.name for q in collection.queries] == ["mill_gate_1", "mill_gate_2", "alder_hall_1", "alder_hall_2"]
    assert len(study.evaluation["Village"].images) == 9
    assert len(study.evaluation["Village"].queries) == 4
    assert len(study.training) == 6
    assert len(study.distractors) == 5


def test_images_are_photographs_of_384_by_288(study):
    for collection in study.evaluation.values():
        for path in collection.images:
            assert cv2.imread(str(path)).shape in {(288, 384, 3), (384, 288, 3)}


@pytest.mark.parametrize("name", ["Town A", "Town B"])
def test_lists_follow_the_visible_share_and_the_query_is_on_the_ok_list(study, name):
    collection = study.evaluation[name]
    truth = _truth(collection)
    assert [entry["file"] for entry in truth] == [path.name for path in collection.images]
    for query in collection.queries:
        assert collection.images[query.image] == query.path
        assert query.image in query.ok
        number = truth[query.image]["building"]
        mine = {i for i, entry in enumerate(truth) if entry["building"] == number}
        assert mine == {*query.good, *query.ok, *query.junk}
        assert len(mine) == len(query.good) + len(query.ok) + len(query.junk)
        assert all(truth[i]["visible"] >= 0.75 for i in query.good)
        assert all(truth[i]["visible"] >= 0.25 for i in query.ok)
        assert all(truth[i]["visible"] < 0.25 for i in query.junk)


def test_boxes_lie_inside_their_images(study):
    for collection in study.evaluation.values():
        for query in collection.queries:
            if query.box is not None:
                height, width = cv2.imread(str(query.path)).shape[:2]
                x1, y1, x2, y2 = query.box
                assert 0 <= x1 < x2 <= width - 1
                assert 0 <= y1 < y2 <= height - 1


@pytest.mark.parametrize("name", ["Town A", "Town B"])
def test_true_boxes_are_known_for_every_image_that_shows_a_landmark(study, name):
    collection = study.evaluation[name]
    truth = _truth(collection)
    for query in collection.queries:
        assert collection.boxes[query.landmark, query.image] == query.box
        for image in query.positives:
            x1, y1, x2, y2 = collection.boxes[query.landmark, int(image)]
            assert [x1, y1, x2, y2] == truth[image]["box"]
    shown = {image for _, image in collection.boxes}
    assert not shown & {i for i, entry in enumerate(truth) if entry["kind"] == "any"}
    assert not study.evaluation["Village"].boxes


def test_the_village_looks_for_the_images_of_a_class_in_other_photographs_than_training(study):
    collection, training = study.evaluation["Village"], study.training
    labels = np.array([entry["building"] for entry in _truth(collection)])
    for query in collection.queries:
        assert query.box is None
        assert set(query.positives) == set(np.flatnonzero(labels == labels[query.image]))
        assert query.image in query.ok
    assert len({q.path for q in collection.queries}) == 4
    np.testing.assert_array_equal(np.bincount(training.labels), [2, 2, 2])
    assert not {p.read_bytes() for p in collection.images} & {p.read_bytes() for p in training.images}


def test_every_image_of_the_study_and_of_pretraining_is_another(study, shelf):
    school = source.pretraining(n_classes=2, per_class=2)
    files = [path for c in study.evaluation.values() for path in c.images]
    files += [*study.training.images, *study.distractors, *school.images]
    assert len({path.read_bytes() for path in files}) == len(files)


def test_parts_are_used_again_and_only_what_changes_is_made(study, shelf, said):
    again = source.embedded(**{**SMALL, "distractors": 3})
    made = [line for line in said if "computing" in line]
    assert len(made) == 1
    assert made[0].startswith("landmarks-distractors")
    assert again.evaluation["Town A"].images == study.evaluation["Town A"].images
    # Fewer distractors are the first of the many.
    for few, many in zip(again.distractors, study.distractors, strict=False):
        assert few.read_bytes() == many.read_bytes() or few.name == again.distractors[-1].name


def test_processes_draw_what_one_thread_draws(study, shelf):
    builders = town.Builders(town.WORLD, 0)
    for number in range(3):
        rng = town.generator(0, town.WORLD.name, "training", number)
        wishes = [town.wanted("any", source.EVALUATION)] * 2
        photographs = town.photographs(builders.site(number), rng, wishes)
        for path, (data, _, _) in zip(study.training.images[2 * number :], photographs, strict=False):
            assert path.read_bytes() == data


def test_the_difficulty_of_evaluation_does_not_touch_pretraining(study, shelf, monkeypatch, said):
    source.pretraining(n_classes=2, per_class=2)
    monkeypatch.setattr(source, "EVALUATION", view.Conditions(azimuth=5))
    source.pretraining(n_classes=2, per_class=2)
    assert "cached" in said[0]


def test_an_interrupted_set_leaves_nothing_and_is_made_whole_the_next_time(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "CACHE", tmp_path)

    class Interrupted:
        def map(self, work, items):
            yield work(items[0])
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(source, "processes", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            source.pretraining(n_classes=2, per_class=2)
    assert len(list(tmp_path.glob("*/*.partial/*.jpg"))) == 2
    assert not list(tmp_path.glob("*/*/key.json"))
    images = source.pretraining(n_classes=2, per_class=2).images
    assert len(images) == 4
    assert all(path.is_file() for path in images)
    assert not list(tmp_path.glob("*/*.partial"))


def test_pretraining_labels_every_image_with_its_class(shelf):
    school = source.pretraining(n_classes=2, per_class=2)
    np.testing.assert_array_equal(school.labels, [0, 0, 1, 1])
    assert school.classes == ("pretraining/0000", "pretraining/0001")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"landmarks": 0}, "landmarks=0"),
        ({"queries": -1}, "queries=-1"),
        ({"junk": 2.5}, "junk=2.5"),
        ({"distractors": True}, "distractors=True"),
        ({"validation_per_class": 1}, "validation_per_class=1"),
        ({"validation_queries": 10}, "validation_queries=10"),
        ({"seed": -1}, "seed=-1"),
        ({"seed": "0"}, "seed='0'"),
    ],
)
def test_bad_sizes_are_one_clear_error_before_anything_is_made(tmp_path, monkeypatch, changed, named):
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    with pytest.raises(UserError, match=named):
        source.embedded(**{**SMALL, **changed})
    assert not paths.CACHE.exists()


@pytest.mark.parametrize("sizes", [{"n_classes": 0}, {"per_class": 0}, {"seed": -2}])
def test_bad_sizes_of_pretraining_are_an_error(sizes):
    with pytest.raises(UserError):
        source.pretraining(**sizes)
