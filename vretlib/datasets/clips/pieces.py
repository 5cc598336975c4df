"""Long videos as clips: a film of two hours is searched as pieces of some seconds.

A piece is a file of its own, encoded again. To copy the stream without encoding it would be faster, but a copied piece
can begin at a key frame only, and encoders put those where shots begin: cut points would follow the shots that a method
is to find. It can also need frames before its beginning (open groups of pictures). Little is lost (`CRF`), and pictures
larger than the 1024 pixels of the thesis are brought to that.

Frames go one by one from the decoder to the encoder: memory does not depend on the length.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from vretlib import cache
from vretlib.datasets.clips.recording import recording
from vretlib.errors import UserError
from vretlib.video import frames
from vretlib.video.frames import VideoInfo

LARGEST = 1024
"""Longer side of a piece's picture in pixels, at most: the width to which thesis section 6.2.2 brings frames."""

CRF = 18
"""Quality of the encoder: x264 calls 18 nearly without visible loss."""

SHORTEST = 0.5
"""Seconds of a piece, at least: every piece is a file of its own."""

CONTENTS = "pieces.json"


@dataclass(frozen=True)
class Piece:
    """A part of a video: its file, and the seconds of the video that it holds, as a player counts them."""

    path: Path
    start: float
    end: float


def edges(duration: float, seconds: float) -> list[float]:
    """Where a video of that duration is cut, both ends included: a rest below half a piece stays with the last one."""
    n = max(1, int(duration // seconds) + (duration % seconds >= seconds / 2))
    return [*(seconds * k for k in range(n)), duration]


def cut(info: VideoInfo, seconds: float) -> tuple[Piece, ...]:
    """A video in pieces of about ``seconds``, from the cache; one that would be a single piece is left as it is.

    Raises
    ------
    UserError: the video is damaged, or ``seconds`` is below `SHORTEST`.
    """
    if not seconds >= SHORTEST:
        raise UserError(f"clip_seconds={seconds}; expected the length of a clip in seconds, at least {SHORTEST:g}")
    at = [info.start + edge for edge in edges(info.duration, seconds)]
    if len(at) == 2:
        return (Piece(info.path, info.start, info.end),)
    key = {"video": cache.checksum(info.path), "seconds": float(seconds), "largest": LARGEST}
    folder = cache.stage("pieces", key, lambda out: _cut(info, at, out))
    return tuple(Piece(folder / file, start, end) for file, start, end in json.loads((folder / CONTENTS).read_text()))


def _cut(info: VideoInfo, at: list[float], out: Path) -> None:
    made: list[tuple[str, float, float]] = []
    share = min(1.0, LARGEST / max(info.width, info.height))
    size = (round(info.width * share), round(info.height * share))
    rate = Fraction(info.fps).limit_denominator(1001)
    told = frames.stream(info.path, color="rgb")
    frame = next(told, None)
    for start, end in pairwise(at):
        stop = end if end < at[-1] else float("inf")
        if frame is None or frame.time >= stop:
            continue  # no frame is shown in these seconds: a video may stand still for longer than a piece
        file = f"{len(made):05d}.mp4"
        with recording(out / file, *size, rate, CRF) as write:
            while frame is not None and frame.time < stop:
                write(frame.image, frame.time - start)
                frame = next(told, None)
        made.append((file, start, end))
    (out / CONTENTS).write_text(json.dumps(made), encoding="utf-8")
