"""VGG16 and ResNet-50 with fewer channels, which can be trained here and kept with the project.

Only the numbers of channels differ from torchvision's networks. The layers, their strides and the names of their
parameters are the same, so everything about the shape of a network (taps, sizes of maps, regions) can be tried on a
narrow one.
"""

from __future__ import annotations

from torch import nn
from torchvision.models.resnet import Bottleneck, ResNet
from torchvision.models.vgg import VGG, make_layers

from vretlib.features.narrow_shape import Narrow


def build(shape: Narrow, *, batch_norm: bool = False, dropout: float = 0.5) -> nn.Module:
    """An untrained network of this shape.

    Parameters
    ----------
    batch_norm: put a batch normalisation after each of vgg16's convolutions, as torchvision's vgg16_bn does, and after
        fc6 and fc7; training needs it, and `vretlib.features.folding.fold_batch_norm` takes it away again.
        resnet50 always has its own.
    dropout: of vgg16's fully connected layers.
    """
    if shape.topology == "vgg16":
        return _vgg16(shape, batch_norm=batch_norm, dropout=dropout)
    return _NarrowResNet50(shape)


def _vgg16(shape: Narrow, *, batch_norm: bool, dropout: float) -> VGG:
    layers: list[int | str] = []
    for width, depth in zip(shape.widths, (2, 2, 3, 3, 3), strict=True):
        layers += [width] * depth + ["M"]
    network = VGG(make_layers(layers, batch_norm=batch_norm), num_classes=1, init_weights=False)
    hidden = shape.fully_connected
    first, second = (nn.BatchNorm1d(hidden) if batch_norm else None for _ in range(2))
    layers_of_classifier = (
        nn.Linear(shape.widths[-1] * 7 * 7, hidden), first, nn.ReLU(inplace=True), nn.Dropout(dropout),
        nn.Linear(hidden, hidden), second, nn.ReLU(inplace=True), nn.Dropout(dropout),
        nn.Linear(hidden, shape.n_classes),
    )  # fmt: skip
    network.classifier = nn.Sequential(*(layer for layer in layers_of_classifier if layer is not None))
    for module in network.features.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            nn.init.zeros_(module.bias)  # type: ignore[arg-type]
    return network


class _NarrowResNet50(ResNet):
    """torchvision's ResNet builds its groups from fixed numbers of channels: here they are given."""

    def __init__(self, shape: Narrow) -> None:
        nn.Module.__init__(self)
        self._norm_layer = nn.BatchNorm2d
        self.groups, self.base_width, self.dilation = 1, 64, 1
        self.inplanes = shape.widths[0]
        self.conv1 = nn.Conv2d(3, self.inplanes, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(self.inplanes)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        for group, (width, depth) in enumerate(zip(shape.widths, (3, 4, 6, 3), strict=True), start=1):
            layer = self._make_layer(Bottleneck, width, depth, stride=1 if group == 1 else 2)
            setattr(self, f"layer{group}", layer)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(shape.widths[-1] * Bottleneck.expansion, shape.n_classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(module, Bottleneck):  # starts as the identity (torchvision's zero_init_residual)
                nn.init.zeros_(module.bn3.weight)
