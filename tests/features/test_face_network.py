from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from vretlib import paths
from vretlib.errors import UserError
from vretlib.features import face_network, weights
from vretlib.features.face_network import FILTERS, SIDE, FaceNetwork


@pytest.fixture
def small() -> FaceNetwork:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return FaceNetwork.of_width(1 / 16).eval()


def crops(n: int, side: int = SIDE, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (n, side, side, 3)).astype(np.uint8)


def test_the_maps_have_the_printed_sides_and_the_feature_is_the_mean_of_the_last(small: FaceNetwork) -> None:
    x, sides = face_network.prepare(crops(2)), []
    for block in small.blocks:
        x = block(x)
        sides.append(x.shape[-1])
    assert sides == [64, 32, 16, 8, 4]
    torch.testing.assert_close(small(face_network.prepare(crops(2))), x.mean((2, 3)))


def test_width_1_has_the_laboratorys_filters_and_a_half_has_about_a_quarter_of_the_weights() -> None:
    def size(network: nn.Module) -> int:
        return sum(p.numel() for p in network.parameters())

    with torch.device("meta"):
        whole, half = FaceNetwork.of_width(1.0), FaceNetwork.of_width(0.5)
    inputs = (3, *FILTERS[:-1])
    assert size(whole) == sum(9 * a * b + b for a, b in zip(inputs, FILTERS, strict=True))
    assert half.d == 160
    assert 0.24 < size(half) / size(whole) < 0.26


@pytest.mark.parametrize("width", [0, -1, 5, float("nan")])
def test_a_width_that_makes_no_network_is_refused(width: float) -> None:
    with pytest.raises(UserError, match="width="):
        FaceNetwork.of_width(width)


def test_folding_takes_the_batch_normalisation_away_and_changes_nothing() -> None:
    torch.manual_seed(0)
    network = FaceNetwork.of_width(1 / 16, batch_norm=True)
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.weight.uniform_(0.5, 2)
                module.bias.uniform_(-1, 1)
                module.running_mean.uniform_(-1, 1)
                module.running_var.uniform_(0.5, 2)
        x = face_network.prepare(crops(3))
        plain = network.folded()
        assert not any(isinstance(module, nn.BatchNorm2d) for module in plain.modules())
        torch.testing.assert_close(plain(x), network(x), atol=1e-4, rtol=1e-4)


def test_a_network_is_written_and_read_with_filters_as_float16(small: FaceNetwork, tmp_path: Path) -> None:
    path = tmp_path / "faces.safetensors"
    face_network.save(small, path)
    read = face_network.load(path)
    assert read.filters == small.filters
    assert read.checksum == weights.checksum(path)
    for key, value in small.state_dict().items():
        stored = value.half().float() if value.ndim > 1 else value
        assert torch.equal(read.state_dict()[key], stored)


def test_another_networks_file_is_refused_by_name(small: FaceNetwork, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"vgg16\.safetensors: holds no face network"):
        face_network.load(weights.embedded_file("vgg16"))
    with pytest.raises(UserError, match=r"no such file .* or 'embedded'\.$"):
        face_network.load(tmp_path / "none.safetensors")
    small.blocks[3][1] = nn.Conv2d(1, 1, 1)
    face_network.save(small, tmp_path / "odd.safetensors")
    with pytest.raises(UserError, match=r"blocks\.3\.1\.weight"):
        face_network.load(tmp_path / "odd.safetensors")


def test_crops_are_described_each_by_itself_and_in_order(small: FaceNetwork) -> None:
    x = crops(130)
    found = face_network.describe(x, small)
    assert found.shape == (130, small.d)
    assert found.dtype == np.float32
    for i in (0, 63, 64, 129):
        np.testing.assert_allclose(face_network.describe(x[i : i + 1], small)[0], found[i], atol=1e-5)
    assert face_network.describe(x[:0], small).shape == (0, small.d)


def test_the_last_block_makes_the_features_of_the_maps(small: FaceNetwork) -> None:
    x = crops(70)
    maps, features = face_network.maps(x, small), face_network.describe(x, small)
    assert maps.shape == (70, small.filters[-3], 4, 4)
    with torch.no_grad():
        found = small.last_block()(torch.from_numpy(maps)).numpy()
    np.testing.assert_allclose(found, features, atol=1e-5)
    np.testing.assert_allclose(face_network.features_of_maps(maps, small), features, atol=1e-6)
    assert face_network.features_of_maps(maps[:0], small).shape == (0, small.d)


def test_crops_of_another_size_are_scaled(small: FaceNetwork) -> None:
    x = crops(3)
    twice = x.repeat(2, axis=1).repeat(2, axis=2)
    np.testing.assert_allclose(face_network.describe(twice, small), face_network.describe(x, small), atol=1e-6)


@pytest.mark.parametrize("wrong", [crops(2).astype(np.float32), crops(2)[0], crops(2)[..., :1], crops(2)[:, :0]])
def test_what_is_no_rgb_is_refused(small: FaceNetwork, wrong: np.ndarray) -> None:
    with pytest.raises(UserError, match="expected RGB"):
        face_network.describe(wrong, small)


def test_a_network_in_training_mode_is_refused(small: FaceNetwork) -> None:
    with pytest.raises(UserError, match="training mode"):
        face_network.describe(crops(2), small.train())


def test_videos_are_described_once_and_each_frame_knows_its_video(
    small: FaceNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "CACHE", tmp_path)
    videos = [crops(3), crops(1, seed=1), crops(2, side=48, seed=2)]
    features, video = face_network.describe_videos(videos, small)
    assert video.tolist() == [0, 0, 0, 1, 2, 2]
    for number, frames in enumerate(videos):
        np.testing.assert_allclose(features[video == number], face_network.describe(frames, small), atol=1e-5)
    monkeypatch.setattr(face_network, "describe", None)
    again, _ = face_network.describe_videos(videos, small)
    assert (again == features).all()


@pytest.mark.parametrize("videos", [[], [np.empty((0, 64, 64, 3), np.uint8)]])
def test_no_videos_and_videos_without_frames_are_refused(small: FaceNetwork, videos: list[np.ndarray]) -> None:
    with pytest.raises(UserError, match=r"no videos|video 0"):
        face_network.describe_videos(videos, small)
