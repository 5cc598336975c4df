import torch
from torch import nn

from vretlib.features.detector_parts import convolutions
from vretlib.models import detector_normalisation


def test_normalisation_begins_as_the_identity_and_folds_into_the_convolutions() -> None:
    torch.manual_seed(0)
    features, x = convolutions("vgg16", (2, 3, 4, 4, 5)), torch.randn(3, 3, 64, 48)
    plain = features(x)
    inserted = detector_normalisation.insert(features, 10, x)
    assert sum(isinstance(layer, nn.BatchNorm2d) for layer in inserted) == 9  # behind conv3_1 to conv5_3
    torch.testing.assert_close(inserted.eval()(x), plain, atol=1e-4, rtol=1e-3)
    torch.testing.assert_close(inserted.train()(x), plain, atol=1e-4, rtol=1e-3)
    inserted(torch.randn(3, 3, 64, 48) * 2)  # its statistics are others now
    expected = inserted.eval()(x)
    folded = detector_normalisation.fold(inserted)
    assert [type(layer) for layer in folded] == [type(layer) for layer in features]
    torch.testing.assert_close(folded(x), expected, atol=1e-4, rtol=1e-3)
