"""The packets of a video stream as arrays, and finding one of them again after a jump in the file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import av
import numpy as np
from av.container import InputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

NONE = np.iinfo(np.int64).min
"""Marks a time that the file does not give."""

_AFTER_LANDING = 64
"""Largest number of packets that are read after a jump until a known key packet comes."""


def _no_numbers() -> NDArray[np.int64]:
    return np.empty(0, np.int64)


def _no_marks() -> NDArray[np.bool_]:
    return np.empty(0, np.bool_)


@dataclass(frozen=True, eq=False)
class PacketTable:
    """Packets in the order in which they lie in the file, each array (P,).

    Attributes
    ----------
    pts, dts: int64 times of showing and of decoding in units of the stream's time base; `NONE` where there is none.
    durations: int64, in the same units, 0 where unknown.
    positions: int64 first byte in the file, -1 where unknown.
    keys: bool, decoding can start at the packet.
    discarded: bool, the packet is decoded but not shown (edit lists).
    corrupt: bool, the demuxer missed bytes of the packet.
    numbers: int64 number of the packet in the file.
    """

    pts: NDArray[np.int64] = field(default_factory=_no_numbers)
    dts: NDArray[np.int64] = field(default_factory=_no_numbers)
    durations: NDArray[np.int64] = field(default_factory=_no_numbers)
    positions: NDArray[np.int64] = field(default_factory=_no_numbers)
    keys: NDArray[np.bool_] = field(default_factory=_no_marks)
    discarded: NDArray[np.bool_] = field(default_factory=_no_marks)
    corrupt: NDArray[np.bool_] = field(default_factory=_no_marks)
    numbers: NDArray[np.int64] = field(default_factory=_no_numbers)

    @classmethod
    def of(cls, packets: Iterable[av.Packet]) -> "PacketTable":
        """Table of all packets of an iterator."""
        building = PacketTableBuilder()
        for packet in packets:
            building.add(packet)
        return building.table()

    def __len__(self) -> int:
        return len(self.pts)

    def of_keys(self) -> "PacketTable":
        """The table of only the key packets, which a jump needs."""
        arrays = ("pts", "dts", "durations", "positions", "discarded", "corrupt", "numbers")
        return replace(self, keys=self.keys[self.keys], **{name: getattr(self, name)[self.keys] for name in arrays})

    def are_times_of_pictures(self) -> bool:
        """True if every packet has its own time, times of decoding ascend, and a key packet is shown first.

        Matroska has no times of decoding. FFmpeg guesses them to the millisecond, except the first ones.
        """
        shown = self.pts[~self.discarded]
        return bool(
            len(shown)
            and self.keys[0]
            and (self.pts != NONE).all()
            and (np.diff(self.dts[self.dts != NONE]) >= 0).all()
            and self.pts.min() == self.pts[0]
            and (np.diff(np.sort(shown)) > 0).all()
        )

    def is_before_a_join(self, number: int) -> bool:
        """True if a packet is marked corrupt only because another recording follows it.

        A transport stream counts its pieces. Where two streams were joined, the count jumps and FFmpeg marks the last
        packet of the first stream, although it is complete; a key packet follows it.
        """
        return bool(number >= 0 and self.corrupt[number] and number + 1 < len(self) and self.keys[number + 1])

    def seek(
        self, container: InputContainer, video: VideoStream, packets: Iterator[av.Packet], wanted: int
    ) -> tuple[int, av.Packet] | None:
        """Number and packet after a jump to the key packet `wanted` or an earlier one; None if the jump fails."""
        row = int(np.searchsorted(self.numbers, wanted))
        try:
            if container.format.name in ("mpegts", "mpeg") and self.positions[row] >= 0:
                # Times may occur twice in a stream of joined recordings; byte positions are unique.
                container.seek(int(self.positions[row]), stream=video, unsupported_byte_offset=True)
            else:
                times = self.dts if "avi" in container.format.name or self.pts[row] == NONE else self.pts
                container.seek(int(times[row]), stream=video, backward=True)
            for _, packet in zip(range(_AFTER_LANDING), packets, strict=False):
                number = self._number(packet) if packet.is_keyframe else None
                if number is not None:
                    return (number, packet) if number <= wanted else None
        except (av.error.FFmpegError, OverflowError):
            return None
        return None

    def _number(self, packet: av.Packet) -> int | None:
        """Number of a key packet, found by its position and its times; None if these are not unique."""
        fits = np.flatnonzero(self.positions == packet.pos) if (packet.pos or -1) >= 0 else np.arange(len(self))
        if len(fits) != 1:
            fits = fits[(self.pts[fits] == _time(packet.pts)) & (self.dts[fits] == _time(packet.dts))]
        return int(self.numbers[fits[0]]) if len(fits) == 1 else None


class PacketTableBuilder:
    """A table that grows packet by packet."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, int, int, int, bool, bool, bool]] = []

    @property
    def n(self) -> int:
        """Number of packets added so far."""
        return len(self._rows)

    def add(self, packet: av.Packet) -> int:
        """The number under which a packet is added."""
        position = -1 if packet.pos is None else packet.pos
        marks = packet.is_keyframe, packet.is_discard, packet.is_corrupt
        self._rows.append((_time(packet.pts), _time(packet.dts), packet.duration or 0, position, *marks))
        return len(self._rows) - 1

    def table(self) -> PacketTable:
        """The table of the packets that were added."""
        if not self._rows:
            return PacketTable()
        columns = list(zip(*self._rows, strict=True))
        pts, dts, durations, positions = (np.array(column, np.int64) for column in columns[:4])
        keys, discarded, corrupt = (np.array(column, np.bool_) for column in columns[4:])
        numbers = np.arange(len(self._rows), dtype=np.int64)
        return PacketTable(pts, dts, durations, positions, keys, discarded, corrupt, numbers)


def readable_packets(container: InputContainer, stream: VideoStream) -> Iterator[av.Packet]:
    """Packets up to the last one that can be read; a torn packet ends the file."""
    try:
        for packet in container.demux(stream):
            if packet.size:
                yield packet
    except av.error.FFmpegError:
        return


def _time(value: int | None) -> int:
    return NONE if value is None else value
