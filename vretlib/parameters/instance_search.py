"""Parameters of notebook 11."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from vretlib.parameters.base import Device, Parameters, Seed, Sizes
from vretlib.parameters.detectors import DetectorWeights, check_sides
from vretlib.parameters.landmarks import LandmarkSizes
from vretlib.parameters.places import Place


class SceneSizes(Sizes):
    """Sizes of the drawn key frames, in which objects are looked for."""

    source: ClassVar[str] = "vretlib.datasets.instances.embedded.embedded"

    instances: int = Field(20, ge=1, le=10_000, description="objects that are asked for")
    shots: int = Field(5, ge=1, le=1000, description="shots of each of them")
    queries: int = Field(4, ge=1, le=1000, description="queries of each of them")
    others: int = Field(75, ge=0, le=100_000, description="shots without any of them")
    frames: int = Field(3, ge=1, le=1000, description="key frames of a shot")


class InstanceSearch(Parameters):
    """Parameters of instance search with the features of a detector."""

    dataset: Literal["embedded", "oxford_paris", "trecvid", "folder"] = Field(
        "embedded",
        description="two towns and the scenes of films, drawn by this project; Oxford5k and Paris6k; key frames with "
        "queries as TRECVID distributes them; or a folder of your own",
    )
    data_root: Annotated[str, Place.existing_folder()] = Field(
        "", description="folder that holds the images, unless they are embedded"
    )
    zf_p: DetectorWeights = Field("embedded", description="weights of ZF (P)")
    vgg16_p: DetectorWeights = Field("embedded", description="weights of VGG16 (P)")
    vgg16_c: DetectorWeights = Field("embedded", description="weights of VGG16 (C), which is fine-tuned as well")
    resnet50_fpn: Annotated[
        str, Place("a file (.pth or .safetensors)", folder=False, names=("", "coco"), endings=(".pth", ".safetensors"))
    ] = Field(
        "",
        description="weights of torchvision's ResNet50-FPN, for one more row of the table of single choices; "
        '"" leaves it out',
    )
    device: Device = Field("cpu", description="where networks run")
    short_side: int = Field(
        224, ge=64, le=4096, description="shorter side of an image in the network, in pixels; 600 in the paper"
    )
    long_side: int = Field(
        400, ge=64, le=8192, description="maximum of the longer side, in pixels; 1000 in the authors' code"
    )
    n_proposals: int = Field(300, ge=1, le=2000, description="regions of an image, those of the best proposals")
    n_top: int = Field(100, ge=1, le=1_000_000, description="N, the images at the top of a ranking that are re-ranked")
    n_expanded: int = Field(5, ge=1, le=1000, description="M, the images that query expansion averages")
    optimiser: Literal["one-cycle", "sgd"] = Field(
        "one-cycle", description="of fine-tuning: one cycle of AdamW, two images a step, or the paper's SGD, one image"
    )
    steps: int = Field(
        2500,
        ge=1,
        le=1_000_000,
        description="training steps of each fine-tuned network; with two images each they see as many as the paper's "
        "5,000",
    )
    sizes: LandmarkSizes = Field(
        LandmarkSizes(),
        description="of the embedded towns, where they are not the defaults: see vretlib.datasets.landmarks.embedded",
    )
    scenes: SceneSizes = Field(SceneSizes(), description="of the drawn key frames: see vretlib.datasets.instances")
    seed: Seed = Field(0, description="decides the drawn images and the order of training examples")

    _sides = model_validator(mode="after")(check_sides)

    def incomplete(self) -> str:
        """Why a run cannot start: no folder is given, and the images are not embedded."""
        if self.dataset != "embedded" and not self.data_root:
            return f"data_root is empty; with dataset={self.dataset!r} it must be the folder that holds the images"
        return super().incomplete()
