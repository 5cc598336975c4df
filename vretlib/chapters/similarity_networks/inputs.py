"""What chapter 3 reads: evaluation sets under their printed names, and whether a study suffices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from vretlib.datasets.landmarks import LandmarkStudy, targets
from vretlib.described.landmark_training import shares
from vretlib.errors import UserError
from vretlib.models.labelled_images import learnable

SHORT = {"OX5K": "OX5K", "PA6K": "PA6K", "LA5K": "LA5K"}
LONG = {"OX5K": "OXFORD5K", "PA6K": "PARIS6K", "LA5K": "LAND5K"}
"""Headings of the evaluation sets in Table 3.2, and in Table 3.3 and Figure 3.5."""

SUFFICIENT_PER_LANDMARK = {"OX5K": 100 / 11, "PA6K": 250 / 11}
"""Target images that the thesis finds sufficient to beat the cosine: 100 of OXFORD5K, 250 of PARIS6K, 11 landmarks."""


def main_set(study: LandmarkStudy) -> str:
    """The evaluation set of the examples: OXFORD5K or what stands for it, or the first set of another study."""
    name = study.named("OX5K")
    return name if name in study.evaluation and not study.own else next(iter(study.evaluation))


def printed(study: LandmarkStudy, headings: Mapping[str, str]) -> dict[str, str]:
    """The printed heading of each evaluation set; a set of the reader's own keeps its name."""
    known = {} if study.own else {study.named(name): heading for name, heading in headings.items()}
    return {name: known.get(name, name) for name in study.evaluation}


def stands_for(study: LandmarkStudy, headings: Mapping[str, str]) -> dict[str, str]:
    """The names of drawn collections by printed heading, for those of `headings` that one stands for."""
    return {heading: study.stands_for[name] for name, heading in headings.items() if name in study.stands_for}


def averaged_sets(study: LandmarkStudy) -> list[str]:
    """The sets whose mean is shown in Figure 3.4: the target domains, or all sets of another study."""
    return targets.target_domains(study) or list(study.evaluation)


def averaged_study(study: LandmarkStudy) -> LandmarkStudy:
    """The study with no other evaluation sets than those of Figure 3.4."""
    return replace(study, evaluation={name: study.evaluation[name] for name in averaged_sets(study)})


def check(study: LandmarkStudy, *, few: int, many: int, counts: Sequence[int] = ()) -> None:
    """Check, before anything is described, that the chapter can learn from a study.

    Raises
    ------
    UserError: no training images, too few of a class, queries without positives, or more target images requested than
        the study has.
    """
    if study.training is None or not len(study.training):
        raise UserError(
            f"{study.description}: no images to learn from; this chapter needs a folder of classes, landmarks/ beside "
            "oxford5k/ and paris6k/, or a folder of your own with at least four images in each of some classes"
        )
    if not learnable(study.training.labels):
        sizes = np.bincount(study.training.labels, minlength=len(study.training.classes))
        raise UserError(
            f"{study.training.name}: {np.count_nonzero(sizes)} of {len(sizes)} classes have images to learn from, "
            f"{sizes.max(initial=0)} of a class at most; expected two classes, one of them with two. Two thirds are "
            "learned from, and two images stay to be searched: a class of four gives two"
        )
    for name, collection in study.evaluation.items():
        if not any(len(ids) for ids in collection.positives()):
            raise UserError(f"{name}: none of {len(collection.queries)} queries has positives; expected at least one")
    available = {domain: len(targets.all_targets(study.evaluation[domain])) for domain in targets.target_domains(study)}
    for n in (few, many) if available else ():
        shares(n, available)
    for domain, n in available.items():
        if counts and max(counts) > n:
            raise UserError(f"target_counts={list(counts)}: there are {n} target images of {domain}; choose 0 to {n}")


def sufficient_targets(study: LandmarkStudy) -> dict[str, int]:
    """Numbers of target images from which SimNet* should beat the cosine, by row of Figure 3.5, for claim 004-08.

    A collection with another number of landmarks gets as many images per landmark as the thesis says.
    """
    numbers = {}
    for name, per_landmark in SUFFICIENT_PER_LANDMARK.items():
        if (domain := study.named(name)) in targets.target_domains(study):
            numbers[LONG[name]] = round(per_landmark * len(study.evaluation[domain].first_queries))
    return numbers
