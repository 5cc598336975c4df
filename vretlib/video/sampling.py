"""A few frames of a video per second, in one pass over it (thesis §6.2.2 takes three).

Everything is decoded in order, since seeking to each sample is many times slower, but for those frames that neither are
asked for nor are needed to decode others; only the frames that are asked for are converted to colour and shrunk. One
picture is held at a time, however long the video is.
"""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from vretlib.datasets import images
from vretlib.errors import UserError
from vretlib.video.frames import Frame, ToPicture, rgb_pictures
from vretlib.video.packets import PacketIndex, open_video, packet_index, readable_packets


def sampled_numbers(times: NDArray[np.float64], fps: float) -> NDArray[np.int64]:
    """Numbers of the frames nearest to the first frame's time + k/fps, k = 0, 1, …, up to the last frame's time.

    Parameters
    ----------
    times: (F,) seconds, ascending: when each frame is shown. The steps between them may differ.
    fps: samples a second, above 0. Where it is more than the video has, every frame comes once.

    Returns
    -------
    int64 (n,), ascending, each frame at most once; of two equally near frames the earlier. A video that is shorter than
    one step gives its first frame, one without frames nothing.

    >>> sampled_numbers(np.arange(10) / 4, fps=2).tolist()
    [0, 2, 4, 6, 8]
    """
    if not 0 < fps < np.inf:
        raise UserError(f"fps={fps}: expected a number of frames per second above 0, such as 3")
    times = np.asarray(times, np.float64)
    if not len(times):
        return np.empty(0, np.int64)
    wanted = times[0] + np.arange(int((times[-1] - times[0]) * fps + 1e-9) + 1) / fps
    after = np.searchsorted(times, wanted - 1e-9).clip(1, len(times) - 1) if len(times) > 1 else np.zeros(1, np.int64)
    before = np.maximum(after - 1, 0)
    nearer = np.where(wanted - times[before] <= times[after] - wanted + 1e-9, before, after)
    return np.unique(nearer)


def sampled(path: str | Path, fps: float, *, longest: int | None = None, threads: int = 1) -> Iterator[Frame]:
    """Frames of a video at a rate: their numbers, their times in seconds, and their RGB images, uint8 (h, w, 3).

    Parameters
    ----------
    fps: frames a second, see :func:`sampled_numbers`.
    longest: pixels to which the longer side is shrunk; smaller frames, and with None all, stay as they are.
    threads: of the decoder. More than one get in the way of a reader that keeps all cores busy, to a tenth of its time;
        0 lets FFmpeg decide, for a reader that leaves them idle.

    Raises
    ------
    UserError: the file is not a readable video, or one of the frames that were asked for cannot be decoded.
    """
    index = packet_index(path)
    times = np.array([index.time(number) for number in range(index.n_frames)])
    numbers = sampled_numbers(times, fps)
    wanted, rgb = numbers.tolist()[::-1], rgb_pictures()
    for number, frame in _decoded(Path(path), index, numbers, threads):
        if wanted and number == wanted[-1]:
            if frame.is_corrupt:
                raise UserError(f"{path}: frame {number} is damaged. Get the file again.")
            wanted.pop()
            yield Frame(number, float(times[number]), _picture(rgb, frame, index, longest))
        if not wanted:
            return
    raise UserError(f"{path}: frame {wanted[-1]} of {index.n_frames} cannot be decoded. Get the file again.")


def _decoded(
    path: Path, index: PacketIndex, wanted: NDArray[np.int64], threads: int
) -> Iterator[tuple[int, VideoFrame]]:
    """Frames with their numbers, in order: those that are wanted, and others."""
    number, asked = -1, None if index.pts is None else set(index.pts[wanted].tolist())
    with open_video(path) as (container, video):
        video.thread_type, video.codec_context.thread_count = "AUTO", threads
        try:
            for packet in _none_last(readable_packets(container, video)):
                if packet is not None and asked is not None:  # passes over what no other frame refers to
                    video.codec_context.skip_frame = "DEFAULT" if packet.pts in asked else "NONREF"
                for frame in video.codec_context.decode(packet):
                    rank = index.number(frame.pts)
                    number = number + 1 if rank is None else rank
                    yield number, frame
        except av.error.FFmpegError as error:
            raise UserError(f"{path}: damaged after frame {number} ({error.strerror}). Get the file again.") from error


def _none_last(packets: Iterator[av.Packet]) -> Iterator[av.Packet | None]:
    """Packets, then None, which makes the decoder give what it still holds."""
    yield from packets
    yield None


def _picture(rgb: ToPicture, frame: VideoFrame, index: PacketIndex, longest: int | None) -> NDArray[np.uint8]:
    """The frame in colour with square pixels, shrunk."""
    width = round(frame.width * index.pixel_aspect)
    if width != frame.width:
        frame = frame.reformat(width=width, threads=1)
    return rgb(frame) if longest is None else images.resize(rgb(frame), longest)
