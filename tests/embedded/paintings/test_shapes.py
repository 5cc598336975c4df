"""What is drawn one by one: `objects people settings sitter things`. Each leaves paint, in its place and colour."""

import inspect

import numpy as np
import pytest

from embedded.paintings import objects, people, settings, sitter, things
from embedded.paintings.canvas import COLOURS, Canvas
from embedded.paintings.people import Placement
from embedded.paintings.scene import Setting

SHAPES = [
    *(make for module in (objects, things) for name, make in inspect.getmembers(module, inspect.isfunction)
      if make.__module__ == module.__name__ and not name.startswith("_")),
    people.child,
    people.person,
    sitter.sitter,
]  # fmt: skip


def canvas(seed=0):
    made = Canvas(120, 120, np.random.default_rng(seed))
    made.wash((128, 128, 128), (128, 128, 128))
    return made


def painted(make, seed=0, frame=None, light=1.0, **traits):
    """Where a shape has left paint, and its pixels there."""
    made = canvas(seed)
    make(made, frame or Placement(0.5, 0.85, 0.5), traits, light)
    where = (made.pixels != 128).any(axis=2)
    return where, made.pixels[where].astype(float)


@pytest.mark.parametrize("make", SHAPES, ids=lambda make: make.__name__)
def test_a_shape_leaves_paint_near_its_place_and_the_same_from_a_seed(make):
    where, pixels = painted(make)
    assert where.sum() > 40
    rows, columns = np.nonzero(where)
    assert 15 < columns.mean() < 105
    assert 20 < rows.mean() < 115
    again, same = painted(make)
    np.testing.assert_array_equal(where, again)
    np.testing.assert_array_equal(pixels, same)


def test_a_placement_turns_about_its_middle_and_grows_with_its_size():
    assert Placement(0.5, 0.9, 0.4).at(0.25, 0.5) == pytest.approx((0.6, 0.7))
    assert Placement(0.5, 0.9, 0.4, -1).at(0.25, 0.5) == pytest.approx((0.4, 0.7))
    small, large = (painted(people.person, frame=Placement(0.5, 0.9, size))[0].sum() for size in (0.3, 0.6))
    assert 2.5 < large / small < 6  # four times the area


@pytest.mark.parametrize("pose", ["standing", "kneeling", "seated", "lying"])
def test_a_pose_changes_how_high_a_person_reaches(pose):
    rows, columns = np.nonzero(painted(people.person, pose=pose)[0])
    height, width = np.ptp(rows), np.ptp(columns)
    assert (width > height) == (pose == "lying")


ROBES = ("red", "blue", "green", "yellow")


@pytest.mark.parametrize("colour", ROBES)
def test_a_robe_has_its_colour(colour):
    """The most frequent paint of a dressed figure is nearer to its robe's colour than to any other of the four."""
    _, pixels = painted(people.person, robe=colour)
    near = {
        name: (np.abs(pixels - COLOURS[name]).sum(axis=1) < 90).sum() for name in ("red", "blue", "green", "yellow")
    }
    assert max(near, key=near.get) == colour


def test_less_light_makes_darker_paint():
    assert painted(people.person, light=0.5, robe="red")[1].mean() < painted(people.person, robe="red")[1].mean() - 20


@pytest.mark.parametrize("kind", settings.OUTDOORS)
def test_the_sky_has_the_colour_of_the_hour(kind):
    made = {}
    for time in settings.SKIES:
        made[time] = canvas()
        settings.draw(made[time], Setting(kind, time, horizon=0.5))
    top = {time: one.pixels[:6].mean() for time, one in made.items()}
    assert top["night"] < top["storm"] < top["day"]
    assert all((one.pixels != 128).any(axis=2).mean() > 0.95 for one in made.values())
