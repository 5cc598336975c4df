from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from vretlib import paths
from vretlib.errors import UserError
from vretlib.features import face_network
from vretlib.models import cards, face_recipe
from vretlib.models.augmentation import Views
from vretlib.models.face_recipe import FaceRecipe, People
from vretlib.models.optimisation import OneCycle

TINY = FaceRecipe(
    apart=4,
    width=1 / 16,
    steps=30,
    sides=(16, 32),
    optimisation=OneCycle(0.01, 0.0, 16),
    views=Views((0.9, 1.0), 1.0, 0.0),
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "CACHE", tmp_path)


def people(n: int = 8, videos: int = 3, frames: int = 4) -> People:
    """A person is a colour, a video a light, a frame noise."""
    rng = np.random.default_rng(0)
    colours, found = rng.uniform(40, 200, (n, 3)), []
    for i in range(n):
        for _ in range(videos):
            light = rng.uniform(0.9, 1.1)
            found.append((colours[i] * light + rng.normal(0, 20, (frames, 64, 64, 3))).clip(0, 255).astype(np.uint8))
    return People(found, np.repeat(np.arange(n), videos))


def test_every_fourth_person_is_apart_and_the_last_video_of_each_other_is_held_out() -> None:
    some = people()
    learned, held_out, unseen = face_recipe.divide(some, 4)
    assert unseen.persons.tolist() == [3, 3, 3, 7, 7, 7]
    assert learned.persons.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]  # counted anew: 4, 5, 6 became 3, 4, 5
    assert held_out.persons.tolist() == [0, 1, 2, 3, 4, 5]
    assert [any(frames is one for one in held_out.frames) for frames in some.frames] == (
        [False, False, True] * 3 + [False] * 3 + [False, False, True] * 3 + [False] * 3
    )


@pytest.mark.parametrize("some", [people(n=2), people(n=6, videos=1)])
def test_too_few_people_or_videos_are_refused(some: People) -> None:
    with pytest.raises(UserError, match="several with two"):
        face_recipe.divide(some, 2)


def test_a_trained_network_is_written_with_its_card_and_tells_people_apart(tmp_path: Path) -> None:
    recipe = replace(TINY, steps=120)  # with 30, a processor's rounding decides whether enough is learned
    out = face_recipe.train(people(), tmp_path / "faces.safetensors", recipe=recipe, progress=False)
    card = cards.read(out)
    assert card["accuracy"]["held_out"] > 0.4  # chance is 1/6
    assert card["accuracy"]["map_of_people_apart"] > 0.5
    assert face_network.load(out).filters == tuple(card["shape"]["widths"])
    assert list(card["curve"]) == ["40", "80", "120"]
    assert (card["data"]["people"], card["data"]["people_apart"]) == (8, 2)
    assert card["command"].startswith("python -m vretlib weights face_network")


def test_an_interrupted_training_ends_in_the_same_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    straight = face_recipe.train(people(), tmp_path / "one.safetensors", recipe=TINY, progress=False)
    monkeypatch.setattr(paths, "CACHE", tmp_path / "other")
    monkeypatch.setattr(face_recipe, "CHECKPOINT_EVERY", 5)
    with monkeypatch.context() as patch:
        patch.setattr(face_recipe, "cross_entropy", _stops(face_recipe.cross_entropy, 18))
        with pytest.raises(KeyboardInterrupt):
            face_recipe.train(people(), tmp_path / "two.safetensors", recipe=TINY, progress=False)
    resumed = face_recipe.train(people(), tmp_path / "two.safetensors", recipe=TINY, progress=False)
    assert straight.read_bytes() == resumed.read_bytes()


def _stops(function: Callable[..., torch.Tensor], after: int) -> Callable[..., torch.Tensor]:
    calls = iter(range(1000))

    def stopping(*arguments: object, **more: object) -> torch.Tensor:
        if next(calls) == after:
            raise KeyboardInterrupt
        return function(*arguments, **more)

    return stopping


def test_map_of_videos_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Features on a circle: two videos of person 0 at 0° and 10°, of person 1 at 170° and 90°.

    The mean of all is taken away; what remains is ranked by its cosine.
    """
    angles = np.radians([0.0, 10.0, 170.0, 90.0])
    x = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    monkeypatch.setattr(face_network, "describe", lambda crops, network: x)
    some = People([np.zeros((1, 64, 64, 3), np.uint8)] * 4, np.array([0, 0, 1, 1]))
    centred = x - x.mean(0)
    near = [
        [j for j in sorted(range(4), key=lambda j: -centred[i] @ centred[j] / np.linalg.norm(centred[j])) if j != i]
        for i in range(4)
    ]
    expected = np.mean([1 / (1 + near[i].index(i ^ 1)) for i in range(4)])
    assert face_recipe.video_map(face_network.FaceNetwork.of_width(1 / 16), some) == pytest.approx(expected)


def test_accuracy_is_the_share_of_crops_told_rightly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face_network, "describe", lambda crops, network: np.eye(2, dtype=np.float32)[[0, 0, 1]])
    classifier = nn.Linear(2, 2)
    classifier.load_state_dict({"weight": torch.eye(2), "bias": torch.zeros(2)})
    some = People([np.zeros((2, 64, 64, 3), np.uint8), np.zeros((1, 64, 64, 3), np.uint8)], np.array([0, 0]))
    assert face_recipe.accuracy(face_network.FaceNetwork.of_width(1 / 16), classifier, some) == pytest.approx(2 / 3)
