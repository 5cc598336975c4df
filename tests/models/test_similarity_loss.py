import pytest
import torch

from vretlib.errors import UserError
from vretlib.models.similarity_loss import similarity_loss, target_scores


def test_targets_worked_out_by_hand():
    cosine, match = torch.tensor([0.5, 0.5, 1.0, -1.0]), torch.tensor([True, False, True, False])
    torch.testing.assert_close(target_scores(cosine, match, 0.2), torch.tensor([0.7, 0.3, 1.2, -1.2]))  # not clipped
    torch.testing.assert_close(target_scores(cosine, match, 0.2, "authors"), torch.tensor([0.2, -0.2, 1.2, -3.2]))


@pytest.mark.parametrize("margin", [0.0, 0.2, 0.8])
def test_loss_is_equation_3_2_as_printed_averaged_over_the_batch(margin):
    generator = torch.Generator().manual_seed(0)
    s, sim = torch.rand(2, 50, generator=generator, dtype=torch.float64)
    match = torch.rand(50, generator=generator) < 0.5
    printed = [
        abs(s_ij - l_ij * (sim_ij + margin) - (1 - l_ij) * (sim_ij - margin))
        for s_ij, l_ij, sim_ij in zip(s.tolist(), match.int().tolist(), sim.tolist(), strict=True)
    ]
    assert float(similarity_loss(s, target_scores(sim, match, margin))) == pytest.approx(sum(printed) / 50, abs=1e-12)


def test_authors_rule_is_the_thesis_rule_if_what_is_stored_is_half_of_one_plus_cosine():
    cosine, match = torch.linspace(-1, 1, 9), torch.arange(9) % 2 == 0
    torch.testing.assert_close(
        target_scores((1 + cosine) / 2, match, 0.4, "authors"), target_scores(cosine, match, 0.4)
    )


def test_without_a_margin_the_label_does_not_count():
    cosine = torch.tensor([0.3, 0.3])
    assert target_scores(cosine, torch.tensor([True, False]), 0.0).tolist() == cosine.tolist()


def test_gradient_is_the_sign_of_the_error_over_the_batch():
    s = torch.tensor([1.0, -1.0, 2.0, 0.0], requires_grad=True)
    similarity_loss(s, torch.tensor([0.0, 0.0, 0.0, 3.0])).backward()
    assert s.grad is not None
    assert s.grad.tolist() == [0.25, -0.25, 0.25, -0.25]


def test_unknown_rule_is_refused():
    with pytest.raises(UserError, match=r"paper.*thesis, authors"):
        target_scores(torch.zeros(1), torch.zeros(1), 0.2, "paper")


@pytest.mark.parametrize("shape", [(3, 1), (1, 3), (2,), (1,), ()])
def test_scores_and_targets_of_other_shapes_are_not_compared_all_with_all(shape):
    with pytest.raises(UserError, match="shape"):
        similarity_loss(torch.ones(3), torch.ones(shape))
    with pytest.raises(UserError, match="shape"):
        similarity_loss(torch.ones(shape), torch.ones(3))
