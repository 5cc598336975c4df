"""README's tables of a real film: chapters 5, 6 and 8 on one film, in a results folder of their own."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from vretlib import files, paths
from vretlib.batch import summary, tables, values
from vretlib.batch.tables import Outcome
from vretlib.errors import UserError
from vretlib.report import real_film
from vretlib.report.files import write_text

log = logging.getLogger(__name__)

CHAPTERS = ("5", "6", "8")

OF_ALL = {"dataset": "folder"}
OF_CHAPTER_5 = {"sift": "false", "n_queries": "210"}
"""Parameters of the run. SIFT is left out, because it takes ten times as long to describe as all the rest."""

FILE = "real_film.md"


def make(film: Path, output: Path, *, chapter: Sequence[str] = (), given: Sequence[str] = ()) -> tuple[Outcome, str]:
    """The outcome of the chapters, which are run on a film, and their tables as Markdown, also written into ``output``.

    What failed is logged with its reason.

    Parameters
    ----------
    chapter: some of `CHAPTERS`; empty means all.
    given: ``key=value`` texts, which override `OF_ALL` and `OF_CHAPTER_5`.

    Raises
    ------
    UserError: there is no such film, or the request is wrong; raised before any notebook starts.
    """
    if not files.is_file(film):
        raise UserError(f"{film}: no such film; give the path of a file, such as a download from peach.blender.org")
    if wrong := [number for number in chapter if number not in CHAPTERS]:
        raise UserError(f"chapter {wrong[0]}: not about films; choose among {', '.join(CHAPTERS)}")
    chosen = chapter or CHAPTERS
    fixed = OF_ALL | (OF_CHAPTER_5 if "5" in chosen else {}) | {"data_root": str(film.absolute())}
    parameters = fixed | values.split_all(given)
    outcome = tables.make(
        paths.NOTEBOOKS,
        output,
        chapter=chosen,
        given=[f"{key}={value}" for key, value in parameters.items()],
        jobs=1,
    )
    if failed := summary.failures(outcome.folder, outcome.ran.values()):
        log.info("\n%s", failed)
    text = real_film.markdown(output)
    write_text(output / FILE, text)
    return outcome, text
