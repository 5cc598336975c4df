"""Films whose pictures say their number, in many containers and codecs, and films changed byte by byte."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 160, 96
N_BITS = 8
PACKET = 188
"""Bytes of a packet of a transport stream."""


def painted(number: int, width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.uint8]:
    """RGB picture with its number in binary as eight blocks (two rows of four), and a bright corner top left."""
    picture = np.full((height, width, 3), 128, np.uint8)
    for bit in range(N_BITS):
        row, column = divmod(bit, 4)
        top, left = height * (2 + 3 * row) // 8, width * (1 + 2 * column) // 9
        picture[top : top + height // 4, left : left + width // 9] = 235 if number >> bit & 1 else 20
    picture[: height // 8, : width // 9] = 255
    return picture


def number_in(image: NDArray[np.uint8]) -> int:
    """The number painted into a picture, grey or colour; -1 unless the bright corner is top left."""
    grey = image if image.ndim == 2 else image.mean(axis=2)
    height, width = grey.shape
    if grey[: height // 10, : width // 11].mean() < 200:
        return -1
    number = 0
    for bit in range(N_BITS):
        row, column = divmod(bit, 4)
        y, x = height * (2 + 3 * row) / 8 + height / 8, width * (1 + 2 * column) / 9 + width / 18
        number |= int(grey[int(y) - 3 : int(y) + 3, int(x) - 3 : int(x) + 3].mean() > 128) << bit
    return number


@contextmanager
def _stream(
    path: Path, codec: str, rate: int, options: dict[str, str], container: dict[str, str], size: tuple[int, int],
    kind: str | None, sound: bool,
) -> Iterator[tuple[av.container.OutputContainer, av.VideoStream]]:  # fmt: skip
    with av.open(str(path), "w", format=kind, options=container) as file:
        voice = file.add_stream("aac", rate=44100) if sound else None
        stream = file.add_stream(codec, rate=rate, options=options)
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        if voice is not None:
            for i in range(260):
                frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
                frame.sample_rate, frame.pts = 44100, 1024 * i
                file.mux(voice.encode(frame))
            file.mux(voice.encode(None))
        yield file, stream
        file.mux(stream.encode(None))


def write(
    path: Path,
    numbers: Iterable[int],
    codec: str = "libx264",
    *,
    rate: int = 25,
    first: int = 0,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    container: dict[str, str] | None = None,
    kind: str | None = None,
    sound: bool = False,
    **options: str,
) -> Path:
    """A film of the pictures with these numbers, at a steady rate, the first at `first` / `rate` seconds."""
    with _stream(path, codec, rate, options, container or {}, size, kind, sound) as (file, stream):
        for i, number in enumerate(numbers):
            frame = av.VideoFrame.from_ndarray(painted(number, *size), format="rgb24")
            frame.pts, frame.time_base = first + i, Fraction(1, rate)
            file.mux(stream.encode(frame))
    return path


def shift_times(data: bytes, ticks: int) -> bytes:
    """A transport stream with `ticks` of 90 kHz added to the times of its packets (PES and clock)."""
    out = bytearray(data)
    for at in range(0, len(out) - PACKET + 1, PACKET):
        head = at + 4
        if out[at + 3] & 0x20:  # adaptation field
            length = out[head]
            if length >= 7 and out[head + 1] & 0x10:
                clock = int.from_bytes(out[head + 2 : head + 8], "big")
                base = ((clock >> 15) + ticks) & (1 << 33) - 1
                out[head + 2 : head + 8] = (base << 15 | clock & 0x7FFF).to_bytes(6, "big")
            head += length + 1
        if out[at + 1] & 0x40 and out[head : head + 3] == b"\0\0\1" and 0xC0 <= out[head + 3] <= 0xEF:
            for k in range((out[head + 7] >> 6 & 1) + (out[head + 7] >> 7)):
                place = head + 9 + 5 * k
                b = out[place : place + 5]
                time = (b[0] >> 1 & 7) << 30 | b[1] << 22 | (b[2] >> 1) << 15 | b[3] << 7 | b[4] >> 1
                time = (time + ticks) & (1 << 33) - 1
                out[place] = b[0] & 0xF1 | time >> 30 << 1
                out[place + 1 : place + 3] = bytes([time >> 22 & 0xFF, time >> 14 & 0xFE | 1])
                out[place + 3 : place + 5] = bytes([time >> 7 & 0xFF, time << 1 & 0xFE | 1])
    return bytes(out)


def box(data: bytes, *names: bytes) -> int:
    """Where the content of a box of an MP4 begins, found through the boxes that hold it."""
    at, end = 0, len(data)
    for depth, name in enumerate(names):
        while data[at + 4 : at + 8] != name:
            at += int.from_bytes(data[at : at + 4], "big")
            if at >= end:
                raise LookupError(names[: depth + 1])
        end = at + int.from_bytes(data[at : at + 4], "big")
        at += 8
    return at


def with_matrix(path: Path, out: Path, matrix: tuple[int, int, int, int]) -> Path:
    """A copy of an MP4 whose picture track has the display matrix (a, b, c, d)."""
    data = bytearray(path.read_bytes())
    at = box(bytes(data), b"moov", b"trak", b"tkhd") + 40
    a, b, c, d = (value * 65536 for value in matrix)
    values = (a, b, 0, c, d, 0, 0, 0, 1 << 30)
    data[at : at + 36] = b"".join(value.to_bytes(4, "big", signed=True) for value in values)
    out.write_bytes(data)
    return out


def with_edit(path: Path, out: Path, start: float, seconds: float) -> Path:
    """A copy of an MP4 whose edit list shows `seconds` from `start` on, as a telephone's trim does."""
    data = bytearray(path.read_bytes())
    movie_scale = int.from_bytes(data[box(bytes(data), b"moov", b"mvhd") + 12 :][:4], "big")
    scale = int.from_bytes(data[box(bytes(data), b"moov", b"trak", b"mdia", b"mdhd") + 12 :][:4], "big")
    at = box(bytes(data), b"moov", b"trak", b"edts", b"elst") + 8
    begins = int.from_bytes(data[at + 4 : at + 8], "big")
    data[at : at + 8] = round(seconds * movie_scale).to_bytes(4, "big") + (begins + round(start * scale)).to_bytes(
        4, "big"
    )
    out.write_bytes(data)
    return out
