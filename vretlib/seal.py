"""Verification of folders in the cache by the size and checksum of every file, which are stored in ``key.json``.

A folder is verified when a process first opens it, and again when one of its files has changed. This reads its files,
at about 1.4 GB a second on processors with instructions for SHA-256.
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vretlib import checksums
from vretlib.errors import UserError

KEY = "key.json"

_verified: dict[Path, list[checksums.FileIdentity]] = {}


def close(folder: Path, ingredients: Mapping[str, Any]) -> None:
    """Write the key of a complete folder; all its files are on the disk when this returns."""
    files = {}
    for path in _files(folder):
        with open(path, "rb") as file:
            os.fsync(file.fileno())
        files[path.relative_to(folder).as_posix()] = [path.stat().st_size, checksums.read(path)]
    with open(folder / KEY, "w", encoding="utf-8") as file:
        file.write(json.dumps({**ingredients, "files": files}, indent=1, sort_keys=True))
        file.flush()
        os.fsync(file.fileno())


def damage(folder: Path, ingredients: Mapping[str, Any]) -> str:
    """What is wrong with a closed folder; empty if nothing is."""
    try:
        if not folder.is_dir():
            return "not a folder" if os.path.lexists(folder) else "missing"
        found = [*_files(folder), folder / KEY]
        same = [checksums.identity(path) for path in found]
        if _verified.get(folder) == same:
            return ""
        if wrong := _wrong(folder, found[:-1], ingredients):
            return wrong
    except (OSError, UserError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        return f"{getattr(error, 'filename', '') or folder.name}: {reason}"
    if all(map(checksums.settled, same)):
        _verified[folder] = same
    return ""


def _wrong(folder: Path, found: list[Path], ingredients: Mapping[str, Any]) -> str:
    try:
        key = json.loads((folder / KEY).read_text(encoding="utf-8"))
        files = key.pop("files", None)
        if files is None:
            return "kept without checksums by an earlier version"
        if json.dumps(key, sort_keys=True) != json.dumps(ingredients, sort_keys=True):
            return f"{KEY}: belongs to something else"
        kept = {folder / name: (size, checksum) for name, (size, checksum) in files.items()}
    except FileNotFoundError:
        return f"{KEY}: missing"
    except (ValueError, TypeError, AttributeError, RecursionError):
        return f"{KEY}: not readable"
    for path in sorted(kept.keys() | set(found)):
        name = path.relative_to(folder).as_posix()
        if path not in kept:
            return f"{name}: does not belong there"
        if not path.exists():
            return f"{name}: missing"
        size, checksum = kept[path]
        if path.stat().st_size != size:
            return f"{name}: {path.stat().st_size} bytes, expected {size}"
        if checksums.read(path) != checksum:
            return f"{name}: other content than was written"
    return ""


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder and its sub-folders, in order, without hidden ones, which file managers write."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if not path.is_dir() and not any(part.startswith(".") for part in parts) and parts != (KEY,):
            yield path
