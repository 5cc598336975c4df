"""Tables 4.1 and 4.2 and Fig 4.4 of the thesis, the facts that it gives in its text, and tables of only this page."""

from collections import Counter
from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from embedded import camera
from vretlib import images
from vretlib.chapters.image_to_video.methods import TAUS, VERDICTS, Thresholds
from vretlib.datasets import movies, query_list
from vretlib.datasets.movies import MovieCollection
from vretlib.evaluation.roc import roc
from vretlib.report import Check, Table, published
from vretlib.video import frames

NOT_IN_USE = "another collection; none of its films is in use"


def table_4_1(collection: MovieCollection) -> Table:
    """One row under the headings of Table 4.1, which keep the thesis' spelling.

    The length is in hours, with two significant digits below ten hours.
    """
    hours = sum(frames.probe(movie.path).duration for movie in collection.movies) / 3600
    drawn = all(movie.truth is not None for movie in collection.movies)
    simulated = all(query.corners is not None and query.level in camera.LEVELS for query in collection.queries)
    row = {
        "Lenght": f"{hours:.0f}h" if hours >= 10 else f"{hours:.2g}h",
        "Domain": "Drawn films" if drawn else "Own films",
        "#Queries": len(collection.queries),
        "Queries": "Camera, simulated" if simulated else "Camera",
    }
    return Table(pd.DataFrame([row], index=pd.Index([collection.name], name="Name")), reasons=NOT_IN_USE)


def table_4_2(collection: MovieCollection) -> Table:
    """The films in rows: length, resolution, frames a second, frames and queries, all of them exact."""
    frame = movies.facts(collection)
    return Table(frame, checks=[Check(frame, 0.0)], reasons=NOT_IN_USE)


def facts_in_text(collection: MovieCollection) -> pd.DataFrame:
    """What section 4.3.2 says about MoviesDB in its text, beside the same facts: columns "thesis" and "in use"."""
    infos = [frames.probe(movie.path) for movie in collection.movies]
    n_queries = Counter(query.movie for query in collection.queries)
    fewest = min(n_queries[movie.name] for movie in collection.movies)
    durations = [info.duration for info in infos]
    facts = [
        ("movies", "MoviesDB movies", f"{len(infos)}"),
        ("frames", "MoviesDB frames", f"{sum(info.n_frames for info in infos):,}"),
        ("hours", "MoviesDB hours", f"{sum(durations) / 3600:.3g}"),
        ("query images", "MoviesDB query images", f"{len(collection.queries):,}"),
        ("smallest width (pixels)", "MoviesDB least width (pixels)", f"{min(info.width for info in infos)}"),
        ("shortest video", "MoviesDB shortest video", str(timedelta(seconds=round(min(durations))))),
        ("longest video", "MoviesDB longest video", str(timedelta(seconds=round(max(durations))))),
        ("fewest queries of a movie", "MoviesDB least queries of a movie", f"{fewest}"),
        ("query image resolutions", "query image resolutions", _sizes(collection)),
    ]
    printed = published.hyperparameters("thesis")["value"]
    rows = [(name, printed[f"ch. 4: {key}"], value) for name, key, value in facts]
    return pd.DataFrame(rows, columns=["fact", "thesis", "in use"]).set_index("fact")


def tried(thresholds: Thresholds) -> Table:
    """The best τ of each distance threshold, its interval and its rates, which have the pairs' verdicts.

    The rates are checked up to a distance of 0.45. Beyond it nearly every feature matches, and one pair whose features
    another processor places otherwise decides the rates.
    """
    same = thresholds.pairs["same"].to_numpy(bool)
    per_query = {
        (str(distance), rate): np.where(counted, scores > tau, np.nan)
        for distance, tau, scores in zip(
            thresholds.tried.index, thresholds.tried["τ"], thresholds.scores.T, strict=True
        )
        for rate, counted in (("TPR", same), ("FPR", ~same))
    }
    checked = thresholds.tried.loc[:0.45, ["TPR", "FPR"]]
    return Table(
        thresholds.tried, checks=[Check(checked, {"TPR": 0.02, "FPR": 0.0})], per_query=per_query, over="pairs"
    )


def figure_4_4(thresholds: Thresholds) -> dict[str, NDArray[np.float64]]:
    """Values of τ ("tau") and both rates at each of them ("TPR", "FPR"), for the chosen distance."""
    tpr, fpr = roc(thresholds.scored["score"], thresholds.pairs["same"], TAUS)
    return {"tau": TAUS, "TPR": tpr, "FPR": fpr}


def choice(thresholds: Thresholds) -> pd.DataFrame:
    """The protocol's choice in the thesis and here, one row per fact; columns "thesis" and "here"."""
    printed = published.hyperparameters("thesis")["value"]
    rows = [
        ("features", "SURF", "RootSIFT"),
        ("pairs of frames", printed["ch. 4: evaluation, annotated pairs of frames"], f"{len(thresholds.pairs)}"),
        ("values of τ tried", printed["ch. 4: evaluation, values of τ"], f"{len(TAUS)}"),
        ("distance threshold", printed["ch. 4: SURF matching threshold"], f"{thresholds.max_distance:g}"),
        ("τ", printed["ch. 4: τ"], f"{thresholds.choice.tau:.3f}"),
        ("TPR at τ", printed["ch. 4: TPR at τ"], f"{thresholds.choice.tpr:.3f}"),
        ("FPR at τ", printed["ch. 4: FPR at τ"], f"{thresholds.choice.fpr:.3f}"),
    ]
    return pd.DataFrame(rows, columns=["fact", "thesis", "here"]).set_index("fact")


def outlines(judged: pd.DataFrame) -> Table:
    """The share of each verdict of `methods.judge_outlines` by level, and the median error of right outlines."""
    rows: dict[str, dict[str, float]] = {}
    per_query: dict[tuple[str, str], NDArray[np.float64]] = {}
    levels = [level for level in query_list.levels(judged["level"]) if level not in ("", "all")]
    for level in [*levels, "all"]:
        counted = np.ones(len(judged), np.bool_) if level == "all" else judged["level"].to_numpy() == level
        group = judged[counted]
        shares = {verdict: (group["verdict"] == verdict).mean() for verdict in VERDICTS}
        error = group.loc[group["verdict"] == "right", "error"].median()
        rows[level] = {"photographs": len(group), **shares, "error (pixels)": error}
        for verdict in VERDICTS:
            per_query[level, verdict] = np.where(counted, judged["verdict"] == verdict, np.nan)
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("level")
    return Table(frame, per_query=per_query, over="photographs")


def _sizes(collection: MovieCollection, n: int = 4) -> str:
    """Sizes of the photographs; if there are more than ``n``, the smallest and the largest by number of pixels."""
    found = {images.size(query.image) for query in collection.queries}
    sizes = [f"{w} × {h}" for w, h in sorted(found, key=lambda size: (size[0] * size[1], size))]
    return " or ".join(sizes) if len(sizes) <= n else f"{sizes[0]} to {sizes[-1]}, {len(sizes)} different ones"
