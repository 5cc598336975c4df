"""Pictures with boxes for detectors: boxes lie about what is seen, and nothing is shared between parts."""

from itertools import islice

import cv2
import numpy as np
import pytest

from embedded.scenes import FEW, MANY, SIDE, collage, rolls, sprites, streets
from embedded.scenes.collage import Collage
from embedded.scenes.sprites import Sprite


def square(colour=(200, 40, 40), side=21):
    picture = np.zeros((side, side, 4), np.uint8)
    picture[1:-1, 1:-1] = (*colour, 255)
    return Sprite("car", picture, 1.0)


def scene():
    return Collage(np.full((120, 160, 4), 255, np.uint8))


def test_the_box_of_a_thing_encloses_its_pixels_and_includes_its_far_corner():
    made = scene()
    made.put(square(), (80.0, 100.0), 21.0)  # 19 opaque columns about x = 80, rows above y = 100
    (((x1, y1, x2, y2), kind),) = made.found()
    red = np.argwhere(made.frame[..., 1] < 148)
    assert kind == "car"
    assert (y1, x1) == tuple(red.min(axis=0))
    assert (y2, x2) == tuple(red.max(axis=0))


def test_a_thing_hidden_by_more_than_two_thirds_has_no_box():
    made = scene()
    made.put(square(), (80.0, 100.0), 42.0)
    made.put(square((20, 20, 200)), (88.0, 100.0), 42.0)
    assert len(made.found()) == 1  # 38 columns of which 8 are seen


def test_a_thing_partly_hidden_has_the_box_of_its_visible_part():
    made = scene()
    made.put(square(), (80.0, 100.0), 42.0)
    alone = made.found()[0][0]
    made.put(square((20, 20, 200)), (100.0, 100.0), 42.0)
    hidden, _ = made.found()
    assert hidden[0][:2] == alone[:2]
    assert alone[0] + 17 <= hidden[0][2] <= alone[0] + 21  # 20 of its columns are still seen


def test_a_thing_mostly_outside_the_frame_has_no_box():
    made = scene()
    made.put(square(), (-14.0, 100.0), 42.0)
    assert made.found() == []


def test_a_mirrored_picture_has_mirrored_boxes():
    frame = np.full((60, 80, 4), 255, np.uint8)
    frame[20:40, 10:30, :3] = 0
    for seed in range(8):  # some of them are mirrored
        made = collage.example(frame.copy(), [((10, 20, 29, 39), "car")], np.random.default_rng(seed), strength=0.0)
        pixels = cv2.imdecode(np.frombuffer(made.jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
        ((x1, y1, x2, y2),) = made.boxes
        assert pixels[y1 + 3 : y2 - 2, x1 + 3 : x2 - 2].max() < 90
        assert pixels[25:35, 40].min() > 120


def test_the_larger_set_has_the_classes_of_the_smaller_one_and_no_kind_of_thing_that_is_searched_for():
    assert set(FEW) < set(MANY)
    assert len(set(MANY)) == 23
    assert not {"book", "bottle", "mug", "package", "poster", "bag", "toy", "building", "tree"} & set(MANY)


@pytest.mark.parametrize("kind", ["horse", "lute", "umbrella", "ship"])
def test_a_painted_thing_is_opaque_within_and_its_colours_do_not_exceed_its_opacity(kind):
    made = sprites.painted(kind, np.random.default_rng(3))
    assert (made.picture[..., :3] <= made.picture[..., 3:]).all()
    assert (made.picture[..., 3] == 255).mean() > 0.1
    assert not made.picture[0].any()  # one empty pixel on each side
    assert made.picture[1].any()


def test_rolls_are_the_same_again_and_parts_differ():
    first, again = (list(islice(rolls.roll("C", "training", 0, 3), 2)) for _ in range(2))
    other = list(islice(rolls.roll("C", "held-out", 0, 3), 2))
    assert [e.jpeg for e in first] == [e.jpeg for e in again]
    assert {e.jpeg for e in first}.isdisjoint(e.jpeg for e in other)


def check(examples, kinds):
    for made in examples:
        height, width = cv2.imdecode(np.frombuffer(made.jpeg, np.uint8), 1).shape[:2]
        assert sorted((width, height), reverse=True) == list(SIDE)
        assert set(made.kinds) <= set(kinds)
        for x1, y1, x2, y2 in made.boxes:
            assert 0 <= x1 < x2 < width
            assert 0 <= y1 < y2 < height
            assert min(x2 - x1, y2 - y1) + 1 >= collage.SMALLEST
    assert any(made.boxes for made in examples)


def test_boxes_of_faces_lie_in_the_picture():
    check(list(islice(rolls.roll("P", "training", 1, 2), 4)), ["face"])


def test_boxes_of_things_in_a_street_lie_in_the_picture():
    rng = np.random.default_rng(5)
    things = [sprites.painted(kind, rng) for kind in ("horse", "person", "kite")]
    check(list(islice(streets.street(streets.builders(0).site(3), things, rng), 4)), ["horse", "person", "kite"])


def test_people_of_the_studios_are_of_the_group_for_development_and_of_one_part_each():
    groups = [set(numbers) for numbers in rolls._PEOPLE.values()]
    assert sum(map(len, groups)) == len(set.union(*groups))
