"""Files that a command will write: whether they can be written is checked before the work begins."""

import os
from pathlib import Path

from vretlib.errors import UserError


def check(out: Path) -> None:
    """`UserError` if a file cannot be written there: no such folder, a folder of that name, or no permission."""
    if not (out.parent.is_dir() and os.access(out.parent, os.W_OK)):
        raise UserError(f"{out.parent}: is not a folder that can be written to. Make it, or write to another (--out).")
    if out.is_dir():
        raise UserError(f"{out}: is a folder. Give the name of a file (--out).")
