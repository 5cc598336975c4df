"""Errors and warnings for films that are damaged or cut short."""

import logging
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from av.video.frame import VideoFrame

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.video.frame_index import PacketIndex
from vretlib.video.packets import index_by_decoding, use_decoding

log = logging.getLogger(__name__)

OnDamage = Literal["raise", "keep", "keep quietly"]
"""Where frames are missing or damaged, "raise" stops with a UserError, "keep" goes on with whole frames and warns.

"keep quietly" goes on without a word, for a caller that has said what is lost.
"""

ADVICE = (
    "Get the file again, or go on with what is there: damaged='keep what is whole' in a chapter's parameters, "
    "on_damage='keep' in the library."
)


def check_promise(path: str | Path, index: PacketIndex, on_damage: OnDamage) -> None:
    """Raise or warn if the index shows that a film is cut short or damaged.

    Raises
    ------
    UserError: the film is cut short or damaged, and `on_damage` is "raise"; or it is not one of `OnDamage`.
    """
    arrays.choice(on_damage, "on_damage", get_args(OnDamage))
    if index.n_missing:
        n = index.n_frames
        message = f"{path}: truncated; it holds {n} frames, about {index.n_missing} less than its header says"
    elif index.loss:
        message = f"{path}: damaged; {index.loss}"
    else:
        return
    if on_damage == "raise":
        raise UserError(f"{message}. {ADVICE}")
    if on_damage == "keep":
        warn_once(f"{message}; the rest was used")


def index_after_mismatch(path: str | Path, index: PacketIndex, on_damage: OnDamage) -> PacketIndex | None:
    """The index made by decoding, for a film whose packets promise other pictures than the decoder gives.

    None where the film is damaged, or where the index in use was made by decoding.

    Raises
    ------
    UserError: the film is damaged, and `on_damage` is "raise".
    """
    if index.by_decoding:
        return None
    if not index.n_missing:
        decoded = index_by_decoding(path)
        if not decoded.loss:
            return use_decoding(path)
        if on_damage == "raise":
            raise UserError(f"{path}: damaged; {decoded.loss}. {ADVICE}")
    return None


def warn_of_new_size(path: str | Path, index: PacketIndex, frame: VideoFrame) -> None:
    """Warn where a frame has another size than the film's first."""
    if (frame.width, frame.height) != index.size:
        first, now = "x".join(map(str, index.size)), f"{frame.width}x{frame.height}"
        warn_once(f"{path}: pictures change from {first} to {now}; all are brought to the first size")


@cache
def warn_once(message: str) -> None:
    """Log a warning, unless it has been logged: every pass over a film finds the same."""
    log.warning("%s", message)
