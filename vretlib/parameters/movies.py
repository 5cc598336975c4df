"""Parameters that chapters on films and photographs of a screen share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vretlib.parameters.base import Parameters, Seed
from vretlib.parameters.places import Place


class Movies(Parameters):
    """Parameters of a chapter on films."""

    dataset: Literal["embedded", "folder"] = Field(
        "embedded", description="films made by this project, or a folder of your own"
    )
    data_root: Annotated[str, Place("a folder of films or one film")] = Field(
        "", description='with dataset="folder": a folder of films, or one film'
    )
    queries_csv: Annotated[str, Place.existing_file()] = Field(
        "",
        description='with dataset="folder": list of your photographs (image, movie, frame); "" takes queries.csv in '
        "data_root, or simulates them",
    )
    damaged: Literal["refuse", "keep what is whole"] = Field(
        "refuse",
        description="a film that is cut short or damaged ends the run, or what is whole in it is searched",
    )
    n_films: int = Field(6, ge=1, le=1000, description="embedded films")
    n_queries: int = Field(32, ge=1, le=10_000, description="simulated photographs of each film")
    long_queries: int = Field(
        204, ge=1, le=10_000, description="photographs of the first embedded film, that of Table 5.1"
    )
    seconds: float = Field(
        45.0, ge=1, lt=3600, description="length of an embedded film, which ends with a whole shot and its credits"
    )
    long_seconds: float = Field(75.0, ge=1, lt=3600, description="length of the first embedded film")
    seed: Seed = Field(0, description="decides films, photographs and everything random")

    def incomplete(self) -> str:
        """Why a run cannot start: no folder is given, and the films are not embedded."""
        if self.dataset != "embedded" and not self.data_root:
            return f"data_root is empty; with dataset={self.dataset!r} it must be a folder of films or one film"
        return super().incomplete()
