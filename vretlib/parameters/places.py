"""Parameters that are paths: their type, how relative paths are resolved, and checks that they exist."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from vretlib.errors import UserError


@dataclass(frozen=True)
class Place:
    """The annotation of a parameter that is a path, unless its value is one of ``names``.

    Attributes
    ----------
    what: description of the expected thing, for messages.
    file, folder: whether the path may be a file, or a folder.
    names: values that are not paths.
    endings: allowed endings of a file, in lower case; empty means any.
    new: whether the path may be missing.
    """

    what: str
    file: bool = True
    folder: bool = True
    names: tuple[str, ...] = ("",)
    endings: tuple[str, ...] = ()
    new: bool = False

    @classmethod
    def existing_folder(cls) -> Place:
        """A folder that exists."""
        return cls("a folder", file=False)

    @classmethod
    def existing_file(cls) -> Place:
        """A file that exists."""
        return cls("a file", folder=False)

    @classmethod
    def new_folder(cls) -> Place:
        """A folder that exists or can be made."""
        return cls("a folder", file=False, new=True)

    def is_path(self, value: Any) -> bool:
        """Whether a value of the parameter is a path."""
        return isinstance(value, str) and value not in self.names

    def checked(self, value: str) -> str:
        """The value; a ValueError with one sentence if the path does not exist or has the wrong type."""
        if not self.is_path(value):
            return value
        path = absolute(value)
        try:
            mode = path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            if self.new:
                return value
            named = [repr(name) for name in self.names if name]
            hint = f"; expected {', '.join(named)}, or {self.what}" if named else ""
            raise ValueError(f"no such file or folder ({short(str(path))}){hint}") from None
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise ValueError(f"cannot be looked at ({reason}); expected {self.what}") from None
        if not ((self.file and stat.S_ISREG(mode)) or (self.folder and stat.S_ISDIR(mode))):
            found = "a folder" if stat.S_ISDIR(mode) else "a file" if stat.S_ISREG(mode) else "neither file nor folder"
            raise ValueError(f"{short(str(path))} is {found}; expected {self.what}")
        if self.endings and stat.S_ISREG(mode) and path.suffix.lower() not in self.endings:
            raise ValueError(f"ends in {path.suffix or 'nothing'!r}; expected a file in {', '.join(self.endings)}")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Pydantic's hook, which adds the check to the type."""
        return core_schema.no_info_after_validator_function(self.checked, handler(source))


def absolute(value: str, base: Path | None = None) -> Path:
    """The absolute path, with ``~`` expanded; relative paths start at ``base`` (None: the working folder).

    Raises
    ------
    ValueError: there is no such user, or the value has a NUL character.
    """
    if "\0" in value:
        raise ValueError("no path holds a NUL character")
    try:
        path = Path(value).expanduser()
    except RuntimeError as error:
        raise ValueError(f"{error}".rstrip(".") or "no home folder") from None
    return Path(os.path.abspath((base or Path.cwd()) / path))


def located(schema: type[BaseModel], name: str, value: Any, base: Path, where: str) -> Any:
    """The absolute path if the parameter is a path, also of paths inside a mapping; other values unchanged.

    Raises
    ------
    UserError: the value cannot be a path; ``where`` names the parameter and its value in the message.
    """
    if (inside := _mapping(schema, name)) and isinstance(value, Mapping):
        return {key: located(inside, key, one, base, where) for key, one in value.items()}
    place = places(schema).get(name)
    if place is None or not place.is_path(value):
        return value
    try:
        return str(absolute(value, base))
    except ValueError as error:
        raise UserError(f"{where}: {error}; expected {place.what}") from None


def places(schema: type[BaseModel]) -> dict[str, Place]:
    """The annotations of the parameters that are paths, by name."""
    marks = {name: [m for m in field.metadata if isinstance(m, Place)] for name, field in schema.model_fields.items()}
    return {name: found[0] for name, found in marks.items() if found}


def files(schema: type[BaseModel], values: Mapping[str, Any]) -> dict[str, Path]:
    """The paths that a run reads, by parameter; a path inside a mapping by both names, as ``columns.images``."""
    found = {
        name: Path(values[name])
        for name, place in places(schema).items()
        if not place.new and place.is_path(values.get(name))
    }
    for name in schema.model_fields:
        if inside := _mapping(schema, name):
            found |= {f"{name}.{key}": path for key, path in files(inside, values.get(name) or {}).items()}
    return found


def _mapping(schema: type[BaseModel], name: str) -> type[BaseModel] | None:
    """The schema of a parameter that is a mapping with known keys; None for other parameters."""
    field = schema.model_fields.get(name)
    kind = field and field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def short(path: str) -> str:
    """The path for messages: one line, shortened in the middle if it is long."""
    text = path if path.isprintable() else ascii(path)[1:-1]
    return text if len(text) <= 200 else f"{text[:100]}…{text[-60:]}"
