import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.evaluation import cross_modal, ranking


def vectors(n, d, seed):
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


def by_argsort(xq, xb):
    """The full ranking, by the stable sort that all other measures use."""
    order = ranking.rank(xq @ xb.T)
    return 1 + np.argmax(order == np.arange(len(xq))[:, None], axis=1)


def test_ranks_worked_out_by_hand():
    """Query 0 at 10°, 1 at 80°; images at 0° and 45°: query 0 finds its own first, query 1 its own first."""
    at = lambda *degrees: np.array([(np.cos(np.radians(a)), np.sin(np.radians(a))) for a in degrees])  # noqa: E731
    np.testing.assert_array_equal(cross_modal.ranks(at(10, 80), at(0, 45)), [1, 1])
    np.testing.assert_array_equal(cross_modal.ranks(at(80, 10), at(0, 45)), [2, 2])
    np.testing.assert_array_equal(cross_modal.ranks(at(10, 80, 20), at(45, 90, 0)), [2, 1, 1])


@pytest.mark.parametrize("scores", [1, 7, 40, 1 << 23])
def test_blocks_of_any_size_give_the_ranks_of_the_full_sort(monkeypatch, scores):
    """Whole numbers, so that sums are exact and many cosines are equal: -1, 0, 1 in 3 dimensions, scaled."""
    monkeypatch.setattr(cross_modal, "_SCORES", scores)
    rng = np.random.default_rng(0)
    xq, xb = np.zeros((2, 40, 4), np.float32)
    xq[np.arange(40), rng.integers(4, size=40)] = rng.choice([-1, 1], 40)
    xb[np.arange(40), rng.integers(4, size=40)] = rng.choice([-1, 1], 40)
    np.testing.assert_array_equal(cross_modal.ranks(2 * xq, xb), by_argsort(xq, xb))
    np.testing.assert_array_equal(cross_modal.both(2 * xq, xb).image_to_text, by_argsort(xb, xq))
    assert len(np.unique(xq @ xb.T)) == 3


def test_both_directions_of_real_vectors():
    texts, images = vectors(300, 16, 1), vectors(300, 16, 2)
    unit = [x / np.linalg.norm(x, axis=1, keepdims=True) for x in (texts, images)]
    found = cross_modal.both(texts, images)
    np.testing.assert_array_equal(found.text_to_image, by_argsort(*unit))
    np.testing.assert_array_equal(found.image_to_text, by_argsort(*unit[::-1]))


def test_equal_items_of_other_blocks_are_equal(monkeypatch):
    """Copies of one text and of one image, far apart: each is found after the copies that stand before it."""
    monkeypatch.setattr(cross_modal, "_SCORES", 100 * 1000)
    texts, images = vectors(1000, 32, 3), vectors(1000, 32, 4)
    images[::250], texts[::250] = texts[0], texts[0]
    found = cross_modal.both(texts, images)
    np.testing.assert_array_equal(found.text_to_image[::250], [1, 2, 3, 4])
    np.testing.assert_array_equal(found.image_to_text[::250], [1, 2, 3, 4])


@pytest.mark.parametrize("seed", range(20))
def test_copies_are_equal_wherever_a_product_of_matrices_rounds_them(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    n, d = int(rng.integers(100, 900)), int(rng.integers(3, 200))
    monkeypatch.setattr(cross_modal, "_SCORES", int(rng.integers(n * 20, n * 500)))
    texts, images = vectors(n, d, seed), vectors(n, d, seed + 100)
    at = np.sort(rng.choice(n, 6, replace=False))
    images[at], texts[at[:4]] = texts[at[0]], texts[at[0]]
    found = cross_modal.both(texts, images)
    np.testing.assert_array_equal(found.text_to_image[at[:4]], [1, 2, 3, 4])
    np.testing.assert_array_equal(found.image_to_text[at[:4]], [1, 2, 3, 4])


def test_of_equal_cosines_the_smaller_row_comes_first():
    np.testing.assert_array_equal(cross_modal.ranks(np.zeros((4, 2)), vectors(4, 2, 0)), [1, 2, 3, 4])


def test_recall_counts_the_ranks_up_to_k():
    np.testing.assert_array_equal(cross_modal.at([1, 5, 6, 2], 5), [1, 1, 0, 1])
    with pytest.raises(UserError, match="from 1"):
        cross_modal.at([0, 1], 5)


def test_the_random_row_is_what_a_simulation_gives():
    """Of 1,069 as in the thesis, whose own row says 539, .0008, .004 and .009."""
    n, rng = 1069, np.random.default_rng(5)
    drawn = 1 + rng.integers(n, size=(400, n))
    medians, expected = np.median(drawn, axis=1), np.median(cross_modal.random_ranks(n))
    assert expected == 535
    assert abs(medians.mean() - expected) < 4 * medians.std() / 20
    for k in cross_modal.KS:
        shares = (drawn <= k).mean(axis=1)
        assert abs(shares.mean() - cross_modal.random_at(n, k).mean()) < 4 * shares.std() / 20


def test_a_pool_is_won_by_its_first_image_alone():
    images = np.eye(3, dtype=np.float32)
    texts = np.array([[1, 0.5, 0], [1, 0.5, 0], [0.5, 0.5, 0.5]], np.float32)
    np.testing.assert_array_equal(cross_modal.among(texts, images, [[0, 1, 2], [1, 0], [1, 2], [2, 1]]), [1, 0, 1, 0])
    with pytest.raises(UserError, match="at least 2"):
        cross_modal.among(texts, images, [[0]])


@pytest.mark.parametrize(("xq", "xb", "message"), [
    (np.ones((2, 3)), np.ones((3, 3)), "3 rows"), (np.ones((2, 3)), np.ones((2, 4)), "4"),
    (np.full((2, 3), np.nan), np.ones((2, 3)), "NaN"),
])  # fmt: skip
def test_what_does_not_belong_together_is_refused(xq, xb, message):
    with pytest.raises(UserError, match=message):
        cross_modal.ranks(xq, xb)


def test_text_vectors_with_nan_are_to_be_computed_again():
    with pytest.raises(UserError, match=r"texts, row 1: NaN or infinity; expected finite numbers: compute that row"):
        cross_modal.both([[1.0, 0.0], [np.nan, 0.0]], np.eye(2))
