"""Rectification of queries that are photographs of a screen, before they are described (chapters 6 and 8).

This option is in none of the papers; `vretlib.features.outlines` explains it. A still (kind `STILL`) shows no screen
and is not changed unless a list gives corners for it.
"""

from __future__ import annotations

from dataclasses import replace

from vretlib.datasets.clips.collection import ClipStudy
from vretlib.features import outlines

STILL = "SI2V"


def outlined(study: ClipStudy, outline: str) -> ClipStudy:
    """The study with rectified queries, as its description states; the same study if ``outline`` is "no".

    Raises
    ------
    UserError: ``outline`` is not known, or is "given" and the list of photographs gives no corners.
    """
    outlines.check(outline)
    queries = study.evaluation.queries
    if outline == "no":
        return study
    chosen = [k for k, query in enumerate(queries) if query.kind != STILL or outline == "given"]
    photographs, given = [queries[k].path for k in chosen], [queries[k].corners for k in chosen]
    corners = outlines.of_photographs(photographs, outline, given)
    files = dict(zip(chosen, outlines.rectified_files(photographs, corners), strict=True))
    n = sum(points is not None for points in corners)
    sentence = note(outline, n, len(queries))
    shown = tuple(
        replace(query, path=files[k], listed=query.path) if files.get(k, query.path) != query.path else query
        for k, query in enumerate(queries)
    )
    collection = replace(study.evaluation, queries=shown, description=f"{study.evaluation.description}; {sentence}")
    description = f"{study.description} {sentence[0].upper()}{sentence[1:]}."
    return replace(study, evaluation=collection, description=description)


def note(outline: str, n: int, of: int) -> str:
    """Text of a caption about ``n`` rectified queries out of ``of``."""
    how = "the outline of the screen that was found" if outline == "found" else "the corners that the list gives"
    return f"{n} of {of} queries are rectified first, to {how}"
