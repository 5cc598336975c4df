"""Parameters of notebook 03."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from vretlib.parameters.base import Learning
from vretlib.parameters.landmarks import Landmarks, LandmarkSizes

StepCount = Annotated[int, Field(ge=1, le=10_000_000)]
ImageCount = Annotated[int, Field(ge=0, le=10_000_000)]


class SimilarityNetworks(Landmarks):
    """Parameters of networks that score pairs, and of their training."""

    dataset: Literal["embedded", "oxford_paris", "folder"] = Field(
        "embedded", description="photographs made by this project, published ones, or a folder of your own"
    )
    sizes: LandmarkSizes = Field(
        LandmarkSizes(good=40, ok=15, others=250),
        description="of the embedded study, where they are not its defaults: see vretlib.datasets.landmarks.embedded",
    )
    few_targets: ImageCount = Field(500, description="target images of LANDMARKS-EXTRA500")
    many_targets: ImageCount = Field(1100, description="target images of LANDMARKS-EXTRA")
    target_counts: list[ImageCount] = Field(
        [0, 100, 250, 500], min_length=1, max_length=100, description="target images of one set, along Figure 3.5"
    )
    width: int = Field(
        384,
        ge=4,
        le=65_536,
        multiple_of=4,
        description="units of the hidden layers of configuration B; others in proportion",
    )
    init: Literal["authors", "kaiming"] = Field(
        "authors", description="initial weights: as in the authors' code, or by He et al.'s rule"
    )
    optimiser: Literal["one-cycle", "sgd"] = Field("one-cycle", description="one cycle of AdamW, or the thesis' SGD")
    learning_rate: Learning = Field(0.001, description="learning rate of the optimiser")
    batch_size: int = Field(200, ge=1, le=1_000_000, description="pairs in a step")
    warm_up_steps: StepCount = Field(1000, description="batches of random vectors")
    steps: StepCount = Field(400, description="batches of pairs of images")
    refine_steps: StepCount = Field(400, description="batches with difficult pairs added")
    n_pairs: int = Field(60_000, ge=2, le=100_000_000, description="pairs of images to learn from")
    n_images: int = Field(400, ge=2, le=10_000_000, description="images whose pairs are searched for difficult ones")
    n_difficult: int = Field(
        20_000, ge=0, le=100_000_000, description="maximum number of difficult matches and non-matches that are added"
    )
    n_triplets: int = Field(100_000, ge=1, le=100_000_000, description="triplets of OASIS")
    similarities: Literal["committed", "trained here"] = Field(
        "committed",
        description="similarity networks: those in data/weights, where they learned from these images with these "
        "settings, or those that this page trains",
    )
    detectors: bool = Field(
        False,
        description="whether Tables 3.4 and 3.5 have the rows of Salvador et al., which take two to four minutes: "
        "three detectors see both towns",
    )
    end_to_end: Literal["committed", "trained here"] = Field(
        "committed",
        description="network of Table 3.3's last row: that in data/weights, where it learned from these images, or the "
        "one that this page trains",
    )
    end_to_end_steps: StepCount = Field(
        20, description="batches of 25 images, where descriptor and network are trained together on this page"
    )
    end_to_end_rate: Learning = Field(0.0001, description="learning rate of these batches")
    end_to_end_size: int = Field(256, ge=64, le=4096, description="longest side of these images, in pixels")
    end_to_end_frozen: Literal["none", "pool1", "pool2", "pool3", "pool4"] = Field(
        "pool4", description="layer up to which the convolutions stay as they are"
    )

    @model_validator(mode="after")
    def _few_targets_are_fewer(self) -> SimilarityNetworks:
        if self.few_targets > self.many_targets:
            raise ValueError(
                f"few_targets={self.few_targets} and many_targets={self.many_targets}; expected few_targets to be the "
                "smaller number"
            )
        return self
