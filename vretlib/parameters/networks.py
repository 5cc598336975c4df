"""Parameters that chapters with a network share: the network and its weights."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from vretlib.parameters.places import Place

BackboneName = Literal["alexnet", "vgg16", "resnet50", "resnet101", "resnet152", "squeezenet1_1", "mobilenet_v2"]
"""The networks of `vretlib.features.backbones`."""

WEIGHTS = ("embedded", "embedded-fine-tuned", "imagenet", "random")
"""The named sources of weights in `vretlib.features.weights`."""

EMBEDDED: dict[str, tuple[str, ...]] = {"embedded": ("vgg16", "resnet50"), "embedded-fine-tuned": ("vgg16",)}
"""The networks for which the project has weights of its own, by source."""

MIN_SIDE = {"alexnet": 63, "vgg16": 32, "squeezenet1_1": 17}
"""The minimum of the shorter side in pixels, so that the deepest maps are not empty; 1 for other networks."""

ENDINGS = (".safetensors", ".pth", ".pt")


class Networks(BaseModel):
    """A network and its weights."""

    backbone: BackboneName = Field("vgg16", description="the network of the deep features")
    weights: Annotated[str, Place(f"a file ({', '.join(ENDINGS)})", folder=False, names=WEIGHTS, endings=ENDINGS)] = (
        Field("embedded", description="the network's weights")
    )

    @model_validator(mode="after")
    def _has_such_weights(self) -> Networks:
        networks = EMBEDDED.get(self.weights, (self.backbone,))
        if self.backbone not in networks:
            raise ValueError(
                f'weights="{self.weights}" are there for {" and ".join(networks)} only, not for '
                f'backbone="{self.backbone}"; take weights="imagenet" or the path of a file'
            )
        return self
