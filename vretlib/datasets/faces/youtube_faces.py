"""YouTube Faces as distributed (Wolf, Hassner and Maoz 2011).

``frame_images_DB`` holds whole frames, ``<Person>/<video>/<video>.<frame>.jpg``, and for each person a list
``<Person>.labeled_faces.txt`` of their face boxes. ``aligned_images_DB`` holds the same faces turned upright, with the
same folders and no list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from vretlib import files, walk
from vretlib.datasets import text_files
from vretlib.datasets.faces import crops, own
from vretlib.datasets.faces.collection import FaceSet
from vretlib.datasets.faces.tracks import FaceTrack, Reading, TrackList, face_set
from vretlib.datasets.landmarks import folders as image_folders
from vretlib.errors import UserError, short_list
from vretlib.images import Box

FRAMES, ALIGNED = "frame_images_DB", "aligned_images_DB"
LIST = ".labeled_faces.txt"
BESIDE = (".txt", ".csv", ".mat")
"""Endings of the lists and head poses that are distributed with the pictures."""
LICENCE = "for research; the videos are their makers'"


def youtube_faces(root: str | Path, how: Reading | None = None) -> FaceSet:
    """The faces as crops, see `tracks`; people with a single video are in training only.

    Raises
    ------
    UserError: the errors of `tracks` or of `face_set`.
    """
    return face_set(tracks(root), how or Reading())


def tracks(root: str | Path) -> TrackList:
    r"""The frames with their boxes from ``frame_images_DB``, which ``root`` is or holds.

    A line of a list is ``Person\video\frame.jpg,0,x,y,width,height,0,flag`` with backslashes; x and y are the middle
    of the box. Lists, videos and frames without a line, lines that repeat another one and files that are no pictures
    are left out and named or counted, and so are missing frames among those that are used.

    Raises
    ------
    UserError: no such folder, or a line of a list that cannot be read.
    """
    folder = _folder(files.given(root), FRAMES)
    pictures = own.pictures(folder, BESIDE)
    left_out = pictures.left_out
    there = {files.same("/".join(names)): paths for names, paths in pictures.videos.items()}
    disk = {files.same(path.relative_to(folder).as_posix()): path for paths in there.values() for path in paths}
    found: list[FaceTrack] = []
    lists = {path.name.removesuffix(LIST): path for path in sorted(folder.glob(f"*{LIST}"), key=walk.key)}
    for person, path in lists.items():
        videos = boxes(path)
        if not videos:
            left_out.append(f"{path.name} (lists no frame)")
        for video, listed in videos.items():
            once = Counter(listed)
            left_out += [f"{name} (listed again in {path.name})" for (name, _), n in once.items() if n > 1]
            frames = [(disk.get(name, folder / name), box) for name, box in once]
            found.append(FaceTrack.of_images(person, video, video, frames))
            left_out += _unlisted(video, there.get(video, ()), {frame for frame, _ in frames}, path)
        others = {files.same(f"{person}/{video.name}") for video in image_folders.sub_folders(folder / person)}
        others -= set(videos)
        left_out += [f"{video} (not in {path.name})" for video in sorted(others)]
    people = {person.name for person in image_folders.sub_folders(folder)}
    left_out += [f"{person} (no {person}{LIST})" for person in sorted(people - lists.keys())]
    return TrackList("YouTube Faces", found, left_out, LICENCE)


def aligned(root: str | Path, how: Reading | None = None) -> FaceSet:
    """The faces from ``aligned_images_DB``, which ``root`` is or holds: the middle half of each picture.

    In these pictures the detector's box was made 2.2 times as large, and papers use the middle half (Wolf et al. 2011,
    section 3); `crops.MARGIN` is not added.

    Raises
    ------
    UserError: no such folder, or the errors of `face_set`.
    """
    folder = _folder(files.given(root), ALIGNED)
    found = own.pictures(folder, BESIDE)
    left_out = [*own.without_pictures(folder, found), *found.left_out]
    listed = [
        FaceTrack(
            person, f"{person}/{video}", f"{person}/{video}", partial(crops.of_middles, [(p, None) for p in paths])
        )
        for (person, video), paths in found.videos.items()
    ]
    return face_set(TrackList("YouTube Faces, aligned", listed, left_out, LICENCE), how or Reading())


def boxes(path: Path) -> dict[str, list[tuple[str, Box]]]:
    """Video ``person/number`` -> its frames and boxes, from a person's list, in the order of the frames' numbers.

    Raises
    ------
    UserError: lines that do not name person, video and frame, have fewer than five values after that, or a box that is
        not four numbers; the message names them.
    """
    problems = text_files.Problems(path)
    found: dict[str, list[tuple[str, Box]]] = {}
    for line, text in text_files.lines(path, "a list of frames with face boxes"):
        with problems.at(line):
            name, *values = files.same(text).split(",")
            parts = name.replace("\\", "/").split("/")
            if len(values) < 5 or len(parts) != 3 or ".." in parts:
                raise UserError(rf"{text!r}; expected Person\video\frame.jpg,0,x,y,width,height,0,flag")
            try:
                x, y, width, height = map(float, values[1:5])
            except ValueError:
                raise UserError(f"{','.join(values[1:5])!r}; expected four numbers, x,y,width,height") from None
            box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            found.setdefault("/".join(parts[:2]), []).append(("/".join(parts), box))
    problems.check()
    return {video: sorted(listed, key=lambda item: walk.key(Path(item[0]))) for video, listed in found.items()}


def _unlisted(video: str, there: Sequence[Path], listed: set[Path], path: Path) -> list[str]:
    """One message about all frames of a video that its list does not name; none if there are none."""
    others = [frame.name for frame in there if frame not in listed]
    return [f"{video} ({len(others):,} frames not in {path.name}: {short_list(others)})"] if others else []


def _folder(root: Path, name: str) -> Path:
    def right(folder: Path) -> bool:
        return folder.name == name and files.is_folder(folder)

    if right(root):
        return root
    if files.is_folder(root / name):
        return root / name
    raise image_folders.expected(root, f"the folder of YouTube Faces, with {name}/", right)
