"""Making the index of a file's frames: from its packets' times, or by decoding (`vretlib.video.packets` says when)."""

from collections.abc import Iterator, Set
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from vretlib.errors import UserError
from vretlib.video import packet_table, shown_times
from vretlib.video.frame_index import PacketIndex, numbered, prepare, serial_of
from vretlib.video.opening import ADVICE, open_video
from vretlib.video.packet_table import PacketTable, readable_packets
from vretlib.video.upright import turn_of
from vretlib.video.wholeness import missing_bytes

_OWN_TIMES = ("mov", "matroska")
_ONE_PICTURE_EACH = ("h264", "hevc", "vp9", "libvpx-vp9", "av1", "libdav1d", "mpeg4", "prores", "mjpeg", "ffv1")
_INTERLEAVED = 1.0
"""Seconds by which one stream of a file lies ahead of another at most; players need them close together."""
_LOOKED_AT = 24
"""Packets that are decoded to see whether their times are those of pictures: more than any decoder holds back."""


def by_packets(path: Path) -> PacketIndex | None:
    """The index from the packets' own times; None where these cannot be trusted."""
    with open_video(path) as (container, video):
        name = container.format.name
        if not any(kind in name for kind in _OWN_TIMES) or video.codec_context.name not in _ONE_PICTURE_EACH:
            return None
        table = PacketTable.of(readable_packets(container, video))
        shown = np.flatnonzero(~table.discarded)
        if not table.are_times_of_pictures():
            return None
        ranks = np.full(len(table), -1, np.int32)
        order = shown[np.argsort(table.pts[shown])]
        ranks[order] = np.arange(len(order))
        first = _first_picture(path, ranks)
        if first is None:
            return None
        time_base = video.time_base or Fraction(1, 1)
        pts = table.pts[order]
        seconds = float(((table.pts + table.durations)[shown].max() - pts[0]) * time_base)
        rate = _rate(video)
        keys = shown[table.keys[shown]]
        return PacketIndex(
            n_frames=len(order),
            times=_seconds(pts, time_base, container, video),
            duration=seconds if seconds > 0 else len(order) / rate,
            size=(first.width, first.height),
            pixel_aspect=video.sample_aspect_ratio or Fraction(1, 1),
            turn=turn_of(first),
            n_missing=_n_missing(path, container, video, table, float(pts[-1] * time_base), rate),
            by_decoding=False,
            table=table.of_keys(),
            ranks=ranks,
            key_frames=_by_number(ranks[keys], keys),
        )


def _first_picture(path: Path, ranks: NDArray[np.int32]) -> VideoFrame | None:
    """The first frame; None if the first packets don't give a picture each, by ascending time, or are fields."""
    first, found = None, []
    try:
        with open_video(path) as (container, video):
            prepare(video)
            packets = list(islice(enumerate(readable_packets(container, video)), _LOOKED_AT))
            for number, packet in [*packets, (0, None)]:
                for frame in video.codec_context.decode(packet and numbered(packet, number)):
                    first = first or frame
                    found.append(int(ranks[serial_of(frame)]))
                    if frame.interlaced_frame and video.codec_context.name == "h264":
                        return None
    except av.error.FFmpegError:
        return None  # decoding will tell what is damaged
    expected = [r for r in ranks[: len(packets)].tolist() if r >= 0]
    # Pictures whose packets come after those that were looked at may be missing between them, none may be lost.
    return first if first is not None and found == sorted(expected) and found[0] == 0 else None


def by_decoding(path: Path) -> PacketIndex:
    """The index of what the decoder gives, in its order, and what is damaged.

    Raises
    ------
    UserError: not one picture can be decoded.
    """
    # One thread. Several lose pictures and swallow errors where a picture cannot be decoded, and whether they mark one
    # whose end is missing depends on which of them is first.
    found = _pass(path)
    in_turn = found.is_odd
    table, came, first = found.table, found.pictures, found.first
    if not len(table):
        raise UserError(f"{path}: its video stream holds no frame. {ADVICE}")
    if first is None:
        raise UserError(f"{path}: none of the pictures in its {len(table)} packets can be decoded. {ADVICE}")
    serials = np.array([serial for serial, _ in came], np.int64)
    placed = np.flatnonzero(serials >= 0)
    with open_video(path) as (container, video):
        is_key = np.array([key for _, key in came]) & (serials >= 0) & table.keys[serials]
        rate = _rate(video)
        times, last = shown_times.seconds(
            table, serials, video.time_base or Fraction(1, 1), rate,
            decode_times="avi" in container.format.name.split(","),
            gaps_are_joins=container.format.name in ("mpegts", "mpeg"),
        )  # fmt: skip
        ranks = np.full(len(table), -1, np.int32)
        ranks[serials[placed][::-1]] = placed[::-1]  # of two pictures in one packet, the first
        real = [packet for packet in found.corrupt if not table.is_before_a_join(packet)]
        damaged = frozenset(np.flatnonzero(np.isin(serials, real)).tolist())
        lost = [(n, why) for serial, n, why in found.errors if serial > found.began]
        return PacketIndex(
            n_frames=len(came),
            times=np.round(times - min(float(times[0]), _container_start(container)), 9),
            duration=float(times[-1] - times[0] + last),
            size=(first.width, first.height),
            pixel_aspect=video.sample_aspect_ratio or Fraction(1, 1),
            turn=turn_of(first),
            n_missing=_n_missing(path, container, video, table, float(times[-1]), rate),
            by_decoding=True,
            in_turn=in_turn,
            loss=_in_words(len(came), damaged, lost),
            damaged=damaged,
            table=table.of_keys(),
            ranks=ranks,
            key_frames=_by_number(np.flatnonzero(is_key), serials[is_key]),
        )


@dataclass(frozen=True, eq=False)
class _Pass:
    """What one pass of decoding gave.

    Attributes
    ----------
    pictures: packet of each, and whether it is a key frame. first: the first of them.
    corrupt: packets of the pictures that are marked so.
    errors: packet, number of pictures before it, reason.
    """

    table: PacketTable
    pictures: list[tuple[int, bool]]
    first: VideoFrame | None
    corrupt: set[int]
    errors: list[tuple[int, int, str]]

    @property
    def began(self) -> int:
        """The first packet that gave a picture; those before it belong to what the recording missed."""
        return min((serial for serial, _ in self.pictures if serial >= 0), default=len(self.table))

    @property
    def is_odd(self) -> bool:
        """Whether something is marked damaged, or packets and pictures are not one to one from the first picture on."""
        return bool(self.corrupt or self.errors) or len(self.pictures) != len(self.table) - self.began


def _pass(path: Path) -> _Pass:
    with open_video(path) as (container, video):
        prepare(video, in_turn=True)
        building = packet_table.Building()
        pictures: list[tuple[int, bool]] = []
        corrupt: set[int] = set()
        errors: list[tuple[int, int, str]] = []
        first: VideoFrame | None = None
        for packet in _with_end(readable_packets(container, video)):
            try:
                frames = video.codec_context.decode(packet and numbered(packet, building.add(packet)))
            except av.error.FFmpegError as error:
                errors.append((building.n - 1, len(pictures), error.strerror))
                continue
            for frame in frames:
                first = first or frame
                if frame.is_corrupt:
                    corrupt.add(serial_of(frame))
                pictures.append((serial_of(frame), frame.key_frame))
    return _Pass(building.table(), pictures, first, corrupt, errors)


def _with_end(packets: Iterator[av.Packet]) -> Iterator[av.Packet | None]:
    yield from packets
    yield None


def _by_number(numbers: NDArray[np.integer], packets: NDArray[np.integer]) -> NDArray[np.int64]:
    order = np.argsort(numbers, kind="stable")
    return np.stack([numbers[order], packets[order]], axis=1).astype(np.int64)


def _rate(video: VideoStream) -> float:
    rate = float(video.average_rate or video.guessed_rate or 25)
    return rate if 0 < rate < 1e6 else 25.0


def _seconds(
    pts: NDArray[np.int64], time_base: Fraction, container: InputContainer, video: VideoStream
) -> NDArray[np.float64]:
    """Seconds since a player's clock stood at 0. FFmpeg rounds that moment to microseconds; in ticks it is exact."""
    start, own = _container_start(container), video.start_time or 0
    if start and abs(float(own * time_base) - start) < 2e-6:
        pts, start = pts - own, 0.0
    return pts * time_base.numerator / time_base.denominator - start


def _container_start(container: InputContainer) -> float:
    """The time in the file at which a player's clock stands at 0: when the first of its streams starts."""
    return (container.start_time or 0) / av.time_base


def _n_missing(
    path: Path, container: InputContainer, video: VideoStream, table: PacketTable, end: float, rate: float
) -> int:
    """About how many frames lie beyond the file's end, if its boxes reach beyond it.

    0 where all came that the header promises: only an index or a trailer is missing then. The promise is a number of
    pictures, or their duration, or the duration of the whole file (Flash, ASF), which sound may fill, too. 1 where
    nothing is promised.
    """
    if not missing_bytes(path):
        return 0
    torn = int(table.corrupt[-1])
    if video.frames and ("avi" not in container.format.name or len(table) >= video.frames):
        return max(torn, video.frames - len(table))
    own = video.frames / rate if video.frames else _own_seconds(video)
    if own is not None:
        return max(torn, round((own - end) * rate) - 1)
    if not container.duration:
        return 1
    of_pictures, of_all = _ends(path, rate)
    if of_all - of_pictures > _INTERLEAVED:  # the pictures were over before the file was cut
        return torn
    return max(torn, round((container.duration / av.time_base - of_all) * rate))


def _ends(path: Path, rate: float) -> tuple[float, float]:
    """Seconds on the file's own clock, as its duration counts, at which the pictures end, and the last stream."""
    ends: dict[bool, float] = {True: 0.0, False: 0.0}
    with open_video(path) as (container, video), suppress(av.error.FFmpegError):  # the torn end
        for packet in container.demux():
            if packet.size and packet.pts is not None:
                pictures = packet.stream.index == video.index
                length = float((packet.duration or 0) * packet.time_base) or (1 / rate if pictures else 0)
                ends[pictures] = max(ends[pictures], float(packet.pts * packet.time_base) + length)
    return ends[True], max(ends.values())


def _own_seconds(video: VideoStream) -> float | None:
    """The pictures' own duration where it is written (Matroska)."""
    try:
        hours, minutes, seconds = video.metadata["DURATION"].split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    except (KeyError, ValueError):
        return None


def _in_words(n: int, damaged: Set[int], lost: list[tuple[int, str]]) -> str:
    parts = []
    if damaged:
        parts.append(f"{len(damaged)} of {n} pictures are damaged, the first is frame {min(damaged)}")
    if lost:
        number, why = lost[0]
        parts.append(f"{len(lost)} packets could not be decoded, the first after frame {number - 1} ({why})")
    return "; ".join(parts)
