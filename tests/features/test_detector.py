import numpy as np
import pytest
import torch
from torchvision.models.detection.rpn import RegionProposalNetwork

from vretlib.errors import UserError
from vretlib.features import detector as detectors
from vretlib.features import detector_files
from vretlib.features.detector import describe
from vretlib.features.detector_network import Detector
from vretlib.features.detector_parts import DetectorShape, RegionPooling
from vretlib.images import Box

SIZES = {"short_side": 64, "long_side": 128}


def tiny(network: str = "vgg16") -> Detector:
    return Detector.untrained(DetectorShape(network, (2, 2, 4, 4, 6), 8, ("cup", "hat"), (1.0, 2.0, 4.0)))


def picture(height: int = 70, width: int = 90, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize("network", ["vgg16", "zf"])
def test_one_pass_gives_image_regions_scores_and_query(network: str) -> None:
    found = describe(tiny(network), picture(), **SIZES, n_proposals=20, box=(10, 10, 60, 60))
    r = len(found.boxes)
    assert 0 < r <= 20
    assert {how: x.shape for how, x in found.image.items()} == {"max": (6,), "sum": (6,)}
    assert {how: x.shape for how, x in found.regions.items()} == {"max": (r, 6), "sum": (r, 6)}
    assert found.scores.shape == (r, 3)
    np.testing.assert_allclose(found.scores.sum(1), 1, rtol=1e-5)
    assert found.query is not None
    assert (found.query["max"] <= found.image["max"]).all()


def test_without_scores_all_else_is_the_same() -> None:
    asked, found = (describe(tiny(), picture(), **SIZES, scores=scores) for scores in (True, False))
    assert found.scores.shape == (len(found.boxes), 0)
    np.testing.assert_array_equal(found.boxes, asked.boxes)
    np.testing.assert_array_equal(found.regions["sum"], asked.regions["sum"])


def test_image_features_are_the_maximum_and_the_sum_over_the_map() -> None:
    found = describe(tiny(), picture(), **SIZES)
    maps = detectors.activation_map(tiny(), picture(), **SIZES)
    assert maps.shape == (6, 4, 6)  # 64 × 82 pixels: the last cells reach over the edge, as Caffe rounds
    np.testing.assert_allclose(found.image["max"], maps.max((1, 2)), rtol=1e-6)
    np.testing.assert_allclose(found.image["sum"], maps.sum((1, 2)), rtol=1e-5)


def test_proposals_are_those_of_torchvision() -> None:
    detector = tiny()
    x = detector.prepare(picture(64, 80))
    with torch.no_grad():
        maps = detector.maps(x)
        found = detector.propose(x, maps, (63, 79), 20, 6)
        own, detector.rpn.__class__ = detector.rpn.__class__, RegionProposalNetwork
        expected = detector.propose(x, maps, (63, 79), 20, 6)
    assert own is not RegionProposalNetwork
    assert len(found) == 20
    assert torch.equal(found, expected)


@pytest.mark.parametrize("regions", ["pool", "align"])
def test_region_features_are_the_maximum_and_the_sum_of_the_bins(regions: RegionPooling) -> None:
    detector = Detector.untrained(tiny().shape, regions=regions)
    found = describe(detector, picture(64, 80), **SIZES)  # at its own size, so boxes are in the network's pixels
    x = detector.prepare(picture(64, 80))
    with torch.no_grad():
        bins = detector.pooled(detector.maps(x), torch.from_numpy(found.boxes), (63, 79)).numpy()
    np.testing.assert_allclose(found.regions["max"], bins.max((2, 3)), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.regions["sum"], bins.sum((2, 3)), rtol=1e-5, atol=1e-5)


def test_boxes_are_corners_inside_the_image_as_read() -> None:
    boxes = describe(tiny(), picture(140, 180), **SIZES).boxes
    assert boxes.dtype == np.float32
    assert (boxes[:, :2] >= 0).all()
    assert (boxes[:, 2:] <= [179, 139]).all()
    assert (boxes[:, 2:] > boxes[:, :2]).all()
    assert boxes[:, 2].max() > 90  # in the pixels of the image, not of the network's input


def test_the_query_is_cut_from_the_map_with_two_truncations() -> None:
    # Worked by hand: a map of 6 columns for 90 pixels and 4 rows for 70. x: 31.9 -> 31, 31 * 6 / 90 = 2.07 -> 2;
    # 75.2 -> 75, 75 * 6 / 90 = 5. y: 18 * 4 / 70 = 1.03 -> 1; 69 * 4 / 70 = 3.94 -> 3.
    maps = torch.arange(24.0).view(1, 4, 6)
    found = detectors.on_map(maps, (31.9, 18.0, 75.2, 69.0), 90, 70)
    assert torch.equal(found, maps[:, 1:3, 2:5])


@pytest.mark.parametrize("box", [(20.0, 20.0, 20.5, 20.5), (20.0, 20.0, 24.0, 21.0)])
def test_a_box_narrower_than_a_cell_is_the_cell_of_its_near_corner(box: Box) -> None:
    maps = torch.arange(24.0).view(1, 4, 6)
    assert torch.equal(detectors.on_map(maps, box, 90, 70), maps[:, 1:2, 1:2])
    assert detectors.on_map(maps, (88.5, 68.5, 89.0, 69.0), 90, 70).item() == 23


@pytest.mark.parametrize(
    ("box", "message"),
    [
        ((60, 10, 10, 60), "in another order"),
        ((10, 60, 60, 10), "in another order"),
        ((200, 10, 260, 60), "is not inside the image, 90 x 70"),
        ((-50, -50, 300, 300), "is not inside the image, 90 x 70"),
        ((float("nan"), 0, 5, 5), "is not inside the image, 90 x 70"),
        ((10, 10, 10, 10), "without area"),
        ((10, 10, 60, 10), "without area"),
    ],
    ids=["x2 < x1", "y2 < y1", "outside", "larger than the image", "NaN", "point", "line"],
)
def test_a_box_that_marks_no_part_of_the_image_is_refused(box: Box, message: str) -> None:
    with pytest.raises(UserError, match=rf"box .* {message}"):
        describe(tiny(), picture(), **SIZES, box=box)


@pytest.mark.parametrize(("height", "width"), [(5, 7), (1, 1), (3, 1000)])
def test_an_image_smaller_than_the_stride_is_described(height: int, width: int) -> None:
    found = describe(tiny(), picture(height, width), **SIZES)
    assert np.isfinite(found.image["sum"]).all()


def test_an_image_a_few_pixels_high_has_no_regions() -> None:
    found = describe(tiny(), picture(2, 2000), **SIZES, box=(0, 0, 1000, 1))  # 1 × 128: the least side is 1.7
    assert found.boxes.shape == (0, 4)
    assert found.regions["max"].shape == (0, 6)
    assert found.scores.shape == (0, 3)
    assert found.query is not None


@pytest.mark.parametrize(
    ("image", "options", "message"),
    [
        (picture()[..., 0], {}, "expected RGB"),
        (picture().astype(float), {}, "expected RGB"),
        (picture(), {"short_side": 200}, "not longer than the long one"),
        (picture(), {"n_proposals": 0}, "positive"),
        (picture(), {"poolings": ["mean"]}, "'mean': expected 'max' or 'sum'"),
    ],
)
def test_what_cannot_be_described_is_refused(image: np.ndarray, options: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        describe(tiny(), image, **SIZES | options)


def test_an_image_is_scaled_to_its_short_side_unless_the_long_one_passes_its_own() -> None:
    assert detectors.rescale(picture(480, 640), 600, 1000).shape == (600, 800, 3)
    assert detectors.rescale(picture(480, 1024), 600, 1000).shape == (469, 1000, 3)  # as the authors' code does


def test_weights_that_are_not_there_are_named() -> None:
    with pytest.raises(UserError, match="none for zf"):
        detector_files.load("zf", "C")
    with pytest.raises(UserError, match="'alexnet': expected one of"):
        detector_files.load("alexnet", "P")
    with pytest.raises(UserError, match="no such file"):
        detector_files.load("vgg16", "nowhere.safetensors")
    for network, names in (("vgg16", "'P', 'C', 'F-S', 'F-F', 'random'"), ("zf", "'P', 'random'")):
        with pytest.raises(UserError, match=rf"imagenet: no such file of weights.* or one of {names}\.$"):
            detector_files.load(network, "imagenet")
    assert detector_files.load("zf", "random").checksum == "random, seed 0"
