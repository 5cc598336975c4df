import torch
from torch import nn

from vretlib.features import narrow, narrow_shape
from vretlib.features.folding import fold_batch_norm


def test_folded_batch_normalisation_computes_the_same():
    shape = narrow_shape.shape_for("vgg16", 5)
    network = narrow.build(shape, batch_norm=True)
    generator = torch.Generator().manual_seed(0)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d | nn.BatchNorm1d):
            for tensor, low, high in (
                (module.running_mean, -1, 1), (module.running_var, 0.5, 2), (module.weight, 0.5, 1.5),
                (module.bias, -1, 1),
            ):  # fmt: skip
                with torch.no_grad():
                    tensor.uniform_(low, high, generator=generator)
    folded = fold_batch_norm(network, shape)
    assert not any(isinstance(module, nn.BatchNorm2d | nn.BatchNorm1d) for module in folded.modules())
    batch = torch.randn(2, 3, 48, 64, generator=generator)
    with torch.no_grad():
        expected, found = network.eval()(batch), folded(batch)
    assert expected.abs().max() > 0.1
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)
