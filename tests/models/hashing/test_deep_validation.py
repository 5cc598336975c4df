import numpy as np
import pytest

from vretlib.described.faces import VideoFrames
from vretlib.errors import NoExampleError, UserError
from vretlib.models.hashing import deep_training
from vretlib.models.hashing.deep_validation import learning_curve, of_methods, of_recipe
from vretlib.models.hashing.hash_recipe import HashRecipe
from vretlib.models.hashing.objectives import HvihWeights


def faces(people: int = 6, videos: int = 10, d: int = 10) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    persons = np.repeat(np.arange(people), videos)
    video = np.repeat(np.arange(len(persons)), 5)
    of_video = rng.normal(size=(people, d))[persons] + 0.4 * rng.normal(size=(len(persons), d))
    return (of_video[video] + 0.4 * rng.normal(size=(len(video), d))).astype(np.float32), video, persons


def test_the_curve_rises_on_videos_that_are_not_learned() -> None:
    curve = learning_curve("ssdh", *faces(), 16, steps=60, rate=0.01, validations=6)
    assert [step for step, _ in curve] == [10, 20, 30, 40, 50, 60]
    assert curve[-1][1] > max(0.8, curve[0][1])  # chance is 1/6


def test_held_out_videos_are_neither_learned_nor_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fifth video of a person is marked by a value that would show in the training data."""
    x, video, persons = faces()
    x[np.isin(video % 10, (4, 9))] = 1000.0
    seen: list[float] = []
    whole = deep_training.minimise

    def watched(network, layers, frames, *arguments, **more):  # type: ignore[no-untyped-def]
        seen.extend([float(network.mean.max()), len(frames.x)])
        return whole(network, layers, frames, *arguments, **more)

    monkeypatch.setattr(deep_training, "minimise", watched)
    learning_curve("dsh", x, video, persons, 8, steps=2, validations=1)
    assert seen[0] < 10
    assert seen[1] == (video % 10 != 4).sum() - (video % 10 == 9).sum()


def test_equal_codes_score_the_share_of_relevant_videos(monkeypatch: pytest.MonkeyPatch) -> None:
    """All ties: the expected average precision of a random order, far from that of the order of the database."""
    _, video, persons = faces()
    curve = learning_curve("ssdh", np.ones((len(video), 3), np.float32), video, persons, 8, steps=1, validations=1)
    rng, n, relevant = np.random.default_rng(0), 48, 8
    drawn = [np.sort(rng.permutation(n)[:relevant]) for _ in range(4000)]
    expected = np.mean([np.mean(np.arange(1, relevant + 1) / (ranks + 1)) for ranks in drawn])
    assert curve[0][1] == pytest.approx(expected, abs=0.005)


def test_without_people_of_five_videos_nothing_can_be_held_out() -> None:
    with pytest.raises(UserError, match="five training videos"):
        learning_curve("dsh", *faces(videos=4), 8)


def test_curves_of_several_methods_have_the_names_that_are_given() -> None:
    x, video, persons = faces()
    learn, recipe = VideoFrames(x, video, persons), HashRecipe(HvihWeights(), 5)
    curves = of_methods({"DSH": "dsh", "joint": "joint"}, recipe, learn, 8, 0)
    assert list(curves) == ["DSH", "joint"]
    assert curves["joint"] == of_recipe("joint", recipe, learn, 8, 0)
    few = VideoFrames(*faces(videos=4))
    with pytest.raises(NoExampleError, match="no person has five training videos"):
        of_methods({"DSH": "dsh"}, recipe, few, 8, 0)
