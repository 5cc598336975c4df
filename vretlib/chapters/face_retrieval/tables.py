"""Tables 1 to 5 of paper 000 and its timings, what counts as an answer, and how well faces are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from timeit import timeit

import numpy as np
import pandas as pd

from vretlib.chapters.face_retrieval.inputs import CELEB, NEEDS, YOUTUBE, AllSearches
from vretlib.datasets.faces.film_collection import FaceFilms
from vretlib.described import film_faces
from vretlib.described.film_face_encodings import EncodedRun
from vretlib.described.film_faces import F32, POOLINGS, STAGES, FilmSearch
from vretlib.errors import NoExampleError
from vretlib.evaluation import localisation
from vretlib.evaluation.methods import PerQuery
from vretlib.features import detector
from vretlib.features.described_regions import DetectorView
from vretlib.features.detector_network import Detector
from vretlib.report import Check, Table, published
from vretlib.report.means import means
from vretlib.search.metric_names import METRIC_OF
from vretlib.search.regions import Depths

NEAR = 0.02
"""Tolerance of mAP on another processor: near frames and regions change places."""
LEARNED = 0.05
"""The same where words or a mixture are learned, whose local optima differ."""
OWN = "Faster R-CNN features"
REPEATED = 15
"""How often a stage is timed."""

SECONDS = {"offline feature extraction": "{:,.1f} s", "online ranking": "{:.4f} s", "reranking": "{:.3f} s",
           "fine-tuning": "{:,.0f} s"}  # fmt: skip
"""What is timed, and how it is written."""


def sizes(collections: Iterable[FaceFilms]) -> Table:
    """People, videos, frames, stills, and the part of a frame that a face covers."""
    rows = {}
    for one in collections:
        width, height = one.boxes[:, 2] - one.boxes[:, 0], one.boxes[:, 3] - one.boxes[:, 1]
        pixels = np.array([picture.shape[0] * picture.shape[1] for picture in one.frames])
        known = ~np.isnan(width)
        rows[one.name] = {
            "people": len(one.names), "videos": len(one.persons), "frames": len(one.frames), "stills": len(one.stills),
            "answers": one.relevant.sum(axis=1).mean(),
            "face": float(np.median((width * height / pixels)[known])) if known.any() else np.nan,
        }  # fmt: skip
    frame = pd.DataFrame.from_dict(rows, orient="index")
    counts = ["people", "videos", "frames", "stills"]
    return Table(frame.astype(dict.fromkeys(counts, int)), [Check(frame, 0.005)], formats={"face": "{:.1%}"})


def pixels(collections: Iterable[FaceFilms], seed: int) -> Table:
    """Mean AP by raw pixels of whole frames and by random orders: all stills, and by where a still's source is."""
    values: PerQuery = {}
    for one in collections:
        xq, xb = film_faces.raw_pixels(one.stills), film_faces.raw_pixels(one.frames)
        orders = {"pixels": xq @ xb.T, "random order": np.random.default_rng(seed).random((len(xq), len(xb)))}
        here = one.same_source.any(axis=1)
        for row, scores in orders.items():
            found = film_faces.mean_precision(np.argsort(-scores, axis=1, kind="stable"), one.relevant)
            values[row, one.name] = found
            values[row, f"{one.name}, recorded together"] = np.where(here, found, np.nan)
            values[row, f"{one.name}, elsewhere"] = np.where(here, np.nan, found)
    return means(values, NEAR)


def table_1(search: FilmSearch, heading: str, depths: Depths) -> Table:
    """Mean AP of six metrics, of which three are distinct, at all stages, for one network and one collection.

    Raises
    ------
    NoExampleError: the collection is YouTube Faces, which has no column in the table.
    """
    if heading == YOUTUBE:
        raise NoExampleError(f"the printed numbers are of {CELEB}; this needs dataset={NEEDS[CELEB]!r}")
    values = {
        (f"{metric}|{pooling}", stage): search.ap(ranking)
        for metric in METRIC_OF for pooling in POOLINGS
        for stage, ranking in search.stages(pooling, depths, metric).items()
    }  # fmt: skip
    return replace(means(values, NEAR, "Cosine|max"), stands_for={CELEB: search.films.name} if heading == CELEB else {})


def table_2(searches: AllSearches, depths: Depths) -> Table:
    """Mean AP of every detector and pooling, by collection and stage."""
    values = {
        (f"{network}|{pooling}", f"{heading}|{stage}"): search.ap(ranking)
        for network, of in searches.items() for pooling in POOLINGS for heading, search in of.items()
        for stage, ranking in search.stages(pooling, depths).items()
    }  # fmt: skip
    return _compared(means(values, NEAR, "VGG16 (P)|max"), "2", next(iter(searches.values())))


def encoded(number: str, runs: Mapping[str, Mapping[tuple[str, str], EncodedRun]]) -> Table:
    """Table 3 or 4, from the runs of each network by heading and pooling."""
    values = {
        (f"{network}|{pooling}", f"{heading}|{stage}"): run.search.ap(run.rankings[stage])
        for network, of in runs.items() for (heading, pooling), run in of.items() for stage in STAGES
    }  # fmt: skip
    searched = {heading: run.search for of in runs.values() for (heading, _), run in of.items()}
    return _compared(means(values, LEARNED), number, searched)


def table_5(table_2: Table, table_3: Table, table_4: Table, searches: Mapping[str, FilmSearch], network: str) -> Table:
    """The rows of Table 5 that this page has, as one network ranks by sums: the printed raw features are sums."""
    rows = {OWN: table_2, f"{OWN} + FV": table_3, f"{OWN} +BOVW": table_4}
    headings = dict.fromkeys(column.split("|")[0] for _, column in table_4.per_query)
    values = {
        (row, h): table.per_query[f"{network}|sum", f"{h}|Ranking"] for row, table in rows.items() for h in headings
    }
    found = _compared(means(values, LEARNED, OWN), "5", searches)
    others = [row for row in published.read("face_retrieval", "5").rows if row not in rows]
    quoted = dict.fromkeys(others, "published number; this page does not run the method")
    return replace(found, reasons={**found.reasons, **quoted})  # type: ignore[dict-item]


def what_counts(searches: Mapping[str, FilmSearch], pooling: str, depths: Depths) -> Table:
    """Mean AP of stills that were recorded together with some frames, by stage and by what counts as an answer."""
    values: PerQuery = {}
    for search in searches.values():
        films, name = search.films, search.films.name
        here = films.same_source.any(axis=1)
        for stage, ranking in search.stages(pooling, depths).items():
            column = f"{name}|{stage}"
            rows = {
                "all frames of the person": search.ap(ranking),
                "frames of the same recording": search.ap(ranking, films.same_source),
                "other frames of the person": search.ap(
                    ranking, films.relevant & ~films.same_source, films.same_source
                ),
            }
            values |= {(row, column): np.where(here, found, np.nan) for row, found in rows.items()}
            values["stills of another recording", column] = np.where(here, np.nan, search.ap(ranking))
    return means(values, NEAR)


def found_faces(films: FaceFilms, boxes: tuple[F32, F32]) -> Table:
    """How well a detector finds the faces of frames and stills: IoU with the true box, and the share above 0.5.

    Raises
    ------
    NoExampleError: no true box is known.
    """
    values: PerQuery = {}
    for row, true, found in (("frames", films.boxes, boxes[0]), ("stills", films.still_boxes, boxes[1])):
        known = ~np.isnan(true).any(axis=1)
        if not known.any():
            raise NoExampleError(f"{films.name}: the true boxes of its {row} are not known")
        ious = localisation.localise(found[known], true[known])
        values["mean IoU", row], values["IoU above 0.5", row] = ious, (ious > 0.5).astype(float)
    return replace(means(values, NEAR), over="pictures")


def peaks(runs: Mapping[str, Iterable[EncodedRun]]) -> Table:
    """Peak memory (MiB) while frames were encoded and searched, and the MiB that all regions take when held at once."""
    frame = pd.DataFrame(
        {f"{what}, {run.search.films.name}, {run.pooling}": {"streamed": run.peak, "all regions held": run.held}
         for what, of in runs.items() for run in of}
    ).T  # fmt: skip
    return Table(frame, formats=dict.fromkeys(frame.columns, "{:,.0f}"))


def timings(
    searches: Mapping[str, FilmSearch], network: Detector, view: DetectorView, pooling: str, depths: Depths,
    tuned: Mapping[str, float],
) -> Table:  # fmt: skip
    """Seconds of each stage, for all stills: the mean of several measurements; ``tuned`` has those of fine-tunings."""
    values: PerQuery = {}
    stages: dict[tuple[str, str], Callable[[], object]] = {}
    for heading, search in searches.items():
        frames, first = search.films.frames, search.rank(pooling)
        some = [frames[i] for i in np.linspace(0, len(frames) - 1, REPEATED).astype(int)]
        one = [_seconds(partial(detector.describe, network, picture, **view._asdict())) for picture in some]
        values[heading, "offline feature extraction"] = np.array(one) * len(frames)
        stages[heading, "online ranking"] = partial(search.rank, pooling)
        stages[heading, "reranking"] = partial(search.reranked, first, pooling, depths.n_top)
    # The stages take turns, so that a busy machine slows all of them alike.
    timed = [[_seconds(work) for work in stages.values()] for _ in range(1 + REPEATED)]
    values |= dict(zip(stages, np.array(timed[1:]).T, strict=True))
    found, once = means(values), pd.DataFrame({"fine-tuning": dict(tuned)})
    why = {h: f'needs dataset="{NEEDS[h]}"' for h in NEEDS if h not in searches}
    why |= dict.fromkeys({"VGG(F-F)", "VGG(F-S)"} - set(tuned), "the card of other weights is not read")
    return replace(found, frame=pd.concat([found.frame, once]), over="measurements", formats=SECONDS, reasons=why,
                   better=dict.fromkeys(SECONDS, "lower"),
                   stands_for={h: s.films.name for h, s in searches.items()})  # fmt: skip


def _seconds(work: Callable[[], object]) -> float:
    return timeit(work, number=1)


def _compared(table: Table, number: str, searches: Mapping[str, FilmSearch]) -> Table:
    """The table with reasons for printed collections that are not loaded, and the names of what stands for others."""
    printed, found = (
        dict.fromkeys(str(column).split("|")[0] for column in columns)
        for columns in (published.read("face_retrieval", number).columns, table.frame.columns)
    )
    missing = {h: f'needs dataset="{NEEDS[h]}"' for h in printed if h not in found}
    return replace(table, reasons=missing, stands_for={h: searches[h].films.name for h in found})
