"""Settings of optimisers: those of the thesis, and one for short runs."""

from dataclasses import dataclass
from typing import Any, Protocol

from torch import nn
from torch.optim import SGD, AdamW, Optimizer
from torch.optim.lr_scheduler import LRScheduler, OneCycleLR

from vretlib import arrays


class Settings(Protocol):
    """Settings of an optimiser, such as `Sgd` or `OneCycle`."""

    @property
    def batch_size(self) -> int:
        """Examples in a step."""

    def start(self, network: nn.Module, steps: int) -> tuple[Optimizer, LRScheduler | None]:
        """A new optimiser of the parameters that are not frozen, and the schedule of its learning rate."""


def _check(settings: "Sgd | OneCycle") -> None:
    arrays.number(settings.learning_rate, "learning_rate", above=0)
    arrays.number(settings.weight_decay, "weight_decay", minimum=0)
    arrays.whole(settings.batch_size, "batch_size", 1)


@dataclass(frozen=True)
class Sgd:
    """Stochastic gradient descent with the thesis' numbers (section 3.3.2).

    Attributes
    ----------
    learning_rate: the same at each step.
    momentum: share of the last step that is added to the next.
    weight_decay: of weights; biases and the scales of normalisations have none.
    batch_size: examples in a step.

    Raises
    ------
    UserError: a learning rate that is not above 0, a negative momentum or weight decay, or no example in a step.
    """

    learning_rate: float = 0.001
    momentum: float = 0.9
    weight_decay: float = 0.0005
    batch_size: int = 100

    def __post_init__(self) -> None:
        _check(self)
        arrays.number(self.momentum, "momentum", minimum=0)

    def start(self, network: nn.Module, steps: int) -> tuple[Optimizer, LRScheduler | None]:  # noqa: ARG002
        """The optimiser of the parameters that are not frozen; its rate has no schedule."""
        return SGD(_groups(network, self.weight_decay), lr=self.learning_rate, momentum=self.momentum, fused=True), None


@dataclass(frozen=True)
class OneCycle:
    """Adam for short runs: its rate rises during the first 30 % of the steps and then falls to nothing.

    This is not in the thesis. The policy is Smith's one-cycle as torch has it. Weight decay is that of AdamW, which
    does not pass through the gradient.

    Attributes
    ----------
    learning_rate: the largest one.
    weight_decay: of weights; biases and the scales of normalisations have none.
    batch_size: examples in a step.

    Raises
    ------
    UserError: a learning rate that is not above 0, a negative weight decay, or no example in a step.
    """

    learning_rate: float = 0.002
    weight_decay: float = 0.0
    batch_size: int = 200

    def __post_init__(self) -> None:
        _check(self)

    def start(self, network: nn.Module, steps: int) -> tuple[Optimizer, LRScheduler | None]:
        """The optimiser of the parameters that are not frozen, and the schedule of its rate over all steps."""
        optimiser = AdamW(_groups(network, self.weight_decay), lr=self.learning_rate, fused=True)
        return optimiser, OneCycleLR(optimiser, self.learning_rate, total_steps=steps + 1)


def _groups(network: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Weight decay acts on weights only, not on biases and on the scales of a normalisation."""
    learned = [p for p in network.parameters() if p.requires_grad]
    weights, others = [p for p in learned if p.ndim > 1], [p for p in learned if p.ndim <= 1]
    return [{"params": weights, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]
