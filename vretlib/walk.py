"""The files of a folder that a reader can use, and the files that are left out with the reasons.

Films, photographs and frames are found by the same function. Files are in the order of paths, as in file managers:
numbers in names by their value (frame2 before frame10), capitals like small letters. Names that begin with a dot
(``.thumbnails``, ``._photo.jpg``) and `OTHERS` are ignored. Links are followed, and no folder is read twice: a folder's
own place comes before any link to it, and of two links to one folder the first is followed. Pipes and devices are never
opened.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import stat
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vretlib import files
from vretlib.errors import UserError

log = logging.getLogger(__name__)

PathOrder = tuple[tuple[tuple[str | int, ...], ...], tuple[str, ...]]

OTHERS = ("__MACOSX", "@eaDir", "#recycle", "$RECYCLE.BIN", "System Volume Information", "lost+found")
"""Folders that systems and network drives make, for example for thumbnails and deleted files."""

NOT_UTF8 = "whose name is not UTF-8 (rename it)"


@dataclass(frozen=True)
class FoundFiles:
    """The files that were found, in order, and the numbers of files that were left out, by reason.

    ``repeated`` are the folders that were not read because they are here already, which ``left_out`` counts.
    """

    root: Path
    paths: tuple[Path, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    repeated: frozenset[Path] = frozenset()

    def logged(self) -> tuple[Path, ...]:
        """The files; the numbers of left-out files are logged, if there are any."""
        if self.left_out:
            log.info("%s: left out %s", self.root.absolute().name, counts(self.left_out))
        return self.paths


def counts(left_out: Mapping[str, int]) -> str:
    """The left-out files as a text, the most frequent first: ``"3 .heic (install …), 2 .txt"``."""
    ordered = sorted(left_out.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{n:,} {reason}" for reason, n in ordered)


def find(
    root: Path,
    endings: Collection[str],
    *,
    unreadable: Mapping[str, str] | None = None,
    beside: Collection[str] = (),
    apart: Collection[Path] = (),
    once: bool = False,
) -> FoundFiles:
    """The files below a folder whose names end in one of ``endings``, in capitals or not.

    Parameters
    ----------
    root: the folder; if it is missing, nothing is found.
    unreadable: endings of files that cannot be read -> what to do about them.
    beside: endings of files with another purpose, which are not counted as left out.
    apart: single files with another purpose, which are not counted either, wherever they are.
    once: whether a file with several links to it is found only once.

    Raises
    ------
    UserError: a folder may not be read (the message names it), or cannot be reached; ``root``'s name is not UTF-8.
    """
    if not files.is_utf8(root.absolute().as_posix()):
        raise UserError(f"{root}: has a name that is not UTF-8; rename it")
    if not files.is_folder(root):
        return FoundFiles(root, ())
    walk = _Walk(tuple(endings), dict(unreadable or {}), tuple(beside), apart)
    walk.folder(root)
    walk.links()
    found = sorted(walk.found, key=lambda path: key(path.relative_to(root)))
    paths = tuple(_each_once(found, walk.left_out) if once else found)
    return FoundFiles(root, paths, walk.left_out, frozenset(walk.repeated))


def key(path: Path) -> PathOrder:
    """The sort key of a path: its parts with numbers by value and capitals like small letters, then its characters.

    The characters decide between frame1, frame01 and Frame1.
    """
    parts = [files.same(part) for part in path.parts]
    return tuple(tuple(_numbers(part.casefold())) for part in parts), path.parts


def entries(folder: Path) -> list[os.DirEntry[str]]:
    """The entries of a folder in natural order, without names that are hidden or not UTF-8.

    Raises
    ------
    UserError: the folder may not be read.
    """
    return [e for e in _scanned(folder) if not _is_hidden(e.name) and files.is_utf8(e.name)]


class _Walk:
    """A walk through a folder: first through sub-folders, then through links in the order in which they were found."""

    def __init__(
        self, endings: tuple[str, ...], unreadable: Mapping[str, str], beside: tuple[str, ...], apart: Collection[Path]
    ) -> None:
        self._endings, self._unreadable, self._beside = endings, unreadable, beside
        self._apart = {(status.st_dev, status.st_ino) for status in map(os.stat, filter(files.is_file, apart))}
        self._seen: set[tuple[int, int]] = set()
        self._links: list[Path] = []
        self.found: list[Path] = []
        self.repeated: list[Path] = []
        self.left_out: Counter[str] = Counter()

    def folder(self, folder: Path) -> None:
        """Read a folder and its sub-folders, each once; links to folders are kept for `links`."""
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            status = _status(here)
            if (status.st_dev, status.st_ino) in self._seen:  # a link has led to a folder above it
                self.left_out["folder that is here already"] += 1
                self.repeated.append(here)
                continue
            self._seen.add((status.st_dev, status.st_ino))
            below = []
            for entry in _scanned(here):
                if _is_hidden(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if files.is_utf8(entry.name):
                        below.append(here / entry.name)
                    else:
                        self.left_out[f"folder {NOT_UTF8}"] += 1
                else:
                    self._file(here / entry.name)
            waiting += below[::-1]

    def links(self) -> None:
        """Read the folders behind links, each once; links inside them come last."""
        for link in self._links:  # the list grows during this loop
            status = _status(link)
            if (status.st_dev, status.st_ino) in self._seen:
                self.left_out["link to a folder that is here already"] += 1
                self.repeated.append(link)
            else:
                self.folder(link)

    def _file(self, path: Path) -> None:
        try:
            status = os.stat(path)
        except OSError as error:
            if not path.is_symlink() or error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
                raise UserError(f"{path}: {files.refusal(error)}") from None
            self.left_out["link that leads nowhere"] += 1
            return
        if stat.S_ISDIR(status.st_mode):
            self._links.append(path)
            return
        name, ending = path.name.lower(), path.suffix.lower()
        if not name.endswith(self._endings):
            if not name.endswith(self._beside) and (status.st_dev, status.st_ino) not in self._apart:
                why = self._unreadable.get(ending)
                kind = ending if files.is_utf8(ending) and 1 < len(ending) <= 12 else "file without an ending"
                self.left_out[f"{kind} ({why})" if why else kind] += 1
        elif not stat.S_ISREG(status.st_mode):
            self.left_out[f"{ending} that is {files.special(status)}"] += 1
        elif not files.is_utf8(path.name):
            self.left_out[f"{ending} {NOT_UTF8}"] += 1
        else:
            self.found.append(path)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name in OTHERS


def _status(folder: Path) -> os.stat_result:
    try:
        return os.stat(folder)
    except OSError as error:
        raise UserError(f"{folder}: this folder {files.refusal(error)}") from None


def _scanned(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: key(Path(entry.name)))
    except OSError as error:
        raise UserError(f"{folder}: this folder {files.refusal(error)}") from None


def _numbers(part: str) -> Sequence[str | int]:
    """Texts and numbers alternately, so that any two parts can be compared."""
    return [int(piece) if i % 2 else piece for i, piece in enumerate(re.split(r"([0-9]+)", part))]


def _each_once(found: Sequence[Path], left_out: Counter[str]) -> list[Path]:
    """The paths without repeated files: the file itself, or the first link to it."""
    owner: dict[tuple[int, int], Path] = {}
    for path in sorted(found, key=lambda path: path.is_symlink()):  # stable: the order of paths within each
        status = os.stat(path)
        if owner.setdefault((status.st_dev, status.st_ino), path) is not path:
            left_out["link to a file that is here already"] += 1
    kept = set(owner.values())
    return [path for path in found if path in kept]
