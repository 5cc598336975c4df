"""Parameters that chapters on clips share."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from vretlib.parameters.base import OUTLINE, Outline, Parameters, Seed, Sizes
from vretlib.parameters.networks import Networks
from vretlib.parameters.places import Place

SIZES = "of the clips, where they are not the defaults: embedded ones, or clip_seconds and own_queries of your own"


class ClipSizes(Sizes):
    """Sizes of the embedded clips, and of clips from a user's own videos."""

    source: ClassVar[str] = "vretlib.datasets.clips.embedded"

    films: int = Field(4, ge=0, le=1000, description="fiction films that are cut into clips")
    film_seconds: float = Field(150.0, ge=1, lt=3600, description="length of each of them")
    channels: int = Field(2, ge=0, le=100, description="of newscasts that are cut into clips")
    editions: int = Field(3, ge=1, le=100, description="newscasts of each channel")
    stories: int = Field(4, ge=1, le=100, description="of each newscast")
    queries: int = Field(120, ge=0, le=100_000, description="of each kind")
    training_films: int = Field(4, ge=1, le=1000, description="other films, to learn from")
    training_clips: int = Field(64, ge=0, le=100_000, description="of these films")
    clip_seconds: float = Field(
        10.0, ge=0.5, le=1e6, description="length of the clips that your own videos are cut into"
    )
    own_queries: int = Field(200, ge=1, le=100_000, description="of each kind, where those of your own are simulated")

    @model_validator(mode="after")
    def _has_films_or_newscasts(self) -> ClipSizes:
        if self.films + self.channels < 1:
            raise ValueError("films=0 and channels=0 of sizes; expected something to cut into clips")
        return self


class Clips(Networks, Parameters):
    """Parameters of a chapter on clips."""

    dataset: Literal["embedded", "stanford_i2v", "moviesdb", "ntu_voi", "folder"] = Field(
        "embedded", description="clips made by this project, a published collection, or a folder of your own"
    )
    data_root: Annotated[str, Place("a folder of videos or one video")] = Field(
        "", description="the collection's folder, your folder of videos, or one video, unless clips are embedded"
    )
    queries_csv: Annotated[str, Place.existing_file()] = Field(
        "", description='list of your query images; "" takes queries.csv in data_root, or simulates some'
    )
    outline: Outline = OUTLINE
    damaged: Literal["refuse", "keep what is whole"] = Field(
        "refuse",
        description="a video that is cut short or damaged ends the run, or what is whole in it is searched",
    )
    sizes: ClipSizes = Field(ClipSizes(), description=SIZES)
    seed: Seed = Field(0, description="decides clips, queries and everything random")

    def incomplete(self) -> str:
        """Why a run cannot start: no folder is given, and the clips are not embedded."""
        if self.dataset != "embedded" and not self.data_root:
            return f"data_root is empty; with dataset={self.dataset!r} it must be a folder of videos or one video"
        return super().incomplete()


FramesPerSecond = Annotated[float, Field(ge=0.1, le=1000)]
"""Sampled frames per second: from one in ten seconds, about one per clip, to every frame of any camera."""
