"""What is learnt from: LANDMARKS, and LANDMARKS with images of the target domain (thesis section 3.3.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vretlib.chapters.similarity_networks.descriptions import F32, Described
from vretlib.datasets.landmarks import LandmarkStudy, targets
from vretlib.datasets.landmarks.collection import Ids
from vretlib.errors import UserError
from vretlib.models.labelled_images import learnable

TARGET_DOMAINS = ("OX5K", "PA6K")
"""The sets whose images can be added to the training images; LAND5K has the classes of LANDMARKS already."""

PRINTED = {"OX5K": "OXFORD5K", "PA6K": "PARIS6K", "LA5K": "LAND5K"}
"""Headings of Table 3.3 and Figure 3.5."""

SUFFICE = {"OX5K": 100 / 512, "PA6K": 250 / 1736}
"""The share of the target images that the thesis finds enough to beat the cosine: 100 and 250 images, of the 512 that
Oxford5k's ground truth gives and the 1,736 of Paris6k (8,955 positives, five queries per landmark that share theirs,
less the 55 queries)."""


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """Images with their descriptors (n, d) and classes (n,).

    ``targets`` are the ids of the database images that were added, by evaluation set.
    """

    name: str
    images: tuple[Path, ...]
    descriptors: F32
    labels: NDArray[np.int64]
    targets: Mapping[str, Ids] = field(default_factory=dict)

    @property
    def d(self) -> int:
        """Dimension of the descriptors."""
        return self.descriptors.shape[1]

    @property
    def summary(self) -> str:
        """One line: how many images, and how many of each target domain."""
        added = ", ".join(f"{len(ids)} of {domain}" for domain, ids in self.targets.items() if len(ids))
        return f"{self.name}: {len(self.labels):,} images" + (f", with {added}" if added else "")

    @cached_property
    def checksum(self) -> str:
        """Of descriptors and labels."""
        data = np.ascontiguousarray(self.descriptors).tobytes() + self.labels.tobytes()
        return hashlib.sha256(data).hexdigest()

    def only(self, rows: NDArray[np.int64]) -> TrainingSet:
        """Some of the images, in the order of ``rows``."""
        images = tuple(self.images[row] for row in rows.tolist())
        return TrainingSet(self.name, images, self.descriptors[rows], self.labels[rows], self.targets)


def domains(study: LandmarkStudy) -> list[str]:
    """The target domains that a study has; none in one of the reader's own, whatever its folder is called."""
    return [domain for domain in TARGET_DOMAINS if domain in study.evaluation and not study.own]


def printed(study: LandmarkStudy, name: str) -> str:
    """The heading of an evaluation set in Table 3.3 and Figure 3.5; the reader's own keeps its name."""
    return name if study.own else PRINTED.get(name, name)


def judged(study: LandmarkStudy) -> list[str]:
    """The sets that Figure 3.4 is a mean over: the target domains, or all there are."""
    return domains(study) or list(study.evaluation)


def base(study: LandmarkStudy) -> str:
    """What tables call the images to learn from: LANDMARKS, or the reader's own by their name."""
    return study.training.name if study.own and study.training is not None else "LANDMARKS"


def check(study: LandmarkStudy, *, few: int, many: int, counts: Sequence[int] = ()) -> None:
    """Whether the chapter can learn from a study, before anything is described.

    Raises
    ------
    UserError: no images to learn from, too few of a class, queries without positives, or more target images asked for
        than there are.
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
    there = {domain: len(targets.all_targets(study.evaluation[domain])) for domain in domains(study)}
    for n in (few, many) if there else ():
        _shares(n, there)
    for domain, n in there.items():
        if counts and max(counts) > n:
            raise UserError(f"target_counts={list(counts)}: there are {n} target images of {domain}; choose 0 to {n}")


def sufficient_targets(study: LandmarkStudy) -> dict[str, int]:
    """How many target images should suffice to beat the cosine, by row of Figure 3.5, for claim 004-08.

    The thesis says 100 of OXFORD5K and 250 of PARIS6K. Of a smaller collection the same share is meant: of all
    positives that are no query, as `targets.all_targets` counts them.
    """
    return {
        printed(study, domain): round(SUFFICE[domain] * len(targets.all_targets(study.evaluation[domain])))
        for domain in domains(study)
    }


def with_targets(
    study: LandmarkStudy, described: Described, counts: Mapping[str, int], *, name: str, seed: int = 0
) -> TrainingSet:
    """LANDMARKS and so many target images of each evaluation set.

    Target images are positives of the evaluation set's database that are no query, drawn at random, as in the thesis.
    Mind what that means: they are ranked in the test as well (see `evaluate.judge`, ``seen``).
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
    study: LandmarkStudy, described: Described, *, few: int, many: int, seed: int = 0
) -> dict[str, TrainingSet]:
    """LANDMARKS, LANDMARKS-EXTRA500 and LANDMARKS-EXTRA: without, with ``few``, and with ``many`` target images.

    They come from OXFORD5K and PARIS6K in proportion to what each has.
    """
    there = {domain: len(targets.all_targets(study.evaluation[domain])) for domain in domains(study)}
    sizes = {base(study): 0} | ({"LANDMARKS-EXTRA500": few, "LANDMARKS-EXTRA": many} if there else {})
    return {name: with_targets(study, described, _shares(n, there), name=name, seed=seed) for name, n in sizes.items()}


def _shares(n: int, there: Mapping[str, int]) -> dict[str, int]:
    """``n`` in proportion to what is there; what rounding leaves over goes to the first."""
    whole = sum(there.values())
    if n > whole:
        raise UserError(f"{n} target images: there are {whole} ({', '.join(f'{d}: {k}' for d, k in there.items())})")
    shares = {domain: n * count // max(whole, 1) for domain, count in there.items()}
    for domain in list(there)[: n - sum(shares.values())]:
        shares[domain] += 1
    return shares
