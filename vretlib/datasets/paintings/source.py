"""The paintings that a chapter's parameters name: embedded, SemArt, or a table of your own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vretlib import files
from vretlib.datasets.paintings.collection import Paintings
from vretlib.errors import UserError

SOURCES = ("embedded", "semart", "table")
HEADINGS = {"image": "image", "text": "text", "title": "title"}
"""The headings of your own table where `load` is given no other."""


def load(dataset: str, *, root: str | Path = "", seed: int = 0, **options: Any) -> Paintings:
    """The collection of a source, with at least two paintings in its test.

    Parameters
    ----------
    dataset: one of `SOURCES`.
    root: SemArt's folder, or your table; not used by ``"embedded"``.
    options: sizes for `embedded.embedded`; for ``"table"`` ``images`` and the headings, as `own.table` has them, with
        `HEADINGS` for those that are not given.

    Raises
    ------
    UserError: another ``dataset``, an empty ``root``, a test of one painting, or the errors of the reader.
    """
    found = _read(dataset, root, seed, options)
    if len(found.test) < 2:
        raise UserError(
            f"the test has {len(found.test)} painting; expected at least 2, as a single one is always found"
        )
    return found


def _read(dataset: str, root: str | Path, seed: int, options: dict[str, Any]) -> Paintings:
    if dataset not in SOURCES:
        raise UserError(f"dataset={dataset!r} is not known; expected one of {', '.join(map(repr, SOURCES))}")
    if dataset == "embedded":
        from vretlib.datasets.paintings.embedded import embedded

        return embedded(seed=seed, **options)
    if not str(root):
        raise UserError(f"data_root is empty; with dataset={dataset!r} it must be "
                        f"{'the folder of SemArt' if dataset == 'semart' else 'a table of paintings'}")  # fmt: skip
    if dataset == "semart":
        from vretlib.datasets.paintings.semart import semart

        return semart(root)
    from vretlib.datasets.paintings.own import table

    path = files.given(root)
    return table(path, seed=seed, **(HEADINGS | options | {"images": options.get("images") or path.parent}))
