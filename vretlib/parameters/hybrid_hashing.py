"""Parameters of notebook 10."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from vretlib.parameters.base import EachOnce, Parameters, Seed, Seeds, Sizes
from vretlib.parameters.places import Place


class FaceSizes(Sizes):
    """Sizes of both sets of drawn faces; those of the second set differ where they are not given."""

    source: ClassVar[str] = "vretlib.datasets.faces.embedded.embedded"

    people: int = Field(24, ge=4, le=10_000, description="people of each set; 60 in the second")
    train: int = Field(20, ge=1, le=10_000, description="videos of each person in the database; 8 in the second set")
    test: int = Field(8, ge=1, le=10_000, description="videos of each person to ask with; 3 in the second set")
    shortest: int = Field(8, ge=1, le=1000, description="frames of a video at least")
    longest: int = Field(16, ge=1, le=1000, description="frames of a video at most")


Weight = Annotated[float, Field(ge=0, le=1000)]
"""The weight of a loss."""


class HybridHashing(Parameters):
    """Parameters of binary codes of face videos."""

    dataset: Literal["embedded", "ytc", "umdfaces", "youtube_faces", "youtube_aligned", "folder"] = Field(
        "embedded",
        description="two sets of faces drawn by this project, YouTube Celebrities, UMDFaces, YouTube Faces in one of "
        "two forms, or a folder of your own",
    )
    data_root: Annotated[str, Place("the collection's folder")] = Field(
        "", description="the collection's folder, unless faces are drawn; your own has person/video/frame"
    )
    split: Annotated[str, Place.existing_file()] = Field(
        "", description='file that says which videos are searched and which ask; "": divided by seed'
    )
    boxes: Annotated[str, Place.existing_file()] = Field(
        "", description="list of the boxes of first frames, for YouTube Celebrities as films"
    )
    most_frames: int = Field(
        16, ge=1, le=1_000_000, description="frames that are read of a real video at most, evenly spread"
    )
    sizes: FaceSizes = Field(FaceSizes(), description="of both drawn sets, where they are not the defaults")
    weights: Annotated[
        str, Place("a file (.safetensors)", folder=False, names=("embedded",), endings=(".safetensors",))
    ] = Field("embedded", description="of the network that describes faces")
    models: Literal["committed", "trained here"] = Field(
        "committed",
        description="trained layers of the tables: those in data/weights, where they learned with such parameters, or "
        "ones that this page trains",
    )
    bits: Annotated[list[Annotated[int, Field(ge=2, le=1024)]], Field(min_length=1, max_length=20), EachOnce] = Field(
        [12, 24, 36, 48], description="code lengths; some figures take the longest"
    )
    seeds: Seeds = Field([0, 1, 2], description="seeds of each method; tables have the mean over them")
    batch_videos: int = Field(24, ge=3, le=9999, multiple_of=3, description="videos M of a batch")
    batch_frames: int = Field(10, ge=1, le=10_000, description="frames of each of them")
    hidden: int = Field(256, ge=1, le=65_536, description="units of the layer before the hash layer; not in the paper")
    steps: int = Field(3000, ge=1, le=100_000_000, description="training steps of a hash layer; 100,000 in the paper")
    second_steps: int = Field(
        0,
        ge=0,
        le=100_000_000,
        description="steps of a second stage that tunes the last two convolutions as well, in all trained layers; 0 "
        "leaves it out",
    )
    lambda1: Weight = Field(1.0, description="weight of the loss of videos, eq 4")
    lambda2: Weight = Field(0.01, description="weight of video center alignment, eq 5")
    lambda3: Weight = Field(1.0, description="weight of the binary constraint, eq 6")
    beta: Weight = Field(0.1, description="in eq 4, weight of the triplets")
    gamma: Weight = Field(0.5, description="in eq 4, weight of the distance to the positive")
    margin: float = Field(2.0, gt=0, le=1000, description="in eq 4, the margin m")
    swept: Annotated[list[Annotated[float, Field(gt=0, le=1000)]], Field(min_length=2, max_length=100), EachOnce] = (
        Field([0.01, 0.1, 1.0, 10.0], description="values of λ2 in Figure 6")
    )
    new_people_share: float = Field(
        0.5, ge=0, lt=1, description="share of the people to learn from where others are searched for; 0 leaves it out"
    )
    seed: Seed = Field(0, description="decides the drawn faces and the people of the protocol with new people")

    @model_validator(mode="after")
    def _shortest_is_at_most_longest(self) -> HybridHashing:
        if self.sizes.shortest > self.sizes.longest:
            raise ValueError(
                f"shortest={self.sizes.shortest} and longest={self.sizes.longest} of sizes: expected shortest to be at "
                "most longest"
            )
        return self

    def incomplete(self) -> str:
        """Why a run cannot start: nothing is given, and the faces are not drawn."""
        if self.dataset != "embedded" and not self.data_root:
            return f"data_root is empty; with dataset={self.dataset!r} it must be the collection's folder"
        if self.dataset == "embedded" and (self.split or self.boxes):
            return 'split and boxes are not read with dataset="embedded"; leave them empty'
        if self.boxes and self.dataset != "ytc":
            return f'boxes is not read with dataset={self.dataset!r}; only dataset="ytc" has such a list'
        return super().incomplete()
