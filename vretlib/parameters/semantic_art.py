"""Parameters of notebook 07."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from vretlib.parameters.base import Learning, Parameters, Seed, Seeds, Sizes, Strict
from vretlib.parameters.networks import EMBEDDED, ENDINGS, WEIGHTS, BackboneName
from vretlib.parameters.places import Place

ZIPPED = (".zip", ".whl")


class PaintingSizes(Sizes):
    """Sizes of the embedded paintings."""

    source: ClassVar[str] = "vretlib.datasets.paintings.embedded.embedded"

    n_train: int = Field(1600, ge=20, le=1_000_000, description="paintings to learn from")
    n_val: int = Field(200, ge=4, le=1_000_000, description="paintings to choose a model by")
    n_test: int = Field(300, ge=4, le=1_000_000, description="paintings to test on")
    size: int = Field(144, ge=32, le=4096, description="pixels of a painting's longer side")


class TableColumns(Strict):
    """The columns and the format of your own table."""

    images: Annotated[str, Place.existing_folder()] = Field(
        "", description="folder of the images; empty: the table's own"
    )
    image: str = Field("image", description="heading of the image files' names")
    text: str = Field("text", description="heading of the comments")
    title: str = Field("title", description="heading of the titles")
    attributes: list[str] = Field([], description="headings of attributes, such as School or Type")
    separator: Literal[",", ";", "\t", "|"] = Field(",", description="between two columns")
    encoding: Literal["utf-8", "cp1252"] = Field("utf-8", description="of the file")


class SemanticArt(Parameters):
    """Parameters of paintings with comments, and of the models that bring both into one space."""

    dataset: Literal["embedded", "semart", "table"] = Field(
        "embedded", description="paintings made by this project, SemArt, or a table of your own with a folder of images"
    )
    data_root: Annotated[str, Place("SemArt's folder, or your table")] = Field(
        "", description="SemArt's folder, or your table, unless paintings are embedded"
    )
    columns: TableColumns = Field(TableColumns(), description="where things stand in your own table")
    sizes: PaintingSizes = Field(
        PaintingSizes(), description="of the embedded paintings, where they are not the defaults"
    )
    networks: list[BackboneName] = Field(
        ["vgg16", "resnet50"], min_length=1, max_length=7,
        description="networks of Table 7.3; the other tables have ResNet50, or the last one of a list without it",
    )  # fmt: skip
    weights: Annotated[str, Place(f"a file ({', '.join(ENDINGS)})", folder=False, names=WEIGHTS, endings=ENDINGS)] = (
        Field("embedded", description="the networks' weights; a file fits one network alone")
    )
    image_side: int = Field(
        112, ge=64, le=1024, description="pixels of the squares that the last layers see; 224 in the thesis"
    )
    region_side: int = Field(144, ge=96, le=4096, description="pixels of the longer side that R-MAC sees")
    vocabulary: Literal["thesis", "author"] = Field(
        "thesis", description="which words count: by the text, or by the author's code, which leaves stop words out"
    )
    cca_words: int = Field(3000, ge=2, le=100_000, description="comment words that CCA sees at most")
    sentences: Annotated[
        str, Place("a sentence model (its folder, .zip or .whl)", names=("trained here",), endings=ZIPPED)
    ] = Field("trained here", description="vectors of sentences: learned on the training comments, or a model's")
    sentence_dims: int = Field(
        64, ge=1, le=4096, description="dimensions of the vectors trained here; 2,400 in the thesis, of another model"
    )
    text_sizes: Annotated[list[Annotated[int, Field(ge=1, le=4096)]], Field(min_length=2, max_length=2)] = Field(
        [128, 64], description="dimensions of an encoded comment and title; 1024 and 300 in the thesis for LSTM"
    )
    training: Literal["together", "in turns"] = Field(
        "together", description="both sides learn at once, as the thesis has it, or in turns as in the author's code"
    )
    models: Literal["committed", "trained here"] = Field(
        "committed",
        description="CML and AMD of the tables: those in data/weights, where they learned with such parameters, or "
        "ones that this page trains",
    )
    steps: int = Field(1500, ge=1, le=100_000_000, description="maximum number of steps of a training on this page")
    learning_rate: Learning = Field(0.002, description="of Adam; 0.0001 in the thesis")
    batch_size: int = Field(32, ge=2, le=1_000_000, description="pairs per step")
    seeds: Seeds = Field([0, 1, 2], description="seeds of trainings; the first one fills the tables")
    n_questions: int = Field(100, ge=1, le=10_000, description="texts of each level of the human evaluation")
    seed: Seed = Field(0, description="decides the embedded paintings, the questions and your table's division")

    @model_validator(mode="after")
    def _has_such_weights(self) -> SemanticArt:
        if not self.sentences:
            raise ValueError('sentences is empty; expected "trained here" or the path of a sentence model')
        named = EMBEDDED.get(self.weights)
        others = [name for name in self.networks if named and name not in named]
        if named and others:
            raise ValueError(
                f'weights="{self.weights}" are there for {" and ".join(named)} only, not for {others[0]} of networks; '
                'take weights="imagenet", or the path of a file'
            )
        if self.weights not in WEIGHTS and len(self.networks) > 1:
            raise ValueError(
                f"networks has {len(self.networks)} names and weights is one file; expected its network alone"
            )
        if len(set(self.networks)) < len(self.networks):
            raise ValueError("networks names one twice; expected each once")
        return self

    def incomplete(self) -> str:
        """Why a run cannot start: nothing is given, and the paintings are not embedded."""
        if self.dataset != "embedded" and not self.data_root:
            what = "SemArt's folder" if self.dataset == "semart" else "your table"
            return f"data_root is empty; with dataset={self.dataset!r} it must be {what}"
        return super().incomplete()
