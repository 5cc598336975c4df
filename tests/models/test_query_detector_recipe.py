"""Detectors fine-tuned to queries: the recipe in small, when its file is taken, and the files of the project."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from vretlib import images, paths
from vretlib.checksums import checksum
from vretlib.errors import UserError
from vretlib.features import detector_files
from vretlib.features.detector_network import Detector
from vretlib.features.detector_parts import DetectorShape
from vretlib.models import cards, committed_tunings, query_detector_recipe, query_tuning
from vretlib.models.detection_set import DetectionSet
from vretlib.models.detector_examples import of_queries
from vretlib.models.query_tuning import OPTIMISERS, QueryTuning
from vretlib.parameters.instance_search import InstanceSearch

TINY = QueryTuning(2, steps=20, short_side=64, long_side=96)
START = Detector.untrained(DetectorShape("vgg16", (2, 2, 4, 4, 6), 8, ("a", "b", "c"), (1.0, 2.0, 4.0)))
NAME = "detector_town_a_ft2"


@pytest.fixture(scope="module")
def queries(tmp_path_factory: pytest.TempPathFactory) -> DetectionSet:
    folder, rng = tmp_path_factory.mktemp("queries"), np.random.default_rng(0)
    files = [folder / f"{i}.png" for i in range(4)]
    for path in files:
        images.write(path, rng.integers(0, 255, (64, 80, 3), dtype=np.uint8))
    boxes = [(4.0 + i, 4.0, 40.0, 50.0) for i in range(4)]
    return of_queries(files, boxes, [0, 1, 0, 1], ("cup", "hat"), "Town A")


@pytest.fixture(scope="module")
def trained(queries: DetectionSet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of data whose weights are those of the recipe in small."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "weights").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "CACHE", folder / "cache")
        patch.setattr(query_detector_recipe.detector_files, "load", lambda network, weights: START)
        out, again = folder / "weights" / f"{NAME}.safetensors", folder / "again.safetensors"
        for path in (out, again):
            query_detector_recipe.train(NAME, queries, queries, path, tuning=TINY, progress=False)
    assert again.read_bytes() == out.read_bytes()
    return out


@pytest.fixture
def committed(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the file and its card where the project has its weights; nothing may be trained."""
    (tmp_path / "weights").mkdir()
    for path in (trained, trained.with_suffix(".json")):
        (tmp_path / "weights" / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(paths, "DATA", tmp_path)
    monkeypatch.setattr(query_tuning, "fine_tune", lambda detector, examples, tuning: ("trained now", examples.name))
    return committed_tunings.file("Town A", 2)


def test_the_file_holds_what_changed_and_the_card_describes_it(trained: Path, queries: DetectionSet) -> None:
    card = cards.read(trained)
    assert card["data"] == {"learned": "Town A", "images": 4, "classes": 2, "views": 4}
    assert card["recipe"] == asdict(TINY) | {"settings": asdict(OPTIMISERS["one-cycle"])}
    assert card["passes"] == 20 * 2 / 8
    assert len(card["loss"]) == 20
    assert card["command"].startswith(f"python -m vretlib weights {NAME} ")
    assert 0 < card["accuracy"]["views"] == card["accuracy"]["learned"] < 1
    after, log = committed_tunings.read(trained, START)
    assert (after.classes, log.steps, after.checksum) == (("cup", "hat"), 20, checksum(trained))
    assert not after.training
    first = [key for key in START.state_dict() if key.startswith(("features.0.", "features.2.", "features.5."))]
    assert first
    for key in first:
        assert torch.equal(after.state_dict()[key], START.state_dict()[key])
    assert not torch.equal(after.state_dict()["features.10.weight"], START.state_dict()["features.10.weight"])
    assert card["accuracy"]["views"] == pytest.approx(query_detector_recipe.class_score(after, queries, TINY), abs=1e-3)


def test_the_file_is_the_detector_that_was_trained_but_for_rounding(
    trained: Path, queries: DetectionSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "CACHE", trained.parents[1] / "cache")
    live, log = query_tuning.fine_tune(START, queries, TINY)
    stored, same = committed_tunings.read(trained, START)
    np.testing.assert_allclose(same.losses, log.losses, rtol=1e-6)
    for key, value in live.state_dict().items():
        torch.testing.assert_close(stored.state_dict()[key], value, rtol=1e-3, atol=1e-6)


def test_it_is_taken_for_its_queries_and_no_others(committed: Path, queries: DetectionSet) -> None:
    found, _ = committed_tunings.tuned(START, queries, TINY)
    assert found.weights == f"committed: {committed.name}, 20 steps"
    nearly = replace(queries, boxes=tuple(box + 0.5 for box in queries.boxes))
    assert committed_tunings.tuned(START, nearly, TINY)[0] != "trained now"
    moved = [Path("elsewhere") / path.name for path in queries.images]
    assert committed_tunings.tuned(START, replace(queries, images=tuple(moved)), TINY)[0] != "trained now"


@pytest.mark.parametrize(
    "changed",
    [
        lambda q: replace(q, name="Town B"),
        lambda q: replace(q, boxes=tuple(box + 2 for box in q.boxes)),
        lambda q: replace(q, images=tuple(reversed(q.images))),
        lambda q: replace(q, labels=tuple(reversed(q.labels))),
        lambda q: replace(q, classes=("cup", "bag")),
        lambda q: replace(q, images=q.images[:2], boxes=q.boxes[:2], labels=q.labels[:2]),
    ],
)
def test_for_other_queries_a_detector_is_trained(
    committed: Path, queries: DetectionSet, changed: Callable[[DetectionSet], DetectionSet]
) -> None:
    assert committed.is_file()
    assert committed_tunings.tuned(START, changed(queries), TINY)[0] == "trained now"


@pytest.mark.parametrize(
    "other", [{"strategy": 1}, {"steps": 21}, {"seed": 1}, {"optimiser": "sgd"}, {"short_side": 65}, {"long_side": 97}]
)
def test_for_other_parameters_a_detector_is_trained(
    committed: Path, queries: DetectionSet, other: dict[str, int | str]
) -> None:
    assert committed.is_file()
    assert committed_tunings.tuned(START, queries, replace(TINY, **other))[0] == "trained now"  # type: ignore[arg-type]


def test_for_another_detector_or_way_of_pooling_a_detector_is_trained(committed: Path, queries: DetectionSet) -> None:
    assert committed.is_file()
    for other in (Detector.untrained(START.shape, seed=1), Detector.untrained(START.shape, regions="align")):
        assert committed_tunings.tuned(other, queries, TINY)[0] == "trained now"


def test_a_damaged_file_and_one_of_something_else_are_refused(committed: Path, queries: DetectionSet) -> None:
    whole = committed.read_bytes()
    committed.write_bytes(whole[:-1])
    with pytest.raises(UserError, match=r"detector_town_a_ft2\.safetensors: not the file that .* describes"):
        committed_tunings.tuned(START, queries, TINY)
    committed.write_bytes(whole)
    with pytest.raises(UserError, match="starts from another detector than random"):
        committed_tunings.read(committed, Detector.untrained(START.shape, seed=1))
    card = cards.read(committed)
    detector_files.save(START, committed)
    cards.write(card, committed)
    with pytest.raises(UserError, match=r"detector_town_a_ft2\.safetensors: no weights of a fine-tuned detector"):
        committed_tunings.read(committed, START)


@pytest.mark.parametrize("name", query_detector_recipe.RECIPES)
def test_the_project_s_files_are_those_of_the_recipes_which_have_the_settings_of_the_page(name: str) -> None:
    collection, tuning = query_detector_recipe.RECIPES[name]
    path, page = committed_tunings.file(collection, tuning.strategy), InstanceSearch()
    card = cards.read(path)
    assert card["learned_from"]["tuning"] == asdict(tuning)
    assert card["learned_from"]["settings"] == repr(OPTIMISERS["one-cycle"])
    assert card["start"]["sha256"] == checksum(detector_files.committed("vgg16", "C"))
    for field in ("steps", "optimiser", "short_side", "long_side", "seed"):
        assert getattr(tuning, field) == getattr(page, field)
    assert path.stat().st_size <= 4 * 2**20
    losses = list(json.loads(path.with_suffix(".json").read_text())["loss"].values())
    assert losses[-1] < 0.5 * losses[0]
