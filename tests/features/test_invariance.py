"""Features that differ in one thing: which of them follow a picture that is turned."""

import cv2
import numpy as np
import pytest

from vretlib.features import invariance


@pytest.fixture(scope="module")
def upright_and_turned() -> tuple[dict, dict]:
    noise = np.random.default_rng(0).integers(0, 256, (40, 40), dtype=np.uint8)
    picture = cv2.resize(noise, (320, 320), interpolation=cv2.INTER_CUBIC)
    return invariance.describe(picture, 200), invariance.describe(np.ascontiguousarray(np.rot90(picture)), 200)


def typical_distance(kind: str, upright: dict, turned: dict) -> float:
    """The median distance of a feature to the nearest one of the turned picture."""
    a, b = upright[kind], turned[kind]
    if a.dtype == np.uint8:
        every = np.bitwise_count(a[:, None] ^ b[None]).sum(axis=2)
    else:
        every = np.linalg.norm(a[:, None] - b[None], axis=2)
    return float(np.median(every.min(axis=1)))


@pytest.mark.parametrize(
    ("follows", "does_not"),
    [
        (invariance.FOLLOWING, invariance.BRIEF),
        (invariance.FOLLOWING, invariance.MORE),
        (invariance.FOLLOWING, invariance.ELSEWHERE),
        (invariance.SIFT, invariance.UPRIGHT),
    ],
)
def test_only_what_follows_the_angle_is_found_again_in_a_turned_picture(follows, does_not, upright_and_turned):
    assert typical_distance(follows, *upright_and_turned) < 0.6 * typical_distance(does_not, *upright_and_turned)


def test_kinds_have_as_many_features_as_asked_for_and_one_has_twice_as_many(upright_and_turned):
    counts = {kind: len(descriptors) for kind, descriptors in upright_and_turned[0].items()}
    assert counts[invariance.BRIEF] <= 200 < counts[invariance.MORE] <= 400
    assert counts[invariance.SIFT] == counts[invariance.UPRIGHT] <= 201  # OpenCV keeps ties


def test_a_plain_picture_has_no_descriptor_of_any_kind():
    plain = invariance.describe(np.full((100, 120), 90, np.uint8))
    assert {kind: x.shape for kind, x in plain.items()} == {
        kind: (0, 128 if kind in (invariance.SIFT, invariance.UPRIGHT) else 32) for kind in plain
    }
