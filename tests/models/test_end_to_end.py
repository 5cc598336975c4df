import copy
from contextlib import nullcontext

import numpy as np
import pytest
import torch
from torch import nn

from vretlib.errors import UserError
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.end_to_end import EndToEnd, fine_tune
from vretlib.models.optimisation import OneCycle, Sgd
from vretlib.models.simnet import SimNet


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


class TinyBackbone:
    """What `features.backbones.Backbone` promises, with one convolution and a batch normalisation."""

    name, last_maps = "tiny", "maps"

    def __init__(self):
        convolution = nn.Conv2d(3, 8, 3, padding=1)
        nn.init.normal_(convolution.weight, std=0.2, generator=seeded(1))
        nn.init.zeros_(convolution.bias)
        self.network = nn.Sequential(convolution, nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2)).eval()
        self._train = False

    @property
    def train(self):
        return self._train

    @train.setter
    def train(self, mode):
        self._train = mode
        self.network.train(mode)

    def channels(self, tap):
        return 8

    def maps(self, batch, taps):
        with nullcontext() if self.train else torch.inference_mode():
            return {tap: self.network(batch) for tap in taps}


@pytest.fixture
def model():
    return EndToEnd(TinyBackbone(), SimNet(8, (32,), init="kaiming", generator=seeded()))


@pytest.fixture(scope="module")
def photographs():
    """Ten images each of six colours under noise, half upright and half across."""
    generator, labels = seeded(2), np.repeat(np.arange(6), 10)
    colours = torch.randn(6, 3, 1, 1, generator=generator)
    shapes = [(3, 8, 12), (3, 12, 8)]
    return [colours[c] + torch.randn(shapes[i % 2], generator=generator) for i, c in enumerate(labels)], labels


def test_descriptors_are_the_normalised_maxima_of_each_image_in_order(model, photographs):
    images, _ = photographs
    found = model.describe(images)
    for image, descriptor in zip(images, found, strict=True):
        with torch.no_grad():
            maxima = model.convolutions(image[None])[0].flatten(1).max(1).values.double().numpy()
        np.testing.assert_allclose(descriptor, maxima / np.linalg.norm(maxima), atol=1e-6)


def test_scores_are_those_of_the_similarity_network_on_the_descriptors(model, photographs):
    images, _ = photographs
    x = model.describe(images)
    with torch.no_grad():
        scores = model(images[:6], images[6:12])
    np.testing.assert_allclose(scores, np.diag(model.simnet.scores(x[:6], x[6:12])), atol=1e-5)


def test_the_second_stage_learns_both_but_no_statistics(model, photographs):
    before = copy.deepcopy(model.state_dict())
    log = fine_tune(
        model, *photographs, classes=3, per_class=4, steps=60, settings=OneCycle(batch_size=60), generator=seeded(),
        progress=False,
    )  # fmt: skip
    after = model.state_dict()
    for name in ("convolutions.0.weight", "convolutions.1.weight", "simnet.first.weight"):
        assert not torch.equal(before[name], after[name]), name
    for name in ("convolutions.1.running_mean", "convolutions.1.running_var"):
        assert torch.equal(before[name], after[name]), name
    assert np.mean(log.losses[-10:]) < np.mean(log.losses[:10])
    assert not model.backbone.train


def test_gradients_of_the_whole_are_those_of_finite_differences(model, photographs):
    images, model = [image.double() for image in photographs[0][:4]], model.double().train()

    def score():
        x = [model.backbone.maps(image[None], ["maps"])["maps"].amax((2, 3))[0] for image in images]
        x = [v / v.norm() for v in x]
        return model.simnet(torch.stack(x[:2]), torch.stack(x[2:])).sum()

    score().backward()
    weight = model.convolutions[0].weight
    numeric = []
    for sign in (1, -1):
        with torch.no_grad():
            weight[2, 1, 1, 1] += sign * 1e-6
            numeric.append(float(score()))
            weight[2, 1, 1, 1] -= sign * 1e-6
    assert float(weight.grad[2, 1, 1, 1]) == pytest.approx((numeric[0] - numeric[1]) / 2e-6, rel=1e-4, abs=1e-8)


def test_the_target_is_a_constant_while_descriptors_are_learned(model, photographs, monkeypatch):
    """A similarity network that does not look at its input gives the convolutions nothing to learn from."""
    for p in model.simnet.parameters():
        nn.init.zeros_(p)
    before = copy.deepcopy(model.convolutions.state_dict())
    fine_tune(model, *photographs, steps=3, settings=Sgd(0.1, 0, 0), generator=seeded(), progress=False)
    assert all(map(torch.equal, before.values(), model.convolutions.state_dict().values()))


def test_fine_tuning_is_resumed_by_the_same_call(tmp_path, model, photographs):
    images, labels = photographs
    parts, again = copy.deepcopy(model), copy.deepcopy(model)

    class Breaking(list):
        left = 200

        def __getitem__(self, i):
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt
            return super().__getitem__(i)

    def fit(model, images, checkpoint=None):
        return fine_tune(model, images, labels, steps=20, generator=seeded(), checkpoint=checkpoint, progress=False)

    kept = Checkpoint(tmp_path / "end.pt", every=3)
    with pytest.raises(KeyboardInterrupt):
        fit(parts, Breaking(images), kept)
    assert kept.path.exists()
    assert fit(again, images, kept) == fit(model, images)
    assert all(map(torch.equal, again.state_dict().values(), model.state_dict().values()))


def test_no_images_have_no_descriptors_and_what_are_no_images_is_refused(model, photographs):
    assert model.describe([]).shape == (0, 8)
    assert model([], []).shape == (0,)
    for wrong in (photographs[0][1].numpy(), "a.jpg", torch.zeros(3, 8, 8, dtype=torch.uint8), torch.rand(8, 8)):
        with pytest.raises(UserError, match="image 1 "):
            model.describe([photographs[0][0], wrong])
    for images, labels in ((None, [0]), (photographs[0], None), (photographs[0], [[1], [1, 2]])):
        with pytest.raises(UserError, match=r"images is|labels"):
            fine_tune(model, images, labels, steps=1, generator=seeded(), progress=False)


def test_bad_input_is_refused(model, photographs):
    images, labels = photographs
    with pytest.raises(UserError, match=r"8 channels.*descriptors of 16.*d=8"):
        EndToEnd(TinyBackbone(), SimNet(16, (4,)))
    with pytest.raises(UserError, match="60 images and 59 labels"):
        fine_tune(model, images, labels[1:], steps=1, generator=seeded())
    with pytest.raises(UserError, match="7 classes"):
        fine_tune(model, images, labels, classes=7, steps=1, generator=seeded(), progress=False)
