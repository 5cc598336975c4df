"""The collections of a page, each in the place of one of the paper's."""

from __future__ import annotations

from collections.abc import Mapping

from vretlib.datasets import faces
from vretlib.datasets.faces import FaceSet
from vretlib.described.faces import DescribedFaces, described
from vretlib.features.face_network import FaceNetwork

HEADINGS = {"ytc": "YouTube Celebrities", "umdfaces": "UMDFaces"}
"""The paper's data sets, as its tables call them, by the value of the parameter ``dataset``."""


def load(
    dataset: str, root: str, seed: int, split: str, boxes: str, most: int, sizes: Mapping[str, int]
) -> dict[str, FaceSet]:
    """Both drawn sets, one of the paper's, or your own folder, by the heading of the paper's data set.

    The heading of your own folder is its name; ``most`` frames are read of each real video.
    """
    found = faces.load(dataset, root=root, seed=seed, split=split, boxes=boxes, most=most, **sizes)
    headings = HEADINGS.values() if dataset == "embedded" else [HEADINGS.get(dataset, found[0].name)]
    return dict(zip(headings, found, strict=True))


def describe(collections: Mapping[str, FaceSet], network: FaceNetwork, *, maps: bool) -> dict[str, DescribedFaces]:
    """Every collection as features of the shared network, and as maps if asked for."""
    return {heading: described(one, network, maps=maps) for heading, one in collections.items()}
