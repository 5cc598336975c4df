"""One loop for everything that is trained by gradients: seeded, resumable, with a curve and an early stop.

A function ``loss(batch)`` says what is learned, and a function ``batches(step, generator)`` gives what it is learned
from. An interrupted run that is called again ends in the same bits as one that was not interrupted: a checkpoint holds
the network, the optimiser, the generators and the log, and each batch depends on nothing but its step and the
generator.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any, Required, TypedDict, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from vretlib import arrays, tensors
from vretlib.errors import UserError
from vretlib.models import checkpoint as checkpoints
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.optimisation import Settings, Sgd
from vretlib.progress import progress_bar

Batch = TypeVar("Batch")


@dataclass(frozen=True)
class Validation:
    """A score of the network on held-out data, which decides when to stop.

    Attributes
    ----------
    score: returns one number; runs with the network in evaluation mode and without gradients.
    every: steps between two validations; the last step always has one.
    patience: validations without a new best after which training stops; None never stops.
    larger_is_better: True for an mAP or an accuracy, False for a loss.
    """

    score: Callable[[], float]
    every: int = 100
    patience: int | None = 5
    larger_is_better: bool = True


@dataclass
class TrainingLog:
    """A record of a training: ``losses[i]`` is the loss of step i + 1 before its update."""

    losses: list[float] = field(default_factory=list)
    validation: list[tuple[int, float]] = field(default_factory=list)
    """(steps done, score) of each validation."""
    best_step: int | None = None
    """Steps after which the validation was best; the network is left as it was then."""
    stopped_early: bool = False
    seconds: float = field(default=0.0, compare=False)
    """Time of all the sessions together, validation included."""

    @property
    def steps(self) -> int:
        """Steps done."""
        return len(self.losses)

    def curve(self, window: int = 50) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Last step and mean loss of each run of ``window`` steps; the last run may be shorter."""
        starts = np.arange(0, self.steps, window)
        ends = np.minimum(starts + window, self.steps)
        return ends, np.array([np.mean(self.losses[a:b]) for a, b in zip(starts, ends, strict=True)])


class TrainingOptions(TypedDict, total=False):
    """How to train: the keywords of `train`, for functions that pass them on."""

    steps: Required[int]
    generator: Required[torch.Generator]
    settings: Settings
    validation: Validation | None
    checkpoint: Checkpoint | None
    description: str
    progress: bool


def train(
    network: nn.Module,
    loss: Callable[[Batch], Tensor],
    batches: Callable[[int, torch.Generator], Batch],
    *,
    steps: int,
    generator: torch.Generator,
    settings: Settings = Sgd(),  # noqa: B008 (frozen)
    validation: Validation | None = None,
    checkpoint: Checkpoint | None = None,
    description: str = "training",
    progress: bool = True,
) -> TrainingLog:
    """The log of minimising ``loss(batch)`` over the parameters of ``network`` that require gradients, in place.

    Parameters
    ----------
    loss: the loss of one batch, computed with ``network``.
    batches: the batch of a step, counted from 0. All that is random in it comes from the generator, or from the step.
    steps: maximum number of steps; fewer if the validation stops improving.
    generator: source of everything random, dropout included: the global generator is left as it was.
    checkpoint: where the run is kept while it lasts. The same call continues an interrupted run if the network, the
        generator and the arguments are as they were at the start.
    progress: whether to show a bar with the loss.

    Returns
    -------
    TrainingLog
        The network is left in evaluation mode, in its best state if there is a validation, else in its last.

    Raises
    ------
    UserError: ``generator`` is no `torch.Generator`; the loss is NaN or infinite; or the checkpoint cannot be read or
        belongs to another run; a damaged one is reported, and training begins anew.
    """
    if arrays.whole(steps, "steps", 0) < 1:
        raise UserError(f"{steps} steps: expected at least 1")
    generator = tensors.generator(generator)
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(int(torch.randint(2**62, (), generator=generator)))
        run = _Run(network, *settings.start(network, steps), generator, steps, validation)
        this = (
            checkpoints.identity(network, generator, f"{settings}, {steps} steps", checkpoint.recipe)
            if checkpoint
            else {}
        )
        if checkpoint and (state := checkpoint.load(this, next(network.parameters()).device)):
            run.restore(state)
        with progress_bar(initial=run.log.steps, total=steps, desc=description, unit="step", progress=progress) as bar:
            while not run.done:
                bar.set_postfix(loss=f"{run.step(loss, batches):.4f}", refresh=False)
                bar.update()
                if checkpoint and (run.done or run.log.steps % checkpoint.every == 0):
                    checkpoint.save(run.state(), this)
    if run.best is not None:
        network.load_state_dict(run.best)
    network.eval()
    return run.log


def shuffled(n: int, batch_size: int, generator: torch.Generator) -> Callable[[int], Tensor]:
    """Rows of the batch of a step, passing over ``range(n)`` in a new order each epoch.

    The rows that are left over at the end of an epoch are left out of it; with fewer than ``batch_size`` rows all are
    one batch. The answer depends only on the step.

    Raises
    ------
    UserError: ``n`` is below 1, or ``batch_size`` is below 1.
    """
    batch_size = arrays.whole(batch_size, "batch_size", 1)
    if arrays.whole(n, "n", 0) < 1:
        raise UserError("nothing to learn from: expected at least one example")
    seed = int(torch.randint(2**62, (), generator=tensors.generator(generator)))
    per_epoch = max(1, n // batch_size)

    @lru_cache(maxsize=1)
    def order(epoch: int) -> Tensor:
        return torch.randperm(n, generator=torch.Generator().manual_seed(seed + epoch))

    def rows(step: int) -> Tensor:
        epoch, batch = divmod(step, per_epoch)
        return order(epoch)[batch * batch_size : (batch + 1) * batch_size]

    return rows


@dataclass
class _Run:
    """All that changes while training."""

    network: nn.Module
    optimiser: Optimizer
    scheduler: LRScheduler | None
    generator: torch.Generator
    steps: int
    validation: Validation | None
    log: TrainingLog = field(default_factory=TrainingLog)
    best: dict[str, Tensor] | None = None

    @property
    def done(self) -> bool:
        return self.log.stopped_early or self.log.steps >= self.steps

    def step(self, loss: Callable[[Batch], Tensor], batches: Callable[[int, torch.Generator], Batch]) -> float:
        started = time.perf_counter()
        self.network.train()
        value = loss(batches(self.log.steps, self.generator))
        if not value.isfinite():
            raise UserError(
                f"the loss of step {self.log.steps + 1} is {value.item()}; expected a finite number: "
                "lower the learning rate, or look for NaN in the descriptors"
            )
        self.optimiser.zero_grad()
        value.backward()
        self.optimiser.step()
        if self.scheduler:
            self.scheduler.step()
        self.log.losses.append(value.item())
        if self.validation and (self.log.steps % self.validation.every == 0 or self.done):
            self._validate(self.validation)
        self.log.seconds += time.perf_counter() - started
        return self.log.losses[-1]

    def _validate(self, validation: Validation) -> None:
        self.network.eval()
        with torch.no_grad():
            score = float(validation.score())
        if not np.isfinite(score):
            raise UserError(f"the validation after step {self.log.steps} is {score}; expected a finite number")
        earlier = [value if validation.larger_is_better else -value for _, value in self.log.validation]
        self.log.validation.append((self.log.steps, score))
        if not earlier or (score if validation.larger_is_better else -score) > max(earlier):
            self.log.best_step = self.log.steps
            self.best = {name: value.clone() for name, value in self.network.state_dict().items()}
        since_best = sum(steps > (self.log.best_step or 0) for steps, _ in self.log.validation)
        self.log.stopped_early = validation.patience is not None and since_best >= validation.patience

    def state(self) -> dict[str, Any]:
        return {
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "scheduler": self.scheduler.state_dict() if self.scheduler else {},
            "generators": [self.generator.get_state(), torch.get_rng_state()],
            "best": self.best,
            "log": asdict(self.log),
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        if self.scheduler:
            self.scheduler.load_state_dict(state["scheduler"])
        mine, everyone = (kept.cpu() for kept in state["generators"])
        self.generator.set_state(mine)
        torch.set_rng_state(everyone)
        self.best = state["best"]
        self.log = TrainingLog(**state["log"])
