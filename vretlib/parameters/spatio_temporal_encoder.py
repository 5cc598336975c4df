"""Parameters of notebook 06."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from vretlib.parameters.base import Learning, Seeds
from vretlib.parameters.clips import SIZES, Clips, ClipSizes
from vretlib.parameters.networks import MIN_SIDE

_WIDEST = 720 / 304
"""The ratio of width to height of the first embedded film."""

Gaussians = Annotated[int, Field(ge=1, le=4096)]


def _two_or_none(value: list[int]) -> list[int]:
    if len(value) not in (0, 2):
        raise ValueError(
            f"{len(value)} numbers; expected two, of a frame and of a scene, or [] to leave these rows out"
        )
    return value


class SpatioTemporalEncoder(Clips):
    """Parameters of clips, shots and queries that are described by one vector each."""

    sizes: ClipSizes = Field(ClipSizes(training_films=6, training_clips=96), description=SIZES)
    image_side: int = Field(256, ge=64, le=4096, description="pixels of the frames' longer side; 1024 in the thesis")
    fps: float = Field(
        3.0, ge=1, le=1000, multiple_of=1, description="frames per second; one per second is also compared"
    )
    threshold: float = Field(0.5, ge=0, le=2, description="Th of Algorithm 3, as in the thesis")
    fisher: Annotated[list[Gaussians], AfterValidator(_two_or_none)] = Field(
        [16, 256],
        description="Gaussians of the Fisher vectors of a frame and of a scene; [] leaves these rows out",
    )
    encoders: Literal["committed", "trained here"] = Field(
        "committed",
        description="encoders of the tables: those in data/weights, where they read such descriptors, or ones that "
        "this page trains",
    )
    steps: int = Field(400, ge=1, le=10_000_000, description="maximum number of steps of a training on this page")
    schedule: Literal["one cycle", "constant"] = Field(
        "one cycle", description="schedule of the learning rate; constant in the thesis"
    )
    learning_rate: Learning = Field(0.004, description="learning rate; 0.0001 in the thesis, with a constant schedule")
    batch_size: int = Field(256, ge=2, le=1_000_000, description="training pairs per step; 512 in the thesis")
    film_queries: int = Field(32, ge=1, le=10_000, description="photographs of the one film of Table 6.2's last column")
    seeds: Seeds = Field([0, 1, 2], description="seeds of the trainings where encoders are trained here")
    few: int = Field(
        6, ge=1, le=50, description="frames of a shot in the comparison of rules for shots with more frames than that"
    )

    @model_validator(mode="after")
    def _maps_are_not_empty(self) -> SpatioTemporalEncoder:
        min_side = MIN_SIDE.get(self.backbone, 1)
        if self.dataset == "embedded":  # the film of Table 6.2 is the widest of its pictures
            min_side = math.ceil(min_side * _WIDEST)
        if self.image_side < min_side:
            raise ValueError(
                f"image_side={self.image_side} leaves nothing in the maps of {self.backbone}; "
                f"expected at least {min_side}"
            )
        return self

    @model_validator(mode="after")
    def _has_queries(self) -> SpatioTemporalEncoder:
        if self.dataset == "embedded" and self.sizes.queries < 1:
            raise ValueError("queries=0 of sizes; expected at least 1 to search with")
        return self
