"""Tables 6.1 to 6.4 of the thesis, and the memory account of section 6.2.5."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from vretlib.chapters.spatio_temporal_encoder.inputs import EncodedStudy
from vretlib.chapters.spatio_temporal_encoder.methods import BySeed, Fisher, VectorsByMethod
from vretlib.described.clip_scores import by_method, heading, of_seeds, only, stands_for, worst_and_best
from vretlib.evaluation.methods import PerQuery
from vretlib.models.temporal_encoder import TemporalEncoder
from vretlib.report import Check, LeftOut, Table, Tolerance, published
from vretlib.report.means import means
from vretlib.video.encoded_film import EncodedFilm, first_answers_right

THESIS_HOURS, LARGE_HOURS = 160, 1080  # of SI2V-600k and VB-600k, and of their larger versions, by section 6.2.5

FRAMES = 0.03
"""Tolerance of an average precision, where a decoder or a convolution rounds another way."""
TRAINED = 0.07
"""Tolerance of what is trained on this page: a chain of hundreds of roundings ends elsewhere on another processor."""


def table(
    values: PerQuery | pd.DataFrame,
    tolerance: float | Tolerance,
    others: Mapping[str, float | Tolerance] | None = None,
    dims: VectorsByMethod | None = None,
    **more: Any,
) -> Table:
    """A table of means over queries, or of other numbers, with one tolerance for all columns but some ``others``.

    ``dims`` puts the dimensions of methods first, which are exact; ``more`` are fields of `Table`.
    """
    of = Table(values) if isinstance(values, pd.DataFrame) else means(values)
    if dims is not None:
        of.frame.insert(0, "dim", [method.d for method in dims.values()])
    limits = dict.fromkeys(of.frame.columns, tolerance) | {"dim": 0} | dict(others or {})
    return replace(of, checks=[Check(of.frame, {name: limits[name] for name in of.frame.columns})], **more)


def table_6_1(methods: VectorsByMethod, described: EncodedStudy, fisher: Fisher) -> Table:
    """Representations of single frames in rows; dimensions, mAP and R@1."""
    found = table(by_method(methods, described.collection, printed=True), FRAMES, dims=methods)
    return _printed("6.1", found, described, "FV [2]", fisher=fisher)


def table_6_2(
    methods: VectorsByMethod, described: EncodedStudy, film: EncodedFilm | LeftOut,
    encoders: Mapping[str, Sequence[TemporalEncoder]], seeds: BySeed,
) -> Table:  # fmt: skip
    """Aggregations in rows; mAP and R@1, and in the last column R@1 of one film for the rows that have an encoder.

    ``encoders`` and ``seeds`` have the encoders of all seeds and what they make of the clips; the first is in
    ``methods``.
    """
    collection = described.collection
    values, every = by_method(methods, collection, printed=True), of_seeds(seeds, collection, printed=True)
    if not isinstance(film, EncodedFilm):
        return _printed("6.2", table(values, FRAMES), described, "Sum-Pooling", every, {"MoviesDB": film.why})
    column = f"{heading(film.film.name, collection) if collection.own else 'MoviesDB'}|R@1"
    right = iter(first_answers_right(film, [one.encode for some in encoders.values() for one in some]))
    for row, some in encoders.items():
        hits = [next(right).astype(np.float64) for _ in some]
        values[row, column], every[row, column] = hits[0], [float(of.mean()) for of in hits]
    why = {"MoviesDB": "not public; your film is beside it"} if collection.own else {}
    found = _printed("6.2", table(values, FRAMES), described, "Sum-Pooling", every, why)
    stand = {**found.stands_for, "MoviesDB": film.film.name}
    return replace(found, stands_for=stand) if collection.names else found


def table_6_3(methods: VectorsByMethod, described: EncodedStudy, seeds: BySeed) -> Table:
    """The columns of SI2V, named as Table 6.3 names them; without SI2V, those of the first kind of query."""
    collection = described.collection
    same = not collection.own and "SI2V" in collection.kinds
    prefix = f"{heading('SI2V' if same else collection.kinds[0], collection, printed=True)}|"
    every = by_method(methods, collection, printed=True)
    columns = {c: c.removeprefix(prefix) if same else c for row, c in every if c.startswith(prefix)}
    values, spread = only(every, columns), only(of_seeds(seeds, described.collection, printed=True), columns)
    return _printed("6.3", means(values), described, "Sum-Pool, No SBD", spread)


def table_6_4(methods: VectorsByMethod, described: EncodedStudy, fisher: Fisher, seeds: BySeed) -> Table:
    """Compact methods in rows; dimensions, and the mAP of each kind of query."""
    every = by_method(methods, described.collection, printed=True)
    columns = {column: column.removesuffix("|mAP") for _, column in every if column.endswith("|mAP")}
    spread = only(of_seeds(seeds, described.collection, printed=True), columns)
    found = table(only(every, columns), FRAMES, dims=methods)
    return _printed("6.4", found, described, "Scene FV* [2]", spread, fisher=fisher)


def own(methods: VectorsByMethod, described: EncodedStudy, seeds: BySeed, baseline: str) -> Table:
    """Methods in rows; mAP and R@1 of each kind of query, under the names of our collections."""
    every = of_seeds(seeds, described.collection)
    return table(by_method(methods, described.collection), FRAMES, baseline=baseline, spread=every)


def by_seed(seeds: BySeed, described: EncodedStudy) -> Table:
    """Encoders (rows) over trainings that differ only in their seed: the worst and the best mAP."""
    return replace(table(worst_and_best(seeds, described.collection), TRAINED), baseline=next(iter(seeds)))


def memory(methods: VectorsByMethod, described: EncodedStudy) -> Table:
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


def _printed(
    number: str, obtained: Table, described: EncodedStudy, baseline: str, spread: Any = None,
    why: Mapping[str, str] | None = None, fisher: Fisher = None,
) -> Table:  # fmt: skip
    """A table that the thesis prints, with its baseline, what stands for which collection, and reasons for gaps."""
    named = [published.read("thesis", number).caption, *(str(column).split("|")[0] for column in obtained.frame)]
    stand_ins = stands_for(described.collection).items()
    own = {printed: name for printed, name in stand_ins if any(printed in text for text in named)}
    reasons = _reasons(number, obtained.frame, described, fisher)
    reasons |= {column: reason for column, reason in (why or {}).items() if column in reasons}
    return replace(obtained, baseline=baseline, stands_for=own, spread=spread or {}, reasons=reasons)


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
