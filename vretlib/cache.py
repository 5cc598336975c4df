"""Results of expensive stages, stored under keys of their content.

A stage is a function that fills a folder. Its key holds everything that the result depends on: checksums of the inputs,
the parameters, and the code, which is the module of the function that fills the folder and every module of the project
that it imports, directly or not (`vretlib.sources`). Results are never out of date, because every such change gives
another key. They are never incomplete, because a folder gets its final name when it is complete. Damaged results are
not used, because each folder is verified when it is opened (`vretlib.seal`).
"""

import errno
import fcntl
import hashlib
import inspect
import json
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from functools import partial as partial_function
from pathlib import Path
from typing import Any

import numpy as np

from vretlib import paths, seal, sources
from vretlib.errors import UserError

log = logging.getLogger(__name__)

_REFUSALS = {
    errno.EACCES, errno.EDQUOT, errno.EEXIST, errno.EIO, errno.EISDIR, errno.ENAMETOOLONG, errno.ENOSPC, errno.ENOTDIR,
    errno.EPERM, errno.EROFS,
}  # fmt: skip


def stage(
    name: str,
    key: Mapping[str, Any],
    build: Callable[[Path], object],
    *,
    uses: Iterable[object] = (),
    label: str = "",
    level: int = logging.INFO,
) -> Path:
    """The folder with the result of a stage, which is computed if it is missing.

    If two processes need the same stage, the second waits for the first. A damaged result is computed anew, with a
    warning that says what was found.

    Parameters
    ----------
    name: name of the stage in messages and in the cache, such as ``"describe"``.
    key: the parameters and checksums of inputs that the result depends on, as plain data or dataclasses.
    build: fills the empty folder that it is given. If it raises, or the process is killed, nothing is stored. Its
        module, and every module of the project that this imports, belong to the key.
    uses: functions, and objects whose methods ``build`` calls, that it was given and does not import. Their modules
        belong to the key in the same way.
    label: what the stage belongs to, such as a film's name; for messages.
    level: level of the message that says why a stage is computed. A hit has the level DEBUG.

    Raises
    ------
    UserError: the cache cannot be written, or its disk is full. Errors of ``build`` are raised unchanged.
    """
    ingredients = {"key": _as_plain_data(key), "code": _code(build, *uses)}
    digest = hashlib.sha256(json.dumps(ingredients, sort_keys=True).encode()).hexdigest()[:20]
    stage_folder, labelled = paths.CACHE / name, f"{label}: {name}" if label else name
    folder, partial = stage_folder / digest, stage_folder / f"{digest}.partial"
    with _as_user_errors(folder):
        if not seal.damage(folder, ingredients):
            log.debug("%s: cached (%s)", labelled, digest[:8])
            return folder
        with _locked(stage_folder / f"{digest}.lock", lambda: log.info("%s: waiting for another process", labelled)):
            if damage := seal.damage(folder, ingredients):  # checked again: another process may have built it meanwhile
                there = os.path.lexists(folder)
                why = f"damaged ({damage}), made anew" if there else f"computing ({_reason(stage_folder, ingredients)})"
                log.log(logging.WARNING if there else level, "%s: %s", labelled, why)
                started = time.perf_counter()
                _remove(folder)
                _build(build, partial, ingredients)
                os.replace(partial, folder)
                log.log(level, "%s: done in %.1f s", labelled, time.perf_counter() - started)
    return folder


def _build(build: Callable[[Path], object], partial: Path, ingredients: Mapping[str, Any]) -> None:
    """Fill a folder and close it; a folder that could not be filled is removed."""
    _remove(partial)
    partial.mkdir(parents=True)
    try:
        build(partial)
        seal.close(partial, ingredients)
    except Exception as error:  # an interruption leaves it for the next build to remove, as a kill does
        # Libraries tell a full disk in many ways: OSError without a number, RuntimeError, an error of their own.
        refusal = None if isinstance(error, UserError) else _refusal(partial)
        shutil.rmtree(partial, ignore_errors=True)
        if refusal:
            raise refusal from error
        raise


def _refusal(folder: Path) -> OSError | None:
    """The system's error when one more mebibyte is written into a folder; None if there is none."""
    try:
        with open(folder / "probe", "wb") as file:
            file.write(bytes(2**20))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error if error.errno in _REFUSALS else None
    return None


def _remove(path: Path) -> None:
    """Remove a folder, a file or a link."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _as_plain_data(value: Any) -> Any:
    """The value as plain data for JSON, so that equal values have equal keys."""
    if is_dataclass(value) and not isinstance(value, type):
        return _as_plain_data(asdict(value))
    if isinstance(value, Mapping):
        return {str(k): _as_plain_data(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_as_plain_data(v) for v in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"a cache key cannot hold {value!r} of type {type(value).__name__}")


def _code(*used: object) -> dict[str, str]:
    """Hashes of the code of functions and of objects' classes, by module; in a notebook or script, of each alone."""
    found: dict[str, str] = {}
    for one in used:
        while isinstance(one, partial_function):
            one = one.func
        code: Any = one if hasattr(one, "__qualname__") else type(one)
        hashes = {} if code.__module__ == "__main__" else sources.hashes(code.__module__)
        found |= hashes or {code.__qualname__: _source_hash(code)}
    return dict(sorted(found.items()))


def _source_hash(code: Any) -> str:
    try:
        text = inspect.getsource(code).encode()
    except (OSError, TypeError):  # typed in a session that keeps no source
        parts = vars(code).values() if isinstance(code, type) else [code]
        codes = [part.__code__ for part in parts if hasattr(part, "__code__")]
        text = b"".join(one.co_code + repr(one.co_consts).encode() for one in codes)
    return hashlib.sha256(text).hexdigest()[:16]


def _reason(stage_folder: Path, ingredients: Mapping[str, Any]) -> str:
    """Why the stage is missing: the differences from its most recent result."""
    others = [path for path in stage_folder.glob("*/key.json") if path.parent.suffix != ".partial"]
    if not others:
        return "first time"
    try:
        before = json.loads(max(others, key=lambda path: path.stat().st_mtime).read_text())
        changed = [
            name
            for part in ("key", "code")
            for name in sorted(ingredients[part].keys() | before[part].keys())
            if ingredients[part].get(name) != before[part].get(name)
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return "no readable earlier result"
    return "new " + ", ".join(changed) if changed else "earlier result removed"


@contextmanager
def _locked(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """An advisory lock that the system releases when its process ends, however it ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _as_user_errors(folder: Path) -> Iterator[None]:
    """Turn system errors while reading or writing into one clear message."""
    try:
        yield
    except OSError as error:
        if error.errno not in _REFUSALS:
            raise
        where = Path(error.filename) if isinstance(error.filename, str) else folder
        if where.is_relative_to(paths.CACHE):
            raise UserError(
                f"{where}: cannot write ({error.strerror}). Free some space there, "
                "or set VRETLIB_CACHE to a folder that can be written."
            ) from error
        raise UserError(f"{where}: cannot be read or written ({error.strerror}); give permission or room.") from error
