"""Checksums of files; a checksum is remembered while its file is unchanged."""

import hashlib
import json
import os
import stat
import time
from contextlib import suppress
from pathlib import Path

from vretlib import paths
from vretlib.errors import UserError

FileIdentity = tuple[str, int, int, int, int, int]
"""Path, device, inode, size, and the times mtime and ctime in ns; equal only if the content is the same."""

_SETTLED = 2.0  # seconds, the coarsest clock of file systems: a second change within them may go unnoticed
_LARGE = 2**20  # bytes, read in a millisecond; checksums of smaller files are not stored
_known: dict[FileIdentity, str] = {}


def read(path: str | Path) -> str:
    """SHA-256 of a file in hexadecimal, always read from the disk.

    Raises
    ------
    UserError: it is a pipe, a socket or a device.
    OSError: it cannot be opened.
    """
    if not stat.S_ISREG(mode := os.stat(path).st_mode) and not stat.S_ISDIR(mode):
        raise UserError(f"{path}: a pipe, socket or device; expected a file")
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksum(path: str | Path) -> str:
    """The checksum of `read`; a file that is unchanged since the last call is not read again.

    A file is unchanged if path, size, inode, mtime and ctime are. Users cannot set ctime, so a replaced file of equal
    size and mtime is noticed. Checksums of large files are stored in the cache, so that films are read only once.
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


def identity(path: str | Path) -> FileIdentity:
    """The identity of a file, which changes whenever the file is written to."""
    facts = os.stat(path)
    return (
        os.path.abspath(path),
        facts.st_dev,
        facts.st_ino,
        facts.st_size,
        facts.st_mtime_ns,
        facts.st_ctime_ns,
    )


def settled(same: FileIdentity) -> bool:
    """Whether the last change is old enough that a further change would have another time."""
    return time.time() - max(same[4], same[5]) / 1e9 > _SETTLED


def _noted(note: Path) -> str:
    """The checksum in a note, which holds it twice; empty if the note is missing or damaged."""
    with suppress(OSError, ValueError):
        once, twice = note.read_text(encoding="ascii").split()
        return once if once == twice and len(once) == 64 else ""
    return ""


def _write(note: Path, found: str) -> None:
    with suppress(OSError):  # a checksum that is not stored is computed again
        note.parent.mkdir(parents=True, exist_ok=True)
        partial = note.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(f"{found} {found}\n", encoding="ascii")
        os.replace(partial, note)
