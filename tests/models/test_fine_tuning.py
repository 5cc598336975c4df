"""The recipe of the fine-tuned VGG16, in small; and the weights that it gave."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from embedded.landmarks import town
from vretlib import paths
from vretlib import weights as committed
from vretlib.checksums import checksum
from vretlib.datasets.landmarks import LabelledImages, embedded
from vretlib.errors import UserError
from vretlib.features import backbones, pooling, weights
from vretlib.models import cards, fine_tuning, mac_learning
from vretlib.models.augmentation import Views
from vretlib.models.mac_learning import FineTuningRecipe, Learner, batch_loss, mean_average_precision
from vretlib.models.optimisation import OneCycle

TINY = FineTuningRecipe(
    held_out=2, longest=64, mined_at=48, side=32, negatives=2, together=2, queries=6, epochs=2,
    optimisation=OneCycle(learning_rate=0.001, batch_size=2),
)  # fmt: skip


@pytest.fixture(scope="module")
def patterned(tmp_path_factory) -> LabelledImages:
    """Six classes of upright and lying images: a pattern of their own under noise."""
    folder, rng = tmp_path_factory.mktemp("patterned"), np.random.default_rng(0)
    files, labels = [], []
    for label in range(6):
        pattern = rng.integers(0, 200, (6, 6, 3)).repeat(11, 0).repeat(11, 1)
        for number in range(4):
            shape = (48, 64) if number % 2 else (64, 48)
            noisy = pattern[: shape[0], : shape[1]] + rng.integers(0, 56, (*shape, 3))
            files.append(folder / f"{label}_{number}.png")
            labels.append(label)
            Image.fromarray(noisy.astype(np.uint8)).save(files[-1])
    return LabelledImages("patterned", tuple(files), np.array(labels, np.int64), tuple("abcdef"))


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")


def quiet(out: Path, data: LabelledImages, recipe: FineTuningRecipe = TINY) -> Path:
    return fine_tuning.train(data, out, recipe=recipe, progress=False)


def learner(data: LabelledImages, file: str | Path = "embedded") -> Learner:
    photographs = fine_tuning.photographs_of.load(data, longest=TINY.longest, held_out=0, seed=0)
    return Learner(photographs.pixels, data.labels, data.labels >= 4, TINY, file)


def test_fine_tuning_changes_the_convolutions_from_conv3_1_on_and_its_card_says_what_was_measured(patterned, tmp_path):
    out = quiet(tmp_path / "out" / "tuned.safetensors", patterned)
    card = json.loads(out.with_suffix(".json").read_text())
    before, after = backbones.load("vgg16"), backbones.load("vgg16", out)
    changed = {
        name
        for name, value in before.network.state_dict().items()
        if not torch.equal(value, after.network.state_dict()[name])
    }
    convolutions = {f"features.{place}" for place in (10, 12, 14, 17, 19, 21, 24, 26, 28)}  # from conv3_1 on
    assert changed == {f"{name}.{what}" for name in convolutions for what in ("weight", "bias")}
    assert card["start"] == {"file": "vgg16.safetensors", "sha256": before.checksum}
    assert card["sha256"] == after.checksum == checksum(out)
    assert card["recipe"] == json.loads(json.dumps(asdict(TINY)))
    assert (card["steps"], card["data"]["images"], card["data"]["held_out"]) == (6, 24, 8)
    assert card["best_step"] == 3 * (1 + int(np.argmax(card["accuracy"]["by_epoch"])))
    assert card["accuracy"]["before"] == round(learner(patterned).score(), 4)
    assert card["accuracy"]["held_out"] == round(learner(patterned, out).score(), 4)
    assert sorted(path.name for path in out.parent.iterdir()) == ["tuned.json", "tuned.safetensors"]


def test_the_loss_falls_although_negatives_are_looked_for_again(patterned):
    tuned = learner(patterned)
    optimisation = OneCycle(learning_rate=0.0005, batch_size=4)
    tuned.recipe = replace(TINY, epochs=6, side=48, queries=8, optimisation=optimisation, views=Views(crop=(0.9, 1.0)))
    losses = tuned.learn(0, "x" * 20, progress=False).losses
    assert len(losses) == 12
    assert np.mean(losses[-4:]) < 0.75 * np.mean(losses[:2])


def test_an_interrupted_run_goes_on_and_ends_in_the_same_weights(patterned, tmp_path, monkeypatch):
    whole = quiet(tmp_path / "whole.safetensors", patterned)
    before = torch.get_rng_state()
    steps = []

    def views_until_killed(*given, original=mac_learning.augmentation.random_views):
        steps.append(len(steps))
        if len(steps) == 5:  # in the middle of the second epoch
            raise KeyboardInterrupt
        return original(*given)

    monkeypatch.setattr(paths, "CACHE", tmp_path / "other")
    monkeypatch.setattr(mac_learning.augmentation, "random_views", views_until_killed)
    with pytest.raises(KeyboardInterrupt):
        quiet(tmp_path / "halves.safetensors", patterned)
    assert not (tmp_path / "halves.safetensors").exists()
    halves = quiet(tmp_path / "halves.safetensors", patterned)
    assert len(steps) == 5 + 3  # gone on from the first epoch
    assert checksum(whole) == checksum(halves)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_query_comes_with_others_of_its_class_and_so_do_hard_negatives_and_none_is_held_out(patterned):
    tuned = learner(patterned)
    tuned.recipe = replace(TINY, together=3)
    mined = tuned.mine(torch.Generator().manual_seed(0)).numpy().reshape(6, 3, 3)
    of = tuned.labels[mined]
    assert (of == of[:, :, :1]).all()
    assert all(len(set(ids)) == 3 for ids in mined.reshape(-1, 3))
    assert all(len(set(classes)) == 3 for classes in of[:, :, 0])
    x = tuned.describe(tuned.photographs, TINY.mined_at)
    for query, first, second in mined[:, :, 0]:  # all photographs are in the pool
        alike = np.where(tuned.labels == tuned.labels[query], -1, x @ x[query])
        assert first == alike.argmax()
        assert second == np.where(tuned.labels == tuned.labels[first], -1, alike).argmax()
    assert set(tuned.labels) == {0, 1, 2, 3}
    assert set(tuned.held_out_labels) == {4, 5}


def test_negatives_are_looked_for_again_in_every_epoch(patterned, monkeypatch):
    tuned, seen = learner(patterned), []
    monkeypatch.setattr(
        mac_learning, "hard_negatives", lambda x, *given, f=mac_learning.hard_negatives: seen.append(x) or f(x, *given)
    )
    tuned.learn(0, "y" * 20, progress=False)
    assert len(seen) == TINY.epochs


def test_with_another_network_other_negatives_are_hard(patterned):
    tuned, again = learner(patterned), torch.Generator()
    before = tuned.mine(again.manual_seed(0))
    assert torch.equal(before, tuned.mine(again.manual_seed(0)))
    with torch.no_grad():
        tuned.backbone.network.features[-3].weight.neg_()
    after = tuned.mine(again.manual_seed(0))
    assert torch.equal(before[:, 0], after[:, 0])
    assert not torch.equal(before[:, 2:], after[:, 2:])


def test_the_loss_of_a_batch_is_that_of_all_its_pairs():
    axes = torch.eye(3)
    x = axes[[0, 0, 1, 0]]  # pairs 01, 03, 13 are 0 apart, the others √2
    labels = torch.tensor([7, 7, 7, 2])
    matches = (0 + 2 + 2) / 3 / 2  # 01, 02, 12
    others = (1.5**2 + 1.5**2 + (1.5 - 2**0.5) ** 2) / 3 / 2  # 03, 13, 23
    assert batch_loss(x, labels, 1.5).item() == pytest.approx((matches + others) / 2, abs=1e-5)


def test_described_photographs_keep_their_order_and_are_those_of_the_backbone(patterned):
    tuned = learner(patterned)
    found = tuned.describe(tuned.photographs[:5], TINY.longest)
    backbone = backbones.load("vgg16")
    for photograph, x in zip(tuned.photographs, found, strict=False):
        maps = backbone.maps(backbone.prepare(photograph)[None], ["pool5"])["pool5"]
        assert np.allclose(x, pooling.mac(maps)[0], atol=1e-5)


def test_mean_average_precision_by_hand():
    """Images 0 and 1 find each other first; 2 finds 3 after both of them; 3 finds 2 first. 4 has nothing to find."""
    x = np.array([[1, 0, 0], [1, 0.01, 0], [0.8, 0.6, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    # For 2 the order is 1, 0, 3: a precision of 0 before and 1/3 at the positive, of which the trapezoid is 1/6.
    assert mean_average_precision(x, np.array([0, 0, 1, 1, 2])) == pytest.approx((1 + 1 + 1 / 6 + 1) / 4)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"held_out": 4},
            "2 classes to learn from, the smallest of 4 photographs, and 4 held out: expected at least 3 of",
        ),
        ({"together": 5}, "expected at least 3 of at least 5"),
        ({"held_out": 0}, "and 0 held out"),
    ],
)
def test_too_few_photographs_are_refused(patterned, tmp_path, changes, message):
    with pytest.raises(UserError, match=message):
        quiet(tmp_path / "a.safetensors", patterned, replace(TINY, **changes))


def test_the_buildings_are_neither_the_backbone_s_nor_any_evaluation_s():
    """All of a building is drawn from a generator named by seed, town and building; no two names are the same."""
    towns = [town.OXFORD, town.PARIS, town.WORLD, town.ELSEWHERE, town.SCHOOL]
    start = cards.read(weights.embedded_file("vgg16"))["seed"]
    assert all(fine_tuning.buildings_seed(seed, start) != start for seed in range(100))
    tuned = fine_tuning.buildings_seed(0, start)
    names = [(seed, one.name, number) for seed in (start, tuned) for one in towns for number in range(150)]
    draws = {town.generator(seed, name, "building", number).integers(2**62) for seed, name, number in names}
    assert len(draws) == len(names)


def test_the_generated_photographs_are_asked_for_with_that_seed(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(embedded, "pretraining", lambda **how: asked.append(how))
    monkeypatch.setattr(fine_tuning, "train", lambda data, out, seed: out)
    committed.TRAINERS[fine_tuning.NAME](tmp_path / "out.safetensors", seed=5)
    start = cards.read(weights.embedded_file("vgg16"))["seed"]
    assert [(how["seed"], how["n_classes"], how["per_class"]) for how in asked] == [(start + 6, 150, 12)]


def test_held_out_classes_share_no_style_with_those_learned_from():
    """Three in a row share one (`embedded.pretraining`)."""
    assert FineTuningRecipe().n_classes % 3 == FineTuningRecipe().held_out % 3 == 0


def test_the_committed_weights_are_those_of_the_recipe_and_chosen_on_held_out_classes():
    card = cards.read(weights.embedded_file("vgg16", "embedded-fine-tuned"))
    assert card["recipe"] == json.loads(json.dumps(asdict(FineTuningRecipe())))
    assert card["start"]["sha256"] == cards.read(weights.embedded_file("vgg16"))["sha256"]
    by_epoch, per_epoch = card["accuracy"]["by_epoch"], FineTuningRecipe().steps_per_epoch
    assert card["steps"] == FineTuningRecipe().epochs * per_epoch
    assert card["best_step"] == per_epoch * (1 + by_epoch.index(max(by_epoch)))
    assert card["accuracy"]["held_out"] == pytest.approx(max(by_epoch), abs=0.002)  # rounded to sixteen bits
    assert card["data"]["seed"] == fine_tuning.buildings_seed(card["seed"], 0)
