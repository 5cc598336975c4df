"""Progress bars that a caller, or the environment, can switch off."""

import os
from typing import Any

from tqdm import tqdm


def progress_bar(*args: Any, progress: bool = True, **options: Any) -> "tqdm[Any]":
    """A bar; hidden without ``progress``, and where TQDM_DISABLE is set, as in a batch, whose pages show none.

    Left to itself tqdm reads TQDM_DISABLE only when it is imported, and only if ``disable`` isn't passed.
    """
    return tqdm(*args, disable=not progress or bool(os.environ.get("TQDM_DISABLE")), **options)
