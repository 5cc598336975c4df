from dataclasses import replace

import numpy as np
import pytest
import torch

from vretlib.errors import UserError
from vretlib.evaluation import cross_modal
from vretlib.models import cross_modal_training as training
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.cross_modal import CrossModal, Samples
from vretlib.models.cross_modal_training import CrossModalRecipe, CrossModalTask, draw_pairs, fit
from vretlib.models.text_encoders import Bag

RECIPE = CrossModalRecipe(steps=60, learning_rate=0.01, batch_size=20, dims=8, validations=6)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def sets():
    """Images and texts of five hidden numbers; (learned, held out)."""
    rng = np.random.default_rng(0)
    maps = [rng.normal(size=(5, d)) for d in (12, 9, 6)]

    def draw(n):
        hidden = rng.normal(size=(n, 5))
        image, comment, title = (hidden @ m + 0.3 * rng.normal(size=(n, m.shape[1])) for m in maps)
        return Samples(image, Bag(comment), Bag(title), (hidden[:, 0] > 0).astype(np.int64))

    return draw(200), draw(50)


def network(sets, classes=0, seed=0):
    return CrossModal(sets[0], generator=seeded(seed), dims=8, classes=classes)


def test_a_fifth_of_the_pairs_are_of_one_sample_and_the_others_of_two():
    rows = np.tile(np.arange(40), 500)
    pairs = draw_pairs(rows, 40, seeded())
    np.testing.assert_array_equal(pairs.texts, rows)
    np.testing.assert_array_equal(pairs.texts == pairs.images, pairs.y == 1)
    assert abs(pairs.y.mean() - 0.2) < 4 * 0.4 / np.sqrt(len(rows))
    counts = np.bincount(pairs.images[(pairs.y == 0) & (rows == 7)], minlength=40)
    assert counts[7] == 0
    assert (np.delete(counts, 7) > 0).all()


def test_training_finds_held_out_images_far_better_than_by_chance(sets):
    one = network(sets)
    log = fit(one, *sets, replace(RECIPE, steps=300), generator=seeded())
    found = cross_modal.both(one.texts(sets[1]), one.images(sets[1].images))
    assert max(map(np.median, found)) < 10  # of 50; chance has 25.5
    assert log.validation[-1][0] == 300
    assert min(rank for _, rank in log.validation) == np.median(found.text_to_image)


@pytest.mark.parametrize("how", ["together", "in turns"])
def test_an_interrupted_training_ends_in_the_same_bits(sets, tmp_path, monkeypatch, how):
    recipe = replace(RECIPE, training=how)
    whole = network(sets, classes=2)
    log = fit(whole, *sets, recipe, generator=seeded())
    part = network(sets, classes=2)
    checkpoint = Checkpoint(tmp_path / "c.pt", every=25)
    stop = training.amd_loss
    calls = []

    def interrupted(*args, **kwargs):
        calls.append(1)
        if len(calls) == 40:
            raise KeyboardInterrupt
        return stop(*args, **kwargs)

    monkeypatch.setattr(training, "amd_loss", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fit(part, *sets, recipe, generator=seeded(), checkpoint=checkpoint)
    monkeypatch.setattr(training, "amd_loss", stop)
    again = network(sets, classes=2)
    assert fit(again, *sets, recipe, generator=seeded(), checkpoint=checkpoint) == log
    for a, b in zip(whole.parameters(), again.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=0)


def test_in_turns_one_side_rests_until_the_validation_stands_still(sets, monkeypatch):
    """The text side begins. With ranks 9, 8, 8 and patience 1 the third look changes over."""
    one = network(sets)
    text, image = ([p.detach().clone() for p in side] for side in one.sides())
    ranks = iter([9, 8, 8, 7, 7, 7])
    monkeypatch.setattr(training.cross_modal, "ranks", lambda *_: np.array([next(ranks)]))
    sides = []
    judge = training.Turns.judge

    def noted(self, rank):
        moved = [any(not torch.equal(a, b) for a, b in zip(before, side, strict=True))
                 for before, side in zip((text, image), one.sides(), strict=True)]  # fmt: skip
        judge(self, rank)
        sides.append((moved, self.schedule.side))

    monkeypatch.setattr(training.Turns, "judge", noted)
    fit(one, *sets, replace(RECIPE, training="in turns"), generator=seeded())
    assert [side for _, side in sides] == [0, 0, 1, 1, 0, 1]
    assert sides[2][0] == [True, False]  # the image side has not moved before its turn
    assert sides[3][0] == [True, True]


def test_sides_can_take_turns_after_they_have_learned_together(sets):
    one = network(sets)
    fit(one, *sets, RECIPE, generator=seeded())
    before = one.text_layer.weight.detach().clone()
    fit(one, *sets, replace(RECIPE, training="in turns", steps=5), generator=seeded())
    assert not torch.equal(one.text_layer.weight, before)


def test_a_kept_training_is_not_repeated(sets, tmp_path, monkeypatch):
    monkeypatch.setattr("vretlib.paths.CACHE", tmp_path)
    task = CrossModalTask(*sets)
    first = training.learn(task, RECIPE)
    monkeypatch.setattr(training, "fit", None)
    again = training.learn(task, RECIPE)
    np.testing.assert_array_equal(first.network.images(sets[0].images), again.network.images(sets[0].images))
    assert again.log == first.log


def test_what_cannot_be_learned_from_is_refused(sets):
    learned, held_out = sets
    with pytest.raises(UserError, match="no labels"):
        fit(network(sets, 2), replace(learned, labels=None), held_out, RECIPE, generator=seeded())
    with pytest.raises(UserError, match="expected one of together, in turns"):
        fit(network(sets), learned, held_out, replace(RECIPE, training="one by one"), generator=seeded())
