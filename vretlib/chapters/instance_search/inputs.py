"""The collections of a page, each in the place of one of the paper's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vretlib.datasets import drawn_collections, landmarks
from vretlib.datasets import instances as scenes
from vretlib.datasets.landmarks import LandmarkCollection
from vretlib.errors import UserError
from vretlib.features import detector_files
from vretlib.features.detector_network import Detector
from vretlib.features.detector_parts import RegionPooling

OXFORD, PARIS, INS = "Oxford 5k", "Paris 6k", "INS 13"
"""The paper's collections, as its tables call them."""

NEEDS = {OXFORD: "oxford_paris", PARIS: "oxford_paris", INS: "trecvid"}
"""The value of the parameter ``dataset`` that loads each."""


def load(
    dataset: str, root: str, seed: int, sizes: Mapping[str, Any], scene_sizes: Mapping[str, Any]
) -> dict[str, LandmarkCollection]:
    """Two drawn towns and drawn scenes, the published collections, or your own, by the paper's heading or its name.

    Raises
    ------
    UserError: ``root`` holds none of the published collections, or as the readers of the collections.
    """
    if dataset == "embedded":
        return dict(zip(NEEDS, drawn_collections.drawn(seed, sizes, scene_sizes).values(), strict=True))
    if dataset == "oxford_paris":
        there = landmarks.load(dataset, root=root).evaluation
        found = {heading: there[name] for heading, name in ((OXFORD, "OX5K"), (PARIS, "PA6K")) if name in there}
        if not found:
            raise UserError(f"{root}: holds neither oxford5k/ nor paris6k/; this page needs one of them")
        return found
    one = scenes.load(dataset, root=root, seed=seed)
    return {INS if dataset == "trecvid" else one.name: one}


def whitened_on(headings: Sequence[str]) -> dict[str, str]:
    """The collection on which the whitening of each is learned: the second for the first, the first for all others. A
    single collection learns its whitening on itself.
    """
    return {h: headings[1] if i == 0 and len(headings) > 1 else headings[0] for i, h in enumerate(headings)}


NETWORKS = {"ZF (P)": ("zf", "P"), "VGG16 (P)": ("vgg16", "P"), "VGG16 (C)": ("vgg16", "C")}
"""The detectors of Table 2: network, and the set that its own weights are trained on."""


def detectors(weights: Sequence[str], device: str, regions: RegionPooling = "pool") -> dict[str, Detector]:
    """The detectors of `NETWORKS`, in its order, with the parameters' weights; "embedded" means this project's own."""
    chosen = zip(NETWORKS.items(), weights, strict=True)
    return {
        name: detector_files.load(network, trained_on if given == "embedded" else given, device, regions=regions)
        for (name, (network, trained_on)), given in chosen
    }
