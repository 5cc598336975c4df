"""The recipe of the committed encoders, in small."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.video.conftest import moving_scene, write_video
from vretlib import paths
from vretlib import weights as committed
from vretlib.models import cards, committed_encoders, temporal_recipe
from vretlib.models.temporal_curve import CurvePoints
from vretlib.models.temporal_recipe import FairRecipe, Searched

TINY = FairRecipe(films=1, clips=8, seeds=2, steps=4, batch_size=16, fps=5.0, image_side=96)
POINTS = CurvePoints(clips=(2, 4), times=(2,))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Encoders of eight clips; two of them, with two queries, are searched."""
    folder = tmp_path_factory.mktemp("clips")
    clips = [write_video(folder / f"{i}.mp4", moving_scene(i, 14), crf="18") for i in range(8)]
    queries = []
    for i in range(2):
        cv2.imwrite(str(folder / f"{i}.png"), moving_scene(i, 1)[0][..., ::-1])
        queries.append(folder / f"{i}.png")
    searched = Searched("two clips", clips[:2], queries, ["stills", "stills"], [np.array([0]), np.array([1])])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "CACHE", folder / "cache")
        out = temporal_recipe.train(clips, searched, folder / "out.safetensors", seed=3, recipe=TINY, points=POINTS)
        again = temporal_recipe.train(clips, searched, folder / "again.safetensors", seed=3, recipe=TINY, points=POINTS)
    assert again.read_bytes() == out.read_bytes()
    return out


def test_the_card_says_what_was_learned_and_how_well(trained: Path) -> None:
    card = cards.read(trained)
    assert (card["data"]["clips"], card["data"]["held_out"], card["seeds"]) == (8, 2, [3, 4])
    assert card["descriptors"]["image_side"] == 96
    assert [list(of) for of in card["curve"].values()] == [["1", "2", "3", "4"]] * 2
    assert [len(of) for of in card["accuracy"]["lstm, rotation-augmented"].values()] == [2]
    learning = card["learning"]
    assert {by: [list(of) for of in some.values()] for by, some in learning.items()} == {
        "clips": [["2", "4", "6"]] * 2, "steps": [["4", "8"]] * 2,
    }  # fmt: skip
    assert learning["clips"]["lstm"]["6"] == learning["steps"]["lstm"]["4"]  # the recipe's own trainings
    assert card["command"].endswith("--seed 3 --out temporal_encoders.safetensors")
    assert len(committed_encoders.read(trained).encoders.plain["gru"]) == 2


def test_the_films_are_no_page_s(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The clips to learn from and those that are searched have different seeds, and neither is one that a page has."""
    asked: list[int] = []

    def load(_: str, *, seed: int, **sizes: object) -> None:
        asked.append(seed)
        if len(asked) % 2 == 0:
            raise StopIteration

    class Nothing:
        training = ()

    def loads(name: str, **how: object) -> Nothing:
        load(name, **how)  # type: ignore[arg-type]
        return Nothing()

    monkeypatch.setattr(committed.source, "load", loads)
    with pytest.raises(StopIteration):
        committed.TRAINERS[committed_encoders.NAME](tmp_path / "out.safetensors", seed=5)
    assert len(set(asked) | {0, 1, 2}) == 5
