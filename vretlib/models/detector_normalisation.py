"""Batch normalisation of a detector's convolutions during training, folded into them afterwards.

A narrow network without normalisation learns slowly, and a pre-trained one would lose what it has learned if the
normalisation started with a scale of one. The normalisations therefore start as the identity on given images. After
training they are folded into the convolutions, and the detector has the layers of the papers.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval


def insert(features: nn.Sequential, first: int, x: Tensor) -> nn.Sequential:
    """The same layers with a normalisation behind each convolution from place ``first`` on.

    Parameters
    ----------
    x: images (n, 3, h, w), on which the result computes what ``features`` does, in evaluation and in training mode.
    """
    layers: list[nn.Module] = []
    with torch.no_grad():
        for place, layer in enumerate(features):
            x = layer(x)
            layers.append(layer)
            if isinstance(layer, nn.Conv2d) and place >= first:
                layers.append(_identity_on(x))
    return nn.Sequential(*layers)


def fold(features: nn.Sequential) -> nn.Sequential:
    """Layers without normalisations that compute what ``features`` does in evaluation mode."""
    layers: list[nn.Module] = []
    for layer in features.eval():
        before = layers[-1] if layers else None
        if isinstance(layer, nn.BatchNorm2d) and isinstance(before, nn.Conv2d):
            layers[-1] = fuse_conv_bn_eval(before, layer)
        else:
            layers.append(layer)
    return nn.Sequential(*layers)


def _identity_on(x: Tensor) -> nn.BatchNorm2d:
    """A normalisation that is the identity on these maps, because its scale and shift undo it."""
    layer = nn.BatchNorm2d(x.shape[1])
    variance, mean = torch.var_mean(x, (0, 2, 3), correction=0)
    layer.running_mean, layer.running_var = mean.clone(), variance.clone()
    layer.weight = nn.Parameter((variance + layer.eps).sqrt())
    layer.bias = nn.Parameter(mean)
    return layer
