"""Every collection as the detectors of the page see it, those that are fine-tuned included (sections 3.1, 3.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch

from vretlib.chapters.instance_search.inputs import whitened_on
from vretlib.datasets.landmarks import LandmarkCollection, detection_sets
from vretlib.described import region_search
from vretlib.described.region_search import RegionSearch, describe_collection, search_in
from vretlib.features.described_regions import DetectorView
from vretlib.features.detector_network import Detector
from vretlib.models import committed_tunings, parallel_trainings
from vretlib.models.query_tuning import QueryTuning
from vretlib.models.training import TrainingLog

Collections = Mapping[str, LandmarkCollection]
RegionSearches = Mapping[str, RegionSearch]
"""What is searched, by heading."""


def describe(
    detectors: Mapping[str, Detector], collections: Collections, view: DetectorView, poolings: Sequence[str] = ("max",),
    *, learned_on: Mapping[str, str] | None = None, scores: bool = False,
) -> dict[str, RegionSearch]:  # fmt: skip
    """Collections as detectors see them, all by heading.

    Sums are whitened on *another* collection as the same detector sees it, or on the one that ``learned_on`` names (an
    empty name: not at all).
    """
    described = {h: describe_collection(detectors[h], one, view, scores=scores) for h, one in collections.items()}
    found = {}
    for heading, other in (learned_on or whitened_on(list(collections))).items():
        learned, mine = None, detectors[heading]
        if other:
            searched, known = collections[other], _same_maps(mine, detectors[other])
            of = described[other] if known else describe_collection(mine, searched, view._replace(n_proposals=1))
            learned = region_search.whitening_of_sums(of.image["sum"][: len(searched.images)], searched.name)
        found[heading] = search_in(collections[heading], described[heading], learned, poolings)
    return found


def _same_maps(a: Detector, b: Detector) -> bool:
    """Whether two detectors have the same convolutions."""
    return a is b or all(map(torch.equal, a.features.parameters(), b.features.parameters()))


def with_regions_of(detector: Detector, one: RegionSearch, view: DetectorView) -> RegionSearch:
    """The same images, filtered by the same vectors, with the regions of another detector."""
    other = search_in(one.collection, describe_collection(detector, one.collection, view), None, ["max"])
    return replace(other, xq=one.xq, xb=one.xb)


Tuned = dict[tuple[str, int], tuple[Detector, TrainingLog]]
"""Detectors and the curves of their training, by heading and strategy."""


def fine_tuned(detector: Detector, collections: Collections, tuning: QueryTuning) -> Tuned:
    """A detector of each collection's queries, by strategy #1 and #2: committed ones, or trained in parallel."""

    def tune(job: tuple[str, int]) -> tuple[Detector, TrainingLog]:
        heading, strategy = job
        queries = detection_sets.asked(collections[heading])
        return committed_tunings.tuned(detector, queries, replace(tuning, strategy=strategy))

    jobs = [(heading, strategy) for heading in collections for strategy in (2, 1)]  # the longer ones first
    return dict(zip(jobs, parallel_trainings.in_threads(tune, jobs), strict=True))
