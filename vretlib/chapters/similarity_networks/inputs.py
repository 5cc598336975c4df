"""What chapter 3 reads: networks, evaluation sets under their printed names, and whether a study suffices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vretlib.datasets.landmarks import LandmarkStudy, targets
from vretlib.datasets.landmarks.training_sets import shares, target_domains
from vretlib.errors import UserError
from vretlib.models.labelled_images import learnable

PRINTED = {"OX5K": "OXFORD5K", "PA6K": "PARIS6K", "LA5K": "LAND5K"}
"""Headings of Table 3.3 and Figure 3.5."""

SUFFICIENT_SHARES = {"OX5K": 100 / 512, "PA6K": 250 / 1736}
"""Shares of the target images that the thesis finds sufficient to beat the cosine: 100 of 512 in Oxford5k, 250 of 1,736
in Paris6k (8,955 positives; five queries per landmark share theirs; less the 55 queries)."""


def main_set(study: LandmarkStudy) -> str:
    """The evaluation set of the examples: OXFORD5K, or the first set of another study."""
    return "OX5K" if "OX5K" in study.evaluation and not study.own else next(iter(study.evaluation))


def printed(study: LandmarkStudy, name: str) -> str:
    """The heading of an evaluation set in Table 3.3 and Figure 3.5; a set of the reader's own keeps its name."""
    return name if study.own else PRINTED.get(name, name)


def averaged_sets(study: LandmarkStudy) -> list[str]:
    """The sets whose mean is shown in Figure 3.4: the target domains, or all sets of another study."""
    return target_domains(study) or list(study.evaluation)


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
    available = {domain: len(targets.all_targets(study.evaluation[domain])) for domain in target_domains(study)}
    for n in (few, many) if available else ():
        shares(n, available)
    for domain, n in available.items():
        if counts and max(counts) > n:
            raise UserError(f"target_counts={list(counts)}: there are {n} target images of {domain}; choose 0 to {n}")


def sufficient_targets(study: LandmarkStudy) -> dict[str, int]:
    """Numbers of target images from which SimNet* should beat the cosine, by row of Figure 3.5, for claim 004-08.

    The thesis says 100 of OXFORD5K and 250 of PARIS6K; a smaller collection gets the same share of its target images.
    """
    return {
        printed(study, domain): round(SUFFICIENT_SHARES[domain] * len(targets.all_targets(study.evaluation[domain])))
        for domain in target_domains(study)
    }
