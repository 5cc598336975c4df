"""Your own faces: a folder for each person, in it a folder for each video, in it the crops of its frames."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from vretlib import files, images, walk
from vretlib.datasets.faces.collection import FaceSet
from vretlib.datasets.faces.tracks import FaceTrack, Reading, TrackList, face_set
from vretlib.datasets.landmarks import folders as image_folders

EXPECTED = "a folder of at least two people, each a folder of videos, each a folder of pictures of that face"

LISTS = (".csv", ".txt")
"""Endings of the lists that users keep beside their pictures."""


class FolderContent(NamedTuple):
    """The pictures of a folder.

    Attributes
    ----------
    videos: (person, video) -> its pictures, in order.
    left_out: what is left out of the folder, counted by reason.
    repeated: folders that were not read because they are here already, which ``left_out`` counts.
    """

    videos: dict[tuple[str, str], list[Path]]
    left_out: list[str]
    repeated: frozenset[Path]


def folders(root: str | Path, how: Reading | None = None) -> FaceSet:
    """A collection from ``<root>/<person>/<video>/<frame>``; videos are named ``person/video``.

    The frames are crops of faces already, in the order of their names with numbers by value. A picture that is not
    square is cropped to its middle. Files elsewhere, files that are not pictures, pictures that cannot be read, and
    folders without a picture are left out and counted or named in ``left_out``.

    Raises
    ------
    UserError: the errors of `tracks` or of `face_set`.
    """
    return face_set(tracks(root), how or Reading())


def tracks(root: str | Path) -> TrackList:
    """The videos of ``<root>/<person>/<video>/<frame>``.

    Texts beside the people's folders are the user's lists, such as a split. Texts among the pictures are counted as
    left out.

    Raises
    ------
    UserError: no such folder; the message names the one that seems to be meant.
    """
    root = files.given(root)
    if not looks_right(root):
        raise image_folders.expected(root, EXPECTED, looks_right)
    found = pictures(root, apart=[path for path in root.iterdir() if path.suffix.lower() in LISTS])
    listed = [
        FaceTrack.of_images(person, f"{person}/{video}", f"{person}/{video}", [(p, None) for p in paths])
        for (person, video), paths in found.videos.items()
    ]
    own = os.path.basename(os.path.abspath(root)).replace("|", "¦") or "folder"
    return TrackList(own, listed, [*without_pictures(root, found), *found.left_out], "yours")


def pictures(root: Path, beside: Collection[str] = (), apart: Collection[Path] = ()) -> FolderContent:
    """The pictures of ``<root>/<person>/<video>/<frame>``; see `vretlib.walk.find` about ``beside`` and ``apart``."""
    walked = walk.find(root, images.EXTENSIONS, unreadable=images.UNREADABLE, beside=beside, apart=apart)
    found: dict[tuple[str, str], list[Path]] = {}
    elsewhere = 0
    for path in walked.paths:
        parts = path.relative_to(root).parts
        if len(parts) == 3:
            found.setdefault((parts[0], parts[1]), []).append(path)
        else:
            elsewhere += 1
    left_out = [f"{n:,} {reason}" for reason, n in walked.left_out.items()]
    left_out += [f"{elsewhere:,} pictures that are not in person/video/"] if elsewhere else []
    return FolderContent(found, left_out, walked.repeated)


def without_pictures(root: Path, found: FolderContent) -> list[str]:
    """Messages about the folders of people and videos that have no picture; folders that are here already are none."""
    messages = []
    for person in image_folders.sub_folders(root):
        videos = image_folders.sub_folders(person)
        empty = [video for video in videos if (person.name, video.name) not in found.videos]
        unread = [video.name for video in empty if video not in found.repeated]
        if person in found.repeated:
            continue
        if not videos:
            messages.append(f"{person.name} (no folder of a video in it)")
        elif unread and len(empty) == len(videos):
            messages.append(f"{person.name} (no picture in it that is read)")
        else:
            messages += [f"{person.name}/{name} (no picture in it that is read)" for name in unread]
    return messages


def looks_right(root: Path) -> bool:
    """True if a folder has sub-folders with sub-folders that hold pictures, of at least two people."""
    people = image_folders.sub_folders(root)
    return sum(any(map(image_folders.holds_images, image_folders.sub_folders(person))) for person in people) >= 2
