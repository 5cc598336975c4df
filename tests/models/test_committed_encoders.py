"""Temporal encoders in a file with their whitening, and the file of the project."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch

from vretlib.errors import UserError
from vretlib.features import backbones, whitening
from vretlib.models import cards, committed_encoders
from vretlib.models.committed_encoders import Committed, Descriptors
from vretlib.models.temporal_encoder import TemporalEncoder
from vretlib.models.temporal_recipe import FairRecipe
from vretlib.models.trained_encoders import EncoderSet

CARD = {
    "descriptors": asdict(Descriptors("vgg16", "abc", 3.0, 256)),
    "data": {"clips": 10, "held_out": 2},
    "steps": 1200,
    "curve": {"lstm": {"60": [0.1, 0.2]}},
}


def encoder(cell: str, seed: int) -> TemporalEncoder:
    return TemporalEncoder(cell, d=6, hidden=5, generator=torch.Generator().manual_seed(seed)).eval()  # type: ignore[arg-type]


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, EncoderSet, whitening.Whitening]:
    """A file with two seeds of each encoder, and what was written into it."""
    plain = {cell: (encoder(cell, 0), encoder(cell, 1)) for cell in ("lstm", "gru")}
    augmented = {"lstm": (encoder("lstm", 2), encoder("lstm", 3))}
    encoders = EncoderSet(plain, augmented, "")  # type: ignore[arg-type]
    learned = whitening.learn([np.random.default_rng(0).normal(size=(50, 6)).astype(np.float32)], "made up")
    path = tmp_path / "encoders.safetensors"
    committed_encoders.save(encoders, learned, path)
    cards.write(CARD, path)
    return path, encoders, learned


def test_encoders_come_back_rounded_to_sixteen_bits(written) -> None:
    path, encoders, learned = written
    found = committed_encoders.read(path)
    x = np.random.default_rng(1).normal(size=(9, 6)).astype(np.float32)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    for mine, theirs in ((found.encoders.plain, encoders.plain), (found.encoders.augmented, encoders.augmented)):
        for cell, some in theirs.items():
            for a, b in zip(mine[cell], some, strict=True):
                np.testing.assert_allclose(a.encode(x, [[0, 4], [4, 9]]), b.encode(x, [[0, 4], [4, 9]]), atol=2e-3)
    np.testing.assert_allclose(found.whitening.projection, learned.projection, rtol=1e-5, atol=1e-6)
    assert (found.whitening.n, found.whitening.source) == (50, "made up")
    assert found.descriptors == Descriptors("vgg16", "abc", 3.0, 256)
    assert found.encoders.note == (
        "committed, encoders.safetensors: 8 training clips and 2 held out, 1,200 steps, 2 seeds"
    )
    assert found.curve == {"lstm": {60: [0.1, 0.2]}}
    assert list(found.encoders.augmented) == ["lstm"]


def test_equal_encoders_make_equal_files(written, tmp_path: Path) -> None:
    path, encoders, learned = written
    committed_encoders.save(encoders, learned, tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == path.read_bytes()


def test_a_file_of_something_else_is_refused(written, tmp_path: Path) -> None:
    path, *_ = written
    other = tmp_path / "other.safetensors"
    other.write_bytes(b"no tensors")
    cards.write(CARD, other)
    with pytest.raises(UserError, match=r"other\.safetensors: not a file of temporal encoders"):
        committed_encoders.read(other)
    path.with_suffix(".json").write_text(json.dumps({"sha256": cards.read(path)["sha256"]}))
    with pytest.raises(UserError, match="its card is of other weights"):
        committed_encoders.read(path)


def test_they_are_chosen_for_their_own_descriptors_and_other_descriptors_are_named() -> None:
    mine = Descriptors(**cards.read(committed_encoders.file())["descriptors"])
    assert isinstance(committed_encoders.chosen("committed", mine), Committed)
    assert committed_encoders.chosen("trained here", mine) == "as asked for"
    other = committed_encoders.chosen("committed", Descriptors(mine.network, mine.weights, mine.fps, 96))
    assert other == "the committed encoders read other descriptors (image_side 256, here 96)"


def test_the_project_s_encoders_are_those_of_the_recipe_and_read_the_embedded_network() -> None:
    found, recipe = committed_encoders.read(), FairRecipe()
    card = found.card
    assert card["recipe"] == json.loads(json.dumps(asdict(recipe)))
    assert card["steps"] == recipe.steps >= 1200
    assert card["data"]["clips"] - card["data"]["held_out"] >= 400
    assert found.descriptors.weights == backbones.load(recipe.network, "embedded").checksum
    assert [len(some) for some in found.encoders.plain.values()] == [recipe.seeds] * 2
    assert {max(of) for of in found.curve.values()} == {recipe.steps}
    assert {len(values) for of in found.curve.values() for values in of.values()} == {recipe.seeds}
    shots = found.encoders.plain["lstm"][0].encode(np.eye(found.encoders.plain["lstm"][0].d)[:4], [[0, 2], [2, 4]])
    np.testing.assert_allclose(np.linalg.norm(shots, axis=1), 1, atol=1e-5)
