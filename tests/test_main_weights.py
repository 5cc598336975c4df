"""``python -m vretlib weights``: what it lists, what it refuses, and what it runs."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner, Result

from vretlib import weights as committed
from vretlib.__main__ import main
from vretlib.checksums import checksum
from vretlib.features import backbones, face_network, weights
from vretlib.models import (
    committed_encoders,
    committed_end_to_end,
    committed_kernel_hashers,
    committed_similarities,
    committed_spaces,
    detector_recipe,
    face_detector_recipe,
    hash_networks_recipe,
    query_detector_recipe,
)

Run = Callable[..., Result]


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Path, int]]:
    """Trainers that only write down what they were asked for."""
    asked: list[tuple[str, Path, int]] = []
    for name in committed.TRAINERS:

        def trainer(out: Path, *, seed: int, name: str = name) -> Path:
            asked.append((name, out, seed))
            return out

        monkeypatch.setitem(committed.TRAINERS, name, trainer)
    return asked


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["weights", *arguments])


def test_every_committed_file_has_a_name_that_can_be_trained_and_the_other_way_round() -> None:
    folder = weights.embedded_file("vgg16").parent
    assert {path.stem for path in folder.glob("*.safetensors")} == set(committed.TRAINERS)
    others = {
        committed_encoders.NAME, committed_end_to_end.NAME, committed_similarities.NAME,
        committed_spaces.NAME, face_network.NAME,
    }  # fmt: skip
    others |= {*detector_recipe.RECIPES, *face_detector_recipe.NAMES, *query_detector_recipe.RECIPES}
    others |= {*hash_networks_recipe.RECIPES, *committed_kernel_hashers.NAMES.values()}
    assert set(committed.files()) == set(committed.TRAINERS) - others
    assert all(committed.path(name) == folder / f"{name}.safetensors" for name in committed.TRAINERS)


def test_each_file_is_listed_with_size_checksum_data_and_accuracy_and_how_to_load_it() -> None:
    result = run()
    assert result.exit_code == 0
    for name, (network, source) in committed.files().items():
        path = weights.embedded_file(network, source)
        card = json.loads(path.with_suffix(".json").read_text())
        assert f"{name}: {path.stat().st_size / 2**20:.1f} MiB, sha256 {checksum(path)[:8]}\n" in result.output
        assert f"{card['data']['images'] - card['data']['held_out']:,} photographs" in result.output
        assert f'backbones.load("{network}", "{source}")' in result.output
        assert backbones.load(network, source).checksum == checksum(path)
    card = json.loads(committed_encoders.file().with_suffix(".json").read_text())
    assert f"{card['data']['clips'] - card['data']['held_out']} clips of drawn films, 1,200 steps" in result.output
    assert "committed_encoders.read()" in result.output
    assert "face_network.load()" in result.output
    assert 'detector_files.load("vgg16", "C")' in result.output
    assert 'detector_files.load("vgg16", "F-S")' in result.output
    card = json.loads(face_network.file().with_suffix(".json").read_text())
    assert f"{card['accuracy']['held_out']:.1%} of {card['data']['held_out']:,} held-out crops" in result.output
    card = json.loads(committed_end_to_end.file().with_suffix(".json").read_text())
    assert f"mAP on {card['data']['held_out']} held-out photographs: {card['accuracy']['before']:.3f}" in result.output
    assert "committed_end_to_end.read(NETWORK)" in result.output
    assert "80 queries of Shelf and street, strategy 2, 2,500 steps, seed 0" in result.output
    assert "4 warm-up, 3 Linear, 8 SimNet, 25 SimNet*" in result.output
    assert "committed_spaces.read(TASKS)" in result.output
    assert "1,600 drawn paintings and their comments, 6,000 steps" in result.output
    assert "66.5% of 480 held-out photographs" in result.output
    assert "imagenet: " in result.output


def test_the_command_on_each_card_trains_that_file_with_that_seed(
    trained: list[tuple[str, Path, int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in committed.TRAINERS:
        card = json.loads(committed.path(name).with_suffix(".json").read_text())
        words = card["command"].split()
        assert words[:4] == ["python", "-m", "vretlib", "weights"]
        assert run(*words[4:]).exit_code == 0
        assert trained.pop() == (name, Path(f"{name}.safetensors"), card["seed"])


def test_a_file_that_is_there_is_only_replaced_when_told_to(trained: list[tuple[str, Path, int]]) -> None:
    result = run("vgg16")
    assert result.exit_code == 2
    assert "vgg16.safetensors: is there already. Write to another file (--out), or replace" in result.output
    assert trained == []
    assert run("vgg16", "--force", "--seed", "3").exit_code == 0
    assert trained == [("vgg16", weights.embedded_file("vgg16"), 3)]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["alexnet"], "'alexnet': expected one of vgg16, resnet50, vgg16_fine_tuned, temporal_encoders"),
        (["vgg16", "--out", "vgg16.pth"], "vgg16.pth: weights are written as .safetensors"),
        (["vgg16", "--out", "no/such/a.safetensors"], "no/such: is not a folder that can be written to"),
        (["--out", "a.safetensors"], "give the NAME"),
        (["--seed", "0"], "give the NAME"),
        (["--force"], "give the NAME"),
        (["--device", "cpu"], "give the NAME"),
        (["detector_vgg16_p", "--device", "gpu"], 'device=\'gpu\': expected "cpu", "cuda" or "cuda:N"'),
        (["detector_vgg16_p", "--device", "cuda:7"], 'PyTorch finds no CUDA device here; expected "cpu"'),
    ],
)
def test_a_wrong_request_is_one_line_before_anything_is_trained(
    trained: list[tuple[str, Path, int]], arguments: list[str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.output.startswith("error: ")
    assert result.output.count("\n") == 1
    assert expected in result.output
    assert trained == []


def test_detectors_alone_are_trained_on_another_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    for name in committed.DETECTORS:

        def trainer(out: Path, *, seed: int, device: str = "cpu", name: str = name) -> Path:
            asked.append(f"{name} {device}")
            return out

        monkeypatch.setitem(committed.TRAINERS, name, trainer)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    out = ("--out", str(tmp_path / "a.safetensors"))
    for name in committed.DETECTORS:
        assert run(name, *out, "--device", "cuda").exit_code == 0
        assert run(name, *out, "--device", "cpu").exit_code == 0
        assert run(name, *out).exit_code == 0
    assert asked == [f"{name} {device}" for name in committed.DETECTORS for device in ("cuda", "cpu", "cpu")]
    result = run("vgg16", *out, "--device", "cuda:0")
    assert result.exit_code == 2
    assert "vgg16: is trained on the CPU. Leave out --device" in result.output


def test_a_file_that_is_not_the_one_on_its_card_is_not_listed_as_if_it_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where in committed.files().values():
        path = weights.embedded_file(*where)
        for file in (path, path.with_suffix(".json")):
            target = tmp_path / "weights" / file.name
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(file.read_bytes() + (b"x" if file.name == "resnet50.safetensors" else b""))
    monkeypatch.setattr(weights.paths, "DATA", tmp_path)
    result = run()
    assert result.exit_code == 2
    assert "resnet50.safetensors: not the file that resnet50.json describes" in result.output
