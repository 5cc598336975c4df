"""A `FaceSet` from the tracks of a reader: crops are read, unreadable files are named, and videos are divided."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from vretlib import files
from vretlib.datasets import text_files
from vretlib.datasets.faces import crops
from vretlib.datasets.faces.collection import SIDE, Crops, FaceSet, FaceVideos, left_out_text
from vretlib.datasets.faces.crops import Boxed, Unreadable
from vretlib.datasets.faces.lost import VideoRead, check_division, damage
from vretlib.errors import UserError
from vretlib.images import Box, Pixels
from vretlib.parallel import threaded_map

log = logging.getLogger(__name__)

WholeFrame = tuple[Path | Pixels, Box | None]
"""A frame, or its path, and the face's box in it; without a box the face may be anywhere."""

SHARE = 3101 / (3101 + 7190)
"""Share of each person's videos in the test split: that of YTC in papers that divide it as paper 001 does."""


@dataclass(frozen=True)
class FaceTrack:
    """One person's track.

    Attributes
    ----------
    person, video: names; the video's is unique.
    source: what the track was cut from; tracks of one source are in the same split.
    crops: (side, most) -> the crops in time order, and what could not be read, each with its reason.
    whole: (most) -> whole frames, a picture or its path, each with the face's box, and what could not be read; None
        where only crops are distributed.
    """

    person: str
    video: str
    source: str
    crops: Callable[[int, int], tuple[list[Pixels], list[Unreadable]]]
    whole: Callable[[int], tuple[Sequence[WholeFrame], list[Unreadable]]] | None = None

    @classmethod
    def of_images(cls, person: str, video: str, source: str, pictures: Sequence[Boxed]) -> FaceTrack:
        """The track of some pictures with their boxes."""
        return cls(person, video, source, partial(crops.of_images, pictures), partial(crops.whole_images, pictures))

    @classmethod
    def of_film(cls, person: str, video: str, source: str, path: Path, box: Box) -> FaceTrack:
        """The track of a film, from the box in its first frame."""
        return cls(person, video, source, partial(crops.of_film, path, box), partial(crops.whole_film, path, box))


@dataclass(frozen=True)
class TrackList:
    """The result of a reader: the collection's name, its tracks, what is left out already, and the licence."""

    name: str
    tracks: Sequence[FaceTrack]
    left_out: Sequence[str] = ()
    licence: str = ""


@dataclass(frozen=True)
class Reading:
    """How tracks are read.

    Attributes
    ----------
    split: a file that says which videos are test videos; if empty, `SHARE` of each person's videos are drawn.
        A ``.txt`` has the name of a test video in each line; all others are training videos. A ``.csv`` has the columns
        ``video`` and ``split``, ``train`` or ``test``; videos that it does not name are left out.
    seed: the seed of the draw.
    side: pixels of a crop's side.
    most: frames of a video at most, evenly spread.

    Raises
    ------
    UserError: a number that is not whole or too small (``seed`` 0, ``side`` 8, ``most`` 1).
    """

    split: str | Path = ""
    seed: int = 0
    side: int = SIDE
    most: int = crops.MOST

    def __post_init__(self) -> None:
        for name, least in (("seed", 0), ("side", 8), ("most", 1)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise UserError(f"{name}={value!r}; expected a whole number, at least {least}")


def face_set(listed: TrackList, how: Reading) -> FaceSet:
    """The collection of some tracks; those without a frame that can be read are left out and named.

    Raises
    ------
    UserError: the errors of `divided`, of `check_division` or of `FaceSet`.
    """
    parts, apart = divided(listed, how)
    used = [track for track in listed.tracks if track.video in parts]
    read = list(threaded_map(lambda track: track.crops(how.side, how.most), used))
    states = [
        VideoRead(track.person, track.video, parts[track.video], len(found), bad)
        for track, (found, bad) in zip(used, read, strict=True)
    ]
    whole = [(track, np.stack(found)) for track, (found, _) in zip(used, read, strict=True) if found]
    lost = [*damage(states), *apart]
    log_left_out(listed.name, lost)
    check_division(listed.name, how.split, states)
    names = tuple(dict.fromkeys(track.person for track, _ in whole))
    train, test = (_part([item for item in whole if parts[item[0].video] == part], names) for part in ("train", "test"))
    what = f"{listed.name}, {len(names)} people, {len(train):,} videos to learn from and {len(test):,} to ask with"
    return FaceSet(listed.name, train, test, tuple(lost), what, listed.licence)


def divided(listed: TrackList, how: Reading) -> tuple[dict[str, str], list[str]]:
    """Video -> "train" or "test", and what is left out, each with the reason.

    Raises
    ------
    UserError: tracks of fewer than two people, or a split file that cannot be read or names other videos.
    """
    tracks = listed.tracks
    if (n := len({track.person for track in tracks})) < 2:
        raise UserError(f"{listed.name}: videos of {n} person; expected at least two people")
    parts = _given(files.given(how.split), tracks) if str(how.split) else _drawn(tracks, how.seed)
    unnamed = [track.video for track in tracks if track.video not in parts]
    return parts, [*listed.left_out, *(f"{video} (not in {Path(how.split).name})" for video in unnamed)]


def log_left_out(name: str, lost: Sequence[str]) -> None:
    """Log what is left out, if there is anything; see `left_out_text`."""
    if lost:
        log.info("%s: %s", name, left_out_text(lost))


def _part(items: Sequence[tuple[FaceTrack, Crops]], names: Sequence[str]) -> FaceVideos:
    persons = np.array([names.index(track.person) for track, _ in items], np.int64)
    return FaceVideos(
        tuple(found for _, found in items), persons, tuple(track.video for track, _ in items), tuple(names)
    )


def _drawn(tracks: Sequence[FaceTrack], seed: int) -> dict[str, str]:
    """Video -> "train" or "test": about `SHARE` of each person's sources are test, at least one of two or more.

    A person with one source is in training only, which is logged.
    """
    rng = np.random.Generator(np.random.PCG64([seed, 43]))
    parts, single = {}, []
    for person in dict.fromkeys(track.person for track in tracks):
        mine = [track for track in tracks if track.person == person]
        sources = list(dict.fromkeys(track.source for track in mine))
        n = min(max(1, round(SHARE * len(sources))), len(sources) - 1)
        if not n:
            single.append(person)
        asked = {sources[i] for i in rng.permutation(len(sources))[:n]}
        parts.update({track.video: "test" if track.source in asked else "train" for track in mine})
    if single:
        log.info("people with one video, which is not asked for: %s, as %s", f"{len(single):,}", ", ".join(single[:3]))
    return parts


def _given(path: Path, tracks: Sequence[FaceTrack]) -> dict[str, str]:
    """Video -> "train" or "test", from a split file."""
    names = {files.same(track.video): track.video for track in tracks}
    if path.suffix.lower() == ".csv":
        rows = [(row.line, row["video"], row["split"].lower()) for row in text_files.rows(path, ["video", "split"])]
    else:
        rows = [(line, text, "test") for line, text in text_files.lines(path, "a list of test videos, one in a line")]
    problems = text_files.Problems(path)
    parts: dict[str, str] = {}
    for line, video, part in rows:
        with problems.at(line):
            name = files.same(video.replace("\\", "/").strip("/"))
            if name not in names:
                raise UserError(f"{video!r}: no such video; expected names such as {next(iter(names))!r}")
            if part not in ("train", "test"):
                raise UserError(f"split {part!r}; expected train or test")
            if parts.setdefault(names[name], part) != part:
                raise UserError(f"{video!r} is in both splits; expected each video in one")
    problems.check()
    if path.suffix.lower() != ".csv":
        parts = {track.video: parts.get(track.video, "train") for track in tracks}
    return parts
