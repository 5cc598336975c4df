import numpy as np
import pytest
import torch

from vretlib.errors import UserError
from vretlib.models import pairs

LABELS = np.array([7, 3, 7, 7, 5, 3, 7, 9])  # four of 7, two of 3, one of 5, one of 9; out of order


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def counts(values, n):
    return np.bincount(np.asarray(values), minlength=n)


def near(observed, expected):
    """Within five standard deviations of a binomial count."""
    return np.abs(observed - expected) < 5 * np.sqrt(np.maximum(expected, 1))


@pytest.mark.parametrize("d", [2, 16, 512])
def test_warm_up_labels_are_the_inner_products_of_unit_vectors(d):
    x, y, cosine = pairs.warm_up_pairs(2000, d, seeded())
    x64, y64 = x.double().numpy(), y.double().numpy()
    np.testing.assert_allclose(np.linalg.norm(x64, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(y64, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(cosine.numpy(), np.einsum("nd,nd->n", x64, y64), atol=1e-6)


def test_warm_up_cosines_are_spread_evenly_and_directions_have_no_bias():
    x, y, cosine = pairs.warm_up_pairs(20_000, 64, seeded(1))
    tenths = counts(((cosine + 1) * 5).long().clamp(0, 9), 10)
    assert near(tenths, 2000).all(), tenths
    for vectors in (x, y):
        assert float(vectors.mean(0).abs().max()) < 5 / np.sqrt(64 * 20_000)


def test_independent_pairs_have_cosines_of_variance_one_over_d():
    x, y, cosine = pairs.independent_pairs(5000, 512, seeded(2))
    torch.testing.assert_close(cosine, (x * y).sum(1))
    assert abs(float(cosine.mean())) < 5 / np.sqrt(512 * 5000)
    assert float(cosine.var()) == pytest.approx(1 / 512, rel=5 * np.sqrt(2 / 5000))


def test_random_pairs_are_half_matches_and_never_an_image_with_itself():
    i, j, match = pairs.random_pairs(LABELS, 10_000, seeded())
    assert int(match.sum()) == 5000
    assert (i != j).all()
    np.testing.assert_array_equal(LABELS[i] == LABELS[j], match)
    assert 400 < int(match[:1000].sum()) < 600  # shuffled


def test_random_pairs_take_every_eligible_image_equally_often_as_documented():
    """Matches start from one of the 6 images that have a positive, then any other of its class; non-matches from any
    of the 8, then any of the other classes.
    """
    n = 48_000
    i, j, match = pairs.random_pairs(LABELS, 2 * n, seeded(3))
    alike = np.zeros((8, 8))
    np.add.at(alike, (i[match].numpy(), j[match].numpy()), 1)
    other = np.zeros((8, 8))
    np.add.at(other, (i[~match].numpy(), j[~match].numpy()), 1)
    same = LABELS[:, None] == LABELS[None]
    n_positives = same.sum(1) - 1
    expected = np.where(same & ~np.eye(8, dtype=bool), n / 6 / np.maximum(n_positives, 1)[:, None], 0)
    assert near(alike, expected).all()
    assert near(other, np.where(same, 0, n / 8 / (8 - same.sum(1))[:, None])).all()


def test_pairs_and_triplets_come_from_the_seed():
    assert all(map(torch.equal, pairs.random_pairs(LABELS, 50, seeded()), pairs.random_pairs(LABELS, 50, seeded())))
    assert not torch.equal(pairs.random_pairs(LABELS, 50, seeded(1)).i, pairs.random_pairs(LABELS, 50, seeded()).i)


def test_labels_may_be_words():
    names = np.array(["tower", "bridge", "tower"])
    i, j, match = pairs.random_pairs(names, 20, seeded())
    np.testing.assert_array_equal(names[i] == names[j], match)


def test_triplets_have_a_positive_and_a_negative():
    i, j, k = pairs.random_triplets(LABELS, 5000, seeded())
    assert (i != j).all()
    assert (LABELS[i] == LABELS[j]).all()
    assert (LABELS[i] != LABELS[k]).all()
    assert set(k.tolist()) == set(range(8))


def test_difficult_pairs_of_a_hand_worked_case():
    """Images 0 and 1 match, 2 is alone. Scores below the cosine are worse for the match, above it for the others."""
    cosine = np.full((3, 3), 0.5)
    scores = np.array([[0.0, 0.4, 0.6], [0.7, 0.0, 0.5], [0.2, 0.9, 0.0]])
    found = pairs.difficult_pairs([4, 4, 8], scores, cosine)
    assert list(zip(found.i.tolist(), found.j.tolist(), found.match.tolist(), strict=True)) == [
        (0, 1, True),  # 0.4 < 0.5; (1, 0) scores 0.7 and is fine; (1, 2) is equal, not worse
        (0, 2, False),
        (2, 1, False),
    ]


def test_a_batch_of_classes_has_that_many_different_images_of_each():
    labels = np.repeat(np.arange(6), [1, 2, 5, 5, 5, 5])
    ids = pairs.sample_classes(labels, 4, 3, seeded())
    found, sizes = np.unique(labels[ids], return_counts=True)
    assert len(np.unique(ids)) == len(ids)
    assert len(found) == 4
    assert 0 not in found  # one image has no positive
    assert (sizes == np.where(found == 1, 2, 3)).all()
    seen = torch.cat([pairs.sample_classes(labels, 4, 3, seeded(s)) for s in range(60)])
    assert set(seen.tolist()) == set(range(1, 23))


def test_pairs_within_a_batch_are_different_and_in_equal_halves():
    labels = np.array([1, 1, 1, 2, 2, 3])
    i, j, match = pairs.pairs_within(labels, 8, seeded())
    assert int(match.sum()) == 4 == int((~match).sum())
    assert len(set(zip(i.tolist(), j.tolist(), strict=True))) == 8
    assert (i != j).all()
    np.testing.assert_array_equal(labels[i] == labels[j], match)
    assert pairs.pairs_within(labels, 100, seeded()).n == 2 * (3 * 2 + 2)  # all matches there are, and as many others


def test_pairs_can_be_joined_and_taken():
    both = pairs.random_pairs(LABELS, 4, seeded()) + pairs.random_pairs(LABELS, 2, seeded(1))
    assert both.n == 6
    assert torch.equal(both.take(torch.tensor([5, 0])).i, both.i[[5, 0]])


@pytest.mark.parametrize(
    ("labels", "n", "words"),
    [
        (LABELS, 3, "even"),
        (LABELS, -2, "n=-2"),
        ([1, 1, 1], 2, "two classes"),
        ([1, 2, 3], 2, "two images"),
        ([], 2, "two classes"),
    ],
)
def test_labels_that_allow_no_pairs_are_refused(labels, n, words):
    with pytest.raises(UserError, match=words):
        pairs.random_pairs(labels, n, seeded())


@pytest.mark.parametrize("draw", [pairs.random_pairs, pairs.random_triplets])
def test_pairs_are_drawn_from_a_generator(draw):
    with pytest.raises(UserError, match="generator is int"):
        draw([0, 0, 1], 2, 0)


def test_batches_that_cannot_be_are_refused():
    with pytest.raises(UserError, match="3 classes with 2 images"):
        pairs.sample_classes(LABELS, 3, 2, seeded())
