"""The temporal encoder of thesis chapter 6: the frames of a shot become one vector (§6.1.1).

A recurrent network reads the frame embeddings of a shot in order. Its last state goes through a fully connected layer,
tanh and l2-normalisation. The module also has the baselines of Table 6.2, the maximum and the sum of the frames, and
single frames of a shot.

Shots are half-open ranges of rows of one array of frame embeddings, int64 (S, 2), as in
`vretlib.video.shot_boundaries`. Shots of any length are processed together without padding (`pack`): step t of a batch
holds only the shots that have a frame t, so no padding can reach a last state.
"""

from collections.abc import Iterator
from typing import Literal, get_args

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn
from torch.nn.functional import normalize
from torch.nn.utils.rnn import PackedSequence

from vretlib import arrays, tensors
from vretlib.errors import UserError

RecurrentCell = Literal["lstm", "gru"]
Beyond = Literal["spread", "first", "last"]
"""The frames that are read of a shot with too many: evenly spread ones (the default), the first, or the last.

The thesis says only that "the maximum number of frames per shot used in the RNN is 50". Keras, its author's tool, keeps
the last frames by default. `split_long` is a fourth rule, which makes more shots.
"""

MOST_FRAMES = 50
_FRAMES_AT_ONCE = 1 << 14  # of a batch of shots: with 512 dimensions and an LSTM some 200 MiB
_SHOTS_AT_ONCE = 1024

F32 = NDArray[np.float32]


class TemporalEncoder(nn.Module):
    """A network that turns the frame embeddings of a shot into one embedding.

    The cells are torch's, and their weights start uniformly within ±1/√hidden. The thesis' author used Keras 2.1, whose
    cells differ in small ways: they have a piecewise linear ("hard") sigmoid in the gates and one bias where torch has
    two, the GRU applies its reset gate before the product, and the LSTM's forget gate starts with bias 1. The parameter
    ``forget_bias`` sets this bias.

    Parameters
    ----------
    cell: "lstm" or "gru".
    d: dimensions of the frame and the shot embeddings, K in the thesis; 512 there.
    hidden: dimensions of the state; 512 in the thesis.
    generator: decides the first weights.
    forget_bias: initial bias of an LSTM's forget gates; None leaves torch's random one.
    """

    def __init__(
        self,
        cell: RecurrentCell,
        *,
        generator: torch.Generator,
        d: int = 512,
        hidden: int = 512,
        forget_bias: float | None = 1.0,
    ) -> None:
        super().__init__()
        arrays.choice(cell, "cell", get_args(RecurrentCell))
        d, hidden = arrays.whole(d, "d", 1), arrays.whole(hidden, "hidden", 1)
        if forget_bias is not None:
            forget_bias = arrays.number(forget_bias, "forget_bias", minimum=-1e30, maximum=1e30)
        self.cell = cell
        with torch.device("meta"):
            self.recurrent: nn.RNNBase = nn.LSTM(d, hidden) if cell == "lstm" else nn.GRU(d, hidden)
            self.last = nn.Linear(hidden, d)
        self.to_empty(device="cpu")
        own = torch.Generator().manual_seed(int(torch.randint(2**62, (), generator=tensors.generator(generator))))
        for parameter in self.parameters():  # as torch draws them, but not from the generator that all threads share
            nn.init.uniform_(parameter, -(hidden**-0.5), hidden**-0.5, generator=own)
        if cell == "lstm" and forget_bias is not None:
            with torch.no_grad():
                first, second = (self.recurrent.get_parameter(f"bias_{part}_l0") for part in ("ih", "hh"))
                first[hidden : 2 * hidden], second[hidden : 2 * hidden] = forget_bias, 0

    @property
    def d(self) -> int:
        """Dimensions of an embedding."""
        return self.last.out_features

    @property
    def n_parameters(self) -> int:
        """Numbers that are learned."""
        return sum(p.numel() for p in self.parameters())

    def forward(self, frames: PackedSequence) -> Tensor:
        """Embeddings (shots, d) of packed shots, in the order in which they were given to `pack`."""
        _, state = self.recurrent(frames)
        h = state[0] if self.cell == "lstm" else state
        return normalize(torch.tanh(self.last(h[-1])), dim=-1)

    def encode(self, x: ArrayLike, shots: ArrayLike, *, most: int = MOST_FRAMES, beyond: Beyond = "spread") -> F32:
        """Embeddings (S, d) of shots of the frames ``x`` (n, d), a batch of similar lengths at a time; a tensor where
        ``x`` is.

        Raises
        ------
        UserError: other dimensions, a shot without frames or outside ``x``, NaN or infinity.
        """
        frames = torch.from_numpy(_checked(x, self.d)).to(self.last.weight.dtype)
        ranges = checked_shots(shots, len(frames))
        most = arrays.whole(most, "most", 1)
        arrays.choice(beyond, "beyond", get_args(Beyond))
        found = np.empty((len(ranges), self.d), np.float32)
        with torch.inference_mode():
            for batch in _batches(np.minimum(ranges[:, 1] - ranges[:, 0], most)):
                found[batch] = self(pack(frames, ranges[batch], most=most, beyond=beyond)).float().numpy()
        return arrays.like(x, found)


def pack(
    frames: Tensor, shots: NDArray[np.int64], *, most: int = MOST_FRAMES, beyond: Beyond = "spread"
) -> PackedSequence:
    """Shots of the frames (n, d), step by step: each step holds the frames of the shots that are long enough.

    Raises
    ------
    UserError: no shots, shots that are empty or not within the frames, ``most`` below 1, or an unknown ``beyond``.
    """
    shots = checked_shots(shots, len(tensors.floats(frames, "frames", None, None)))
    if not len(shots):
        raise UserError("no shots to pack; expected at least one")
    most = arrays.whole(most, "most", 1)
    arrays.choice(beyond, "beyond", get_args(Beyond))
    length = np.minimum(shots[:, 1] - shots[:, 0], most)
    order = np.argsort(-length, kind="stable")
    sizes = (length[:, None] > np.arange(length.max(initial=0))).sum(axis=0)
    rows = [_row(shots[order[:n]], length[order[:n]], t, beyond) for t, n in enumerate(sizes.tolist())]
    sorted_indices = torch.from_numpy(order)
    return PackedSequence(
        frames[torch.from_numpy(np.concatenate(rows))],
        torch.from_numpy(sizes),
        sorted_indices,
        torch.from_numpy(np.argsort(order, kind="stable")),
    )


def pad(shots: ArrayLike, *, most: int = MOST_FRAMES) -> tuple[Tensor, Tensor]:
    """Frames of shots side by side, int64 (longest, S), and how many of them each shot has, (S,).

    ``most`` evenly spread frames of a longer shot are taken. The last frame of a shorter one is repeated, and outputs
    after a shot's last frame must be ignored. Where lengths differ little, as those of texts do, torch trains an LSTM
    on this form in two thirds of the time that it takes on `pack`'s.
    """
    ranges = arrays.ranges(shots, "shots")
    length = np.minimum(ranges[:, 1] - ranges[:, 0], arrays.whole(most, "most", 1))
    steps = np.minimum(np.arange(length.max(initial=0))[:, None], length - 1)
    return torch.from_numpy(_row(ranges, length, steps, "spread")), torch.from_numpy(length)


def _row(
    shots: NDArray[np.int64], length: NDArray[np.int64], step: int | NDArray[np.int64], beyond: Beyond
) -> NDArray[np.int64]:
    """The frame of each shot that the network reads at a step; all rules agree where ``length`` is the shot's."""
    start, stop = shots.T
    if beyond == "first":
        return start + step
    if beyond == "last":
        return stop - length + step
    return start + step * (stop - start) // length


def split_long(shots: ArrayLike, most: int = MOST_FRAMES) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Shots cut into as few and as equal pieces of at most ``most`` frames as possible, and the shot of each piece.

    Examples
    --------
    >>> split_long([[0, 3], [3, 8]], most=3)[0].tolist()
    [[0, 3], [3, 5], [5, 8]]
    """
    ranges = arrays.ranges(shots, "shots")
    most = arrays.whole(most, "most", 1)
    n = -(-(ranges[:, 1] - ranges[:, 0]) // most)
    owner = np.repeat(np.arange(len(ranges)), n)
    k = np.arange(len(owner)) - np.repeat(np.cumsum(n) - n, n)
    start, length = ranges[owner, 0], (ranges[:, 1] - ranges[:, 0])[owner]
    return np.stack([start + k * length // n[owner], start + (k + 1) * length // n[owner]], axis=1), owner


def sum_pool(x: ArrayLike, shots: ArrayLike) -> F32:
    """Sum of the frames of each shot, l2-normalised, (S, d): a baseline of Table 6.2."""
    frames = _checked(x)
    return _stacked([frames[a:b].sum(axis=0) for a, b in checked_shots(shots, len(frames))], frames.shape[1])


def max_pool(x: ArrayLike, shots: ArrayLike) -> F32:
    """Element-wise maximum over the frames of each shot, l2-normalised, (S, d): a baseline of Table 6.2."""
    frames = _checked(x)
    return _stacked([frames[a:b].max(axis=0) for a, b in checked_shots(shots, len(frames))], frames.shape[1])


def first_frame(x: ArrayLike, shots: ArrayLike) -> F32:
    """The first frame of each shot, (S, d), which needs no training: what any summary of frames should beat."""
    frames = _checked(x)
    return frames[checked_shots(shots, len(frames))[:, 0]]


def middle_frame(x: ArrayLike, shots: ArrayLike) -> F32:
    """The frame in the middle of each shot, (S, d); of an even number the later of the middle two."""
    frames = _checked(x)
    return frames[checked_shots(shots, len(frames)).sum(axis=1) // 2]


def _stacked(vectors: list[F32], d: int) -> F32:
    found = np.array(vectors, np.float32).reshape(-1, d)
    return arrays.unit(found)


def checked_shots(shots: ArrayLike, n_frames: int) -> NDArray[np.int64]:
    """Shots as int64 (S, 2), or a `UserError` for one that is empty or not within the frames."""
    return arrays.ranges(shots, "shots", arrays.whole(n_frames, "n_frames", 0))


def _checked(x: ArrayLike, d: int | None = None) -> F32:
    return arrays.matrix(x, "frame embeddings", d=d, like="the encoder takes")


def _batches(length: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Shots of similar length that go through together."""
    order = np.argsort(-length, kind="stable")
    batch_of = np.cumsum(length[order]) // _FRAMES_AT_ONCE
    for part in np.split(order, np.flatnonzero(np.diff(batch_of)) + 1):
        yield from (part[i : i + _SHOTS_AT_ONCE] for i in range(0, len(part), _SHOTS_AT_ONCE))
