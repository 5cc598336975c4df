"""Match graphs of small videos of two scenes each."""

from pathlib import Path

import numpy as np
import pytest

from tests.video.conftest import moving_scene, write_video
from vretlib import paths
from vretlib.video import clip_graphs, clip_sift


def test_graphs_part_the_two_scenes_of_a_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seven frames of a clip at 6 a second: scene one has frames 0 to 13, scene two the rest."""
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    clips = [
        write_video(tmp_path / f"{i}.mp4", moving_scene(i, 14) + moving_scene(i + 2, 14), crf="18") for i in range(2)
    ]
    for graph in clip_graphs.match_graphs(clip_sift.describe(clips, 6.0)):
        n = len(graph.component)
        scene = np.arange(n) * 25 / 6 >= 14
        joined = graph.scores > 0
        assert not joined[np.ix_(scene, ~scene)].any()
        assert len(set(scene[graph.kept])) == 1
