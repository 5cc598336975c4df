"""SemArt's texts without its images: README's table of vocabularies, titles that repeat, and titles that find comments.

A title is a query, and its own comment is the one right answer among all comments of the table. The words are those of
the titles: a comment's vector counts only them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vretlib.datasets.paintings import collection, semart, statistics
from vretlib.evaluation import cross_modal
from vretlib.features import sentence_files
from vretlib.features.text import TfIdf, WordList
from vretlib.real_runs import markdown

RULES = {"the thesis' rule": "thesis", "the author's rule": "author"}
SHORT = 100
"""Words of a short comment at most; Figure 7.4 has almost 70 % of SemArt's."""


def make(path: str | Path, sentences: str | Path = "") -> str:
    """The table in Markdown: a column for each rule of the vocabulary, and for each row the numbers of one table.

    Parameters
    ----------
    path: one of SemArt's tables as distributed; its images are not needed.
    sentences: folder or zip file of a model of sentences, which reads titles and comments as they are; "" for none.

    Raises
    ------
    UserError: the errors of `semart.texts`, `WordList.of` and `sentence_files.read`.
    """
    paintings = semart.texts(path)
    comments, titles = collection.comments(paintings), collection.titles(paintings)
    columns = {heading: _by_rule(comments, titles, rule) for heading, rule in RULES.items()}
    rows = {name: [column[name] for column in columns.values()] for name in next(iter(columns.values()))}
    if sentences:
        model = sentence_files.read(sentences)
        rows[f"the same with {model.name}"] = [_found(model.vectors(titles), model.vectors(comments)), ""]
    short = float(np.mean(statistics.comment_lengths(paintings) <= SHORT))
    repeated = statistics.share_of_repeated_titles(paintings)
    return (
        f"{markdown.table(f'{len(paintings):,} comments and titles', list(columns), rows)}\n\n"
        f"{short:.1%} of the comments have {SHORT} words or fewer; {repeated:.1%} of the titles are not unique."
    )


def _by_rule(comments: list[str], titles: list[str], rule: str) -> dict[str, str]:
    """Row -> cell of one rule."""
    weights, _ = TfIdf.learn(comments, rule)
    words, idf = weights.vocabulary.words, weights.idf
    of_titles = TfIdf.fit(comments, WordList.of(titles, rule, "titles"))
    least, most = int(idf.argmin()), float(idf.max())
    return {
        "words of comments; of titles": f"{len(words):,}; {of_titles.vocabulary.size:,}",
        "smallest idf; largest": f'{idf[least]:.2f} ("{words[least]}"); {most:.2f}',
        "a title finds its comment among all, tf-idf: R@1; R@10": _found(
            of_titles.apply(titles).toarray(), of_titles.apply(comments).toarray()
        ),
    }


def _found(xq: np.ndarray, xb: np.ndarray) -> str:
    """R@1 and R@10 with their intervals over titles; of equal cosines the earlier comment comes first."""
    ranks = cross_modal.ranks(xq, xb)
    return "; ".join(markdown.mean(ranks <= k) for k in (1, 10))
