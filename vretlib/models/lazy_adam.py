"""Adam whose steps touch only those rows of a word table that occur in the batch, with the weights of the dense Adam.

A row without gradient still moves in Adam: both of its moments fade, and the weights follow the first one. These steps
are made up for when the row is read again. With the moments m and v after the row's last gradient, in step s, its
weights move in step t by

    η m β1^(t-s) / (1-β1^t)  divided by  √(v β2^(t-s) / (1-β2^t)) + ε.

Both are multiplied by √(1-β2^t) here, and √v is kept instead of v, so that a missed step has one division and no root.

Each of these moves is smaller than the one before. With S(β) = 1 + β + ... + β^t, the numerator is multiplied by
1 - 1/S(β1) from step t to t + 1, and the denominator by √(1 - 1/S(β2)) or more, which is larger, because S(β2) is. So a
missed step that changes no weight of a row, as all its moves are below half a unit in the last place, ends the replay
of the row: later ones would change none either, and nothing is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import Optimizer

from vretlib.errors import UserError
from vretlib.kernels import njit
from vretlib.models.word_table import WordTable

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
"""Those of Kingma and Ba (2015), and of torch."""

F32 = NDArray[np.float32]


class _Numbers(NamedTuple):
    """float32 (steps + 1,): of step t, ``rate`` and ``epsilon``; after t steps without gradient, how far moments fade.

    The second moment is kept as its root, so ``root`` has the powers of √β2.
    """

    rate: F32
    epsilon: F32
    mean: F32
    root: F32

    @classmethod
    def of(cls, learning_rate: float, steps: int) -> _Numbers:
        t = np.arange(steps + 1, dtype=np.float64)
        corrected = np.sqrt(1 - BETA_2**t)
        rate = np.divide(learning_rate * corrected, 1 - BETA_1**t, out=np.zeros_like(t), where=t > 0)
        return cls(*(x.astype(np.float32) for x in (rate, EPSILON * corrected, BETA_1**t, BETA_2 ** (t / 2))))


class LazyAdam(Optimizer):
    """Adam with a constant learning rate, on the CPU; its steps leave out rows of word tables that have no gradient.

    All other parameters are left to torch's Adam. Weights equal those of the dense Adam up to float32's rounding, and
    the steps at which they are read or kept, such as those of a checkpoint, do not change a bit of them.

    Parameters
    ----------
    network: its word tables are told which steps they miss, see `vretlib.models.word_table`; tables without a gradient
        in a step miss it.
    learning_rate: η.
    steps: number of steps that can be made.
    at_least: word tables with fewer words are left to torch's Adam too. With a few thousand words, moving all of them
        takes less time than finding those that occur.
    """

    def __init__(self, network: nn.Module, learning_rate: float, steps: int, *, at_least: int = 4000) -> None:
        learned = [p for p in network.parameters() if p.requires_grad]
        super().__init__(learned, {"lr": learning_rate})
        numbers = _Numbers.of(learning_rate, steps)
        tables = [m for m in network.modules() if isinstance(m, WordTable) and m.weight.requires_grad]
        for table in tables:
            table.move_together()
        large = [table for table in tables if table.in_features >= at_least]
        self.tables = [_Table(table, numbers) for table in large]
        lazy = {id(table.weight) for table in large}
        self.others = torch.optim.Adam([p for p in learned if id(p) not in lazy], lr=learning_rate, fused=True)

    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]  # noqa: ARG002
        """One step of all parameters that have a gradient."""
        self.others.step()
        for table in self.tables:
            table.step()

    def state_dict(self) -> dict[str, Any]:
        """What `load_state_dict` needs beside the network's own state."""
        return {"others": self.others.state_dict(), "tables": [table.state() for table in self.tables]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from the state of an optimiser whose network had the weights that this network has now."""
        self.others.load_state_dict(state_dict["others"])
        for table, state in zip(self.tables, state_dict["tables"], strict=True):
            table.restore(state)


class _Table:
    """The moments of a word table after the last gradient of each row, and the steps that rows have missed.

    ``learned`` has the step of each row's last gradient, and ``moved`` the last one that its weights have followed.
    """

    def __init__(self, table: WordTable, numbers: _Numbers) -> None:
        self.parameter, self.numbers, self.steps = table.weight, numbers, 0
        self.weight: F32 = table.weight.detach().numpy()
        self.mean, self.root = np.zeros_like(self.weight), np.zeros_like(self.weight)
        self.learned, self.moved = (np.zeros(len(self.weight), np.int64) for _ in range(2))
        table.missed = self

    def replay(self, rows: NDArray[np.int64] | None = None) -> None:
        rows = np.arange(len(self.weight)) if rows is None else rows
        _replay(rows, self.steps, self.weight, self.mean, self.root, self.learned, self.moved, self.numbers)

    def step(self) -> None:
        now, last = self.steps + 1, len(self.numbers.rate) - 1
        if now > last:
            raise UserError(f"step {now} of LazyAdam(steps={last}); give it as many steps as will be made")
        if self.parameter.grad is not None:
            gradient = self.parameter.grad.coalesce()
            rows = gradient.indices()[0].numpy()
            self.replay(rows)
            _step(rows, gradient.values().numpy(), now, self.weight, self.mean, self.root, self.learned, self.numbers)
            self.moved[rows] = now
        self.steps = now

    def state(self) -> dict[str, Tensor | int]:
        self.replay()
        arrays = {name: torch.from_numpy(getattr(self, name)) for name in ("mean", "root", "learned")}
        return {"steps": self.steps, **arrays}

    def restore(self, state: dict[str, Any]) -> None:
        self.steps = state["steps"]
        for name in ("mean", "root", "learned"):
            getattr(self, name)[:] = state[name].numpy()
        self.moved[:] = self.steps


@njit(nogil=True, cache=True, error_model="numpy")
def _replay(rows, now, weight, mean, root, learned, moved, numbers):  # type: ignore[no-untyped-def]
    """Let rows follow the steps up to ``now`` that they have missed; rows may be named several times."""
    for row in rows:
        w, m, r = weight[row], mean[row], root[row]
        for step in range(moved[row] + 1, now + 1):
            since = step - learned[row]
            up, fade, epsilon = numbers.rate[step] * numbers.mean[since], numbers.root[since], numbers.epsilon[step]
            changed = 0
            for i in range(w.size):
                before = w[i]
                w[i] = before - up * m[i] / (fade * r[i] + epsilon)
                changed |= w[i] != before
            if not changed:
                break
        moved[row] = now


@njit(nogil=True, cache=True, error_model="numpy")
def _step(rows, gradients, now, weight, mean, root, learned, numbers):  # type: ignore[no-untyped-def]
    """Move rows that are up to date by step ``now``, in which they have these gradients."""
    new_1, new_2 = np.float32(1 - BETA_1), np.float32(1 - BETA_2)
    for at, row in enumerate(rows):
        since = now - learned[row]
        fade_1, fade_2 = numbers.mean[since], np.float32(BETA_2**since)  # a rounded root would bias each step's square
        g, w, m, r = gradients[at], weight[row], mean[row], root[row]
        for i in range(w.size):
            m[i] = fade_1 * m[i] + new_1 * g[i]
            r[i] = np.sqrt(fade_2 * r[i] * r[i] + new_2 * g[i] * g[i])
            w[i] -= numbers.rate[now] * m[i] / (r[i] + numbers.epsilon[now])
        learned[row] = now
