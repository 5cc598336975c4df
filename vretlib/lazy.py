"""Public names of a package that are imported when they are first used.

``import vretlib.search`` must not load torch, nor anything else that the user's script does not use. A package's
``__init__.py`` therefore imports its names under ``TYPE_CHECKING``, for type checkers and editors, and `on_demand`
makes the same imports when a name is first used. Modules of the library import names from the modules that define them,
not from packages.
"""

import re
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any


def on_demand(package: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The functions ``__getattr__`` and ``__dir__`` (PEP 562) of a package.

    Parameters
    ----------
    package: the package's ``__name__``. Its source imports each name by
        ``from package.module import name``, or ``… as other_name``.
    """
    source = Path(str(sys.modules[package].__file__)).read_text(encoding="utf-8")
    # No syntax tree: in Python 3.11 two threads must not make one at once (`vretlib.sources`), and an import may
    # happen in any thread.
    statements = re.findall(rf"^ *from ({re.escape(package)}\.\S+) import (\([^)]*\)|.*)$", source, re.MULTILINE)
    defined_in = {
        other_name or own_name: (module, own_name)
        for module, names in statements
        for own_name, other_name in re.findall(r"(\w+)(?: as (\w+))?", names)
    }

    def get(name: str) -> Any:
        if name not in defined_in:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])
        module, own_name = defined_in[name]
        return getattr(import_module(module), own_name)

    return get, lambda: sorted({*vars(sys.modules[package]), *defined_in})
