"""Hashes of the project's modules that a module depends on: the code part of a cache key.

Imports are read from the source, also inside functions, and followed through all modules of `PACKAGES`, so that no list
has to be kept by hand. Comments, docstrings and line breaks do not change a hash.
"""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

PACKAGES = ("vretlib", "embedded")


def hashes(module: str) -> dict[str, str]:
    """First 16 hexadecimal digits of a SHA-256 for ``module`` and each module of the project that it imports.

    Parameters
    ----------
    module: dotted name, such as ``"vretlib.video.describe"``. Imports count directly or through other modules; a
        package counts as its ``__init__.py`` where a name is imported from there.

    Returns
    -------
    By dotted name, sorted. A name outside `PACKAGES` is given only by its own source where it has a file, and by
    nothing where it has none.
    """
    found: dict[str, str] = {}
    waiting = [module]
    with _one_at_a_time:
        while waiting:
            name = waiting.pop()
            if name not in found and (path := _file(name)) is not None:
                found[name], imported = _read(name, path, path.stat().st_mtime_ns)
                waiting += imported
    return dict(sorted(found.items()))


_one_at_a_time = Lock()  # Python 3.11 counts the depth of syntax trees over all threads, and fails if two of them parse


@cache
def _file(module: str) -> Path | None:
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):  # ValueError: a script has no spec
        return None
    origin = spec.origin if spec is not None else None
    return Path(origin) if origin is not None and origin.endswith(".py") else None


@cache
def _read(module: str, path: Path, mtime: int) -> tuple[str, tuple[str, ...]]:
    """The hash of a module, and the modules of the project that it imports."""
    del mtime  # part of the key: an edited file is read again
    tree = ast.parse(path.read_bytes())
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    imported = tuple(name for name in _imported(tree, package) if name.split(".")[0] in PACKAGES)
    return hashlib.sha256(ast.dump(_Undocumented().visit(tree)).encode()).hexdigest()[:16], imported


class _Undocumented(ast.NodeTransformer):
    """Removes docstrings."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if is_text else node


def _imported(tree: ast.Module, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parent = package.rsplit(".", node.level - 1)[0] if node.level else ""
            origin = ".".join(part for part in (parent, node.module) if part)
            for alias in node.names:
                inner = f"{origin}.{alias.name}"
                yield inner if origin.split(".")[0] in PACKAGES and _file(inner) is not None else origin
