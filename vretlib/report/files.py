"""Writing of results: files appear complete or not at all, and system errors become one clear message."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from vretlib.errors import UserError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path, renamed to ``path`` when the block succeeds and removed when it fails."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        os.replace(partial, path)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        with suppress(OSError):
            partial.unlink()


def write_text(path: Path, text: str) -> Path:
    """The path of a text, which is written as UTF-8 in one step."""
    with replacing(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")
    return path


def write_json(path: Path, content: Any) -> Path:
    """The path of plain data, which are written as JSON in one step. NaN is a ValueError, because JSON has no NaN."""
    return write_text(path, json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def remove(path: Path) -> None:
    """Remove a file if it exists."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise _refused(path, error) from error


def slug(title: str) -> str:
    """A title as part of a file name: ``"Table 5.1"`` is ``"table_5.1"``."""
    return re.sub(r"[^\w.+-]+", "_", title.strip().lower()).strip("_")


def _refused(path: Path, error: OSError) -> UserError:
    return UserError(
        f"{path}: cannot write ({error.strerror or error}). Free some space there, "
        "or pass another results_dir (VRETLIB_RESULTS, --output)."
    )
