"""Tables 5.1 and 5.2 and Figure 5.4 of the thesis."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vretlib.chapters.binary_features.methods import SearchedPhotographs, descriptors, matches, retrieve
from vretlib.datasets import query_list
from vretlib.described.film_photographs import Photograph
from vretlib.errors import NoExampleError
from vretlib.evaluation.visual_match import recall_at_1
from vretlib.report import Check, Table, Tolerance, published
from vretlib.report.means import means
from vretlib.video import film_indexes
from vretlib.video.archive import Archive
from vretlib.video.film_indexes import FilmMethod
from vretlib.video.film_search import FoundFrames, ShotFrames, retrieve_at
from vretlib.video.frame_matcher import VisualMatcher

BACKTRACKS = (10, 50, 100, 250)
"""The B of Table 5.1."""

ALL_B = "R@1|all B"
"""The column of a method that compares everything, whatever B is."""

MEBIBYTE = 2**20
FEW = Tolerance(relative=0.02)
"""Of the number of features, a few of which another processor rounds away."""


def table_5_1(
    methods: Sequence[FilmMethod],
    photographs: Sequence[Photograph],
    matcher: VisualMatcher,
    backtracks: Sequence[int] = BACKTRACKS,
) -> Table:
    """Methods in rows; features (millions), memory of the descriptors (MB of 2²⁰ bytes) and R@1 for every B.

    Gains are measured against brute force, which has one R@1 for all B. Beyond the printed columns: the memory that the
    index adds, and milliseconds per photograph, for the search of a shot at all B together, which takes as long as that
    at the largest, and of a frame inside it. Times depend on the machine and are not checked. R@1 may move by two
    photographs, where a decoder or a resize rounds another way.

    Raises
    ------
    NoExampleError: there are no photographs.
    """
    if not photographs:
        raise NoExampleError("no photograph shows this film")
    runs: list[tuple[FilmMethod, int, FoundFrames]] = []
    inside = ShotFrames()  # its own: what an earlier search found was timed at another moment
    for method in methods:
        chosen = backtracks if method.backtracks else backtracks[-1:]
        xq = descriptors(method.archive.features, photographs)
        retrieve_at(method, xq[:1], backtracks=chosen)  # the first search compiles, and is not timed
        all_found = retrieve_at(method, xq, backtracks=chosen, inside=inside)
        runs += [(method, b, found) for b, found in zip(chosen, all_found, strict=True)]
    right = matches([(found, photographs) for *_, found in runs], matcher)
    rows: dict[str, dict[str, float]] = {}
    per_query: dict[tuple[str, str], NDArray[np.bool_]] = {}
    for (method, b, found), matched in zip(runs, right, strict=True):
        row = rows.setdefault(method.name, {"Feat": len(method.shot_of) / 1e6})
        row["Mem"] = method.descriptor_bytes / MEBIBYTE
        column = f"R@1|B={b}" if method.backtracks else ALL_B
        row[column], per_query[method.name, column] = recall_at_1(matched), matched
        row["Index|MB"] = (method.n_bytes - method.descriptor_bytes) / MEBIBYTE
        row["Search|shot, ms"], row["Search|frame, ms"] = found.search_ms, found.frame_ms
    recall = [ALL_B, *(f"R@1|B={b}" for b in backtracks)]
    columns = ["Feat", "Mem", *recall, "Index|MB", "Search|shot, ms", "Search|frame, ms"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    tolerance = {"Feat": FEW, "Mem": FEW, "R@1": round(2 / len(photographs), 4)}
    exhaustive = next((method.name for method in methods if not method.backtracks), "")
    with_sift = any(method.archive.features == "sift" for method in methods)
    return Table(
        frame,
        checks=[Check(frame, tolerance, unchecked=("Index", "Search"))],
        reasons={} if with_sift else {"SIFT-Aggregation-KdTree": "needs sift=True"},
        better={"Mem": "lower", "R@1": "higher"},
        baseline={"Mem": exhaustive, "R@1": (exhaustive, ALL_B)} if exhaustive else "",
        per_query=per_query,
    )


def by_level_at(table: Table, photographs: Sequence[Photograph], backtracks: int) -> Table:
    """R@1 of the methods of Table 5.1 (`table_5_1` of these photographs) by level, at one B."""
    column = f"R@1|B={backtracks}"
    found = {row: np.asarray(values) for (row, name), values in table.per_query.items() if name in (column, ALL_B)}
    per_query = {
        (row, level): values
        for row, of_row in found.items()
        for level, values in by_level(photographs, of_row.astype(np.bool_)).items()
    }
    if not per_query:
        raise NoExampleError(f"Table 5.1 has no column of B = {backtracks}")
    return means(per_query, 0.05, baseline=next(iter(found)))


def by_backtracks(table: Table) -> Table:
    """R@1 of Table 5.1 (`table_5_1`) with B in rows and trees in columns: gains are those over the smallest B."""
    cells = {(b.removeprefix("R@1|"), row): x for (row, b), x in table.per_query.items() if b != ALL_B}
    if not cells:
        raise NoExampleError("none of the methods searches with backtracks")
    return means(cells, baseline=next(b for b, _ in cells))


def table_5_2(archive: Archive, photographs: Sequence[Photograph], found: NDArray[np.bool_]) -> Table:
    """Films in rows; frames, features, shots, key features, and R@1 of each film's photographs among all films.

    ``found`` (photographs,) says which of them were found. Frames are exact. Shots may differ by a few where a single
    track decides, R@1 by two photographs of a film.
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
    tolerance = {"Frames": 0, "Feat": FEW, "Shots": Tolerance(relative=0.1), "KFeat": FEW, "R@1": two}
    printed = [str(name) for name in published.table("thesis", "5.2").index]
    reasons: dict[str | tuple[str, str], str] = {
        name: "MoviesDB's films are not public" for name in printed if name not in table.index
    }
    for name in table.index[table["R@1"].isna()]:
        reasons[str(name), "R@1"] = "no photograph shows it"
    of_film = {film.name: np.where(movie == film.name, found, np.nan) for film in archive.films}
    per_query = {(name, "R@1"): values for name, values in {**of_film, "Total": found.astype(float)}.items()}
    return Table(table, checks=[Check(table, tolerance)], reasons=reasons, per_query=per_query)


def by_level(photographs: Sequence[Photograph], found: NDArray[np.bool_]) -> dict[str, NDArray[np.float64]]:
    """Which photographs of each level of difficulty, and of all, were found: 1 or 0, NaN for other levels.

    Photographs without a level count only in "all".
    """
    level = np.array([p.query.level for p in photographs], dtype=object)
    named = [name for name in query_list.levels(level) if name not in ("", "all")]
    return {name: np.where(level == name, found, np.nan) for name in named} | {"all": found.astype(np.float64)}


def figure_5_4(
    archive: Archive,
    photographs: Sequence[Photograph],
    matcher: VisualMatcher,
    *,
    leaf_size: int = 100,
    backtracks: int = 50,
    inside: ShotFrames | None = None,
) -> Table:
    """R@1 of each film's photographs (rows) as films are added to the database (columns: frames in it).

    ``inside`` holds what other searches of these photographs found inside shots.

    The database holds the film itself and those that follow it, the first ones again after the last: 1, 2, 4, … films,
    and finally all of them. The thesis does not say in which order its films were added. A column is named after the
    mean size.
    """
    names = [film.name for film in archive.films]
    counts = [*(2**k for k in range(len(names).bit_length()) if 2**k < len(names)), len(names)]
    searched: dict[str, list[SearchedPhotographs]] = {}
    inside = inside or ShotFrames()
    for i, name in enumerate(names):
        if mine := [p for p in photographs if p.query.movie == name]:
            parts = [archive.only(*(names[i:] + names[:i])[:n]) for n in counts]
            trees = [film_indexes.bi_aggregation_kd_tree(part, leaf_size) for part in parts]
            searched[name] = [(retrieve(tree, mine, backtracks=backtracks, inside=inside), mine) for tree in trees]
    right = matches([search for searches in searched.values() for search in searches], matcher)
    mean_frames = np.mean([len(film.times) for film in archive.films])
    movie = np.array([p.query.movie for p in photographs])
    per_query: dict[tuple[str, str], NDArray[np.float64]] = {}
    for (name, n), matched in zip(product(searched, counts), right, strict=True):
        values = np.full(len(photographs), np.nan)
        values[movie == name] = matched
        per_query[name, str(round(n * mean_frames))] = values
    return means(per_query)
