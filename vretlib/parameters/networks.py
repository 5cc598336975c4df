"""Chapters with a network: which one, and where its weights come from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from vretlib.parameters.places import Place

Backbone = Literal["alexnet", "vgg16", "resnet50", "resnet101", "resnet152", "squeezenet1_1", "mobilenet_v2"]
"""Those of `vretlib.features.backbones`."""

WEIGHTS = ("embedded", "embedded-fine-tuned", "imagenet", "random")
"""Sources that have a name, those of `vretlib.features.weights`."""

EMBEDDED: dict[str, tuple[str, ...]] = {"embedded": ("vgg16", "resnet50"), "embedded-fine-tuned": ("vgg16",)}
"""Networks that the project has weights of its own for."""

MIN_SIDE = {"alexnet": 63, "vgg16": 32, "squeezenet1_1": 17}
"""Pixels of the shorter side of which the deepest maps leave nothing less; one is enough for the others."""

ENDINGS = (".safetensors", ".pth", ".pt")


class Networks(BaseModel):
    """A network and its weights."""

    backbone: Backbone = Field("vgg16", description="the network that deep features are read from")
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
