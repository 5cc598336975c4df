"""Tables 6.1 to 6.4 of the thesis, and the memory account of section 6.2.5."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.chapters.spatio_temporal_encoder.film import DescribedFilm
from vretlib.chapters.spatio_temporal_encoder.learn import Learned
from vretlib.chapters.spatio_temporal_encoder.methods import (
    Method,
    encoded,
    heading,
    pooled,
    scores,
    single_frames,
    table,
)
from vretlib.chapters.spatio_temporal_encoder.study import Described
from vretlib.datasets.clips.collection import ClipCollection
from vretlib.features import image_features, unit_vectors
from vretlib.features.backbones import Backbone
from vretlib.models.temporal_encoder import sum_pool
from vretlib.report import published
from vretlib.report.left_out import LeftOut
from vretlib.video import clip_features
from vretlib.video.clip_shots import ClipShots
from vretlib.video.fisher_vectors import FisherVectors
from vretlib.video.sampled_frames import rows_at_rate

F32 = NDArray[np.float32]

GB = 1e9
THESIS_HOURS = 160
LARGE_HOURS = 1080
"""Of SI2V-600k and VB-600k, and of their larger versions, by section 6.2.5."""


def frame_methods(
    described: Described, fisher: FisherVectors | LeftOut | None, backbone: Backbone, *, fps: float = 1.0
) -> dict[str, Method]:
    """The rows of Table 6.1 that can be made with a network: single frames, all at one rate.

    R-MAC, fc6 and fc7 of that network (if it has them), and Fisher vectors of SIFT.
    """
    clips = described.collection.clips
    rows = rows_at_rate(described.frames, [clip.path for clip in clips], fps)
    rmac = frames_at(described, described.xq, described.x, rows)
    found = {}
    taps = [tap for tap in ("fc6", "fc7") if tap in backbone.taps]
    if taps:
        frames, values = clip_features.codes([c.path for c in clips], backbone, taps, fps=fps, say=_quiet)
        asked = [query.path for query in described.collection.queries]
        for tap in taps:
            name = f"{_TITLES.get(backbone.name, backbone.name)} {tap.upper()} [2]"
            xq = image_features.neural_codes(asked, backbone, tap, say=_quiet)
            found[name] = single_frames(name, xq, unit_vectors.l2(np.array(values[tap])), frames.offsets)
    if isinstance(fisher, FisherVectors):
        found["FV [2]"] = single_frames("FV [2]", fisher.xq, fisher.xb, fisher.offsets)
    return found | {"RMAC": rmac}


_TITLES = {"vgg16": "VGG16", "alexnet": "AlexNet"}


def table_6_1(methods: Mapping[str, Method], described: Described) -> pd.DataFrame:
    """Representations of single frames in rows; dimensions, mAP and R@1."""
    found = table(methods, described.collection)
    found.insert(0, "dim", [method.d for method in methods.values()])
    return found


def aggregations(
    described: Described, shots: ClipShots, learned: Mapping[str, Learned], whole: ClipShots
) -> dict[str, Method]:
    """The rows of Table 6.2: pools over whole clips, as Table 6.3 shows that the thesis did, and encoded shots."""
    found = {name: pooled(name, described, whole) for name in ("Max-Pooling", "Sum-Pooling")}
    for cell, encoder in learned.items():
        name = f"Temporal Encoder ({cell.upper()})"
        found[name] = encoded(name, described, shots, encoder)
    return found


def by_boundaries(
    described: Described, ways: Mapping[str, ClipShots], learned: Learned, *, name: str = "LSTM", sums: bool = True
) -> dict[str, Method]:
    """The rows of Table 6.3: two aggregations of the shots of three rules, or without ``sums`` the encoder's alone."""
    found = {f"Sum-Pool, {way}": pooled("Sum-Pooling", described, shots) for way, shots in ways.items() if sums}
    return found | {f"{name}, {way}": encoded(name, described, shots, learned) for way, shots in ways.items()}


def table_6_3(scored: pd.DataFrame, collection: ClipCollection) -> pd.DataFrame:
    """The columns of SI2V, named as Table 6.3 names them; of the first kind of query, under its name, without SI2V or
    for a user's own clips.
    """
    same = not collection.own and "SI2V" in collection.kinds
    prefix = f"{heading('SI2V' if same else collection.kinds[0], collection.own)}|"
    found = scored[[column for column in scored.columns if column.startswith(prefix)]]
    return found.rename(columns=lambda column: column.removeprefix(prefix)) if same else found


def compact_methods(
    frames: Mapping[str, Method],
    fisher: FisherVectors | LeftOut | None,
    described: Described,
    learned: Mapping[str, Method],
) -> dict[str, Method]:
    """The rows of Table 6.4: one vector per clip for the baselines, one per shot for the encoders."""
    n = len(described.collection.clips)
    each = np.arange(n + 1)
    found = {}
    if isinstance(fisher, FisherVectors):
        found["Scene FV* [2]"] = Method("Scene FV* [2]", fisher.scene_xq, fisher.scenes, each)
    for name, method in frames.items():
        if "FC" in name:
            whole = np.stack([method.offsets[:-1], method.offsets[1:]], axis=1)
            found[f"Sum-Pool {name}"] = Method(f"Sum-Pool {name}", method.xq, sum_pool(method.xb, whole), each)
    return found | {f"Spatio-Temporal-{cell.upper()} (Ours)": method for cell, method in learned.items()}


def table_6_4(methods: Mapping[str, Method], described: Described) -> pd.DataFrame:
    """Compact methods in rows; dimensions, and the mAP of each kind of query."""
    rows = {}
    for name, method in methods.items():
        found = scores(method, described.collection)
        maps = {key.removesuffix("|mAP"): value for key, value in found.items() if key.endswith("|mAP")}
        rows[name] = {"dim": method.d, **maps}
    return pd.DataFrame.from_dict(rows, orient="index")


def frames_at(described: Described, xq: F32, x: F32, rows: NDArray[np.int64]) -> Method:
    """Single frames, of some rows."""
    offsets = np.searchsorted(described.frames.clip[rows], np.arange(described.frames.n_clips + 1))
    return single_frames("", xq, x[rows], offsets)


def memory(methods: Mapping[str, Method], described: Described) -> pd.DataFrame:
    """Methods in rows: dimensions, vectors and megabytes per hour of *these* clips, and gigabytes for longer footage.

    Single precision. The hours are those of section 6.2.5: 160, and 1,080 by "a simple conversion".
    """
    hours = described.hours
    rows = {
        name: {
            "dim": method.d,
            "vectors per hour": len(method.xb) / hours,
            "MB per hour": method.bytes / hours / 1e6,
            f"GB for {THESIS_HOURS} hours": method.bytes / hours * THESIS_HOURS / GB,
            f"GB for {LARGE_HOURS:,} hours": method.bytes / hours * LARGE_HOURS / GB,
        }
        for name, method in methods.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def prose(memory_of: pd.DataFrame, ours: str, frames: str, scenes: str) -> pd.DataFrame:
    """The numbers of section 6.2.5 that claim 004-31 reads, from `memory`: FV of every frame, of scenes, and ours.

    Bloom filters are not implemented here; their row is missing.
    """
    at_160, at_1080 = f"GB for {THESIS_HOURS} hours", f"GB for {LARGE_HOURS:,} hours"
    values = {
        "ch. 6: memory of the proposed method": memory_of.loc[ours, at_160],
        "ch. 6: hours of SI2V-4M and VB-4M": float(LARGE_HOURS),
    }
    for name, row in (("FV* without aggregation", frames), ("Scene FV*", scenes)):
        if row in memory_of.index:
            values[f"ch. 6: memory of {name}"] = memory_of.loc[row, at_1080]
    return pd.DataFrame({"value": values})


NOT_HERE: dict[str, dict[str, str]] = {
    "6.1": dict.fromkeys(
        ("Edge Histogram [1]", "JDC [1]", "PHOG [1]"), "descriptors of another library (LIRE), which have no part here"
    ),
    "6.4": {"Scene FV* (DoG) [1]": "local features without SIFT's selection are not described anywhere"},
}
"""Printed rows that nothing here makes, by table."""

_FISHER = ("FV [2]", "Scene FV* [2]")


def reasons(
    number: str,
    obtained: pd.DataFrame,
    described: Described,
    backbone: Backbone,
    fisher: FisherVectors | LeftOut | None = None,
    film: DescribedFilm | LeftOut | None = None,
) -> dict[str, str]:
    """Why printed cells of Table ``number`` are not in the obtained one: rows that it lacks, then its columns.

    Parameters
    ----------
    fisher: as `frame_methods` was given it: None where the parameter leaves Fisher vectors out.
    film: of Table 6.2, or why there is none.
    """
    printed = published.read("thesis", number)
    found = {row: _row_reason(number, row, backbone, fisher) for row in printed.rows if row not in obtained.index}
    columns = {c.split("|")[0] for c in printed.columns} - {c.split("|")[0] for c in obtained.columns}
    own = described.collection.own
    for column in sorted(columns):
        if column == "MoviesDB":
            found[column] = film.why if isinstance(film, LeftOut) else "films that are not public; yours is beside them"
        elif own:
            found[column] = "a collection that this page did not search; your videos stand in columns of their own"
        else:
            found[column] = "no queries of this kind in this collection"
    return found


def _row_reason(number: str, row: str, backbone: Backbone, fisher: FisherVectors | LeftOut | None) -> str:
    if row in NOT_HERE.get(number, {}):
        return NOT_HERE[number][row]
    if row in _FISHER:
        return fisher.why if isinstance(fisher, LeftOut) else "left out: fisher=[]"
    network = "alexnet" if "AlexNet" in row else "vgg16"
    if backbone.name != network:
        return f"needs backbone={network!r}" + (" and its weights" if network == "alexnet" else "")
    return f"these weights of {network} have no {'fc6' if 'FC6' in row else 'fc7'}"


def _quiet(line: str) -> None:
    """Stages that are small beside those that speak."""
