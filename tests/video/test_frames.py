"""Frames: exact numbers and times, luma that means grey, damage that is never silent."""

import re

import av
import cv2
import numpy as np
import pytest

from tests.video.conftest import VARIABLE_MS, damaged, number_in, write_video
from tests.video.painted import write
from vretlib.errors import UserError
from vretlib.video import frames
from vretlib.video.packets import packet_index

WHOLE = ("b_frames", "variable", "offset", "transport")


@pytest.mark.parametrize("name", WHOLE)
def test_every_frame_has_the_number_that_its_picture_shows(videos, name):
    shown = [(frame.number, number_in(frame.image)) for frame in frames.stream(videos[name])]
    assert shown == [(i, i) for i in range(120)]


@pytest.mark.parametrize("name", WHOLE)
def test_probe_counts_frames_as_decoding_does(videos, name):
    assert frames.probe(videos[name]).n_frames == sum(1 for _ in frames.stream(videos[name]))


@pytest.mark.parametrize("name", WHOLE)
def test_reading_by_number_gives_the_pictures_that_streaming_gives(videos, name):
    wanted = [119, 3, 40, 41, 88, 3]
    images = frames.read(videos[name], wanted)
    assert {number: number_in(image) for number, image in images.items()} == {n: n for n in wanted}
    streamed = {frame.number: frame.image for frame in frames.stream(videos[name]) if frame.number in images}
    assert all((images[n] == streamed[n]).all() for n in images)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("start", [1, 29, 30, 31, 65, 119])
def test_starting_anywhere_starts_exactly_there(videos, name, start):
    assert number_in(next(frames.stream(videos[name], start=start)).image) == start


def test_times_are_those_that_were_written(videos):
    times = [frame.time for frame in frames.stream(videos["variable"])]
    np.testing.assert_allclose(times, np.array(VARIABLE_MS) / 1000, atol=1e-9)


@pytest.mark.parametrize("kind", ["mp4", "mkv", "mov", "webm", "ts"])
def test_pictures_alone_start_at_0_whenever_their_clock_does(tmp_path, kind):
    """A player's clock is at 0 when the first stream starts: 2 s on the file's own clock, if that is the pictures'."""
    codec = "libvpx-vp9" if kind == "webm" else "libx264"
    path = write(tmp_path / f"film.{kind}", range(20), codec, first=50)
    times = [frame.time for frame in frames.stream(path)]
    np.testing.assert_allclose(times, np.arange(20) / 25, atol=1e-3)


@pytest.mark.parametrize("kind", ["mp4", "mkv", "mov", "ts"])
def test_pictures_that_start_later_than_sound_keep_their_distance_to_it(tmp_path, kind):
    path = write(tmp_path / f"film.{kind}", range(20), first=50, sound=True)
    times = [frame.time for frame in frames.stream(path)]
    np.testing.assert_allclose(times, 2 + np.arange(20) / 25, atol=0.05)  # AAC begins up to 1,024 samples before 0


def test_probe_reports_size_rate_and_seconds(videos):
    info = frames.probe(videos["offset"])
    assert (info.width, info.height, info.n_frames, info.duration, info.fps) == (320, 192, 120, 4.8, 25.0)


def test_luma_is_the_grey_of_the_rgb_picture(videos):
    """Grey pictures: what the encoder changes apart, luma and grey of RGB are the same to rounding."""
    for name in ("b_frames", "ten_bit"):
        luma = frames.read(videos[name], [9])[9].astype(int)
        rgb = frames.read(videos[name], [9], colour="rgb")[9]
        assert np.abs(luma - cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)).max() <= 3
        assert luma[:32].min() <= 2  # black and white squares reach the ends of the range
        assert luma[:32].max() >= 253


def test_full_range_video_is_not_stretched(tmp_path):
    ramp = np.repeat(np.tile(np.arange(256, dtype=np.uint8), (64, 1))[..., None], 3, axis=2)
    path = write_video(tmp_path / "full.mkv", [ramp], pixels="yuvj420p", crf="1")
    luma = next(frames.stream(path)).image.astype(int)
    assert np.abs(luma - np.arange(256)).max() <= 4


def test_oblong_pixels_are_made_square(videos):
    info = frames.probe(videos["wide_pixels"])
    assert (info.width, info.height) == (427, 192)
    assert next(frames.stream(videos["wide_pixels"])).image.shape == (192, 427)
    assert next(frames.stream(videos["wide_pixels"], width=213)).image.shape == (96, 213)


def test_resize_keeps_the_aspect_and_averages_areas():
    image = np.kron(np.array([[10, 20], [30, 41]], np.uint8), np.ones((2, 2), np.uint8))
    assert frames.resize(image, 2).tolist() == [[10, 20], [30, 41]]
    assert frames.resize(np.zeros((360, 640), np.uint8)).shape == (405, 720)
    assert frames.resize(np.zeros((100, 1000, 3), np.uint8), 720).shape == (72, 720, 3)
    assert frames.resize(image, 4) is image


def test_cover_art_is_not_a_video_and_sound_alone_is_refused(tmp_path):
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("aac", rate=44100)
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 2048), np.float32), format="fltp", layout="mono")
        sound.sample_rate = 44100
        file.mux(stream.encode(sound))
        file.mux(stream.encode(None))
    with pytest.raises(UserError, match=r"sound\.mp4: holds audio and no video stream"):
        frames.probe(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "no such file"), (b"", "empty"), (b"This is not a film.\n" * 50, "cannot be opened as a video")],
)
def test_what_is_not_a_video_gives_one_message_with_its_path(tmp_path, content, message):
    path = tmp_path / "film.mp4"
    if content is not None:
        path.write_bytes(content)
    for attempt in (frames.probe, lambda p: list(frames.stream(p)), lambda p: frames.read(p, [0])):
        with pytest.raises(UserError, match=rf"film\.mp4: .*{message}"):
            attempt(path)


def test_a_folder_is_not_a_video(tmp_path):
    with pytest.raises(UserError, match="is a folder"):
        frames.probe(tmp_path)


def test_a_film_without_its_index_cannot_be_opened(videos):
    with pytest.raises(UserError, match="cut short"):
        frames.probe(videos["cut_moov_last"], on_damage="keep")


@pytest.mark.parametrize("name", ["cut_b_frames", "cut_variable"])
def test_a_film_cut_in_half_is_refused_before_its_first_frame(videos, name):
    for attempt in (frames.probe, lambda path: next(frames.stream(path))):
        with pytest.raises(UserError, match=r"truncated; it holds \d+ frames, about \d+ less"):
            attempt(videos[name])


@pytest.mark.parametrize("name", ["cut_b_frames", "cut_variable", "cut_transport"])
def test_a_film_cut_in_half_goes_on_where_asked_with_true_numbers(videos, name, said):
    found = [(frame.number, number_in(frame.image)) for frame in frames.stream(videos[name], on_damage="keep")]
    assert said
    assert all(message.endswith("the rest was used") for message in said)
    whole = [pair for pair in found[:-2] if pair[0] == pair[1]]
    assert len(found) > 30
    assert whole == found[:-2]  # the last picture may be torn itself


def test_the_warning_says_once_how_many_frames_are_lost(videos, said):
    index = packet_index(videos["cut_b_frames"])
    for _ in range(2):
        frames.probe(videos["cut_b_frames"], on_damage="keep")
    assert len(said) == 1
    assert f"holds {index.n_frames} frames, about {120 - index.n_frames} less" in said[0]


def test_nothing_is_said_of_a_loss_where_that_is_asked_for(videos, tmp_path, said):
    for path in (videos["cut_b_frames"], damaged(videos["b_frames"], tmp_path / "damaged.mp4", 61)):
        quiet = [(frame.number, number_in(frame.image)) for frame in frames.stream(path, on_damage="keep quietly")]
        assert not said
        loud = [(frame.number, number_in(frame.image)) for frame in frames.stream(path, on_damage="keep")]
        assert loud == quiet
        assert said
        said.clear()


def test_damage_inside_a_film_stops_or_leaves_a_gap_but_moves_no_number(videos, tmp_path, said):
    path = damaged(videos["b_frames"], tmp_path / "damaged.mp4", 61)
    with pytest.raises(UserError, match="damaged"):
        list(frames.stream(path))
    kept = {frame.number: number_in(frame.image) for frame in frames.stream(path, on_damage="keep")}
    assert re.search(r"frames could not be decoded and \d+ are damaged", said[-1])
    assert 61 not in kept
    outside = [n for n in range(120) if not 55 <= n < 90]  # the rest of its group of pictures leans on it
    assert all(kept[n] == n for n in outside)


def test_an_intact_film_gives_no_warning(videos, said):
    list(frames.stream(videos["b_frames"], stop=20))
    list(frames.stream(videos["b_frames"]))
    assert not said


@pytest.mark.parametrize("numbers", [[120], [-1], [5, 100000]])
def test_a_frame_that_is_not_there_is_named(videos, numbers):
    with pytest.raises(UserError, match=rf"frame {numbers[-1]} was asked for; it has 120 frames"):
        frames.read(videos["b_frames"], numbers)


def test_a_range_outside_the_film_is_refused(videos):
    with pytest.raises(UserError, match="Choose 0 <= start <= stop <= 120"):
        next(frames.stream(videos["b_frames"], start=50, stop=121))


@pytest.mark.parametrize(
    "wrong",
    [
        *({"colour": colour} for colour in ("grey", "RGB", None)),
        *({"width": width} for width in (0, -1, 64.5, "64")),
        *({"start": start} for start in (0.5, "0", None)),
        {"stop": 2.5},
        {"on_damage": "ignore"},
    ],
    ids=str,
)
def test_a_colour_a_width_a_range_or_a_rule_that_is_none_is_refused(videos, wrong):
    with pytest.raises(UserError, match=f"{next(iter(wrong))}="):
        next(frames.stream(videos["b_frames"], **wrong))


@pytest.mark.parametrize("numbers", [5, None, 5.0, "5", [0.5]])
def test_what_are_no_numbers_of_frames_is_refused(videos, numbers):
    with pytest.raises(UserError, match="numbers is"):
        frames.read(videos["b_frames"], numbers)
    with pytest.raises(UserError, match="None: is no path of a file"):
        frames.probe(None)


def test_a_changed_file_is_looked_at_again(videos, tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(videos["b_frames"].read_bytes())
    assert frames.probe(path).n_frames == 120
    path.write_bytes(videos["wide_pixels"].read_bytes())
    assert frames.probe(path).n_frames == 3
