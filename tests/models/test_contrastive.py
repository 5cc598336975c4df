"""The contrastive loss by hand, and hard negatives against every image in turn."""

import numpy as np
import pytest
import torch

from vretlib.errors import UserError
from vretlib.models.contrastive import contrastive_loss, hard_negatives


def unit(degrees: list[float]) -> torch.Tensor:
    """Unit vectors in the plane: two of them are 2 sin(angle / 2) apart."""
    angle = torch.tensor(degrees).deg2rad()
    return torch.stack([angle.cos(), angle.sin()], 1)


def test_a_match_loses_half_its_squared_distance_and_a_non_match_half_its_squared_shortfall():
    # 60 degrees are 1 apart and 0 degrees are 0 apart.
    x, y = unit([0, 0, 0, 0]), unit([60, 0, 60, 0])
    match = torch.tensor([True, True, False, False])
    matches = (0.5 + 0) / 2
    others = (0.5 * 0.25**2 + 0.5 * 1.25**2) / 2
    assert contrastive_loss(x, y, match, margin=1.25).item() == pytest.approx((matches + others) / 2, abs=1e-5)


def test_non_matches_beyond_the_margin_lose_nothing_and_matches_and_non_matches_weigh_the_same():
    x, y = unit([0] * 6), unit([60, 60, 60, 60, 60, 60])
    match = torch.tensor([True, False, False, False, False, False])
    assert contrastive_loss(x, y, match, margin=0.9).item() == pytest.approx(0.5 / 2, abs=1e-6)


def test_the_gradient_pulls_a_match_and_pushes_a_non_match_along_the_line_between_them():
    x = unit([0]).requires_grad_()
    y = unit([60])
    line = (x - y).detach()  # of length 1
    for match, slope in ((True, 1.0), (False, -(1.25 - 1.0))):
        pairs = torch.cat([x, unit([0])]), torch.cat([y, unit([180])])  # the second is constant
        loss = contrastive_loss(*pairs, torch.tensor([match, not match]), margin=1.25)
        (gradient,) = torch.autograd.grad(loss, x)
        assert torch.allclose(gradient, slope * line / 2, atol=1e-5)


def test_equal_descriptors_have_a_finite_gradient():
    x = unit([0, 0]).requires_grad_()
    contrastive_loss(x, unit([0, 0]), torch.tensor([True, False]), margin=0.7).backward()
    assert x.grad is not None
    assert x.grad.isfinite().all()


def test_hard_negatives_are_the_nearest_of_other_classes_one_of_each():
    x = unit([0, 10, 20, 21, 30, 5]).numpy()
    labels = np.array([7, 7, 3, 3, 4, 9])
    assert hard_negatives(x[[0, 4]], labels[[0, 4]], x, labels, 3).tolist() == [[5, 2, 4], [3, 1, 5]]


def test_hard_negatives_agree_with_looking_at_every_image_and_are_never_of_the_query_s_class():
    rng = np.random.default_rng(0)
    x = rng.random((60, 8)).astype(np.float32)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    labels = rng.integers(0, 9, 60)
    queries = rng.choice(60, 20, replace=False)
    found = hard_negatives(x[queries], labels[queries], x, labels, 4)
    for query, ids in zip(queries, found, strict=True):
        nearest = {}
        for i in range(60):
            distance = np.linalg.norm(x[i].astype(np.float64) - x[query])
            if labels[i] != labels[query]:
                nearest[labels[i]] = min(nearest.get(labels[i], (9.0, 0)), (distance, i))
        assert ids.tolist() == [i for _, i in sorted(nearest.values())[:4]]
        assert labels[query] not in labels[ids]
        assert len(set(labels[ids])) == 4


@pytest.mark.parametrize("n", [0, 3])
def test_there_are_no_more_negatives_than_other_classes(n):
    with pytest.raises(UserError, match=f"{n} hard negatives of 2 other classes"):
        hard_negatives(np.eye(6)[:1], [0], np.eye(6), [0, 0, 1, 1, 2, 2], n)


def test_the_queries_need_not_be_of_the_classes_to_choose_from():
    assert hard_negatives(unit([40]), [5], unit([0, 30, 90]), [0, 1, 1], 2).tolist() == [[1, 0]]
