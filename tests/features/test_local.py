"""Local features: types and shapes, empty images, and the same answer on every thread."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from tests.video.conftest import moving_scene
from vretlib.errors import UserError
from vretlib.features import local


@pytest.fixture(scope="module")
def luma() -> np.ndarray:
    return cv2.resize(moving_scene(7, 1)[0][..., 0], (720, 432), interpolation=cv2.INTER_CUBIC)


def test_binary_features_have_positions_and_32_bytes(luma):
    found = local.orb_brief(luma)
    assert (found.xy.dtype, found.descriptors.dtype) == (np.float32, np.uint8)
    assert found.xy.shape == (len(found.descriptors), 2)
    assert found.descriptors.shape[1] == 32
    assert 300 < len(found.xy) <= 510
    assert len(local.orb_brief(luma, n_features=100).xy) <= 105


def test_a_code_depends_on_the_place_alone_not_on_the_corners_angle_and_scale(luma):
    found = local.orb_brief(luma)
    upright = [cv2.KeyPoint(float(x), float(y), 31, 0, 1, 0) for x, y in found.xy]
    brief = cv2.xfeatures2d.BriefDescriptorExtractor.create(bytes=32)
    np.testing.assert_array_equal(brief.compute(luma, upright)[1], found.descriptors)


def test_brief_ignores_brightness_and_contrast():
    """Order of pixels is all that counts: a monotone change of grey levels leaves the code of a corner as it was."""
    rng = np.random.default_rng(0)
    dark = cv2.resize(rng.integers(0, 100, (24, 40), dtype=np.uint8), (640, 384), interpolation=cv2.INTER_NEAREST)
    keypoint = [cv2.KeyPoint(320, 192, 31)]
    brief = cv2.xfeatures2d.BriefDescriptorExtractor.create(bytes=32)
    codes = [brief.compute(image, keypoint)[1] for image in (dark, dark * 2 + 30)]
    assert (codes[0] == codes[1]).all()


@pytest.mark.parametrize("image", [np.zeros((200, 300), np.uint8), np.full((30, 30), 9, np.uint8)])
def test_an_image_without_corners_gives_empty_arrays_of_the_right_type(image):
    for found, d, dtype in [
        (local.orb_brief(image), 32, np.uint8),
        (local.sift(image), 128, np.float32),
        (local.sift(image, root=False), 128, np.float32),
    ]:
        assert (found.xy.shape, found.xy.dtype) == ((0, 2), np.float32)
        assert (found.descriptors.shape, found.descriptors.dtype) == ((0, d), dtype)


def test_corners_too_near_the_border_for_brief_leave_no_trace():
    image = np.zeros((60, 60), np.uint8)
    image[5:15, 5:15] = 255
    found = local.orb_brief(image)
    assert len(found.xy) == len(found.descriptors) == 0


def test_sift_is_integers_and_root_sift_has_norm_one(luma):
    plain, root = local.sift(luma, root=False), local.sift(luma)
    assert (plain.descriptors == np.round(plain.descriptors)).all()
    assert plain.descriptors.max() <= 255
    np.testing.assert_allclose(np.linalg.norm(root.descriptors, axis=1), 1, atol=1e-5)
    one = plain.descriptors[0].astype(float)
    np.testing.assert_allclose(root.descriptors[0], np.sqrt(one / one.sum()), atol=1e-6)
    assert len(local.sift(luma, n_features=50).xy) <= 51


def test_features_are_the_same_with_any_number_of_threads(luma):
    before = cv2.getNumThreads()
    try:
        found = []
        for n in (1, 2):
            cv2.setNumThreads(n)
            found.append(local.orb_brief(luma))
    finally:
        cv2.setNumThreads(before)
    with ThreadPoolExecutor(3) as pool:
        found += pool.map(local.orb_brief, [luma] * 6)
    for other in found[1:]:
        np.testing.assert_array_equal(other.xy, found[0].xy)
        np.testing.assert_array_equal(other.descriptors, found[0].descriptors)


@pytest.mark.parametrize(
    "image", [np.zeros((9, 9, 3), np.uint8), np.zeros((9, 9), np.float32), np.zeros((0, 5), np.uint8)]
)
def test_anything_but_grey_bytes_is_refused(image):
    for extract in (local.orb_brief, local.sift):
        with pytest.raises(UserError, match="expected grey uint8"):
            extract(image)


def test_opencv_gets_its_threads_back_whatever_happens():
    def fail() -> None:
        with local.one_opencv_thread():
            raise KeyError(cv2.getNumThreads())

    before = cv2.getNumThreads()
    with pytest.raises(KeyError, match="1"):
        fail()
    assert cv2.getNumThreads() == before
