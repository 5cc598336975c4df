"""The index of a file's frames, made from its packets' times or by decoding (`vretlib.video.packets` says when)."""

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
from vretlib.video.frame_index import PacketIndex, numbered, packet_of, prepare
from vretlib.video.opening import ADVICE, open_video
from vretlib.video.packet_table import PacketTable, readable_packets
from vretlib.video.upright import orientation_of
from vretlib.video.wholeness import missing_bytes

_TIMED_CONTAINERS = ("mov", "matroska")
_ONE_PICTURE_EACH = ("h264", "hevc", "vp9", "libvpx-vp9", "av1", "libdav1d", "mpeg4", "prores", "mjpeg", "ffv1")
_INTERLEAVED = 1.0
"""Largest lead of one stream of a file over another, in seconds; players need streams close together."""
_N_TESTED = 24
"""Number of first packets that are decoded to test their times; no decoder holds back as many."""


def by_packets(path: Path) -> PacketIndex | None:
    """The index from the packets' own times; None where these cannot be trusted."""
    with open_video(path) as (container, video):
        name = container.format.name
        if not any(kind in name for kind in _TIMED_CONTAINERS) or video.codec_context.name not in _ONE_PICTURE_EACH:
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
            orientation=orientation_of(first),
            n_missing=_n_missing(path, container, video, table, float(pts[-1] * time_base), rate),
            by_decoding=False,
            table=table.of_keys(),
            ranks=ranks,
            key_frames=_by_number(ranks[keys], keys),
        )


def _first_picture(path: Path, ranks: NDArray[np.int32]) -> VideoFrame | None:
    """The first frame; None if the first packets are fields or do not give one picture each by ascending time."""
    first, found = None, []
    try:
        with open_video(path) as (container, video):
            prepare(video)
            packets = list(islice(enumerate(readable_packets(container, video)), _N_TESTED))
            for number, packet in [*packets, (0, None)]:
                for frame in video.codec_context.decode(packet and numbered(packet, number)):
                    first = first or frame
                    found.append(int(ranks[packet_of(frame)]))
                    if frame.interlaced_frame and video.codec_context.name == "h264":
                        return None
    except av.error.FFmpegError:
        return None  # indexing by decoding finds what is damaged
    expected = [r for r in ranks[: len(packets)].tolist() if r >= 0]
    # Pictures of later packets may be missing between those found; none of the tested packets may lose its picture.
    return first if first is not None and found == sorted(expected) and found[0] == 0 else None


def by_decoding(path: Path) -> PacketIndex:
    """The index of the pictures that the decoder gives, in its order, with the damaged ones.

    Raises
    ------
    UserError: no picture can be decoded.
    """
    # The pass uses one thread. Several threads lose pictures and hide errors where a picture cannot be decoded, and the
    # mark of a picture whose end is missing depends on which thread is first.
    found = _pass(path)
    one_thread = found.is_irregular
    table, pictures, first = found.table, found.pictures, found.first
    if not len(table):
        raise UserError(f"{path}: its video stream holds no frame. {ADVICE}")
    if first is None:
        raise UserError(f"{path}: none of the pictures in its {len(table)} packets can be decoded. {ADVICE}")
    serials = np.array([serial for serial, _ in pictures], np.int64)
    placed = np.flatnonzero(serials >= 0)
    with open_video(path) as (container, video):
        is_key = np.array([key for _, key in pictures]) & (serials >= 0) & table.keys[serials]
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
            n_frames=len(pictures),
            times=np.round(times - min(float(times[0]), _container_start(container)), 9),
            duration=float(times[-1] - times[0] + last),
            size=(first.width, first.height),
            pixel_aspect=video.sample_aspect_ratio or Fraction(1, 1),
            orientation=orientation_of(first),
            n_missing=_n_missing(path, container, video, table, float(times[-1]), rate),
            by_decoding=True,
            one_thread=one_thread,
            loss=_in_words(len(pictures), damaged, lost),
            damaged=damaged,
            table=table.of_keys(),
            ranks=ranks,
            key_frames=_by_number(np.flatnonzero(is_key), serials[is_key]),
        )


@dataclass(frozen=True, eq=False)
class _Pass:
    """Results of one pass of decoding.

    Attributes
    ----------
    table: the packets.
    pictures: packet of each picture, and whether it is a key frame.
    first: the first picture, None if there is none.
    corrupt: packets of the pictures that the decoder marks as corrupt.
    errors: packet, number of pictures before it, and reason of each error.
    """

    table: PacketTable
    pictures: list[tuple[int, bool]]
    first: VideoFrame | None
    corrupt: set[int]
    errors: list[tuple[int, int, str]]

    @property
    def began(self) -> int:
        """Number of the first packet that gave a picture; the recording lacks what packets before it refer to."""
        return min((serial for serial, _ in self.pictures if serial >= 0), default=len(self.table))

    @property
    def is_irregular(self) -> bool:
        """True if anything is damaged, or if packets and pictures are not one to one from the first picture on."""
        return bool(self.corrupt or self.errors) or len(self.pictures) != len(self.table) - self.began


def _pass(path: Path) -> _Pass:
    with open_video(path) as (container, video):
        prepare(video, one_thread=True)
        builder = packet_table.PacketTableBuilder()
        pictures: list[tuple[int, bool]] = []
        corrupt: set[int] = set()
        errors: list[tuple[int, int, str]] = []
        first: VideoFrame | None = None
        for packet in _with_end(readable_packets(container, video)):
            try:
                frames = video.codec_context.decode(packet and numbered(packet, builder.add(packet)))
            except av.error.FFmpegError as error:
                errors.append((builder.n - 1, len(pictures), error.strerror))
                continue
            for frame in frames:
                first = first or frame
                if frame.is_corrupt:
                    corrupt.add(packet_of(frame))
                pictures.append((packet_of(frame), frame.key_frame))
    return _Pass(builder.table(), pictures, first, corrupt, errors)


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
    """Seconds from the container's start. FFmpeg rounds that start to microseconds; the stream's ticks are exact."""
    start, own = _container_start(container), video.start_time or 0
    if start and abs(float(own * time_base) - start) < 2e-6:
        pts, start = pts - own, 0.0
    return pts * time_base.numerator / time_base.denominator - start


def _container_start(container: InputContainer) -> float:
    """Seconds on the file's own clock at which the first of its streams starts: 0 on a player's clock."""
    return (container.start_time or 0) / av.time_base


def _n_missing(
    path: Path, container: InputContainer, video: VideoStream, table: PacketTable, end: float, rate: float
) -> int:
    """Approximate number of frames beyond the file's end, if its boxes reach beyond it.

    The header promises a number of pictures, or their duration, or the duration of the whole file (Flash, ASF), which
    sound may fill as well. The number is 0 where all promised pictures are there: only an index or a trailer is missing
    then. It is 1 where nothing is promised.
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
    """Seconds on the file's own clock at which the pictures end, and at which the last of all streams ends."""
    ends: dict[bool, float] = {True: 0.0, False: 0.0}
    with open_video(path) as (container, video), suppress(av.error.FFmpegError):  # the torn end
        for packet in container.demux():
            if packet.size and packet.pts is not None:
                pictures = packet.stream.index == video.index
                length = float((packet.duration or 0) * packet.time_base) or (1 / rate if pictures else 0)
                ends[pictures] = max(ends[pictures], float(packet.pts * packet.time_base) + length)
    return ends[True], max(ends.values())


def _own_seconds(video: VideoStream) -> float | None:
    """Duration of the pictures where the file states it (Matroska); otherwise None."""
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
