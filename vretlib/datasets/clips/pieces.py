"""Long videos as clips: a film of two hours is searched as pieces of a few seconds.

Each piece is encoded again into a separate file. Copying the stream would be faster, but a copied piece can begin only
at a key frame, which encoders put where shots begin: cut points would follow the shots that a method has to find. A
copied piece may also need frames before its beginning (open groups of pictures). The loss is small (`CRF`); pictures
larger than the 1024 pixels of the thesis are reduced to that size.

Frames go one by one from the decoder to the encoder, so that memory does not depend on the length.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from vretlib import cache
from vretlib.checksums import checksum
from vretlib.datasets.clips.recording import recording
from vretlib.errors import UserError
from vretlib.video import frames
from vretlib.video.frames import VideoInfo

LARGEST = 1024
"""Largest longer side of a piece's picture in pixels: the width of frames in thesis section 6.2.2."""

CRF = 18
"""Quality of the encoder; 18 is nearly without visible loss according to x264."""

SHORTEST = 0.5
"""Shortest piece in seconds, since every piece is a separate file."""

CONTENTS = "pieces.json"


@dataclass(frozen=True)
class Piece:
    """A part of a video: its file, and its start and end in seconds of the video, as in a player."""

    path: Path
    start: float
    end: float


def edges(duration: float, seconds: float) -> list[float]:
    """Seconds at which a video is cut, both ends included; a rest below half a piece is added to the last piece."""
    n = max(1, int(duration // seconds) + (duration % seconds >= seconds / 2))
    return [*(seconds * k for k in range(n)), duration]


def cut(info: VideoInfo, seconds: float) -> tuple[Piece, ...]:
    """The pieces of a video, about ``seconds`` long, from the cache; a single piece is the video itself.

    Raises
    ------
    UserError: the video is damaged, or ``seconds`` is below `SHORTEST`.
    """
    if not seconds >= SHORTEST:
        raise UserError(f"clip_seconds={seconds}; expected the length of a clip in seconds, at least {SHORTEST:g}")
    at = [info.start + edge for edge in edges(info.duration, seconds)]
    if len(at) == 2:
        return (Piece(info.path, info.start, info.end),)
    key = {"video": checksum(info.path), "seconds": float(seconds), "largest": LARGEST}
    folder = cache.stage("pieces", key, lambda out: _cut(info, at, out))
    return tuple(Piece(folder / file, start, end) for file, start, end in json.loads((folder / CONTENTS).read_text()))


def _cut(info: VideoInfo, at: list[float], out: Path) -> None:
    made: list[tuple[str, float, float]] = []
    share = min(1.0, LARGEST / max(info.width, info.height))
    size = (round(info.width * share), round(info.height * share))
    rate = Fraction(info.fps).limit_denominator(1001)
    stream = frames.stream(info.path, colour="rgb")
    frame = next(stream, None)
    for start, end in pairwise(at):
        stop = end if end < at[-1] else float("inf")
        if frame is None or frame.time >= stop:
            continue  # no frame begins in this piece: a still picture may last longer than a piece
        file = f"{len(made):05d}.mp4"
        with recording(out / file, *size, rate, CRF) as write:
            while frame is not None and frame.time < stop:
                write(frame.image, frame.time - start)
                frame = next(stream, None)
        made.append((file, start, end))
    (out / CONTENTS).write_text(json.dumps(made), encoding="utf-8")
