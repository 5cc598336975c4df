"""The drawn collection as it is read: ids, lists, boxes and bad values."""

import json

import numpy as np
import pytest

from embedded.instances import programme
from embedded.instances.dressing import VisibleBox
from embedded.instances.programme import KeyFrame, PlannedShot
from vretlib.datasets import instances
from vretlib.datasets.instances import embedded as source
from vretlib.errors import UserError


class InThisProcess:
    """In the place of the pool of processes, which takes seconds to start."""

    @staticmethod
    def map(function, items):
        return map(function, items)


@pytest.fixture
def made(monkeypatch, tmp_path):
    """Two films, of which the first shows package_1 in two frames, and the second asks for it."""

    def key_frames(seed, number, sizes):
        shot = PlannedShot(0, ("package_1",), False)
        if number == 0:
            yield KeyFrame(b"one", shot, {"package_1": VisibleBox((1, 2, 30, 40), 0.8)})
            yield KeyFrame(b"two", shot, {"package_1": VisibleBox((1, 2, 3, 40), 0.1)})
            yield KeyFrame(b"three", PlannedShot(1, (), False), {})
        if number == 1:
            yield KeyFrame(
                b"four", PlannedShot(0, ("package_1",), True), {"package_1": VisibleBox((5, 6, 70, 80), 0.9)}
            )

    monkeypatch.setattr("vretlib.paths.CACHE", tmp_path)
    monkeypatch.setattr(source, "processes", InThisProcess)
    monkeypatch.setattr(programme, "key_frames", key_frames)
    return instances.load("embedded", instances=1)


def test_clear_frames_are_good_others_junk_and_queries_are_outside_the_database(made):
    assert [path.read_bytes() for path in made.images] == [b"one", b"two", b"three"]
    (query,) = made.queries
    assert (query.name, query.landmark, query.image) == ("package_1_1", "package_1", None)
    assert query.path.read_bytes() == b"four"
    assert query.box == (5.0, 6.0, 70.0, 80.0)
    assert (query.good.tolist(), query.ok.tolist(), query.junk.tolist()) == ([0], [], [1])
    assert query.good.dtype == np.int64


def test_the_true_box_is_known_wherever_an_object_is_seen(made):
    assert made.boxes == {("package_1", 0): (1, 2, 30, 40), ("package_1", 1): (1, 2, 3, 40)}
    truth = json.loads((made.images[0].parent / source.TRUTH).read_text())
    assert [row["query"] for row in truth] == [False, False, False, "package_1"]


@pytest.mark.parametrize(
    ("sizes", "names"),
    [
        ({"shots": 0}, "shots=0"),
        ({"others": -1}, "others=-1"),
        ({"seed": -1}, "seed=-1"),
        ({"frames": 2.0}, "frames=2.0"),
        ({"films": 3}, "films=3 is not known; expected instances, shots"),
    ],
)
def test_a_wrong_size_is_named(sizes, names):
    with pytest.raises(UserError, match=names):
        instances.load("embedded", **sizes)
