"""Fisher vectors of small videos, learned on others."""

from pathlib import Path

import numpy as np
import pytest

from tests.video.conftest import moving_scene, write_video
from vretlib import images, paths
from vretlib.errors import NoExampleError
from vretlib.video import clip_sift, fisher_vectors


@pytest.fixture
def clips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    return [write_video(tmp_path / f"{i}.mp4", moving_scene(i, 14), crf="18") for i in range(4)]


def test_frames_and_whole_clips_have_vectors_by_mixtures_of_their_own(
    clips: list[Path], tmp_path: Path, said: list[str]
) -> None:
    """Two frames of each clip, whose first is also the query; a clip's vector is of the features of both."""
    query = tmp_path / "query.png"
    images.write(query, moving_scene(0, 1)[0])
    found = fisher_vectors.describe([query], clips[:2], clip_sift.describe(clips[2:], 3.0), fps=3, gaussians=(2, 3))
    assert (found.xq.shape, found.scene_xq.shape) == ((1, 2 * 2 * 32), (1, 2 * 3 * 32))
    assert (found.xb.shape, found.scenes.shape) == ((4, 2 * 2 * 32), (2, 2 * 3 * 32))
    assert found.offsets.tolist() == [0, 2, 4]
    for vectors in (found.xq, found.xb, found.scene_xq, found.scenes):
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (found.xb @ found.xq[0]).argmax() == 0
    again = fisher_vectors.describe([query], clips[:2], clip_sift.describe(clips[2:], 3.0), fps=3, gaussians=(2, 3))
    np.testing.assert_array_equal(found.scenes, again.scenes)
    assert "cached" in said[-1]


def test_black_training_clips_are_refused(clips: list[Path], tmp_path: Path) -> None:
    black = write_video(tmp_path / "black.mp4", [np.zeros((96, 144, 3), np.uint8)] * 3)
    with pytest.raises(NoExampleError, match="have 0 SIFT features"):
        fisher_vectors.describe([], clips[:1], clip_sift.describe([black], 3.0), fps=3)
