"""Progress bars that the caller or the environment can switch off."""

import os
from collections.abc import Iterable
from typing import Any

from tqdm import tqdm


def progress_bar(iterable: Iterable[Any] | None = None, *, progress: bool = True, **options: Any) -> "tqdm[Any]":
    """A progress bar; it is hidden without ``progress``, or if TQDM_DISABLE is set, as in a batch.

    By itself, tqdm reads TQDM_DISABLE only when it is imported, and only if ``disable`` is not passed.
    """
    hidden = not progress or bool(os.environ.get("TQDM_DISABLE"))
    return tqdm(iterable, disable=hidden, **options) if iterable is not None else tqdm(disable=hidden, **options)
