"""Batch normalisation for training only: VGG16 has none, but its thirteen convolutions hardly learn without it."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from vretlib.features.narrow import build
from vretlib.features.narrow_shape import Narrow


def fold_batch_norm(network: nn.Module, shape: Narrow) -> nn.Module:
    """VGG16 without batch normalisation that computes what `network` with it computes in evaluation mode.

    After training, a normalisation is a scale and a shift of each channel, which go into the convolution before it.
    """
    network.eval()
    with torch.device("meta"):  # every value comes from the other
        folded = build(shape).eval()
    for part in ("features", "classifier"):
        before, after = list(network.get_submodule(part).children()), folded.get_submodule(part).children()
        with_parameters = [layer for layer in after if isinstance(layer, nn.Conv2d | nn.Linear)]
        for target, source in zip(with_parameters, _folded(before), strict=True):
            target.load_state_dict(source.state_dict(), assign=True)
    return folded


def _folded(layers: list[nn.Module]) -> list[nn.Module]:
    """The convolutions and fully connected layers, each with the normalisation after it folded in."""
    folded: list[nn.Module] = []
    for layer, after in zip(layers, [*layers[1:], None], strict=True):
        if isinstance(layer, nn.Conv2d) and isinstance(after, nn.BatchNorm2d):
            folded.append(fuse_conv_bn_eval(layer, after))
        elif isinstance(layer, nn.Linear):
            folded.append(fuse_linear_bn_eval(layer, after) if isinstance(after, nn.BatchNorm1d) else layer)
    return folded
