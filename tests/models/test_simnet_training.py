import copy
from functools import partial

import numpy as np
import pytest
import torch

from vretlib.errors import UserError
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.linear import Linear
from vretlib.models.optimisation import OneCycle
from vretlib.models.pair_training import pair_loss, train_on_pairs
from vretlib.models.pairs import Pairs, independent_pairs, random_pairs
from vretlib.models.simnet import SimNet
from vretlib.models.simnet_training import find_difficult, refine, train_simnet, warm_up, warm_up_quality


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def network(seed=0):
    return SimNet(16, (64, 64), generator=seeded(seed))


FAST = OneCycle(0.005)


@pytest.fixture(scope="module")
def _warm():
    net = network()
    warm_up(net, steps=500, settings=FAST, generator=seeded(), progress=False)
    return net


@pytest.fixture
def warm(_warm):
    return copy.deepcopy(_warm)


def right(scores, labels_q, labels_b):
    """Share of queries whose best answer is of their class."""
    return (labels_b[scores.argmax(axis=1)] == labels_q).mean()


def test_warm_up_teaches_the_cosine(warm):
    fresh_mse, _ = warm_up_quality(network(), 5000, seeded(1))
    mse, rho = warm_up_quality(warm, 5000, seeded(1))
    assert fresh_mse > 0.25  # a network that knows nothing scores 0 and is off by the variance, 1/3
    assert mse < 0.02
    assert rho > 0.97


def test_quality_is_that_of_numpy(warm):
    x, y, cosine = independent_pairs(6000, 16, seeded(4))  # more than are scored at once
    with torch.no_grad():
        scores = warm(x, y).numpy().astype(float)
    mse, rho = warm_up_quality(warm, 6000, seeded(4), "independent")
    assert mse == pytest.approx(np.square(scores - cosine.numpy()).mean(), rel=1e-4)
    assert rho == pytest.approx(np.corrcoef(scores, cosine.numpy())[0, 1], abs=1e-6)


def test_training_moves_matches_up_and_others_down_and_finds_new_images_better_than_the_cosine(warm, described):
    before = warm.scores(described.new_x, described.x)
    log = train_simnet(
        warm, described.x, described.labels,
        margin=0.4, n_pairs=10_000, steps=400, settings=FAST, generator=seeded(), progress=False,
    )  # fmt: skip
    after = warm.scores(described.new_x, described.x)
    same = described.new_labels[:, None] == described.labels[None]
    assert (after - before)[same].mean() > 0.15
    assert (after - before)[~same].mean() < -0.15
    cosine = described.new_x @ described.x.T
    assert right(after, described.new_labels, described.labels) > right(cosine, described.new_labels, described.labels)
    assert np.mean(log.losses[-50:]) < np.mean(log.losses[:50])


def test_the_first_loss_is_equation_3_2_on_the_first_batch(warm, described):
    x, pairs = torch.from_numpy(described.x), random_pairs(described.labels, 100, seeded())
    with torch.no_grad():
        s = warm(x[pairs.i], x[pairs.j]).double().numpy()
    cosine = np.einsum("nd,nd->n", described.x[pairs.i].astype(float), described.x[pairs.j].astype(float))
    match = pairs.match.numpy()
    expected = np.abs(s - match * (cosine + 0.3) - (1 - match) * (cosine - 0.3)).mean()
    log = train_simnet(
        warm, described.x, described.labels, margin=0.3, n_pairs=100, steps=1, generator=seeded(), progress=False
    )
    assert log.losses == [pytest.approx(expected, abs=1e-6)]


def test_the_rule_of_the_authors_is_another_target(warm, described):
    x, pairs = torch.from_numpy(described.x), random_pairs(described.labels, 100, seeded())
    by_rule = [pair_loss(warm, x, pairs, 0.3, rule).item() for rule in ("thesis", "authors")]
    assert by_rule[1] > by_rule[0] + 0.2  # 2c - 1 lies below c by 1 - c


def test_difficult_pairs_are_those_for_which_the_network_is_worse(warm, described):
    found = find_difficult(warm, described.x, described.labels, 100, seeded())
    ids = sorted({*found.i.tolist(), *found.j.tolist()})
    assert len(ids) <= 100
    scores, cosine = warm.scores(described.x, described.x), described.x @ described.x.T
    match = described.labels[:, None] == described.labels[None]
    worse = np.where(match, scores < cosine, scores > cosine)
    np.fill_diagonal(worse, False)
    inside = np.zeros(len(match), bool)
    inside[ids] = True
    expected = np.argwhere(worse & inside[:, None] & inside[None])
    np.testing.assert_array_equal(np.stack([found.i, found.j], axis=1), expected)
    np.testing.assert_array_equal(match[found.i, found.j], found.match)


def test_a_limit_holds_for_matches_and_for_others_apart(warm, described):
    everything = find_difficult(warm, described.x, described.labels, 240, seeded())
    some = find_difficult(warm, described.x, described.labels, 240, seeded(), limit=30)
    assert int(some.match.sum()) == 30 == int((~some.match).sum())
    of_all = set(zip(everything.i.tolist(), everything.j.tolist(), strict=True))
    assert set(zip(some.i.tolist(), some.j.tolist(), strict=True)) <= of_all


def test_refining_learns_from_the_difficult_pairs_too(warm, described):
    difficult = find_difficult(warm, described.x, described.labels, 200, seeded(), limit=1000)  # refine draws these
    assert difficult.n == 2000
    refine(
        warm, described.x, described.labels, margin=0.4, n_pairs=2000, n_images=200, limit=1000,
        steps=150, settings=FAST, generator=seeded(), progress=False,
    )  # fmt: skip
    x = torch.from_numpy(described.x)
    with torch.no_grad():
        scores = warm(x[difficult.i], x[difficult.j])
        cosine = (x[difficult.i] * x[difficult.j]).sum(1)
    still_worse = torch.where(difficult.match, scores < cosine, scores > cosine)
    assert still_worse.float().mean() < 0.25  # all of them were


def test_training_is_resumed_by_the_same_call(tmp_path, warm, described):
    whole, parts, again = (copy.deepcopy(warm) for _ in range(3))

    def fit(net, checkpoint=None, validation=None):
        return train_simnet(
            net, described.x, described.labels, margin=0.2, n_pairs=3000, steps=40, settings=FAST,
            generator=seeded(), checkpoint=checkpoint, validation=validation, progress=False,
        )  # fmt: skip

    interrupted = 0

    def breaks(*_):
        nonlocal interrupted
        interrupted += 1
        if interrupted == 25:
            raise KeyboardInterrupt

    handle = parts.register_forward_pre_hook(breaks)
    kept = Checkpoint(tmp_path / "simnet.pt", every=10)
    with pytest.raises(KeyboardInterrupt):
        fit(parts, kept)
    handle.remove()
    log = fit(again, kept)
    assert log == fit(whole)
    assert all(map(torch.equal, again.state_dict().values(), whole.state_dict().values()))


def test_a_checkpoint_of_another_margin_or_other_data_is_refused(tmp_path, warm, described):
    start = copy.deepcopy(warm.state_dict())
    pairs = random_pairs(described.labels, 100, seeded())

    def fit(x=described.x, margin=0.2):
        warm.load_state_dict(start)
        train_on_pairs(
            warm, x, pairs, margin=margin, steps=2, generator=seeded(), checkpoint=Checkpoint(tmp_path / "run.pt"),
            progress=False,
        )  # fmt: skip

    fit()
    with pytest.raises(UserError, match=r"margin 0\.2.*expected 'margin 0\.4"):
        fit(margin=0.4)
    with pytest.raises(UserError, match=r"its recipe is .*data"):
        fit(x=described.new_x)
    fit()


@pytest.mark.parametrize("generator", [{}, {"generator": 0}])
def test_without_a_generator_nothing_is_learned(warm, described, generator):
    how = {"margin": 0.2, "n_pairs": 4, "steps": 1, "progress": False} | generator
    for learn in (partial(train_simnet, warm), partial(refine, warm, n_images=4), Linear(warm.d).fit):
        with pytest.raises(UserError, match="generator is"):
            learn(described.x, described.labels, **how)


def test_pairs_are_no_mere_tuples(warm, described):
    some = random_pairs(described.labels, 4, seeded())
    with pytest.raises(UserError, match="pairs is tuple; expected Pairs"):
        train_on_pairs(warm, described.x, tuple(some), margin=0.2, steps=1, generator=seeded(), progress=False)


def test_bad_input_is_refused(warm, described):
    with pytest.raises(UserError, match=r"kind='uniform'.*known cosine, independent"):
        warm_up(warm, steps=1, generator=seeded(), kind="uniform")
    with pytest.raises(UserError, match="n_images=241: expected 2 to 240"):
        find_difficult(warm, described.x, described.labels, 241, seeded())
    broken = described.x.copy()
    broken[17, 3] = np.nan
    with pytest.raises(UserError, match=r"descriptor 17 .*NaN"):
        train_simnet(warm, broken, described.labels, margin=0.2, n_pairs=2, steps=1, generator=seeded())
    none = Pairs(*(torch.zeros(0, dtype=kind) for kind in (torch.int64, torch.int64, torch.bool)))
    with pytest.raises(UserError, match="nothing to learn from"):
        train_on_pairs(warm, described.x, none, margin=0.2, steps=1, generator=seeded())
