import numpy as np
import pytest
import torch

from vretlib.errors import UserError
from vretlib.models.linear import Linear
from vretlib.models.optimisation import OneCycle
from vretlib.models.pair_training import pair_loss
from vretlib.models.pairs import Pairs, random_pairs


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_it_starts_as_the_inner_product(described):
    model = Linear(16)
    np.testing.assert_allclose(model.scores(described.x[:4], described.x), described.x[:4] @ described.x.T, atol=1e-6)


def test_all_scores_are_those_of_pairs_and_of_the_formula(described):
    model, rng = Linear(16), np.random.default_rng(0)
    with torch.no_grad():
        model.weight.copy_(torch.from_numpy(rng.normal(size=(16, 16))))
        model.bias.fill_(0.7)
    W, xq, xb = model.weight.detach().double().numpy(), described.new_x[:3], described.x[:20]
    expected = [[q @ W @ b + np.float32(0.7) for b in xb.astype(float)] for q in xq.astype(float)]
    np.testing.assert_allclose(model.scores(xq, xb), expected, atol=1e-5)
    pairs = model(torch.from_numpy(np.repeat(xq, 20, axis=0)), torch.from_numpy(np.tile(xb, (3, 1))))
    np.testing.assert_allclose(pairs.detach().view(3, 20), expected, atol=1e-5)


def test_queries_can_rank_the_database_differently(described):
    """Unlike an affine map of the concatenated pair, see test_simnet."""
    order = Linear(16).scores(described.new_x, described.x).argsort(axis=1)
    assert (order != order[0]).any()


def test_gradient_of_the_loss_is_that_of_equation_3_2():
    """x·W y + b with W = I is 0.6, the target 0.6 + 0.2: the derivative by W is -x yᵀ and by b -1."""
    x = torch.tensor([[1.0, 0.0], [0.6, 0.8]])
    model = Linear(2)
    loss = pair_loss(model, x, Pairs(torch.tensor([0]), torch.tensor([1]), torch.tensor([True])), 0.2)
    loss.backward()
    assert loss.item() == pytest.approx(0.2)
    torch.testing.assert_close(model.weight.grad, -torch.tensor([[0.6, 0.8], [0.0, 0.0]]))
    assert model.bias.grad.tolist() == [-1.0]


def test_fitting_lowers_the_loss_on_new_images_and_comes_from_the_seed(described):
    pairs = random_pairs(described.new_labels, 2000, seeded(1))
    before = pair_loss(Linear(16), torch.from_numpy(described.new_x), pairs, 0.2).item()
    models = Linear(16), Linear(16)
    logs = [
        m.fit(described.x, described.labels, n_pairs=4000, steps=200, generator=seeded(), settings=OneCycle(),
              progress=False)
        for m in models
    ]  # fmt: skip
    assert pair_loss(models[0], torch.from_numpy(described.new_x), pairs, 0.2).item() < 0.9 * before
    assert logs[0] == logs[1]
    assert torch.equal(models[0].weight, models[1].weight)


def test_descriptors_of_another_length_are_refused(described):
    with pytest.raises(UserError, match=r"\(n, 8\)"):
        Linear(8).fit(described.x, described.labels, n_pairs=2, steps=1, generator=seeded())
