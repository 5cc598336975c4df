"""Tables 1 to 4 of paper 003."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from vretlib import images
from vretlib.chapters.instance_search.inputs import INS, NEEDS, OXFORD, PARIS
from vretlib.chapters.instance_search.methods import Collections, RegionSearches
from vretlib.described.region_search import RegionSearch
from vretlib.errors import NoExampleError
from vretlib.evaluation.methods import PerQuery
from vretlib.report import Check, Table, published
from vretlib.report.means import means
from vretlib.search.regions import Depths

TOLERANCE = 0.02
"""Of mAP and of IoU on another processor; all detectors of the embedded profile are committed."""

OURS = {
    "Ours": ("No|No", 1), "Ours (ft#2)": ("No|No", 2), "Ours (+ CA-SR + QE)": ("CA-SR|Yes", 1),
    "Ours (ft#1) (+ CS-SR + QE)": ("CS-SR|Yes", 1), "Ours (ft#2) (+ CS-SR + QE)": ("CS-SR|Yes", 2),
}  # fmt: skip
"""The rows of Table 4 that this page has, and the row and the strategy of Table 3 that each repeats."""


def sizes(collections: Collections) -> Table:
    """Images, objects, queries, answers of a query, and the part of a query image that its box covers."""
    rows = {}
    for one in collections.values():
        corners = np.array(one.query_boxes())
        pixels = np.array([np.prod(images.size(query.path)) for query in one.queries])
        rows[one.name] = {
            "images": len(one.images), "objects": len(one.first_queries), "queries": len(one.queries),
            "answers": np.mean([len(ids) for ids in one.positives()]),
            "box": np.median(np.prod(corners[:, 2:] - corners[:, :2] + 1, axis=1) / pixels),
        }  # fmt: skip
    frame = pd.DataFrame.from_dict(rows, orient="index").astype(dict.fromkeys(["images", "objects", "queries"], int))
    return Table(frame, [Check(frame, 0.005)])


def table_1(searched: RegionSearches, depths: Depths) -> Table:
    """Sum or maximum, for filtering and for re-ranking: mAP of one detector by heading."""
    values: PerQuery = {}
    for ipa in ("sum", "max"):
        for heading, one in searched.items():
            ranking = one.rank(ipa)
            values[f"IPA-{ipa}|None", heading] = one.ap(ranking)
            for rpa in ("RPA-sum", "RPA-max"):
                values[f"IPA-{ipa}|{rpa}", heading] = one.ap(one.reranked(ranking, rpa, depths.n_top).ranking)
    return _compared(means(values, TOLERANCE, "IPA-sum|None"), searched)


def table_2(networks: Mapping[str, RegionSearches], depths: Depths) -> Table:
    """Detectors, each without and with CA-SR and QE: mAP by heading."""
    values: PerQuery = {}
    for network, searched in networks.items():
        found = {heading: one.rankings(depths) for heading, one in searched.items()}
        for stage, row in (("No", "No"), ("CA-SR", "Yes")):
            for qe in ("No", "Yes"):
                for heading, one in searched.items():
                    values[f"{network}|{row}|{qe}", heading] = one.ap(found[heading][f"{stage}|{qe}"])
    return _compared(means(values, TOLERANCE, f"{next(iter(networks))}|No|No"), next(iter(networks.values())))


def table_3(tuned: Mapping[tuple[str, int], RegionSearch], depths: Depths) -> Table:
    """Both strategies of fine-tuning, with CA-SR or CS-SR, without and with QE: mAP by heading and strategy."""
    found = {column: one.rankings(depths) for column, one in tuned.items()}
    values: PerQuery = {
        (f"{stage}|{qe}", f"{heading}|ft#{strategy}"): one.ap(found[heading, strategy][f"{stage}|{qe}"])
        for stage in ("No", "CA-SR", "CS-SR") for qe in ("No", "Yes")
        for (heading, strategy), one in tuned.items()
    }  # fmt: skip
    return _compared(means(values, TOLERANCE, "No|No"), {heading: one for (heading, _), one in tuned.items()})


def table_4(table_3: Table) -> Table:
    """The paper's own rows; the rows of other papers keep their published numbers.

    Raises
    ------
    NoExampleError: Table 3 has no collection other than `INS`.
    """
    headings = dict.fromkeys(column.split("|")[0] for _, column in table_3.per_query)
    values = {
        (row, heading): table_3.per_query[stage, f"{heading}|ft#{strategy}"]
        for row, (stage, strategy) in OURS.items() for heading in headings if heading != INS
    }  # fmt: skip
    if not values:
        raise NoExampleError("Table 4 is about Oxford and Paris")
    quoted = dict.fromkeys(published.read("instance_search", "4").rows, "published number; the page lacks this method")
    missing = {h: f'needs dataset="{NEEDS[h]}"' for h in (OXFORD, PARIS) if h not in headings}
    names = {h: name for h, name in table_3.stands_for.items() if h != INS}
    return replace(means(values, TOLERANCE, "Ours"), reasons=quoted | missing, stands_for=names)


def _compared(table: Table, searched: RegionSearches) -> Table:
    """The table with reasons for collections that are not loaded, and the names of those that stand for others."""
    missing = {heading: f'needs dataset="{dataset}"' for heading, dataset in NEEDS.items() if heading not in searched}
    return replace(table, reasons=missing, stands_for={h: one.collection.name for h, one in searched.items()})
