"""Photographed and drawn faces for the table of hash codes: which teach, which ask, and what is described."""

import numpy as np
import pytest
from click.testing import CliRunner

from vretlib.__main__ import main
from vretlib.datasets.faces import FaceSet, FaceVideos
from vretlib.real_runs import hashed_faces
from vretlib.real_runs.face_patches import BORDER, SIDE


def mean_and_spread(image):
    """A made-up embedding."""
    assert image.shape == (SIDE + 2 * BORDER, SIDE + 2 * BORDER, 3)
    assert image.dtype == np.uint8
    return np.array([image.mean(), image.std()], np.float32)


def test_each_photographed_face_teaches_five_times_and_asks_three_times(monkeypatch):
    monkeypatch.setattr(hashed_faces, "N_FACES", 4)
    found = hashed_faces.photographed(mean_and_spread)
    assert found.train.persons.tolist() == [0] * 5 + [1] * 5 + [2] * 5 + [3] * 5
    assert found.test.persons.tolist() == [0] * 3 + [1] * 3 + [2] * 3 + [3] * 3
    assert found.train.video.tolist() == list(range(20))
    assert len(np.unique(found.train.x, axis=0)) == 20
    again = hashed_faces.photographed(mean_and_spread)
    np.testing.assert_array_equal(found.test.x, again.test.x)


def test_a_change_only_darkens_an_even_picture():
    even = np.full((210, 210, 3), 200, np.uint8)
    found = hashed_faces.changed(even, np.random.default_rng(1))
    assert found.max() <= 200
    assert found.min() >= 0.2 * 200 - 1
    assert found.std() > 1


def test_two_frames_of_each_drawn_video_are_described_and_votes_are_over_them(monkeypatch):
    def videos(names):
        """The third video is one frame long; frame i of a video has the grey value 10 i."""
        frames = [np.repeat(10 * np.arange(n, dtype=np.uint8), 64 * 64 * 3).reshape(n, 64, 64, 3) for n in (8, 5, 1)]
        return FaceVideos(tuple(frames), np.array([0, 1, 1]), names, ("ann", "bob"))

    drawn = FaceSet("made up", videos(("a", "b", "c")), videos(("d", "e", "f")), (), "", "")
    monkeypatch.setattr(hashed_faces, "drawn_set", lambda which, seed: drawn)
    found = hashed_faces.drawn(mean_and_spread)
    assert found.train.x[:, 0].tolist() == [20, 60, 10, 30, 0, 0]
    assert found.train.video.tolist() == [0, 0, 1, 1, 2, 2]
    assert found.test.persons.tolist() == [0, 1, 1]


@pytest.mark.parametrize("given", [["missing.onnx", "sface.onnx"]])
def test_the_command_names_a_network_that_is_missing(given):
    result = CliRunner().invoke(main, ["real-hashes", "-b", "4", "--seeds", "1", "--faces", *given])
    assert result.exit_code == 2
    assert "missing.onnx" in result.output
