"""Buildings and their photographs: geometry against hand-worked pictures and a ray tracer, truth, and determinism."""

import hashlib

import cv2
import numpy as np
import pytest

from embedded.landmarks import development, families, photograph, render, things, town, view
from embedded.landmarks.builder import CLUTTER, LANDMARK, PROFILES, SURROUNDINGS, Builder
from embedded.landmarks.pinhole import Camera, looking
from embedded.landmarks.render import Drawing
from embedded.landmarks.view import Conditions

AHEAD = ((1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, 1.0))
"""A camera's axes that look along z with y up."""


def _camera(width=80, height=60, focal=40.0, eye=(0.0, 0.0, 0.0)):
    return Camera(eye, AHEAD, focal, width, height)


def _plain(colour, side=16):
    picture = np.full((side, side, 4), 255, np.uint8)
    picture[..., :3] = colour
    return picture


def _wall(to, texture, x0, y0, x1, y1, z):
    to.flat(texture, (x0, y1, z), (x1 - x0, 0, 0), (0, y0 - y1, 0))


def _owners(meshes, camera):
    drawing = Drawing.empty(camera)
    for mesh in meshes:
        render.draw(drawing, mesh, camera, render.unlit(len(mesh.corner)))
    return drawing.owner


def _mesh(owner, *walls):
    to = Builder(owner)
    texture = to.texture(_plain((200, 100, 50)))
    for wall in walls:
        _wall(to, texture, *wall)
    return to.mesh()


@pytest.mark.parametrize("shape", [(432, 576, 3), (576, 432, 3)])
def test_a_drawing_is_shrunk_as_opencv_averages_areas(shape):
    drawn = np.random.default_rng(0).integers(0, 256, size=shape, dtype=np.uint8)
    size = (shape[1] * 2 // 3, shape[0] * 2 // 3)
    np.testing.assert_array_equal(development.shrunk(drawn), cv2.resize(drawn, size, interpolation=cv2.INTER_AREA))


def test_a_wall_covers_the_pixels_that_a_pinhole_projects_it_to():
    # 10 m ahead, from -5 to 2.5 m across and -2.5 to 5 m up: columns 40 + 40 x / 10, rows 30 - 40 y / 10.
    owners = _owners([_mesh(LANDMARK, (-5, -2.5, 2.5, 5, 10))], _camera())
    expected = np.zeros((60, 80), np.uint8)
    expected[10:40, 20:50] = LANDMARK
    np.testing.assert_array_equal(owners, expected)


@pytest.mark.parametrize("first", [0, 1])
def test_the_nearer_wall_hides_the_farther_one_in_either_order(first):
    meshes = [_mesh(LANDMARK, (-5, -5, 5, 5, 10)), _mesh(CLUTTER, (-1, -5, 5, 5, 5))]
    owners = _owners([meshes[first], meshes[1 - first]], _camera())
    assert set(owners[30, 20:32]) == {LANDMARK}
    assert set(owners[30, 32:60]) == {CLUTTER}


def test_a_wall_is_seen_from_its_front_only_and_not_from_behind_the_camera():
    to = Builder(LANDMARK)
    texture = to.texture(_plain((9, 9, 9)))
    to.flat(texture, (5, 5, 10), (-10, 0, 0), (0, -10, 0))  # its outside looks away
    _wall(to, texture, -5, -5, 5, 5, -10)
    assert not _owners([to.mesh()], _camera()).any()


def test_ground_that_passes_under_the_camera_fills_the_picture_below_the_horizon():
    to = Builder(SURROUNDINGS)
    to.flat(to.texture(_plain((9, 9, 9))), (-5e4, -2, 5e4), (1e5, 0, 0), (0, 0, -1e5))
    owners = _owners([to.mesh()], _camera())
    assert (owners[31:] == SURROUNDINGS).all()
    assert not owners[:30].any()


def test_what_a_texture_leaves_out_is_seen_through():
    picture = _plain((200, 100, 50), 4)
    picture[:, 2:] = 0
    to = Builder(LANDMARK)
    _wall(to, to.texture(picture), -5, -5, 5, 5, 10)
    owners = _owners([to.mesh()], _camera())
    assert (owners[30, 20:40] == LANDMARK).all()
    assert not owners[30, 40:].any()


def test_smaller_versions_of_a_texture_keep_the_colour_of_its_opaque_part():
    picture = np.zeros((16, 16, 4), np.uint8)
    picture[:, :11] = (200, 100, 50, 255)
    to = Builder(LANDMARK)
    to.texture(picture)
    _wall(to, 0, 0, 0, 1, 1, 1)
    atlas = to.mesh().atlas
    for start, height, width in atlas.table[0]:
        pixels = atlas.pixels[start : start + height * width]
        assert {tuple(p) for p in pixels} <= {(200, 100, 50, 255), (0, 0, 0, 0)}


@pytest.mark.parametrize("profile", list(PROFILES))
def test_a_round_piece_is_as_wide_as_its_outline(profile):
    to = Builder(LANDMARK)
    to.facing(to.texture(_plain((9, 9, 9))), (0, -5, 10), 10, 10, profile)
    owners = _owners([to.mesh()], _camera(focal=64.0, width=100, height=84))
    widths = (owners == LANDMARK).sum(axis=1)
    assert np.abs(widths[10:74] - 64 * PROFILES[profile]).max() <= 2  # one row for each of the outline's 64 radii
    assert not widths[:10].any()
    assert not widths[74:].any()


def test_light_shade_and_haze_are_those_that_were_asked_for():
    mesh = _mesh(LANDMARK, (-5, -5, 5, 5, 10))
    lit = np.full((1, render.BINS, 3), 128, np.int64)
    haze = np.full(256, 128, np.int64)
    lighting = render.Lighting(
        lit,
        np.full((1, 3), 64, np.int64),
        np.array([[-1.0, 0.0, 0.5]]),  # the left half is in shadow
        np.zeros(3, np.int64),
        haze,
        1.0,
        np.array([0, 0, 200], np.int64),
    )
    drawing = Drawing.empty(_camera())
    render.draw(drawing, mesh, _camera(), lighting)
    # (200, 100, 50) at a half and at a quarter, then half way to the haze.
    np.testing.assert_array_equal(drawing.picture[30, 50], [50, 25, 112])
    np.testing.assert_array_equal(drawing.picture[30, 30], [25, 12, 106])


def test_axes_of_a_camera_are_orthonormal_and_level_without_roll():
    camera = looking((3.0, 2.0, -30.0), (1.0, 8.0, 4.0), 0.0, 300.0, (384, 288))
    axes = np.array(camera.axes)
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-12)
    assert axes[0, 1] == 0
    x, y, depth = camera.project(np.array([[1.0, 8.0, 4.0]]))[0]
    np.testing.assert_allclose([x, y], [192, 144], atol=1e-9)
    assert depth == pytest.approx(np.sqrt(4 + 36 + 34**2))


def _site(building, houses=None):
    nothing = _mesh(SURROUNDINGS, (0, 0, 1, 1, 900))
    return photograph.Site(building, houses or nothing, "lawn", "paving", (5.0, 10.0, 5.0))


def _spec(camera):
    spec = view.draw_spec(np.random.default_rng(0), Conditions(), (5.0, 10.0, 5.0))
    return view.PhotographSpec(**{**vars(spec), "camera": camera})


def _photo_camera(x=0.0):
    # 48 pixels to a metre at 10 m; a quarter of the size, in which truth is counted, is 12.
    return Camera((x, 0.0, 0.0), AHEAD, 480.0, 384, 288)


@pytest.mark.parametrize(("hidden_to", "expected"), [(-2.0, 1.0), (-1.0, 0.75), (1.0, 0.25), (2.0, 0.0)])
def test_visible_is_the_share_that_nothing_hides(hidden_to, expected):
    site = _site(_mesh(LANDMARK, (-2, -2, 2, 2, 10)))
    # An obstacle at half the distance looks twice as large.
    clutter = _mesh(CLUTTER, (-4, -4, hidden_to / 2, 4, 5))
    truth = photograph.truth(site, _spec(_photo_camera()), clutter)
    assert truth.visible == pytest.approx(expected, abs=1e-9)
    if expected:
        left = round(192 + 48 * hidden_to)
        assert truth.box == (left, 48, 287, 239)


@pytest.mark.parametrize(("x", "expected"), [(0.0, 1.0), (4.0, 0.5), (5.0, 0.25), (-4.0, 0.5)])
def test_visible_is_the_share_inside_the_frame(x, expected):
    # The frame is 8 m wide at the wall, which is 4 m wide.
    site = _site(_mesh(LANDMARK, (-2, -2, 2, 2, 10)))
    truth = photograph.truth(site, _spec(_photo_camera(x)), None)
    assert truth.visible == pytest.approx(expected, abs=1e-9)


def _trace(meshes, camera):
    """The owner at every pixel by intersecting each ray with each piece: slow, in plain numpy."""
    v, u = np.mgrid[0 : camera.height, 0 : camera.width].astype(float)
    rays = np.stack([(u - (camera.width - 1) / 2) / camera.focal, (v - (camera.height - 1) / 2) / camera.focal], -1)
    rays = np.concatenate([rays, np.ones((*rays.shape[:2], 1))], -1) @ np.array(camera.axes)
    depth, owners = np.full(rays.shape[:2], np.inf), np.zeros(rays.shape[:2], np.uint8)
    for mesh in meshes:
        for k in range(len(mesh.corner)):
            corner, across, down = mesh.corner[k], mesh.across[k], mesh.down[k]
            if mesh.facing[k]:
                aim = corner - np.array(camera.eye)
                right = np.array([aim[2], 0, -aim[0]]) / np.hypot(aim[0], aim[2])
                across = right * np.linalg.norm(across)
                corner = corner - across / 2 - down
            normal = np.cross(across, down)
            with np.errstate(divide="ignore", invalid="ignore"):
                far = (corner - camera.eye) @ normal / (rays @ normal)
            point = np.array(camera.eye) + far[..., None] * rays - corner
            basis = np.linalg.pinv(np.stack([across, down], 1))
            s, t = np.moveaxis(np.nan_to_num(point, nan=-1e9, posinf=1e9, neginf=-1e9) @ basis.T, -1, 0)
            seen = (far > 0) & (far < depth) & (s >= 0) & (s < 1) & (t >= 0) & (t < 1)
            if not mesh.facing[k]:
                seen &= (corner - camera.eye) @ normal < 0
            if mesh.profile[k] >= 0:
                radius = mesh.profiles[mesh.profile[k], (t.clip(0, 0.999) * 64).astype(int)]
                seen &= np.abs(2 * s - 1) < radius
            start, height, width = mesh.atlas.table[mesh.texture[k], 0]
            if mesh.profile[k] < 0:
                i = ((s.clip(0, 0.9999) * mesh.repeat[k, 0] % 1) * width).astype(int)
                j = ((t.clip(0, 0.9999) * mesh.repeat[k, 1] % 1) * height).astype(int)
                seen &= mesh.atlas.pixels[start + j * width + i, 3] >= 128
            depth[seen], owners[seen] = far[seen], mesh.owner[k]
    return owners


@pytest.fixture(scope="module")
def paris():
    return town.Builders(town.PARIS, 0)


@pytest.mark.parametrize("number", [1, 2])
def test_truth_of_a_real_site_agrees_with_tracing_rays(paris, number):
    site = paris.site(number)
    rng = np.random.default_rng(number)
    spec = view.draw_spec(rng, Conditions(detail=0.5, occluder=1.0), site.extent)
    clutter = photograph.things(spec)
    truth = photograph.truth(site, spec, clutter)
    meshes = [mesh for mesh in (site.building, site.houses, clutter) if mesh is not None]
    seen = (_trace(meshes, spec.camera.scaled(0.25)) == LANDMARK).sum()
    whole = (_trace([site.building], spec.camera.scaled(0.25, 1.5)) == LANDMARK).sum()
    # Textures are read at full size here and smaller there, which moves the edges of leaves and battlements.
    assert truth.visible == pytest.approx(seen / whole, abs=0.03)


@pytest.mark.parametrize("family", list(families.FAMILIES))
def test_every_family_builds_and_stands_on_the_ground(paris, family):
    builders = town.Builders(town.Town("test", (family,), 1, ("lawn",)), 3)
    for number in range(4):
        mesh = builders.site(number).building
        assert np.isfinite(mesh.corner).all()
        half, height, depth = photograph.extent(mesh)
        assert 4 < half < 80
        assert 4 < height < 90
        assert 2 < depth < 120
        feet = mesh.corner[:, 1] + np.where(mesh.facing, 0.0, mesh.down[:, 1])
        assert abs(feet.min()) < 1e-9


def _photographs(builders, number, kinds, name="x"):
    rng = town.generator(builders.seed, builders.town.name, name, number)
    wishes = [town.wanted(kind, Conditions()) for kind in kinds]
    return list(town.photographs(builders.site(number), rng, wishes))


def test_a_photograph_is_decided_by_its_seed_and_building(paris):
    first = [data for data, _, _ in _photographs(paris, 3, ["any"] * 3)]
    again = [data for data, _, _ in _photographs(town.Builders(town.PARIS, 0), 3, ["any"] * 2)]
    assert again == first[:2]
    assert _photographs(town.Builders(town.PARIS, 1), 3, ["any"])[0][0] != first[0]
    assert _photographs(paris, 4, ["any"])[0][0] != first[0]
    assert _photographs(paris, 3, ["any"], "y")[0][0] != first[0]


def test_photographs_show_as_much_as_was_wanted(paris):
    kinds = ["query", "good", "ok", "ok", "junk", "junk"]
    for number in (0, 5):
        visible = [truth.visible for _, truth, _ in _photographs(paris, number, kinds)]
        assert min(visible[:2]) >= town.GOOD
        assert town.OK <= min(visible[2:4]) <= max(visible[2:4]) < town.GOOD
        assert 0 < min(visible[4:]) <= max(visible[4:]) < town.OK


def test_a_query_is_large_enough_to_be_cut_out(paris):
    for number in range(4):
        _, truth, spec = _photographs(paris, number, ["query"])[0]
        x1, y1, x2, y2 = truth.box
        assert 0 <= x1 < x2 < spec.camera.width
        assert 0 <= y1 < y2 < spec.camera.height
        assert min(x2 - x1, y2 - y1) + 1 >= 96


TOWNS = (town.OXFORD, town.PARIS, town.WORLD, town.ELSEWHERE, town.SCHOOL)


def test_no_building_is_shared_between_towns_or_seeds():
    drawn = [
        town.generator(seed, place.name, "building", number).integers(1 << 62)
        for seed in range(2)
        for place in TOWNS
        for number in range(150)
    ]
    assert len({place.name for place in TOWNS}) == len(TOWNS)
    assert len(set(drawn)) == len(drawn)


def test_no_two_towns_have_a_wall_in_common():
    digests: list[str] = []
    for place in TOWNS:
        builders = town.Builders(place, 0)
        for number in range(2):
            atlas = builders.site(number).building.atlas
            walls = atlas.table[:, 0]
            digests += {
                hashlib.sha256(atlas.pixels[start : start + height * width].tobytes()).hexdigest()
                for start, height, width in walls
                if height * width > 1024
            }
    assert len(set(digests)) == len(digests)


def test_things_come_in_every_season():
    kit = photograph.surroundings.kit()
    for season in things.SEASONS:
        assert f"tree {season}" in kit.things
        assert ("lawn", season) in kit.grounds


def test_rain_and_snow_only_brighten():
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 226, (96, 128, 3), dtype=np.uint8)
    for rain in (True, False):
        wet = picture.copy()
        development.fall(rng, wet, rain)
        assert (wet >= picture).all()
        assert (wet > picture).any()
