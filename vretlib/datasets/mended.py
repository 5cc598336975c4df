"""Copies of damaged films that hold only whole pictures.

A chapter's parameter ``damaged`` decides the treatment of films that are cut short or damaged: `REFUSE` (the default)
ends the run with one sentence, `KEEP` makes a copy, encoded again, in which all later steps find whole pictures.
Numbers and times are those of the film: a lost picture is replaced by the one before it, as on a player's screen.
"""

from __future__ import annotations

import logging
from fractions import Fraction
from pathlib import Path

from vretlib import cache
from vretlib.checksums import checksum
from vretlib.datasets.clips.recording import recording
from vretlib.errors import UserError
from vretlib.video import frames, packets

log = logging.getLogger(__name__)


REFUSE, KEEP = CHOICES = ("refuse", "keep what is whole")
"""Values of a chapter's parameter ``damaged``."""

CRF = 14
"""Quality of the encoder; high, since the pictures have been compressed before."""


def undamaged(path: Path, damaged: str = REFUSE) -> Path:
    """The film itself, or, if it is damaged and ``damaged`` is `KEEP`, a copy of its whole pictures from the cache.

    With `KEEP` every film is decoded once to find damage; with `REFUSE` nothing is decoded here, and the readers of the
    film raise errors.

    Raises
    ------
    UserError: ``damaged`` is none of `CHOICES`, the file is no video, or no picture in it is whole.
    """
    check(damaged)
    if damaged == REFUSE:
        return path
    index = packets.index_by_decoding(path)
    if not (index.loss or index.n_missing):
        return path
    lost = index.loss or f"cut short; about {index.n_missing} frames are missing"
    log.info("%s: %s; what is whole is kept, in a copy", path.name, lost)
    key = {"film": checksum(path), "crf": CRF}
    made = cache.stage("mended", key, lambda out: _copy(path, out / "film.mp4"))
    return made / "film.mp4"


def check(damaged: str) -> None:
    """Raise a UserError unless ``damaged`` is one of `CHOICES`."""
    if damaged not in CHOICES:
        raise UserError(f"damaged={damaged!r} is not known; expected one of {', '.join(map(repr, CHOICES))}")


def _copy(path: Path, out: Path) -> None:
    info = frames.probe(path, on_damage="keep quietly")
    index = packets.packet_index(path)
    rate = Fraction(min(info.fps, 1000.0)).limit_denominator(1001)
    with recording(out, info.width, info.height, rate, CRF) as write:
        next_number, before = 0, None
        for frame in frames.stream(path, colour="rgb", on_damage="keep quietly"):
            for lost in range(next_number, frame.number):
                write(frame.image if before is None else before, index.time(lost))
            write(frame.image, frame.time)
            next_number, before = frame.number + 1, frame.image
