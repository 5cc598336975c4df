"""Parameters of notebook 09."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from vretlib.parameters.base import Device, Parameters, Seed, Sizes
from vretlib.parameters.detectors import DetectorWeights, check_sides
from vretlib.parameters.places import Place


class FaceFilmSizes(Sizes):
    """Sizes of both drawn collections; those of the second one differ where they are not given."""

    source: ClassVar[str] = "vretlib.datasets.faces.drawn_films.drawn"

    people: int = Field(16, ge=2, le=900, description="people of each collection; 60 in the second")
    sources: int = Field(3, ge=1, le=1000, description="recordings of each person; 2 in the second collection")
    videos: int = Field(2, ge=1, le=1000, description="videos of each recording; 1 in the second collection")
    length: int = Field(7, ge=1, le=1000, description="frames of a video")


class FaceRetrieval(Parameters):
    """Parameters of faces in videos, found with the features of Faster R-CNN."""

    dataset: Literal["embedded", "ytc", "youtube_faces", "folder"] = Field(
        "embedded",
        description="two collections of films drawn by this project, YouTube Celebrities, YouTube Faces, or a folder "
        "of your own",
    )
    data_root: Annotated[str, Place("the collection's folder")] = Field(
        "", description="the collection's folder, unless films are drawn; your own has person/video/frame"
    )
    split: Annotated[str, Place.existing_file()] = Field(
        "", description='file that says which videos are searched and which ask; "": divided by seed'
    )
    boxes: Annotated[str, Place.existing_file()] = Field(
        "", description="list of boxes: of first frames for YouTube Celebrities, of any pictures for your own folder"
    )
    n_frames: int = Field(2, ge=1, le=10_000, description="frames of a video that are searched; not in the paper")
    sizes: FaceFilmSizes = Field(
        FaceFilmSizes(), description="of both drawn collections, where they are not the defaults"
    )
    vgg16_p: DetectorWeights = Field("embedded", description="weights of VGG16 (P)")
    vgg16_c: DetectorWeights = Field("embedded", description="weights of VGG16 (C)")
    vgg16_fs: DetectorWeights = Field(
        "embedded", description="weights of VGG16 (F-S), fine-tuned on the larger set of faces"
    )
    vgg16_ff: DetectorWeights = Field(
        "embedded", description="weights of VGG16 (F-F), fine-tuned on the smaller set of faces"
    )
    face_detector: Annotated[str, Place("YuNet's file (.onnx)", folder=False, names=("",), endings=(".onnx",))] = Field(
        "", description='file of YuNet, the face detector that OpenCV runs; "": VGG16 (C) finds the faces'
    )
    device: Device = Field("cpu", description="where networks run")
    short_side: int = Field(
        224,
        ge=32,
        le=4096,
        description="shorter side of a frame in the network, in pixels; 600 in the code behind the paper",
    )
    long_side: int = Field(400, ge=32, le=8192, description="maximum of the longer side, in pixels; 1000 there")
    n_proposals: int = Field(300, ge=1, le=2000, description="regions of a frame, those of the best proposals")
    n_top: int = Field(
        100,
        ge=1,
        le=1_000_000,
        description="N, the frames at the top of a ranking that are re-ranked; not in the paper",
    )
    n_expanded: int = Field(5, ge=1, le=1000, description="M, the frames that query expansion averages")
    pca: int = Field(32, ge=1, le=4096, description="dimensions of a region before Fisher vectors; not in the paper")
    gaussians: int = Field(8, ge=1, le=4096, description="of the mixture behind Fisher vectors; not in the paper")
    words: int = Field(256, ge=2, le=1_000_000, description="visual words; not in the paper")
    learned_from: int = Field(
        10_000, ge=100, le=100_000_000, description="regions that PCA, mixture and words are learned on"
    )
    seed: Seed = Field(0, description="decides the drawn films, mixtures and words")

    _sides = model_validator(mode="after")(check_sides)

    def incomplete(self) -> str:
        """Why a run cannot start: nothing is given, and the films are not drawn."""
        if self.dataset != "embedded" and not self.data_root:
            return f"data_root is empty; with dataset={self.dataset!r} it must be the collection's folder"
        if self.dataset == "embedded" and (self.split or self.boxes):
            return 'split and boxes are not read with dataset="embedded"; leave them empty'
        if self.boxes and self.dataset == "youtube_faces":
            return 'boxes is not read with dataset="youtube_faces", whose folder has lists of its own'
        return super().incomplete()
