"""The drawn sets are neither trivial nor hopeless for raw pixels and HOG, which the levels were fixed by."""

import cv2
import numpy as np
import pytest

from vretlib.datasets.faces.embedded import embedded

HOG = cv2.HOGDescriptor((64, 64), (16, 16), (8, 8), (8, 8), 9)


def pixels(crop):
    return cv2.resize(crop, (16, 16), interpolation=cv2.INTER_AREA).ravel().astype(float)


def gradients(crop):
    return HOG.compute(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)).ravel().astype(float)


def mean_vectors(videos, feature):
    """The mean of a video's vectors of length 1, of length 1."""
    means = []
    for crops in videos.frames:
        x = np.stack([feature(crop) for crop in crops])
        mean = (x / np.linalg.norm(x, axis=1, keepdims=True)).mean(axis=0)
        means.append(mean / np.linalg.norm(mean))
    return np.stack(means)


def mean_ap(faces, feature):
    """Mean AP of test videos over all training videos by cosine, written out."""
    xq, xb = mean_vectors(faces.test, feature), mean_vectors(faces.train, feature)
    aps = []
    for x, person in zip(xq, faces.test.persons, strict=True):
        right = faces.train.persons[np.argsort(-(xb @ x), kind="stable")] == person
        hits = np.flatnonzero(right)
        aps.append(np.mean([(k + 1) / (at + 1) for k, at in enumerate(hits)]))
    return float(np.mean(aps))


SMALL = {"a": {"train": 4, "test": 2}, "b": {"train": 3, "test": 1}}


@pytest.mark.parametrize(("which", "least", "most"), [("a", 0.15, 0.45), ("b", 0.1, 0.35)])
def test_a_few_videos_of_each_person_are_found_by_raw_pixels_now_and_then(which, least, most):
    faces = embedded(which, 0, **SMALL[which], shortest=3, longest=3)
    assert least < mean_ap(faces, pixels) < most
    assert least < mean_ap(faces, gradients) < most


@pytest.mark.slow
@pytest.mark.parametrize(
    ("which", "by_pixels", "by_gradients"), [("a", (0.15, 0.35), (0.15, 0.35)), ("b", (0.1, 0.25), (0.1, 0.25))]
)
def test_the_sets_as_they_are_used_have_the_difficulty_that_was_aimed_at(which, by_pixels, by_gradients):
    faces = embedded(which)
    assert by_pixels[0] < mean_ap(faces, pixels) < by_pixels[1]
    assert by_gradients[0] < mean_ap(faces, gradients) < by_gradients[1]
