from pathlib import Path

import numpy as np
import pytest
import torch

from vretlib import images, paths
from vretlib.errors import UserError
from vretlib.features.detector_network import Detector
from vretlib.features.detector_parts import FIRST_LEARNED, DetectorShape
from vretlib.models import detector_training
from vretlib.models.checkpoint import Checkpoint
from vretlib.models.detection_set import DetectionSet
from vretlib.models.detector_examples import Example
from vretlib.models.detector_training import SgdWithDrop, train
from vretlib.models.optimisation import OneCycle

CLASSES = ("red", "blue")
SIZES = {"short_side": 64, "long_side": 96}
FAST = SgdWithDrop(learning_rate=0.02, warm_up=0)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")


@pytest.fixture
def squares(tmp_path: Path) -> DetectionSet:
    """Four grey pictures of 64 × 80 pixels, each with one square of 24 pixels, red or blue."""
    rng, files, boxes = np.random.default_rng(0), [], []
    for i in range(4):
        picture = np.full((64, 80, 3), 128, np.uint8)
        x, y = rng.integers(0, 56), rng.integers(0, 40)
        picture[y : y + 24, x : x + 24] = [(255, 0, 0), (0, 0, 255)][i % 2]
        files.append(tmp_path / f"{i}.png")
        images.write(files[-1], picture)
        boxes.append(np.array([[x, y, x + 23, y + 23]], np.float32))
    labels = tuple(np.array([i % 2], np.int64) for i in range(4))
    return DetectionSet("squares", tuple(files), tuple(boxes), labels, CLASSES, "", "")


def tiny(network: str = "vgg16", classes: tuple[str, ...] = CLASSES) -> Detector:
    return Detector.untrained(DetectorShape(network, (2, 2, 4, 4, 6), 8, classes, (1.0, 2.0, 4.0)))


def changed(before: Detector, after: Detector) -> set[str]:
    now = after.state_dict()
    return {key for key, value in before.state_dict().items() if not torch.equal(value, now[key])}


def test_joint_training_lowers_the_loss_and_leaves_the_given_detector_alone(squares: DetectionSet) -> None:
    start = tiny("zf")
    state = {key: value.clone() for key, value in start.state_dict().items()}
    trained, losses = train(start, squares, steps=60, settings=FAST, **SIZES)
    assert losses[-10:].mean() < 0.8 * losses[:10].mean()
    assert all(torch.equal(value, state[key]) for key, value in start.state_dict().items())
    assert trained.checksum != start.checksum
    assert not trained.training


@pytest.mark.parametrize("network", ["vgg16", "zf"])
def test_the_choice_of_layers_decides_what_changes(squares: DetectionSet, network: str) -> None:
    start = tiny(network)
    found = {
        layers: changed(start, train(start, squares, layers=layers, steps=2, settings=FAST, **SIZES)[0])
        for layers in detector_training.get_args(detector_training.Layers)
    }
    assert found["all"] == set(start.state_dict())
    assert found["fully connected"] == {key for key in start.state_dict() if key.startswith("heads.")}
    before_conv3 = {f"features.{i}." for i in range(FIRST_LEARNED[network])}
    assert found["after conv2"] == {key for key in start.state_dict() if not key.startswith(tuple(before_conv3))}


def test_conv3_is_the_first_layer_behind_two_groups_of_convolutions() -> None:
    assert tiny("vgg16").features[FIRST_LEARNED["vgg16"]].in_channels == 2  # type: ignore[index]
    assert tiny("vgg16").features[FIRST_LEARNED["vgg16"]].out_channels == 4  # type: ignore[index]
    assert tiny("zf").features[FIRST_LEARNED["zf"]].kernel_size == (3, 3)  # type: ignore[index]


def test_an_interrupted_training_ends_in_the_same_weights(
    squares: DetectionSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight, losses = train(tiny(), squares, steps=9, **SIZES)
    kept, calls = Checkpoint(tmp_path / "run.pt", "test", every=2), []

    def stops(detector: Detector, batch: object) -> torch.Tensor:
        calls.append(0)
        if len(calls) == 6:
            raise KeyboardInterrupt
        return joint(detector, batch)  # type: ignore[arg-type]

    joint = detector_training._joint_loss
    with monkeypatch.context() as patch:
        patch.setattr(detector_training, "_joint_loss", stops)
        with pytest.raises(KeyboardInterrupt):
            train(tiny(), squares, steps=9, checkpoint=kept, **SIZES)
    resumed, again = train(tiny(), squares, steps=9, checkpoint=kept, **SIZES)
    assert not changed(straight, resumed)
    np.testing.assert_array_equal(losses, again)


def test_mirroring_exchanges_left_and_right() -> None:
    example = Example(
        0, np.arange(30, dtype=np.uint8).reshape(1, 10, 3), torch.tensor([[1.0, 0, 3, 0]]), torch.tensor([1])
    )
    mirrored = example.mirrored(5)
    assert mirrored.boxes.tolist() == [[6, 0, 8, 0]]
    np.testing.assert_array_equal(mirrored.pixels[:, 6:9], example.pixels[:, 1:4][:, ::-1])


def test_normalisation_is_gone_after_training_and_never_touches_layers_that_do_not_learn(squares: DetectionSet) -> None:
    start, some = tiny(), OneCycle(0.01, 0.0, 2)
    for layers in detector_training.get_args(detector_training.Layers):
        trained, _ = train(start, squares, layers=layers, steps=2, settings=some, normalise=True, **SIZES)
        assert list(trained.state_dict()) == list(start.state_dict())
        differ = {key.split(".")[1] for key in changed(start, trained) if key.startswith("features")}
        learned = {"all": 0, "after conv2": FIRST_LEARNED["vgg16"], "fully connected": 99}[layers]
        assert differ == {key.split(".")[1] for key in start.state_dict() if key.startswith("features")
                          and int(key.split(".")[1]) >= learned}  # fmt: skip


def test_what_cannot_be_learned_is_refused(squares: DetectionSet) -> None:
    with pytest.raises(UserError, match="has 2 classes, the detector 3"):
        train(tiny(classes=("a", "b", "c")), squares, steps=1)
    with pytest.raises(UserError, match="layers='some'"):
        train(tiny(), squares, layers="some", steps=1)  # type: ignore[arg-type]
