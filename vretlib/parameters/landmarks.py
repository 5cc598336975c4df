"""Parameters that chapters on landmarks share: the source of images, and the network that describes them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from vretlib.parameters.base import Device, Parameters, Seed, Sizes
from vretlib.parameters.networks import Networks
from vretlib.parameters.places import Place

COLLECTIONS = {"embedded": ("Town A", "Town B", "Village"), "oxford_paris": ("OX5K", "PA6K", "LA5K")}
"""Names of the collections of a study, by ``dataset``."""


class LandmarkSizes(Sizes):
    """Sizes of the embedded landmarks."""

    source: ClassVar[str] = "vretlib.datasets.landmarks.embedded"

    landmarks: int = Field(11, ge=1, le=10_000, description="of each town")
    queries: int = Field(5, ge=1, le=1000, description="of each landmark")
    good: int = Field(12, ge=0, le=10_000, description="photographs of each landmark that show most of it")
    ok: int = Field(5, ge=0, le=10_000, description="photographs of each landmark that show enough of it")
    junk: int = Field(6, ge=0, le=10_000, description="photographs of each landmark that show little of it")
    others: int = Field(142, ge=0, le=1_000_000, description="photographs of other buildings of each town")
    classes: int = Field(40, ge=1, le=10_000, description="of album and village")
    per_class: int = Field(16, ge=1, le=10_000, description="photographs of each class of the album")
    validation_per_class: int = Field(8, ge=2, le=10_000, description="photographs of each class of the village")
    validation_queries: int = Field(45, ge=0, le=1_000_000, description="of the village")
    distractors: int = Field(500, ge=0, le=1_000_000, description="photographs of buildings elsewhere")

    @model_validator(mode="after")
    def _has_an_image_for_each_query(self) -> LandmarkSizes:
        images = self.classes * self.validation_per_class
        if self.validation_queries > images:
            raise ValueError(
                f"validation_queries={self.validation_queries} of sizes; expected at most classes × "
                f"validation_per_class = {images}"
            )
        return self


class Landmarks(Networks, Parameters):
    """Parameters of a chapter on landmarks."""

    data_root: Annotated[str, Place.existing_folder()] = Field(
        "", description="folder that holds the images, unless they are embedded"
    )
    device: Device = Field("cpu", description="where networks run")
    image_size: int = Field(
        256, ge=64, le=4096, description="longer side of an image when it is described, in pixels; 1024 in the thesis"
    )
    sizes: LandmarkSizes = Field(
        LandmarkSizes(),
        description="of the embedded study, where they are not its defaults: see vretlib.datasets.landmarks.embedded",
    )
    seed: Seed = Field(0, description="decides the embedded photographs and everything random")

    def incomplete(self) -> str:
        """Why a run cannot start: no folder is given, and the images are not embedded."""
        dataset = getattr(self, "dataset", "embedded")
        if dataset != "embedded" and not self.data_root:
            return f"data_root is empty; with dataset={dataset!r} it must be the folder that holds the images"
        return super().incomplete()
