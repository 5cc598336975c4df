"""Fine-tuning to the boxes of queries: what it changes, what it refuses, and that it is kept."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from vretlib import images, paths
from vretlib.errors import UserError
from vretlib.features.detector_network import Detector
from vretlib.features.detector_parts import DetectorShape
from vretlib.models.detection_set import DetectionSet
from vretlib.models.detector_examples import of_queries
from vretlib.models.query_tuning import QueryTuning, fine_tune

QUICK = QueryTuning(1, steps=3, optimiser="sgd", short_side=64, long_side=96)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Four noisy pictures of 64 × 80 pixels."""
    rng, found = np.random.default_rng(0), [tmp_path / f"{i}.png" for i in range(4)]
    for path in found:
        images.write(path, rng.integers(0, 255, (64, 80, 3), dtype=np.uint8))
    return found


@pytest.fixture
def queries(files: list[Path]) -> DetectionSet:
    return of_queries(files, [(4, 4, 40, 50)] * 4, [0, 1, 0, 1], ("cup", "hat"), "shelf")


START = Detector.untrained(DetectorShape("vgg16", (2, 2, 4, 4, 6), 8, ("a", "b", "c"), (1.0, 2.0, 4.0)))


@pytest.mark.parametrize(("strategy", "parts"), [(1, {"heads"}), (2, {"features", "rpn", "heads"})])
def test_it_has_new_classes_changes_what_its_strategy_says_and_is_kept(
    queries: DetectionSet, strategy: int, parts: set[str]
) -> None:
    tuned, log = fine_tune(START, queries, replace(QUICK, strategy=strategy))
    assert (tuned.classes, log.steps) == (("cup", "hat"), 3)
    assert tuned.weights.startswith(f"fine-tuned here (strategy {strategy}, 3 steps) from random")
    matrices = {key: value for key, value in tuned.state_dict().items() if "box_predictor" not in key}
    differ = {key for key, value in START.state_dict().items() if key in matrices and value.ndim == 1}
    assert {key.split(".")[0] for key in differ if not torch.equal(matrices[key], START.state_dict()[key])} == parts
    again, same = fine_tune(START, queries, replace(QUICK, strategy=strategy))
    assert again.checksum == tuned.checksum
    assert same == log


def test_the_seed_and_the_optimiser_decide_the_result(queries: DetectionSet) -> None:
    first, _ = fine_tune(START, queries, QUICK)
    assert fine_tune(START, queries, replace(QUICK, seed=1))[0].checksum != first.checksum
    assert fine_tune(START, queries, replace(QUICK, optimiser="one-cycle"))[0].checksum != first.checksum


def test_what_cannot_be_learned_is_refused(queries: DetectionSet, files: list[Path]) -> None:
    with pytest.raises(UserError, match="strategy=3"):
        fine_tune(START, queries, replace(QUICK, strategy=3))
    with pytest.raises(UserError, match="optimiser='lbfgs'; expected"):
        fine_tune(START, queries, replace(QUICK, optimiser="lbfgs"))
    with pytest.raises(UserError, match="has no area"):
        fine_tune(START, of_queries(files[:1], [(5, 5, 5, 9)], [0], ("cup",)), QUICK)


def test_a_class_with_one_example_that_is_its_whole_image_can_be_learned(files: list[Path]) -> None:
    one = of_queries(files[:1], [None], [0], ("cup",))
    assert one.boxes[0].tolist() == [[0, 0, 79, 63]]
    assert fine_tune(START, one, replace(QUICK, strategy=2, steps=1))[0].classes == ("cup",)


def test_queries_that_are_no_examples_are_refused(files: list[Path]) -> None:
    whole = [None] * 4
    with pytest.raises(UserError, match="4 images, 4 boxes and 3 labels"):
        of_queries(files, whole, [0, 1, 0], ("cup", "hat"))
    with pytest.raises(UserError, match="'hat' has no example"):
        of_queries(files, whole, [0, 0, 0, 0], ("cup", "hat"))
    with pytest.raises(UserError, match="has its corners in another order"):
        of_queries(files[:1], [(50, 5, 5, 9)], [0], ("cup",))
