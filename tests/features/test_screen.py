import cv2
import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.features import screen

WIDE, HIGH = 960, 720


def picture(seed: int = 0, brightness: float = 150.0) -> np.ndarray:
    """A frame of film without straight edges: smooth colour blobs."""
    noise = np.random.default_rng(seed).normal(size=(180, 320, 3)).astype(np.float32)
    blobs = cv2.GaussianBlur(noise, (0, 0), 12)
    return np.clip(brightness + 40 * blobs / blobs.std(), 0, 255).astype(np.uint8)


def room(seed: int = 0, furniture: int = 8) -> np.ndarray:
    """A wall in uneven light with boxes in front of it."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:HIGH, 0:WIDE].astype(np.float32)
    wall = 90 + 25 * np.sin(x / WIDE * 3) + 20 * y / HIGH
    image = np.repeat(wall[..., None], 3, axis=2).astype(np.uint8)
    for _ in range(furniture):
        left, top, w, h = *rng.integers(0, [WIDE, HIGH]), *rng.integers(40, 300, 2)
        cv2.rectangle(
            image, (int(left), int(top)), (int(left + w), int(top + h)), rng.integers(20, 220, 3).tolist(), -1
        )
    return image


def coverage(corners: np.ndarray) -> np.ndarray:
    """How much of each pixel lies inside the quadrilateral, by its distance to the nearest side."""
    y, x = np.mgrid[0:HIGH, 0:WIDE]
    depth = np.full((HIGH, WIDE), np.inf)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        depth = np.minimum(depth, ((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) / np.hypot(x1 - x0, y1 - y0))
    return np.clip(depth + 0.5, 0, 1)


def photograph(corners, film, background, blur=0.8, noise=3.0, seed=0) -> np.ndarray:
    """The film's frame inside the corners, with a dark bezel, then optics and sensor."""
    h, w = film.shape[:2]
    frame = np.array([[-0.5, -0.5], [w - 0.5, -0.5], [w - 0.5, h - 0.5], [-0.5, h - 0.5]], np.float32)
    onto = cv2.getPerspectiveTransform(frame, np.asarray(corners, np.float32))
    bezel = frame + np.array([[-10, -10], [10, -10], [10, 10], [-10, 10]], np.float32)
    outer = cv2.perspectiveTransform(bezel[None], onto)[0]
    image = cv2.fillPoly(background.copy(), [np.rint(outer * 16).astype(np.int32)], (15, 15, 15), cv2.LINE_AA, 4)
    inside = coverage(np.asarray(corners, np.float64))[..., None]
    shown = cv2.warpPerspective(film, onto, (WIDE, HIGH), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    image = cv2.GaussianBlur(image * (1 - inside) + shown * inside, (0, 0), blur)
    image += np.random.default_rng(seed).normal(0, noise, image.shape)
    return np.clip(image, 0, 255).astype(np.uint8)


FRONTAL = [[180, 200], [780, 200], [780, 537.5], [180, 537.5]]
OBLIQUE = [[150, 130], [790, 190], [760, 560], [190, 590]]
TURNED = [[240, 160], [800, 250], [745, 560], [185, 470]]


@pytest.mark.parametrize("corners", [FRONTAL, OBLIQUE, TURNED], ids=["frontal", "oblique", "turned"])
@pytest.mark.parametrize("seed", range(3))
def test_corners_of_a_bright_picture_are_found_to_the_pixel(corners, seed):
    found = screen.find_screen(photograph(corners, picture(seed), room(seed), seed=seed))
    assert found is not None
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, corners, atol=1.0)


def test_a_blurred_and_noisy_photograph_costs_little_accuracy():
    found = screen.find_screen(photograph(OBLIQUE, picture(), room(), blur=2.5, noise=14))
    assert found is not None
    np.testing.assert_allclose(found, OBLIQUE, atol=2.0)


def test_a_dim_picture_is_found_in_a_lit_room():
    found = screen.find_screen(photograph(OBLIQUE, picture(brightness=60), room(3)))
    assert found is not None
    np.testing.assert_allclose(found, OBLIQUE, atol=2.0)


def test_grey_photographs_are_accepted():
    grey = cv2.cvtColor(photograph(TURNED, picture(), room()), cv2.COLOR_RGB2GRAY)
    np.testing.assert_allclose(screen.find_screen(grey), TURNED, atol=1.0)


def test_the_same_photograph_gives_the_same_corners():
    photo = photograph(OBLIQUE, picture(), room())
    np.testing.assert_array_equal(screen.find_screen(photo), screen.find_screen(photo.copy()))


@pytest.mark.parametrize(
    "photo",
    [
        np.zeros((HIGH, WIDE, 3), np.uint8),
        np.full((HIGH, WIDE), 255, np.uint8),
        np.random.default_rng(0).integers(0, 256, (HIGH, WIDE, 3), dtype=np.uint8),
        cv2.resize(picture(), (WIDE, HIGH)),
        photograph(OBLIQUE, np.zeros((180, 320, 3), np.uint8), room()),
        photograph([[x + 300, y] for x, y in FRONTAL], picture(), room()),
    ],
    ids=["black", "white", "noise", "no edges", "black picture", "cut off by the border"],
)
def test_nothing_is_returned_where_there_is_no_complete_outline(photo):
    assert screen.find_screen(photo) is None


@pytest.mark.parametrize("seed", range(10))
def test_furniture_alone_is_no_screen(seed):
    assert screen.find_screen(room(seed, furniture=3)) is None


@pytest.mark.parametrize(
    "photo",
    [np.zeros((HIGH, WIDE, 3), np.float32), np.zeros((9, 9), np.uint8), np.zeros((99, 99, 4), np.uint8), None, [[1]]],
)
def test_what_is_no_photograph_is_refused(photo):
    with pytest.raises(UserError, match="photograph of"):
        screen.find_screen(photo)


@pytest.mark.parametrize("kind", [np.float64, np.int64, np.bool_, None])
def test_rectify_takes_pixels_alone(kind):
    photo = None if kind is None else np.zeros((HIGH, WIDE, 3), kind)
    with pytest.raises(UserError, match="photograph of shape"):
        screen.rectify(photo, FRONTAL)
    with pytest.raises(UserError, match="photograph of shape"):
        screen.rectify(np.zeros((0, WIDE, 3), np.uint8), FRONTAL)


def test_rectifying_the_whole_image_gives_it_back():
    film = picture()
    edge = [[-0.5, -0.5], [319.5, -0.5], [319.5, 179.5], [-0.5, 179.5]]
    np.testing.assert_array_equal(screen.rectify(film, edge, width=320), film)


def test_rectifying_undoes_the_view():
    film = picture()
    photo = photograph(OBLIQUE, film, room(), blur=0.01, noise=0.0)
    back = screen.rectify(photo, OBLIQUE, width=320, aspect=16 / 9)
    assert back.shape == film.shape
    inner = np.s_[6:-6, 6:-6]  # the border mixes with the bezel
    assert np.abs(back[inner].astype(int) - film[inner]).mean() < 2.0


def test_height_follows_the_sides_without_an_aspect():
    photo = np.zeros((HIGH, WIDE), np.uint8)
    assert screen.rectify(photo, FRONTAL, width=720).shape == (405, 720)
    assert screen.rectify(photo, FRONTAL, width=720, aspect=2.4).shape == (300, 720)


BACKWARDS, CROSSED = FRONTAL[::-1], [FRONTAL[0], FRONTAL[1], FRONTAL[3], FRONTAL[2]]
POINT, LINE = [[180, 200]] * 4, [[180, 200], [780, 200], [780, 200], [180, 200]]
SLIVER = [[100, 100], [130, 100], [130, 710], [100, 710]]  # 30 × 610


@pytest.mark.parametrize(
    ("corners", "width", "aspect"),
    [
        *((bad, 720, None) for bad in (FRONTAL[:3], np.full((4, 2), np.nan), BACKWARDS, CROSSED, POINT, LINE, SLIVER)),
        *((bad, 720, None) for bad in ("corners", None, [[1, 2], [3]], 1j * np.array(FRONTAL))),
        *((FRONTAL, width, None) for width in (1, 2.5, "720", None)),
        *((FRONTAL, 720, aspect) for aspect in (0.0, -1.0, np.nan, np.inf, 1e-9)),
    ],
)
def test_rectify_refuses_what_is_no_quadrilateral_or_size(corners, width, aspect):
    with pytest.raises(UserError, match="expected"):
        screen.rectify(np.zeros((HIGH, WIDE), np.uint8), corners, width, aspect)


def test_four_points_go_round_a_picture_or_they_do_not():
    assert screen.goes_round(FRONTAL)
    assert screen.goes_round(TURNED)
    folded = [FRONTAL[0], FRONTAL[1], [300, 250], FRONTAL[3]]  # the third corner lies inside the other three
    for bad in (BACKWARDS, CROSSED, POINT, LINE, folded, FRONTAL[:3], [[np.nan, 0], *FRONTAL[1:]]):
        assert not screen.goes_round(bad)
