"""Values for a notebook's parameters: read from YAML or from the command line, checked against the default's type."""

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from vretlib.errors import UserError
from vretlib.notebooks import Parameter

PATH_ENDINGS = ("_root", "_dir", "_csv", "_path", "_file")
"""A parameter with such a name holds a path: relative ones count from where the command is given."""


class _Loader(yaml.SafeLoader):
    """YAML 1.2's core schema. PyYAML follows 1.1: ``on`` is True, ``1e-3`` a string, ``1:30`` 90, ``010`` 8."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"{', '.join(twice)}: given twice", node.start_mark)
        return super().construct_mapping(node, deep)


_FLOAT = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", _FLOAT, list("-+.0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), _first)
_Loader.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value))
_Loader.add_constructor("tag:yaml.org,2002:float", lambda _, node: _float(node.value))


def _float(text: str) -> float:
    return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))


def load(text: str, source: str) -> Any:
    """The value of a YAML 1.2 text; ``source`` names it in errors."""
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise UserError(f"{source}: not valid YAML: {' '.join(str(error).split())}") from error


def split(assignment: str) -> tuple[str, str]:
    """``"key=value"`` as its two sides."""
    name, equals, text = assignment.partition("=")
    if not equals or not name.strip().isidentifier():
        raise UserError(f"--param {assignment}: expected key=value, such as --param seed=7")
    return name.strip(), text.strip()


def from_text(parameter: Parameter, text: str) -> Any:
    """A value from the command line. Where the default is a string the text is the value, whatever it looks like."""
    value = text if isinstance(parameter.default, str) else load(text, f"--param {parameter.name}={text}")
    return located(parameter.name, checked(parameter, value, f"--param {parameter.name}={text}"))


def checked(parameter: Parameter, value: Any, source: str) -> Any:
    """The value, if it has the type of the parameter's default; an integer may stand for a float.

    A default of None says nothing about the type, so anything goes there; and None goes only there.
    """
    default = parameter.default
    if default is None:
        return value
    if isinstance(default, float) and type(value) is int:
        return float(value)
    if type(value) is not type(default):
        hint = f" ({parameter.comment})" if parameter.comment else ""
        raise UserError(
            f"{source}: {parameter.name} is {_kind(value)}; expected {_kind(default)} such as {default!r}{hint}"
        )
    if isinstance(default, list) and default:
        item = Parameter(f"each item of {parameter.name}", default[0], "")
        return [checked(item, v, source) for v in value]
    return value


def located(name: str, value: Any) -> Any:
    """A path given by the user made absolute; other values as they are.

    Raises
    ------
    UserError: nothing is there.
    """
    if not (name.endswith(PATH_ENDINGS) and isinstance(value, str) and value):
        return value
    path = Path(value).expanduser().absolute()
    if not path.exists():
        raise UserError(f"{name}={value}: no such file or folder ({path})")
    return str(path)


def _kind(value: Any) -> str:
    names = {
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        str: "a text",
        list: "a list",
        dict: "a mapping",
    }
    return names.get(type(value), "nothing (null)" if value is None else f"a {type(value).__name__}")
