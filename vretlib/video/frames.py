"""Frames of a video, one at a time, with exact numbers and times.

Frame k is the k-th picture that is shown, counted from 0; `vretlib.video.packets` says how that is known. A
frame's time is in seconds from the container's start, as in players: 0 is where sound or picture begins, whichever
comes first. Pictures are upright (the rotation mark of telephones is applied) and have square pixels: where stored
pixels are not square (DVDs), the picture is widened or narrowed to what a screen shows. Pictures that change their size
are resized to the size of the film's first picture.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple, get_args

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.video.damage import ADVICE, OnDamage, check_promise, index_after_mismatch, warn_of_new_size, warn_once
from vretlib.video.frame_index import PacketIndex, packets_from
from vretlib.video.packets import packet_index

Colour = Literal["luma", "rgb"]
ToPicture = Callable[[VideoFrame], NDArray[np.uint8]]

WIDTH = 720
"""Width in pixels to which frames and query photographs are brought (thesis §5.2.1)."""


@dataclass(frozen=True)
class VideoInfo:
    """Facts about a video: size as shown, exact number of frames, mean frames per second, seconds.

    `duration` is from the first frame's start to the last frame's end, `start` from the container's start to the first
    frame: above 0 where sound begins before the pictures.
    """

    path: Path
    width: int
    height: int
    n_frames: int
    fps: float
    duration: float
    start: float = 0.0

    @property
    def end(self) -> float:
        """Seconds from the container's start to the last frame's end."""
        return self.start + self.duration


class Frame(NamedTuple):
    """A frame: its number, its time in seconds, and its image, uint8 (h, w) for luma or (h, w, 3) for rgb."""

    number: int
    time: float
    image: np.ndarray


def probe(path: str | Path, *, on_damage: OnDamage = "raise") -> VideoInfo:
    """Facts about a video from its index (`vretlib.video.packets`, which also states the cost).

    Where the index comes from the packets, only `stream` finds a frame that cannot be decoded.

    Raises
    ------
    UserError: the file is not a readable video, or, if `on_damage` is "raise", is known to be damaged or cut.
    """
    index = packet_index(path)
    check_promise(path, index, on_damage)
    width, height = index.shown_size
    fps = index.n_frames / index.duration
    return VideoInfo(Path(path), width, height, index.n_frames, fps, index.duration, index.start)


def stream(
    path: str | Path,
    *,
    colour: Colour = "luma",
    width: int | None = None,
    start: int = 0,
    stop: int | None = None,
    on_damage: OnDamage = "raise",
) -> Iterator[Frame]:
    """Frames from number `start` up to, not including, `stop`, decoded one at a time.

    Packets that never give a picture in a whole file (leading pictures of a recording that begins between key frames, a
    trimmed end) are no damage and are not counted.

    Parameters
    ----------
    colour: "luma" is the decoder's luma plane brought to the full range 0-255, with no colour conversion at all. It
        means what `cv2.cvtColor(rgb, COLOR_RGB2GRAY)` means for a photograph, up to rounding and, for BT.709 video,
        the weights of the colours. "rgb" is converted by FFmpeg.
    width: pixels to which frames are resized (`resize`); None leaves them.
    on_damage: "raise" stops with a UserError at the first sign that frames are missing, before the first frame if
        the index already shows it. "keep" goes on with the frames that can be decoded, and a warning says what was
        lost; where the index comes from the packets, a lost frame leaves a gap in the numbers.

    Raises
    ------
    UserError: not a readable video, damaged, or `start` or `stop` outside it.
    """
    index = packet_index(path)
    check_promise(path, index, on_damage)
    stop = index.n_frames if stop is None else arrays.whole(stop, "stop", -(2**63))
    if not 0 <= arrays.whole(start, "start", -(2**63)) <= stop <= index.n_frames:
        raise UserError(
            f"{path}: frames {start} to {stop} were asked for; it has {index.n_frames}. "
            f"Choose 0 <= start <= stop <= {index.n_frames}."
        )
    yield from _pictures(path, index, range(start, stop), colour, width, on_damage)


def read(
    path: str | Path,
    numbers: Sequence[int] | np.ndarray,
    *,
    colour: Colour = "luma",
    width: int | None = None,
    on_damage: OnDamage = "raise",
) -> dict[int, np.ndarray]:
    """Images of the frames with these numbers, in any order, as {number: image}.

    Frames that lie close together are decoded in one run; a longer gap is skipped by seeking to the key frame before
    the next number, which gives the same picture as decoding from the start.

    Raises
    ------
    UserError: as `stream`, and for a number that is negative or past the end.
    """
    listed = list(numbers) if isinstance(numbers, Iterable) else numbers
    wanted = sorted(set(arrays.ids(listed, "numbers", minimum=-(2**63)).tolist()))
    index = packet_index(path)
    outside = [n for n in wanted if not 0 <= n < index.n_frames]
    if outside:
        raise UserError(
            f"{path}: frame {outside[0]} was asked for; it has {index.n_frames} frames. "
            f"Choose numbers from 0 to {index.n_frames - 1}."
        )
    check_promise(path, index, on_damage)
    runs = (_pictures(path, index, run, colour, width, on_damage) for run in _runs(wanted))
    return {frame.number: frame.image for frame in chain.from_iterable(runs)}


def _pictures(
    path: str | Path, index: PacketIndex, numbers: Sequence[int], colour: Colour, width: int | None, on_damage: OnDamage
) -> Iterator[Frame]:
    """The frames with these ascending numbers from one run of the decoder; the others are decoded and not converted."""
    arrays.choice(colour, "colour", get_args(Colour))
    width = width if width is None else arrays.whole(width, "width", 1)
    if not numbers:
        return
    picture: ToPicture = _luma if colour == "luma" else rgb_pictures()
    chosen, size, whole = set(numbers), index.shown_size, len(numbers) == index.n_frames
    for number, frame in _decoded(path, index, numbers[0], on_damage, report=whole):
        if number > numbers[-1]:
            return
        warn_of_new_size(path, index, frame)
        if number in chosen:
            upright = index.orientation.apply(picture(frame))
            yield Frame(number, index.time(number), _resized(upright, size[0] if width is None else width, size))


def resize(image: np.ndarray, width: int = WIDTH) -> np.ndarray:
    """The image, grey or colour, at this width, its height by aspect, rounded and at least 1.

    Shrinks by area averages, enlarges linearly. Frames and query photographs go through this one function.
    """
    height, old_width = image.shape[:2]
    return _resized(image, width, (old_width, height))


def rgb_pictures() -> ToPicture:
    """Function that converts the decoded frames of one video to RGB, uint8 (h, w, 3).

    It makes FFmpeg's tables for the first frame only and uses one thread. PyAV by itself makes tables and threads for
    every frame, which takes five times as long, and far longer on a busy machine.
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
    """Numbers and decoded frames from `start` on; with `report`, missing frames are reported at the end."""
    n_decoded, n_damaged, expected, trusted = 0, 0, start, not index.by_decoding
    for number, frame in chain(_run(path, index, start, on_damage), [(index.n_frames, None)]):
        if trusted and number != expected and (report or frame is not None):
            better = index_after_mismatch(path, index, on_damage)
            if better is not None:
                yield from _decoded(path, better, expected, on_damage, report=report)
                return
            trusted = False  # the film is damaged; lost frames leave gaps
        if frame is None:
            break
        damaged = number in index.damaged if index.by_decoding else frame.is_corrupt
        if damaged and on_damage == "raise":
            raise UserError(f"{path}: frame {number} is damaged. {ADVICE}")
        n_decoded, n_damaged, expected = n_decoded + 1, n_damaged + damaged, number + 1
        yield number, frame
    n_lost = index.n_frames - start - n_decoded
    if report and not index.by_decoding and (n_lost > 0 or n_damaged):
        message = f"{path}: {n_lost} of {index.n_frames} frames could not be decoded"
        if on_damage == "raise":
            raise UserError(f"{message}. {ADVICE}")
        if on_damage == "keep":
            warn_once(f"{message} and {n_damaged} are damaged; the rest was used")


def _run(path: str | Path, index: PacketIndex, start: int, on_damage: OnDamage) -> Iterator[tuple[int, VideoFrame]]:
    """Numbers and frames from `start` on, decoded from a key frame before it.

    A decoder may have to begin before the nearest key frame: where frame `start` is missing or damaged, decoding begins
    three key frames earlier, and then at the file's beginning.
    """
    for back in (0, 3):
        frames = _attempt(path, index, start, on_damage, back=back)
        with suppress(_NotFromHere):
            first = next(frames, None)
            if first is not None and first[0] == start and not first[1].is_corrupt:
                yield first
                yield from frames
                return
    yield from _attempt(path, index, start, on_damage)


class _NotFromHere(Exception):  # noqa: N818 - no error: decoding begins at an earlier key frame
    pass


def _attempt(
    path: str | Path, index: PacketIndex, start: int, on_damage: OnDamage, *, back: int | None = None
) -> Iterator[tuple[int, VideoFrame]]:
    """Numbers and frames from `start` on, decoded from `back` key frames before the nearest, or from the beginning."""
    number = None if back is not None else -1
    began = back is None
    for video, packet in packets_from(path, index, start, back=index.n_frames if back is None else back):
        try:
            frames = video.codec_context.decode(packet)
        except av.error.FFmpegError as error:
            if on_damage != "raise" or index.by_decoding:  # what is lost is known
                continue
            if not began:
                raise _NotFromHere from error
            raise UserError(f"{path}: damaged after frame {number} ({error.strerror}). {ADVICE}") from error
        for frame in frames:
            known = index.number(frame)
            if index.by_decoding and number is not None and (known is None or known <= number):
                known = number + 1  # a packet with two pictures
            if known is None:
                continue
            number = known
            if number >= start:
                began = True
                yield number, frame


def _runs(numbers: list[int], gap: int = 250) -> Iterator[list[int]]:
    """Runs of ascending numbers, split where two are more than `gap` apart (x264's usual distance of key frames)."""
    run: list[int] = []
    for number in numbers:
        if run and number - run[-1] > gap:
            yield run
            run = []
        run.append(number)
    if run:
        yield run
