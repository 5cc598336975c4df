"""The learning curve of temporal encoders, on shots made of a few directions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vretlib import paths
from vretlib.models import temporal_curve, trained_encoders
from vretlib.models.temporal_curve import CurvePoints
from vretlib.models.temporal_encoder import TemporalEncoder
from vretlib.models.training import TrainingLog
from vretlib.models.training_shots import TrainingShots


def shots(n: int, seed: int) -> TrainingShots:
    """Shots of three frames each, which differ a little from one direction."""
    rng = np.random.default_rng(seed)
    x = np.repeat(rng.normal(size=(n, 6)), 3, axis=0) + 0.1 * rng.normal(size=(3 * n, 6))
    ranges = np.arange(n)[:, None] * 3 + [0, 3]
    return TrainingShots((x / np.linalg.norm(x, axis=1)[:, None]).astype(np.float32), ranges, np.arange(n))


def test_a_point_has_the_measures_of_its_own_trainings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paths, "CACHE", tmp_path)
    learned, held_out = shots(8, 0), shots(3, 1)
    recipe = trained_encoders.EncoderRecipe(20, trained_encoders.settings("one cycle", 0.01, 16))

    def measure(encoder: TemporalEncoder, log: TrainingLog) -> dict[str, float]:
        return {"bias": float(encoder.last.bias.detach().sum()), "best": max(of for _, of in log.validation)}

    own = {"lstm": [{"bias": 1.0, "best": 2.0}] * 2, "gru": [{"bias": 3.0, "best": 4.0}, {"bias": 5.0, "best": 6.0}]}
    points = CurvePoints((4,), (3,))
    found = temporal_curve.learning_curve(learned, held_out, recipe, [5, 6], points, measure, own)  # type: ignore[arg-type]
    assert {by: {cell: list(of) for cell, of in some.items()} for by, some in found.items()} == {
        "clips": {"lstm": ["4", "8"], "gru": ["4", "8"]}, "steps": {"lstm": ["20", "60"], "gru": ["20", "60"]},
    }  # fmt: skip
    few = trained_encoders.train("gru", learned.draw(4, 6), replace(recipe, seed=6), held_out)
    long = trained_encoders.train("gru", learned, replace(recipe, seed=6, steps=60), held_out)
    for model, point in ((few, found["clips"]["gru"]["4"]), (long, found["steps"]["gru"]["60"])):
        expected = measure(model.encoder, model.log)
        assert {name: of[1] for name, of in point.items()} == pytest.approx(expected, abs=1e-4)
    for by, number in (("clips", "8"), ("steps", "20")):
        assert found[by]["gru"][number] == {"bias": [3.0, 5.0], "best": [4.0, 6.0]}
