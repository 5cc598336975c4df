"""Every file of a folder that a reader takes, and what it leaves out and why: one walk for films, photographs, frames.

Files come in the order of their paths, as file managers show them: numbers in names by their value (frame2 before
frame10), capitals like small letters. Names that begin with a dot are another program's business (``.thumbnails``,
``._photo.jpg``) and left alone, as are `OTHERS`. Links are followed, and no folder is read twice: where two links lead
to one folder, the first is followed, and a folder's own place comes before any link to it. Pipes and devices are never
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

Key = tuple[tuple[tuple[str | int, ...], ...], tuple[str, ...]]

OTHERS = ("__MACOSX", "@eaDir", "#recycle", "$RECYCLE.BIN", "System Volume Information", "lost+found")
"""What systems and network drives keep in people's folders, thumbnails and deleted files among it."""

NOT_UTF8 = "whose name is not UTF-8 (rename it)"


@dataclass(frozen=True)
class Found:
    """The files that were looked for, in order, and how many others there are, by what keeps them out."""

    root: Path
    paths: tuple[Path, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)

    def said(self) -> tuple[Path, ...]:
        """The files; what was left out is logged, if there is any."""
        if self.left_out:
            log.info(f"{self.root.absolute().name}: left out {counts(self.left_out)}")
        return self.paths


def counts(left_out: Mapping[str, int]) -> str:
    """What was left out as a list of words, the most frequent first: ``"3 .heic (install …), 2 .txt"``."""
    ordered = sorted(left_out.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{n:,} {reason}" for reason, n in ordered)


def find(
    root: Path,
    endings: Collection[str],
    *,
    unreadable: Mapping[str, str] | None = None,
    beside: Collection[str] = (),
    once: bool = False,
) -> Found:
    """The files below a folder whose names end in one of ``endings``, in capitals or not.

    Parameters
    ----------
    root: the folder; if there is none, nothing is found.
    unreadable: endings that are left out for a reason of their own -> what to do about them.
    beside: endings of files that belong there and serve something else: not counted as left out.
    once: of links to one file, and the file itself, only the first counts.

    Raises
    ------
    UserError: a folder may not be read (the message names it), or cannot be reached; ``root``'s name is not UTF-8.
    """
    if not files.is_utf8(root.absolute().as_posix()):
        raise UserError(f"{root}: has a name that is not UTF-8; rename it")
    if not files.is_folder(root):
        return Found(root, ())
    walk = _Walk(tuple(endings), dict(unreadable or {}), tuple(beside))
    walk.folder(root)
    walk.links()
    found = sorted(walk.found, key=lambda path: key(path.relative_to(root)))
    return Found(root, tuple(_each_once(found, walk.left_out) if once else found), walk.left_out)


def key(path: Path) -> Key:
    """What paths are sorted by: part by part, numbers by their value, capitals like small letters, then (frame1,
    frame01, Frame1) by their characters.
    """
    parts = [files.same(part) for part in path.parts]
    return tuple(tuple(_numbers(part.casefold())) for part in parts), path.parts


def entries(folder: Path) -> list[os.DirEntry[str]]:
    """What lies directly in a folder, in natural order, without names that are hidden or not UTF-8.

    Raises
    ------
    UserError: the folder may not be read.
    """
    return [e for e in _scanned(folder) if not _is_hidden(e.name) and files.is_utf8(e.name)]


class _Walk:
    """One walk: first through the folders themselves, then through links, in the order in which they were met."""

    def __init__(self, endings: tuple[str, ...], unreadable: Mapping[str, str], beside: tuple[str, ...]) -> None:
        self._endings, self._unreadable, self._beside = endings, unreadable, beside
        self._seen: set[tuple[int, int]] = set()
        self._links: list[Path] = []
        self.found: list[Path] = []
        self.left_out: Counter[str] = Counter()

    def folder(self, folder: Path) -> None:
        """A folder that was not seen before, and those below it; links to folders are put aside."""
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            status = _status(here)
            if (status.st_dev, status.st_ino) in self._seen:  # a link has led to a folder above it
                self.left_out["folder that is here already"] += 1
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
        """The folders behind links, each once; those behind links in them come last."""
        for link in self._links:  # grows meanwhile
            status = _status(link)
            if (status.st_dev, status.st_ino) in self._seen:
                self.left_out["link to a folder that is here already"] += 1
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
            if not name.endswith(self._beside):
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
    """Texts and numbers in turn, so that two parts can always be compared."""
    return [int(piece) if i % 2 else piece for i, piece in enumerate(re.split(r"([0-9]+)", part))]


def _each_once(found: Sequence[Path], left_out: Counter[str]) -> list[Path]:
    """Of paths that are one file, the file itself, or else the first link to it."""
    owner: dict[tuple[int, int], Path] = {}
    for path in sorted(found, key=lambda path: path.is_symlink()):  # stable: the order of paths within each
        status = os.stat(path)
        if owner.setdefault((status.st_dev, status.st_ino), path) is not path:
            left_out["link to a file that is here already"] += 1
    kept = set(owner.values())
    return [path for path in found if path in kept]
