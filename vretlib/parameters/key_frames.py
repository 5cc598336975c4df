"""Parameters of notebook 08."""

from __future__ import annotations

from pydantic import Field, model_validator

from vretlib.parameters.clips import Clips, FramesPerSecond
from vretlib.parameters.networks import MIN_SIDE


class KeyFrames(Clips):
    """Parameters of key frames of clips, and of search from coarse to fine."""

    fps: FramesPerSecond = Field(
        8.03, description="sampled frames per second; the default is the rate of the paper's NTU clips"
    )
    side: int = Field(224, ge=32, le=4096, description="side in pixels of the square to which frames are resized")
    n_small: int = Field(40, ge=1, le=1_000_000, description="clips in the small set, which takes the place of the NTU")
    n_frames: int = Field(150, ge=1, le=1_000_000, description="queries drawn from the clips of each set")
    theta: float = Field(1.4, ge=0, le=1000, description="θ of Algorithm 1")
    n_candidates: int = Field(
        50, ge=1, le=1_000_000, description="m of the coarse search, which the paper does not give"
    )
    lbtt_width: int = Field(320, ge=64, le=4096, description="width in pixels of LBTT's frames; 720 in the thesis")
    backtracks: int = Field(50, ge=1, le=1_000_000, description="B of LBTT's search")
    training_fps: FramesPerSecond = Field(1.0, description="sampled frames per second of the training clips of DFSE")

    @model_validator(mode="after")
    def _maps_are_not_empty(self) -> KeyFrames:
        min_side = MIN_SIDE.get(self.backbone, 1)
        if self.side < min_side:
            raise ValueError(
                f"side={self.side} leaves nothing in the maps of {self.backbone}; expected at least {min_side}"
            )
        return self
