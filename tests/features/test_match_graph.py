import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.features.match_graph import graph_of, match_graph, score


def features(*axes: int) -> np.ndarray:
    """Unit vectors along axes: features that are equal or at a right angle."""
    return np.eye(128, dtype=np.float32)[list(axes)]


def test_shared_over_total_by_hand() -> None:
    """Two of three and four features are shared: 2·2/7, or 2 of 5 different ones."""
    a, b = features(0, 1, 2), features(1, 2, 3, 4)
    assert score(a, b) == pytest.approx(4 / 7)
    assert score(a, b, "union") == pytest.approx(2 / 5)
    assert score(a, b) == score(b, a)


def test_equal_frames_share_everything_and_empty_ones_nothing() -> None:
    assert score(features(0, 1, 2), features(0, 1, 2)) == 1
    assert score(features(), features(0, 1)) == 0
    assert score(features(), features()) == 0
    with pytest.raises(UserError, match="normaliser="):
        score(features(0, 1), features(0, 1), "both")  # type: ignore[arg-type]


def test_a_match_needs_to_be_mutual_and_clear() -> None:
    near = np.array([[0.6, 0.8, 0]], np.float32)
    assert score(near, np.array([[0.6, 0.8, 0], [0.59, 0.807, 0]], np.float32)) == pytest.approx(2 / 3)
    two = np.array([[1, 0, 0], [0.98, 0.2, 0]], np.float32)
    one_each = score(np.array([[1, 0, 0], [0.999, 0.045, 0]], np.float32), np.array([[1, 0, 0], [0, 0, 1]], np.float32))
    assert one_each == pytest.approx(2 / 4)  # both are nearest to the first: one of them is its nearest
    assert score(np.array([[0.995, 0.1, 0]], np.float32), two) == 0  # as near to one as to the other


def test_the_strongest_component_is_the_one_with_most_frames() -> None:
    """Frames 0, 1 with score .9; 2, 3, 4 in a chain of .3; 5 alone; .25 joins nothing."""
    scores = np.zeros((6, 6))
    for i, j, s in ((0, 1, 0.9), (2, 3, 0.3), (3, 4, 0.3), (4, 5, 0.25)):
        scores[i, j] = scores[j, i] = s
    graph = graph_of(scores)
    assert graph.component.tolist() == [1, 1, 0, 0, 0, 2]
    assert graph.kept.tolist() == [2, 3, 4]
    assert graph.scores[4, 5] == 0


def test_of_equally_many_frames_the_larger_sum_and_then_the_earlier_wins() -> None:
    scores = np.zeros((4, 4))
    scores[0, 1] = scores[1, 0] = 0.4
    scores[2, 3] = scores[3, 2] = 0.5
    assert graph_of(scores).kept.tolist() == [2, 3]
    assert graph_of(np.zeros((3, 3))).component.tolist() == [0, 1, 2]
    with pytest.raises(UserError, match="without frames"):
        graph_of(np.zeros((0, 0)))


def test_two_shots_of_a_clip_are_distinguished() -> None:
    """The second shot is the longer one: its frames stay."""
    rng = np.random.default_rng(0)
    scenes = rng.normal(size=(2, 40, 128)).astype(np.float32)
    found = []
    for scene in (0, 0, 1, 1, 1):
        moved = scenes[scene] + 0.05 * rng.normal(size=(40, 128)).astype(np.float32)
        found.append(moved / np.linalg.norm(moved, axis=1, keepdims=True))
    assert match_graph(found).kept.tolist() == [2, 3, 4]


def test_the_order_of_two_frames_decides_only_by_the_rule_that_says_so() -> None:
    """a₀ and b₀ are each other's nearest, .2 rad apart; a₁ lies as near to b₀ on the other side, b₁ far away.

    From a₀ the match is clear (b₁ is second), from b₀ it is not (a₁ is second).
    """

    def at(*angles: float) -> np.ndarray:
        return np.array([[np.cos(x), np.sin(x), 0] for x in angles], np.float32)

    a, b = at(0.0, 0.41), at(0.2, 1.5)
    assert [score(a, b, ratio="first"), score(b, a, ratio="first")] == [2 / 4, 0]
    assert [score(a, b, ratio="both"), score(b, a, ratio="both")] == [0, 0]
    assert [score(a, b, ratio="either"), score(b, a, ratio="either")] == [2 / 4, 2 / 4]


def test_scores_of_noisy_frames_are_the_same_both_ways() -> None:
    rng = np.random.default_rng(1)
    scene = rng.normal(size=(60, 16))
    for seed in range(10):
        noise = np.random.default_rng(seed).normal(size=(2, 60, 16))
        a, b = (((scene + n) / np.linalg.norm(scene + n, axis=1, keepdims=True)).astype(np.float32) for n in noise)
        for ratio in ("both", "either"):
            assert score(a, b, ratio=ratio) == score(b, a, ratio=ratio)
        one, other = score(a, b, ratio="first"), score(b, a, ratio="first")
        assert score(a, b, ratio="both") <= min(one, other) <= max(one, other) <= score(a, b, ratio="either")


def test_frames_that_cannot_be_compared_are_refused() -> None:
    unit = features(0, 1)
    for a, b, says in [
        (unit * 512, unit, "norm 1"),
        (unit, unit[:, :64] * 1, "64 dimensions"),
        (unit * np.nan, unit, "NaN"),
        (unit[0], unit, "shape"),
    ]:
        with pytest.raises(UserError, match=says):
            score(a, b)
    with pytest.raises(UserError, match="ratio='neither'"):
        score(unit, unit, ratio="neither")  # type: ignore[arg-type]
    for scores, says in [(np.array([[0, 0.5], [0, 0]]), "both ways"), (np.full((2, 2), np.nan), "NaN")]:
        with pytest.raises(UserError, match=says):
            graph_of(scores)
