"""Files that end before their own boxes do."""

from pathlib import Path

import pytest

from tests.video.painted import write
from vretlib.errors import UserError
from vretlib.video import frames
from vretlib.video.wholeness import missing_bytes


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("film.mp4", "libx264", {"movflags": "faststart"}),
        ("film.mp4", "libx264", {"movflags": "frag_keyframe+empty_moov"}),
        ("film.mkv", "libx264", {}),
        ("film.webm", "libvpx-vp9", {}),
        ("film.avi", "mpeg4", {}),
        ("film.wmv", "wmv2", {}),
        ("film.flv", "libx264", {}),
    ],
)
def test_a_whole_file_misses_nothing_and_a_cut_one_what_was_cut(
    tmp_path: Path, name: str, codec: str, options: dict[str, str]
) -> None:
    path = write(tmp_path / name, range(20), codec, container=options, g="5")
    assert missing_bytes(path) == 0
    data = path.read_bytes()
    path.write_bytes(data[:-700])
    assert missing_bytes(path) > 0
    path.write_bytes(data + bytes(50))  # what cameras and mail programs append
    assert missing_bytes(path) == 0


@pytest.mark.parametrize("name", ["film.ts", "film.mpg"])
def test_a_stream_promises_nothing(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, range(20), "mpeg2video")
    path.write_bytes(path.read_bytes()[:-700])
    assert missing_bytes(path) == 0


def test_a_recording_whose_length_was_not_known_promises_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "live.mkv", range(20), container={"live": "1"})
    path.write_bytes(path.read_bytes()[:-500])
    assert missing_bytes(path) == 0


def test_zeros_and_letters_promise_nothing(tmp_path: Path) -> None:
    for content in (bytes(40), b"x" * 40, b"RIFF", b"\x1a\x45\xdf\xa3", b"\0\0\0\0ftyp"):
        (tmp_path / "film").write_bytes(content)
        assert missing_bytes(tmp_path / "film") == 0


@pytest.mark.parametrize(("name", "codec"), [("film.flv", "libx264"), ("film.wmv", "wmv2")])
@pytest.mark.parametrize("sound", [False, True])
def test_last_bytes_that_hold_no_picture_are_not_missed(tmp_path: Path, name: str, codec: str, sound: bool) -> None:
    path = write(tmp_path / name, range(20), codec, g="5", sound=sound)
    while not missing_bytes(path):  # ASF ends with an index that its data do not count
        path.write_bytes(path.read_bytes()[:-1])
    assert missing_bytes(path) == 1
    assert frames.probe(path).n_frames == 20


@pytest.mark.parametrize(("name", "codec"), [("film.flv", "libx264"), ("film.wmv", "wmv2")])
def test_pictures_that_a_cut_took_are_missed(tmp_path: Path, name: str, codec: str) -> None:
    path = write(tmp_path / name, range(60), codec, g="5")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UserError, match="less"):
        frames.probe(path)
