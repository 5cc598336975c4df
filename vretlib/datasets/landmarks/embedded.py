"""The embedded landmarks: towns drawn and photographed by `embedded.landmarks`.

The cache keeps every set separately, as a folder of JPEG files with their ground truth in `TRUTH`, and uses it again if
its parameters are the same. Only the album and the village share buildings, as LANDMARKS and LA5K do in the thesis
(section 3.3.1): the village is searched in other photographs of the classes on which networks are trained.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from embedded.landmarks import town as towns
from embedded.landmarks.town import Builders, Town
from embedded.landmarks.view import Conditions
from vretlib import arrays, cache
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery, LandmarkStudy
from vretlib.errors import UserError
from vretlib.images import Box
from vretlib.models.labelled_images import LabelledImages
from vretlib.processes import processes

TRUTH = "truth.json"
"""File beside the images of a set: a list with one entry per image, in their order."""

LICENCE = "MIT, as this project"

STANDS_FOR = {
    "OX5K": "Town A",
    "PA6K": "Town B",
    "LA5K": "Village",
    "LANDMARKS": "Album",
    "LANDMARKS-EXTRA500": "Album + few",
    "LANDMARKS-EXTRA": "Album + many",
}
"""Names of the drawn collections and training sets, by the thesis' name of what they stand for.

The album holds photographs of the village's buildings, to learn from; the village itself is searched in others.
"""

EVALUATION = Conditions(
    azimuth=36, fill=(0.64, 1.05), detail=0.1, dark=0.12, bad=0.15, clutter=9, occluder=0.25, tone=0.75
)
"""Conditions of the photographs of towns, village and album, chosen as `embedded.landmarks` describes."""
PRETRAINING = Conditions()
"""Conditions of the photographs for training backbones; other values would invalidate the weights in data/weights."""

# A set is a list of (number of the building, kinds of photographs of it).
AlbumOrder = Sequence[tuple[int, Sequence[str]]]


def embedded(
    *,
    seed: int = 0,
    landmarks: int = 11,
    queries: int = 5,
    good: int = 12,
    ok: int = 5,
    junk: int = 6,
    others: int = 142,
    classes: int = 40,
    per_class: int = 16,
    validation_per_class: int = 8,
    validation_queries: int = 45,
    distractors: int = 500,
) -> LandmarkStudy:
    """The embedded study: Town A, Town B and Village for evaluation, Album for training, and distractors.

    As in the classic ground truth, the query images are in the database and on their landmark's ok list.

    Parameters
    ----------
    seed: seed of all buildings and photographs.
    landmarks, queries: number of landmarks of each town, and of queries per landmark.
    good, ok, junk: numbers of further photographs per landmark.
    others: number of photographs of other buildings of the town.
    classes, per_class: numbers of classes of the album and of images per class.
    validation_per_class, validation_queries: numbers of the village's photographs of each class, and of its queries.
    distractors: number of photographs of buildings elsewhere.

    Raises
    ------
    UserError: a number that is not whole or is below its minimum, or more queries of the village than it has
        photographs.
    """
    arrays.wholes(1, landmarks=landmarks, queries=queries, classes=classes, per_class=per_class)
    arrays.wholes(
        0, good=good, ok=ok, junk=junk, others=others, distractors=distractors, validation_queries=validation_queries
    )
    arrays.wholes(2, validation_per_class=validation_per_class)
    arrays.whole(seed, "seed", 0)
    if validation_queries > classes * validation_per_class:
        raise UserError(
            f"validation_queries={validation_queries}; expected at most classes × validation_per_class = "
            f"{classes * validation_per_class}; ask for fewer"
        )
    kinds = ["query"] * queries + ["good"] * good + ["ok"] * ok + ["junk"] * junk
    sights = [(number, kinds) for number in range(landmarks)] + _spread(others, 3, first=landmarks)
    drawn = [_set(town, seed, "evaluation", sights, EVALUATION) for town in (towns.OXFORD, towns.PARIS)]
    every = range(classes)
    validation = _set(towns.WORLD, seed, "validation", [(k, ["any"] * validation_per_class) for k in every], EVALUATION)
    training = _set(towns.WORLD, seed, "training", [(k, ["any"] * per_class) for k in every], EVALUATION)
    far = _set(towns.ELSEWHERE, seed, "distractors", _spread(distractors, 4), EVALUATION) if distractors else None
    every_set = (*map(_collection, drawn), _validation(validation, classes, validation_queries))
    true_boxes = (*map(_boxes, drawn), {})
    return LandmarkStudy(
        evaluation={
            name: LandmarkCollection(name, images, asked, _described(name, seed), LICENCE, boxes)
            for name, (images, asked), boxes in zip(("Town A", "Town B", "Village"), every_set, true_boxes, strict=True)
        },
        training=_labelled("Album", training),
        distractors=() if far is None else tuple(path for path, _ in far),
        description=(
            f"buildings drawn and photographed by this project from seed {seed}; they test the chapter's claims and "
            "are not the photographs of Oxford, Paris or LANDMARKS"
        ),
        licence=LICENCE,
        stands_for=STANDS_FOR,
    )


def pretraining(*, n_classes: int = 120, per_class: int = 30, seed: int = 0) -> LabelledImages:
    """Photographs of ``n_classes`` other buildings for training backbones; no evaluation set has any of them.

    Classes 3k, 3k + 1 and 3k + 2 share a style, so that a network needs more than materials to distinguish them.
    """
    arrays.wholes(1, n_classes=n_classes, per_class=per_class)
    arrays.whole(seed, "seed", 0)
    order = [(number, ["any"] * per_class) for number in range(n_classes)]
    return _labelled("pretraining", _set(towns.SCHOOL, seed, "pretraining", order, PRETRAINING))


ImageEntry = Mapping[str, Any]
DrawnImages = list[tuple[Path, ImageEntry]]


def _set(town: Town, seed: int, name: str, order: AlbumOrder, conditions: Conditions) -> DrawnImages:
    """The images of a set with their ground truth, kept in the cache."""
    key = {"town": asdict(town), "seed": seed, "set": name, "order": _short(order), "conditions": asdict(conditions)}
    folder = cache.stage(
        f"landmarks-{town.name}-{name}".lower(),
        key,
        lambda out: _make(out, town, seed, name, order, conditions),
    )
    return [(folder / entry["file"], entry) for entry in json.loads((folder / TRUTH).read_text())]


def _short(order: AlbumOrder) -> list[list[Any]]:
    """The order as plain data: the number of photographs of each kind, whose order is always the same."""
    return [[number, dict(Counter(kinds))] for number, kinds in order]


def _make(out: Path, town: Town, seed: int, name: str, order: AlbumOrder, conditions: Conditions) -> None:
    made = processes().map(partial(_photograph, out, town, seed, name, conditions), order)
    (out / TRUTH).write_text(json.dumps([entry for entries in made for entry in entries], indent=0))


_builders = lru_cache(maxsize=1)(Builders)  # a process builds a town's houses once


def _photograph(
    out: Path, town: Town, seed: int, name: str, conditions: Conditions, ordered: tuple[int, Sequence[str]]
) -> list[dict[str, Any]]:
    """The entries of the images of one building, which is photographed into ``out``."""
    number, kinds = ordered
    site = _builders(town, seed).site(number)
    rng = towns.generator(seed, town.name, name, number)
    wishes = [towns.wanted(kind, conditions) for kind in kinds]
    entries = []
    for n, (data, truth, spec) in enumerate(towns.photographs(site, rng, wishes)):
        file = f"{number:04d}_{n:03d}.jpg"
        (out / file).write_bytes(data)
        entries.append(
            {
                "file": file,
                "building": number,
                "kind": kinds[n],
                "visible": round(truth.visible, 4),
                "share": round(truth.share, 4),
                "box": truth.box,
                "light": spec.light.kind,
                "weather": spec.weather,
                "season": spec.season,
            }
        )
    return entries


def _spread(images: int, each: int, first: int = 0) -> list[tuple[int, list[str]]]:
    """``images`` photographs of buildings from number ``first`` on, ``each`` of every building."""
    return [(first + k // each, ["any"] * min(each, images - k)) for k in range(0, images, each)]


NAMES = (
    "mill_gate", "alder_hall", "st_brannoc", "corn_exchange", "long_library", "kings_tower", "fellows_court",
    "old_mint", "water_house", "assembly", "south_chapel", "bell_yard", "observatory", "priory", "customs_house",
    "playhouse",
)  # fmt: skip


def landmark_name(number: int) -> str:
    """Invented name of a landmark, the same in every town."""
    turn, k = divmod(number, len(NAMES))
    return NAMES[k] + (f"_{turn + 1}" if turn else "")


def _collection(images: DrawnImages) -> tuple[tuple[Path, ...], tuple[LandmarkQuery, ...]]:
    """Images and queries of a town, with the classic lists."""
    lists: dict[int, dict[str, list[int]]] = {}
    for i, (_, entry) in enumerate(images):
        if entry["kind"] != "any":
            listed = "ok" if entry["kind"] == "query" else _grade(entry["visible"])
            lists.setdefault(entry["building"], {"good": [], "ok": [], "junk": []})[listed].append(i)
    asked: list[LandmarkQuery] = []
    for i, (path, entry) in enumerate(images):
        if entry["kind"] == "query":
            number = entry["building"]
            good, ok, junk = (np.array(lists[number][key], np.int64) for key in ("good", "ok", "junk"))
            nth = 1 + sum(q.landmark == landmark_name(number) for q in asked)
            name = f"{landmark_name(number)}_{nth}"
            asked.append(LandmarkQuery(name, landmark_name(number), path, _box(entry), i, good, ok, junk))
    return tuple(path for path, _ in images), tuple(asked)


def _grade(visible: float) -> str:
    return "good" if visible >= towns.GOOD else "ok" if visible >= towns.OK else "junk"


def _box(entry: ImageEntry) -> Box:
    x1, y1, x2, y2 = (float(value) for value in entry["box"])
    return (x1, y1, x2, y2)


def _boxes(images: DrawnImages) -> dict[tuple[str, int], Box]:
    """The box of each landmark of a town in each of its photographs, junk included, in which any of it is seen."""
    return {
        (landmark_name(entry["building"]), i): _box(entry)
        for i, (_, entry) in enumerate(images)
        if entry["kind"] != "any" and entry["visible"] > 0
    }


def _validation(images: DrawnImages, classes: int, n: int) -> tuple[tuple[Path, ...], tuple[LandmarkQuery, ...]]:
    """The village: queries are whole images, of all classes in turn; all images of a query's class are positives."""
    labels = np.array([entry["building"] for _, entry in images])
    asked: list[LandmarkQuery] = []
    for k in range(n):
        label, nth = k % classes, k // classes
        same = np.flatnonzero(labels == label).astype(np.int64)
        image = int(same[nth])
        nothing = np.zeros(0, np.int64)
        asked.append(
            LandmarkQuery(f"{label:03d}_{nth + 1}", f"{label:03d}", images[image][0], None, image, same[same != image],
                          np.array([image], np.int64), nothing)
        )  # fmt: skip
    return tuple(path for path, _ in images), tuple(asked)


def _labelled(name: str, images: DrawnImages) -> LabelledImages:
    labels = np.array([entry["building"] for _, entry in images], np.int64)
    classes = tuple(f"{name}/{number:04d}" for number in range(int(labels.max()) + 1))
    return LabelledImages(name, tuple(path for path, _ in images), labels, classes)


def _described(name: str, seed: int) -> str:
    return {
        "Town A": f"A town of stone colleges, seed {seed}: drawn by this project in the shape of Oxford5k.",
        "Town B": f"A town of boulevards, seed {seed}: drawn by this project in the shape of Paris6k.",
        "Village": f"The classes of the album in other photographs, seed {seed}: drawn by this project.",
    }[name]
