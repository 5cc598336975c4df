"""Tf-idf of as many comments as SemArt has for training, beside scikit-learn's `TfidfVectorizer`.

Both read raw texts. scikit-learn splits words by its own pattern, which is the faster one; for the check of equality it
is given the words that vretlib splits.
"""

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer

from benchmarks import Goal, Options, Row
from benchmarks.timing import in_turns
from embedded.paintings import works
from vretlib.features import text
from vretlib.features.text import TfIdf

OURS, THEIRS = "vretlib: TfIdf", "scikit-learn: TfidfVectorizer"
N_COMMENTS, N_DRAWN = 19_244, 2000


def run(options: Options) -> list[Row]:
    """Milliseconds of learning from all comments and of describing them again, and the largest difference."""
    n, drawn = (400, 200) if options.quick else (N_COMMENTS, N_DRAWN)
    some = [works.work(options.seed, number).comment for number in range(drawn)]
    # Sentences in another order are as hard to count as new ones, and quicker to make.
    rng = np.random.default_rng(options.seed)
    comments = [". ".join(rng.permutation(some[k % drawn].split(". "))) for k in range(n)]
    model, vectors = TfIdf.learn(comments)
    known = list(model.vocabulary.words)
    counting = CountVectorizer(vocabulary=known, tokenizer=text.words, lowercase=False, token_pattern=None)
    theirs = TfidfTransformer().fit_transform(counting.transform(comments))
    apart = float(abs(vectors - theirs).max())
    again = TfidfVectorizer(vocabulary=known).fit(comments)
    rounds = 1 if options.quick else 5
    learning = in_turns(
        [lambda: TfIdf.learn(comments), lambda: TfidfVectorizer(min_df=10).fit_transform(comments)], rounds
    )
    applying = in_turns([lambda: model.apply(comments), lambda: again.transform(comments)], rounds)
    settings: dict[str, float | int | str] = {"words": len(known), "seed": options.seed}
    rows = []
    for subject, (ours, other) in (("learning tf-idf from", learning), ("describing by tf-idf", applying)):
        goal = Goal(1.0, other / ours, "at least scikit-learn's speed")
        rows += [
            Row(f"{subject} {n:,} comments", OURS, 1000 * ours, "ms", settings, goal),
            Row(f"{subject} {n:,} comments", THEIRS, 1000 * other, "ms", settings),
        ]
    equal = Goal(1, 1e12 * apart, "equal to 1e-12", at_most=True)
    return [*rows, Row("largest difference from scikit-learn's vectors", OURS, 1e12 * apart, "1e-12", settings, equal)]
