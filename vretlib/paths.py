"""Every path of the project. No other module, and no notebook, builds one from its own location."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
PROFILES = NOTEBOOKS / "profiles"
DATA = ROOT / "data"
PUBLISHED = DATA / "published"
RECORDED = DATA / "recorded"

CACHE = Path(os.environ.get("VRETLIB_CACHE", DATA / "cache")).expanduser().absolute()
"""Results of the expensive stages; safe to delete. Set ``VRETLIB_CACHE`` to keep it elsewhere."""

RESULTS = Path(os.environ.get("VRETLIB_RESULTS", ROOT / "results")).expanduser().absolute()
"""What the notebooks write. Set ``VRETLIB_RESULTS``, or pass ``--output``, to write elsewhere."""


def results(folder: str | Path = "") -> Path:
    """The results folder: the one given, or :data:`RESULTS` for an empty string."""
    return Path(folder).expanduser().absolute() if str(folder) else RESULTS
