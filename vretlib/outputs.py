"""Files that are written: a check beforehand whether they can be, and a write that is whole or does not happen."""

import os
from contextlib import suppress
from pathlib import Path

from vretlib.errors import UserError


def check(out: Path) -> None:
    """`UserError` if a file cannot be written there: no such folder, a folder of that name, or no permission."""
    if not (out.parent.is_dir() and os.access(out.parent, os.W_OK)):
        raise UserError(f"{out.parent}: is not a folder that can be written to. Make it, or write to another (--out).")
    if out.is_dir():
        raise UserError(f"{out}: is a folder. Give the name of a file (--out).")


def write(path: Path, content: bytes | str) -> None:
    """Write a file in one step: readers see the old file, if there is one, or the whole new one. Text is UTF-8.

    Missing folders are made.

    Raises
    ------
    UserError: there is no space or no permission. Nothing of the new file is left.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(partial, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError as error:
        raise UserError(
            f"{path}: cannot be written ({error.strerror or error}); free some space there, or write to another place"
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink()
