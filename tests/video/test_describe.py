"""A film described in one pass, against the same steps done one after another in memory."""

import dataclasses
import json
import os
from dataclasses import asdict

import cv2
import numpy as np
import pytest

from tests.video.conftest import damaged, moving_scene, write_video
from vretlib import parallel
from vretlib.errors import UserError
from vretlib.features import local
from vretlib.video import describe, described_film, frames, key_features, key_frames, packets, shots, tracks
from vretlib.video.described_film import SIFT, DescribeOptions

OPTIONS = DescribeOptions(width=320, n_features=200)
CUTS = [[0, 30], [30, 55], *([f, f + 1] for f in range(55, 60)), [60, 80]]


@pytest.fixture(scope="module")
def described(film, tmp_path_factory):
    return describe.describe(film, tmp_path_factory.mktemp("described") / "film", options=OPTIONS, name="Three scenes")


@pytest.fixture(scope="module")
def one_by_one(film):
    images = [frame.image for frame in frames.stream(film, width=320)]
    features = [local.orb_brief(image, n_features=200) for image in images]
    tracker = tracks.Tracker(tracks.match)
    return features, [tracker.update(f.descriptors, f.xy)[0] for f in features]


def test_features_and_tracks_are_those_of_the_single_steps(described, one_by_one):
    features, numbers = one_by_one
    assert described.offsets.tolist() == np.cumsum([0] + [len(f.xy) for f in features]).tolist()
    np.testing.assert_array_equal(described.codes, np.concatenate([f.descriptors for f in features]))
    np.testing.assert_array_equal(described.xy, np.concatenate([f.xy for f in features]))
    np.testing.assert_array_equal(described.tracks, np.concatenate(numbers))


def test_shots_end_at_the_cuts_and_black_frames_stand_alone(described):
    assert described.shots.tolist() == CUTS


def test_key_features_are_the_majority_of_each_long_track(described, one_by_one):
    by_track: dict[int, list[np.ndarray]] = {}
    for features, numbers in zip(*one_by_one, strict=True):
        for code, number in zip(features.descriptors, numbers.tolist(), strict=True):
            by_track.setdefault(number, []).append(code)
    long = {number: codes for number, codes in by_track.items() if len(codes) > 7}
    assert len(long) > 50
    assert described.key_tracks.tolist() == sorted(long)
    assert described.key_lengths.tolist() == [len(long[number]) for number in sorted(long)]
    for number, code in zip(described.key_tracks.tolist(), described.key_codes, strict=True):
        bits = np.unpackbits(np.array(long[number]), axis=1)
        np.testing.assert_array_equal(np.unpackbits(code), bits.mean(axis=0) > 0.5)
    assert set(described.key_shots.tolist()) == {0, 1, 7}


def test_times_name_and_thumbnails_belong_to_frames(described):
    np.testing.assert_allclose(described.times, np.arange(80) / 25)
    assert described.name == "Three scenes"
    assert described.thumbnails.shape == (80, 38, 64)  # 5 x 5 pixels each, the last two lines cut
    assert described.thumbnails[57].max() == 0


def test_loading_gives_what_describing_gave(described, film, tmp_path):
    again = described_film.load(describe_into(film, tmp_path / "again"))
    for field in dataclasses.fields(described):
        a, b = getattr(described, field.name), getattr(again, field.name)
        if isinstance(a, np.ndarray):
            assert (a.dtype, a.shape) == (b.dtype, b.shape)
            np.testing.assert_array_equal(a, b)
    assert again.options == OPTIONS
    assert again.info == described.info


def describe_into(film, out, **options):
    describe.describe(film, out, options=dataclasses.replace(OPTIONS, **options))
    return out


def test_other_rules_without_decoding_give_what_a_new_pass_gives(described, film, tmp_path):
    usual = int(np.median(described.n_common))
    cases = [
        ({"shot_rule": "authors"}, "shots"),
        ({"common_tracks": usual}, "shots"),
        ({"longer_than": 3}, "key_codes"),
        ({"key_feature_rule": "at_least_two"}, "key_codes"),
    ]
    for i, (changes, different) in enumerate(cases):
        new_pass = described_film.load(describe_into(film, tmp_path / str(i), **changes))
        aggregated = describe.with_options(described, **changes)
        for name in ("shots", "key_codes", "key_shots", "key_tracks", "key_lengths"):
            np.testing.assert_array_equal(getattr(aggregated, name), getattr(new_pass, name))
        assert not np.array_equal(getattr(aggregated, different), getattr(described, different))


def test_what_the_pass_decides_cannot_be_changed_afterwards(described):
    with pytest.raises(UserError, match="max_hamming"):
        describe.with_options(described, max_hamming=30)


def test_threads_do_not_change_a_thing(film, described, monkeypatch):
    for n in (1, 3):
        monkeypatch.setattr(parallel, "n_threads", lambda n=n: n)
        found = list(describe.track(film, options=OPTIONS))
        np.testing.assert_array_equal(np.concatenate([f.features.descriptors for f in found]), described.codes)
        np.testing.assert_array_equal(np.concatenate([f.tracks for f in found]), described.tracks)


def test_opencvs_threads_are_left_as_they_were(film):
    before = cv2.getNumThreads()
    frames_found = describe.track(film, options=OPTIONS)
    next(frames_found)
    frames_found.close()
    assert cv2.getNumThreads() == before


def test_sift_tracks_are_averaged(film, tmp_path):
    options = dataclasses.replace(SIFT, width=320, n_features=60)
    found = describe.describe(film, tmp_path / "sift", options=options)
    assert found.codes.shape[1] == 128
    assert found.key_codes.dtype == np.float32
    assert found.shots.tolist() == CUTS
    track, shot = found.key_tracks[0], found.shots[found.key_shots[0]]
    rows = np.arange(found.offsets[shot[0]], found.offsets[shot[1]])
    mine = found.codes[rows[found.tracks[rows] == track]]
    assert len(mine) == found.key_lengths[0]
    np.testing.assert_array_equal(found.key_codes[0], mine.mean(axis=0).astype(np.float32))


def test_a_range_can_be_tracked_without_describing_the_film(film, described):
    found = list(describe.track(film, options=OPTIONS, start=40, stop=45))
    assert [f.number for f in found] == [40, 41, 42, 43, 44]
    assert found[0].n_common == 0
    np.testing.assert_array_equal(
        np.concatenate([f.features.descriptors for f in found]),
        described.codes[described.offsets[40] : described.offsets[45]],
    )


def test_a_film_of_black_frames_has_shots_and_nothing_else(tmp_path):
    path = write_video(tmp_path / "black.mp4", [np.zeros((96, 128, 3), np.uint8)] * 4)
    found = describe.describe(path, tmp_path / "out", options=OPTIONS)
    assert found.codes.shape == (0, 32)
    assert found.shots.tolist() == [[0, 1], [1, 2], [2, 3], [3, 4]]
    assert found.key_codes.shape == (0, 32)


@pytest.mark.parametrize("options", [OPTIONS, dataclasses.replace(SIFT, width=320)])
def test_a_film_of_one_frame_is_described_and_has_no_key_feature(tmp_path, options):
    path = write_video(tmp_path / "one.mp4", moving_scene(5, 1))
    found = describe.describe(path, tmp_path / "out", options=options)
    assert found.shots.tolist() == [[0, 1]]
    assert (len(found.codes) > 20, len(found.key_codes), len(found.key_shots)) == (True, 0, 0)
    assert key_frames.of_film(found).tolist() == [0]
    assert describe.with_options(found, shot_rule="authors").shots.tolist() == [[0, 1]]


def test_lost_frames_are_rows_without_features(videos, tmp_path, said):
    with pytest.raises(UserError, match="truncated"):
        describe.describe(videos["cut_b_frames"], tmp_path / "out", options=OPTIONS)
    assert not any(tmp_path.iterdir())
    n_frames = packets.packet_index(videos["cut_b_frames"]).n_frames
    found = describe.describe(videos["cut_b_frames"], tmp_path / "out", options=OPTIONS, on_damage="keep")
    truncated, lost = said
    assert "truncated" in truncated
    assert "could not be decoded" in lost
    assert len(found.times) == len(found.thumbnails) == len(found.offsets) - 1 == n_frames


def test_frames_lost_inside_a_film_shift_no_other_row(videos, tmp_path, said):
    path = damaged(videos["b_frames"], tmp_path / "damaged.mp4", 61)
    whole = describe.describe(videos["b_frames"], tmp_path / "whole", options=OPTIONS)
    found = describe.describe(path, tmp_path / "out", options=OPTIONS, on_damage="keep")
    assert "could not be decoded" in said[-1]
    n, m = np.diff(found.offsets), np.diff(whole.offsets)
    assert (n[61], found.n_common[61], found.thumbnails[61].max()) == (0, 0, 0)
    first_after = 62 + int(np.argmax(n[62:] > 0))
    assert found.n_common[first_after] == 0
    assert n[:55].tolist() == m[:55].tolist()
    assert n[90:].tolist() == m[90:].tolist()
    np.testing.assert_array_equal(found.codes[found.offsets[95] :], whole.codes[whole.offsets[95] :])


def test_nothing_is_left_when_a_pass_is_interrupted(film, tmp_path, monkeypatch):
    real = local.orb_brief

    def interrupted(luma, **options):
        interrupted.calls += 1
        if interrupted.calls > 20:
            raise KeyboardInterrupt
        return real(luma, **options)

    interrupted.calls = 0
    monkeypatch.setattr(local, "orb_brief", interrupted)
    with pytest.raises(KeyboardInterrupt):
        describe.describe(film, tmp_path / "out", options=OPTIONS)
    assert not any(tmp_path.iterdir())


def test_an_empty_folder_may_be_there_and_a_full_one_is_kept(film, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    describe.describe(film, out, options=OPTIONS)
    with pytest.raises(UserError, match="not an empty folder"):
        describe.describe(film, out, options=OPTIONS)
    assert described_film.load(out).shots.tolist() == CUTS


def test_a_damaged_description_is_refused(film, tmp_path):
    out = describe_into(film, tmp_path / "out")
    os.truncate(out / "codes.bin", 100)
    with pytest.raises(UserError, match=r"codes\.bin has 100 bytes"):
        described_film.load(out)
    with pytest.raises(UserError, match="no complete described film"):
        described_film.load(tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"features": "surf"},
        {"width": 0},
        {"n_features": 0},
        {"max_hamming": 0},
        {"shot_rule": "mine"},
        {"key_feature_rule": "median"},
        {"key_feature_rule": "mean"},
        {"features": "sift"},
        {"common_tracks": -1},
        {"longer_than": -1},
        {"width": "720"},
        {"width": 720.5},
        {"n_features": float("nan")},
        {"max_hamming": 20.5},
        {"common_tracks": 1.5},
        {"longer_than": None},
        {"shot_rule": ["thesis"]},
    ],
)
def test_options_that_mean_nothing_are_refused_before_work_starts(wrong):
    with pytest.raises(UserError):
        DescribeOptions(**wrong)


def test_options_may_be_numbers_of_numpy_and_are_kept_as_pythons():
    """A description's options are written as JSON at the end of a long pass."""
    options = DescribeOptions(width=np.int64(720), common_tracks=np.uint8(1), max_displacement=np.float32(100))
    assert options == DescribeOptions(common_tracks=1)
    assert json.loads(json.dumps(asdict(options))) == asdict(options)


def test_defaults_are_the_thesis():
    """§5.2.1, and OpenCV's 500 corners (85 million features of 196,572 frames are 432 each)."""
    options = DescribeOptions()
    assert (options.width, options.n_features, options.max_hamming, options.max_displacement) == (720, 500, 20, 100.0)
    assert (options.longer_than, options.key_feature_rule, shots.RULES[options.shot_rule]) == (
        7,
        "majority",
        (0, False),
    )
    assert key_features.RULES[options.key_feature_rule].combine is key_features.majority
