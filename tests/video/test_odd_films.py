"""Films as cameras, recorders and tools write them: whole, in order, at a player's times; what is lost is said."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.video.painted import PACKET, number_in, painted, shift_times, with_edit, with_matrix, write
from vretlib import logs
from vretlib.errors import UserError
from vretlib.video import damage, frames
from vretlib.video.packets import packet_index
from vretlib.video.sampling import sampled
from vretlib.video.wholeness import missing_bytes

X264 = {"preset": "ultrafast", "x264-params": "bframes=2:b-adapt=0:keyint=12:scenecut=0"}


def check(path: Path, numbers: list[int], times: np.ndarray | None = None) -> frames.VideoInfo:
    """All ways to read a film give these pictures, and nothing is said about damage."""
    with logs.kept() as said:
        info = frames.probe(path)
        shown = list(frames.stream(path))
        assert [number_in(frame.image) for frame in shown] == numbers
        assert [frame.number for frame in shown] == list(range(len(numbers))) == list(range(info.n_frames))
        for number in (len(numbers) - 1, len(numbers) // 2, 0):
            assert number_in(frames.read(path, [number])[number]) == numbers[number]
        some = list(sampled(path, 6))
        assert [number_in(frame.image) for frame in some] == [numbers[frame.number] for frame in some]
        if times is not None:
            np.testing.assert_allclose([frame.time for frame in shown], times, atol=0.002)
        assert info.duration == pytest.approx(shown[-1].time - shown[0].time + 0.04, abs=0.05)
    assert not said
    return info


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("stream") / "film.ts", range(50), **X264)


@pytest.fixture(scope="module")
def telephone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("telephone") / "film.mp4", range(60), **X264)


@pytest.mark.parametrize("seconds", [-60.0, -1.0, 0.0, 2.0, 100.0])
def test_joined_recordings_follow_one_another(stream: Path, tmp_path: Path, seconds: float) -> None:
    """The second one's times go on from -60 to 100 seconds after the first one's begin."""
    again = write(tmp_path / "again.ts", range(50, 100), **X264).read_bytes()
    joined = tmp_path / "joined.ts"
    joined.write_bytes(
        shift_times(stream.read_bytes(), 100 * 90_000) + shift_times(again, int((100 + seconds) * 90_000))
    )
    info = check(joined, list(range(100)), np.arange(100) / 25)
    assert (info.fps, info.duration) == (pytest.approx(25), pytest.approx(4))


def test_a_pause_of_a_few_seconds_between_recordings_stays(stream: Path, tmp_path: Path) -> None:
    again = write(tmp_path / "again.ts", range(50, 100), **X264).read_bytes()
    joined = tmp_path / "joined.ts"
    joined.write_bytes(stream.read_bytes() + shift_times(again, 5 * 90_000))
    check(joined, list(range(100)), np.concatenate([np.arange(50) / 25, 5 + np.arange(50) / 25]))


def test_joined_program_streams_count_on(tmp_path: Path) -> None:
    parts = [write(tmp_path / f"{i}.mpg", range(30 * i, 30 * i + 30), "mpeg2video", g="12", bf="2") for i in (0, 1)]
    joined = tmp_path / "joined.mpg"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    check(joined, list(range(60)), np.arange(60) / 25)


def test_a_recording_that_begins_between_key_frames_begins_with_the_first_picture_that_can_be_shown(
    stream: Path, tmp_path: Path
) -> None:
    with av.open(str(stream)) as file:
        packets = [(p.pos, p.is_keyframe, p.pts) for p in file.demux(video=0) if p.size]
    keys = [i for i, (_, is_key, _) in enumerate(packets) if is_key]
    data = stream.read_bytes()
    cut = tmp_path / "cut.ts"
    cut.write_bytes(data[: 3 * PACKET] + data[packets[keys[1] - 4][0] :])  # the tables, and from between two key frames
    first = sorted(pts for *_, pts in packets).index(packets[keys[1]][2])
    info = check(cut, list(range(first, 50)))
    assert info.n_frames == 50 - first


@pytest.mark.parametrize(("start", "seconds"), [(0.0, 1.2), (0.4, 1.0), (0.2, 2.2)])
def test_a_trimmed_film_is_whole(telephone: Path, tmp_path: Path, start: float, seconds: float) -> None:
    path = with_edit(telephone, tmp_path / "trimmed.mp4", start, seconds)
    first, n = round(25 * start), min(60 - round(25 * start), round(25 * seconds))
    info = check(path, list(range(first, first + n)), np.arange(n) / 25)
    assert info.n_frames == n


def test_empty_chunks_of_avi_repeat_a_frame(tmp_path: Path) -> None:
    path = tmp_path / "film.avi"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        shown = [0, 1, 2, 10, 20, 21, 40]
        for at in shown:
            frame = av.VideoFrame.from_ndarray(painted(at), format="rgb24")
            frame.pts, frame.time_base = at, Fraction(1, 25)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    check(path, shown, np.array(shown) / 25)


def test_a_picture_that_begins_after_the_sound_keeps_a_players_time(tmp_path: Path) -> None:
    path = write(tmp_path / "late.mp4", range(60), first=75, sound=True, **X264)
    info = check(path, list(range(60)), 3 + np.arange(60) / 25)
    assert (info.start, info.duration, info.end) == (pytest.approx(3), pytest.approx(2.4), pytest.approx(5.4))
    index = packet_index(path)
    assert [index.frame_at(at) for at in (3.0, 4.0, 5.38)] == [0, 25, 59]
    for outside in (2.9, 5.6):
        with pytest.raises(UserError, match=r"film (ends|shows its first picture) at"):
            index.frame_at(outside)


def test_the_clock_of_a_transport_stream_begins_at_its_start(stream: Path) -> None:
    assert frames.probe(stream).start == pytest.approx(0, abs=1e-6)


ROTATIONS = {
    "clockwise": ((0, 1, -1, 0), lambda p: np.rot90(p, -1)),
    "upside down": ((-1, 0, 0, -1), lambda p: np.rot90(p, 2)),
    "counter-clockwise": ((0, -1, 1, 0), np.rot90),
    "mirrored": ((-1, 0, 0, 1), lambda p: p[:, ::-1]),
    "flipped": ((1, 0, 0, -1), lambda p: p[::-1]),
    "transposed": ((0, 1, 1, 0), lambda p: p.swapaxes(0, 1)),
    "rotated and mirrored": ((0, -1, -1, 0), lambda p: np.rot90(p, 2).swapaxes(0, 1)),
}


@pytest.mark.parametrize("name", ROTATIONS)
def test_pictures_stand_upright(telephone: Path, tmp_path: Path, name: str) -> None:
    matrix, rotated = ROTATIONS[name]
    path = with_matrix(telephone, tmp_path / "turned.mp4", matrix)
    stored = frames.read(telephone, [7], colour="rgb")[7]
    expected = rotated(stored)
    info = frames.probe(path)
    assert (info.height, info.width) == expected.shape[:2]
    np.testing.assert_array_equal(frames.read(path, [7], colour="rgb")[7], expected)
    np.testing.assert_array_equal(frames.read(path, [7])[7], rotated(frames.read(telephone, [7])[7]))
    first = next(sampled(path, 1))
    np.testing.assert_array_equal(first.image, rotated(next(sampled(telephone, 1)).image))


def test_a_film_that_changes_its_size_keeps_its_first_one_and_says_so_once(
    stream: Path, tmp_path: Path, said: list[str]
) -> None:
    tall = write(tmp_path / "tall.ts", range(50, 100), size=(96, 160), **X264)
    joined = tmp_path / "joined.ts"
    joined.write_bytes(stream.read_bytes() + shift_times(tall.read_bytes(), 180_000))
    assert frames.probe(joined).n_frames == 100
    for read in (lambda: list(frames.stream(joined)), lambda: list(sampled(joined, 10))):
        found = read()
        assert {frame.image.shape[:2] for frame in found} == {(96, 160)}
        assert [number_in(frame.image) for frame in found] == [frame.number for frame in found]
        assert said == [f"{joined}: pictures change from 160x96 to 96x160; all are brought to the first size"]
        damage.warn_once.cache_clear()
        said.clear()


def test_a_film_of_one_frame_has_a_length(tmp_path: Path) -> None:
    for name, codec in (("one.mp4", "libx264"), ("one.avi", "mpeg4"), ("one.ts", "mpeg2video"), ("one.mkv", "libx264")):
        info = check(write(tmp_path / name, [7], codec), [7])
        assert info.duration > 0


@pytest.mark.parametrize("fps", [1e9, 1e300])
def test_more_samples_a_second_than_there_are_frames_give_every_frame(telephone: Path, fps: float) -> None:
    assert [frame.number for frame in sampled(telephone, fps)] == list(range(60))


def test_a_torn_film_says_what_is_lost_and_goes_on_where_asked(stream: Path, tmp_path: Path, said: list[str]) -> None:
    with av.open(str(stream)) as file:
        key = [p.pos for p in file.demux(video=0) if p.size][24]
    data = stream.read_bytes()
    path = tmp_path / "torn.ts"
    path.write_bytes(data[: key + PACKET] + data[key + 2 * PACKET :])  # 188 bytes of a key frame were not received
    for read in (frames.probe, lambda p: list(frames.stream(p)), lambda p: list(sampled(p, 3))):
        with pytest.raises(UserError, match=r"torn\.ts: damaged; .*damaged='keep what is whole'"):
            read(path)
    kept = [number_in(frame.image) for frame in frames.stream(path, on_damage="keep")]
    assert said[0].endswith("the rest was used")
    assert kept[:24] == list(range(24))
    assert kept[36:] == list(range(36, 50))


def test_pictures_that_threads_would_lose_are_counted(tmp_path: Path, said: list[str]) -> None:
    """The last packet is torn: the pictures before it, which the decoder still holds then, are whole."""
    path = write(tmp_path / "film.mpg", range(30), "mpeg2video", g="12", bf="2")
    stream = write(tmp_path / "film.flv", range(40), container={"flvflags": "no_metadata"}, **X264)
    whole = stream.read_bytes()
    stream.write_bytes(whole[:-60])
    numbers = [number_in(frame.image) for frame in frames.stream(stream, on_damage="keep")]
    assert said[0].endswith("the rest was used")
    with av.open(str(stream)) as file:
        n_whole = sum(1 for packet in file.demux(video=0) if packet.size and not packet.is_corrupt)
    assert numbers[: n_whole - 2] == list(range(n_whole - 2))
    assert len(numbers) >= n_whole
    assert [number_in(frame.image) for frame in frames.stream(path)] == list(range(30))


@pytest.mark.parametrize(("name", "codec"), [("film.flv", "libx264"), ("film.avi", "mpeg4"), ("film.wmv", "wmv2")])
def test_a_film_cut_short_is_said_to_be(tmp_path: Path, name: str, codec: str) -> None:
    path = write(tmp_path / name, range(60), codec, g="10")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with pytest.raises(UserError, match=r"truncated; it holds \d+ frames, about \d+ less than its header says"):
        frames.probe(path)


@pytest.mark.parametrize(("name", "codec"), [("film.mp4", "libx264"), ("film.mkv", "libx264"), ("film.avi", "mpeg4")])
def test_a_file_that_lost_its_last_bytes_and_no_picture_is_whole(tmp_path: Path, name: str, codec: str) -> None:
    path = write(tmp_path / name, range(30), codec, g="10")
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b"idx1")] if name == "film.avi" else data[:-5])
    assert missing_bytes(path) > 0
    check(path, list(range(30)), np.arange(30) / 25)
