"""The paths of the project. No other module or notebook builds a path from its own location."""

import errno
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
DATA = ROOT / "data"
PUBLISHED = DATA / "published"
RECORDED = DATA / "recorded"


def _chosen(variable: str, default: Path) -> Path:
    """The folder in an environment variable, or the default."""
    given = os.environ.get(variable)
    try:
        path = Path(given or default).expanduser().absolute()
    except RuntimeError:  # ~nobody
        raise SystemExit(f"error: {variable}={given}: no such home folder; give a path") from None
    except FileNotFoundError:  # a relative path in a folder that was deleted
        raise SystemExit(f"error: {variable}={given}: the current folder is gone; give a full path") from None
    try:
        path.stat()
    except OSError as error:
        if error.errno in (errno.ENAMETOOLONG, errno.ELOOP):
            raise SystemExit(f"error: {variable}={path}: {error.strerror}; give another path") from None
    return path


CACHE = _chosen("VRETLIB_CACHE", DATA / "cache")
"""Results of the expensive stages; safe to delete. Set ``VRETLIB_CACHE`` to keep it elsewhere."""

RESULTS = _chosen("VRETLIB_RESULTS", ROOT / "results")
"""Results of the notebooks. Set ``VRETLIB_RESULTS``, or pass ``--output``, to write elsewhere."""


def results(folder: str | Path = "") -> Path:
    """The given results folder, or `RESULTS` for an empty string."""
    return Path(folder).expanduser().absolute() if str(folder) else RESULTS
