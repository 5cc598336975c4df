"""Table 4.1 of the thesis and the facts that it gives in prose, for the collection in use.

Table 4.2 is `vretlib.datasets.movies.facts`.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd

from embedded import camera
from vretlib import images
from vretlib.chapters.image_to_video.thresholds import Thresholds
from vretlib.datasets.movies import MovieCollection
from vretlib.report import published
from vretlib.video import frames

NOT_IN_USE = "another collection; none of its films is in use"


def table_4_1(collection: MovieCollection, domain: str, queries: str) -> pd.DataFrame:
    """One row under the headings of Table 4.1, which keep the thesis' spelling.

    ``domain`` and ``queries`` are the words for "Movies" and "Camera" of the printed row. The length is in hours,
    with as many decimals as it takes to be seen.
    """
    hours = sum(frames.probe(movie.path).duration for movie in collection.movies) / 3600
    row = {
        "Lenght": f"{hours:.0f}h" if hours >= 10 else f"{hours:.2g}h",
        "Domain": domain,
        "#Queries": len(collection.queries),
        "Queries": queries,
    }
    return pd.DataFrame([row], index=pd.Index([collection.name], name="Name"))


def words(collection: MovieCollection) -> tuple[str, str]:
    """What the columns Domain and Queries of Table 4.1 can say about a collection."""
    drawn = all(movie.truth is not None for movie in collection.movies)
    simulated = all(query.corners is not None and query.level in camera.LEVELS for query in collection.queries)
    return "Drawn films" if drawn else "Own films", "Camera, simulated" if simulated else "Camera"


def choice(chosen: Thresholds) -> pd.DataFrame:
    """The protocol's choice in the thesis and here, one row per fact; columns "thesis" and "here"."""
    printed = published.hyperparameters("thesis")["value"]
    rows = [
        ("features", "SURF", "RootSIFT"),
        ("pairs of frames", printed["ch. 4: evaluation, annotated pairs of frames"], f"{len(chosen.same)}"),
        ("values of τ tried", printed["ch. 4: evaluation, values of τ"], f"{len(chosen.tpr)}"),
        ("distance threshold", printed["ch. 4: SURF matching threshold"], f"{chosen.max_distance:g}"),
        ("τ", printed["ch. 4: τ"], f"{chosen.tau:.3f}"),
        ("TPR at τ", printed["ch. 4: TPR at τ"], f"{chosen.choice.tpr:.3f}"),
        ("FPR at τ", printed["ch. 4: FPR at τ"], f"{chosen.choice.fpr:.3f}"),
    ]
    return pd.DataFrame(rows, columns=["fact", "thesis", "here"]).set_index("fact")


def facts_in_prose(collection: MovieCollection) -> pd.DataFrame:
    """What section 4.3.2 says about MoviesDB in words, beside the same facts: columns "thesis" and "in use"."""
    infos = [frames.probe(movie.path) for movie in collection.movies]
    asked = Counter(query.movie for query in collection.queries)
    durations = [info.duration for info in infos]
    obtained = {
        "MoviesDB movies": f"{len(infos)}",
        "MoviesDB frames": f"{sum(info.n_frames for info in infos):,}",
        "MoviesDB hours": f"{sum(durations) / 3600:.3g}",
        "MoviesDB query images": f"{len(collection.queries):,}",
        "MoviesDB least width (pixels)": f"{min(info.width for info in infos)}",
        "MoviesDB shortest video": _duration(min(durations)),
        "MoviesDB longest video": _duration(max(durations)),
        "MoviesDB least queries of a movie": f"{min(asked[movie.name] for movie in collection.movies)}",
        "query image resolutions": _sizes(collection),
    }
    printed = published.hyperparameters("thesis")["value"]
    rows = [(name.removeprefix("MoviesDB "), printed[f"ch. 4: {name}"], value) for name, value in obtained.items()]
    return pd.DataFrame(rows, columns=["fact", "thesis", "in use"]).set_index("fact")


def _duration(seconds: float) -> str:
    whole = round(seconds)
    parts = [(whole // 3600, "h"), (whole // 60 % 60, "min"), (whole % 60, "s")]
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "0 s"


def _sizes(collection: MovieCollection, n: int = 4) -> str:
    """Sizes of the photographs; where there are more than ``n``, the smallest and the largest by number of pixels."""
    found = sorted(
        {images.size(query.image) for query in collection.queries}, key=lambda size: (size[0] * size[1], size)
    )
    words = [f"{w} × {h}" for w, h in found]
    return " or ".join(words) if len(words) <= n else f"{words[0]} to {words[-1]}, {len(words)} different ones"
