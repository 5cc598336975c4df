"""What is no film gives one sentence, and never waits."""

import os
import socket
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from tests.video.painted import write
from vretlib.errors import UserError
from vretlib.video import frames
from vretlib.video.sampling import sampled


def refused(path: str | Path, message: str) -> None:
    for read in (frames.probe, lambda p: next(frames.stream(p)), lambda p: next(sampled(p, 3))):
        with pytest.raises(UserError, match=message) as said:
            read(path)
        assert "\n" not in str(said.value)


def test_pipes_devices_and_sockets_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    refused(tmp_path / "pipe.mp4", r"pipe\.mp4: is a pipe or a device")
    refused("/dev/zero", "is a pipe or a device")
    (tmp_path / "link.mp4").symlink_to("/dev/zero")
    refused(tmp_path / "link.mp4", "is a pipe or a device")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.mp4"))
        refused(tmp_path / "socket.mp4", "is a pipe or a device")


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    refused(tmp_path / "none.mp4", "no such file")
    refused(tmp_path, "is a folder")
    refused("x" * 5000, "is no path of a file")
    refused("a\0b", "is no path of a file")
    (tmp_path / "loop.mp4").symlink_to(tmp_path / "loop.mp4")
    refused(tmp_path / "loop.mp4", "is no path of a file")
    (tmp_path / "empty.mp4").touch()
    refused(tmp_path / "empty.mp4", "the file is empty")
    (tmp_path / "file").write_text("x")
    refused(tmp_path / "file" / "film.mp4", "no such file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(tmp_path: Path) -> None:
    path = write(tmp_path / "film.mp4", range(2))
    path.chmod(0)
    refused(path, "may not be read")


@pytest.mark.parametrize("name", ["photo.jpg", "photo.png", "photo.mp4"])
def test_an_image_is_no_film(tmp_path: Path, name: str) -> None:
    Image.new("RGB", (64, 48)).save(tmp_path / name, format="PNG" if name.endswith("png") else "JPEG")
    refused(tmp_path / name, "single image")


def test_a_list_of_other_files_opens_none_of_them(tmp_path: Path) -> None:
    write(tmp_path / "film.ts", range(5))
    (tmp_path / "list.mp4").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfilm.ts\n#EXT-X-ENDLIST\n")
    (tmp_path / "joined.mp4").write_text("ffconcat version 1.0\nfile film.ts\n")
    for name in ("list.mp4", "joined.mp4"):
        refused(tmp_path / name, name)


def test_sound_with_a_cover_picture_is_no_film(tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    with av.open(str(path), "w") as file:
        voice = file.add_stream("mp3", rate=44100)
        cover = file.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 48, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        picture = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
        packets = [*cover.encode(picture), *cover.encode(None)]
        for i in range(8):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1152), np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 44100, 1152 * i
            file.mux(voice.encode(frame))
        file.mux(voice.encode(None))
        file.mux(packets)
    refused(path, r"song\.mp3: holds audio, with a cover picture, and no video stream")


def test_a_codec_that_nobody_knows_is_named(tmp_path: Path) -> None:
    data = write(tmp_path / "film.mp4", range(5)).read_bytes()
    assert data.count(b"avc1") >= 1
    (tmp_path / "odd.mp4").write_bytes(data.replace(b"avc1", b"qzx9").replace(b"avcC", b"qzxC"))
    refused(tmp_path / "odd.mp4", r"odd\.mp4: FFmpeg has no decoder")


def test_tags_and_names_in_any_encoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "film.mkv"
    with av.open(str(path), "w") as file:
        file.metadata["title"] = "Cafe XYZ"
        stream = file.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        file.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")))
        file.mux(stream.encode(None))
    path.write_bytes(path.read_bytes().replace(b"Cafe XYZ", b"Caf\xe9 \xff\xfe\x80"))
    assert frames.probe(path).n_frames == 1
    for name in (b"caf\xe9.mkv", b"a:b 100%d.mkv", b"pipe:0.mkv", b"-i.mkv"):
        odd = tmp_path / os.fsdecode(name)
        odd.write_bytes(path.read_bytes())
        assert frames.probe(odd).n_frames == 1
    monkeypatch.chdir(tmp_path)
    assert frames.probe("pipe:0.mkv").n_frames == 1
