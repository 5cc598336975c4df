"""KSH's committed hash functions: learned, written with a card, and read again."""

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from vretlib.described.faces import VideoFrames
from vretlib.errors import UserError
from vretlib.models import cards, committed_hash_networks, committed_hashers, committed_kernel_hashers
from vretlib.models.hashing import ksh

DATA = {"dataset": "embedded"}


def frames(videos: int, seed: int) -> VideoFrames:
    """Videos of three people with three frames each, around a place of the person's own."""
    rng = np.random.default_rng(seed)
    persons = np.repeat(np.arange(3), videos)
    video = np.repeat(np.arange(len(persons)), 3)
    places = np.random.default_rng(0).normal(size=(3, 6))[persons[video]]
    return VideoFrames((places + 0.3 * rng.normal(size=(len(video), 6))).astype(np.float32), video, persons)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    out = tmp_path_factory.mktemp("weights") / "ksh_a.safetensors"
    return committed_kernel_hashers.train("ksh_a", frames(5, 1), frames(2, 2), out, bits=(4, 8), n_seeds=2, data=DATA)


def test_a_file_has_the_values_of_the_functions_that_are_learned_here(written):
    learned, asked = frames(5, 1), frames(2, 2)
    found = committed_kernel_hashers.read(learned, written)
    assert list(found) == [("ksh", k, seed) for k in (4, 8) for seed in (0, 1)]
    for (_, k, seed), stored in found.items():
        again = ksh.fit(learned.x, learned.persons[learned.video], k, np.random.default_rng([seed, k]))
        np.testing.assert_allclose(stored.project(asked.x), again.project(asked.x), rtol=1e-4, atol=1e-4)
        np.testing.assert_array_equal(stored.gains, again.gains)
        np.testing.assert_array_equal(stored.anchors, learned.x[stored.rows])


def test_the_card_has_the_map_before_and_after_rounding(written):
    card = cards.read(written)
    assert card["objectives"] == ["ksh"]
    assert card["accuracy"]["stored"] == card["accuracy"]["trained"]
    stored = committed_kernel_hashers.read(frames(5, 1), written)
    assert card["accuracy"]["stored"] == committed_hash_networks.accuracies(stored, frames(5, 1), frames(2, 2))


def test_other_frames_and_damaged_files_are_named(written, tmp_path):
    with pytest.raises(UserError, match="36 frames instead of 45"):
        committed_kernel_hashers.read(frames(4, 1), written)
    broken = tmp_path / "ksh_a.safetensors"
    tensors = load_file(written)
    del tensors["8.1.weights"]
    save_file(tensors, broken)
    cards.write({key: of for key, of in cards.read(written).items() if key not in ("sha256", "bytes")}, broken)
    with pytest.raises(UserError, match=r"no such hash functions.*8\.1\.weights"):
        committed_kernel_hashers.read(frames(5, 1), broken)


def test_a_page_gets_what_it_needs_of_a_file_or_the_reason_why_not(written, monkeypatch):
    monkeypatch.setattr(committed_hash_networks, "file", lambda name: written.with_name(f"{name}.safetensors"))
    learned, given = frames(5, 1), {"models": "committed", "dataset": "embedded"}
    found, why = committed_hashers.find("ksh_a", learned, given, [8], [1])
    assert (list(found), why) == ([("ksh", 8, 1)], "")
    assert committed_hashers.find("ksh_a", learned, given, [16], [1]) == ({}, "no bits [16]")
    assert committed_hashers.find("ksh_a", frames(4, 1), given, [8], [1])[1].startswith("12 videos instead of 15")
    here = given | {"models": "trained here"}
    assert committed_hashers.find("ksh_a", learned, here, [8], [1]) == ({}, "as asked for")
    other = {"models": "committed", "dataset": "folder"}
    assert committed_hashers.find("ksh_a", learned, other, [8], [1])[1] == "dataset='folder' instead of 'embedded'"
