"""The clips that a chapter's parameters name: embedded, the published collections, or a folder of your own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from vretlib.datasets.clips.collection import ClipStudy
from vretlib.errors import UserError

Say = Callable[[str], None]

SOURCES = ("embedded",)


def load(
    dataset: str,
    *,
    root: str | Path = "",
    queries_csv: str | Path = "",
    seed: int = 0,
    say: Say = print,
    **sizes: Any,
) -> ClipStudy:
    """Clips to search, queries, and clips to learn from, by name of their source.

    Raises
    ------
    UserError: ``dataset`` is not one of `SOURCES`.
    """
    del root, queries_csv  # of the other sources
    if dataset == "embedded":
        from vretlib.datasets.clips.embedded import embedded

        return embedded(seed=seed, say=say, **sizes)
    raise UserError(f"dataset={dataset!r} is not known; expected one of {', '.join(map(repr, SOURCES))}")
