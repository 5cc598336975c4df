"""Methods of other papers, with which the thesis' Tables 3.4 and 3.5 compare its own: their descriptions of images."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from vretlib.datasets.landmarks import detection_sets
from vretlib.datasets.landmarks.collection import LandmarkStudy
from vretlib.datasets.landmarks.targets import target_domains
from vretlib.described import region_search
from vretlib.described.landmarks import F32, DescribedStudy, views
from vretlib.features import detector_files, image_features, whitening
from vretlib.features.backbones import Backbone
from vretlib.features.described_regions import DetectorView
from vretlib.features.detector_network import Detector
from vretlib.features.image_features import ImageFeatures
from vretlib.models import committed_tunings
from vretlib.models.query_tuning import QueryTuning

Scheme = Callable[[ImageFeatures, ImageFeatures], F32]
"""Vectors of images, from their features and from those of the images that a whitening is learned on."""


def tolias_row(images: ImageFeatures, elsewhere: ImageFeatures) -> F32:
    """R-MAC (Tolias et al., 2016); its whitening is learned on other images than those that are searched."""
    return image_features.rmac(images, whitening.learn(elsewhere.regions, "another collection", floor=1e-6))


def spoc_row(images: ImageFeatures, elsewhere: ImageFeatures) -> F32:
    """SPoC (Babenko and Lempitsky, 2015), whitened, without the paper's weights that prefer an image's middle."""
    return whitening.learn(elsewhere.spoc, "another collection", floor=1e-6).apply(np.asarray(images.spoc))


def crow_row(images: ImageFeatures, elsewhere: ImageFeatures) -> F32:
    """CroW (Kalantidis et al., 2016), whitened, without its query expansion."""
    return whitening.learn(elsewhere.crow, "another collection", floor=1e-6).apply(np.asarray(images.crow))


METHODS: dict[str, Scheme] = {
    "Babenko and Lempitsky, 2015": spoc_row,
    "Kalantidis et al., 2016": crow_row,
    "Tolias et al., 2016": tolias_row,
}
"""By their row of Table 3.4."""

SALVADOR = "Salvador et al., 2016"
_AS_IN_NOTEBOOK_11 = DetectorView(224, 400, n_proposals=1)  # regions are not used here
_CODES = "published number; needs the fully connected layers of a VGG16"
_TUNED_CODES = "published number; reads fully connected layers that were fine-tuned, and ours were not"
_BOTH_TOWNS = "published number; needs two collections, because each is whitened on the other"
NOT_RUN = {
    "3.4": {
        "Babenko et al., 2014": _CODES,
        "Wan et al., 2014": _CODES,
        **dict.fromkeys(METHODS, _BOTH_TOWNS),
        SALVADOR: "needs detectors=True; our detector has learned no buildings",
    },
    "3.5": {
        "Babenko et al., 2014": _TUNED_CODES,
        "Wan et al., 2014": _TUNED_CODES,
        "Radenović et al., 2016": "published number; needs fine-tuned weights",
        SALVADOR: "needs detectors=True, and detectors that are fine-tuned to these queries",
    },
}
"""Why a method that the library has is not run, by the table and the method's row.

The embedded fine-tuned VGG16 learned MAC (`vretlib.models.fine_tuning`): its fully connected layers are those of the
network that it started from, and no longer fit its convolutions. The embedded detectors learned from drawn scenes,
where the other networks of Table 3.4 learned buildings, so that their row would compare what the networks know. Those
of Table 3.5 are fine-tuned to the queries, see `salvador_rows`.
"""


def describe(
    study: LandmarkStudy, method: Scheme, network: Backbone, *, image_size: int = 1024
) -> dict[str, DescribedStudy]:
    """Each target domain with the distractors, by its name; the whitening is learned on the *other* domain.

    The result is empty for a study with one target domain or none.
    """
    domains = target_domains(study)

    def of(collection_name: str) -> ImageFeatures:
        return image_features.extract(study.evaluation[collection_name].images, network, longest=image_size)

    described = {}
    for domain, other in zip(domains, reversed(domains), strict=True) if len(domains) == 2 else ():
        paths, boxes = views(study.evaluation[domain])
        queries = image_features.extract(paths, network, longest=image_size, boxes=boxes)
        far = image_features.extract(study.distractors, network, longest=image_size)
        xb, xq, xd = (method(part, of(other)) for part in (of(domain), queries, far))
        described[domain] = DescribedStudy("RMAC", {domain: xb}, {domain: xq}, xb[:0], xd)
    return described


def salvador_rows(study: LandmarkStudy, device: str = "cpu") -> dict[str, dict[str, DescribedStudy]]:
    """The rows of Tables "3.4" and "3.5": sums over the maps of Faster R-CNN, as it is and after fine-tuning.

    Fine-tuning is strategy #2 of paper 003: each target domain has a committed detector of its own queries. Images are
    described as a whole, and the whitening is learned on the *other* domain as the same detector sees it. There are no
    distractors, as in print. A row is empty for another number of target domains than two, and that of Table 3.5 for
    queries of which no detector is committed.
    """
    domains = target_domains(study)
    if len(domains) != 2:
        return {"3.4": {}, "3.5": {}}
    start = detector_files.load("vgg16", "C", device)
    tuning = QueryTuning(2, short_side=_AS_IN_NOTEBOOK_11.short_side, long_side=_AS_IN_NOTEBOOK_11.long_side)
    asked = {domain: detection_sets.asked(study.evaluation[domain]) for domain in domains}
    files = {domain: committed_tunings.committed(start, asked[domain], tuning) for domain in domains}
    tuned = {domain: committed_tunings.read(path, start)[0] for domain, path in files.items() if path is not None}
    return {
        "3.4": _whole_images(study, dict.fromkeys(domains, start)),
        "3.5": _whole_images(study, tuned) if len(tuned) == len(domains) else {},
    }


def _whole_images(study: LandmarkStudy, detectors: Mapping[str, Detector]) -> dict[str, DescribedStudy]:
    """Both domains as their detectors see whole images, each whitened on the other one."""
    found: dict[str, DescribedStudy] = {}
    for domain, other in zip(detectors, reversed(list(detectors)), strict=True):
        mine, theirs = (
            region_search.describe_collection(detectors[domain], study.evaluation[name], _AS_IN_NOTEBOOK_11)
            for name in (domain, other)
        )
        learned = region_search.whitening_of_sums(theirs.image["sum"][: len(study.evaluation[other].images)], other)
        searched = region_search.search_in(study.evaluation[domain], mine, learned, ["max"])
        xq, xb = searched.xq["sum"], searched.xb["sum"]
        found[domain] = DescribedStudy("IPA-sum", {domain: xb}, {domain: xq}, xb[:0], xb[:0])
    return found
