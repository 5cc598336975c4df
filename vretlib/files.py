"""Checks of paths that users give, before a file is opened: reading a pipe or a device could wait forever."""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from contextlib import suppress
from pathlib import Path

from vretlib.errors import UserError

_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

_REASONS = {
    errno.EACCES: "may not be read; change its permissions, or those of the folder that it is in",
    errno.EPERM: "may not be read; change its permissions, or those of the folder that it is in",
    errno.ENAMETOOLONG: "has a name longer than this system allows, 255 bytes; give it a shorter one",
    errno.ELOOP: "is a link that leads back to itself; remove it, or give the file that it should lead to",
}


def given(path: str | Path) -> Path:
    """The path that a user wrote, with ``~`` expanded to the home folder.

    Raises
    ------
    UserError: it begins with ``~`` and the name of no user, it is not UTF-8, or no text or path at all.
    """
    if not isinstance(path, str | os.PathLike):
        raise UserError(f"{path!r} is not a path; expected a text or a pathlib.Path")
    if not is_utf8(str(path)):
        raise UserError(f"{path}: has a name that is not UTF-8; rename it")
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise UserError(f"{path}: there is no such user's home folder; write the path in full") from None


def status(path: str | Path) -> os.stat_result | None:
    """The status of a file or folder, with links followed; None if it does not exist.

    Raises
    ------
    UserError: no permission, a name that is too long, a circle of links, or a NUL in the name.
    """
    try:
        return os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UserError(f"{path}: {refusal(error)}") from None
    except ValueError as error:  # NUL, or a text that no file system can hold
        raise UserError(f"{str(path)!r} is not a path ({error}); expected the path of a file") from None


def refusal(error: OSError) -> str:
    """The end of a message that begins with a path: why the system refuses it, and what to do."""
    return _REASONS.get(error.errno or 0, f"cannot be read ({error.strerror or error})")


def regular(path: str | Path, expected: str) -> os.stat_result:
    """The status of a regular file.

    Raises
    ------
    UserError: it is missing, a folder, a pipe, a socket or a device, or as `status`; ``expected`` ends the message.
    """
    found = status(path)
    if found is None:
        raise UserError(f"{path}: no such file; expected {expected}")
    if stat.S_ISDIR(found.st_mode):
        raise UserError(f"{path}: is a folder; expected {expected}")
    if not stat.S_ISREG(found.st_mode):
        raise UserError(f"{path}: is {special(found)}, not a file; expected {expected}")
    return found


def special(found: os.stat_result) -> str:
    """The name of a file type other than regular file and folder, such as "a named pipe"."""
    return _KINDS.get(stat.S_IFMT(found.st_mode), "no file")


def is_file(path: str | Path) -> bool:
    """Whether the path is a regular file; `UserError` if that cannot be known, as `status`."""
    found = status(path)
    return found is not None and stat.S_ISREG(found.st_mode)


def is_folder(path: str | Path) -> bool:
    """Whether the path is a folder; `UserError` if that cannot be known, as `status`."""
    found = status(path)
    return found is not None and stat.S_ISDIR(found.st_mode)


def leads_to_file(entry: os.DirEntry[str]) -> bool:
    """Whether an entry of a folder is a regular file or a link to one; a link that leads in a circle leads nowhere."""
    with suppress(OSError):
        return entry.is_file()
    return False


def leads_to_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry of a folder is a folder or a link to one; a link that leads in a circle leads nowhere."""
    with suppress(OSError):
        return entry.is_dir()
    return False


def is_utf8(name: str) -> bool:
    """Whether a file's name is UTF-8; Linux allows any bytes, which Python represents by surrogates."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def same(name: str) -> str:
    """The name in Unicode form NFC: macOS writes é as e and an accent, other systems as one letter."""
    return unicodedata.normalize("NFC", name)


def named(root: Path, name: str) -> Path:
    """The file that a list names, relative to ``root`` or absolute, in the Unicode form that the disk uses.

    If there is no such file, the path is returned unchanged.
    """
    path = root / given(name)
    if status(path) is not None:
        return path
    found = Path(path.anchor) if path.is_absolute() else Path()
    for part in path.relative_to(path.anchor).parts:
        step = found / part
        if part != ".." and status(step) is None:
            try:
                alike = [other for other in sorted(os.listdir(found)) if same(other) == same(part)]
            except OSError:
                return path
            if not alike:
                return path
            step = found / alike[0]
        found = step
    return found
