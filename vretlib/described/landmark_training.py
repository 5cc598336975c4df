"""The three training sets of the thesis: LANDMARKS, and LANDMARKS with images of the target domain (section 3.3.1)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from vretlib.datasets.landmarks import targets
from vretlib.datasets.landmarks.collection import LandmarkStudy
from vretlib.described.landmarks import DescribedStudy
from vretlib.errors import UserError
from vretlib.models.training_set import TrainingSet


def with_targets(
    study: LandmarkStudy, described: DescribedStudy, counts: Mapping[str, int], *, name: str, seed: int = 0
) -> TrainingSet:
    """LANDMARKS and ``counts`` target images of each evaluation set.

    Target images are positives of the evaluation set's database that are no query, drawn at random, as in the thesis.
    They are therefore among the images that the test ranks.

    Raises
    ------
    UserError: no training images, or more target images than the study has.
    """
    if study.training is None:
        raise UserError("the study has no training images; expected a folder of classes to learn from")
    images, vectors, labels, added = list(study.training.images), [described.training], [study.training.labels], {}
    n_classes = len(study.training.classes)
    for number, (domain, n) in enumerate(counts.items()):
        drawn = targets.target_images(study.evaluation[domain], n, np.random.default_rng([seed, number]))
        images += drawn.images
        vectors.append(described.database[domain][drawn.ids])
        labels.append(drawn.labels + n_classes)
        n_classes += len(drawn.classes)
        added[domain] = drawn.ids
    return TrainingSet(name, tuple(images), np.concatenate(vectors), np.concatenate(labels), added)


def training_sets(
    study: LandmarkStudy, described: DescribedStudy, *, few: int, many: int, seed: int = 0
) -> dict[str, TrainingSet]:
    """LANDMARKS, LANDMARKS-EXTRA500 and LANDMARKS-EXTRA, by these names: without, with ``few``, with ``many`` targets.

    Target images come from OXFORD5K and PARIS6K in proportion to what each has. The sets themselves have the names of
    the study. Images of the reader's own give one set, which has its own name.
    """
    available = {domain: len(targets.all_targets(study.evaluation[domain])) for domain in targets.target_domains(study)}
    base = study.training.name if study.training and study.own else "LANDMARKS"
    sizes = {base: 0} | ({"LANDMARKS-EXTRA500": few, "LANDMARKS-EXTRA": many} if available else {})
    return {
        name: with_targets(study, described, shares(n, available), name=study.named(name), seed=seed)
        for name, n in sizes.items()
    }


def shares(n: int, available: Mapping[str, int]) -> dict[str, int]:
    """``n`` images divided in proportion to ``available``; what rounding leaves over goes to the first domains.

    Raises
    ------
    UserError: ``n`` is above the number of available images.
    """
    total = sum(available.values())
    if n > total:
        raise UserError(
            f"{n} target images: there are {total} ({', '.join(f'{d}: {k}' for d, k in available.items())})"
        )
    share = {domain: n * count // max(total, 1) for domain, count in available.items()}
    for domain in list(available)[: n - sum(share.values())]:
        share[domain] += 1
    return share
