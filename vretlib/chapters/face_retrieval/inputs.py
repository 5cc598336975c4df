"""The collections and detectors of a page, and every collection as every detector sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from vretlib.datasets.faces import films
from vretlib.datasets.faces.film_collection import FaceFilms
from vretlib.described import film_faces
from vretlib.described.film_faces import F32, FilmSearch
from vretlib.features import detector_files
from vretlib.features.described_regions import DetectorView
from vretlib.features.detector_network import Detector
from vretlib.features.opencv_detectors import FaceFinder
from vretlib.models import cards

CELEB, FACES, YOUTUBE = "Y-Celeb", "Y-Celeb-Faces", "YouTube Faces Database"
"""The paper's data sets, as its tables call them; the second is the first with a face detector in front."""
NEEDS = {CELEB: "ytc", FACES: "ytc", YOUTUBE: "youtube_faces"}
"""The value of the parameter ``dataset`` that loads each."""
NETWORKS = {"VGG16 (P)": "P", "VGG16 (C)": "C", "VGG16 (F-S)": "F-S", "VGG16 (F-F)": "F-F"}
"""The detectors of Table 2, and what each of this project's own was trained on."""
FINDER = "VGG16 (C)"
"""The detector that finds faces where no other is given: they are one of its classes."""

AllSearches = dict[str, dict[str, FilmSearch]]
"""What is searched, by network and heading."""


def load(
    dataset: str, root: str, seed: int, split: str, boxes: str, n_frames: int, sizes: Mapping[str, Any]
) -> dict[str, FaceFilms]:
    """The collections by heading: both drawn ones, one of the paper's, or your own, whose heading is its own name."""
    found = films.load(dataset, root=root, seed=seed, split=split, boxes=boxes, n_frames=n_frames, **sizes)
    if dataset == "embedded":
        return dict(zip((CELEB, YOUTUBE), found, strict=True))
    return {{"ytc": CELEB, "youtube_faces": YOUTUBE}.get(dataset, found[0].name): found[0]}


def detectors(weights: Sequence[str], device: str) -> dict[str, Detector]:
    """The detectors of `NETWORKS`, in its order, with the parameters' weights; "embedded" means this project's own."""
    chosen = zip(NETWORKS.items(), weights, strict=True)
    return {
        name: detector_files.load("vgg16", trained_on if given == "embedded" else given, device)
        for (name, trained_on), given in chosen
    }


def fine_tuned(weights: Sequence[str]) -> dict[str, cards.Card]:
    """The cards of this project's own detectors among F-S and F-F, in this order the parameters ``weights``."""
    chosen = zip(("F-S", "F-F"), weights, strict=True)
    return {name: cards.read(detector_files.committed("vgg16", name)) for name, given in chosen if given == "embedded"}


def people_named(tuned: Mapping[str, cards.Card]) -> float:
    """How far the better mAP on the cards of F-S and F-F is above that of shuffled names; NaN if a card is missing."""
    gains = [card["accuracy"]["map"] - card["accuracy"]["map_of_shuffled_names"] for card in tuned.values()]
    return float(max(gains)) if len(gains) == 2 else float("nan")


def describe(networks: Mapping[str, Detector], collections: Mapping[str, FaceFilms], view: DetectorView) -> AllSearches:
    """Every collection as every detector sees it, with the scores of regions from `FINDER`."""
    return {
        name: {h: film_faces.describe(of, one, view, scores=name == FINDER) for h, one in collections.items()}
        for name, of in networks.items()
    }


def faces_found(found_in: FilmSearch, classes: Sequence[str], file: str) -> tuple[F32, F32]:
    """The box of the face in each frame (n, 4) and still (nq, 4), NaN where none is found.

    ``file`` is that of YuNet, which OpenCV runs. Without it, the faces are the most certain regions of ``found_in``,
    which `FINDER` with these ``classes`` described.
    """
    if not file:
        return film_faces.most_certain(found_in.frames, classes), film_faces.most_certain(found_in.stills, classes)
    finder, none = FaceFinder(Path(file)), np.full((1, 4), np.nan, np.float32)
    frames, stills = (
        np.concatenate([np.concatenate([finder.boxes(one), none])[:1] for one in pictures])
        for pictures in (found_in.films.frames, found_in.films.stills)
    )
    return frames, stills


def with_faces(
    searches: AllSearches, networks: Mapping[str, Detector], heading: str, boxes: tuple[F32, F32], view: DetectorView
) -> AllSearches:
    """The searches and one more collection: that of ``heading``, cropped to the faces that were found."""
    cut = film_faces.cut_out(next(iter(searches.values()))[heading].films, *boxes, side=view.short_side)
    name = FACES if heading == CELEB else f"{heading}, faces"
    return {network: of | {name: film_faces.describe(networks[network], cut, view)} for network, of in searches.items()}
