"""Texts about face videos that cannot be read, and about divisions of which a part is missing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from vretlib.datasets.faces.crops import Unreadable
from vretlib.errors import UserError, short_list


class VideoRead(NamedTuple):
    """What was read of a video.

    Attributes
    ----------
    person, video: names, as in `vretlib.datasets.faces.tracks.FaceTrack`.
    part: "train" or "test".
    n: the number of frames.
    bad: the files that could not be read.
    """

    person: str
    video: str
    part: str
    n: int
    bad: Sequence[Unreadable]


def damage(read: Sequence[VideoRead]) -> list[str]:
    """What was lost, an entry each: people without a video that can be read, other videos, frames of other videos."""
    people: dict[str, list[VideoRead]] = {}
    for one in read:
        people.setdefault(one.person, []).append(one)
    gone = {person: mine for person, mine in people.items() if not any(one.n for one in mine)}
    others = [one for one in read if one.person not in gone]
    return [
        *(_person(person, mine) for person, mine in gone.items()),
        *(_entry(one) for one in others if not one.n),
        *(_entry(one) for one in others if one.n and one.bad),
    ]


def check_division(name: str, split: str | Path, read: Sequence[VideoRead]) -> None:
    """Raise a `UserError` if a division has no training or no test video, or has lost people; it says what to do.

    Parameters
    ----------
    name: the collection's.
    split: the file that divides the videos; empty if they are drawn.
    """
    for part, what in (("test", "test"), ("train", "training")):
        mine = [one for one in read if one.part == part]
        if mine and not any(one.n for one in mine):
            raise UserError(f"{name}: no {what} video can be read; {_again(mine)}")
        if not mine and str(split):
            raise UserError(f"{split}: names no {what} video; {_expected(Path(split), part)}")
        if not mine:
            raise UserError(f"{name}: no {what} video: nobody has a second one to ask with; {_second(read)}")
    learned, asked = ({one.person for one in read if one.part == part and one.n} for part in ("train", "test"))
    lost = [one for one in read if one.part == "train" and one.person not in learned]
    if lost and len(learned) < 2:
        raise UserError(f"{name}: training videos of {len(learned)} person can be read, not of two; {_again(lost)}")
    if wanted := [one for one in lost if one.person in asked]:
        who = short_list(list(dict.fromkeys(one.person for one in wanted)))
        raise UserError(
            f"{name}: no training video can be read of {who}, whom test videos show; {_again(wanted)}, or leave out "
            "all videos of these people"
        )


def _person(name: str, lost: Sequence[VideoRead]) -> str:
    which = f"none of {len(lost):,} videos can" if len(lost) > 1 else "the one video cannot"
    reasons = [f"; {bad} of {one.video}: {why}" for one in lost for bad, why in one.bad[:1]]
    return f"{name} ({which} be read{''.join(reasons[:1])})"


def _entry(one: VideoRead) -> str:
    if not one.bad:
        return f"{one.video} (no frame of it can be read)"
    first, why = one.bad[0]
    if not one.n:
        return f"{one.video} (no frame of it can be read; {first}: {why})"
    if len(one.bad) == 1:
        return f"{one.video}/{first} ({why})"
    names = short_list([name for name, _ in one.bad])
    return f"{one.video} ({len(one.bad):,} frames that cannot be read: {names}; {first}: {why})"


def _again(lost: Sequence[VideoRead]) -> str:
    return f"copy the files again: {short_list([_entry(one) for one in lost], '; ')}"


def _expected(split: Path, part: str) -> str:
    """What a split file should name."""
    if split.suffix.lower() == ".csv":
        return f"give the split {part} to a video in it"
    return "write one in a line" if part == "test" else "all are test videos: leave some out, to learn from them"


def _second(read: Sequence[VideoRead]) -> str:
    """What to do where each person's videos are of one source; a split file helps those who have several."""
    several = len({one.person for one in read}) < len(read)
    return f"{'give a split file, or ' if several else ''}add a second video of someone"
