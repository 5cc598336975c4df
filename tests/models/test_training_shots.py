"""Training shots of three clips of four, one and six frames."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.features.match_graph import graph_of
from vretlib.models.training_shots import TrainingShots
from vretlib.video.sampled_frames import SampledFrames

FRAMES = SampledFrames(np.array([0, 4, 5, 11]), np.arange(11), np.arange(11) / 3.0)
X = np.random.default_rng(0).normal(size=(11, 8)).astype(np.float32)


def test_shots_keep_what_the_match_graphs_keep() -> None:
    scores = np.zeros((4, 4))
    scores[1, 3] = scores[3, 1] = 0.9
    graphs = [graph_of(scores), graph_of(np.zeros((1, 1))), graph_of(np.ones((6, 6)))]
    kept = TrainingShots.of_clips(X, FRAMES, graphs)
    np.testing.assert_array_equal(kept.x, X[[1, 3, 4, 5, 6, 7, 8, 9, 10]])
    assert kept.ranges.tolist() == [[0, 2], [2, 3], [3, 9]]
    np.testing.assert_array_equal(TrainingShots.of_clips(X, FRAMES).x, X)


@pytest.mark.parametrize("n", [2, 3, 9])
def test_shots_that_are_drawn_keep_their_frames(n: int) -> None:
    drawn = TrainingShots.of_clips(X, FRAMES).draw(n)
    assert drawn.clips.tolist() == sorted(drawn.clips.tolist())
    assert len(drawn) == min(n, 3)
    for clip, (start, stop) in zip(drawn.clips, drawn.ranges, strict=True):
        np.testing.assert_array_equal(drawn.x[start:stop], X[FRAMES.rows(int(clip))])


def test_the_last_shots_are_held_out() -> None:
    learned, held_out = TrainingShots(X, np.stack([np.arange(11), np.arange(1, 12)], axis=1), np.arange(11)).split()
    assert (learned.clips.tolist(), held_out.clips.tolist()) == ([*range(9)], [9, 10])
    np.testing.assert_array_equal(held_out.x, X[9:])
    assert held_out.ranges.tolist() == [[0, 1], [1, 2]]


def test_three_shots_are_too_few() -> None:
    with pytest.raises(UserError, match="3 clips to learn from; expected at least 4"):
        TrainingShots.of_clips(X, FRAMES).split()


def test_the_checksum_is_of_the_content() -> None:
    shots = TrainingShots.of_clips(X, FRAMES)
    assert shots.checksum == TrainingShots.of_clips(X.copy(), FRAMES).checksum != shots.draw(2).checksum
