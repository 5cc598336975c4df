"""Small objects in films: where they are seen, how much of them, and which shots they are in."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from embedded.instances import SHARES, SIZE, objects, prints, programme
from embedded.instances.dressing import dress
from embedded.scene import Layer, Location
from embedded.scenes import FEW, MANY
from embedded.scenes.sprites import Sprite
from embedded.setup import Setup
from embedded.texture import Noise


@pytest.fixture(scope="module")
def noise():
    return Noise(np.random.default_rng(0))


def wall(front=None):
    """A grey wall of the frame's size and a margin, seen at its own scale, and something before it."""
    picture = np.full((506, 900, 4), 255, np.uint8)
    picture[..., :3] = 128
    layers = (Layer(picture, 1.0), *(() if front is None else (Layer(front, 1.3),)))
    return Setup(1, "wall", "still", Location(layers, 600.0, 337.0, 250.0, 150.0), (0.0, 0.0), 1.5)


def plate(kind="book"):
    """An opaque red plate of 30 × 40 pixels."""
    picture = np.zeros((42, 32, 4), np.uint8)
    picture[1:-1, 1:-1] = (250, 10, 10, 255)
    return Sprite(kind, picture, 1.0)


def decoded(jpeg):
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), 1)[..., ::-1].astype(int)


def test_the_box_encloses_the_pixels_of_the_object_and_all_of_it_is_visible():
    rng = np.random.default_rng(1)
    jpeg, seen = dress(wall(), [("a", plate())], [], rng).frame(0.0, 0.5, rng)
    pixels = decoded(jpeg)
    red = np.argwhere((pixels[..., 0] > 170) & (pixels[..., 1] < 90))
    (y1, x1), (y2, x2) = red.min(axis=0), red.max(axis=0)
    np.testing.assert_allclose(seen["a"].box, (x1, y1, x2, y2), atol=2)
    assert seen["a"].visible > 0.95


def test_an_object_takes_a_share_of_the_frame_within_the_limits():
    for seed in range(6):
        rng = np.random.default_rng(seed)
        x1, y1, x2, y2 = dress(wall(), [("a", plate())], [], rng).frame(0.0, 0.5, rng)[1]["a"].box
        share = (x2 - x1 + 1) * (y2 - y1 + 1) / (SIZE[0] * SIZE[1])
        assert 0.9 * SHARES[0] < share < 1.1 * SHARES[1]


def test_what_is_behind_something_near_counts_as_hidden():
    front = np.zeros((506, 900, 4), np.uint8)
    front[:, :] = (10, 10, 250, 255)
    rng = np.random.default_rng(1)
    _, seen = dress(wall(front), [("a", plate())], [], rng).frame(0.0, 0.5, rng)
    assert seen == {}


def test_objects_hide_one_another_and_each_keeps_its_own_box():
    rng = np.random.default_rng(4)
    made = dress(wall(), [("a", plate()), ("b", plate())], [plate()], rng)
    _, seen = made.frame(0.0, 0.5, rng)
    assert set(seen) == {"a", "b"}
    assert seen["a"].box != seen["b"].box
    assert min(where.visible for where in seen.values()) > 0.5  # a tenth of a neighbour lies over each side


def test_a_camera_that_turns_away_loses_the_object():
    rng = np.random.default_rng(1)
    made = dress(wall(), [("a", plate())], [], rng)
    away = {name: replace(getattr(made, name), centre=(300.0, 0.0)) for name in ("shown", "blank", "coded")}
    assert replace(made, **away).frame(0.0, 0.5, rng)[1] == {}


@pytest.mark.parametrize("kind", objects.KINDS)
def test_two_objects_of_a_kind_differ_by_their_print_alone_and_one_looks_the_same_again(kind, noise):
    rng = np.random.default_rng(7)
    colours = prints.palette(rng)
    designs = [prints.design(np.random.default_rng(seed), colours) for seed in (1, 2)]
    made = [objects.small_object(np.random.default_rng(5), noise, kind, "x", design) for design in designs]
    first, again, other = (objects.seen(made[k], np.random.default_rng(9)).picture for k in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    if kind != "bottle":  # the edge of a round thing depends on nothing else, but its cap may
        np.testing.assert_array_equal(first[..., 3] > 0, other[..., 3] > 0)
    assert (first[: len(other)] != other[: len(first)]).any() if first.shape == other.shape else True
    assert (first[..., :3] <= first[..., 3:]).all()


def test_every_object_has_its_shots_and_queries_and_no_shot_is_both():
    sizes = programme.ProgrammeSizes(instances=5, shots=4, queries=3, others=7, frames=2)
    shots = [shot for film in programme.plan(0, sizes).values() for shot in film]
    for name in programme.names(5):
        assert sum(name in shot.instances for shot in shots if not shot.query) == 4
        assert sum(name in shot.instances for shot in shots if shot.query) == 3
    assert sum(not shot.instances for shot in shots) == 7
    assert all(len(set(shot.instances)) == len(shot.instances) <= 3 for shot in shots)


def test_no_kind_is_a_class_of_the_detectors():
    assert not set(objects.KINDS) & set(MANY)
    assert set(FEW) < set(MANY)


def test_names_take_the_kinds_in_turn():
    assert programme.names(9) == (
        "package_1", "book_1", "bag_1", "poster_1", "tin_1", "mug_1", "bottle_1", "toy_1", "package_2",
    )  # fmt: skip


def test_a_film_gives_the_planned_key_frames_and_a_query_shows_its_object_clearly():
    sizes = programme.ProgrammeSizes(instances=1, shots=1, queries=1, others=0, frames=2)
    films = [number for number, shots in programme.plan(0, sizes).items() if any(shot.query for shot in shots)]
    frames = list(programme.key_frames(0, films[0], sizes))
    asked = [frame for frame in frames if frame.shot.query]
    assert len(asked) == 1
    assert decoded(asked[0].jpeg).shape == (SIZE[1], SIZE[0], 3)
    where = asked[0].seen["package_1"]
    x1, y1, x2, y2 = where.box
    assert where.visible >= programme.ASKED
    assert min(x2 - x1, y2 - y1) + 1 >= programme.NARROWEST
    again = next(frame for frame in programme.key_frames(0, films[0], sizes) if frame.shot.query)
    assert again.jpeg == asked[0].jpeg
