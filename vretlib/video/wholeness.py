"""Bytes that a file lacks according to the boxes and chunks of its container.

Counts of frames and durations in headers do not show a loss: an edit list, empty chunks and a stop of the recorder
leave fewer pictures in a whole file. A box that reaches past the end of the file does.
"""

import struct
from pathlib import Path
from typing import BinaryIO

_MP4 = (b"ftyp", b"moov", b"mdat", b"moof", b"free", b"skip", b"wide", b"pnot")
_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
_FLASH_SIZE = b"\x00\x08filesize\x00"
_ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")


def missing_bytes(path: str | Path) -> int:
    """Bytes by which the outermost boxes of an MP4, AVI, Matroska, ASF or Flash file reach beyond its end.

    0 for other containers and for recordings whose header states that the length is not known.
    """
    size = Path(path).stat().st_size
    with open(path, "rb") as file:
        head = file.read(16)
        file.seek(0)
        if head[4:8] in _MP4:
            promised = _boxes_end(file, size)
        elif head[:4] == b"RIFF":
            promised = _riffs_end(file, size)
        elif head[:4] == _EBML:
            promised = _segment_end(file)
        elif head == _ASF_HEADER:
            promised = _asf_end(file, size)
        elif head[:3] == b"FLV":
            promised = _flash_end(file)
        else:
            promised = 0
    return max(0, promised - size)


def _boxes_end(file: BinaryIO, size: int) -> int:
    """End of the last box that belongs to the film; boxes that a camera adds behind it are ignored."""
    at = end = 0
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length < 8:  # 0: up to the end of the file
            break
        at += length
        if kind in (b"moov", b"mdat", b"moof"):
            end = at
    return end


def _riffs_end(file: BinaryIO, size: int) -> int:
    """End of the last RIFF of an AVI file; large files have several. A recorder that was stopped leaves length 0."""
    at = end = 0
    while at + 12 <= size:
        file.seek(at)
        head = file.read(12)
        length = int.from_bytes(head[4:8], "little")
        if head[:4] != b"RIFF" or not 0 < length < 0xFFFFFFFF:
            break
        end = at + 8 + length
        at = end + length % 2
    return end


def _segment_end(file: BinaryIO) -> int:
    """End of Matroska's segment; 0 if its length is marked as unknown."""
    while True:
        name = _number(file, keep_marker=True)
        length = _number(file, keep_marker=False)
        if name is None or length is None:
            return 0
        if name == int.from_bytes(_SEGMENT, "big"):
            return file.tell() + length
        if name != int.from_bytes(_EBML, "big"):
            return 0
        file.seek(length, 1)


def _number(file: BinaryIO, *, keep_marker: bool) -> int | None:
    """EBML's number of variable length; None at the end of the file, or where all its bits mark it as unknown."""
    first = file.read(1)
    if not first or not first[0]:
        return None
    n_more = 8 - first[0].bit_length()
    value = int.from_bytes(first + file.read(n_more), "big")
    if keep_marker:
        return value
    value &= (1 << 7 * (n_more + 1)) - 1
    return None if value == (1 << 7 * (n_more + 1)) - 1 else value


def _asf_end(file: BinaryIO, size: int) -> int:
    """End of ASF's data object, or of the last object before the file's end; 0 in broadcasts, which state no length."""
    at = 0
    while at + 24 <= size:
        file.seek(at)
        head = file.read(24)
        length = int.from_bytes(head[16:24], "little")
        if length < 24:
            return 0
        at += length
        if head[:16] == _ASF_DATA:
            return at
    return at


def _flash_end(file: BinaryIO) -> int:
    """File size that the first tag of a Flash video states; 0 if it states none."""
    head = file.read(64 * 1024)
    at = head.find(_FLASH_SIZE)
    if at < 0 or at + len(_FLASH_SIZE) + 8 > len(head):
        return 0
    size = struct.unpack(">d", head[at + len(_FLASH_SIZE) :][:8])[0]
    return int(size) if 0 < size < 2**53 else 0
