"""Checksums of files, remembered for as long as the file is the same one."""

import hashlib
import json
import os
import stat
import time
from contextlib import suppress
from pathlib import Path

from vretlib import paths
from vretlib.errors import UserError

Identity = tuple[str, int, int, int, int, int]
"""Path, device, inode, size, times of the last change of content and of anything: equal only for the same content."""

_SETTLED = 2.0  # seconds, the coarsest clock of file systems: what is younger may change and look the same
_LARGE = 2**20  # bytes, read in a millisecond; what is smaller is not worth a file that remembers it
_known: dict[Identity, str] = {}


def read(path: str | Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal, read now.

    Raises
    ------
    UserError: a pipe or a device, which may never end.
    OSError: as `open` raises it.
    """
    if not stat.S_ISREG(mode := os.stat(path).st_mode) and not stat.S_ISDIR(mode):
        raise UserError(f"{path}: a pipe, socket or device; expected a file")
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksum(path: str | Path) -> str:
    """The same as `read`, without reading a file again that was read before and has not been touched since.

    Sameness goes by path, size, inode and times. The time of the last change of anything (ctime) is the system's own:
    a file that is replaced, and given the size and time of the one before, is noticed. Large files are remembered in
    the cache, so that films are read once and not at every run.
    """
    same = identity(path)
    if same in _known:
        return _known[same]
    note = paths.CACHE / "checksums" / hashlib.sha256(json.dumps(same).encode()).hexdigest()[:32]
    large = same[3] >= _LARGE
    found = _noted(note) if large else ""
    if not found:
        found = read(path)
        if not (settled(same) and identity(path) == same):
            return found
        if large:
            _write(note, found)
    _known[same] = found
    return found


def identity(path: str | Path) -> Identity:
    """What two looks at a file have in common only if nothing has written to it between them."""
    facts = os.stat(path)
    return (
        os.path.abspath(path),
        facts.st_dev,
        facts.st_ino,
        facts.st_size,
        facts.st_mtime_ns,
        facts.st_ctime_ns,
    )


def settled(same: Identity) -> bool:
    """Whether the last change is so long ago that one more would have another time."""
    return time.time() - max(same[4], same[5]) / 1e9 > _SETTLED


def _noted(note: Path) -> str:
    """The checksum in a note, which says it twice; empty where there is no note, or a damaged one."""
    with suppress(OSError, ValueError):
        once, twice = note.read_text(encoding="ascii").split()
        return once if once == twice and len(once) == 64 else ""
    return ""


def _write(note: Path, found: str) -> None:
    with suppress(OSError):  # it only saves time
        note.parent.mkdir(parents=True, exist_ok=True)
        partial = note.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(f"{found} {found}\n", encoding="ascii")
        os.replace(partial, note)
