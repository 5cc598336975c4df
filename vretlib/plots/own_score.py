"""A test for the reader: which of ten paintings belongs to a text? The reader's score stands beside those of the
models.

It is one piece of HTML with everything inside, images too. In JupyterLab and in the page of results it marks answers
and counts them; where scripts do not run, it shows the questions and hides each answer under a line that opens.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from vretlib import arrays, images
from vretlib.datasets.paintings.collection import Painting
from vretlib.described.painting_questions import Questions, written
from vretlib.report import escaping, site

_WIDTH = 180  # pixels of a painting's longer side at most
_QUALITY = 60  # of WebP


@dataclass(frozen=True)
class OwnScore:
    """The test; a notebook shows it."""

    n_questions: int
    page: str = field(repr=False)

    def __repr__(self) -> str:
        return f"{self.n_questions} questions to a reader; JupyterLab shows them and counts the answers"

    def _repr_html_(self) -> str:
        return self.page


def own_score(
    asked: Questions, test: Sequence[Painting], players: Mapping[str, tuple[ArrayLike, ArrayLike]], n: int = 10
) -> OwnScore:
    """The first ``n`` questions, with paintings in the order of `Questions.shuffled`.

    Parameters
    ----------
    players: name of a model -> its texts and images, (len(test), d) each, in one space.
    """
    n = min(arrays.whole(n, "n", 1), len(asked.pools))
    shown = [asked.shuffled(number) for number in range(n)]
    own = [pool[0] for pool in asked.pools]
    answers = [_place(pool, row) for pool, row in zip(shown, own, strict=False)]
    chosen = {name: asked.choices(*sides) for name, sides in players.items()}
    right = {name: rows == own for name, rows in chosen.items()}
    models = [{"name": name, "choices": [_place(pool, row) for pool, row in zip(shown, rows, strict=False)]}
              for name, rows in chosen.items()]  # fmt: skip
    page = site.render(
        "own_score.html.j2",
        questions=[
            {"text": _text(test[row]), "answer": answer, "images": [_image(test[i]) for i in pool]}
            for row, answer, pool in zip(own, answers, shown, strict=False)
        ],
        models=[
            {"name": escaping.html(name), "here": _counted(found[:n]), "all": _counted(found)}
            for name, found in right.items()
        ],
        chance_here=f"{sum(1 / len(pool) for pool in shown):.3g} of {n}",
        chance_all=f"{sum(1 / len(pool) for pool in asked.pools):.3g} of {len(own)}",
        n=len(own), width=_WIDTH, script=(site.TEMPLATES / "own_score.js").read_text(encoding="utf-8"),
        data={"answers": answers, "models": models},
    )  # fmt: skip
    return OwnScore(n, page)


def _place(pool: NDArray[np.int64], row: int) -> int:
    """The number under which a painting stands, from 1."""
    return 1 + int(np.flatnonzero(pool == row)[0])


def _counted(right: NDArray[np.bool_]) -> str:
    return f"{np.count_nonzero(right)} of {len(right)}"


def _text(painting: Painting) -> str:
    """The score as HTML."""
    title, rest = written(painting)
    return f"<b>{escaping.html(title)}</b> {escaping.html(rest)}"


def _image(painting: Painting) -> str:
    """The painting as a data URI."""
    file = io.BytesIO()
    Image.fromarray(images.resize(images.read(painting.image), _WIDTH)).save(file, "WEBP", quality=_QUALITY, method=4)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"
