"""Images through a tiny network: the same vectors as one by one, boxes, scaling, the cache, and what is refused."""

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor, nn

from vretlib import images as files
from vretlib import paths
from vretlib.errors import UserError
from vretlib.features import backbones, image_features, image_stream, pooling, unit_vectors, whitening


class TinyBackbone:
    """What `vretlib.features.backbones.Backbone` promises, in one convolution of stride 8 and one linear layer."""

    name, weights, checksum, image_side, last_maps, taps = (
        "tiny",
        "drawn from a seed",
        "tiny-0",
        64,
        "conv",
        ("conv", "fc"),
    )

    def __init__(self) -> None:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            conv = nn.Sequential(nn.Conv2d(3, 6, 8, 8), nn.ReLU())
            self.network = nn.Sequential(conv, nn.Sequential(nn.AdaptiveMaxPool2d(2), nn.Flatten(), nn.Linear(24, 5)))
        self.network.eval()
        self.device = torch.device("cpu")
        self.batches: list[tuple[int, ...]] = []

    batch_pixels = 1 << 18

    def prepare(self, image: np.ndarray) -> Tensor:
        return torch.from_numpy(image).permute(2, 0, 1).float() / 128 - 1

    def prepare_batch(self, images: list[np.ndarray]) -> Tensor:
        return torch.stack([self.prepare(image) for image in images])

    def maps(self, batch: Tensor, taps: list[str]) -> dict[str, Tensor]:
        self.batches.append(tuple(batch.shape))
        maps = self.network[0](batch)
        return {tap: maps if tap == "conv" else self.network[1](maps) for tap in taps}

    def channels(self, tap: str) -> int:
        return {"conv": 6, "fc": 5}[tap]

    def minimum_side(self, tap: str) -> int:
        return 8


SHAPES = [(96, 128), (128, 96), (96, 128), (64, 64), (96, 128), (30, 200), (128, 96)]


@pytest.fixture(autouse=True)
def cache_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")


@pytest.fixture
def backbone() -> TinyBackbone:
    return TinyBackbone()


@pytest.fixture
def photographs(tmp_path):
    rng = np.random.default_rng(0)
    found = [tmp_path / f"{i}.png" for i in range(len(SHAPES))]
    for path, (height, width) in zip(found, SHAPES, strict=True):
        coarse = rng.integers(0, 256, (height // 8 + 1, width // 8 + 1, 3), dtype=np.uint8)
        cv2.imwrite(str(path), cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))
    return found


def maps_of(backbone: TinyBackbone, image: np.ndarray) -> Tensor:
    """The long way: one image alone, in the default memory format."""
    with torch.no_grad():
        return backbone.network[0](backbone.prepare(image)[None])


def no_words(_: str) -> None:
    pass


def extract(photographs, backbone, **options) -> image_features.ImageFeatures:
    return image_features.extract(photographs, backbone, **options)


def test_every_image_has_the_vectors_it_has_alone_in_the_order_given(photographs, backbone, monkeypatch):
    monkeypatch.setattr(image_stream, "_WINDOW", 4)
    monkeypatch.setattr(image_stream, "_PIXELS", 1)
    found = extract(photographs, backbone)
    assert len(found) == len(photographs)
    assert max(shape[0] for shape in backbone.batches) == 2  # equal shapes of a window went through together
    for i, path in enumerate(photographs):
        maps = maps_of(backbone, files.read(path))
        np.testing.assert_allclose(found.mac[i], pooling.mac(maps)[0], atol=1e-6)
        np.testing.assert_allclose(found.spoc[i], pooling.spoc(maps)[0], atol=1e-6)
        np.testing.assert_allclose(found.crow[i], pooling.crow(maps)[0], atol=1e-6)
        np.testing.assert_allclose(image_features.rmac(found)[i], pooling.rmac(maps)[0], atol=1e-6)
    norms = np.linalg.norm(found.regions, axis=1)
    np.testing.assert_allclose(norms[norms > 0], 1, atol=1e-6)


def test_rmac_of_kept_regions_is_rmac_of_maps_with_whitening_and_either_rule(photographs, backbone):
    found = extract(photographs, backbone)
    learned = whitening.learn(found.regions, "the same images", floor=1e-6)
    maps = maps_of(backbone, files.read(photographs[3]))
    for rule in ("tolias", "cirtorch"):
        got = image_features.rmac(found, learned, rule=rule)[3]
        np.testing.assert_allclose(got, pooling.rmac(maps, learned, rule=rule)[0], atol=1e-4)
    with pytest.raises(UserError, match="expected one of"):
        image_features.rmac(found, rule="both")


def test_files_of_rows_are_mapped_float32_and_no_batch_exceeds_its_pixels(photographs, backbone, monkeypatch):
    monkeypatch.setattr(type(backbone), "batch_pixels", 2 * 96 * 128)
    found = extract(photographs * 3, backbone)
    assert all(isinstance(rows, np.memmap) and rows.dtype == np.float32 for rows in (found.mac, found.regions))
    assert found.offsets.dtype == np.int64
    assert (len(found.regions), found.offsets[0]) == (found.offsets[-1], 0)
    assert {n * height * width <= 2 * 96 * 128 for n, _, height, width in backbone.batches} == {True}


def test_longest_side_shrinks_and_enlarges_only_on_demand(photographs, backbone):
    extract(photographs[:1], backbone, longest=64)
    assert backbone.batches.pop() == (1, 3, 48, 64)
    extract(photographs[:1], backbone, longest=256)
    assert backbone.batches.pop() == (1, 3, 96, 128)
    extract(photographs[:1], backbone, longest=256, upscale=True)
    assert backbone.batches.pop() == (1, 3, 192, 256)


def test_a_box_is_cut_out_and_scaled_by_the_factor_of_its_image(photographs, backbone):
    box = (16.0, 8.0, 79.0, 39.0)
    found = extract(photographs[:1], backbone, longest=64, boxes=[box])
    cut = files.read(photographs[0])[8:40, 16:80]
    maps = maps_of(backbone, files.resize(cut, 32))  # 64 pixels of 128 go with 32 of 64
    np.testing.assert_allclose(found.mac, pooling.mac(maps), atol=1e-6)
    mixed = extract(photographs[:2], backbone, longest=64, boxes=[box, None])
    np.testing.assert_allclose(mixed.mac[0], found.mac[0], atol=1e-6)
    np.testing.assert_allclose(mixed.mac[1], extract(photographs[1:2], backbone, longest=64).mac[0], atol=1e-6)


def test_a_second_call_reads_the_cache_and_any_change_that_counts_computes_again(photographs, backbone):
    first = extract(photographs, backbone)
    backbone.batches.clear()
    copies = [path.rename(path.with_name(f"moved {path.name}")) for path in photographs]
    np.testing.assert_array_equal(extract(copies, backbone).regions, first.regions)
    assert backbone.batches == []
    boxes = [(0.0, 0.0, 20.0, 20.0)] * len(copies)
    for options in ({"longest": 100}, {"levels": 2}, {"precision": "bfloat16"}, {"boxes": boxes}, {"upscale": True}):
        extract(copies, backbone, **options)
        assert backbone.batches, options
        backbone.batches.clear()
    backbone.checksum = "tiny-1"
    extract(copies, backbone)
    assert backbone.batches


def test_16_bits_are_near_and_not_equal(photographs, backbone):
    full, half = extract(photographs, backbone), extract(photographs, backbone, precision="bfloat16")
    assert half.regions.dtype == np.float32
    cosines = (image_features.rmac(full) * image_features.rmac(half)).sum(1)
    assert cosines.min() > 0.999
    assert not np.array_equal(full.mac, half.mac)


def test_neural_codes_are_the_layers_values_of_the_resized_image(photographs, backbone):
    codes = image_features.neural_codes(photographs, backbone, "fc", side=64)
    assert (codes.shape, codes.dtype) == ((7, 5), np.float32)
    image = cv2.resize(files.read(photographs[0]), (64, 64), interpolation=cv2.INTER_AREA)
    with torch.no_grad():
        values = backbone.network(backbone.prepare(image)[None])
    np.testing.assert_allclose(codes[0], unit_vectors.l2(values)[0], atol=1e-6)
    box = (0.0, 0.0, 31.0, 15.0)
    cut = image_features.neural_codes(photographs[:1], backbone, "fc", side=64, boxes=[box])
    assert backbone.batches[-1] == (1, 3, 64, 64)
    assert not np.allclose(cut[0], codes[0])


def test_neural_codes_of_maps_are_flattened_filter_by_filter(photographs, backbone):
    codes = image_features.neural_codes(photographs[:1], backbone, "conv", side=32)
    image = cv2.resize(files.read(photographs[0]), (32, 32), interpolation=cv2.INTER_AREA)
    np.testing.assert_allclose(codes, unit_vectors.l2(maps_of(backbone, image).reshape(1, 96)), atol=1e-6)


def test_no_images_give_arrays_without_rows(backbone):
    found = extract([], backbone)
    assert (found.mac.shape, found.regions.shape, found.offsets.tolist()) == ((0, 6), (0, 6), [0])
    assert image_features.rmac(found).shape == (0, 6)
    assert image_features.neural_codes([], backbone, "fc").shape == (0, 5)


def test_nan_and_infinity_name_the_image(photographs, backbone):
    bad = photographs[4]
    cv2.imwrite(str(bad), np.zeros((96, 128, 3), np.uint8))
    prepare = backbone.prepare
    for value in (np.nan, np.inf):
        backbone.prepare = lambda image, v=value: prepare(image) if image.any() else prepare(image) * 0 + v
        for compute in (
            lambda: extract(photographs, backbone),
            lambda: image_features.neural_codes(photographs, backbone, "conv"),
        ):
            with pytest.raises(UserError, match=r"4\.png: its descriptor .* has NaN or infinity"):
                compute()
    assert not list(paths.CACHE.glob("*/*/key.json"))  # no stage was completed


def test_a_small_image_or_box_is_refused_by_name_with_the_least_side(photographs, backbone):
    with pytest.raises(UserError, match=r"5\.png: the image is 32 × 5 pixels; conv of tiny needs at least 8"):
        extract(photographs, backbone, longest=32)
    with pytest.raises(UserError, match=r"0\.png: its box is 6 × 6 pixels"):
        extract(photographs[:1], backbone, boxes=[(0, 0, 5, 5)])


def test_unreadable_images_and_boxes_outside_are_refused_by_name(photographs, backbone, tmp_path):
    with pytest.raises(UserError, match=r"0\.png: box .* is not inside"):
        extract(photographs[:1], backbone, boxes=[(0, 0, 500, 50)])
    with pytest.raises(UserError, match=r"absent\.jpg"):
        extract([tmp_path / "absent.jpg"], backbone)
    (tmp_path / "empty.jpg").touch()
    with pytest.raises(UserError, match=r"empty\.jpg"):
        extract([photographs[0], tmp_path / "empty.jpg"], backbone)


@pytest.mark.parametrize("of", [np.array, torch.tensor, lambda rows: [np.array(row) for row in rows]])
def test_boxes_may_be_an_array(photographs, backbone, of):
    boxes = [(0, 0, 40, 30), (5, 5, 44, 43)]
    expected = extract(photographs[:2], backbone, boxes=boxes)
    np.testing.assert_array_equal(extract(photographs[:2], backbone, boxes=of(boxes)).mac, expected.mac)


def test_what_is_no_list_of_files_or_no_size_is_refused(photographs, backbone):
    for wrong in (str(photographs[0]), photographs[0], None, iter(photographs)):
        with pytest.raises(UserError, match=r"images is .*; expected a list"):
            extract(wrong, backbone)
    for describe in (extract, lambda paths, network: image_features.neural_codes(paths, network, "conv")):
        with pytest.raises(UserError, match="backbone is str; expected a network"):
            describe(photographs, "vgg16")
    with pytest.raises(UserError, match="images holds ndarray; expected paths of files"):
        extract([np.zeros((40, 40, 3), np.uint8)], backbone)
    for wrong in (0, -1, 64.5, "64", None):
        with pytest.raises(UserError, match="longest="):
            extract(photographs, backbone, longest=wrong)
        with pytest.raises(UserError, match="side="):
            image_features.neural_codes(photographs, backbone, "conv", side=wrong)


def test_arguments_that_make_no_sense_are_refused(photographs, backbone):
    with pytest.raises(UserError, match="1 boxes for 7 images"):
        extract(photographs, backbone, boxes=[None])
    with pytest.raises(UserError, match=r"images is one path, .*; expected a list of paths"):
        extract(str(photographs[0]), backbone)
    for wrong in ({"longest": 0}, {"longest": "64"}, {"levels": 0}):
        with pytest.raises(UserError, match=f"{next(iter(wrong))}=.*: expected at least 1, a whole number"):
            extract(photographs, backbone, **wrong)
    with pytest.raises(UserError, match="precision='float16'"):
        extract(photographs, backbone, precision="float16")
    with pytest.raises(UserError, match="tap 'fc' of tiny is a vector"):
        extract(photographs, backbone, tap="fc")
    backbone.network.train()
    with pytest.raises(UserError, match="training mode"):
        extract(photographs, backbone)


def test_a_real_backbone_keeps_what_the_tiny_one_stands_for(photographs):
    """The two interfaces agree, as far as this module uses them."""
    real = backbones.load("squeezenet1_1", "random")
    found = extract(photographs[:2], real, longest=64)
    assert found.mac.shape == (2, real.channels(real.last_maps))
    maps = real.maps(real.prepare(files.resize(files.read(photographs[0]), 64))[None], [real.last_maps])[real.last_maps]
    np.testing.assert_allclose(image_features.rmac(found)[0], pooling.rmac(maps)[0], atol=1e-5)
    with pytest.raises(UserError, match=f"needs at least {real.minimum_side('features')}"):
        extract(photographs[:1], real, longest=12)


def test_codes_of_several_layers_come_from_one_pass_and_are_those_of_each(photographs, backbone):
    found = image_features.codes_of_layers(photographs, backbone, ["fc", "conv"], side=32)
    passed = len(backbone.batches)
    assert [*found] == ["fc", "conv"]
    for tap, codes in found.items():
        np.testing.assert_array_equal(codes, image_features.neural_codes(photographs, backbone, tap, side=32))
    assert len(backbone.batches) == 3 * passed
