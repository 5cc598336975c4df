"""Values of parameters as they are written in a profile or on the command line.

They are read by YAML 1.2's core schema, without tags and anchors, and at most `DEPTH` levels deep. The chapter's schema
checks them afterwards, see `vretlib.parameters`.
"""

import re
from collections.abc import Hashable, Iterable
from typing import Any

import yaml

from vretlib.errors import UserError
from vretlib.notebooks import Parameter

DEPTH = 8
"""Maximum depth of nested lists and mappings."""
LENGTH = 10_000
"""Maximum number of characters of a value on the command line."""

_SHOWN = 80  # characters of it in a message


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
    """The value of a YAML 1.2 text; ``source`` names it in errors.

    Raises
    ------
    UserError: it is not valid YAML, has tags or anchors, is nested deeper than `DEPTH`, or holds a number that Python
        cannot read.
    """
    try:
        _refuse(text, flow_only=False)
        return yaml.load(text, Loader=_Loader)
    except _NotAValueError as error:
        raise UserError(f"{source}: {error}") from None
    except yaml.YAMLError as error:
        raise UserError(f"{source}: not valid YAML: {' '.join(str(error).split())}") from error
    except (ValueError, TypeError, RecursionError) as error:  # a number of thousands of digits, a list for a key
        raise UserError(f"{source}: not a value that a parameter can have ({' '.join(str(error).split())})") from error


def split(assignment: str) -> tuple[str, str]:
    """The two sides of ``"key=value"``.

    Raises
    ------
    UserError: there is no ``=``, or the key is not a name.
    """
    name, equals, text = assignment.partition("=")
    if not equals or not name.strip().isidentifier():
        raise UserError(f"--param {_line(assignment)}: expected key=value, such as --param seed=7")
    return name.strip(), text.strip()


def split_all(assignments: Iterable[str]) -> dict[str, str]:
    """The values of ``"key=value"`` texts by key.

    Raises
    ------
    UserError: as of `split`, or a key that is given twice with different values.
    """
    found: dict[str, str] = {}
    for name, text in map(split, assignments):
        if found.setdefault(name, text) != text:
            raise UserError(
                f"{given(name, found[name])} and {given(name, text)}: two values of one parameter; give one"
            )
    return found


def given(name: str, text: str) -> str:
    """An assignment of the command line for messages: one line of bounded length."""
    return f"--param {name}={_line(text)}"


def from_text(parameter: Parameter, text: str) -> Any:
    """The value of a text from the command line. If the parameter is a text, the value is the text, unchanged.

    Raises
    ------
    UserError: the text is longer than `LENGTH`, or no plain value, ``[…]`` or ``{…}``.
    """
    source = given(parameter.name, text)
    if len(text) > LENGTH:
        raise UserError(f"{source}: {len(text)} characters; expected at most {LENGTH}")
    if isinstance(parameter.default, str):
        return text
    try:
        _refuse(text, flow_only=True)
    except _NotAValueError as error:
        raise UserError(f"{source}: {error}") from None
    except yaml.YAMLError:
        pass  # `load` reports it
    return load(text, source)


class _NotAValueError(Exception):
    """The YAML is valid, but it is not a plain value."""


def _refuse(text: str, *, flow_only: bool) -> None:
    """Raise `_NotAValueError` for what `load` refuses; events are read without recursion, unlike values."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _NotAValueError("anchors and aliases (& and *) are not taken; write the value itself, or in quotes")
        if getattr(event, "tag", None):
            raise _NotAValueError("tags (!) are not taken; write the value itself, or in quotes")
        if flow_only and isinstance(event, yaml.CollectionStartEvent) and not event.flow_style:
            raise _NotAValueError("expected one value, a list as [1, 2] or a mapping as {key: value}")
        if flow_only and isinstance(event, yaml.ScalarEvent) and event.style in ("|", ">"):
            raise _NotAValueError("expected one value in one line")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH:
            raise _NotAValueError(f"lists or mappings more than {DEPTH} deep")


def _line(text: str) -> str:
    plain = text if text.isprintable() else repr(text)[1:-1]
    return plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN - 1]}…"
