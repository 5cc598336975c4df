"""Tables 6.1 to 6.4 of the thesis, and the memory account of section 6.2.5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from vretlib.chapters.spatio_temporal_encoder.inputs import EncodedFilm, EncodedStudy
from vretlib.chapters.spatio_temporal_encoder.methods import Fisher, Methods, compare, heading
from vretlib.models.temporal_encoder import TemporalEncoder
from vretlib.report import Check, LeftOut, Table, Tolerance, published
from vretlib.search.clip_search import nearest_in
from vretlib.video.frame_matcher import VisualMatcher

THESIS_HOURS, LARGE_HOURS = 160, 1080  # of SI2V-600k and VB-600k, and of their larger versions, by section 6.2.5

FRAMES = 0.03
"""Tolerance of the average precision of frames, where a decoder or a convolution rounds another way."""
TRAINED = 0.07
"""Tolerance of what a training decides: a chain of hundreds of roundings ends elsewhere on another processor."""


def table(
    frame: pd.DataFrame,
    tolerance: float | Tolerance,
    others: Mapping[str, float | Tolerance] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Table:
    """A table with one tolerance for all columns but some ``others``; dimensions are exact."""
    limits = dict.fromkeys(frame.columns, tolerance) | {"dim": 0} | dict(others or {})
    return Table(frame, [Check(frame, {name: limits[name] for name in frame.columns})], reasons or {})


def table_6_1(methods: Methods, described: EncodedStudy, fisher: Fisher) -> Table:
    """Representations of single frames in rows; dimensions, mAP and R@1."""
    frame = compare(methods, described.collection)
    frame.insert(0, "dim", [method.d for method in methods.values()])
    return table(frame, FRAMES, reasons=_reasons("6.1", frame, described, fisher))


def table_6_2(
    methods: Methods, described: EncodedStudy, film: EncodedFilm | LeftOut, encoders: Mapping[str, TemporalEncoder]
) -> Table:
    """Aggregations in rows; mAP and R@1, and in the last column R@1 of one film for the rows that have an encoder."""
    frame, own = compare(methods, described.collection), described.collection.own
    if isinstance(film, EncodedFilm):
        name = heading(film.collection.movies[0].name, own) if own else "MoviesDB"
        recalls = {row: film_recall(film, encoder) for row, encoder in encoders.items()}
        frame[f"{name}|R@1"] = pd.Series(recalls, dtype=float)
    reasons = _reasons("6.2", frame, described)
    if "MoviesDB" in reasons:
        reasons["MoviesDB"] = film.why if isinstance(film, LeftOut) else "not public; your film is beside it"
    return table(frame, TRAINED, reasons=reasons)


def film_recall(film: EncodedFilm, encoder: TemporalEncoder) -> float:
    """R@1 of the photographs of a film. Its shots are searched; an answer must be a visual match (section 4.3.2).

    A shot is many frames; the answer is the frame whose R-MAC is nearest to the query's.
    """
    best = (film.xq @ encoder.encode(film.x, film.shots.ranges).T).argmax(axis=1)
    nearest = nearest_in(film.xq, film.x, film.shots.ranges[best])
    names, true = zip(*((query.movie, query.frame) for query in film.collection.queries), strict=True)
    matcher = VisualMatcher(film.collection.movies)
    return float(matcher.match(names, film.frames.numbers[nearest], names, true)[1].mean())


def table_6_3(methods: Methods, described: EncodedStudy) -> Table:
    """The columns of SI2V, named as Table 6.3 names them; without SI2V, those of the first kind of query."""
    scored, collection = compare(methods, described.collection), described.collection
    same = not collection.own and "SI2V" in collection.kinds
    prefix = f"{heading('SI2V' if same else collection.kinds[0], collection.own)}|"
    frame = scored[[column for column in scored.columns if column.startswith(prefix)]]
    frame = frame.rename(columns=lambda column: column.removeprefix(prefix)) if same else frame
    return Table(frame, reasons=_reasons("6.3", frame, described))


def table_6_4(methods: Methods, described: EncodedStudy, fisher: Fisher) -> Table:
    """Compact methods in rows; dimensions, and the mAP of each kind of query."""
    frame = compare(methods, described.collection).filter(like="|mAP")
    frame = frame.rename(columns=lambda column: column.removesuffix("|mAP"))
    frame.insert(0, "dim", [method.d for method in methods.values()])
    return table(frame, TRAINED, reasons=_reasons("6.4", frame, described, fisher))


def trained(methods: Methods, described: EncodedStudy) -> Table:
    """Methods in rows; mAP and R@1 of each kind of query, with the tolerance of what a training decides."""
    return table(compare(methods, described.collection), TRAINED)


def memory(methods: Methods, described: EncodedStudy) -> Table:
    """Methods in rows: dimensions, vectors and megabytes per hour of *these* clips, and gigabytes for longer footage.

    Single precision. The number of shots may differ by a few per cent on another machine; the rest is arithmetic.
    """
    rows = {
        name: {
            "dim": method.d,
            "vectors per hour": len(method.xb) / described.hours,
            "MB per hour": method.n_bytes / described.hours / 1e6,
            f"GB for {THESIS_HOURS} hours": method.n_bytes / described.hours * THESIS_HOURS / 1e9,
            f"GB for {LARGE_HOURS:,} hours": method.n_bytes / described.hours * LARGE_HOURS / 1e9,
        }
        for name, method in methods.items()
    }
    counted = table(pd.DataFrame.from_dict(rows, orient="index"), Tolerance(relative=0.05))
    return replace(counted, formats={"vectors per hour": "{:,.0f}"})


def memory_claims(memory: pd.DataFrame) -> pd.DataFrame:
    """The numbers of section 6.2.5 that claim 004-31 reads. That of Bloom filters is missing."""
    values: dict[str, Any] = {"ch. 6: hours of SI2V-4M and VB-4M": float(LARGE_HOURS)}
    others = {"FV* without aggregation": "FV [2]", "Scene FV*": "Scene FV* [2]"}
    rows = {"the proposed method": "Spatio-Temporal-LSTM (Ours)"} | others
    for (name, row), hours in zip(rows.items(), (THESIS_HOURS, LARGE_HOURS, LARGE_HOURS), strict=True):
        if row in memory.index:
            values[f"ch. 6: memory of {name}"] = memory.loc[row, f"GB for {hours:,} hours"]
    return pd.DataFrame({"value": values})


NOT_HERE = {
    **dict.fromkeys(("Edge Histogram [1]", "JDC [1]", "PHOG [1]"), "descriptors of LIRE, which have no part here"),
    "Scene FV* (DoG) [1]": "local features without SIFT's selection are not described anywhere",
}
"""Printed rows that nothing here makes, and why."""


def _reasons(number: str, frame: pd.DataFrame, described: EncodedStudy, fisher: Fisher = None) -> dict[str, str]:
    """Why printed cells of Table ``number`` are not in the obtained one: rows that it lacks, then its columns."""
    printed, found = published.read("thesis", number), {}
    for row in (row for row in printed.rows if row not in frame.index):
        network = "alexnet" if "AlexNet" in row else "vgg16"
        if row in NOT_HERE:
            found[row] = NOT_HERE[row]
        elif "FV" in row:
            found[row] = fisher.why if isinstance(fisher, LeftOut) else "left out: fisher=[]"
        elif described.backbone.name != network:
            found[row] = f"needs backbone={network!r}" + (" and its weights" if network == "alexnet" else "")
        else:
            found[row] = f"these weights of {network} have no {'fc6' if 'FC6' in row else 'fc7'}"
    why = "no queries of this kind in this collection"
    if described.collection.own:
        why = "a collection that this page did not search; your videos stand in columns of their own"
    obtained = {column.split("|")[0] for column in frame.columns}
    return found | dict.fromkeys(sorted({c.split("|")[0] for c in printed.columns} - obtained), why)
