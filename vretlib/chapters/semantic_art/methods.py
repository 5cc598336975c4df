"""The methods that chapter 7 compares: each ends in vectors of the test texts and of the test images, in one space."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from vretlib.datasets.paintings.classes import AT_LEAST, Classes
from vretlib.datasets.paintings.collection import Painting
from vretlib.datasets.paintings.described import Texts, Three
from vretlib.evaluation import cross_modal as ranking
from vretlib.models import cca, cross_modal_training, parallel_trainings
from vretlib.models.cross_modal_training import CrossModalRecipe
from vretlib.models.text_encoders import EncoderKind
from vretlib.models.training import TrainingLog

F32 = NDArray[np.float32]
log = logging.getLogger(__name__)

ENCODINGS: dict[str, tuple[EncoderKind, EncoderKind]] = {
    "LSTMc|LSTMa": ("LSTM", "LSTM"), "MLPc|LSTMa": ("MLP", "LSTM"), "MLPc|MLPa": ("MLP", "MLP"),
    "BOWc|BOWa": ("BOW", "BOW"),
}  # fmt: skip
"""Comment and title encoders of Table 7.4."""
AMD = {"AMDT": "Type", "AMDTF": "TimeFrame", "AMDS": "School", "AMDA": "Author"}
"""The attribute of each AMD of Table 7.5."""


def amd(train: Sequence[Painting]) -> dict[str, str]:
    """The AMD models whose attribute has a class to learn, that is a value that enough training paintings share."""
    found = {name: attribute for name, attribute in AMD.items() if len(Classes.of(train, attribute).names) > 1}
    if missing := [attribute for name, attribute in AMD.items() if name not in found]:
        log.info("no AMD for %s: no value is shared by %s training paintings", ", ".join(missing), AT_LEAST)
    return found


@dataclass(frozen=True, eq=False)
class CommonSpace:
    """Test texts and test images in one space, row by row.

    Attributes
    ----------
    texts, images: float32 (n, d).
    d: dimensions of the image vectors that it starts from.
    seeds: the same method trained with each of several seeds, this one first; empty if its training is not random.
    log: of the training, if there is one.
    """

    texts: F32 = field(repr=False)
    images: F32 = field(repr=False)
    d: int = 0
    seeds: tuple[CommonSpace, ...] = ()
    log: TrainingLog | None = field(default=None, repr=False)

    @cached_property
    def ranks(self) -> ranking.BothWays:
        """The rank of the right answer to each test query."""
        return ranking.both(self.texts, self.images)


def with_cca(x: Three, texts: Texts, *, titles_too: bool) -> CommonSpace:
    """Normalised CCA (Gong et al., 2014) on bags of words."""
    train, test = (texts.bags(part, titles_too=titles_too) for part in (texts.paintings.train, texts.paintings.test))
    learned = cca.normalised(x.train, train)
    return CommonSpace(learned.texts(test), learned.images(x.test), x.d)


def with_authors_cca(x: Three, texts: Texts) -> CommonSpace:
    """CCA as the authors' code runs it."""
    train, test = (texts.as_authors(part) for part in (texts.paintings.train, texts.paintings.test))
    learned = cca.as_authors(x.train, train)
    return CommonSpace(learned.texts(test), learned.images(x.test), x.d)


def train_all(
    x: Three, texts: Texts, recipe: CrossModalRecipe, seeds: Sequence[int], wanted: Mapping[str, tuple[str, str]]
) -> dict[str, CommonSpace]:
    """CML and AMD by name; ``wanted`` has the encodings of each and the attribute of an AMD, ``""`` for a CML.

    All trainings run side by side, one with each of the ``seeds``; the first is the method, the others show how far it
    depends on chance. Recurrent encoders take several times as long as others and are trained with one seed alone.
    """
    jobs = [(name, seed) for name, (kinds, _) in wanted.items() for seed in (seeds[:1] if "LSTM" in kinds else seeds)]
    ways = [(*wanted[name], seed) for name, seed in jobs]
    found = dict(zip(jobs, parallel_trainings.in_processes(partial(_train, x, texts, recipe), ways), strict=True))
    of = {name: tuple(one for (job, _), one in found.items() if job == name) for name in wanted}
    return {name: replace(several[0], seeds=several) for name, several in of.items()}


def _train(x: Three, texts: Texts, recipe: CrossModalRecipe, way: tuple[str, str, int]) -> CommonSpace:
    """The test set in the space that is learned with some encodings, for an attribute or ``""``, from a seed."""
    encodings, attribute, seed = way
    com, att = ENCODINGS[encodings]
    parts = (texts.paintings.train, texts.paintings.val, texts.paintings.test)
    classes = Classes.of(parts[0], attribute) if attribute else None
    sets = [texts.samples(p, v, com, att, classes) for p, v in zip(parts, (x.train, x.val, x.test), strict=True)]
    found = cross_modal_training.learn(
        sets[0], sets[1], replace(recipe, seed=seed), comment=com, title=att,
        classes=len(classes.names) if classes else 0, level=logging.DEBUG,
    )  # fmt: skip
    return CommonSpace(found.network.texts(sets[2]), found.network.images(x.test), x.d, log=found.log)
