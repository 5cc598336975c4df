"""UMDFaces as distributed (Bansal et al. 2017): lists of faces with their boxes, beside folders of pictures.

The layout of the lists of still images is known: ``umdfaces_batch1/umdfaces_batch1_ultraface.csv`` with the columns
`COLUMNS` and more. We could not verify the layout of the lists of video frames; this reader expects the same form, with
``<person>/<video>/<frame>`` as ``FILE``.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path

from vretlib import files, images, walk
from vretlib.datasets import text_files
from vretlib.datasets.faces import crops
from vretlib.datasets.faces.collection import FaceSet
from vretlib.datasets.faces.tracks import FaceTrack, Reading, TrackList, face_set
from vretlib.datasets.landmarks import folders as image_folders
from vretlib.errors import UserError, short_list
from vretlib.images import Box

COLUMNS = ("FILE", "FACE_X", "FACE_Y", "FACE_WIDTH", "FACE_HEIGHT")
"""Headings that are read; x and y are those of the box's upper left corner."""
LIST = "_ultraface.csv"
LICENCE = "for research, not for commerce; the pictures are their makers'"


def umdfaces(root: str | Path, how: Reading | None = None) -> FaceSet:
    """All faces of the lists ``*_ultraface.csv`` below a folder.

    ``FILE`` is relative to its list's folder. ``person/video/frame`` is a frame of a video; ``person/picture`` is a
    still, which is a video of one frame. A face whose picture is missing or unreadable is left out and named; so are
    rows that repeat another one, pictures that no list names, and other files.

    Raises
    ------
    UserError: no such folder, no list, a row that cannot be read, or the errors of `face_set`.
    """
    root = files.given(root)
    walked = walk.find(root, (LIST, *images.EXTENSIONS), unreadable=images.UNREADABLE, beside=(".txt", ".csv", ".mat"))
    lists = [path for path in walked.paths if path.name.lower().endswith(LIST)]
    if not lists:
        raise image_folders.expected(
            root, f"the folder of UMDFaces, with umdfaces_batch1/umdfaces_batch1{LIST}", _right
        )
    there = {files.same(str(path)): path for path in walked.paths}
    found: dict[str, dict[crops.Boxed, None]] = {}
    left_out = [f"{n:,} {reason}" for reason, n in walked.left_out.items()]
    for path in lists:
        for video, name, box in faces(path):
            listed, picture = found.setdefault(video, {}), there.get(files.same(str(name)), name)
            if (picture, box) in listed:
                left_out.append(f"{video}/{picture.name} (listed again in {path.name})")
            listed[picture, box] = None
    tracks = [
        FaceTrack.of_images(video.split("/")[0], video, video, sorted(listed, key=_order))
        for video, listed in found.items()
    ]
    named = {os.path.realpath(picture) for listed in found.values() for picture, _ in listed}
    left_out += _unnamed(root, [path for path in walked.paths if not path.name.lower().endswith(LIST)], named)
    return face_set(TrackList("UMDFaces", tracks, left_out, LICENCE), how or Reading())


def _unnamed(root: Path, pictures: Sequence[Path], named: Collection[str]) -> list[str]:
    """One message about all pictures that no list names; none if there are none."""
    others = [path.relative_to(root).as_posix() for path in pictures if os.path.realpath(path) not in named]
    return [f"{len(others):,} pictures that no list names: {short_list(others)}"] if others else []


def faces(path: Path) -> list[tuple[str, Path, Box]]:
    """The video, picture and box of each row of a list.

    Raises
    ------
    UserError: rows whose FILE is not person/picture or person/video/frame, or whose box is not four numbers; the
        message names them.
    """
    problems = text_files.Problems(path, "row")
    listed = []
    for row in text_files.rows(path, [name.lower() for name in COLUMNS]):
        with problems.at(row.line):
            parts = row["file"].replace("\\", "/").split("/")
            if len(parts) not in (2, 3) or ".." in parts or not all(parts):
                raise UserError(f"FILE {row['file']!r}; expected person/picture or person/video/frame")
            try:
                x, y, width, height = (float(row[name.lower()]) for name in COLUMNS[1:])
            except ValueError:
                raise UserError(f"{row['file']}: its box is no four numbers, {', '.join(COLUMNS[1:])}") from None
            video = "/".join(parts[:2])
            listed.append((video, path.parent / "/".join(parts), (x, y, x + width, y + height)))
    problems.check()
    return listed


def _order(item: crops.Boxed) -> walk.PathOrder:
    return walk.key(item[0])


def _right(root: Path) -> bool:
    return any(entry.name.endswith(LIST) for entry in walk.entries(root)) if files.is_folder(root) else False
