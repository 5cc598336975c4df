import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.mixture import GaussianMixture

from vretlib.errors import UserError
from vretlib.features.encoding import (
    Mixture,
    Vocabulary,
    bow,
    fisher_vector,
    inverse_document_frequency,
    vlad,
)

# By hand: two words in the plane; the features at (1, 0) and (0, 2) are nearest to the first, (9, 10) to the second.
TWO_WORDS = Vocabulary(np.array([[0, 0], [10, 10]], np.float32))
FEATURES = np.array([[1, 0], [9, 10], [0, 2]], np.float32)


def clustered(rng, n=600, d=4, k=3):
    return (6 * rng.standard_normal((k, d))[rng.integers(0, k, n)] + rng.standard_normal((n, d))).astype(np.float32)


def a_mixture(seed=0, d=4, k=3):
    return Mixture.learn(clustered(np.random.default_rng(seed), d=d, k=k), k, seed=0)


def density(x, mixture):
    """Sum over Gaussians of weight times density, as the textbook has it."""
    z = (np.asarray(x, np.float64)[:, None] - mixture.means) / mixture.sigmas
    single = np.exp(-0.5 * (z**2).sum(axis=2)) / np.prod(np.sqrt(2 * np.pi) * mixture.sigmas, axis=1)
    return mixture.weights * single


def test_bag_of_words_by_hand():
    np.testing.assert_array_equal(TWO_WORDS.assign(FEATURES), [0, 1, 0])
    np.testing.assert_allclose(bow(FEATURES, TWO_WORDS), [2 / 3, 1 / 3])
    np.testing.assert_allclose(bow(FEATURES, TWO_WORDS, idf=[0.5, 3]), [1 / 3, 1])


def test_a_feature_between_two_words_goes_to_the_first():
    np.testing.assert_array_equal(TWO_WORDS.assign([[5, 5]]), [0])


def test_of_equal_words_the_first_has_all_features():
    rng = np.random.default_rng(3)
    words, x = rng.normal(size=(17, 172)).astype(np.float32), rng.normal(size=(3000, 172)).astype(np.float32)
    vocabulary = Vocabulary(np.concatenate([words, words]))
    assert all(vocabulary.assign(x[:n]).max() < 17 for n in range(1, 120))


@pytest.mark.parametrize("encode", [bow, vlad, fisher_vector])
def test_words_alone_are_no_vocabulary(encode):
    with pytest.raises(UserError, match=r"(vocabulary|mixture) is ndarray; expected a (Vocabulary|Mixture)"):
        encode(FEATURES, TWO_WORDS.words)


def test_a_vocabulary_keeps_its_words():
    words = np.array([[0, 0], [10, 10]], np.float32)
    vocabulary = Vocabulary(words)
    words[:] = 1
    assert vocabulary.words.tolist() == [[0, 0], [10, 10]]


def test_many_features_are_assigned_as_one_by_one():
    rng = np.random.default_rng(11)
    x, vocabulary = rng.standard_normal((9000, 3)), Vocabulary(rng.standard_normal((6, 3)).astype(np.float32))
    expected = [np.argmin(((vocabulary.words - feature) ** 2).sum(axis=1)) for feature in x]
    np.testing.assert_array_equal(vocabulary.assign(x), expected)


def test_inverse_document_frequency_by_hand():
    """Word 0 in both images, word 1 in one, word 2 in none."""
    bags = [[0.5, 0.5, 0], [1, 0, 0]]
    np.testing.assert_allclose(inverse_document_frequency(bags), [0, np.log(2), np.log(2)])


def test_inverse_document_frequency_is_that_of_scikit_learn_less_its_one():
    bags = np.random.default_rng(1).integers(0, 3, (12, 30))
    bags[0] = 1  # every word somewhere
    expected = TfidfTransformer(smooth_idf=False).fit(bags).idf_ - 1
    np.testing.assert_allclose(inverse_document_frequency(bags), expected)


def test_vlad_by_hand():
    """Residuals (1, 0) + (0, 2) and (-1, 0)."""
    np.testing.assert_array_equal(vlad(FEATURES, TWO_WORDS, normalisation="none"), [1, 2, -1, 0])
    np.testing.assert_allclose(vlad(FEATURES, TWO_WORDS), np.array([1, 2, -1, 0]) / 6**0.5, rtol=1e-6)
    np.testing.assert_allclose(
        vlad(FEATURES, TWO_WORDS, normalisation="power"), np.array([1, 2**0.5, -1, 0]) / 2, rtol=1e-6
    )
    intra = np.array([1 / 5**0.5, 2 / 5**0.5, -1, 0]) / 2**0.5
    np.testing.assert_allclose(vlad(FEATURES, TWO_WORDS, normalisation="intra"), intra, rtol=1e-6)


def test_vlad_equals_a_loop_over_features():
    rng = np.random.default_rng(2)
    x, vocabulary = rng.standard_normal((200, 8)), Vocabulary(rng.standard_normal((7, 8)).astype(np.float32))
    expected = np.zeros((7, 8))
    for feature in x:
        word = np.argmin(((vocabulary.words - feature) ** 2).sum(axis=1))
        expected[word] += feature - vocabulary.words[word]
    np.testing.assert_allclose(vlad(x, vocabulary, normalisation="none"), expected.ravel(), rtol=1e-5, atol=1e-5)


def test_a_vocabulary_finds_well_separated_clusters_and_the_same_again_from_the_same_seed():
    rng = np.random.default_rng(3)
    centres = 20 * rng.standard_normal((5, 16))
    x = centres[rng.integers(0, 5, 3000)] + 0.1 * rng.standard_normal((3000, 16))
    first, again = (Vocabulary.learn(x, 5, seed=1) for _ in range(2))
    nearest = np.sqrt(((first.words[:, None] - centres) ** 2).sum(axis=2)).min(axis=0)
    assert nearest.max() < 0.1
    np.testing.assert_array_equal(first.words, again.words)
    assert first.words.dtype == np.float32


def test_posteriors_are_bayes_rule_and_scikit_learns():
    mixture = a_mixture()
    x = clustered(np.random.default_rng(9), n=40)
    joint = density(x, mixture)
    np.testing.assert_allclose(mixture.posteriors(x), joint / joint.sum(axis=1, keepdims=True), atol=1e-10)
    theirs = GaussianMixture(3, covariance_type="diag")
    theirs.weights_, theirs.means_, theirs.covariances_ = mixture.weights, mixture.means, mixture.sigmas**2
    theirs.precisions_cholesky_ = 1 / mixture.sigmas
    np.testing.assert_allclose(mixture.posteriors(x), theirs.predict_proba(x.astype(float)), atol=1e-10)


def test_a_mixture_finds_the_moments_of_two_far_gaussians():
    rng = np.random.default_rng(4)
    x = np.concatenate([rng.normal(-50, 1, (3000, 2)), rng.normal(50, 3, (1000, 2))])
    mixture = Mixture.learn(x, 2, seed=0)
    order = np.argsort(mixture.means[:, 0])
    np.testing.assert_allclose(mixture.weights[order], [0.75, 0.25], atol=1e-6)
    np.testing.assert_allclose(mixture.means[order], [[-50, -50], [50, 50]], atol=0.3)
    np.testing.assert_allclose(mixture.sigmas[order], [[1, 1], [3, 3]], rtol=0.1)


def test_fisher_vector_is_the_scaled_numerical_gradient_of_the_mean_log_likelihood():
    mixture = a_mixture(d=2, k=2)
    x = clustered(np.random.default_rng(5), n=30, d=2, k=2)
    vector = fisher_vector(x, mixture, normalisation="none").reshape(2, 2, 2)
    root = np.sqrt(mixture.weights)[:, None]
    information = {"means": mixture.sigmas / root, "sigmas": mixture.sigmas / (np.sqrt(2) * root)}
    for part, (name, scale) in zip(vector, information.items(), strict=True):
        for place in np.ndindex(2, 2):
            values = []
            for step in (1e-5, -1e-5):
                moved = {n: getattr(mixture, n).copy() for n in ("weights", "means", "sigmas")}
                moved[name][place] += step
                values.append(np.log(density(x, Mixture(**moved)).sum(axis=1)).mean())
            gradient = (values[0] - values[1]) / 2e-5
            assert part[place] == pytest.approx(gradient * scale[place], rel=1e-4, abs=1e-6)


def test_fisher_vector_of_one_gaussian_by_hand():
    """w = 1, μ = 1, σ = 2, features 1 and 5: z = 0 and 2, so the mean of z is 1 and (mean of z² − 1)/√2 is 1/√2."""
    mixture = Mixture(np.ones(1), np.ones((1, 1)), np.full((1, 1), 2.0))
    np.testing.assert_allclose(fisher_vector([[1.0], [5.0]], mixture, normalisation="none"), [1, 0.5**0.5], rtol=1e-6)


def test_features_drawn_from_the_mixture_have_a_fisher_vector_near_zero():
    rng = np.random.default_rng(6)
    mixture = a_mixture()
    which = rng.choice(3, 100_000, p=mixture.weights / mixture.weights.sum())
    x = mixture.means[which] + mixture.sigmas[which] * rng.standard_normal((100_000, 4))
    assert np.abs(fisher_vector(x, mixture, normalisation="none")).max() < 5 / 100_000**0.5


def test_fisher_vector_against_scikit_image_whose_sigma_part_has_the_other_sign():
    feature = pytest.importorskip("skimage.feature")
    x = clustered(np.random.default_rng(7), n=50).astype(np.float64)
    gmm = GaussianMixture(3, covariance_type="diag", random_state=0).fit(clustered(np.random.default_rng(8)))
    mixture = Mixture(gmm.weights_, gmm.means_, np.sqrt(gmm.covariances_))
    _, means, sigmas = np.split(feature.fisher_vector(x, gmm), [3, 3 + 12])
    ours = fisher_vector(x, mixture, normalisation="none")
    np.testing.assert_allclose(ours[:12], means, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(ours[12:], -sigmas, rtol=1e-4, atol=1e-6)


def test_power_normalisation_is_the_signed_root_of_length_one():
    x, mixture = clustered(np.random.default_rng(10), n=20), a_mixture()
    plain = fisher_vector(x, mixture, normalisation="none").astype(np.float64)
    root = np.sign(plain) * np.sqrt(np.abs(plain))
    np.testing.assert_allclose(fisher_vector(x, mixture), root / np.linalg.norm(root), rtol=1e-5)


def test_an_image_without_features_is_the_zero_vector():
    none, vocabulary, mixture = np.zeros((0, 4)), Vocabulary(np.ones((3, 4), np.float32)), a_mixture()
    for rule in ("none", "l2", "power", "intra"):
        for vector in (vlad(none, vocabulary, normalisation=rule), fisher_vector(none, mixture, normalisation=rule)):
            assert not vector.any()
    assert not bow(none, vocabulary).any()
    assert [len(v) for v in (bow(none, vocabulary), vlad(none, vocabulary), fisher_vector(none, mixture))] == [
        3,
        12,
        24,
    ]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Vocabulary.learn(FEATURES, 4, seed=0), "k=4: expected 1 to 3.*words from 3 features"),
        (lambda: Mixture.learn(FEATURES, 0, seed=0), "k=0: expected 1 to 3.*Gaussians"),
        (lambda: Vocabulary.learn([[1.0, np.nan]], 1, seed=0), "features, row 0: NaN"),
        (lambda: Vocabulary.learn([1.0, 2.0], 1, seed=0), r"shape \(2,\)"),
        (lambda: bow(np.ones((2, 3)), TWO_WORDS), "3 dimensions, what was learned has 2"),
        (lambda: vlad([[0.0, 1.0], [np.inf, 0.0]], TWO_WORDS), "features, row 1: NaN or infinity"),
        (lambda: vlad(FEATURES, TWO_WORDS, normalisation="l1"), "normalisation='l1': expected one of none, l2"),
        (lambda: fisher_vector(np.ones((2, 3)), a_mixture()), "3 dimensions, what was learned has 4"),
    ],
)
def test_bad_input_says_what_was_expected(call, says):
    with pytest.raises(UserError, match=says):
        call()
