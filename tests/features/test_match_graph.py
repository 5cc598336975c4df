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


def test_two_shots_of_a_clip_are_told_apart() -> None:
    """The second shot is the longer one: its frames stay."""
    rng = np.random.default_rng(0)
    scenes = rng.normal(size=(2, 40, 128)).astype(np.float32)
    found = []
    for scene in (0, 0, 1, 1, 1):
        moved = scenes[scene] + 0.05 * rng.normal(size=(40, 128)).astype(np.float32)
        found.append(moved / np.linalg.norm(moved, axis=1, keepdims=True))
    assert match_graph(found).kept.tolist() == [2, 3, 4]
