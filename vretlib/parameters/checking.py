"""Checks of values by a chapter's schema; the first error is reported in one clear sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter, ValidationError, create_model

from vretlib.errors import UserError
from vretlib.parameters import domain as domains
from vretlib.parameters.base import Device, Parameters, Strict
from vretlib.parameters.places import Place

if TYPE_CHECKING:  # it reads notebooks, and its import takes a while
    from vretlib.notebooks import Parameter

SCHEMAS = {
    "01_start_here": "start_here.StartHere",
    "02_background": "background.Background",
    "03_similarity_networks": "similarity_networks.SimilarityNetworks",
    "04_image_to_video": "image_to_video.ImageToVideo",
    "05_binary_features": "binary_features.BinaryFeatures",
    "06_spatio_temporal_encoder": "spatio_temporal_encoder.SpatioTemporalEncoder",
    "07_semantic_art": "semantic_art.SemanticArt",
    "08_key_frames": "key_frames.KeyFrames",
    "09_face_retrieval": "face_retrieval.FaceRetrieval",
    "10_hybrid_hashing": "hybrid_hashing.HybridHashing",
    "11_instance_search": "instance_search.InstanceSearch",
}
"""The module and class of each chapter's schema."""

PATH_ENDINGS = ("_root", "_dir", "_csv", "_path", "_file")
"""Endings of the names of parameters that are paths, for notebooks without a schema."""

_LONGEST = 60  # characters of a value in a message


def schema(chapter: str, offered: Mapping[str, Parameter]) -> type[BaseModel]:
    """The schema of a chapter. Parameters of its notebook that it lacks are added with the types of their defaults."""
    declared = _declared(chapter)
    others = {name: parameter for name, parameter in offered.items() if name not in declared.model_fields}
    if not others:
        return declared
    fields: dict[str, Any] = {
        name: (_type_of(p), Field(p.default, description=p.comment)) for name, p in others.items()
    }
    return create_model(declared.__name__, __base__=declared, **fields)


def validated(
    schema: type[BaseModel], values: Mapping[str, Any], *, chapter: str, sources: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The checked values of a chapter; whole numbers become floats where the schema has floats.

    Parameters
    ----------
    sources: where each value comes from, by parameter name; messages quote it. Default: the parameters cell.

    Raises
    ------
    UserError: a value is outside its domain, or two values are not compatible.
    """
    return _plain(_model(schema, values, chapter, sources or {}))


@dataclass(frozen=True)
class Chosen:
    """The parameters of one run of a page, all of them in their domains."""

    chapter: str
    """File name of the notebook without ending."""
    profile: str = "embedded"
    results_dir: str = ""
    deciding: Mapping[str, Any] = field(default_factory=dict)
    """The parameters that the page's numbers depend on: all except the profile's name and the results folder."""

    @property
    def seed(self) -> int | None:
        """The seed; None if the page has none."""
        return self.deciding.get("seed")


def check(chapter: str, values: Mapping[str, Any]) -> Chosen:
    """The checked parameters of a page.

    A page calls this with its ``globals()`` before it computes anything, and gives the result to
    `vretlib.report.Chapter`.

    Raises
    ------
    UserError: a value is missing or outside its domain, two values are not compatible, or the device does not exist.
    """
    if chapter not in SCHEMAS:
        raise UserError(f"{chapter}: no chapter has this name; expected one of {', '.join(SCHEMAS)}")
    declared = _declared(chapter)
    if missing := [name for name in declared.model_fields if name not in values]:
        raise UserError(
            f"{chapter}: {missing[0]} is not set; run the parameters cell first, which must have a line for it"
        )
    model = _model(declared, {name: values[name] for name in declared.model_fields}, chapter, {})
    if lacks := _incomplete(model) or _without_device(getattr(model, "device", "cpu")):
        raise UserError(f"{chapter}: {lacks}")
    every = model.model_dump()
    return Chosen(chapter, every.pop("profile"), every.pop("results_dir"), every)


def incomplete(schema: type[BaseModel], values: Mapping[str, Any]) -> str:
    """Why a chapter cannot run with these values, all in their domains, in one sentence; empty if it can."""
    return _incomplete(schema.model_validate(dict(values)))


def device(value: str) -> str:
    """The device, such as "cpu" or "cuda:1", where networks can run here.

    Raises
    ------
    UserError: no name of a device, or a GPU that is not here.
    """
    try:
        TypeAdapter(Device).validate_python(value)
    except ValidationError:
        raise UserError(f'device={value!r}: expected "cpu", "cuda" or "cuda:N"') from None
    if lacks := _without_device(value):
        raise UserError(lacks)
    return value


def assignment(name: str, value: Any) -> str:
    """A parameter with its value for messages: one line of bounded length."""
    return f"{name}={shown(value)}"


def shown(value: Any) -> str:
    """A value in one line of bounded length."""
    if isinstance(value, int) and value.bit_length() > 200:
        return f"{'-' if value < 0 else ''}a whole number of about {round(value.bit_length() * 0.30103)} digits"
    if isinstance(value, list | tuple) and not _short(value):
        return f"[{shown(value[0])}, … {len(value)} of them]"
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits inside, or hundreds of lists in lists
        return domains.kind(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _short(value: list[Any] | tuple[Any, ...]) -> bool:
    return len(value) <= 8


def _declared(chapter: str) -> type[BaseModel]:
    if chapter not in SCHEMAS:
        return Strict
    module, name = SCHEMAS[chapter].split(".")
    found: type[BaseModel] = getattr(import_module(f"vretlib.parameters.{module}"), name)
    return found


def _type_of(parameter: Parameter) -> Any:
    """The type of a parameter that no schema has: the type of its default."""
    default = parameter.default
    if default is None:
        return Any
    if isinstance(default, str) and parameter.name.endswith(PATH_ENDINGS):
        return Annotated[str, Place("a file or folder", new=parameter.name == "results_dir")]
    if isinstance(default, list) and default and default[0] is not None:
        return list[type(default[0])]  # type: ignore[misc]
    return type(default)


def _model(schema: type[BaseModel], values: Mapping[str, Any], chapter: str, sources: Mapping[str, str]) -> BaseModel:
    try:
        return schema.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise UserError(_sentence(schema, dict(first), values, chapter, sources)) from None


def _sentence(
    schema: type[BaseModel],
    error: Mapping[str, Any],
    values: Mapping[str, Any],
    chapter: str,
    sources: Mapping[str, str],
) -> str:
    """Pydantic's error as one sentence: the place, the parameter with its value, and what was expected."""
    loc, value = error["loc"], error["input"]
    message = str(error["ctx"]["error"]) if error["type"] == "value_error" else ""
    if not loc:
        return f"{chapter}: {message or error['msg']}"
    name = str(loc[0])
    where = sources.get(name, f"{chapter}, {assignment(name, values.get(name, value))}")
    if message:
        return f"{where}: {message}"
    field = domains.field_at(schema, loc)
    place = _name_in(loc)
    if len(loc) > 1 and error["type"] == "extra_forbidden":
        inside = domains.field_at(schema, loc[:-1])
        return f"{where}: {name} has no {shown(loc[-1])}; expected {domains.of_type(inside and inside.annotation)}"
    if field is None:
        return f"{where}: {place} is unknown; expected one of {', '.join(schema.model_fields)}"
    expected = domains.domain(field) if len(loc) == 1 or isinstance(loc[-1], str) else domains.item(field)
    mismatch = f"{place} is {domains.kind(value)}; " if _wrong_type(error["type"]) else ""
    mismatch = mismatch or (f"{place} is {shown(value)}; " if len(loc) > 1 else "")
    example = "" if field.default in ("", None) or len(loc) > 1 else _example(field.default, expected)
    hint = f" ({field.description})" if field.description else ""
    return f"{where}: {mismatch}expected {expected}{example}{hint}"


def _example(default: Any, expected: str) -> str:
    return f"{',' if ',' in expected else ''} such as {_plain(default)!r}"


def _wrong_type(kind: str) -> bool:
    return kind.endswith("_type") or kind in ("string_unicode", "missing")


def _name_in(loc: tuple[int | str, ...]) -> str:
    """The name of a place in the parameters: ``seed``, ``one item of seeds``, ``films of sizes``."""
    name = str(loc[0])
    for part in loc[1:]:
        name = f"one item of {name}" if isinstance(part, int) else f"{shown(part)[1:-1]} of {name}"
    return name


def _plain(value: Any) -> Any:
    """The mapping that a model was made from; other values unchanged."""
    return value.model_dump(exclude_unset=True) if isinstance(value, BaseModel) else value


def _incomplete(model: BaseModel) -> str:
    return model.incomplete() if isinstance(model, Parameters) else ""


def _without_device(device: str) -> str:
    """Why networks cannot run on the device here; empty if they can."""
    if device == "cpu":
        return ""
    import torch  # a second or more, and only a page that asks for a GPU needs to know

    number = int(device.partition(":")[2] or 0)
    if not torch.cuda.is_available():
        return f'device="{device}": PyTorch finds no CUDA device here; expected "cpu", or a PyTorch with CUDA'
    if number >= torch.cuda.device_count():
        return f'device="{device}": PyTorch finds {torch.cuda.device_count()} CUDA devices here, counted from 0'
    return ""
