"""Going on after real damage: a film that is cut short or damaged, as a film of what is whole in it.

A chapter's parameter ``damaged`` says what becomes of such a film: `REFUSE` (the default) ends the run with one
sentence, `KEEP` makes a copy, encoded again, in which every later step finds whole pictures. Numbers and times are
those of the film: where a picture is lost, the one before it stays, as on a player's screen.
"""

from __future__ import annotations

import logging
import warnings
from fractions import Fraction
from pathlib import Path

from vretlib import cache
from vretlib.datasets.clips.recording import recording
from vretlib.errors import UserError
from vretlib.video import frames, packets

log = logging.getLogger(__name__)


REFUSE, KEEP = CHOICES = ("refuse", "keep what is whole")
"""What a chapter's parameter ``damaged`` may be."""

CRF = 14
"""Quality of the encoder: the pictures have been compressed once already."""


def whole(path: Path, damaged: str = REFUSE) -> Path:
    """The film itself; or, where it is damaged and ``damaged`` is `KEEP`, the copy of what is whole, from the cache.

    With `KEEP` every film is decoded once to know whether anything in it is damaged; with `REFUSE` nothing is looked
    at, and whoever reads the film says so.

    Raises
    ------
    UserError: ``damaged`` is none of `CHOICES`, the file is no video, or nothing in it is whole.
    """
    check(damaged)
    if damaged == REFUSE:
        return path
    index = packets.index_by_decoding(path)
    if not (index.loss or index.n_missing):
        return path
    lost = index.loss or f"cut short; about {index.n_missing} frames are missing"
    log.info(f"{path.name}: {lost}; what is whole is kept, in a copy")
    key = {"film": cache.checksum(path), "crf": CRF}
    made = cache.stage("mended", key, lambda out: _copy(path, out / "film.mp4"))
    return made / "film.mp4"


def check(damaged: str) -> None:
    """A UserError unless this is one of `CHOICES`."""
    if damaged not in CHOICES:
        raise UserError(f"damaged={damaged!r} is not known; expected one of {', '.join(map(repr, CHOICES))}")


def _copy(path: Path, out: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is lost has been said
        info = frames.probe(path, on_damage="keep")
        index = packets.packet_index(path)
        rate = Fraction(min(info.fps, 1000.0)).limit_denominator(1001)
        with recording(out, info.width, info.height, rate, CRF) as write:
            next_number, before = 0, None
            for frame in frames.stream(path, color="rgb", on_damage="keep"):
                for lost in range(next_number, frame.number):
                    write(frame.image if before is None else before, index.time(lost))
                write(frame.image, frame.time)
                next_number, before = frame.number + 1, frame.image
