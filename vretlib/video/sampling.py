"""A few frames of a video per second, in one pass over it (thesis §6.2.2 takes three).

All frames are decoded in order, since seeking to each sample is many times slower; only frames that are neither sampled
nor needed to decode others are skipped. Only sampled frames are converted to colour and shrunk. One picture is in
memory at a time, however long the video is.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from vretlib import arrays, images
from vretlib.errors import UserError
from vretlib.video.damage import ADVICE, OnDamage, check_promise, index_after_mismatch, warn_of_new_size
from vretlib.video.frame_index import PacketIndex, packets_from
from vretlib.video.frames import Frame, ToPicture, rgb_pictures
from vretlib.video.packets import packet_index


def sampled_numbers(times: NDArray[np.float64], fps: float) -> NDArray[np.int64]:
    """Numbers of the frames nearest to the first frame's time + k/fps, k = 0, 1, …, up to the last frame's time.

    Parameters
    ----------
    times: (F,) seconds, ascending, at which each frame is shown. The steps between them may differ.
    fps: samples a second, above 0. A rate above the video's own gives every frame once.

    Returns
    -------
    int64 (n,), ascending, each frame at most once; of two equally near frames the earlier. A video that is shorter than
    one step gives its first frame, a video without frames an empty array.

    Raises
    ------
    UserError: ``fps`` is not a finite number above 0.

    Examples
    --------
    >>> sampled_numbers(np.arange(10) / 4, fps=2).tolist()
    [0, 2, 4, 6, 8]
    """
    fps = arrays.number(fps, "fps", above=0, what="frames per second, such as 3")
    times = np.asarray(times, np.float64)
    if not len(times):
        return np.empty(0, np.int64)
    # A frame is sampled if one of the moments k/fps lies nearer to it than to its neighbours. The computation goes
    # frame by frame, since there may be far more moments than frames.
    since = times - times[0]
    until = np.append((since[:-1] + since[1:]) / 2 + 0.5e-9, since[-1])
    last_moment = np.floor(until * fps + 1e-9)
    return np.flatnonzero(np.diff(last_moment, prepend=-1.0) > 0).astype(np.int64)


def sampled(
    path: str | Path, fps: float, *, longest: int | None = None, threads: int = 1, on_damage: OnDamage = "raise"
) -> Iterator[Frame]:
    """Frames of a video at a rate: their numbers, their times in seconds, and their RGB images, uint8 (h, w, 3).

    Parameters
    ----------
    path: the video file.
    fps: frames a second, see `sampled_numbers`.
    longest: pixels to which the longer side is shrunk; smaller frames, and with None all, stay as they are.
    threads: threads of the decoder. More than one slow a reader that keeps all cores busy by up to a tenth; 0, with
        which FFmpeg decides, suits a reader that leaves cores idle.
    on_damage: as in `vretlib.video.frames.stream`; with "keep", missing frames are left out.

    Raises
    ------
    UserError: the file is not a readable video; a damaged or cut one, unless ``on_damage`` keeps the rest; ``fps`` is
        not a finite number above 0, ``longest`` below 1 or ``threads`` below 0. It is raised while frames are read, not
        by the call.
    """
    longest = longest if longest is None else arrays.whole(longest, "longest", 1)
    threads = arrays.whole(threads, "threads", 0)
    index = packet_index(path)
    check_promise(path, index, on_damage)
    last, rgb = -1, rgb_pictures()
    while True:
        numbers = sampled_numbers(index.times, fps)
        wanted, better = numbers[numbers > last].tolist()[::-1], None
        for number, frame in chain(_decoded(Path(path), index, numbers, threads, on_damage), [(index.n_frames, None)]):
            while wanted and number > wanted[-1]:  # it never came
                lost, better = wanted.pop(), index_after_mismatch(path, index, on_damage)
                if better is None and on_damage == "raise":
                    raise UserError(f"{path}: frame {lost} of {index.n_frames} cannot be decoded. {ADVICE}")
            if better is not None or not wanted or frame is None:
                break
            if number == wanted[-1]:
                last = wanted.pop()
                damaged = number in index.damaged if index.by_decoding else frame.is_corrupt
                if damaged and on_damage == "raise":
                    raise UserError(f"{path}: frame {number} is damaged. {ADVICE}")
                warn_of_new_size(path, index, frame)
                yield Frame(number, index.time(number), _picture(rgb, frame, index, longest))
        if better is None:
            return
        index = better


def _decoded(
    path: Path, index: PacketIndex, wanted: NDArray[np.int64], threads: int, on_damage: OnDamage = "raise"
) -> Iterator[tuple[int, VideoFrame]]:
    """Numbers and frames in order: the wanted ones and some others."""
    number, asked = -1, index.packets_of(wanted)
    for video, packet in packets_from(path, index, threads=threads):
        if packet is not None and asked is not None:  # skip frames to which no other frame refers
            video.codec_context.skip_frame = "DEFAULT" if packet.pts in asked else "NONREF"
        try:
            frames = video.codec_context.decode(packet)
        except av.error.FFmpegError as error:
            if on_damage != "raise" or index.by_decoding:  # what is lost is known
                continue
            raise UserError(f"{path}: damaged after frame {number} ({error.strerror}). {ADVICE}") from error
        for frame in frames:
            rank = index.number(frame)
            if asked is None and (rank is None or rank <= number):
                rank = number + 1  # a packet with two pictures
            if rank is not None:
                number = rank
                yield number, frame


def _picture(rgb: ToPicture, frame: VideoFrame, index: PacketIndex, longest: int | None) -> NDArray[np.uint8]:
    """RGB image of a frame: upright, with square pixels, at the film's first size, then shrunk."""
    width, height = max(1, round(index.size[0] * index.pixel_aspect)), index.size[1]
    if (width, height) != (frame.width, frame.height):
        frame = frame.reformat(width=width, height=height, threads=1)
    picture = index.orientation.apply(rgb(frame))
    return picture if longest is None else images.resize(picture, longest)
