"""Pictures of faces to fine-tune detectors on."""

import numpy as np
import pytest

from vretlib import images
from vretlib.datasets.faces.face_pictures import face_pictures
from vretlib.errors import UserError


@pytest.fixture(scope="module")
def small():
    return {part: face_pictures("F-F", part, people=4) for part in ("training", "held-out")}


def test_people_are_alone_and_in_pairs(small):
    learned = small["training"]
    assert [len(boxes) for boxes in learned.boxes].count(1) == 4 * 8
    assert [len(boxes) for boxes in learned.boxes].count(2) == 2 * 24
    assert learned.classes == ("person_120", "person_121", "person_122", "person_123")
    assert np.bincount(np.concatenate(learned.labels)).tolist() == [8 + 24] * 4


def test_held_out_pictures_are_others_of_the_same_people(small):
    assert small["training"].classes == small["held-out"].classes
    assert np.bincount(np.concatenate(small["held-out"].labels)).tolist() == [2 + 2] * 4
    names = {path.name for path in small["training"].images}
    assert not names & {path.name for path in small["held-out"].images}


def test_boxes_lie_in_their_pictures(small):
    for path, boxes in zip(small["training"].images, small["training"].boxes, strict=True):
        width, height = images.size(path)
        assert (boxes >= 0).all()
        assert (boxes[:, 2:] <= (width - 1, height - 1)).all()
        assert (boxes[:, 2:] - boxes[:, :2] > 12).all()


@pytest.mark.parametrize(
    ("which", "part", "people"), [("P", "training", 0), ("F-S", "test", 0), ("F-S", "training", 3)]
)
def test_what_makes_no_set_is_refused(which, part, people):
    with pytest.raises(UserError, match="expected"):
        face_pictures(which, part, people=people)
