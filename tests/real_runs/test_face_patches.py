"""Faces that are changed and asked for, with a finder and an embedding of the test's own."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.features import backbones
from vretlib.real_runs import face_patches


class Bright:
    """Finds one face in a picture that is bright in the middle."""

    def rows(self, image):
        found = image[100:110, 100:110].mean() > 100
        return np.ones((int(found), 15), np.float32)


class Middle:
    """Knows each face by its mean row."""

    def vector(self, image, row=None):
        x = image[..., 0].astype(np.float32).mean(axis=1)[:150]
        return x / np.linalg.norm(x)


def test_shares_of_found_faces_and_ranks_of_changed_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(face_patches, "N_FACES", 3)
    rng = np.random.default_rng(0)
    patches = np.concatenate([rng.uniform(0.5, 1, (3, 25, 25)), np.zeros((2, 25, 25))])
    np.save(tmp_path / "patches.npy", patches)
    text = face_patches.make(tmp_path / "patches.npy", Bright(), Middle(), backbones.load("squeezenet1_1", "random"))
    assert "| YuNet | 1.00 [0.29, 1.00] | 0.00 [0.00, 0.84] |" in text  # .025 ** (1 / 3), 1 - .025 ** (1 / 2)
    assert "| SFace | 1.00" in text  # a mirrored face has the same mean rows
    assert text.count("\n") == 8


@pytest.mark.parametrize("given", [np.zeros((200, 25)), np.zeros((200, 25, 25), int), np.full((200, 25, 25), 2.0)])
def test_other_arrays_are_refused(tmp_path, given):
    np.save(tmp_path / "other.npy", given)
    with pytest.raises(UserError, match="grey patches"):
        face_patches._read(tmp_path / "other.npy")
