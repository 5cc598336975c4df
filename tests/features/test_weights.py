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

from vretlib.checksums import checksum
from vretlib.errors import UserError
from vretlib.features import backbones, narrow, narrow_shape, weights

NAME = "squeezenet1_1"
SHAPE = narrow_shape.Narrow("resnet50", (4, 4, 8, 8), fully_connected=0, n_classes=3)


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


# The right network under other names, or without its classifier


BODY = "features."
OTHER_HEAD = {"classifier.1.weight": torch.zeros(3, 512, 1, 1), "classifier.1.bias": torch.zeros(3)}


def body(state):
    return {key: value for key, value in state.items() if key.startswith(BODY)}


def same_maps(backbone, state) -> bool:
    return all(torch.equal(value, state[key]) for key, value in backbone.network.state_dict().items() if BODY in key)


@pytest.mark.parametrize(
    "made",
    [
        body,
        lambda state: body(state) | OTHER_HEAD,
        lambda state: body(state) | {"head.fc.weight": torch.zeros(3, 512)},
        lambda state: {f"module.{key}": value for key, value in body(state).items()},
        lambda state: {f"module.net.{k}": v for k, v in state.items()} | {"module.projector.0.weight": torch.zeros(2)},
        lambda state: {key.removeprefix(BODY): value for key, value in body(state).items()},
        lambda state: {"epoch": 3, "state_dict": {f"model.{k}": v for k, v in body(state).items()}, "optimizer": {}},
        lambda state: {"model": {"state_dict": body(state)}, "best": 0.7},
        lambda state: {"whatever": state},
        lambda state: state | {"epoch": 3},
    ],
)  # fmt: skip
def test_a_file_of_the_right_network_loads_for_what_needs_no_classifier(state, tmp_path, made):
    backbone = backbones.load(NAME, save(made(state), tmp_path / "mine.pth"))
    assert same_maps(backbone, state)
    assert {"conv1", "features"} <= set(backbone.taps)
    image = torch.zeros(1, 3, 64, 64)
    assert torch.isfinite(backbone.maps(image, ["features"])["features"]).all()


def test_what_needs_the_classifier_is_refused_with_the_names_that_lack(state, tmp_path):
    backbone = backbones.load(NAME, save(body(state), tmp_path / "mine.pth"))
    assert backbone.taps[-1] == "features"
    with pytest.raises(UserError, match=r"tap 'logits'.*lacks classifier.1.weight, classifier.1.bias"):
        backbone.maps(torch.zeros(1, 3, 64, 64), ["logits"])
    whole = backbones.load(NAME, save({f"module.{k}": v for k, v in state.items()}, tmp_path / "whole.pth"))
    assert whole.taps[-1] == "logits"


def test_fc6_remains_where_only_the_last_layer_is_for_other_classes(tmp_path):
    shape = narrow_shape.Narrow("vgg16", (4, 4, 4, 4, 4), fully_connected=8, n_classes=5)
    other = {"classifier.6.weight": torch.zeros(2, 8), "classifier.6.bias": torch.zeros(2)}
    weights.save(narrow.build(shape).state_dict() | other, tmp_path / "n.safetensors", shape, 48)
    assert backbones.load("vgg16", tmp_path / "n.safetensors").taps[-2:] == ("fc6", "fc7")


def test_a_resnet_saved_as_a_sequence_of_its_layers_is_found_and_a_deeper_one_is_not_taken_for_it(tmp_path):
    network = narrow.build(SHAPE)
    plain = {key: value for key, value in network.state_dict().items() if not key.startswith("fc.")}
    place = {name: number for number, (name, _) in enumerate(network.named_children())}
    listed = {".".join([f"features.{place[key.split('.')[0]]}", *key.split(".")[1:]]): v for key, v in plain.items()}
    weights.save(listed | {"pool.p": torch.ones(1)}, tmp_path / "n.safetensors", SHAPE, 48)
    backbone = backbones.load("resnet50", tmp_path / "n.safetensors")
    assert all(torch.allclose(value, plain[key], atol=1e-2) for key, value in backbone.network.state_dict().items())
    assert backbone.taps[-2:] == ("layer4", "pool5")
    weights.save(listed | {"features.6.6.conv1.weight": torch.ones(1)}, tmp_path / "d.safetensors", SHAPE, 48)
    with pytest.raises(UserError, match=r"6\.6\.conv1\.weight: the network has no such tensor"):
        backbones.load("resnet50", tmp_path / "d.safetensors")


def test_two_networks_in_one_file_are_not_chosen_between(state, tmp_path):
    both = {f"{name}.{key}": value for name in ("student", "teacher") for key, value in state.items()}
    with pytest.raises(UserError, match=r"holds several networks, under 'student\.', 'teacher\.'"):
        backbones.load(NAME, save(both, tmp_path / "mine.pth"))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("ending", [".pth", ".safetensors", ".PTH"])
def test_any_precision_and_either_format_are_read(state, tmp_path, dtype, ending):
    rounded, path = {key: value.to(dtype) for key, value in body(state).items()}, tmp_path / f"mine{ending}"
    if "safe" in ending:
        path.write_bytes(serialised(rounded))
    else:
        save(rounded, path)
    backbone = backbones.load(NAME, path)
    assert same_maps(backbone, {key: value.float() for key, value in rounded.items()})


# Tensors and files that are no weights


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda w: w.int(), "found int32, expected floating-point numbers"),
        (lambda w: w.to(torch.complex64), "found complex64, expected floating-point numbers"),
        (lambda w: w.to_sparse(), "found sparse_coo numbers, expected dense ones"),
        (lambda w: torch.full_like(w, float("nan")), "holds NaN or infinity"),
        (lambda w: torch.full_like(w, float("inf")), "holds NaN or infinity"),
        (lambda w: w.to("meta"), "found a shape without numbers"),
        (lambda w: w[:1], r"expected shape \(64, 3, 3, 3\), found shape \(1, 3, 3, 3\)"),
        (lambda _: torch.zeros(1).expand(10**6, 10**6), r"expected shape .*found shape \(1000000, 1000000\)"),
    ],
)
def test_a_tensor_that_is_no_parameter_is_named_with_what_it_is(state, tmp_path, change, says):
    wrong = state | {"features.0.weight": change(state["features.0.weight"])}
    with pytest.raises(UserError, match=rf"mine.pth does not fit the network: features.0.weight: {says}"):
        backbones.load(NAME, save(wrong, tmp_path / "mine.pth"))


def header(path: Path, tensors: object, data: bytes = b"", length: int | None = None) -> Path:
    text = json.dumps(tensors).encode()
    path.write_bytes((len(text) if length is None else length).to_bytes(8, "little") + text + data)
    return path


def entry(shape, begin, end, dtype="F32"):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


@pytest.mark.parametrize(
    ("tensors", "length"),
    [
        ({}, 2**63),
        ({}, 10**9),
        ({"a": entry([2], 0, 8), "b": entry([2], 4, 12)}, None),
        ({"a": entry([10**18, 10**18], 0, 8)}, None),
        ({"a": entry([-2], 0, 8)}, None),
        ({"a": entry([2], 0, 8, "F99")}, None),
        ({"a": entry([2], 8, 0)}, None),
        ([1, 2], None),
        ("text", None),
    ],
)
def test_an_absurd_header_is_one_clear_error(tmp_path, tensors, length):
    with pytest.raises(UserError, match=r"mine\.safetensors: not a complete safetensors file") as caught:
        backbones.load(NAME, header(tmp_path / "mine.safetensors", tensors, b"\0" * 12, length))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"widths": [4, 4]}, {"widths": [-4] * 5}, {"widths": [4, 4, 4, 4, 0]}, {"n_classes": -3}, {"image_side": 0},
        {"image_side": 10**9}, {"topology": "nope"},
    ],
)  # fmt: skip
def test_a_header_of_a_network_that_cannot_be_is_one_clear_error(tmp_path, change):
    described = {
        "topology": "vgg16",
        "widths": [4] * 5,
        "fully_connected": 8,
        "n_classes": 3,
        "image_side": 48,
    } | change
    (tmp_path / "n.safetensors").write_bytes(serialised({"w": torch.zeros(1)}, {"narrow": json.dumps(described)}))
    with pytest.raises(UserError, match=r"n\.safetensors"):
        backbones.load("vgg16", tmp_path / "n.safetensors")


def test_a_pipe_a_folder_and_an_empty_file_are_distinguished(tmp_path):
    os.mkfifo(tmp_path / "pipe.pth")
    (tmp_path / "folder.pth").mkdir()
    (tmp_path / "empty.pth").touch()
    for name, says in (("pipe", "not a file"), ("folder", "is a folder"), ("empty", "is not a complete file")):
        with pytest.raises(UserError, match=rf"{name}\.pth: .*{says}"):
            backbones.load(NAME, tmp_path / f"{name}.pth")


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
