"""Aggregation by hand, and against a plain loop over tracks."""

import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.video import key_features

BITS = np.array([[1, 1, 0, 0], [1, 1, 1, 0], [1, 0, 0, 0], [1, 0, 0, 0]], np.uint8)  # 4, 2, 1 and 0 of 4


def _film(rows: dict[int, list[int]], values: dict[tuple[int, int], np.ndarray], n_frames: int, d: int):
    """Arrays of a film from {track: frames}, features of a frame in descending order of track."""
    offsets, tracks, descriptors = [0], [], []
    for frame in range(n_frames):
        here = [track for track in sorted(rows, reverse=True) if frame in rows[track]]
        tracks += here
        descriptors += [values[track, frame] for track in here]
        offsets.append(len(tracks))
    table = np.array(descriptors, np.uint8).reshape(-1, d)
    return np.array(offsets, np.int64), table, np.array(tracks, np.int32)


def _one_track(n_frames):
    codes = np.packbits(np.pad(BITS[:n_frames], ((0, 0), (0, 252))), axis=1)
    return np.arange(n_frames + 1), codes, np.zeros(n_frames, np.int32), np.array([[0, n_frames]])


def _first_bits(keys):
    return np.unpackbits(keys.codes, axis=1)[:, :4].tolist()


def test_majority_needs_more_than_half():
    """Four features: counts 4, 2, 1, 0; a tie of two against two gives 0."""
    assert _first_bits(key_features.aggregate(*_one_track(4), longer_than=3)) == [[1, 0, 0, 0]]
    assert _first_bits(key_features.aggregate(*_one_track(3), longer_than=2)) == [[1, 1, 0, 0]]


def test_the_authors_need_two_whatever_the_length():
    assert _first_bits(key_features.aggregate(*_one_track(4), longer_than=3, rule="at_least_two")) == [[1, 1, 0, 0]]


def test_the_authors_rule_is_the_majority_for_two_and_three_features():
    for n in (2, 3):
        arrays = _one_track(n)
        both = [key_features.aggregate(*arrays, longer_than=1, rule=r).codes for r in ("majority", "at_least_two")]
        assert (both[0] == both[1]).all()


def test_sift_is_averaged():
    descriptors = np.array([[0, 7], [1, 7], [2, 10]], np.uint8).repeat(64, axis=1)
    tracks, offsets = np.zeros(3, np.int32), np.arange(4)
    keys = key_features.aggregate(offsets, descriptors, tracks, np.array([[0, 3]]), rule="mean", longer_than=2)
    assert keys.codes.dtype == np.float32
    assert keys.codes[0, [0, 127]].tolist() == [1.0, 8.0]


@pytest.mark.parametrize(("longer_than", "kept"), [(7, 1), (8, 1), (9, 0)])
def test_a_track_of_nine_frames_is_kept_above_eight_and_not_above_nine(longer_than, kept):
    codes, tracks = np.zeros((9, 32), np.uint8), np.zeros(9, np.int32)
    keys = key_features.aggregate(np.arange(10), codes, tracks, np.array([[0, 9]]), longer_than=longer_than)
    assert keys.lengths.tolist() == [9] * kept


def test_a_track_counts_inside_each_shot_by_itself():
    codes = np.zeros((12, 32), np.uint8)
    codes[5:] = 255
    arrays = np.arange(13), codes, np.zeros(12, np.int32)
    keys = key_features.aggregate(*arrays, np.array([[0, 5], [5, 12]]), longer_than=4)
    assert (keys.shots.tolist(), keys.lengths.tolist()) == ([0, 1], [5, 7])
    assert keys.codes[:, 0].tolist() == [0, 255]
    assert key_features.aggregate(*arrays, np.array([[5, 12]]), longer_than=4).shots.tolist() == [0]


@pytest.mark.parametrize("as_file", [False, True])
@pytest.mark.parametrize("rule", ["majority", "at_least_two", "mean"])
def test_aggregation_is_that_of_a_plain_loop_over_tracks(rule, as_file, tmp_path):
    rng = np.random.default_rng(1)
    d = 128 if rule == "mean" else 32
    rows = {}
    for track in range(150):
        first = int(rng.integers(0, 110))
        rows[track] = list(range(first, min(120, first + int(rng.integers(1, 40)))))
    values = {(t, f): rng.integers(0, 256, d, dtype=np.uint8) for t in rows for f in rows[t]}
    offsets, descriptors, tracks = _film(rows, values, 120, d)
    if as_file:
        descriptors.tofile(tmp_path / "codes.bin")
        descriptors = np.memmap(tmp_path / "codes.bin", np.uint8, "r", shape=descriptors.shape)
    shots = np.array([[0, 17], [17, 85], [85, 86], [90, 120]])
    keys = key_features.aggregate(offsets, descriptors, tracks, shots, rule=rule)
    want = []
    for shot, (start, stop) in enumerate(shots.tolist()):
        for track, frames in rows.items():
            inside = [values[track, f] for f in frames if start <= f < stop]
            if len(inside) > 7:
                want.append((shot, track, len(inside), _combine(np.array(inside), rule)))
    assert list(zip(keys.shots, keys.tracks, keys.lengths, strict=True)) == [w[:3] for w in want]
    np.testing.assert_array_equal(keys.codes, np.array([w[3] for w in want]))


def _combine(features: np.ndarray, rule: str) -> np.ndarray:
    if rule == "mean":
        return features.mean(axis=0).astype(np.float32)
    ones = np.unpackbits(features, axis=1).astype(int).sum(axis=0)
    return np.packbits([int(2 * c > len(features) if rule == "majority" else c >= 2) for c in ones])


def test_no_features_no_key_features():
    keys = key_features.aggregate(
        np.zeros(4, int), np.empty((0, 32), np.uint8), np.empty(0, np.int32), np.array([[0, 3]])
    )
    assert keys.codes.shape == (0, 32)
    assert keys.codes.dtype == np.uint8


def test_an_unknown_rule_names_the_known_ones():
    with pytest.raises(UserError, match="majority, at_least_two, mean"):
        key_features.rule_named("median")


@pytest.mark.parametrize(
    ("shots", "says"),
    [
        ([[0, 5], [5, 13]], "shots, row 1.*<= 12"),
        ([[-1, 5]], "row 0"),
        ([[4, 4]], "row 0"),
        ([[0, 6], [5, 12]], "begins before"),
        ([[5, 12], [0, 5]], "begins before"),
        ([[0.0, 5.0]], "float64"),
    ],
)
def test_shots_that_cannot_be_are_refused(shots, says):
    arrays = np.arange(13), np.zeros((12, 32), np.uint8), np.zeros(12, np.int32)
    assert len(key_features.aggregate(*arrays, np.array([[0, 5], [5, 12]]), longer_than=4).codes) == 2
    with pytest.raises(UserError, match=says):
        key_features.aggregate(*arrays, np.array(shots), longer_than=4)


def test_features_that_do_not_fit_together_are_refused():
    offsets, codes, tracks, shots = np.arange(13), np.zeros((12, 32), np.uint8), np.zeros(12, np.int32), [[0, 12]]
    for arguments, says in [
        ((offsets[:-1], codes, tracks), "offsets"),
        ((offsets, codes[:, :16], tracks), "descriptors"),
        ((offsets, codes.astype(float), tracks), "descriptors"),
        ((offsets, codes, tracks[:5]), "tracks"),
        ((offsets, codes, tracks - 1), "tracks"),
        ((np.array([0, 12]), codes, tracks), "twice in a frame"),
    ]:
        with pytest.raises(UserError, match=says):
            key_features.aggregate(*arguments, np.array(shots) if len(arguments[0]) > 2 else np.array([[0, 1]]))
