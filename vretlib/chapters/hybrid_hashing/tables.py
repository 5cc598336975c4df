"""Tables I to IV of paper 001, Figures 5 and 6 as numbers, and the effects of ties, code size and new people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from vretlib.chapters.hybrid_hashing.inputs import HEADINGS
from vretlib.chapters.hybrid_hashing.methods import DEEP, SHALLOW, STRATEGIES, Runs, known_or_trained
from vretlib.datasets.faces import FaceSet
from vretlib.described.face_codes import F64, Codes
from vretlib.described.faces import DescribedFaces, VideoFrames, by_means, unseen
from vretlib.errors import NoExampleError
from vretlib.evaluation import hamming
from vretlib.evaluation.methods import PerQuery
from vretlib.models.committed_hash_networks import PEOPLE
from vretlib.models.hashing.hash_recipe import HashRecipe
from vretlib.report import Check, Table, published
from vretlib.report.means import means

Measure = Literal["to_videos", "to_stills", "expected"]
"""What is measured, an attribute of `Codes`."""
WITHOUT = "without VCA"
"""The row of the joint model in the table of Figure 6."""

FIXED, TRAINED = 0.03, 0.06
"""Tolerances of mAP on another processor: of closed forms, where bits near 0 flip, and of trainings."""


def table_1(faces: Mapping[str, FaceSet]) -> Table:
    """People, videos and frames of the collections, by the heading of the paper's data set."""
    columns = {
        heading: {
            "Identities": len(one.train.names),
            "Training videos": len(one.train), "Testing videos": len(one.test),
            "Training frames": int(one.train.n_frames.sum()), "Testing frames": int(one.test.n_frames.sum()),
        }
        for heading, one in faces.items()
    }  # fmt: skip
    frame = pd.DataFrame(columns)
    return Table(frame, [Check(frame, 0)], _not_loaded(faces), stands_for={h: one.name for h, one in faces.items()})


def over_seeds(runs: Runs, method: str, k: int, measure: Measure = "to_videos") -> F64:
    """Average precision (seeds, queries) of a method with codes of k bits."""
    return np.stack([getattr(one, measure) for (name, length, _), one in runs.items() if (name, length) == (method, k)])


def table_2(runs: Mapping[str, Runs], bits: Sequence[int]) -> Table:
    """Strategies of training, video to video; runs by the printed heading of the collection."""
    return _accuracy("2", runs, bits, "to_videos", "single-image")


def table_3(runs: Mapping[str, Runs], bits: Sequence[int]) -> Table:
    """All methods, video to video."""
    return _accuracy("3", runs, bits, "to_videos", "LSH [14]")


def table_4(runs: Mapping[str, Runs], bits: Sequence[int]) -> Table:
    """Methods that have codes of frames, image to video."""
    return _accuracy("4", runs, bits, "to_stills", "SITQ [15]")


def _accuracy(number: str, runs: Mapping[str, Runs], bits: Sequence[int], measure: Measure, baseline: str) -> Table:
    """A table of mAP, the mean over seeds and queries."""
    rows = {row: STRATEGIES.get(row, row) for row in published.read("hybrid_hashing", number).rows}
    values = {
        (row, f"{heading}|{k}-bit"): over_seeds(of, method, k, measure)
        for row, method in rows.items() for heading, of in runs.items() for k in bits
    }  # fmt: skip
    table = means(values, baseline=baseline)
    learned = [row for row, method in rows.items() if method in DEEP or method in STRATEGIES.values()]
    parts = ((table.frame.drop(index=learned), FIXED, ""), (table.frame.loc[learned], TRAINED, "networks"))
    return Table(
        table.frame, [Check(frame, tolerance, part) for frame, tolerance, part in parts if len(frame)],
        _not_loaded(runs) | _not_hashed(number, table.frame), baseline=baseline, per_query=values, spread=table.spread,
        stands_for={heading: next(iter(of.values())).faces.name for heading, of in runs.items()},
    )  # fmt: skip


def _not_loaded(found: Mapping[str, object]) -> dict[str, str]:
    """The reasons for the columns of data sets that are not loaded."""
    return {heading: f'needs dataset="{name}"' for name, heading in HEADINGS.items() if heading not in found}


def _not_hashed(number: str, frame: pd.DataFrame) -> dict[str, str]:
    """The reasons for the columns of printed code lengths that were not made."""
    loaded = {column.split("|")[0] for column in frame.columns}
    return {
        c: f"needs {c.split('|')[1].removesuffix('-bit')} in bits"
        for c in published.read("hybrid_hashing", number).columns if c not in frame and c.split("|")[0] in loaded
    }  # fmt: skip


def orders(runs: Mapping[str, Runs], bits: Sequence[int]) -> Table:
    """Table III in the database's order of ties, beside the expectation over all orders; runs by collection."""
    measured: dict[str, Measure] = {"database order": "to_videos", "expected": "expected"}
    values = {
        (row, f"{name}, {k} bits|{heading}"): over_seeds(of, row, k, measure)
        for row in (*SHALLOW, *DEEP) for name, of in runs.items() for k in bits for heading, measure in measured.items()
    }  # fmt: skip
    return means(values, TRAINED)


def both_stages(first: Runs, both: Runs) -> Table:
    """Table II's rows with the code length of ``both``: trained in the first stage, and in both stages."""
    [k], seeds = {k for _, k, _ in both}, {seed for *_, seed in both}
    if k not in {k for _, k, _ in first} or seeds != {seed for *_, seed in first}:
        raise NoExampleError(f"the networks of both stages have {k} bits and the seeds {sorted(seeds)}; add them")
    measured: dict[str, Measure] = {"video to video": "to_videos", "image to video": "to_stills"}
    values = {
        (row, f"{heading}|{stage}"): over_seeds(runs, method, k, measure)
        for row, method in STRATEGIES.items() for heading, measure in measured.items()
        for stage, runs in (("first stage", first), ("both stages", both))
    }  # fmt: skip
    return means(values, TRAINED)


def difficulty(pairs: Mapping[tuple[str, str], tuple[VideoFrames, VideoFrames]]) -> Table:
    """Mean AP without any code, from (training, test) frames by (row, column): mean vectors of videos, by cosine."""
    return means({cell: by_means(train, test) for cell, (train, test) in pairs.items()}, FIXED)


def ties(codes: Mapping[int, Codes]) -> Table:
    """Mean AP of one method under several orders of tied videos; a row for each code length."""
    values: PerQuery = {}
    for k, one in codes.items():
        near, wanted, row = one.distances(one.videos), one.faces.relevant, f"{k}-bit"
        values[row, "database order"] = one.to_videos
        values[row, "database reversed"] = hamming.stable_average_precisions(near[:, ::-1], wanted[:, ::-1])
        values[row, "expected"] = hamming.expected_average_precisions(near, wanted)
        values[row, "worst"], values[row, "best"] = hamming.extreme_average_precisions(near, wanted)
    return means(values, TRAINED)


def memory(faces: DescribedFaces, runs: Runs, method: str, bits: Sequence[int]) -> Table:
    """Bytes of a video and mAP: all float features, their mean, and codes of several lengths."""
    length = np.bincount(faces.train.video).mean()
    d = faces.train.x.shape[1]
    size = {"features of all frames": 4 * d * length, "mean feature": 4 * d}
    values: PerQuery = {("mean feature", "mAP"): by_means(faces.train, faces.test)}
    for k in bits:
        size[f"{k} bits"] = -(-k // 8)
        values[f"{k} bits", "mAP"] = over_seeds(runs, method, k)
    table = means(values)
    frame = pd.DataFrame({"bytes per video": size, "mAP": table.frame["mAP"]}).loc[list(size)]
    return Table(frame, [Check(frame, {"bytes per video": 0, "mAP": TRAINED})], per_query=values, spread=table.spread,
                 formats={"bytes per video": "{:,.0f}"})  # fmt: skip


def figure_6(sweeps: Mapping[str, Mapping[str, Sequence[Codes]]]) -> Table:
    """Mean AP with several weights of center alignment, and without it (rows), by collection and length (columns)."""
    cells = {(row, name): of for name, sweep in sweeps.items() for row, of in sweep.items()}
    return means({cell: np.stack([one.to_videos for one in of]) for cell, of in cells.items()}, TRAINED)


def new_people(
    faces: DescribedFaces, rows: Sequence[str], k: int, seeds: Sequence[int], recipe: HashRecipe, share: float,
    seed: int, given: Mapping[str, Any],
) -> tuple[Table, dict[str, str]]:  # fmt: skip
    """Mean AP of methods trained on the people of the queries, and of the same methods trained on other people only.

    ``share`` of the people are learned from in the second case. Beside it, by file, why it was not used.
    """
    if not share:
        raise NoExampleError("new_people_share=0: no people are set apart")
    learn, others = unseen(faces, share=share, seed=seed)
    if min(len(part.x) for part in (learn, others.train)) <= k:
        raise NoExampleError(f"one part of the people of {faces.name} has at most {k} frames to learn {k} bits from")
    values, unused = PerQuery(), dict[str, str]()
    for who, source in (("known", None), ("new", learn)):
        found, why = known_or_trained(others, rows, {PEOPLE[who]: [k]}, [k], seeds, recipe, given, source)
        values |= {(row, f"people {who}"): over_seeds(found, row, k) for row in rows}
        unused |= why
    return means(values, TRAINED), unused
