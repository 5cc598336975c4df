"""The encoder of BERT against torch's own transformer layers, and sentences by their pooled outputs."""

import numpy as np
import pytest
import torch
from torch import nn

from vretlib.features.bert import Bert, SentenceModel

D, HEADS, LAYERS, INNER, WORDS = 12, 3, 2, 20, 30


def weights(seed=0):
    """Random tensors by BERT's names."""
    g = torch.Generator().manual_seed(seed)

    def some(*shape):
        return torch.randn(*shape, generator=g) * 0.4

    found = {f"embeddings.{name}_embeddings.weight": some(n, D) for name, n in
             (("word", WORDS), ("position", 9), ("token_type", 2))}  # fmt: skip
    norms = ["embeddings.LayerNorm"]
    for layer in (f"encoder.layer.{k}" for k in range(LAYERS)):
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
        for name, out, into in (
            *((f"attention.self.{part}", D, D) for part in ("query", "key", "value")),
            ("attention.output.dense", D, D), ("intermediate.dense", INNER, D), ("output.dense", D, INNER),
        ):  # fmt: skip
            found |= {f"{layer}.{name}.weight": some(out, into), f"{layer}.{name}.bias": some(out)}
    for name in norms:
        found |= {f"{name}.weight": 1 + some(D), f"{name}.bias": some(D)}
    return found


def torchs_layers(w):
    """The same layers as torch's TransformerEncoderLayer, which has the three projections in one matrix."""
    layers = []
    for layer in (f"encoder.layer.{k}" for k in range(LAYERS)):
        one = nn.TransformerEncoderLayer(D, HEADS, INNER, 0.0, "gelu", layer_norm_eps=1e-12, batch_first=True).eval()
        state = {}
        for kind in ("weight", "bias"):
            parts = [w[f"{layer}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            state[f"self_attn.in_proj_{kind}"] = torch.cat(parts)
            for ours, theirs in (
                ("self_attn.out_proj", "attention.output.dense"), ("linear1", "intermediate.dense"),
                ("linear2", "output.dense"), ("norm1", "attention.output.LayerNorm"), ("norm2", "output.LayerNorm"),
            ):  # fmt: skip
                state[f"{ours}.{kind}"] = w[f"{layer}.{theirs}.{kind}"]
        one.load_state_dict(state)
        layers.append(one)
    return nn.Sequential(*layers)


def test_outputs_are_those_of_torch_s_transformer_layers():
    w, pieces = weights(), torch.tensor([[1, 5, 29, 2], [7, 7, 0, 3]])
    norm = nn.functional.layer_norm
    x = w["embeddings.word_embeddings.weight"][pieces] + w["embeddings.position_embeddings.weight"][:4]
    x = x + w["embeddings.token_type_embeddings.weight"][0]
    x = norm(x, (D,), w["embeddings.LayerNorm.weight"], w["embeddings.LayerNorm.bias"], 1e-12)
    with torch.no_grad():
        expected = torchs_layers(w)(x)
        torch.testing.assert_close(Bert(w, LAYERS, HEADS).states(pieces), expected, atol=1e-5, rtol=1e-5)


def model(pooling="mean"):
    """Word pieces are the numbers that a text consists of."""
    pieces = lambda texts: [[int(number) for number in text.split()] for text in texts]  # noqa: E731
    return SentenceModel("random", "0" * 64, Bert(weights(), LAYERS, HEADS), pieces, pooling)


@pytest.mark.parametrize("pooling", ["mean", "first"])
def test_a_vector_depends_on_its_own_sentence_alone(pooling):
    sentences = ["1 2", "3 4 5", "", "6 7", *["3 4 5"] * 70]
    found = model(pooling).computed(sentences)
    alone = np.concatenate([model(pooling).computed([sentence]) for sentence in sentences[:5]])
    np.testing.assert_allclose(found[:5], alone, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1)[[0, 1, 3, 73]], 1, atol=1e-5)
    np.testing.assert_array_equal(found[2], 0)


def test_the_mean_is_over_the_pieces_and_first_is_the_first_of_them():
    states = Bert(weights(), LAYERS, HEADS).states(torch.tensor([[3, 4, 5]]))[0].numpy()
    for pooling, expected in (("mean", states.mean(axis=0)), ("first", states[0])):
        np.testing.assert_allclose(
            model(pooling).computed(["3 4 5"])[0], expected / np.linalg.norm(expected), atol=1e-5
        )


def test_vectors_are_kept_and_belong_to_their_sentences():
    first, other = model().vectors(["1 2", "3"]), model().vectors(["3", "1 2"])
    np.testing.assert_array_equal(first, model().computed(["1 2", "3"]))
    np.testing.assert_array_equal(first, other[::-1])
