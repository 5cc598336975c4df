"""A lock that allows one run at a time in a results folder."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vretlib.errors import UserError


@contextmanager
def only_run_in(folder: Path) -> Iterator[None]:
    """Lock the folder for this process. The system releases the lock when the process ends, however it ends.

    Raises
    ------
    UserError: another process has locked it, or the folder cannot be written.
    """
    with writable(folder):
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 100, 0).decode(errors="replace").strip() or "another process"
            raise UserError(
                f"{folder}: {holder} is writing its results there. "
                "Wait for it to end, or choose another folder with --output"
            ) from None
        with writable(folder):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"process {os.getpid()}".encode(), 0)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def writable(folder: Path) -> Iterator[None]:
    """Turn system errors while writing into one clear line."""
    refusals = (
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EACCES,
        errno.EROFS,
        errno.EPERM,
        errno.ENOTDIR,
        errno.EEXIST,
    )
    try:
        yield
    except OSError as error:
        if error.errno not in refusals:
            raise
        raise UserError(
            f"{error.filename or folder}: cannot write results ({error.strerror}). "
            "Make room or give permission there, or choose another folder with --output or VRETLIB_RESULTS"
        ) from error
