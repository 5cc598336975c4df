"""Frames of a video, one at a time, with exact numbers and times.

Frames are numbered from 0 in display order. A frame's time is its presentation time in seconds as the file states it;
a file may start at another time than 0. Pictures have square pixels: where stored pixels are not square (DVDs), the
picture is widened or narrowed to what a screen shows. A rotation mark (telephones) is not applied.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from vretlib.errors import UserError
from vretlib.video.packets import PacketIndex, open_video, packet_index, readable_packets

Color = Literal["luma", "rgb"]
OnDamage = Literal["raise", "keep"]
ToPicture = Callable[[VideoFrame], NDArray[np.uint8]]

WIDTH = 720
"""Width in pixels to which frames and query photographs are brought (thesis §5.2.1)."""

_ON_DAMAGE = "Get the file again, or go on with what is there by on_damage='keep'."


@dataclass(frozen=True)
class VideoInfo:
    """Facts about a video: size in square pixels, exact number of frames, mean frames per second, seconds."""

    path: Path
    width: int
    height: int
    n_frames: int
    fps: float
    duration: float


class Frame(NamedTuple):
    """A frame: its number, its time in seconds, and its image, uint8 (h, w) for luma or (h, w, 3) for rgb."""

    number: int
    time: float
    image: np.ndarray


def probe(path: str | Path, *, on_damage: OnDamage = "raise") -> VideoInfo:
    """Facts about a video, from its packets: no frame but the first is decoded.

    The number of frames is that of the packets that are to be shown. A frame that turns out not to be decodable is
    only found by :func:`stream`.

    Raises
    ------
    UserError: if the file is not a readable video, or, unless `on_damage` is "keep", holds fewer frames than it
        promises.
    """
    index = packet_index(path)
    _check_promise(path, index, on_damage)
    first = next(_decoded(path, index, 0, on_damage, report=False), None)
    if first is None:
        raise UserError(f"{path}: none of its {index.n_frames} frames can be decoded. Get the file again.")
    width, height = _square_size(first[1], index)
    return VideoInfo(Path(path), width, height, index.n_frames, index.n_frames / index.duration, index.duration)


def stream(
    path: str | Path,
    *,
    color: Color = "luma",
    width: int | None = None,
    start: int = 0,
    stop: int | None = None,
    on_damage: OnDamage = "raise",
) -> Iterator[Frame]:
    """Frames from number `start` up to, not including, `stop`, decoded one at a time.

    Parameters
    ----------
    color: "luma" is the decoder's luma plane brought to the full range 0-255, with no colour conversion at all. It
        means what `cv2.cvtColor(rgb, COLOR_RGB2GRAY)` means for a photograph, up to rounding and, for BT.709 video,
        the weights of the colours. "rgb" is converted by FFmpeg.
    width: pixels to which frames are resized (:func:`resize`); None leaves them.
    on_damage: "raise" stops with a UserError at the first sign that frames are missing, before the first frame if
        the container already tells. "keep" goes on with what can be decoded; numbers stay true to the file's times,
        so that a lost frame leaves a gap, and one warning at the end says how many frames were lost.

    Raises
    ------
    UserError: not a readable video, damaged, or `start` or `stop` outside it.
    """
    index = packet_index(path)
    _check_promise(path, index, on_damage)
    stop = index.n_frames if stop is None else stop
    if not 0 <= start <= stop <= index.n_frames:
        raise UserError(
            f"{path}: frames {start} to {stop} were asked for; it has {index.n_frames}. "
            f"Choose 0 <= start <= stop <= {index.n_frames}."
        )
    picture: ToPicture = _luma if color == "luma" else rgb_pictures()
    for number, frame in _decoded(path, index, start, on_damage, report=start == 0 and stop == index.n_frames):
        if number >= stop:
            return
        size = _square_size(frame, index)
        yield Frame(number, index.time(number), _resized(picture(frame), width or size[0], size))


def read(
    path: str | Path,
    numbers: Sequence[int] | np.ndarray,
    *,
    color: Color = "luma",
    width: int | None = None,
    on_damage: OnDamage = "raise",
) -> dict[int, np.ndarray]:
    """Images of the frames with these numbers, in any order, as {number: image}.

    Frames that lie close together are decoded in one run; a longer gap is skipped by seeking to the key frame before
    the next number, which gives the same picture as decoding from the start.

    Raises
    ------
    UserError: as :func:`stream`, and for a number that is negative or past the end.
    """
    wanted = sorted({int(n) for n in numbers})
    n_frames = packet_index(path).n_frames
    outside = [n for n in wanted if not 0 <= n < n_frames]
    if outside:
        raise UserError(
            f"{path}: frame {outside[0]} was asked for; it has {n_frames} frames. "
            f"Choose numbers from 0 to {n_frames - 1}."
        )
    images: dict[int, np.ndarray] = {}
    for run in _runs(wanted):
        chosen = set(run)
        frames = stream(path, color=color, width=width, start=run[0], stop=run[-1] + 1, on_damage=on_damage)
        images |= {frame.number: frame.image for frame in frames if frame.number in chosen}
    return images


def resize(image: np.ndarray, width: int = WIDTH) -> np.ndarray:
    """The image, grey or colour, at this width, its height by aspect, rounded and at least 1.

    Shrinks by area averages, enlarges linearly. Frames and query photographs go through this one function.
    """
    height, old_width = image.shape[:2]
    return _resized(image, width, (old_width, height))


def rgb_pictures() -> ToPicture:
    """What converts the decoded frames of one video to RGB, uint8 (h, w, 3).

    FFmpeg's tables are made for the first frame only, and one thread converts: left alone, PyAV makes both tables and
    threads for every frame, which takes five times as long, and far longer on a busy machine.
    """
    reformatter = VideoReformatter()
    return lambda frame: np.asarray(reformatter.reformat(frame, format="rgb24", threads=1).to_ndarray(), np.uint8)


def _resized(image: np.ndarray, width: int, size: tuple[int, int]) -> np.ndarray:
    """The image at this width; `size` is the (width, height) that it would have with square pixels."""
    if width < 1:
        raise UserError(f"width {width}: expected a number of pixels, at least 1.")
    target = (width, max(1, round(size[1] * width / size[0])))
    if image.shape[1::-1] == target:
        return image
    shrinks = target[0] < image.shape[1]
    return cv2.resize(image, target, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR_EXACT)


def _luma(frame: VideoFrame) -> np.ndarray:
    """Luma of a decoded frame over the full range, uint8 (h, w)."""
    plane = frame.format.components[0]
    if plane.bits != 8 or not frame.format.name.startswith(("yuv4", "yuvj4", "yuva4", "nv1", "nv2")):
        return frame.to_ndarray(format="gray")  # FFmpeg's grey has the full range, too
    lines = np.asarray(memoryview(frame.planes[0])).view(np.uint8).reshape(-1, frame.planes[0].line_size)
    luma = lines[: frame.height, : frame.width]
    if frame.color_range == av.video.reformatter.ColorRange.JPEG:
        return luma.copy()
    # Studio range: 16 is black and 235 white. No value lies halfway between two integers, so rounding is exact.
    return cv2.convertScaleAbs(cv2.subtract(luma, 16), alpha=255 / 219)


def _decoded(
    path: str | Path, index: PacketIndex, start: int, on_damage: OnDamage, *, report: bool
) -> Iterator[tuple[int, VideoFrame]]:
    """Numbers and decoded frames from `start` on. With `report`, frames that never came are reported at the end."""
    n_decoded, n_damaged, number = 0, 0, -1
    for video, packet in _packets(path, index, start):
        try:
            frames = video.codec_context.decode(packet)
        except av.error.FFmpegError as error:
            if on_damage == "raise":
                raise UserError(f"{path}: damaged after frame {number} ({error.strerror}). {_ON_DAMAGE}") from error
            continue
        for frame in frames:
            rank = index.number(frame.pts)
            number = number + 1 if rank is None else rank
            n_decoded += 1
            if number < start:
                continue
            if frame.is_corrupt and on_damage == "raise":
                raise UserError(f"{path}: frame {number} is damaged. {_ON_DAMAGE}")
            n_damaged += frame.is_corrupt
            yield number, frame
    n_lost = index.n_frames - n_decoded
    if report and (n_lost > 0 or n_damaged):
        message = f"{path}: {n_lost} of {index.n_frames} frames could not be decoded"
        if on_damage == "raise":
            raise UserError(f"{message}. {_ON_DAMAGE}")
        warnings.warn(f"{message} and {n_damaged} are damaged; the rest was used", stacklevel=3)


def _packets(path: str | Path, index: PacketIndex, start: int) -> Iterator[tuple[VideoStream, av.Packet | None]]:
    """Packets from a key frame at or before `start`, then None, which makes the decoder give what it still holds.

    A demuxer may land elsewhere than it was told (transport streams do): then the key frame before is tried, and in
    the end the file is read from its beginning.
    """
    keys = [] if index.pts is None else index.keys[index.keys <= index.pts[start]].tolist()
    for key in [*keys[:0:-1][:3], None]:
        with open_video(path) as (container, video):
            video.thread_type = "AUTO"
            video.codec_context.thread_count = 0
            if key is not None:
                container.seek(key, stream=video, backward=True)
            packets = readable_packets(container, video)
            landed = next(packets, None)
            if landed is None or (key is not None and not (landed.is_keyframe and landed.pts <= key)):
                continue
            yield from ((video, packet) for packet in chain([landed], packets))
            yield video, None
            return


def _check_promise(path: str | Path, index: PacketIndex, on_damage: OnDamage) -> None:
    if not index.n_missing:
        return
    message = f"{path}: truncated; it holds {index.n_frames} frames, about {index.n_missing} less than its header says"
    if on_damage == "raise":
        raise UserError(f"{message}. {_ON_DAMAGE}")
    warnings.warn(f"{message}; the rest was used", stacklevel=3)


def _square_size(frame: VideoFrame, index: PacketIndex) -> tuple[int, int]:
    """Width and height that the frame has with square pixels; lines are kept, columns stretched."""
    return round(frame.width * index.pixel_aspect), frame.height


def _runs(numbers: list[int], gap: int = 250) -> Iterator[list[int]]:
    """Split ascending numbers where more than `gap` frames (x264's usual distance of key frames) lie between two."""
    run: list[int] = []
    for number in numbers:
        if run and number - run[-1] > gap:
            yield run
            run = []
        run.append(number)
    if run:
        yield run
