"""The base classes of all schemas, and types of values that several chapters share."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from vretlib.parameters.places import Place

T = TypeVar("T")


class Strict(BaseModel):
    """Only whole numbers are converted, to floats; unknown names, NaN and infinity are errors."""

    model_config = ConfigDict(
        strict=True, extra="forbid", allow_inf_nan=False, frozen=True, validate_default=True, protected_namespaces=()
    )


class Sizes(Strict):
    """Sizes of embedded data; sizes that are not given keep the defaults of the function that draws."""

    source: ClassVar[str]
    """The function whose keyword arguments these are."""

    def given(self) -> dict[str, Any]:
        """The sizes that were given, by name."""
        return self.model_dump(exclude_unset=True)


class Parameters(Strict):
    """The parameters of every page. Chapters add fields, and rules between fields as pydantic's model validators."""

    profile: Annotated[str, Field(pattern=r"^\w[\w .-]{0,99}$")] = Field(
        "embedded",
        description="set of parameters in notebooks/profiles, whose recorded numbers the checks compare with",
    )
    results_dir: Annotated[str, Place.new_folder()] = Field(
        "", description='folder for tables, figures and claims; "" is the project\'s results folder'
    )

    def incomplete(self) -> str:
        """Why a run cannot start although all values are in their domains, in one sentence; empty if it can."""
        if getattr(self, "dataset", "") != "embedded":
            return ""
        unread = [name for name in ("data_root", "queries_csv") if getattr(self, name, "")]
        return (
            f'{unread[0]} is not read with dataset="embedded"; set dataset, or leave {unread[0]} out' if unread else ""
        )


Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]


def _each_once(values: list[T]) -> list[T]:
    if len(set(values)) < len(values):
        raise ValueError("expected each number once")
    return values


EachOnce = AfterValidator(_each_once)
"""Of a list of numbers: none may stand there twice."""
Seeds = Annotated[list[Seed], Field(min_length=1, max_length=100), EachOnce]
Learning = Annotated[float, Field(gt=0, le=1)]
"""A learning rate; above 1 no optimiser of this project converges."""


def _device(value: str) -> str:
    if not re.fullmatch(r"cpu|cuda(:\d{1,2})?", value, re.ASCII):
        raise ValueError('expected "cpu", "cuda" or "cuda:N"')
    return value


Device = Annotated[str, Field(json_schema_extra={"domain": '"cpu", "cuda" or "cuda:N"'}), AfterValidator(_device)]
"""The device of networks. Only the machine that runs the page can check that it exists, see `checking.check`."""

Outline = Literal["no", "found", "given"]
OUTLINE: Outline = Field(
    "no",
    description="whether photographs of a screen are rectified first, which no paper does: to the outline that is "
    "found, or to the corners that the list gives",
)
"""The field of a parameter ``outline``."""
