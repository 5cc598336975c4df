"""What is said, and done, where a film is not whole."""

import warnings
from pathlib import Path
from typing import Literal

from av.video.frame import VideoFrame

from vretlib.errors import UserError
from vretlib.video.packets import PacketIndex, distrust, index_by_decoding

OnDamage = Literal["raise", "keep"]
"""Where frames are missing or damaged: stop with a UserError, or go on with what is whole and warn."""

ADVICE = (
    "Get the file again, or go on with what is there: damaged='keep what is whole' in a chapter's parameters, "
    "on_damage='keep' in the library."
)


def check_promise(path: str | Path, index: PacketIndex, on_damage: OnDamage) -> None:
    """Refuse a film whose index already tells that it is cut short or damaged, or warn.

    Raises
    ------
    UserError: it is, and `on_damage` is "raise".
    """
    if index.n_missing:
        n = index.n_frames
        message = f"{path}: truncated; it holds {n} frames, about {index.n_missing} less than its header says"
    elif index.loss:
        message = f"{path}: damaged; {index.loss}"
    else:
        return
    if on_damage == "raise":
        raise UserError(f"{message}. {ADVICE}")
    warnings.warn(f"{message}; the rest was used", stacklevel=3)


def after_a_surprise(path: str | Path, index: PacketIndex, on_damage: OnDamage) -> PacketIndex | None:
    """The index by decoding, where a film's packets promised other pictures than came; None where they came to harm.

    Raises
    ------
    UserError: they came to harm, and `on_damage` is "raise".
    """
    if index.by_decoding:
        return None
    if not index.n_missing:
        decoded = index_by_decoding(path)
        if not decoded.loss:
            return distrust(path)
        if on_damage == "raise":
            raise UserError(f"{path}: damaged; {decoded.loss}. {ADVICE}")
    return None


def say_change_of_size(path: str | Path, index: PacketIndex, frame: VideoFrame) -> None:
    """Warn where a frame has another size than the film's first."""
    if (frame.width, frame.height) != index.size:
        first, now = "x".join(map(str, index.size)), f"{frame.width}x{frame.height}"
        warnings.warn(f"{path}: pictures change from {first} to {now}; all are brought to the first size", stacklevel=3)
