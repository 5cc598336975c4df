"""Names that a package offers and imports only when they are asked for.

``import vretlib.search`` must not load torch, nor anything else that the user's script does not use. So a package's
``__init__.py`` imports its names under ``TYPE_CHECKING``, where type checkers and editors read them, and `on_demand`
makes the same imports when a name is first used. Modules of the library import from the modules that define a name,
never from a package: a package imports all of its modules.
"""

import ast
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any


def on_demand(package: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The ``__getattr__`` and ``__dir__`` (PEP 562) of a package, for the names that its source imports.

    Parameters
    ----------
    package: its ``__name__``. Each name is imported by ``from package.module import name``, or ``… as other_name``.
    """
    source = Path(str(sys.modules[package].__file__)).read_bytes()
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    defined_in = {
        alias.asname or alias.name: (node.module, alias.name)
        for node in imports
        if node.module is not None and node.module.startswith(f"{package}.")
        for alias in node.names
    }

    def get(name: str) -> Any:
        if name not in defined_in:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])
        module, own_name = defined_in[name]
        return getattr(import_module(module), own_name)

    return get, lambda: sorted({*vars(sys.modules[package]), *defined_in})
