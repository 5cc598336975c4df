"""Frames that the page's figures show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from vretlib.datasets.faces.film_collection import FaceFilms
from vretlib.described.film_faces import FilmSearch, Ids
from vretlib.plots.face_films import FrameWithBoxes
from vretlib.search.regions import Reranked

Rows = list[tuple[str, list[FrameWithBoxes]]]


def people(films: FaceFilms, stills: Sequence[int], n: int = 4) -> Rows:
    """One row for each still: the still, and the first frame of each of its person's first ``n`` videos."""
    first = np.unique(films.video, return_index=True)[1]
    rows: Rows = []
    for still in stills:
        person = films.still_persons[still]
        mine = first[films.persons == person][:n]
        frames = [FrameWithBoxes(films.frames[i], films.boxes[i]) for i in mine]
        asks = FrameWithBoxes(films.stills[still], films.still_boxes[still])
        rows.append((films.names[person], [asks, *frames]))
    return rows


def before_and_after(search: FilmSearch, ranking: Ids, again: Reranked, n: int = 4) -> Rows:
    """The ranking and the re-ranking of the still whose AP rises most by it, and of the one whose AP falls most."""
    films, found = search.films, again.boxes(search.frames.boxes)
    aps = {"ranking": search.ap(ranking), "re-ranking": search.ap(again.ranking)}
    change = np.nan_to_num(aps["re-ranking"] - aps["ranking"])
    rows: Rows = []
    for still in dict.fromkeys((int(change.argmax()), int(change.argmin()))):
        asks = FrameWithBoxes(films.stills[still], films.still_boxes[still])
        kinds: Mapping[str, tuple[Ids, Sequence[Any]]] = {
            "ranking": (ranking[still], [None] * n), "re-ranking": (again.ranking[still], found[still]),
        }  # fmt: skip
        for name, (ids, boxes) in kinds.items():
            frames = [FrameWithBoxes(films.frames[i], None, box, bool(films.relevant[still, i]))
                      for i, box in zip(ids[:n], boxes, strict=False)]  # fmt: skip
            rows.append((f"{name}, AP {aps[name][still]:.2f}", [asks, *frames]))
    return rows
