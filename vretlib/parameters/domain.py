"""Texts about a parameter's domain, for errors and the list of chapters."""

from __future__ import annotations

import json
import types
import typing
from typing import Annotated, Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen, MultipleOf
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from vretlib.parameters.places import Place

KINDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a mapping",
}


def domain(field: FieldInfo) -> str:
    """The domain as a text: ``a whole number, 1 to 1000``."""
    kind, limits = of_type(field.annotation), limits_of(field)
    if field.annotation is str and not limits:
        return kind + _form(field.metadata)
    return f"{kind}, {limits}" if limits and not limits.startswith(("one of", '"')) else limits or kind


def described(field: FieldInfo) -> str:
    """The text in the list of chapters: the description and the domain."""
    places = [mark for mark in field.metadata if isinstance(mark, Place)]
    limits = limits_of(field) or (places[0].what if places else of_type(field.annotation))
    return f"{field.description}; {limits}" if field.description else limits


def described_keys(field: FieldInfo) -> list[str]:
    """A line for each key of a parameter that is a mapping with known keys: name, default, meaning and range."""
    schema = field.annotation
    if not (isinstance(schema, type) and issubclass(schema, BaseModel)):
        return []
    width = max(map(len, schema.model_fields), default=0)
    default = field.default
    return [
        f"{name.ljust(width)} = {getattr(default, name)!r}   {described(inner)}"
        for name, inner in schema.model_fields.items()
    ]


def kind(value: Any) -> str:
    """The type of a value as a text."""
    return KINDS.get(type(value), "nothing (null)" if value is None else f"a {type(value).__name__}")


def limits_of(field: FieldInfo) -> str:
    """The range or the choices as a text; empty if the type is the only limit."""
    if isinstance(field.json_schema_extra, dict) and "domain" in field.json_schema_extra:
        return str(field.json_schema_extra["domain"])
    places = [mark for mark in field.metadata if isinstance(mark, Place)]
    if places:
        named = ", ".join(f'"{name}"' for name in places[0].names if name)
        return f"{named} or the path of {places[0].what}" if named else ""
    return _limits(field.annotation, field.metadata)


def of_type(annotation: Any) -> str:
    """A type as a text."""
    plain = get_origin(annotation) or annotation
    if plain is Annotated:
        return of_type(get_args(annotation)[0])
    if plain is Literal:
        return "a text"
    if isinstance(plain, type) and issubclass(plain, BaseModel):
        return f"a mapping with any of {', '.join(plain.model_fields)}"
    return KINDS.get(plain, "any value")


def _form(metadata: typing.Sequence[Any]) -> str:
    """The required form of a text: `` of at most 1000 characters and the form …``; empty if any text is allowed."""
    longest = [f"at most {mark.max_length} characters" for mark in metadata if isinstance(mark, MaxLen)]
    forms = [f"the form {mark.pattern}" for mark in metadata if getattr(mark, "pattern", None)]
    return f" of {' and '.join(longest + forms)}" if longest or forms else ""


def item(field: FieldInfo) -> str:
    """The domain of each item of a list as a text."""
    [inner] = get_args(field.annotation) or [Any]
    plain, marks = _parts(inner)
    limits = _limits(plain, marks)
    return f"{of_type(plain)}, {limits}" if limits else of_type(plain)


def _limits(annotation: Any, metadata: typing.Sequence[Any]) -> str:
    if get_origin(annotation) is Literal:
        return choices([_quoted(value) for value in get_args(annotation) if value != ""])
    if get_origin(annotation) is list:
        [item] = get_args(annotation)
        each = _limits(*_parts(item))
        counted = _range([mark for mark in metadata if isinstance(mark, MinLen | MaxLen)])
        return ", ".join(
            part for part in (f"{counted} of them" if counted else "", f"each {each}" if each else "") if part
        )
    return "" if annotation is str else _range(metadata)


def _parts(item: Any) -> tuple[Any, list[Any]]:
    """A type and its annotations; pydantic's Field is replaced by its metadata."""
    if get_origin(item) is not Annotated:
        return item, []
    plain, *marks = get_args(item)
    return plain, [m for mark in marks for m in (mark.metadata if isinstance(mark, FieldInfo) else [mark])]


def _range(metadata: typing.Sequence[Any]) -> str:
    """The range as a text: ``1 to 1000``, ``above 0 to 1``, ``4 to 65536, a multiple of 4``."""
    low = high = step = ""
    for mark in metadata:
        match mark:
            case Ge(ge=value) | MinLen(min_length=value):
                low = _number(value)
            case Gt(gt=value):
                low = f"above {_number(value)}"
            case Le(le=value) | MaxLen(max_length=value):
                high = _number(value)
            case Lt(lt=value):
                high = f"less than {_number(value)}"
            case MultipleOf(multiple_of=value):
                step = "whole" if value == 1 else f"a multiple of {_number(value)}"
    if low and high:
        low, high = f"{low} to {high}", ""
    elif low:
        low = low if low.startswith("above") else f"at least {low}"
    elif high:
        high = high if high.startswith("less") else f"at most {high}"
    return ", ".join(part for part in (low, high, step) if part)


def choices(texts: typing.Sequence[str]) -> str:
    """The texts joined as ``"a", "b" or "c"``."""
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"


def _quoted(text: str) -> str:
    """The text in double quotes; a tab is written with a backslash."""
    return json.dumps(text, ensure_ascii=False)


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def field_at(schema: type[BaseModel], loc: tuple[int | str, ...]) -> FieldInfo | None:
    """The field at pydantic's location, also in a nested schema; None if there is no field of that name."""
    field = schema.model_fields.get(str(loc[0])) if loc else None
    if field is None or len(loc) == 1:
        return field
    inner = field.annotation
    if isinstance(inner, type) and not isinstance(inner, types.GenericAlias) and issubclass(inner, BaseModel):
        return field_at(inner, loc[1:])
    return field
