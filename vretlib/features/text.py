"""Texts as bags of words weighted by tf-idf, as the thesis encodes comments and titles (§7.3.2, BOWc and BOWa).

``words`` cuts a text into words, a `WordList` numbers those that count, `counts` counts them and `TfIdf` weights the
counts, for comments and titles apart (equation 7.4).

A text that is empty, or that has no word of the vocabulary, is a vector of zeros: it has no direction, and its cosine
with everything is 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from vretlib.errors import UserError
from vretlib.features.stop_words import STOP_WORDS

F64 = NDArray[np.float64]

RULES = ("thesis", "author")
PARTS = ("comments", "titles")

AT_LEAST: Mapping[tuple[str, str], int] = {
    ("thesis", "comments"): 10,
    ("author", "comments"): 11,
    ("thesis", "titles"): 1,
    ("author", "titles"): 1,
}
"""How often a word must occur in the training texts, by rule and part: the author's code asks for *more* than 10."""

_APART = str.maketrans(dict.fromkeys(',;:?!"()[]{}<>&%$#@«»“”„…', " "))
_QUOTES = "'`‘’"
_ENDINGS = ("s", "m", "d", "ll", "re", "ve")
"""What an apostrophe ties to a word, and what is cut off."""


def words(text: str) -> list[str]:
    """The words of a text in lower case, in their order: the tokens that consist only of letters.

    Tokens are cut as NLTK cuts them in the author's code: spaces, commas, brackets, quotation marks and the full stop
    that ends a sentence stand apart, and 's is cut off too. A token with a hyphen, a digit or a full stop inside
    (``still-life``, ``1650s``, ``panel.The``) is no word. NLTK learned from a corpus which full stops end a sentence;
    here a full stop does so after three letters or more. Of the 100,267 words that NLTK finds in the comments of
    SemArt's validation set, 100,195 are found here too; the 1,095 words that occur more than ten times are the same
    except for one.
    """
    tokens = text.lower().replace("--", " ").replace("...", " ").rstrip(" .").translate(_APART).split()
    return [word for token in tokens if (word := token if token.isalpha() else _bare(token))]


def _bare(token: str) -> str:
    """A token without quotation marks, full stop at its end and ending after an apostrophe; "" if it is no word."""
    token = token.strip(_QUOTES)
    if token.endswith("."):
        token = token.rstrip(".").rstrip(_QUOTES)
        if len(token) < 3:  # an abbreviation or an initial
            return ""
    if not token.isalpha():
        token, _, ending = token.replace("’", "'").rpartition("'")
        if ending not in _ENDINGS:
            return ""
    return token if token.isalpha() else ""


@dataclass(frozen=True)
class WordList:
    """The words that count, the most frequent first; words that are equally frequent in the order of their first use.

    Attributes
    ----------
    words: each once, in lower case. The number of a word is its position.
    """

    words: tuple[str, ...]

    @classmethod
    def of(
        cls, texts: Iterable[str], rule: str = "thesis", part: str = "comments", largest: int | None = None
    ) -> WordList:
        """The vocabulary of the training texts.

        Parameters
        ----------
        texts: comments or titles of the training set.
        rule: ``"thesis"`` takes all words that occur at least ten times in comments, and all words of titles (§7.3.2);
            ``"author"`` takes those that occur more than ten times in comments, and leaves `STOP_WORDS` out of both.
        part: ``"comments"`` or ``"titles"``.
        largest: maximum number of words, the most frequent ones; None takes all. The thesis has 3,000 for comments
            where it uses CCA (§7.4.2).

        Raises
        ------
        UserError: another rule or part, a ``largest`` below 1, or no word is frequent enough.
        """
        numbered = _numbered(texts)
        return cls(tuple(numbered.words[number] for number in _chosen(numbered, rule, part, largest)))

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Word -> its number."""
        return {word: number for number, word in enumerate(self.words)}

    @property
    def size(self) -> int:
        """Number of words."""
        return len(self.words)


def counts(texts: Sequence[str], vocabulary: WordList) -> sparse.csr_array:
    """How often each word of the vocabulary occurs in each text: (n, size), float64, without stored zeros.

    The author's code counts in eight bits, so that 256 uses of a word in a text count as none; this function does not.
    """
    number = vocabulary.index.get
    numbers = [[found for word in words(text) if (found := number(word)) is not None] for text in texts]
    return _counted(*_flat(numbers), vocabulary.size)


def counts_as_authors(comments: Sequence[str], titles: Sequence[str], vocabulary: WordList) -> sparse.csr_array:
    """The counts that the author's code gives to CCA: (n, size - 1), float64.

    It counts the words of titles with the comments' vocabulary, in the same vector as the comment, and its matrix has
    one column too few: the first and the last word of the vocabulary share the last one.
    """
    together = counts([f"{comment}\n{title}" for comment, title in zip(comments, titles, strict=True)], vocabulary)
    wrapped = together.tocsc()[:, 1:].tolil()
    wrapped[:, [-1]] = together[:, [-1]] + together[:, [0]]
    return sparse.csr_array(wrapped)


def inverse_frequency(counted: sparse.csr_array) -> F64:
    """Each word's idf = ln((1 + n) / (1 + df)) + 1, float64 (size,), where df of the n texts contain the word.

    This is scikit-learn's default, and is found in the author's published weights (n = 19,244).
    """
    having = np.bincount(counted.indices[counted.data != 0], minlength=counted.shape[1])
    return np.asarray(np.log((1 + counted.shape[0]) / (1 + having)) + 1)


def weighted(counted: sparse.csr_array, idf: F64) -> sparse.csr_array:
    """Counts times idf, each text's vector scaled to length 1: (n, size), float64. A row of zeros stays zero."""
    data = counted.data * idf[counted.indices]
    rows = np.repeat(np.arange(counted.shape[0]), np.diff(counted.indptr))
    length = np.sqrt(np.bincount(rows, data * data, minlength=counted.shape[0]))
    data /= length[rows]
    return sparse.csr_array((data, counted.indices, counted.indptr), shape=counted.shape)


@dataclass(frozen=True, eq=False)
class TfIdf:
    """Texts of one kind as tf-idf vectors.

    Attributes
    ----------
    vocabulary: the words that count.
    idf: (size,) float64, see `inverse_frequency`.
    """

    vocabulary: WordList
    idf: F64

    @classmethod
    def fit(cls, texts: Sequence[str], vocabulary: WordList) -> TfIdf:
        """The idf of the training texts."""
        return cls(vocabulary, inverse_frequency(counts(texts, vocabulary)))

    @classmethod
    def learn(
        cls, texts: Sequence[str], rule: str = "thesis", part: str = "comments", largest: int | None = None
    ) -> tuple[TfIdf, sparse.csr_array]:
        """Vocabulary and idf of the training texts, and their vectors as `apply` gives them; the texts are read once.

        Parameters and errors as in `WordList.of`.
        """
        numbered = _numbered(texts)
        chosen = _chosen(numbered, rule, part, largest)
        place = np.full(len(numbered.words), -1, np.int32)
        place[chosen] = np.arange(len(chosen))
        flat = place[numbered.flat]
        before = np.concatenate([[0], np.cumsum(flat >= 0)])
        counted = _counted(flat[flat >= 0], before[numbered.starts], len(chosen))
        idf = inverse_frequency(counted)
        vocabulary = WordList(tuple(numbered.words[number] for number in chosen))
        return cls(vocabulary, idf), weighted(counted, idf)

    def apply(self, texts: Sequence[str]) -> sparse.csr_array:
        """Vectors (n, size), float64, of length 1, or zero for a text without a word of the vocabulary."""
        return weighted(counts(texts, self.vocabulary), self.idf)


@dataclass(frozen=True, eq=False)
class _Numbered:
    """Texts as numbers of their words, which are numbered in the order of their first use.

    Attributes
    ----------
    words: the different words.
    flat: (total,) int32, the numbers of the words of all texts.
    starts: (n + 1,), where each text begins.
    """

    words: tuple[str, ...]
    flat: NDArray[np.int32]
    starts: NDArray[np.int64]


def _numbered(texts: Iterable[str]) -> _Numbered:
    number: defaultdict[str, int] = defaultdict()
    number.default_factory = number.__len__
    flat, starts = _flat([[number[word] for word in words(text)] for text in texts])
    return _Numbered(tuple(number), flat, starts)


def _flat(numbers: Sequence[Sequence[int]]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The numbers of all texts one after another, and where each text begins, (n + 1,)."""
    starts = np.zeros(len(numbers) + 1, np.int64)
    np.cumsum([len(found) for found in numbers], out=starts[1:])
    return np.fromiter(chain.from_iterable(numbers), np.int32, int(starts[-1])), starts


def _chosen(numbered: _Numbered, rule: str, part: str, largest: int | None) -> NDArray[np.int64]:
    """Numbers of the words of a vocabulary, in its order; see `WordList.of`."""
    if rule not in RULES:
        raise UserError(f"rule={rule!r}; expected {' or '.join(map(repr, RULES))}")
    if part not in PARTS:
        raise UserError(f"part={part!r}; expected {' or '.join(map(repr, PARTS))}")
    if largest is not None and largest < 1:
        raise UserError(f"largest={largest}; expected a number of words, at least 1, or None for all")
    at_least = AT_LEAST[rule, part]
    uses = np.bincount(numbered.flat, minlength=len(numbered.words))
    if rule == "author":
        uses[[word in STOP_WORDS for word in numbered.words]] = 0
    chosen = np.argsort(-uses, kind="stable")[: np.count_nonzero(uses >= at_least)]
    if not len(chosen):
        times = f"{at_least} times" if at_least > 1 else "once"
        raise UserError(
            f"no word occurs {times} in the training {part}, which have {len(numbered.words):,} different words; "
            "expected more texts, or texts in which words repeat"
        )
    return chosen[:largest]


def _counted(flat: NDArray[np.int32], starts: NDArray[np.int64], size: int) -> sparse.csr_array:
    """Counts (n, size) from the words' numbers of all texts."""
    counted = sparse.csr_array((np.ones(len(flat)), flat, starts), shape=(len(starts) - 1, size))
    counted.sum_duplicates()
    return counted
