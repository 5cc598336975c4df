"""Photographs of a screen among the queries for clips, rectified before anything describes them (chapters 6 and 8).

An option that no paper has; `vretlib.features.outlines` says what it does. A still (kind `STILL`) shows no screen: it
stays as it is, unless a list gives corners for it.
"""

from __future__ import annotations

from dataclasses import replace

from vretlib.datasets.clips.collection import ClipStudy
from vretlib.features import outlines

STILL = "SI2V"


def outlined(study: ClipStudy, outline: str) -> ClipStudy:
    """The study with queries that are rectified first; itself with "no". Its description, which tables show, says so.

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
    told = note(outline, n, len(queries))
    shown = tuple(
        replace(query, path=files[k], listed=query.path) if files.get(k, query.path) != query.path else query
        for k, query in enumerate(queries)
    )
    collection = replace(study.evaluation, queries=shown, description=f"{study.evaluation.description}; {told}")
    return replace(study, evaluation=collection, description=f"{study.description} {told[0].upper()}{told[1:]}.")


def note(outline: str, n: int, of: int) -> str:
    """What a caption says of ``n`` rectified photographs ``of`` so many."""
    how = "the outline of the screen that was found" if outline == "found" else "the corners that the list gives"
    return f"{n} of {of} queries are rectified first, to {how}"
