"""The frames of a video file: the packet and the time of each, and where decoding can begin."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from vretlib.errors import UserError
from vretlib.video.opening import open_video
from vretlib.video.packet_table import PacketTable, readable_packets
from vretlib.video.upright import Orientation


@dataclass(frozen=True, eq=False)
class PacketIndex:
    """Frames of a file.

    Attributes
    ----------
    n_frames: frames that the file shows, not counting those that an edit list cuts away.
    times: float64 (F,), seconds from the container's start at which each frame is shown, never descending.
    duration: seconds from the first frame's start to the last frame's end.
    size: stored width and height of the first frame.
    pixel_aspect: width of a stored pixel over its height; 1 where the file doesn't say.
    orientation: how the stored pictures become upright.
    n_missing: approximate number of frames that the file promises but lacks; 0 if its boxes end inside the file.
    loss: description of what could not be decoded; empty if nothing was lost or the index comes from the packets.
    damaged: numbers of the damaged frames; empty if the index comes from the packets.
    by_decoding: the index was made by decoding the whole file.
    one_thread: the decoder must use one thread, since several would lose pictures.
    table: the key packets.
    ranks: int32 (P,), number of the frame that each packet of the file holds, -1 where it holds none.
    key_frames: int64 (K, 2), number and packet of the frames at which decoding can start, ascending.
    """

    n_frames: int
    times: NDArray[np.float64]
    duration: float
    size: tuple[int, int]
    pixel_aspect: Fraction
    orientation: Orientation
    n_missing: int
    by_decoding: bool
    one_thread: bool = False
    loss: str = ""
    damaged: Set[int] = frozenset()
    table: PacketTable = field(repr=False, default_factory=PacketTable)
    ranks: NDArray[np.int32] = field(repr=False, default_factory=lambda: np.empty(0, np.int32))
    key_frames: NDArray[np.int64] = field(repr=False, default_factory=lambda: np.empty((0, 2), np.int64))

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height of a frame as it is shown: upright, with square pixels (lines kept, columns stretched)."""
        return self.orientation.size(max(1, round(self.size[0] * self.pixel_aspect)), self.size[1])

    @property
    def start(self) -> float:
        """Seconds from the container's start at which the first frame is shown."""
        return float(self.times[0])

    def time(self, number: int) -> float:
        """Seconds from the container's start at which a frame is shown."""
        return float(self.times[number])

    def frame_at(self, seconds: float) -> int:
        """The frame that a player shows at that time: the last one that begins no later.

        Raises
        ------
        UserError: no picture is shown then.
        """
        end = self.start + self.duration
        if not self.start - 1e-6 <= seconds <= end + 1e-6:
            raise UserError(
                f"starts at {seconds:g} s, but the film ends at {end:.1f} s"
                if seconds > end
                else f"starts at {seconds:g} s, but the film shows its first picture at {self.start:.1f} s"
            )
        return max(0, int(np.searchsorted(self.times, seconds + 1e-6, side="right")) - 1)

    def number(self, frame: VideoFrame) -> int | None:
        """Number of a frame decoded from a packet of `packets_from`; None if the frame is not shown."""
        packet = packet_of(frame)
        rank = int(self.ranks[packet]) if 0 <= packet < len(self.ranks) else -1
        return rank if rank >= 0 else None

    def packets_of(self, numbers: NDArray[np.int64]) -> Set[int] | None:
        """The packets that hold these frames; None where packets and frames are not one to one."""
        if self.by_decoding and len(self.ranks) != self.n_frames:
            return None
        return set(np.flatnonzero(np.isin(self.ranks, numbers)).tolist())


def packets_from(
    path: str | Path, index: PacketIndex, start: int = 0, *, threads: int = 0, back: int = 0
) -> Iterator[tuple[VideoStream, av.Packet | None]]:
    """Packets from a key frame at or before frame `start`, then None, which makes the decoder give its last pictures.

    Each packet has its number in place of its time (`numbered`). In transport streams a demuxer may jump to another
    place than the one asked for. Then three earlier key frames are tried, and at last the file is read from its
    beginning.

    Parameters
    ----------
    threads: threads of the decoder; 0 lets FFmpeg decide.
    back: number of key frames to begin earlier, for decoders that cannot begin at the nearest one.
    """
    reachable = index.key_frames[: np.searchsorted(index.key_frames[:, 0], start, side="right")][:, 1].tolist()
    nearest = reachable[1 : max(1, len(reachable) - back)][::-1]  # the first is the beginning
    for key in [*nearest[:3], None]:
        with open_video(path) as (container, video):
            prepare(video, threads, one_thread=index.one_thread)
            packets = readable_packets(container, video)
            landed = None if key is None else index.table.seek(container, video, packets, key)
            if key is not None and landed is None:
                continue
            first, run = (0, packets) if landed is None else (landed[0], chain([landed[1]], packets))
            for number, packet in enumerate(run, first):
                yield video, numbered(packet, number)
            yield video, None
            return


def prepare(video: VideoStream, threads: int = 0, *, one_thread: bool = False) -> None:
    """Set the number of the decoder's threads: `threads` (0 lets FFmpeg decide), or 1 with `one_thread`."""
    video.thread_type, video.codec_context.thread_count = "AUTO", 1 if one_thread else threads


def numbered(packet: av.Packet, number: int) -> av.Packet:
    """The packet with its number in place of its times; the decoder passes the number on to the packet's picture.

    Times may be missing or occur twice, numbers may not. (PyAV's `opaque` is passed on as well, but the decoder's
    threads need Python's lock to release it, and a reader that stops early holds that lock while it waits for them.)
    """
    packet.pts, packet.dts = number, None
    return packet


def packet_of(frame: VideoFrame) -> int:
    """Number of the packet from which a frame was decoded, -1 where the decoder does not give it."""
    return -1 if frame.pts is None else frame.pts
