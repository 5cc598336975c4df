"""Numba's decorator `njit`, which also works if a compiled kernel cannot be stored.

Numba's own cache raises an error if it cannot write, and a full disk would end a run although the kernel is compiled.
"""

import logging
from collections.abc import Callable
from typing import Any

import numba
from numba.core.caching import FunctionCache

log = logging.getLogger(__name__)


def njit(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Numba's ``njit`` with its options; with ``cache=True`` kernels are stored if possible."""

    def compiled(function: Callable[..., Any]) -> Any:
        dispatcher = numba.njit(**options)(function)
        if options.get("cache"):
            dispatcher._cache = _Cache(function)
        return dispatcher

    return compiled


class _Cache(FunctionCache):
    """Compiled versions of one function on disk; errors while writing become one warning."""

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except OSError as error:
            _warn_once(self.cache_path, error.strerror or str(error))


_said: set[str] = set()


def _warn_once(folder: str, reason: str) -> None:
    if not _said:
        log.warning(
            "%s: compiled kernels cannot be kept (%s) and are compiled anew each time; free some space there, "
            "or set NUMBA_CACHE_DIR to a folder that can be written", folder, reason,
        )  # fmt: skip
    _said.add(folder)
