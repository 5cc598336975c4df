"""Drawn people and their tracks: the same from one seed, others from another, faces where they should be."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from embedded.faces import cast, hair, head, mesh
from embedded.faces.conditions import LEVELS, Instant, instants, lamps, rotation
from embedded.faces.identity import CUTS, identity
from embedded.faces.look import look
from embedded.faces.shots import frames_with_boxes
from embedded.faces.skin import Expression
from embedded.faces.track import draw, sitting, track, view_of


def rng(*seed):
    return np.random.Generator(np.random.PCG64(seed))


def test_a_track_is_the_same_whenever_it_is_drawn():
    first, rate = cast.appearance(0, "a", 3, 1, (2, 4))
    again, same = cast.appearance(0, "a", 3, 1, (2, 4))
    assert np.array_equal(first, again)
    assert rate == same
    assert 2 <= len(first) <= 4


def test_people_of_two_groups_two_seeds_and_two_numbers_differ():
    people = [cast.member(*who) for who in ((0, "a", 1), (0, "b", 1), (0, "development", 1), (1, "a", 1), (0, "a", 2))]
    assert len({person.shape["width"] for person in people}) == 5


def test_a_person_looks_different_in_another_video_but_keeps_the_face():
    person = identity(rng(5))
    looks = [look(person, rng(5, k)) for k in range(20)]
    assert len({now.skin for now in looks}) > 5
    for name in ("eye_x", "nose_y", "mouth_y", "chin"):
        assert {now.shape[name] for now in looks} == {person.shape[name]}


def test_every_cut_is_worn_by_someone():
    assert {identity(rng(9, k)).cut for k in range(400)} == set(CUTS)


def test_the_crop_shows_skin_in_its_middle_and_the_head_covers_most_of_it():
    person = identity(rng(2))
    who, light = sitting(person, rng(2, 1), 0.0), lamps(LEVELS["a"], rng(3), 1)[0]
    for yaw in (-0.5, 0.0, 0.5):
        at = Instant(rotation(yaw, 0.0, 0.0), Expression(), (0.0, 0.0), 1.0, 0.0)
        picture = np.full((64, 64, 3), -1.0)
        draw(picture, who, at, view_of(at, 64, 2.65, (32.0, 32.0)), light)
        drawn = picture[..., 0] >= 0
        assert drawn[16:48, 20:44].all()
        assert 0.5 < drawn.mean() < 0.97
        assert not drawn[:4, :2].any()


def test_a_face_turned_to_our_right_moves_its_nose_to_our_right():
    points = np.array([[[0.0, -0.5, 1.2]]])
    x, y, z = mesh.turned(points, rotation(0.4, 0.0, 0.0), 0.0, 0.0)[0, 0]
    assert x == pytest.approx(1.2 * np.sin(0.4))
    assert y == pytest.approx(-0.5)
    assert z == pytest.approx(1.2 * np.cos(0.4))


def test_only_what_is_below_the_hinge_drops_with_the_jaw():
    points = np.array([[[0.0, -0.5, 1.0], [0.0, -1.2, 1.0]]])
    out = mesh.turned(points, np.eye(3), 0.2, -0.8)[0]
    assert out[0, 1] == -0.5
    assert out[1, 1] == pytest.approx(-1.4)


def test_a_nearer_surface_hides_a_farther_one_whatever_is_drawn_first():
    def square(z):
        grid = np.zeros((2, 3, 9))
        grid[..., 0] = [[-5, 20, 45], [-5, 20, 45]]
        grid[..., 1] = [[-5, -5, -5], [45, 45, 45]]
        grid[..., 2], grid[..., 5:8] = z, 1.0
        return grid

    red, blue = (np.full((2, 2, 4), colour, np.uint8) for colour in ((200, 0, 0, 255), (0, 0, 200, 255)))
    for order in (((1.0, red), (2.0, blue)), ((2.0, blue), (1.0, red))):
        picture, depth = np.zeros((32, 32, 3)), np.full((32, 32), -1e9)
        for z, texture in order:
            mesh.draw(picture, depth, square(z), texture, False)
        assert np.array_equal(picture[16, 16], [0, 0, 200])


def test_light_falls_from_its_side():
    person = identity(rng(2))
    who, light = sitting(person, rng(2, 1), 0.0), np.zeros((3, 6))
    light[0] = -1.0, 0.0, 0.3, 1.0, 1.0, 1.0  # from our left
    at = Instant(np.eye(3), Expression(), (0.0, 0.0), 1.0, 0.0)
    picture = np.zeros((64, 64, 3))
    draw(picture, who, at, view_of(at, 64, 2.65, (32.0, 32.0)), light)
    assert picture[20:50, 14:28].mean() > 3 * picture[20:50, 36:50].mean()


def test_light_focus_and_resolution_change_within_a_video_only_where_the_level_says_so():
    person, still = identity(rng(11)), {"yaw": 0.0, "pitch": 0.0, "roll": 0.0, "jitter": 0.0, "noise": 0.0}
    for drift in (0.0, 0.5):
        level = replace(LEVELS["a"], drift=drift, **still)
        lights = lamps(level, rng(3), 6)
        place, strength, exposure = lights[:, 0, :3], lights[:, 0, 3:], lights[:, 1, 3:]
        for part in (place, strength, exposure):
            assert (len(np.unique(part, axis=0)) > 1) == (drift > 0)
        crops = track(person, rng(11, 2), level, 6)
        detail = [cv2.Laplacian(crop, cv2.CV_64F).std() for crop in crops]
        brightness = crops.mean((1, 2, 3))
        assert (np.ptp(detail) / np.mean(detail) > 0.2) == (drift > 0)
        assert (np.ptp(brightness) > 6) == (drift > 0)
    assert LEVELS["a"].drift == LEVELS["b"].drift > LEVELS["development"].drift == 0


def test_a_video_without_drift_has_the_light_of_its_first_draw_in_every_frame():
    one, more = (lamps(LEVELS["development"], rng(3), n) for n in (1, 5))
    assert np.array_equal(more, np.repeat(one, 5, 0))


def test_frames_of_a_track_resemble_each_other_more_than_another_video():
    person = identity(rng(11))
    tracks = [track(person, rng(11, k), LEVELS["a"], 4).astype(int) for k in range(4)]
    within = np.mean([np.abs(crops[0] - crops[-1]).mean() for crops in tracks])
    between = np.mean([np.abs(tracks[i][0] - tracks[j][0]).mean() for i in range(4) for j in range(i)])
    assert within < between


def test_instants_stay_within_what_a_detector_of_faces_finds():
    for at in instants(LEVELS["b"], rng(4), 200):
        assert np.allclose(at.rotation @ at.rotation.T, np.eye(3))
        assert at.rotation[2, 2] > 0.4
        assert 0 <= at.expression.mouth <= 1


def test_frames_have_a_box_for_each_face_where_its_skin_is():
    people = [0, 4]
    frames = frames_with_boxes(0, "a", people, 1, 3, (200, 120))
    assert len(frames) == 3
    for frame in frames:
        assert frame.picture.shape == (120, 200, 3)
        assert frame.boxes.shape == (2, 4)
        (left, top, right, bottom), other = frame.boxes
        assert 0 <= left < right <= 200
        assert 0 <= top < bottom <= 120
        assert left < other[0]
        assert 0.6 < (right - left) / (bottom - top) < 1.6
    empty = frames_with_boxes(0, "a", [0], 1, 1, (200, 120))[0]
    assert len(empty.boxes) == 1


def test_pixels_change_only_about_people_when_they_move():
    level = LEVELS["a"]
    assert level.jitter < 0.1
    first, second = frames_with_boxes(0, "a", [2], 5, 2, (240, 160))
    assert not np.array_equal(first.picture, second.picture)
    assert not np.array_equal(first.boxes, second.boxes)
    x1, y1, x2, y2 = np.rint(first.boxes[0]).astype(int)
    moved = np.abs(first.picture.astype(int) - second.picture).mean(-1)
    assert moved[y1:y2, x1:x2].mean() > 1.5 * moved[:12].mean()


def test_a_cap_covers_hair_and_crown_and_leaves_the_face_as_it_is():
    who = identity(rng(2))
    bare = look(who, rng(2, 1), 0.0)
    assert bare.hat is None
    noise = np.zeros((512, 512), np.int16)
    for cut in ("bald", "curly", "long"):
        without = hair.strands(replace(bare, cut=cut), noise)
        capped = hair.strands(replace(bare, cut=cut, hat=(200, 0, 0)), noise)
        changed = (without != capped).any(-1)
        front, back = capped.shape[1] // 2, 0
        assert (capped[changed][:, 1:3] == 0).all()  # nothing but red wool
        assert (capped[changed][:, 3] == 255).all()
        assert changed[:10].all()
        rim = np.flatnonzero(changed[:, front])[-1], np.flatnonzero(changed[:, back])[-1]
        y = [bare.shape["crown"] + bare.volume - row / head.HAIR_DENSE for row in rim]
        assert bare.shape["brow_y"] < y[0] < bare.hairline
        assert y[1] < 0
