"""What `python -m vretlib data verify` finds in the landmark data sets; the films' are in tests/test_main.py."""

import pytest
from PIL import Image

from vretlib.datasets import registry
from vretlib.errors import UserError


@pytest.fixture
def oxford(tmp_path):
    (tmp_path / "images").mkdir()
    for name in ("a_000001", "a_000002", "a_000003"):
        Image.new("RGB", (30, 20)).save(tmp_path / f"images/{name}.jpg")
    (tmp_path / "gt").mkdir()
    for kind, text in {"query": "oxc1_a_000001 0 0 9 9", "good": "a_000001", "ok": "a_000002", "junk": ""}.items():
        (tmp_path / f"gt/a_1_{kind}.txt").write_text(text)
    return tmp_path


def _lines(name, path):
    return [(finding.good, finding.line) for finding in registry.verify(name, path)]


def test_a_whole_collection_is_good(oxford):
    assert _lines("oxford5k", oxford) == [
        (True, "Oxford5k: 3 images, 1 queries of 1 landmarks"),
        (True, "3 of 3 images can be read"),
    ]


def test_every_image_that_cannot_be_read_is_named(oxford):
    (oxford / "images/a_000002.jpg").write_bytes(b"")
    (oxford / "images/a_000003.jpg").write_bytes((oxford / "images/a_000001.jpg").read_bytes()[:-40])
    found = _lines("oxford5k", oxford)
    assert [good for good, _ in found] == [True, False, False, False]
    assert "a_000002.jpg: is empty" in found[1][1]
    assert "a_000003.jpg: is cut short" in found[2][1]
    assert found[3][1] == "1 of 3 images can be read"


def test_a_ground_truth_that_does_not_fit_is_the_one_finding(oxford):
    (oxford / "images/a_000002.jpg").unlink()
    [(good, line)] = _lines("oxford5k", oxford)
    assert not good
    assert "names 1 image that" in line


def test_distractors_are_read_through(oxford):
    assert _lines("distractors", oxford) == [(True, "3 of 3 images can be read")]
    (oxford / "images/a_000003.jpg").write_text("<html>")
    found = _lines("distractors", oxford)
    assert [good for good, _ in found] == [False, False]
    assert "a_000003.jpg: is not an image" in found[0][1]
    with pytest.raises(UserError, match="holds no image"):
        _lines("distractors", oxford / "gt")


def test_class_folders_are_read_through(tmp_path):
    for name in ("one/1.jpg", "one/2.jpg", "two/1.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (3, 2)).save(tmp_path / name)
    found = _lines("landmarks", tmp_path)
    assert all(good for good, _ in found)
    assert found[-1] == (True, "3 of 3 images can be read")
    assert "classes with one image in the database, not asked for: two" in found[0][1]


def test_every_landmark_set_but_the_embedded_one_can_be_verified():
    landmarks = [data for data in registry.DATA_SETS if 2 in data.chapters or 3 in data.chapters]
    assert [data.name for data in landmarks if data.check is None] == ["embedded-landmarks"]
    assert {"oxford5k", "paris6k", "roxford5k", "rparis6k", "distractors", "landmarks"} <= {d.name for d in landmarks}
