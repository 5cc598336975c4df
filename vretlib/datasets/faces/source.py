"""The face videos that a chapter's parameters name."""

from __future__ import annotations

from pathlib import Path

from vretlib.datasets.faces.collection import FaceSet
from vretlib.errors import UserError

SOURCES = ("embedded",)


def load(dataset: str, *, root: str | Path = "", seed: int = 0, **sizes: int) -> tuple[FaceSet, ...]:
    """The collections of a source: the two drawn ones, or the one of a real source.

    Parameters
    ----------
    dataset: one of `SOURCES`.
    root: the collection's folder; must be empty with ``"embedded"``.
    sizes: numbers for `embedded.embedded`, the same for both sets.

    Raises
    ------
    UserError: another ``dataset``, or the errors of the reader.
    """
    if dataset not in SOURCES:
        raise UserError(f"dataset={dataset!r} is not known; expected one of {', '.join(map(repr, SOURCES))}")
    if str(root):
        raise UserError(f"data_root={root}; the embedded faces are drawn and have no folder; leave it empty")
    from vretlib.datasets.faces.embedded import embedded

    return embedded("a", seed, **sizes), embedded("b", seed, **sizes)
