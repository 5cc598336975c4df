import math

import numpy as np
import pytest
import torch

from vretlib.errors import UserError
from vretlib.models.cross_modal import CrossModal, Projected, Samples, amd_loss, cml_loss
from vretlib.models.text_encoders import Bag, Sequences


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def samples(n=6, d=5, labels=None):
    rng = np.random.default_rng(1)
    return Samples(rng.normal(size=(n, d)), Bag(rng.random((n, 4))), Bag(rng.random((n, 3))), labels)


def at(*degrees):
    return torch.tensor([(math.cos(math.radians(a)), math.sin(math.radians(a))) for a in degrees], dtype=torch.float64)


def test_equation_7_12_worked_out_by_hand():
    """60° apart: cos .5. Together 1 - .5 = .5; not together .5 - .1 = .4; 90° apart and not together: nothing."""
    losses = [cml_loss(at(0), at(angle), torch.tensor([y])).item() for angle, y in ((60, 1), (60, 0), (90, 0))]
    np.testing.assert_allclose(losses, [0.5, 0.4, 0], atol=1e-12)
    mean = cml_loss(at(0, 0, 0), at(60, 60, 90), torch.tensor([1, 0, 0])).item()
    np.testing.assert_allclose(mean, 0.3)


def test_equation_7_14_by_its_formula():
    """Independent of torch's losses: softmax and logarithm written out, class by class."""
    rng = np.random.default_rng(2)
    image, text = at(0, 10, 200), at(30, 90, 210)
    answers = rng.normal(size=(2, 3, 4))
    y, labels = torch.tensor([1, 0, 1]), np.array([[3, 0, 1], [3, 2, 1]])
    cosines = (image * text).sum(1).numpy()
    cml = np.where(y == 1, 1 - cosines, np.maximum(0, cosines - 0.1)).mean()
    meta = [np.mean([-math.log(math.exp(row[c]) / sum(map(math.exp, row))) for row, c in zip(a, b, strict=True)])
            for a, b in zip(answers, labels, strict=True)]  # fmt: skip
    found = amd_loss(
        Projected(image, torch.from_numpy(answers[0])), Projected(text, torch.from_numpy(answers[1])), y,
        *map(torch.from_numpy, labels), alpha=0.01,
    )  # fmt: skip
    np.testing.assert_allclose(found.item(), 0.98 * cml + 0.01 * (meta[0] + meta[1]))


def test_each_side_is_a_layer_tanh_and_l2():
    given = samples()
    network = CrossModal(given, generator=seeded(), dims=8)
    weight, bias = (p.detach().double().numpy() for p in network.image_layer.parameters())
    expected = np.tanh(given.images @ weight.T + bias)
    np.testing.assert_allclose(
        network.images(given.images), expected / np.linalg.norm(expected, axis=1)[:, None], atol=1e-5
    )
    weight, bias = (p.detach().double().numpy() for p in network.text_layer.parameters())
    expected = np.tanh(np.hstack([given.comments.x.toarray(), given.titles.x.toarray()]) @ weight + bias)
    np.testing.assert_allclose(network.texts(given), expected / np.linalg.norm(expected, axis=1)[:, None], atol=1e-5)


def test_a_bag_beside_an_encoded_part_is_projected_as_it_is():
    given = samples()
    network = CrossModal(given, generator=seeded(), dims=8, title="MLP", sizes=(4, 2))
    weight, bias = (p.detach().double().numpy() for p in network.text_layer.parameters())
    titles = network.title(given.titles.x).detach().numpy()
    expected = np.tanh(np.hstack([given.comments.x.toarray(), titles]) @ weight.T + bias)
    np.testing.assert_allclose(network.texts(given), expected / np.linalg.norm(expected, axis=1)[:, None], atol=1e-5)


def test_every_parameter_is_on_one_side():
    labels = np.array([0, 1, 2, 0, 1, 2])
    network = CrossModal(
        samples(labels=labels), generator=seeded(), classes=3, comment="MLP", title="MLP", sizes=(4, 4)
    )
    text, image = network.sides()
    assert len(text) + len(image) == len(list(network.parameters()))
    assert {id(p) for p in image} == {
        id(p) for m in (network.image_layer, network.image_classes) for p in m.parameters()
    }


def test_texts_of_sentences_and_words_are_projected_too():
    given = samples()
    sentences = Sequences(np.ones((8, 3)), np.array([0, 1, 2, 3, 4, 5, 8]))
    words = Sequences(np.zeros(6, np.int64), np.arange(7), words=2)
    recurrent = Samples(given.images, sentences, words)
    network = CrossModal(recurrent, generator=seeded(), comment="LSTM", title="LSTM", sizes=(6, 4), dims=8)
    assert network.texts(recurrent).shape == (6, 8)


def test_parts_that_do_not_fit_are_refused():
    given = samples()
    with pytest.raises(UserError, match="rows"):
        Samples(given.images[:3], given.comments, given.titles)
    with pytest.raises(UserError, match="no classes"):
        amd_loss(
            Projected(at(0), None), Projected(at(0), None), torch.tensor([1]), torch.tensor([0]), torch.tensor([0])
        )
