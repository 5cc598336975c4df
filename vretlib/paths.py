"""The paths of the project. No other module or notebook builds a path from its own location."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
DATA = ROOT / "data"
PUBLISHED = DATA / "published"
RECORDED = DATA / "recorded"


def _chosen(variable: str, default: Path) -> Path:
    """The folder in an environment variable, or the default."""
    try:
        return Path(os.environ.get(variable) or default).expanduser().absolute()
    except RuntimeError:  # ~nobody
        raise SystemExit(f"error: {variable}={os.environ[variable]}: no such home folder; give a path") from None


CACHE = _chosen("VRETLIB_CACHE", DATA / "cache")
"""Results of the expensive stages; safe to delete. Set ``VRETLIB_CACHE`` to keep it elsewhere."""

RESULTS = _chosen("VRETLIB_RESULTS", ROOT / "results")
"""Results of the notebooks. Set ``VRETLIB_RESULTS``, or pass ``--output``, to write elsewhere."""


def results(folder: str | Path = "") -> Path:
    """The given results folder, or `RESULTS` for an empty string."""
    return Path(folder).expanduser().absolute() if str(folder) else RESULTS
