import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.features.sentences import SentenceVectors, split, steps

COMMENTS = [
    "The saint holds a book. A red book lies open.",
    "A ship sails. The sea is calm and the ship is small.",
] * 10


def test_a_sentence_ends_after_a_word_and_not_after_an_abbreviation():
    assert split("Painted for St. Mark's c. 1500. It shows a saint! Why? 12.") == [
        "Painted for St. Mark's c. 1500. It shows a saint!", "Why?",
    ]  # fmt: skip
    assert split("") == []


def test_sentences_about_one_thing_are_nearer_than_sentences_about_two():
    learned = SentenceVectors.learn(COMMENTS, 2)
    x, starts = steps(learned, ["The saint lies. A red saint.", "A calm sea."])
    np.testing.assert_array_equal(starts, [0, 2, 3])
    assert x[0] @ x[1] > x[0] @ x[2]
    np.testing.assert_allclose(np.linalg.norm(x, axis=1), 1, atol=1e-6)


def test_vectors_are_the_projection_on_the_leading_singular_vectors():
    """Against numpy's full decomposition of the training sentences."""
    learned = SentenceVectors.learn(COMMENTS, 2)
    sentences = [sentence for comment in COMMENTS for sentence in split(comment)]
    x = learned.tf_idf.apply(sentences).toarray()
    _, values, axes = np.linalg.svd(x, full_matrices=False)
    np.testing.assert_allclose(learned.axes @ learned.axes.T, axes[:2].T @ axes[:2], atol=1e-5)
    assert values[1] > values[2]


def test_the_largest_component_of_an_axis_is_positive_on_every_processor():
    axes = SentenceVectors.learn(COMMENTS, 6).axes
    largest = np.abs(axes).argmax(axis=0)
    assert (axes[largest, np.arange(axes.shape[1])] > 0).all()


def test_a_comment_without_a_word_has_one_vector_of_zeros():
    x, starts = steps(SentenceVectors.learn(COMMENTS, 2), ["", "1500.", "The saint."])
    np.testing.assert_array_equal(starts, [0, 1, 2, 3])
    np.testing.assert_array_equal(x[:2], 0)


def test_no_more_dimensions_than_words_and_at_least_two_sentences():
    learned = SentenceVectors.learn(COMMENTS, 500)
    assert learned.d == min(len(learned.tf_idf.idf), 4 * 10) - 1
    with pytest.raises(UserError, match="1 sentences"):
        SentenceVectors.learn(["One sentence."])
