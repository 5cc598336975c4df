"""The methods that chapter 7 compares: each ends in vectors of the test texts and of the test images, in one space."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vretlib.described import painting_tasks
from vretlib.described.painting_tasks import Form
from vretlib.described.paintings import Texts, Three
from vretlib.evaluation import cross_modal
from vretlib.models import cards, cca, committed_spaces, cross_modal_training, parallel_trainings
from vretlib.models.cross_modal import Samples
from vretlib.models.cross_modal_training import CrossModalRecipe, TrainedCrossModal
from vretlib.models.training import TrainingLog

F32 = NDArray[np.float32]


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
    def ranks(self) -> cross_modal.BothWays:
        """The rank of the right answer to each test query."""
        return cross_modal.both(self.texts, self.images)


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


def learned(
    x: Three, texts: Texts, recipe: CrossModalRecipe, seeds: Sequence[int], given: Mapping[str, Any]
) -> tuple[dict[str, CommonSpace], str]:
    """CML and AMD by the rows of Tables 7.4 and 7.5, and a sentence that says where they learned.

    With ``models`` "committed" in ``given``, the parameters of the page, they are those in ``data/weights`` if these
    learned with such parameters. Otherwise `train_all` trains them here.
    """
    wanted = painting_tasks.forms(texts.paintings.train)
    why = "as asked for" if given["models"] != "committed" else cards.other_parameters(committed_spaces.file(), given)
    if why:
        note = f"trained here: at most {recipe.steps:,} steps, seeds {', '.join(map(str, seeds))}; {why}"
        return train_all(x, texts, recipe, seeds, wanted), note
    of = {name: painting_tasks.task(x, texts, form) for name, form in wanted.items()}
    found: dict[str, list[CommonSpace]] = {name: [] for name in wanted}
    for (name, _), one in committed_spaces.read({name: task for name, (task, _) in of.items()}).items():
        found[name].append(_space(one, x, of[name][1]))
    n = len(next(iter(found.values())))
    return _of_seeds(found), f"committed, {committed_spaces.file().name}: {n} trainings of each"


def train_all(
    x: Three, texts: Texts, recipe: CrossModalRecipe, seeds: Sequence[int], wanted: Mapping[str, Form]
) -> dict[str, CommonSpace]:
    """CML and AMD by name; ``wanted`` has the form of each, see `vretlib.described.painting_tasks`.

    Networks are trained in parallel, one for each seed. The table shows the first; the others give the spread between
    seeds. Recurrent encoders take several times as long as others and are trained with only one seed.
    """
    jobs = [(name, seed) for name, (kinds, _) in wanted.items() for seed in (seeds[:1] if "LSTM" in kinds else seeds)]
    ways = [(wanted[name], seed) for name, seed in jobs]
    spaces = parallel_trainings.in_processes(partial(_train, x, texts, recipe), ways)
    found: dict[str, list[CommonSpace]] = {name: [] for name in wanted}
    for (name, _), space in zip(jobs, spaces, strict=True):
        found[name].append(space)
    return _of_seeds(found)


def _of_seeds(found: Mapping[str, Sequence[CommonSpace]]) -> dict[str, CommonSpace]:
    """The space of the first seed by name, which knows those of all."""
    return {name: replace(several[0], seeds=tuple(several)) for name, several in found.items()}


def _train(x: Three, texts: Texts, recipe: CrossModalRecipe, way: tuple[Form, int]) -> CommonSpace:
    """The space that a network of some form learns, from a seed."""
    form, seed = way
    task, tested = painting_tasks.task(x, texts, form)
    return _space(cross_modal_training.learn(task, replace(recipe, seed=seed), level=logging.DEBUG), x, tested)


def _space(found: TrainedCrossModal, x: Three, tested: Samples) -> CommonSpace:
    """The test set in the space of a network."""
    return CommonSpace(found.network.texts(tested), found.network.images(x.test), x.d, log=found.log)
