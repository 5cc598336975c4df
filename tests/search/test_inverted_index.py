"""An inverted index gives the cosines of the dense product of tf-idf vectors."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.features import encoding, unit_vectors
from vretlib.search.inverted_index import InvertedIndex

K = 40


def bag_of(lists):
    return np.array([word for words in lists for word in words], np.int64), np.cumsum([0, *map(len, lists)])


def drawn(n, seed, most=30):
    rng = np.random.default_rng(seed)
    return [rng.zipf(1.5, rng.integers(0, most)).clip(max=K) - 1 for _ in range(n)]


DATABASE, QUERIES = drawn(60, 0), drawn(7, 1)


def dense(lists, idf):
    """The library's bags of words, one image at a time: word w stands at the number w on a line."""
    vocabulary = encoding.Vocabulary(np.arange(K)[:, None])
    rows = [encoding.bow(np.array(words, float).reshape(-1, 1), vocabulary, idf=idf) for words in lists]
    return unit_vectors.l2(np.array(rows))


def counted(lists):
    return np.array([np.bincount(words, minlength=K) for words in lists])


@pytest.mark.parametrize("size", [1, 7, 60])
def test_scores_are_those_of_the_dense_product_whatever_the_blocks(size):
    index = InvertedIndex.build((bag_of(DATABASE[i : i + size]) for i in range(0, 60, size)), K)
    np.testing.assert_allclose(
        index.idf[counted(DATABASE).any(axis=0)],
        encoding.inverse_document_frequency(counted(DATABASE))[counted(DATABASE).any(axis=0)],
    )
    expected = dense(QUERIES, index.idf) @ dense(DATABASE, index.idf).T
    xq = index.queries(*bag_of(QUERIES))
    np.testing.assert_allclose(xq, dense(QUERIES, index.idf), atol=1e-6)
    np.testing.assert_allclose(index.scores(xq), expected, atol=1e-6)
    np.testing.assert_allclose(index.vectors([5, 3]), dense([DATABASE[5], DATABASE[3]], index.idf), atol=1e-6)
    assert index.scores(xq).dtype == np.float32


def test_lists_and_weights_by_hand():
    """Three images: words 0 0 1, word 1, words 1 2. Word 1 is in all of them, and so in no list."""
    index = InvertedIndex.build([bag_of([[0, 0, 1], [1], [1, 2]])], 4)
    assert index.offsets.tolist() == [0, 1, 1, 2, 2]
    assert index.images.tolist() == [0, 2]
    assert index.weights.tolist() == [1, 1]
    np.testing.assert_allclose(index.idf, [np.log(3), 0, np.log(3), 0])
    found = index.scores(index.queries([0, 2, 1], [0, 2, 3]))
    np.testing.assert_allclose(found, [[0.5**0.5, 0, 0.5**0.5], [0, 0, 0]], rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.int32, np.int64])
def test_words_and_offsets_that_are_given_stay_as_they_are(dtype):
    words, offsets = np.array([3, 3, 1, 1, 2], dtype), np.array([0, 4, 5], dtype)
    index = InvertedIndex.build([(words, offsets)], 4)
    index.queries(words, offsets)
    assert words.tolist() == [3, 3, 1, 1, 2]
    assert offsets.tolist() == [0, 4, 5]


def test_an_entry_takes_eight_bytes():
    index = InvertedIndex.build([bag_of(DATABASE)], K)
    assert index.images.nbytes + index.weights.nbytes == 8 * len(index.images)
    assert index.nbytes == 8 * len(index.images) + 8 * (K + 1) + 8 * K


def test_images_and_queries_without_words_have_cosine_0():
    index = InvertedIndex.build([bag_of([[], [2], [3]])], K)
    assert index.scores(index.queries([], [0, 0])).tolist() == [[0, 0, 0]]
    assert index.vectors([0]).tolist() == [[0] * K]
    assert index.scores(np.zeros((0, K))).shape == (0, 3)


@pytest.mark.parametrize(
    ("bags", "message"),
    [
        ([], "no image to build an index of"),
        ([([], [0])], "no image to build an index of"),
        ([([K], [0, 1])], f"words holds {K}; expected 0 to {K - 1}"),
        ([([1, 2], [0, 1])], "offsets"),
    ],
)
def test_what_makes_no_index_is_refused(bags, message):
    with pytest.raises(UserError, match=message):
        InvertedIndex.build(bags, K)


def test_a_query_of_other_words_is_refused():
    index = InvertedIndex.build([bag_of(DATABASE)], K)
    with pytest.raises(UserError, match="xq has 3 dimensions, the index has words 40"):
        index.scores([[0.0, 1, 0]])
