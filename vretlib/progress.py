"""Progress bars that a caller, or the environment, can switch off."""

import os
from collections.abc import Iterable
from typing import Any

from tqdm import tqdm


def progress_bar(iterable: Iterable[Any] | None = None, *, progress: bool = True, **options: Any) -> "tqdm[Any]":
    """A bar; hidden without ``progress``, and where TQDM_DISABLE is set, as in a batch, whose pages show none.

    Left to itself tqdm reads TQDM_DISABLE only when it is imported, and only if ``disable`` isn't passed.
    """
    hidden = not progress or bool(os.environ.get("TQDM_DISABLE"))
    return tqdm(iterable, disable=hidden, **options) if iterable is not None else tqdm(disable=hidden, **options)
