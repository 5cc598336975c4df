"""Words, vocabularies and tf-idf: by hand, and against scikit-learn."""

import math
from collections import Counter

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from vretlib.errors import UserError
from vretlib.features import text
from vretlib.features.text import TfIdf, WordList


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("The Virgin, the Child and St John.", ["the", "virgin", "the", "child", "and", "st", "john"]),
        ("van Gogh's still-life of c. 1650", ["van", "gogh", "of"]),
        ("a 'quoted' word (in brackets); “Café”", ["a", "quoted", "word", "in", "brackets", "café"]),
        ("oil on panel.The Musée d'Orsay has it", ["oil", "on", "musée", "has", "it"]),
        ("Signed by J.M. Turner. Dated. It", ["signed", "by", "turner", "dated", "it"]),
        ("The end is here...", ["the", "end", "is", "here"]),
        ("S&#227;o Paulo--seen from afar", ["s", "o", "paulo", "seen", "from", "afar"]),
        ("12,5 x 1e3 a1", ["x"]),
        ("", []),
        (" .,;- ", []),
    ],
)  # fmt: skip
def test_words_are_tokens_of_letters_alone(written, found):
    assert text.words(written) == found


def test_a_text_of_100_000_words_is_read():
    assert len(text.words("a river, " * 50_000)) == 100_000


COMMENTS = ["the river"] * 10 + ["river of gold"] + ["of"] * 4
# the 10, river 11, of 5, gold 1


def test_the_thesis_takes_words_from_ten_uses_on_and_the_author_from_eleven_without_stop_words():
    assert WordList.of(COMMENTS).words == ("river", "the")
    assert WordList.of(COMMENTS, rule="author").words == ("river",)


def test_all_words_of_titles_count_the_frequent_ones_first():
    titles = ["The Mill", "A Mill", "The Farm by the Sea"]
    assert WordList.of(titles, part="titles").words == ("the", "mill", "a", "farm", "by", "sea")
    assert WordList.of(titles, rule="author", part="titles").words == ("mill", "farm", "sea")


def test_the_largest_vocabulary_keeps_the_most_frequent_words():
    assert WordList.of(COMMENTS, largest=1).words == ("river",)


def test_a_vocabulary_numbers_its_words_in_order():
    assert dict(WordList(("river", "the")).index) == {"river": 0, "the": 1}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"rule": "thesis!"}, "rule='thesis!'; expected 'thesis' or 'author'"),
        ({"part": "dates"}, "part='dates'; expected 'comments' or 'titles'"),
        ({"largest": 0}, "largest=0; expected a number of words"),
    ],
)
def test_another_rule_part_or_size_is_refused(wrong, message):
    with pytest.raises(UserError, match=message):
        WordList.of(COMMENTS, **wrong)


def test_texts_without_a_frequent_word_are_refused():
    with pytest.raises(UserError, match="no word occurs 10 times in the training comments, which have 2 different"):
        WordList.of(["a river"])
    with pytest.raises(UserError, match="no word occurs once in the training titles, which have 0 different"):
        WordList.of(["", "1650"], part="titles")


def test_idf_and_weights_by_hand():
    """Two texts; ``sea`` is in both, ``mill`` in one, twice."""
    model = TfIdf.fit(["mill sea mill", "sea"], WordList(("sea", "mill")))
    rare = math.log(3 / 2) + 1
    np.testing.assert_allclose(model.idf, [1, rare], atol=1e-15)
    length = math.hypot(1, 2 * rare)
    np.testing.assert_allclose(
        model.apply(["mill sea mill", "sea"]).toarray(), [[1 / length, 2 * rare / length], [1, 0]], atol=1e-15
    )


@pytest.mark.parametrize("nothing", ["", "forest", "1650"])
def test_a_text_without_a_word_of_the_vocabulary_is_a_vector_of_zeros(nothing):
    model = TfIdf.fit(["sea"], WordList(("sea",)))
    assert model.apply([nothing, "sea"]).toarray().tolist() == [[0.0], [1.0]]


def test_no_texts_are_no_rows():
    assert TfIdf.fit(["sea"], WordList(("sea",))).apply([]).shape == (0, 1)


@pytest.fixture(scope="module")
def written() -> list[str]:
    """Texts whose words' frequencies fall as in Zipf's law; some are empty."""
    rng = np.random.default_rng(0)
    made = ["".join(chr(97 + int(c)) for c in rng.integers(26, size=4)) for _ in range(500)]
    chance = 1 / np.arange(1, 501)
    return [" ".join(rng.choice(made, n, p=chance / chance.sum())) for n in rng.integers(0, 80, 300)]


def test_counts_and_weights_are_scikit_learns(written):
    vocabulary = WordList.of(written[:200])
    theirs = CountVectorizer(vocabulary=list(vocabulary.words), token_pattern=r"\w+")
    transformer = TfidfTransformer().fit(theirs.transform(written[:200]))
    model = TfIdf.fit(written[:200], vocabulary)
    assert (text.counts(written, vocabulary) - theirs.transform(written)).count_nonzero() == 0
    np.testing.assert_allclose(model.idf, transformer.idf_, rtol=0, atol=1e-12)
    expected = transformer.transform(theirs.transform(written)).toarray()
    np.testing.assert_allclose(model.apply(written).toarray(), expected, rtol=0, atol=1e-12)


def test_learning_reads_once_what_the_single_steps_read_again(written):
    model, vectors = TfIdf.learn(written, rule="author", largest=50)
    vocabulary = WordList.of(written, rule="author", largest=50)
    assert model.vocabulary == vocabulary
    again = TfIdf.fit(written, vocabulary)
    assert model.idf.tolist() == again.idf.tolist()
    assert (vectors - again.apply(written)).count_nonzero() == 0


def test_the_thesis_vocabulary_is_that_of_a_plain_count(written):
    uses = Counter(word for one in written for word in one.split())
    assert set(WordList.of(written).words) == {word for word, n in uses.items() if n >= 10}


def test_the_author_counts_titles_with_comments_and_merges_the_first_and_last_word():
    vocabulary = WordList(("sea", "mill", "farm"))
    merged = text.counts_as_authors(["sea mill", "farm"], ["Sea", "unknown"], vocabulary)
    # Columns: mill, and farm with sea. The first sample has mill once and sea twice.
    assert merged.toarray().tolist() == [[1, 2], [0, 1]]
