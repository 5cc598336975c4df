"""Tables 5.1 and 5.2 and Figure 5.4 of the thesis."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.chapters.binary_features.methods import descriptors, matches_of_all, retrieve
from vretlib.datasets import query_list
from vretlib.datasets.photographs import Photograph
from vretlib.errors import NoExampleError
from vretlib.evaluation.visual_match import recall_at_1
from vretlib.report import Check, Table, Tolerance, published
from vretlib.video import film_indexes
from vretlib.video.archive import Archive
from vretlib.video.film_indexes import System
from vretlib.video.film_search import Answers, retrieve_at
from vretlib.video.frame_matcher import VisualMatcher

BACKTRACKS = (10, 50, 100, 250)
"""The B of Table 5.1."""

MEBIBYTE = 2**20
FEW = Tolerance(relative=0.02)
SIFT_ROW = "SIFT-Aggregation-KdTree"


def table_5_1(
    compared: Sequence[System],
    photographs: Sequence[Photograph],
    matcher: VisualMatcher,
    backtracks: Sequence[int] = BACKTRACKS,
) -> Table:
    """Systems in rows; features (millions), memory of the descriptors (MB of 2²⁰ bytes) and R@1 for every B.

    Beyond the printed columns: what the index takes on top, and milliseconds per photograph at the last B, for the
    search of a shot and of a frame inside it. Times depend on the machine and are not checked. R@1 may move by two
    photographs, where a decoder or a resize rounds another way.

    Raises
    ------
    NoExampleError: there are no photographs.
    """
    if not photographs:
        raise NoExampleError("no photograph shows this film")
    runs: list[tuple[System, int, Answers]] = []
    for system in compared:
        chosen = backtracks if system.backtracks else backtracks[-1:]
        asked = descriptors(system, photographs)
        retrieve_at(system, asked[:1], backtracks=chosen[:1])  # compiles, which is not to be timed
        runs += [
            (system, b, found) for b, found in zip(chosen, retrieve_at(system, asked, backtracks=chosen), strict=True)
        ]
    right = matches_of_all([(found, photographs) for *_, found in runs], matcher)
    rows: dict[str, dict[str, float]] = {}
    for (system, b, found), matched in zip(runs, right, strict=True):
        row = rows.setdefault(system.name, {"Feat": system.n_features / 1e6, "Mem": system.descriptor_bytes / MEBIBYTE})
        row[f"R@1|B={b}" if system.backtracks else "R@1|all B"] = recall_at_1(matched)
        row["Index|MB"] = system.index_bytes / MEBIBYTE
        row["Search|shot, ms"], row["Search|frame, ms"] = found.search_ms, found.frame_ms
    columns = ["Feat", "Mem", "R@1|all B", *(f"R@1|B={b}" for b in backtracks)]
    frame = pd.DataFrame.from_dict(
        rows, orient="index", columns=[*columns, "Index|MB", "Search|shot, ms", "Search|frame, ms"]
    )
    limits = {"Feat": FEW, "Mem": FEW, "R@1": round(2 / len(photographs), 4)}
    without = {} if any(system.archive.features == "sift" for system in compared) else {SIFT_ROW: "needs sift=True"}
    return Table(
        frame,
        checks=[Check(frame, limits, unchecked=("Index", "Search"))],
        reasons=without,
        better={"Mem": "lower", "R@1": "higher"},
    )


def table_5_2(archive: Archive, photographs: Sequence[Photograph], found: NDArray[np.bool_]) -> Table:
    """Films in rows; frames, features, shots, key features, R@1 of each film's photographs in all films.

    Frames are exact. Shots may differ by a few where a single track decides, R@1 by two photographs of a film.
    """
    movie = np.array([p.query.movie for p in photographs])
    rows = {
        film.name: {
            "Frames": len(film.times),
            "Feat": len(film.codes),
            "Shots": len(film.shots),
            "KFeat": len(film.key_codes),
            "R@1": found[movie == film.name].mean() if (movie == film.name).any() else np.nan,
        }
        for film in archive.films
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.loc["Total"] = table.sum()
    table.loc["Total", "R@1"] = recall_at_1(found)
    table = table.astype(dict.fromkeys(("Frames", "Feat", "Shots", "KFeat"), int))
    two = round(2 * len(archive.films) / max(len(photographs), 1), 4)
    limits = {"Frames": 0, "Feat": FEW, "Shots": Tolerance(relative=0.1), "KFeat": FEW, "R@1": two}
    return Table(table, checks=[Check(table, limits)], reasons=_why_missing(table))


def _why_missing(table: pd.DataFrame) -> dict[str | tuple[str, str], str]:
    """Why Table 5.2 has no number: of the thesis' films, and of R@1 of a film that no photograph shows."""
    theirs = [str(name) for name in published.table("thesis", "5.2").index if name not in table.index]
    unasked = [str(name) for name in table.index[table["R@1"].isna()]]
    return dict.fromkeys(theirs, "MoviesDB's films are not public") | {
        (name, "R@1"): "no photograph shows it" for name in unasked
    }


def recall_by_level(photographs: Sequence[Photograph], found: NDArray[np.bool_]) -> pd.Series:
    """R@1 of the photographs of each level of difficulty, and of all; those without a level count in "all" alone."""
    level = np.array([p.query.level for p in photographs], dtype=object)
    named = [name for name in query_list.levels(level) if name not in ("", "all")]
    by_level = {name: found[level == name].mean() for name in named} | {"all": recall_at_1(found)}
    return pd.Series(by_level, name="R@1", dtype=float)


def figure_5_4(
    archive: Archive,
    photographs: Sequence[Photograph],
    matcher: VisualMatcher,
    *,
    leaf_size: int = 100,
    backtracks: int = 50,
) -> pd.DataFrame:
    """R@1 of each film's photographs (rows) as films are added to the database (columns: frames in it).

    The database holds the film itself and the films that follow it, going round: 1, 2, 4, … and at last all of them.
    The thesis does not say in which order its films were added. A column is named after the mean size.
    """
    names = [film.name for film in archive.films]
    counts = [*(2**k for k in range(len(names).bit_length()) if 2**k < len(names)), len(names)]
    mean_frames = np.mean([len(film.times) for film in archive.films])
    asked = {name: [p for p in photographs if p.query.movie == name] for name in names}
    answered = [
        (
            retrieve(film_indexes.bi_aggregation_kd_tree(part, leaf_size), asked[name], backtracks=backtracks),
            asked[name],
        )
        for i, name in enumerate(names)
        for part in (archive.only(*(names[i:] + names[:i])[:n]) for n in counts)
        if asked[name]
    ]
    recall = [recall_at_1(right) for right in matches_of_all(answered, matcher)]
    return pd.DataFrame(
        np.reshape(recall, (-1, len(counts))),
        index=[name for name in names if asked[name]],
        columns=[round(n * mean_frames) for n in counts],
    )
