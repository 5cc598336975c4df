"""What a video file holds, read from its packets without decoding a picture.

The presentation time of every packet is known after one pass over the file. Sorted, the times are the frames in
display order: a frame's number is the rank of its time, whatever the frame rate does and however B-frames are stored.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.stream import VideoStream

from vretlib.errors import UserError

_ADVICE = "Play it to check it, or convert it again (for example with ffmpeg) from its source."


@dataclass(frozen=True)
class PacketIndex:
    """Frames of a file by the times of their packets.

    Attributes
    ----------
    n_frames: frames that the file holds, not counting those that an edit list cuts away.
    n_missing: frames that the container promises beyond those; 0 if it promises none, as a transport stream.
    pts: presentation times in units of `time_base`, ascending, int64 (n_frames,); None where the file doesn't give
        every frame a time of its own (some AVI files), so that frames can only be counted.
    keys: times of the key packets, ascending, at which decoding can start.
    duration: seconds from the first frame's start to the last frame's end.
    pixel_aspect: width of a stored pixel over its height; 1 where the file doesn't say.
    """

    n_frames: int
    n_missing: int
    pts: np.ndarray | None
    keys: np.ndarray
    time_base: Fraction
    duration: float
    pixel_aspect: Fraction

    def time(self, number: int) -> float:
        """Presentation time of a frame in seconds; evenly spread where the file gives none."""
        if self.pts is None:
            return number * self.duration / self.n_frames
        return float(int(self.pts[number]) * self.time_base)

    def number(self, pts: int | None) -> int | None:
        """Frame number of a presentation time, or None if no frame has it."""
        if self.pts is None or pts is None:
            return None
        rank = int(np.searchsorted(self.pts, pts))
        return rank if rank < self.n_frames and self.pts[rank] == pts else None


@contextmanager
def open_video(path: str | Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Container and first real video stream of a file (cover art doesn't count), or a UserError saying what it is."""
    path = Path(path)
    if not path.exists():
        raise UserError(f"{path}: no such file; expected a video. Check the path.")
    if path.is_dir():
        raise UserError(f"{path}: is a folder; expected one video file. Give the path of a file in it.")
    if path.stat().st_size == 0:
        raise UserError(f"{path}: the file is empty (0 bytes); expected a video. Copy or download it again.")
    try:
        container = av.open(str(path))
    except av.error.PermissionError as error:
        raise UserError(f"{path}: may not be read; expected a video. Change the file's permissions.") from error
    except av.error.FFmpegError as error:
        raise UserError(
            f"{path}: cannot be opened as a video ({error.strerror}); it is another kind of file, or its "
            f"index is missing because it was cut short. {_ADVICE}"
        ) from error
    with container:
        streams = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
        if not streams:
            kinds = ", ".join(sorted({s.type for s in container.streams})) or "nothing"
            raise UserError(f"{path}: holds {kinds} and no video stream. Give a file with pictures.")
        yield container, streams[0]


def packet_index(path: str | Path) -> PacketIndex:
    """Frames of a file, from one pass over its packets (about 200,000 frames a second); remembered until it changes."""
    path = Path(path)
    if not path.is_file():
        with open_video(path):  # says what is wrong
            pass
    status = path.stat()
    return _packet_index(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=512)
def _packet_index(path: Path, _modified: int, _size: int) -> PacketIndex:
    with open_video(path) as (container, stream):
        shown, ends, keys, n_samples = [], [], [], 0
        for packet in readable_packets(container, stream):
            n_samples += 1
            if packet.is_discard or not _visible(packet, stream):
                continue
            shown.append(packet.pts)
            if packet.pts is not None:
                ends.append(packet.pts + (packet.duration or 0))
                if packet.is_keyframe:
                    keys.append(packet.pts)
        if not shown:
            raise UserError(f"{path}: its video stream holds no frame. {_ADVICE}")
        time_base = stream.time_base or Fraction(1, 1)
        pts = _distinct_times(shown)
        rate = float(stream.average_rate or stream.guessed_rate or 25)
        duration = float((max(ends) - pts[0]) * time_base) if pts is not None else len(shown) / rate
        if stream.frames:
            n_missing = max(0, stream.frames - n_samples)
        else:
            n_missing = _missing_by_duration(container, stream, float(max(ends, default=0) * time_base), rate)
        aspect = stream.sample_aspect_ratio or Fraction(1, 1)
        return PacketIndex(len(shown), n_missing, pts, np.array(sorted(keys), np.int64), time_base, duration, aspect)


def readable_packets(container: InputContainer, stream: VideoStream) -> Iterator[av.Packet]:
    """Packets up to the end of what can be read: a torn last packet ends the file."""
    try:
        for packet in container.demux(stream):
            if packet.size:
                yield packet
    except av.error.FFmpegError:
        return


def _visible(packet: av.Packet, stream: VideoStream) -> bool:
    """False for VP8's alternate reference frames, which are stored as packets but never shown."""
    return stream.codec_context.name not in ("vp8", "libvpx") or bool(bytes(packet)[0] & 0x10)


def _distinct_times(shown: list[int | None]) -> np.ndarray | None:
    if None in shown:
        return None
    pts = np.sort(np.array(shown, np.int64))
    return pts if (np.diff(pts) > 0).all() else None


def _missing_by_duration(container: InputContainer, stream: VideoStream, end: float, rate: float) -> int:
    """Frames between the last one and the end that the header states (Matroska says a duration, not a count).

    The video's own duration is taken where it is written, otherwise the file's, in which sound may outlast pictures:
    there, less than two seconds are not held against the file.
    """
    if "matroska" not in container.format.name:
        return 0
    if "DURATION" in stream.metadata:
        hours, minutes, seconds = stream.metadata["DURATION"].split(":")
        missing = int(hours) * 3600 + int(minutes) * 60 + float(seconds) - end
        return max(0, round(missing * rate)) if missing * rate > 1.5 else 0
    missing = (container.duration or 0) / av.time_base - end
    return round(missing * rate) if missing > 2 else 0
