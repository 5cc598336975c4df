"""Local features of several images, and their matches."""

import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest

from vretlib.errors import UserError
from vretlib.features import local_sets
from vretlib.features.image_features import read_view
from vretlib.features.local import LocalFeatures

WIDE, HIGH = 120, 90
LONGEST = 100


def scenery(seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=(HIGH, WIDE, 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 2)
    return np.clip(128 + 50 * smooth / smooth.std(), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three scenes, each photographed four times with more and more noise."""
    folder, rng = tmp_path_factory.mktemp("scenes"), np.random.default_rng(10)
    found = []
    for scene, view in itertools.product(range(3), range(4)):
        noisy = scenery(10 + scene) + rng.normal(0, 6 * view, (HIGH, WIDE, 3))
        found.append(folder / f"{scene}_{view}.png")
        cv2.imwrite(str(found[-1]), np.clip(noisy, 0, 255).astype(np.uint8))
    return found


def test_a_box_is_cut_out_in_the_scale_of_the_whole_image(paths: list[Path]) -> None:
    whole, part = read_view(paths[0], longest=60), read_view(paths[0], (0.0, 0.0, 59.0, 59.0), longest=60)
    assert whole.shape[:2] == (45, 60)
    assert part.shape[:2] == (30, 30)
    assert read_view(paths[0], longest=500).shape[:2] == (HIGH, WIDE)  # never enlarged


def test_every_image_keeps_its_own_features(paths: list[Path]) -> None:
    found = local_sets.extract(paths, longest=LONGEST)
    assert len(found) == 12
    alone = local_sets.describe(paths[7], longest=LONGEST)
    assert found[7].descriptors == pytest.approx(alone.descriptors)
    assert found[7].xy == pytest.approx(alone.xy)
    assert np.bincount(found.image, minlength=12).tolist() == [len(found[i].xy) for i in range(12)]
    with pytest.raises(UserError, match="boxes"):
        local_sets.extract(paths, longest=LONGEST, boxes=[None])


def unit(*angles: float) -> LocalFeatures:
    turn = np.deg2rad(angles)
    vectors = np.stack([np.cos(turn), np.sin(turn)], axis=1).astype(np.float32)
    return LocalFeatures(np.zeros_like(vectors), vectors)


def test_the_ratio_test_refuses_what_has_two_equally_near_neighbours() -> None:
    assert local_sets.match(unit(0, 40), unit(2, 38, 42, 90)).tolist() == [0, -1]
    assert local_sets.match(unit(0), unit(2)).tolist() == [-1]  # without a second there is nothing to compare with
    assert local_sets.match(unit(), unit(1, 2)).tolist() == []


def test_matches_are_counted_per_image(paths: list[Path]) -> None:
    database = local_sets.extract(paths, longest=LONGEST)
    counts = local_sets.count_matches(database[4], database)
    assert counts.argmax() == 4
    assert set(np.argsort(-counts)[:4].tolist()) == {4, 5, 6, 7}  # its own landmark first
    one_by_one = [np.count_nonzero(local_sets.match(database[4], features) >= 0) for features in database]
    assert counts.tolist() == one_by_one
