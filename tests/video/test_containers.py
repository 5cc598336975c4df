"""Every container and codec: the number, the picture and the time of a frame agree, however a reader comes to it."""

from pathlib import Path

import numpy as np
import pytest

from tests.video.painted import number_in, write
from vretlib.video import frames
from vretlib.video.packets import packet_index
from vretlib.video.sampling import sampled

N = 45
B_FRAMES = {"bf": "2", "g": "12"}
X264 = {"preset": "ultrafast", "x264-params": "bframes=2:b-adapt=0:keyint=12:scenecut=0"}
OPEN_GROUPS = {"preset": "ultrafast", "x264-params": "bframes=2:b-adapt=0:keyint=12:scenecut=0:open-gop=1"}
REFRESH = {"preset": "ultrafast", "x264-params": "intra-refresh=1:keyint=20"}
VPX = {"auto-alt-ref": "1", "lag-in-frames": "10", "deadline": "realtime", "cpu-used": "8"}

FILMS = {
    "h264.mp4": ("libx264", X264, None),
    "h264_open.mp4": ("libx264", OPEN_GROUPS, None),
    "h264_refresh.mp4": ("libx264", REFRESH, None),
    "h264_fields.mp4": ("libx264", {"preset": "ultrafast", "x264-params": "interlaced=1:keyint=12"}, None),
    "h264.mkv": ("libx264", X264, None),
    "h264.mov": ("libx264", X264, None),
    "h264.avi": ("libx264", X264, None),
    "h264.ts": ("libx264", X264, None),
    "h264_open.ts": ("libx264", OPEN_GROUPS, None),
    "h264_refresh.ts": ("libx264", REFRESH, None),
    "h264.m2ts": ("libx264", X264, "mpegts"),
    "h264.flv": ("libx264", X264, None),
    "h264.3gp": ("libx264", X264, None),
    "hevc.mp4": ("libx265", {"x265-params": "log-level=none:keyint=12"}, None),
    "mpeg4.mp4": ("mpeg4", B_FRAMES, None),
    "mpeg4.mov": ("mpeg4", B_FRAMES, None),
    "mpeg4.avi": ("mpeg4", {"g": "12"}, None),
    "mpeg4_b.avi": ("mpeg4", B_FRAMES, None),
    "mpeg2.ts": ("mpeg2video", B_FRAMES, None),
    "mpeg2.mpg": ("mpeg2video", B_FRAMES, None),
    "mpeg2.vob": ("mpeg2video", B_FRAMES, "vob"),
    "mpeg2.mxf": ("mpeg2video", B_FRAMES, None),
    "mpeg1.mpg": ("mpeg1video", B_FRAMES, None),
    "vp8.webm": ("libvpx", VPX, None),
    "vp9.webm": ("libvpx-vp9", VPX, None),
    "wmv2.wmv": ("wmv2", {"g": "12"}, "asf"),
    "mjpeg.avi": ("mjpeg", {}, None),
}


@pytest.fixture(scope="module", params=FILMS)
def film(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    codec, options, kind = FILMS[request.param]
    path = tmp_path_factory.mktemp("film") / request.param
    try:
        return write(path, range(N), codec, kind=kind, **options)
    except ValueError as error:
        pytest.skip(f"this FFmpeg writes no {codec}: {error}")


def test_the_kth_frame_is_the_kth_picture(film: Path, said: list[str]) -> None:
    assert [(f.number, number_in(f.image)) for f in frames.stream(film)] == [(k, k) for k in range(N)]
    assert [number_in(f.image) for f in frames.stream(film, colour="rgb")] == list(range(N))
    assert not said


def test_probe_tells_what_was_written(film: Path) -> None:
    info = frames.probe(film)
    assert (info.width, info.height, info.n_frames) == (160, 96, N)
    assert (info.fps, info.duration) == (pytest.approx(25, abs=0.01), pytest.approx(N / 25, abs=0.001))


def test_times_go_forward_by_a_25th(film: Path) -> None:
    times = np.array([frame.time for frame in frames.stream(film)])
    np.testing.assert_allclose(times, np.arange(N) / 25, atol=0.0011)  # Matroska and Flash count milliseconds
    assert packet_index(film).times.tolist() == times.tolist()


def test_a_frame_asked_for_alone_is_the_same_as_on_the_way(film: Path) -> None:
    on_the_way = {frame.number: frame.image for frame in frames.stream(film)}
    for number in (*range(10, 27), N - 1, 0):
        np.testing.assert_array_equal(frames.read(film, [number])[number], on_the_way[number])


def test_samples_are_the_pictures_of_their_numbers(film: Path) -> None:
    found = [(frame.number, number_in(frame.image)) for frame in sampled(film, 5)]
    assert found == [(k, k) for k in range(0, N, 5)]
