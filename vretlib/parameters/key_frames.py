"""Parameters of notebook 08."""

from __future__ import annotations

from pydantic import Field, model_validator

from vretlib.parameters.clips import Clips, FramesPerSecond
from vretlib.parameters.networks import MIN_SIDE


class KeyFrames(Clips):
    """Key frames of clips, and search from coarse to fine."""

    fps: FramesPerSecond = Field(3.0, description="frames a second that are looked at")
    side: int = Field(224, ge=32, le=4096, description="pixels: frames are squeezed to a square of this side")
    n_small: int = Field(40, ge=1, le=1_000_000, description="clips in the small set, which stands in the NTU's place")
    n_frames: int = Field(150, ge=1, le=1_000_000, description="queries drawn from the clips of each set")
    theta: float = Field(1.4, ge=0, le=1000, description="θ of Algorithm 1")
    n_candidates: int = Field(
        50, ge=1, le=1_000_000, description="m of the coarse search, which the paper does not give"
    )
    lbtt_width: int = Field(320, ge=64, le=4096, description="pixels to which LBTT brings frames; the thesis has 720")
    backtracks: int = Field(50, ge=1, le=1_000_000, description="B of LBTT's search")
    training_fps: FramesPerSecond = Field(1.0, description="frames a second of the other clips, on which DFSE learns")

    @model_validator(mode="after")
    def _maps_are_not_empty(self) -> KeyFrames:
        min_side = MIN_SIDE.get(self.backbone, 1)
        if self.side < min_side:
            raise ValueError(
                f"side={self.side} leaves nothing in the maps of {self.backbone}; expected at least {min_side}"
            )
        return self
