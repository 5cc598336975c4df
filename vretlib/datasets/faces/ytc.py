"""YouTube Celebrities (Kim et al. 2008): clips of one person each, named ``<n>_<video>_<clip>_<first>_<last>``.

The clips are films. A list gives the face's box in the first frame of each clip, from where `crops.Follower` follows
it. Papers cut the faces out beforehand; a folder of pictures of the face in the place of each film is read as well.
"""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

from vretlib import files, images, walk
from vretlib.datasets import film_files, text_files
from vretlib.datasets.faces import crops
from vretlib.datasets.faces.collection import FaceSet
from vretlib.datasets.faces.tracks import FaceTrack, Reading, TrackList, face_set
from vretlib.datasets.landmarks import folders as image_folders
from vretlib.errors import UserError
from vretlib.images import Box

UNIT = 48.0
"""Pixels of a box whose scale is 1. We could not verify it: see whether the crops show whole faces."""
LICENCE = "for research; the videos are their makers'"
FORM = "<n>_<video>_<clip>_<first>_<last>"


def ytc(root: str | Path, boxes: str | Path = "", how: Reading | None = None, *, unit: float = UNIT) -> FaceSet:
    """The clips of a folder as crops, see `tracks`.

    Raises
    ------
    UserError: the errors of `tracks` or of `face_set`.
    """
    return face_set(tracks(root, boxes, unit=unit), how or Reading())


def tracks(root: str | Path, boxes: str | Path = "", *, unit: float = UNIT) -> TrackList:
    """The clips of a folder, each a film or a folder of pictures of the face.

    The person is the name after the third underscore. Clips of one video of a person are in the same split. Files with
    other names, films without a box, and what cannot be read are left out and named or counted.

    Parameters
    ----------
    boxes: the list of boxes, a CSV without headings, ``<x>_<first>_<last>_<video>_<clip>,x,y,scale,rotation``, which
        films need; x and y are the middle, and the rotation is not used. If empty, the one ``.csv`` beside the clips.
    unit: pixels of a box whose scale is 1.

    Raises
    ------
    UserError: no such folder or no clip in it, films without ``boxes``, or a line of it that cannot be read.
    """
    root = files.given(root)
    if not (unit > 0 and math.isfinite(unit)):
        raise UserError(f"unit={unit}; expected the pixels of a box whose scale is 1, above 0")
    if not _right(root):
        raise image_folders.expected(root, f"a folder of clips named {FORM}", _right)
    listed = files.given(boxes) if str(boxes) else _beside(root)
    known = first_boxes(listed, unit) if listed else {}
    found: list[FaceTrack] = []
    left_out: list[str] = []
    inside = Counter[str]()  # what folders of clips hold beside pictures, by reason
    for entry in walk.entries(root):
        path = root / entry.name
        if path == listed:
            continue
        name = entry.name if files.leads_to_folder(entry) else path.stem
        if (parts := named(name)) is None:
            left_out.append(f"{entry.name} (not named {FORM})")
            continue
        person, video, clip = parts
        source = f"{person}/{video}"
        if files.leads_to_folder(entry):
            walked = walk.find(path, images.EXTENSIONS, unreadable=images.UNREADABLE)
            inside.update(walked.left_out)
            pictures: list[crops.Boxed] = [(picture, None) for picture in walked.paths]
            found.append(FaceTrack.of_images(person, name, source, pictures))
        elif path.suffix.lower() not in film_files.EXTENSIONS:
            left_out.append(f"{entry.name} (no film)")
        elif listed is None:
            raise UserError(f"{path}: is a film; give the list of boxes of first frames too, or folders of faces")
        elif (person, video, clip) not in known:
            left_out.append(f"{entry.name} (no box in {listed.name})")
        else:
            found.append(FaceTrack.of_film(person, name, source, path, known[person, video, clip]))
    left_out += [f"{n:,} {reason}" for reason, n in inside.items()]
    return TrackList("YTC", found, left_out, LICENCE)


def _beside(root: Path) -> Path | None:
    """The list of boxes beside the clips, if there is exactly one table; otherwise None."""
    tables = [root / entry.name for entry in walk.entries(root) if entry.name.lower().endswith(".csv")]
    return tables[0] if len(tables) == 1 else None


def named(name: str) -> tuple[str, str, str] | None:
    """Person, video and clip of a clip's name; None if it is another name."""
    number, *rest = files.same(name).split("_")
    if len(rest) < 3 or not (number.isdigit() and rest[0].isdigit() and rest[1].isdigit()) or not all(rest):
        return None
    return "_".join(rest[2:]), rest[0], rest[1]


def first_boxes(path: Path, unit: float) -> dict[tuple[str, str, str], Box]:
    """(person, video, clip) -> the box in its first frame, a square, from the list of boxes.

    Raises
    ------
    UserError: lines whose name has fewer than four parts, that lack three numbers after it, or that give a clip another
        box than an earlier line; the message names them.
    """
    problems = text_files.Problems(path)
    found: dict[tuple[str, str, str], Box] = {}
    for line, text in text_files.lines(path, "a list of first frames' boxes"):
        with problems.at(line):
            name, *values = [cell.strip() for cell in files.same(text).split(",")]
            parts = Path(name).stem.split("_")
            if len(parts) < 4 or len(values) < 3:
                raise UserError(f"{text!r}; expected <x>_<first>_<last>_<video>_<clip>,x,y,scale,rotation")
            try:
                x, y, scale = map(float, values[:3])
            except ValueError:
                raise UserError(f"{', '.join(values[:3])!r}; expected three numbers, x, y and scale") from None
            half = scale * unit / 2
            clip, box = ("_".join(parts[1:-2]), parts[-2], parts[-1]), (x - half, y - half, x + half, y + half)
            if found.setdefault(clip, box) != box:
                raise UserError(f"{name!r}: an earlier line gives this clip another box; expected one box for each")
    problems.check()
    return found


def _right(root: Path) -> bool:
    if not files.is_folder(root):
        return False
    return any(
        named(entry.name if files.leads_to_folder(entry) else Path(entry.name).stem) for entry in walk.entries(root)
    )
