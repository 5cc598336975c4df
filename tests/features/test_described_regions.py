from pathlib import Path

import numpy as np
import pytest

from vretlib import images, paths
from vretlib.errors import UserError
from vretlib.features.described_regions import describe_all
from vretlib.features.detector import describe
from vretlib.features.detector_network import Detector
from vretlib.features.detector_parts import DetectorShape

SIZES = {"short_side": 64, "long_side": 128, "n_proposals": 12}
DETECTOR = Detector.untrained(DetectorShape("vgg16", (2, 2, 4, 4, 6), 8, ("cup", "hat"), (1.0, 2.0, 4.0)))


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "CACHE", tmp_path)


def pictures() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.integers(0, 256, (h, w, 3), dtype=np.uint8) for h, w in ((70, 90), (1, 500), (64, 64))]


def test_all_images_are_described_as_one_is_and_missing_regions_are_zero() -> None:
    found = describe_all(DETECTOR, pictures(), **SIZES, boxes=[(5, 5, 60, 60), None, None], scores=True)
    assert found.n_regions[1] == 0
    for i, (picture, box) in enumerate(zip(pictures(), [(5, 5, 60, 60), None, None], strict=True)):
        one = describe(DETECTOR, picture, **SIZES, box=box)
        r = len(one.boxes)
        assert found.n_regions[i] == r
        np.testing.assert_allclose(found.boxes[i, :r], one.boxes)
        assert not found.boxes[i, r:].any()
        for how in ("max", "sum"):
            np.testing.assert_allclose(found.image[how][i], one.image[how], rtol=1e-5)
            unit = one.regions[how] / np.linalg.norm(one.regions[how], axis=1, keepdims=True)
            np.testing.assert_allclose(found.regions[how][i, :r], unit, atol=1e-3)
            np.testing.assert_allclose(found.query[how][i], (one.query or one.image)[how], rtol=1e-5)
        assert found.scores is not None
        np.testing.assert_allclose(found.scores[i, :r], one.scores, atol=1e-3)


def test_files_and_frames_give_the_same_and_a_second_call_computes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = [tmp_path / f"{i}.png" for i in range(3)]
    for file, picture in zip(files, pictures(), strict=True):
        images.write(file, picture)
    of_files, of_frames = describe_all(DETECTOR, files, **SIZES), describe_all(DETECTOR, pictures(), **SIZES)
    np.testing.assert_array_equal(of_files.regions["sum"], of_frames.regions["sum"])
    assert (of_files.query, of_files.scores) == ({}, None)
    caplog.set_level("INFO")
    caplog.clear()
    describe_all(DETECTOR, files, **SIZES)
    assert not caplog.records


def test_an_error_names_the_image(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="frame 2: box 5 5 80 80 is not inside"):
        describe_all(DETECTOR, pictures(), **SIZES, boxes=[None, None, (5, 5, 80, 80)])
    with pytest.raises(UserError, match=r"nothing.jpg"):
        describe_all(DETECTOR, [tmp_path / "nothing.jpg"], **SIZES)
    with pytest.raises(UserError, match="1 boxes for 3 images"):
        describe_all(DETECTOR, pictures(), **SIZES, boxes=[None])
    with pytest.raises(UserError, match="0 images"):
        describe_all(DETECTOR, [], **SIZES)
