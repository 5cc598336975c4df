"""Tables of what descriptors keep of altered photographs, on cases that can be worked by hand."""

import numpy as np
import pytest

from vretlib.features import altered, robustness
from vretlib.features.local import LocalFeatures


@pytest.fixture(scope="module")
def noise():
    """Two textures of blocks of four pixels, which have corners everywhere."""
    rng = np.random.default_rng(1)
    return {
        name: np.kron(rng.integers(0, 256, (40, 60, 3)), np.ones((4, 4, 1))).astype(np.uint8) for name in ("one", "two")
    }


def test_brief_compares_brightness_within_a_patch_so_that_light_changes_no_bit_and_turning_many(noise):
    table = robustness.of_codes(noise, 20, n_features=100)
    assert list(table.index) == [*altered.NAMES, "another point"]
    assert table.loc["half as bright", "Median bits"] <= 2  # neighbours that differ by 1 may become equal
    assert table.loc["left three fifths", "Median bits"] == 0
    assert table.loc["left three fifths", "Points"] < table.loc["half as bright", "Points"]
    assert table.loc["turned by 5°", "Median bits"] < table.loc["turned by 20°", "Median bits"]
    assert 100 < table.loc["another point", "Median bits"] < 156  # half of 256 bits, as of two coins


def features(xy, descriptors):
    return LocalFeatures(np.array(xy, np.float32), np.array(descriptors, np.float32))


def test_matches_are_right_where_they_lead_to_the_expected_place():
    first = features([[0, 0], [1, 0], [2, 0], [3, 0]], [[0.0], [1.0], [1.2], [9.0]])
    second = features([[5, 0], [6, 0]], [[0.1], [1.0]])
    expected = np.array([[5, 1], [6, 0], [7, 0], [np.nan, np.nan]])
    table = robustness.of_matches(first, second, expected, [0.05, 0.5, 100], near=1.0)
    assert table["nearest|matches"].tolist() == [1, 3, 3]  # the last point's place is not known
    assert table["nearest|right"].tolist() == [1, 1, 1]  # the third leads to (6, 0), one pixel beside (7, 0)
    assert table["mutual|matches"].tolist() == [1, 2, 2]
    wrong = robustness.of_matches(first, second, expected, [0.01, 0.5], near=0.5)
    assert np.isclose(wrong["nearest|right"], [1, 1 / 3]).all()


def test_without_matches_there_is_no_share():
    first, second = features([[0, 0]], [[0.0]]), features([[0, 0]], [[1.0]])
    table = robustness.of_matches(first, second, np.zeros((1, 2)), [0.5], near=1.0)
    assert table["nearest|matches"].item() == 0
    assert np.isnan(table["nearest|right"].item())


def test_copies_find_their_photographs_by_the_cosine_of_their_vectors():
    """Mean colours of a red, a green and a blue image: no alteration changes their direction."""
    images = {name: np.zeros((40, 60, 3), np.uint8) for name in ("red", "green", "blue")}
    for channel, image in enumerate(images.values()):
        image[..., channel] = 200

    def mean_colour(photographs):
        colours = np.array([p.mean(axis=(0, 1)) for p in photographs])
        return (colours / np.linalg.norm(colours, axis=1, keepdims=True)).astype(np.float32)

    def mostly_red(photographs):
        return np.array([[1.0, 0.0] if p[..., 1].mean() < 100 else [0.6, 0.8] for p in photographs], np.float32)

    found = robustness.of_vectors(images, {"colour": mean_colour, "red": mostly_red})
    assert len(found) == 2 * 3 * len(altered.NAMES)
    for name in altered.NAMES:
        assert found[name, "colour|Found"].tolist() == [1, 1, 1]
        assert np.allclose(found[name, "colour|Own"], 1, atol=0.01)
        assert np.allclose(found[name, "colour|Nearest other"], 0, atol=0.1)
    # Red and blue have one vector, so that neither is nearer to its own photograph than to the other.
    assert found["blurred, σ = 2", "red|Found"].tolist() == [0, 1, 0]
    np.testing.assert_allclose(found["blurred, σ = 2", "red|Nearest other"], [1, 0.6, 1])


def test_a_single_vector_is_compared_with_every_frame():
    x = np.array([[1, 0], [0, 1], [0.6, 0.8]], np.float32)
    table = robustness.of_pools(x, {"first": x[0]})
    assert np.allclose(table.loc["first"], [1.6 / 3, 0])
