"""Tables 7.1 to 7.7 of the thesis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.chapters.semantic_art.methods import CommonSpace
from vretlib.datasets.paintings import statistics
from vretlib.datasets.paintings.collection import Paintings
from vretlib.described.painting_questions import Questions
from vretlib.errors import NoExampleError
from vretlib.evaluation import cross_modal, shares
from vretlib.evaluation.cross_modal import BothWays
from vretlib.evaluation.methods import PerQuery
from vretlib.features import weights
from vretlib.report import Check, Table, Tolerance, numbers, published

DIRECTIONS = {"Text-to-Image": "text_to_image", "Image-to-Text": "image_to_text"}
MEDIANS = tuple(f"{direction}|MR" for direction in DIRECTIONS)
CCA, CML, RANDOM = "CCA|MLPc|MLPa", "CML|MLPc|MLPa", "Random|-|-"

LINEAR: dict[str, float | Tolerance] = {"R": 0.02, "MR": Tolerance(relative=0.1, absolute=1)}
"""Tolerances of CCA, where a decoder or a convolution rounds another way."""
TRAINED: dict[str, float | Tolerance] = {"R": 0.05, "MR": Tolerance(relative=0.25, absolute=2)}
"""Tolerances of what a training decides: roundings of its steps add up, and it ends elsewhere on another processor."""

NO_CLASSES = "no value of this attribute is shared by ten training paintings"
"""Why Table 7.5 lacks an AMD."""


def table_7_1() -> Table:
    """The survey of other collections, as printed."""
    return Table(pd.DataFrame(), reasons="a survey of other collections, which this page does not load")


def table_7_2(paintings: Paintings) -> Table:
    """Metadata of the loaded collection: values, samples, and the most common value."""
    rows = {}
    for name in statistics.FIELDS:
        found = statistics.field(paintings.all, name)
        rows[name.replace("TimeFrame", "Timeframe")] = (found.values, found.samples, found.most_common or "none")  # noqa: PD011
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["Values", "Samples", "Most Common"])
    return Table(frame, [Check(frame[["Values", "Samples"]], 0)])


def scores(ranks: BothWays) -> dict[str, NDArray[np.float64]]:
    """The value of each query for each printed column: 1 or 0 for R@K, the rank for MR."""
    found: dict[str, NDArray[np.float64]] = {}
    for heading, name in DIRECTIONS.items():
        mine = getattr(ranks, name)
        found |= {f"{heading}|R@{k}": cross_modal.at(mine, k) for k in cross_modal.KS}
        found[f"{heading}|MR"] = mine.astype(np.float64)
    return found


def by_chance(n: int) -> dict[str, NDArray[np.float64]]:
    """The same columns for a random order of ``n`` items: the expected value of each query."""
    found: dict[str, NDArray[np.float64]] = {}
    for heading in DIRECTIONS:
        found |= {f"{heading}|R@{k}": cross_modal.random_at(n, k) for k in cross_modal.KS}
        found[f"{heading}|MR"] = cross_modal.random_ranks(n)
    return found


def retrieval(
    methods: Mapping[str, CommonSpace],
    number: str,
    reasons: Mapping[str, str],
    *,
    baseline: str = "",
    dims: bool = False,
) -> Table:
    """Methods in rows; R@K and median rank in both directions, with intervals, seeds and gains over the baseline."""
    values = {row: scores(method.ranks) for row, method in methods.items()}
    if number == "7.5":
        n = len(next(iter(methods.values())).texts)
        values = {RANDOM: by_chance(n)} | values
    frame = pd.DataFrame({row: _cells(of) for row, of in values.items()}).T
    if dims:
        frame.insert(0, "Dim", [method.d for method in methods.values()])
    per_query: PerQuery = {(row, column): v for row, of in values.items() for column, v in of.items()}
    seeds = {row: [_cells(scores(one.ranks)) for one in method.seeds] for row, method in methods.items()}
    spread = {
        (row, column): [cells[column] for cells in several]
        for row, several in seeds.items() if len(several) > 1 for column in several[0]
    }  # fmt: skip
    learned = [row for row in frame.index if row in methods and methods[row].log]
    fixed = [row for row in frame.index if row not in learned]
    checks = [
        Check(frame.loc[rows], _tolerances(frame.columns, limits), part)
        for rows, limits, part in ((fixed, LINEAR, ""), (learned, TRAINED, "networks"))
        if rows
    ]
    return Table(
        frame, checks, _missing(number, frame, reasons), better=dict.fromkeys(MEDIANS, "lower"),
        formats=dict.fromkeys(MEDIANS, numbers.halves), baseline=baseline if baseline in frame.index else "",
        per_query=per_query, medians=MEDIANS, spread=spread,
    )  # fmt: skip


def over_cml(table_7_5: Table) -> Table:
    """The AMD models of Table 7.5 beside the CML with the same text encoders, over which their gains are.

    Its numbers are checked as those of Table 7.5.

    Raises
    ------
    NoExampleError: there is no AMD.
    """
    rows = [row for row in map(str, table_7_5.frame.index) if row == CML or row.startswith("AMD")]
    if rows == [CML]:
        raise NoExampleError(NO_CLASSES)
    return replace(
        table_7_5, frame=table_7_5.frame.loc[rows], checks=(), reasons="", baseline=CML,
        per_query={cell: values for cell, values in table_7_5.per_query.items() if cell[0] in rows},
        spread={cell: values for cell, values in table_7_5.spread.items() if cell[0] in rows},
    )  # fmt: skip


def _cells(of: Mapping[str, NDArray[np.float64]]) -> dict[str, float]:
    return {column: float(np.median(v) if column in MEDIANS else v.mean()) for column, v in of.items()}


def _tolerances(columns: pd.Index, limits: Mapping[str, float | Tolerance]) -> dict[str, float | Tolerance]:
    return {c: 0 if c == "Dim" else limits["MR" if c.endswith("MR") else "R"] for c in columns}


def _missing(number: str, frame: pd.DataFrame, reasons: Mapping[str, str]) -> dict[str, str]:
    """The reasons for printed rows that the frame lacks; the key ``""`` has the reason for rows without one of their
    own.
    """
    rows = published.read("thesis", number).rows if number else ()
    return {row: reasons.get(row) or reasons[""] for row in rows if row not in frame.index}


def encoders_missing() -> dict[str, str]:
    """Why a row of Table 7.3 is missing, by row: the network that it needs, and the file of its weights."""
    names = {"VGG16": "vgg16", "ResNet50": "resnet50", "Res50": "resnet50", "ResNet152": "resnet152",
             "Res152": "resnet152"}  # fmt: skip
    found = {}
    for row in published.read("thesis", "7.3").rows:
        network = names[row.removeprefix("RMAC ").split(" ")[0]]
        file = weights.imagenet_url(network).rsplit("/", 1)[1]
        found[row] = (
            f'needs "{network}" in networks and weights="imagenet" ({file}, downloaded or put into torch\'s hub)'
        )
    return found


def human(asked: Questions, methods: Mapping[str, CommonSpace], number: str) -> Table:
    """Tables 7.6 and 7.7: the accuracy of models on our questions. The accuracy of people is printed, on the thesis'
    questions.
    """
    values = {row: asked.right(method.texts, method.images) for row, method in methods.items()}
    frame = pd.DataFrame({row: {c: _mean(v) for c, v in of.items()} for row, of in values.items()}).T
    reasons = dict.fromkeys(frame.columns, "no question is about a painting of this type")
    reasons |= dict.fromkeys(
        published.read("thesis", number).rows[-1:], "people answered the thesis' questions, not these"
    )
    per_query = {(row, c): v for row, of in values.items() for c, v in of.items() if not np.isnan(v).all()}
    return Table(
        frame, [Check(frame, 0.12)], reasons, baseline=next(iter(methods)), per_query=per_query,
    )  # fmt: skip


def people_and_models(n: int = 100) -> pd.DataFrame:
    """The printed totals of Tables 7.6 and 7.7 with intervals of ``n`` answers, and how far people are above a model.

    The thesis does not say how many people answered. A person answered ``n`` questions, so the intervals are too wide
    if there were several people.
    """
    found = {}
    for level, number in (("easy", "7.6"), ("difficult", "7.7")):
        *models, people = (float(x) for x in published.read("thesis", number).values["Text-to-Image|Total"])  # noqa: PD011
        for row, share in zip(("CCA", "CML"), models, strict=True):
            found[level, row] = share, shares.wilson(share, n), shares.difference(people, share, n, n)
        found[level, "people"] = people, shares.wilson(people, n), (np.nan, np.nan)
    spans = {key: (f"{p:.3f}", *(_span(*ends) for ends in several)) for key, (p, *several) in found.items()}
    return pd.DataFrame(spans, index=["accuracy", "interval", "people minus this"]).T


def _span(low: float, high: float) -> str:
    return f"[{low:.3f}, {high:.3f}]".replace("-", "−") if low == low else ""


def _mean(values: NDArray[np.float64]) -> float:
    return float(np.nanmean(values)) if not np.isnan(values).all() else np.nan
