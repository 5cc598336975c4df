"""Writing a video frame by frame, as a file that depends only on its frames, and reading it whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
from numpy.typing import NDArray

from vretlib.images import Pixels

Write = Callable[[NDArray, float], None]
"""Function that writes the next frame, uint8 (h, w, 3) RGB of any size, at its time in seconds from the first."""

_TIME = Fraction(1, 90_000)


@contextmanager
def recording(path: Path, width: int, height: int, rate: Fraction, crf: int) -> Iterator[Write]:
    """A writer of H.264 in mp4 with constant quality ``crf``; sides are rounded to even, as subsampled colours need.

    The encoder uses one thread and nothing that depends on the processor; otherwise x264 takes other decisions on other
    computers.
    """
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height = (max(2, round(side / 2) * 2) for side in (width, height))
        stream.pix_fmt, stream.time_base = "yuv420p", _TIME
        stream.codec_context.time_base = _TIME
        stream.codec_context.thread_count = 1
        stream.options = {"preset": "superfast", "crf": str(crf), "x264-params": "cpu-independent=1:threads=1"}

        def write(image: NDArray, time: float) -> None:
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame = frame.reformat(stream.width, stream.height, "yuv420p", interpolation="AREA")
            frame.pts, frame.time_base = max(0, round(time / _TIME)), _TIME
            container.mux(stream.encode(frame))

        yield write
        container.mux(stream.encode(None))


def recorded(path: Path) -> list[Pixels]:
    """All frames of a film that `recording` wrote, in order, uint8 (h, w, 3) RGB."""
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "NONE"
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
