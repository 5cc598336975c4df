"""Weights from files: strict, verified, and never executed."""

import io
import json
import os
import pickle
import urllib.error
from pathlib import Path

import pytest
import torch
from safetensors.torch import save as serialised

from vretlib.cache import checksum
from vretlib.errors import UserError
from vretlib.features import backbones, narrow, weights

NAME = "squeezenet1_1"
SHAPE = narrow.Narrow("resnet50", (4, 4, 8, 8), fully_connected=0, n_classes=3)


@pytest.fixture(scope="module")
def state() -> dict[str, torch.Tensor]:
    return backbones.load(NAME, "random").network.state_dict()


@pytest.fixture
def hub(tmp_path, monkeypatch) -> Path:
    """torch's own cache, empty."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    return tmp_path / "hub" / "checkpoints"


def save(state: dict, path: Path) -> Path:
    torch.save(state, path)
    return path


def test_a_state_dict_loads_as_saved_with_the_checksum_of_its_file(state, tmp_path):
    path = save(state, tmp_path / "mine.pth")
    backbone = backbones.load(NAME, path)
    assert all(torch.equal(value, state[key]) for key, value in backbone.network.state_dict().items())
    assert backbone.checksum == checksum(path)
    assert backbone.weights == "file: mine.pth"
    assert all(parameter.requires_grad for parameter in backbone.network.parameters())


def test_a_tensor_of_another_shape_is_named_with_both_shapes(state, tmp_path):
    wrong = state | {"features.4.squeeze.weight": torch.zeros(8, 128, 1, 1), "classifier.1.bias": torch.zeros(3)}
    with pytest.raises(
        UserError, match=r"features.4.squeeze.weight: expected shape \(16, 128, 1, 1\), found shape \(8,"
    ):
        backbones.load(NAME, save(wrong, tmp_path / "a.pth"))


def test_a_tensor_that_is_missing_or_has_no_place_is_named(state, tmp_path):
    less = {key: value for key, value in state.items() if key != "features.0.bias"}
    with pytest.raises(UserError, match=r"features.0.bias: expected shape \(64,\), found no such tensor"):
        backbones.load(NAME, save(less, tmp_path / "a.pth"))
    with pytest.raises(UserError, match=r"extra.weight: the network has no such tensor"):
        backbones.load(NAME, save(state | {"extra.weight": torch.zeros(1)}, tmp_path / "b.pth"))


def test_weights_of_another_network_name_the_first_tensor_that_differs(state, tmp_path):
    with pytest.raises(UserError, match=r"mine.pth does not fit the network: features.0.weight: expected"):
        backbones.load("alexnet", save(state, tmp_path / "mine.pth"))


def test_counters_of_batch_normalisation_that_older_files_lack_are_not_missed(tmp_path):
    state = backbones.load("mobilenet_v2", "random").network.state_dict()
    older = {key: value for key, value in state.items() if not key.endswith("num_batches_tracked")}
    backbones.load("mobilenet_v2", save(older, tmp_path / "a.pth"))


@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("left", [0, 10, 3000, -100])
def test_a_file_that_is_cut_short_is_refused(state, tmp_path, left, legacy):
    whole = io.BytesIO()
    torch.save(state, whole, _use_new_zipfile_serialization=not legacy)
    path = tmp_path / "short.pth"
    path.write_bytes(whole.getvalue()[:left])
    with pytest.raises(UserError, match=r"short\.pth"):
        backbones.load(NAME, path)


@pytest.mark.parametrize("left", [0, 10, 3000, -100])
def test_a_safetensors_file_that_is_cut_short_is_refused(state, tmp_path, left):
    path = tmp_path / "short.safetensors"
    path.write_bytes(serialised(state)[:left])
    with pytest.raises(UserError, match=r"short.safetensors: not a complete safetensors file"):
        backbones.load(NAME, path)


class _Harmful:
    def __reduce__(self):
        return os.system, ("touch harmed",)


@pytest.mark.parametrize("writer", [torch.save, lambda value, path: path.write_bytes(pickle.dumps(value, protocol=2))])
def test_a_pickle_with_code_is_refused_and_not_executed(tmp_path, monkeypatch, writer):
    monkeypatch.chdir(tmp_path)
    writer({"features.0.weight": _Harmful()}, tmp_path / "bad.pth")
    with pytest.raises(UserError, match="nothing in it was executed"):
        backbones.load(NAME, tmp_path / "bad.pth")
    assert not (tmp_path / "harmed").exists()


def test_a_file_of_other_things_than_tensors_by_name_is_refused(tmp_path):
    with pytest.raises(UserError, match="expected a state dict"):
        backbones.load(NAME, save({"epoch": 3}, tmp_path / "a.pth"))


def test_no_such_file_or_an_unknown_kind_of_file_is_refused(tmp_path):
    with pytest.raises(UserError, match="no such file of weights"):
        backbones.load(NAME, tmp_path / "none.pth")
    (tmp_path / "net.h5").write_bytes(b"x")
    with pytest.raises(UserError, match=r"\.safetensors, \.pth or \.pt"):
        backbones.load(NAME, tmp_path / "net.h5")


def test_there_are_embedded_weights_for_two_networks_only():
    with pytest.raises(UserError, match=r"only for vgg16 and resnet50.*imagenet.*path"):
        backbones.load("alexnet", "embedded")


def test_fine_tuned_weights_are_those_of_their_card_and_there_are_some_for_vgg16_only():
    file = weights.embedded_file("vgg16", "embedded-fine-tuned")
    backbone = backbones.load("vgg16", "embedded-fine-tuned")
    assert backbone.weights == "embedded-fine-tuned: vgg16_fine_tuned.safetensors"
    assert backbone.checksum == checksum(file) == json.loads(file.with_suffix(".json").read_text())["sha256"]
    assert file.stat().st_size <= 8 * 2**20
    with pytest.raises(UserError, match="weights='embedded-fine-tuned': there are none for resnet50, only for vgg16"):
        backbones.load("resnet50", "embedded-fine-tuned")


def test_a_misspelt_source_is_answered_with_the_names_there_are():
    with pytest.raises(UserError, match="'embedded', 'embedded-fine-tuned', 'imagenet', 'random'"):
        backbones.load("vgg16", "embeded")


def test_saving_rounds_matrices_to_sixteen_bits_and_keeps_vectors(tmp_path):
    path = tmp_path / "narrow.safetensors"
    matrix, vector = torch.full((2, 2), 1 / 3), torch.full((2,), 1 / 3)
    weights.save({"m": matrix, "v": vector}, path, SHAPE, 48)
    found = weights.read(path, "file").state
    assert found["m"].dtype == found["v"].dtype == torch.float32
    assert torch.equal(found["v"], vector)
    assert torch.equal(found["m"], matrix.half().float())
    assert not torch.equal(found["m"], matrix)
    assert list(tmp_path.iterdir()) == [path]


def test_equal_networks_make_equal_files(tmp_path):
    for name in "ab":
        weights.save({key: torch.ones(2, 3) for key in "xyz"}, tmp_path / name, SHAPE, 48)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_narrow_network_says_in_its_file_how_narrow_it_is(tmp_path):
    weights.save(narrow.build(SHAPE).state_dict(), tmp_path / "n.safetensors", SHAPE, 48)
    backbone = backbones.load("resnet50", tmp_path / "n.safetensors")
    assert (backbone.channels("layer4"), backbone.image_side) == (32, 48)
    with pytest.raises(UserError, match="is a resnet50, not a vgg16"):
        backbones.load("vgg16", tmp_path / "n.safetensors")


def test_a_header_that_describes_no_network_is_refused(tmp_path):
    described = {"narrow": json.dumps({"topology": "vgg16", "widths": "many"})}
    (tmp_path / "n.safetensors").write_bytes(serialised({"w": torch.zeros(1)}, described))
    with pytest.raises(UserError, match="describes no narrow network"):
        backbones.load("vgg16", tmp_path / "n.safetensors")


def test_imagenet_without_a_network_says_which_file_to_put_where(hub, monkeypatch):
    def offline(*_, **__):
        raise urllib.error.URLError("no route to host")

    monkeypatch.setattr(torch.hub, "urlopen", offline)
    with pytest.raises(
        UserError, match=r"vgg16-397923af\.pth.*no route to host.*put it at .*checkpoints/vgg16-397923af"
    ):
        backbones.load("vgg16", "imagenet")
    assert list(hub.iterdir()) == []


def _serve(monkeypatch, path: Path) -> None:
    """torchvision's address of the weights becomes a local file; the name still has the hash."""
    monkeypatch.setattr(weights, "imagenet_url", lambda name: path.as_uri())


def test_imagenet_weights_are_downloaded_once_and_verified(state, hub, tmp_path, monkeypatch):
    made = save(state, tmp_path / "made.pth")
    served = made.rename(tmp_path / f"net-{checksum(made)[:8]}.pth")
    _serve(monkeypatch, served)
    first = backbones.load(NAME, "imagenet")
    served.unlink()
    assert backbones.load(NAME, "imagenet").checksum == first.checksum
    assert [path.name for path in hub.iterdir()] == [served.name]


def test_a_download_with_another_hash_is_not_kept(state, hub, tmp_path, monkeypatch):
    _serve(monkeypatch, save(state, tmp_path / "net-00000000.pth"))
    with pytest.raises(UserError, match="invalid hash value"):
        backbones.load(NAME, "imagenet")
    assert list(hub.iterdir()) == []


def test_a_file_already_there_with_another_hash_is_refused(hub):
    hub.mkdir(parents=True)
    (hub / "vgg16-397923af.pth").write_bytes(b"not the weights")
    with pytest.raises(UserError, match=r"expected 397923af.*Remove it"):
        backbones.load("vgg16", "imagenet")
