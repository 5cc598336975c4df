"""The similarities of Table 3.2, each trained once and kept in the cache (thesis sections 3.2.3 and 3.3.2)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from vretlib import cache
from vretlib.errors import UserError
from vretlib.models import committed_similarities, parallel_trainings, simnet_training
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.linear import Linear
from vretlib.models.oasis import Oasis
from vretlib.models.optimisation import OneCycle, Settings, Sgd
from vretlib.models.pairs import Pairs
from vretlib.models.simnet import ARCHITECTURES, SimNet
from vretlib.models.trained import trained
from vretlib.models.training import TrainingLog, Validation
from vretlib.models.training_set import TrainingSet, held_out_map, held_out_queries

log = logging.getLogger(__name__)

OPTIMISERS: dict[str, Callable[..., Settings]] = {"sgd": Sgd, "one-cycle": OneCycle}
VALIDATIONS = 5  # on the held-out images; the best state is kept
SOURCES = ("committed", "trained here")
MARGINS = (0.2, 0.4, 0.6, 0.8)  # the ∆ of Table 3.2
BEST = 0.8  # the ∆ of SimNet* wherever the thesis reports one value (Tables 3.4 and 3.5)


@dataclass(frozen=True)
class SimilarityRecipe:
    """The scale at which the similarities of Table 3.2 are trained; the defaults are the thesis', "sgd" its optimiser.

    Attributes
    ----------
    width: of a hidden layer of configuration B, 4096 in the thesis; A, C and D keep their proportion to it.
    optimiser, learning_rate, batch_size: ``"sgd"`` or ``"one-cycle"``.
    init: of the weights, see `SimNet`.
    warm_up_steps, steps, refine_steps: batches of the three stages.
    n_pairs: of training images, in each of the last two stages.
    n_images: images whose pairs are searched for difficult ones; at most the size of the training set.
    n_difficult: maximum of difficult matches, and of difficult non-matches, that are added.
    n_triplets: of OASIS.
    seed: of the first weights, the pairs and the held-out images.
    weights: ``"committed"`` takes a network from ``data/weights`` where it has this training, and trains all others;
        ``"trained here"`` trains all.
    """

    width: int = 4096
    optimiser: str = "sgd"
    learning_rate: float = 0.001
    batch_size: int = 100
    init: str = "authors"
    warm_up_steps: int = 225_000
    steps: int = 10_000
    refine_steps: int = 10_000
    n_pairs: int = 1_000_000
    n_images: int = 2_000
    n_difficult: int = 100_000
    n_triplets: int = 1_000_000
    seed: int = 0
    weights: str = "trained here"

    def __post_init__(self) -> None:
        if self.optimiser not in OPTIMISERS:
            raise UserError(f"optimiser={self.optimiser!r} is not known; choose one of {', '.join(OPTIMISERS)}")
        if self.weights not in SOURCES:
            raise UserError(f"weights={self.weights!r} is not known; choose one of {', '.join(SOURCES)}")
        if self.width % 4:
            raise UserError(f"width={self.width}; expected a multiple of 4: configuration A is a quarter as wide as B")

    @property
    def here(self) -> SimilarityRecipe:
        """The recipe with all networks trained here. SimNet and SimNet* start from such networks, whose weights are not
        rounded, so that a result does not depend on what is committed.
        """
        return replace(self, weights="trained here")

    @property
    def settings_by_name(self) -> dict[str, Any]:
        """All settings but where the networks come from."""
        return {name: value for name, value in asdict(self).items() if name != "weights"}

    def deciding(self, what: str) -> dict[str, Any]:
        """The settings that decide a training: of a "warm-up", of "SimNet" or "Linear", or of "SimNet*"."""
        others = {"n_triplets"}
        if what != "SimNet*":
            others |= {"refine_steps", "n_images", "n_difficult"}
        if what == "warm-up":
            others |= {"steps", "n_pairs"}
        return {name: value for name, value in self.settings_by_name.items() if name not in others}

    @property
    def settings(self) -> Settings:
        """The optimiser's settings."""
        return self.settings_at(self.learning_rate)

    def settings_at(self, learning_rate: float) -> Settings:
        """The optimiser's settings with another learning rate."""
        return OPTIMISERS[self.optimiser](learning_rate=learning_rate, batch_size=self.batch_size)

    def widths(self, architecture: str = "B") -> tuple[int, ...]:
        """Widths of the hidden layers of a configuration of Table 3.1, in proportion to `width`."""
        return tuple(width * self.width // ARCHITECTURES["B"][0] for width in ARCHITECTURES[architecture])

    def network(self, d: int, architecture: str = "B") -> SimNet:
        """A network for d-dimensional vectors with its first weights."""
        return SimNet(d, self.widths(architecture), init=self.init, generator=generator_of(self))


@dataclass(frozen=True, eq=False)
class TrainedSimilarity:
    """A trained network and the log of its training; ``key`` says which network of a recipe it is."""

    network: Any
    log: TrainingLog = field(repr=False)
    key: Mapping[str, Any] = field(default_factory=dict)

    def scores(self, xq: NDArray[np.float32], xb: NDArray[np.float32]) -> NDArray[np.float32]:
        """Similarities, float32 (queries, database); a larger score is more alike."""
        scored: NDArray[np.float32] = self.network.scores(xq, xb)
        return scored


def warmed_up(recipe: SimilarityRecipe, d: int, architecture: str = "B") -> TrainedSimilarity:
    """A network that imitates the cosine of d-dimensional vectors (thesis section 3.3.2)."""
    net = recipe.network(d, architecture)

    def train(checkpoint: Checkpoint) -> TrainingLog:
        return simnet_training.warm_up(
            net, steps=recipe.warm_up_steps, generator=generator_of(recipe), settings=recipe.settings,
            checkpoint=checkpoint,
        )  # fmt: skip

    return _trained(recipe, {"what": "warm-up", "d": d, "architecture": architecture}, net, None, train)


def all_warmed_up(recipe: SimilarityRecipe, d: int) -> dict[str, TrainedSimilarity]:
    """Warmed-up networks of all configurations of Table 3.1, by name."""
    names = list(ARCHITECTURES)
    return dict(zip(names, parallel_trainings.in_threads(lambda name: warmed_up(recipe, d, name), names), strict=True))


def trained_simnet(
    recipe: SimilarityRecipe, examples: TrainingSet, margin: float, rule: str = "thesis"
) -> TrainedSimilarity:
    """SimNet: a warmed-up network, trained on pairs of the training set."""
    net = recipe.network(examples.d)

    def train(checkpoint: Checkpoint) -> TrainingLog:
        net.load_state_dict(warmed_up(recipe.here, examples.d).network.state_dict())
        generator = generator_of(recipe)
        kept, held_out = examples.split(generator)
        return simnet_training.train_simnet(
            net, kept.descriptors, kept.labels, margin=margin, n_pairs=recipe.n_pairs, steps=recipe.steps,
            generator=generator, rule=rule, settings=recipe.settings, checkpoint=checkpoint,
            validation=_validation(net, held_out, recipe.steps),
        )  # fmt: skip

    return _trained(recipe, {"what": "SimNet", "margin": margin, "rule": rule}, net, examples, train)


def trained_simnet_star(
    recipe: SimilarityRecipe, examples: TrainingSet, margin: float, rule: str = "thesis"
) -> TrainedSimilarity:
    """SimNet*: a trained SimNet, refined with the pairs on which it is worse than the cosine."""
    net = recipe.network(examples.d)

    def train(checkpoint: Checkpoint) -> TrainingLog:
        net.load_state_dict(trained_simnet(recipe.here, examples, margin, rule).network.state_dict())
        generator = generator_of(recipe)
        kept, held_out = examples.split(generator)
        return simnet_training.refine(
            net, kept.descriptors, kept.labels, margin=margin, n_pairs=recipe.n_pairs, steps=recipe.refine_steps,
            n_images=_n_images(recipe, kept), limit=recipe.n_difficult, generator=generator, rule=rule,
            settings=recipe.settings, checkpoint=checkpoint,
            validation=_validation(net, held_out, recipe.refine_steps),
        )  # fmt: skip

    return _trained(recipe, {"what": "SimNet*", "margin": margin, "rule": rule}, net, examples, train)


def where(recipe: SimilarityRecipe, examples: TrainingSet) -> str:
    """Where the networks of a training set come from, and if they are not committed, why: a line for the page.

    A single network can still be absent from the file, such as one with another margin; it is trained, which is logged.
    """
    if recipe.weights != "committed":
        return "trained here, as asked for"
    lacks = committed_similarities.lacks(recipe.deciding("SimNet*"), examples)
    return f"trained here: {lacks}" if lacks else "committed, in data/weights"


def difficult_pairs(recipe: SimilarityRecipe, examples: TrainingSet, margin: float, rule: str = "thesis") -> Pairs:
    """The difficult pairs of training images, as rows of ``examples``, that `trained_simnet_star` adds.

    They are searched for again. The 16 bits of a committed SimNet change a few of them.
    """
    net, generator = trained_simnet(recipe, examples, margin, rule).network, generator_of(recipe)
    kept, _ = examples.split(generator)
    found = simnet_training.find_difficult(
        net, kept.descriptors, kept.labels, _n_images(recipe, kept), generator, recipe.n_difficult
    )
    place = {image: row for row, image in enumerate(examples.images)}
    rows = torch.tensor([place[image] for image in kept.images])
    return Pairs(rows[found.i], rows[found.j], found.match)


def trained_linear(recipe: SimilarityRecipe, examples: TrainingSet, margin: float = 0.2) -> TrainedSimilarity:
    """The row Linear of Table 3.2: a bilinear form, trained with the loss of SimNet."""
    net = Linear(examples.d)

    def train(checkpoint: Checkpoint) -> TrainingLog:
        generator = generator_of(recipe)
        kept, held_out = examples.split(generator)
        return net.fit(
            kept.descriptors, kept.labels, margin=margin, n_pairs=recipe.n_pairs, steps=recipe.steps,
            generator=generator, settings=recipe.settings, checkpoint=checkpoint,
            validation=_validation(net, held_out, recipe.steps),
        )  # fmt: skip

    return _trained(recipe, {"what": "Linear", "margin": margin}, net, examples, train)


def trained_oasis(recipe: SimilarityRecipe, examples: TrainingSet) -> Oasis:
    """The row OASIS of Table 3.2, which learns a matrix from triplets, without gradients of a network.

    It has a stage of its own and not `trained`, which keeps the state of a torch network and the log of its steps.
    """
    net = Oasis(examples.d)

    def build(folder: Path) -> None:
        net.fit(examples.descriptors, examples.labels, n_triplets=recipe.n_triplets, generator=generator_of(recipe))
        np.save(folder / "M.npy", net.M)

    key = {"what": "OASIS", "data": examples.checksum, "triplets": recipe.n_triplets, "seed": recipe.seed, "c": net.c}
    net.M = np.load(cache.stage("similarity", key, build, level=logging.DEBUG) / "M.npy")
    return net


def generator_of(recipe: SimilarityRecipe) -> torch.Generator:
    """A new generator with the recipe's seed."""
    return torch.Generator().manual_seed(recipe.seed)


def _trained(
    recipe: SimilarityRecipe,
    key: Mapping[str, Any],
    network: SimNet | Linear,
    examples: TrainingSet | None,
    train: Callable[[Checkpoint], TrainingLog],
) -> TrainedSimilarity:
    """The committed network, if the recipe asks for it and there is one, else a network that is trained and kept."""
    done, settings = None, recipe.deciding(key["what"])
    if recipe.weights == "committed":
        done = committed_similarities.load_into(network, settings, examples, key)
        if done is None:
            log.info("%s%s: not in data/weights, trained here", key["what"], f", {examples.name}" if examples else "")
    if done is None:
        whole = {"recipe": settings, **key} | ({"data": examples.checksum} if examples else {})
        done = trained("similarity", whole, network, train, level=logging.DEBUG)[0]
    return TrainedSimilarity(network.eval(), done, key)


def _n_images(recipe: SimilarityRecipe, kept: TrainingSet) -> int:
    """Images whose pairs are searched for difficult ones."""
    return min(recipe.n_images, len(kept.labels))


def _validation(net: SimNet | Linear, held_out: TrainingSet, steps: int) -> Validation | None:
    """The mAP of held-out images that search among all of these, since networks are to rank; None without such."""
    if not len(held_out.labels):
        return None
    x, queries = held_out.descriptors, held_out_queries(len(held_out.labels))
    every = max(1, steps // VALIDATIONS)
    return Validation(lambda: held_out_map(net.scores(x[queries], x), held_out.labels, queries), every, None)
