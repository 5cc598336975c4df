import numpy as np
import pytest
import torch
from torch import nn

from vretlib.errors import UserError
from vretlib.models import temporal_encoder as te
from vretlib.models.temporal_encoder import (
    TemporalEncoder,
    first_frame,
    max_pool,
    middle_frame,
    pack,
    pad,
    split_long,
    sum_pool,
)

D, HIDDEN = 6, 5


def encoder(cell: str, d: int = D, hidden: int = HIDDEN, seed: int = 0) -> TemporalEncoder:
    return TemporalEncoder(cell, d=d, hidden=hidden, generator=torch.Generator().manual_seed(seed)).eval()  # type: ignore[arg-type]


def frames(n: int, d: int = D, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


SHOTS = np.array([[0, 3], [3, 4], [4, 11], [20, 22], [11, 20], [2, 9]])


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def by_formula(net: TemporalEncoder, x: np.ndarray) -> np.ndarray:
    """Hochreiter and Schmidhuber's and Cho et al.'s equations, one step after another, in double precision."""
    w, u, b, c = (getattr(net.recurrent, n).detach().numpy().astype(float) for n in (
        "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"))  # fmt: skip
    h = cell = np.zeros(u.shape[1])
    for row in x.astype(float):
        if net.cell == "lstm":
            i, f, g, o = np.split(w @ row + b + u @ h + c, 4)
            cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(cell)
        else:
            (r_x, z_x, n_x), (r_h, z_h, n_h) = np.split(w @ row + b, 3), np.split(u @ h + c, 3)
            z = sigmoid(z_x + z_h)
            h = (1 - z) * np.tanh(n_x + sigmoid(r_x + r_h) * n_h) + z * h
    v = np.tanh(net.last.weight.detach().numpy().astype(float) @ h + net.last.bias.detach().numpy())
    return v / np.linalg.norm(v)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_batch_is_what_the_equations_give_for_each_shot_alone(cell: str) -> None:
    net, x = encoder(cell), frames(22)
    expected = [by_formula(net, x[a:b]) for a, b in SHOTS]
    np.testing.assert_allclose(net.encode(x, SHOTS), expected, atol=1e-6)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_batch_equals_one_shot_at_a_time_to_1e_6(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    net, x = encoder(cell, 32, 24), frames(400, 32)
    starts = np.random.default_rng(1).integers(0, 340, 90)
    shots = np.stack([starts, starts + np.random.default_rng(2).integers(1, 60, 90)], axis=1)
    alone = np.concatenate([net.encode(x, [shot]) for shot in shots])
    np.testing.assert_allclose(net.encode(x, shots), alone, atol=1e-6)
    monkeypatch.setattr(te, "_FRAMES_AT_ONCE", 100)
    monkeypatch.setattr(te, "_SHOTS_AT_ONCE", 7)
    np.testing.assert_allclose(net.encode(x, shots), alone, atol=1e-6)


def test_nothing_beside_a_shot_leaks_into_it() -> None:
    net, x = encoder("lstm"), frames(30)
    other = np.full_like(x, 1e4)
    other[10:14] = x[10:14]
    short = [[10, 14], [0, 10], [14, 30]]  # beside longer ones
    np.testing.assert_allclose(net.encode(other, short)[0], net.encode(x, [[10, 14]])[0], atol=1e-6)


def test_order_matters_to_the_encoder_and_not_to_the_pools() -> None:
    x = frames(5)
    there, back = [[0, 5]], x[::-1].copy()
    assert np.abs(encoder("gru").encode(x, there) - encoder("gru").encode(back, there)).max() > 1e-3
    np.testing.assert_allclose(sum_pool(x, there), sum_pool(back, there), atol=1e-6)
    np.testing.assert_array_equal(max_pool(x, there), max_pool(back, there))


def test_embeddings_have_length_1() -> None:
    np.testing.assert_allclose(np.linalg.norm(encoder("lstm").encode(frames(22), SHOTS), axis=1), 1, atol=1e-6)


@pytest.mark.parametrize(
    ("cell", "recurrent"),
    [("lstm", 4 * (512 * 512 + 512 * 512 + 2 * 512)), ("gru", 3 * (512 * 512 + 512 * 512 + 2 * 512))],
)
def test_parameters_at_the_thesis_sizes(cell: str, recurrent: int) -> None:
    """Gates × (input weights, state weights, two biases), and a fully connected layer of 512 filters: 2,363,904 and
    1,838,592.
    """
    net = TemporalEncoder(cell, generator=torch.Generator())  # type: ignore[arg-type]
    assert net.n_parameters == recurrent + 512 * 512 + 512
    assert net.d == 512


def test_the_generator_alone_decides_the_weights() -> None:
    torch.manual_seed(1)
    a, before = encoder("lstm"), torch.get_rng_state()
    torch.manual_seed(2)
    b = encoder("lstm")
    assert all(torch.equal(p, q) for p, q in zip(a.parameters(), b.parameters(), strict=True))
    torch.manual_seed(1)
    assert torch.equal(before, torch.get_rng_state())
    assert not torch.equal(a.last.weight, encoder("lstm", seed=1).last.weight)


def test_forget_gates_start_open() -> None:
    bias = sum(encoder("lstm").recurrent.get_parameter(f"bias_{part}_l0") for part in ("ih", "hh"))
    assert bias[HIDDEN : 2 * HIDDEN].tolist() == [1] * HIDDEN  # type: ignore[index]


@pytest.mark.parametrize(
    ("beyond", "read"), [("spread", [0, 2, 4, 6]), ("first", [0, 1, 2, 3]), ("last", [5, 6, 7, 8])]
)
def test_of_nine_frames_four_are_read(beyond: str, read: list[int]) -> None:
    x = torch.arange(9.0)[:, None]
    packed = pack(x, np.array([[0, 9]]), most=4, beyond=beyond)  # type: ignore[arg-type]
    assert packed.data[:, 0].tolist() == read


@pytest.mark.parametrize("beyond", ["spread", "first", "last"])
def test_a_shot_of_no_more_frames_is_read_whole(beyond: str) -> None:
    x = torch.arange(9.0)[:, None]
    packed = pack(x, np.array([[2, 4], [3, 8]]), most=5, beyond=beyond)  # type: ignore[arg-type]
    padded, lengths = torch.nn.utils.rnn.pad_packed_sequence(packed, batch_first=True, padding_value=-1)
    assert lengths.tolist() == [2, 5]
    assert padded[..., 0].tolist() == [[2, 3, -1, -1, -1], [3, 4, 5, 6, 7]]


def test_packing_is_what_torch_makes_of_padded_shots() -> None:
    x = torch.from_numpy(frames(22))
    mine = pack(x, SHOTS)
    theirs = torch.nn.utils.rnn.pack_sequence([x[a:b] for a, b in SHOTS], enforce_sorted=False)
    assert mine.batch_sizes.tolist() == theirs.batch_sizes.tolist()
    back, other = (torch.nn.utils.rnn.pad_packed_sequence(p)[0] for p in (mine, theirs))
    assert torch.equal(back, other)


@pytest.mark.parametrize("most", [2, 50])
def test_padded_rows_are_the_frames_that_packing_takes(most: int) -> None:
    x = torch.from_numpy(frames(22))
    rows, length = pad(SHOTS, most=most)
    packed, taken = torch.nn.utils.rnn.pad_packed_sequence(pack(x, SHOTS, most=most))
    assert torch.equal(length, taken)
    for shot, n in enumerate(length):
        assert torch.equal(x[rows[:n, shot]], packed[:n, shot])
        assert (rows[n:, shot] == rows[n - 1, shot]).all()


def test_long_shots_are_split_evenly() -> None:
    pieces, owner = split_long([[0, 50], [60, 161]], most=50)
    assert pieces.tolist() == [[0, 50], [60, 93], [93, 127], [127, 161]]
    assert owner.tolist() == [0, 1, 1, 1]
    assert split_long(np.empty((0, 2), np.int64))[0].shape == (0, 2)


def test_pools_by_hand() -> None:
    x = [[1.0, 0.0], [2.0, 4.0], [0.0, 0.0]]
    np.testing.assert_allclose(sum_pool(x, [[0, 2], [2, 3]]), [[0.6, 0.8], [0, 0]], atol=1e-7)
    np.testing.assert_allclose(max_pool(x, [[0, 1], [0, 2]]), [[1, 0], [2 / 20**0.5, 4 / 20**0.5]], atol=1e-7)
    assert sum_pool(x, []).shape == (0, 2)


@pytest.mark.parametrize("shot", [[3, 3], [-1, 2], [20, 23], [5, 4]])
def test_a_shot_without_frames_is_refused(shot: list[int]) -> None:
    with pytest.raises(UserError, match="expected 0 <= start < stop <= 22"):
        encoder("lstm").encode(frames(22), [shot])


def test_an_encoder_in_double_precision_gives_the_same() -> None:
    encoder = TemporalEncoder("gru", generator=torch.Generator().manual_seed(0), d=4, hidden=3)
    x = np.random.default_rng(0).normal(size=(5, 4))
    expected = encoder.encode(x, [[0, 2], [2, 5]])
    np.testing.assert_allclose(encoder.double().encode(x, [[0, 2], [2, 5]]), expected, atol=1e-6)
    with pytest.raises(UserError, match="generator is int"):
        TemporalEncoder("gru", generator=0, d=4, hidden=3)  # type: ignore[arg-type]


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(UserError, match="cell="):
        encoder("rnn")
    with pytest.raises(UserError, match="7 dimensions, the encoder takes 6"):
        encoder("gru").encode(frames(22, 7), SHOTS)
    with pytest.raises(UserError, match="NaN"):
        sum_pool([[np.nan]], [[0, 1]])
    with pytest.raises(UserError, match="most=0"):
        pack(torch.zeros(4, 2), np.array([[0, 2]]), most=0)
    assert encoder("gru").encode(frames(3), np.empty((0, 2), np.int64)).shape == (0, D)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_first_weights_come_from_the_generator_alone_and_are_distributed_as_torch_has_them(cell):
    torch.manual_seed(1)
    first = TemporalEncoder(cell, d=40, hidden=60, forget_bias=None, generator=torch.Generator().manual_seed(3))
    torch.manual_seed(2)
    before = torch.get_rng_state()
    again = TemporalEncoder(cell, d=40, hidden=60, forget_bias=None, generator=torch.Generator().manual_seed(3))
    assert torch.equal(torch.get_rng_state(), before)
    recurrent = (nn.LSTM if cell == "lstm" else nn.GRU)(40, 60)
    theirs = [*recurrent.parameters(), *nn.Linear(60, 40).parameters()]
    for mine, same, other in zip(first.parameters(), again.parameters(), theirs, strict=True):
        assert torch.equal(mine, same)
        assert mine.shape == other.shape
        assert mine.detach().abs().max() <= 60**-0.5 * (1 + 1e-6)
        assert mine.detach().std() == pytest.approx(float(other.detach().std()), rel=0.35)


def test_single_frames_of_shots() -> None:
    x = np.arange(10, dtype=np.float32).reshape(5, 2)
    shots = [[0, 3], [3, 5]]
    np.testing.assert_array_equal(first_frame(x, shots), x[[0, 3]])
    np.testing.assert_array_equal(middle_frame(x, shots), x[[1, 4]])  # of two frames the later one
    with pytest.raises(UserError, match="shots"):
        first_frame(x, [[2, 2]])
