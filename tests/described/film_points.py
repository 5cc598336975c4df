"""Made-up face films whose frames and regions are points about the places of their people."""

import numpy as np

from vretlib.datasets.faces.film_collection import FaceFilms, Pictures
from vretlib.described.film_faces import FilmSearch
from vretlib.features.described_regions import DescribedRegions


def films(people=3, name="Points"):
    """Two videos of two frames each and two stills of each person; the first still shares a source with one video."""
    rng = np.random.default_rng(0)
    pictures = [rng.integers(0, 255, (24, 32, 3), dtype=np.uint8) for _ in range(6 * people)]
    boxes = np.tile(np.float32([4, 4, 20, 20]), (6 * people, 1))
    return FaceFilms(
        name, Pictures(pictures[: 4 * people]), boxes[: 4 * people],
        np.repeat(np.arange(2 * people), 2), np.repeat(np.arange(people), 2), np.arange(2 * people),
        Pictures(pictures[4 * people :]), boxes[: 2 * people], np.repeat(np.arange(people), 2),
        np.stack([2 * np.arange(people), np.full(people, -1)], axis=1).ravel(),
        tuple(f"p{i}" for i in range(people)),
    )  # fmt: skip


def described(persons, rng, spread, n_regions=5, d=8, scores=False):
    """Regions of which the second is about the person's place, and whole vectors far less so."""
    n, places = len(persons), 3 * np.eye(d)
    regions = rng.normal(size=(n, n_regions, d))
    regions[:, 1] = places[persons] + spread * rng.normal(size=(n, d))
    whole = {p: (places[persons] + 8 * spread * rng.normal(size=(n, d))).astype(np.float32) for p in ("max", "sum")}
    asked = {p: (places[persons] + spread * rng.normal(size=(n, d))).astype(np.float32) for p in ("max", "sum")}
    sure = rng.random((n, n_regions, 3)).astype(np.float16)
    boxes = rng.random((n, n_regions, 4)).astype(np.float32) * 10 + np.float32([0, 0, 10, 10])
    return DescribedRegions(
        whole, boxes, np.full(n, n_regions), dict.fromkeys(("max", "sum"), regions.astype(np.float16)),
        sure if scores else None, asked,
    )  # fmt: skip


def searched(people=3, name="Points", spread=0.2, scores=False):
    """Films as a detector sees them."""
    rng, made = np.random.default_rng(1), films(people, name)
    frames = described(made.persons[made.video], rng, spread, scores=scores)
    return FilmSearch(made, frames, described(made.still_persons, rng, spread, scores=scores))
