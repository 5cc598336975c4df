"""The trained similarities of Table 3.2, each trained once and kept in the cache."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import nn

from vretlib import cache, paths
from vretlib.chapters.similarity_networks.training_set import TrainingSet
from vretlib.errors import UserError
from vretlib.evaluation import average_precision
from vretlib.evaluation.ranking import rank
from vretlib.models import simnet_training, training
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.labelled_images import learnable
from vretlib.models.linear import Linear
from vretlib.models.oasis import Oasis
from vretlib.models.optimisation import OneCycle, Settings, Sgd
from vretlib.models.pairs import Pairs
from vretlib.models.simnet import ARCHITECTURES, SimNet
from vretlib.models.training import TrainingLog, Validation

OPTIMISERS: dict[str, Callable[..., Settings]] = {"sgd": Sgd, "one-cycle": OneCycle}
HELD_OUT = 0.15  # of the training images, for validation: when to stop must not be decided by what is tested on
PATIENCE = 7  # of ten looks; the learning rate of one cycle first rises, and the loss with it


@dataclass(frozen=True)
class Recipe:
    """At what scale the networks of the chapter are trained.

    Attributes
    ----------
    width: of a hidden layer of configuration B, 4096 in the thesis; A, C and D keep their proportion to it.
    optimiser, learning_rate, batch_size: ``"sgd"`` is the thesis' (0.001, 100).
    init: how weights start, see `SimNet`.
    warm_up_steps, steps, refine_steps: batches of the three stages.
    n_pairs: of training images, in each of the last two stages.
    n_images: among whose pairs the difficult ones are looked for; all, if the training set has fewer.
    n_difficult: at most so many difficult matches, and as many non-matches, are added.
    n_triplets: of OASIS.
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

    def __post_init__(self) -> None:
        if self.optimiser not in OPTIMISERS:
            raise UserError(f"optimiser={self.optimiser!r} is not known; choose one of {', '.join(OPTIMISERS)}")
        if self.width % 4:
            raise UserError(f"width={self.width}; expected a multiple of 4: configuration A is a quarter as wide as B")

    @property
    def settings(self) -> Settings:
        """The optimiser's settings."""
        return self.settings_at(self.learning_rate)

    def settings_at(self, learning_rate: float) -> Settings:
        """The same with another learning rate."""
        return OPTIMISERS[self.optimiser](learning_rate=learning_rate, batch_size=self.batch_size)

    def beside_the_thesis(self) -> pd.DataFrame:
        """What the thesis trained with (section 3.3.2, Table 3.1), and this recipe; "?" where it says nothing."""
        rows = {
            "hidden layers of configuration B": ("4,096 wide", f"{self.width:,} wide"),
            "optimiser": ("SGD", {"sgd": "SGD", "one-cycle": "AdamW, one cycle"}[self.optimiser]),
            "learning rate": ("0.001", f"{self.learning_rate:g}"),
            "pairs in a batch": ("100", f"{self.batch_size:,}"),
            "pairs of the warm-up": ("22.5 million", f"{self.warm_up_steps * self.batch_size:,}"),
            "pairs of images": ("almost a million", f"{self.n_pairs:,}"),
            "batches with them": ("?", f"{self.steps:,}"),
            "images searched for difficult pairs": ("?", f"at most {self.n_images:,}"),
            "batches with these added": ("?", f"{self.refine_steps:,}"),
            "triplets of OASIS": ("?", f"{self.n_triplets:,}"),
        }
        return pd.DataFrame.from_dict(rows, orient="index", columns=["thesis", "here"])

    def widths(self, architecture: str = "B") -> tuple[int, ...]:
        """Widths of the hidden layers of a configuration of Table 3.1, in proportion to `width`."""
        return tuple(width * self.width // ARCHITECTURES["B"][0] for width in ARCHITECTURES[architecture])


@dataclass(frozen=True, eq=False)
class Learnt:
    """A trained network and how it was trained; `difficult` are the pairs that made it a SimNet*."""

    network: Any
    log: TrainingLog = field(repr=False)
    difficult: Pairs | None = None

    def scores(self, xq: NDArray[np.float32], xb: NDArray[np.float32]) -> NDArray[np.float32]:
        """(queries, database) float32; the larger, the more alike."""
        scored: NDArray[np.float32] = self.network.scores(xq, xb)
        return scored


def warm_up(recipe: Recipe, d: int, architecture: str = "B", kind: str = "known cosine") -> Learnt:
    """A network that imitates the cosine of d-dimensional vectors (thesis section 3.3.2)."""

    def train(net: SimNet, generator: torch.Generator, checkpoint: Checkpoint) -> Learnt:
        log = simnet_training.warm_up(
            net, steps=recipe.warm_up_steps, generator=generator, settings=recipe.settings, kind=kind,
            checkpoint=checkpoint,
        )  # fmt: skip
        return Learnt(net, log)

    key = {"what": "warm-up", "d": d, "architecture": architecture, "kind": kind}
    return _kept(recipe, key, _fresh(recipe, d, architecture), train)


def warm_ups(recipe: Recipe, d: int) -> dict[str, Learnt]:
    """Warmed-up networks of all configurations of Table 3.1, by name."""
    names = list(ARCHITECTURES)
    return dict(zip(names, training.several(lambda name: warm_up(recipe, d, name), names), strict=True))


def train_simnet(recipe: Recipe, learning: TrainingSet, margin: float, rule: str = "thesis") -> Learnt:
    """SimNet: warmed up, then trained on pairs of the training set."""

    def train(net: SimNet, generator: torch.Generator, checkpoint: Checkpoint) -> Learnt:
        kept, held_out = split(learning, generator)
        log = simnet_training.train_simnet(
            net, kept.descriptors, kept.labels, margin=margin, n_pairs=recipe.n_pairs, steps=recipe.steps,
            generator=generator, rule=rule, settings=recipe.settings, checkpoint=checkpoint,
            validation=_validation(net, held_out, recipe.steps),
        )  # fmt: skip
        return Learnt(net, log)

    start = warm_up(recipe, learning.d).network
    return _kept(recipe, {"what": "SimNet", "margin": margin, "rule": rule, "data": learning.checksum}, start, train)


def train_simnet_star(recipe: Recipe, learning: TrainingSet, margin: float, rule: str = "thesis") -> Learnt:
    """SimNet*: a trained SimNet, refined with the pairs on which it is worse than the cosine."""

    def train(net: SimNet, generator: torch.Generator, checkpoint: Checkpoint) -> Learnt:
        kept, held_out = split(learning, generator)
        refined = simnet_training.refine(
            net, kept.descriptors, kept.labels, margin=margin, n_pairs=recipe.n_pairs, steps=recipe.refine_steps,
            n_images=min(recipe.n_images, len(kept.labels)), limit=recipe.n_difficult, generator=generator, rule=rule,
            settings=recipe.settings, checkpoint=checkpoint,
            validation=_validation(net, held_out, recipe.refine_steps),
        )  # fmt: skip
        return Learnt(net, refined.log, _by_image(refined.difficult, kept, learning))

    start = train_simnet(recipe, learning, margin, rule).network
    return _kept(recipe, {"what": "SimNet*", "margin": margin, "rule": rule, "data": learning.checksum}, start, train)


def train_linear(recipe: Recipe, learning: TrainingSet, margin: float = 0.2) -> Learnt:
    """The row Linear of Table 3.2: a bilinear form, trained with the loss of SimNet."""

    def train(net: Linear, generator: torch.Generator, checkpoint: Checkpoint) -> Learnt:
        kept, held_out = split(learning, generator)
        log = net.fit(
            kept.descriptors, kept.labels, margin=margin, n_pairs=recipe.n_pairs, steps=recipe.steps,
            generator=generator, settings=recipe.settings, checkpoint=checkpoint,
            validation=_validation(net, held_out, recipe.steps),
        )  # fmt: skip
        return Learnt(net, log)

    return _kept(recipe, {"what": "Linear", "margin": margin, "data": learning.checksum}, Linear(learning.d), train)


def train_oasis(recipe: Recipe, learning: TrainingSet) -> Oasis:
    """The row OASIS of Table 3.2."""
    net = Oasis(learning.d)

    def build(folder: Path) -> None:
        net.fit(learning.descriptors, learning.labels, n_triplets=recipe.n_triplets, generator=generator_of(recipe))
        np.save(folder / "M.npy", net.M)

    key = {"what": "OASIS", "data": learning.checksum, "triplets": recipe.n_triplets, "seed": recipe.seed, "c": net.c}
    net.M = np.load(cache.stage("similarity", key, build, level=logging.DEBUG) / "M.npy")
    return net


def _fresh(recipe: Recipe, d: int, architecture: str) -> SimNet:
    return SimNet(d, recipe.widths(architecture), init=recipe.init, generator=generator_of(recipe))


def generator_of(recipe: Recipe) -> torch.Generator:
    return torch.Generator().manual_seed(recipe.seed)


def split(learning: TrainingSet, generator: torch.Generator) -> tuple[TrainingSet, TrainingSet]:
    """Images to learn from, and images of the same classes to look at while learning, as LAND5K is to LANDMARKS.

    Of few images none is held out, if those that would be have no two of a class, or those that would be left do not
    suffice to learn from: training then goes to its last step.
    """
    order = torch.randperm(len(learning.labels), generator=generator).numpy()
    n = round(HELD_OUT * len(order))
    kept, held_out = learning.only(np.sort(order[n:])), learning.only(np.sort(order[:n]))
    if n and np.bincount(held_out.labels).max() >= 2 and learnable(kept.labels):
        return kept, held_out
    return learning, learning.only(order[:0])


def _by_image(found: Pairs, kept: TrainingSet, learning: TrainingSet) -> Pairs:
    """Pairs of rows of ``kept`` as pairs of rows of the whole training set."""
    place = {image: row for row, image in enumerate(learning.images)}
    rows = torch.tensor([place[image] for image in kept.images])
    return Pairs(rows[found.i], rows[found.j], found.match)


def held_out_map(scores: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Mean AP of images (n,) searching for their class among themselves; ``scores`` is (n, n)."""
    of_class = [np.flatnonzero(labels == label) for label in labels]
    positives = [np.setdiff1d(ids, image) for image, ids in enumerate(of_class)]
    junk = [np.array([image]) for image in range(len(labels))]
    found = average_precision.average_precisions(rank(scores), positives, junk)
    return average_precision.mean(found).value


def _validation(net: Any, held_out: TrainingSet, steps: int) -> Validation | None:
    """The criterion is what the networks are for: to rank, not to have a low loss. None without images held out."""
    if not len(held_out.labels):
        return None
    x = held_out.descriptors
    return Validation(lambda: held_out_map(net.scores(x, x), held_out.labels), max(1, steps // 10), PATIENCE)


def checkpoint_of(what: str, key: Mapping[str, Any]) -> Checkpoint:
    """Where a training that is interrupted goes on; a name of its own for every key."""
    plain = {name: asdict(value) if is_dataclass(value) else value for name, value in key.items()}  # type: ignore[arg-type]
    words = json.dumps(plain, sort_keys=True)
    digest = hashlib.sha256(words.encode()).hexdigest()[:20]
    return Checkpoint(paths.CACHE / "training" / f"{what}-{digest}.pt", recipe=words)


def _kept(
    recipe: Recipe,
    key: Mapping[str, Any],
    network: nn.Module,
    train: Callable[[Any, torch.Generator, Checkpoint], Learnt],
) -> Learnt:
    """Train once; a run that was interrupted goes on from its checkpoint."""
    whole = {"recipe": recipe, **key}
    checkpoint = checkpoint_of("similarity", whole)

    def build(folder: Path) -> None:
        done = train(network, generator_of(recipe), checkpoint)
        save_file(done.network.state_dict(), folder / "network.safetensors")
        (folder / "log.json").write_text(json.dumps(asdict(done.log)))
        if done.difficult is not None:
            np.savez(folder / "difficult.npz", **{k: v.numpy() for k, v in done.difficult._asdict().items()})
        checkpoint.path.unlink(missing_ok=True)

    folder = cache.stage("similarity", whole, build, level=logging.DEBUG)
    network.load_state_dict(load_file(folder / "network.safetensors"))
    network.eval()
    found = folder / "difficult.npz"
    difficult = Pairs(**{k: torch.from_numpy(v) for k, v in np.load(found).items()}) if found.exists() else None
    return Learnt(network, TrainingLog(**json.loads((folder / "log.json").read_text())), difficult)
