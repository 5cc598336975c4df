"""Descriptions of chapter 2, traces of R-MAC, and drawings of rankings and maps on one small collection."""

import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgba
from torch import from_numpy

from vretlib import images
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
from vretlib.described import nine_descriptions
from vretlib.described.nine_descriptions import TrainingImages
from vretlib.features import backbones, pooling, whitening
from vretlib.features.image_features import code_tap, read_view
from vretlib.features.rmac_trace import RmacTrace, trace_rmac
from vretlib.plots import axes, maps, rankings

WIDE, HIGH = 120, 90
LONGEST = 100


def ids(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def scenery(seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=(HIGH, WIDE, 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 2)
    return np.clip(128 + 50 * smooth / smooth.std(), 0, 255).astype(np.uint8)


def photographs(folder: Path, landmarks: int, first: int) -> tuple[Path, ...]:
    rng, paths = np.random.default_rng(first), []
    for landmark, view in itertools.product(range(landmarks), range(4)):
        noisy = scenery(first + landmark) + rng.normal(0, 6 * view, (HIGH, WIDE, 3))
        paths.append(folder / f"{first}_{landmark}_{view}.png")
        cv2.imwrite(str(paths[-1]), np.clip(noisy, 0, 255).astype(np.uint8))
    return tuple(paths)


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> LandmarkCollection:
    """Three landmarks, each photographed four times with more and more noise; the first photograph is the query."""
    paths = photographs(tmp_path_factory.mktemp("searched"), 3, 10)
    queries = tuple(
        LandmarkQuery(f"house_{k}_1", f"house_{k}", paths[4 * k], (10.0, 5.0, 99.0, 79.0), 4 * k,
                      ids(4 * k, 4 * k + 1), ids(4 * k + 2), ids(4 * k + 3))
        for k in range(3)
    )  # fmt: skip
    return LandmarkCollection("three houses", paths, queries, "for a test", "none")


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> TrainingImages:
    return TrainingImages(
        "training", photographs(tmp_path_factory.mktemp("training"), 5, 50), np.repeat(np.arange(5), 4)
    )


@pytest.fixture(scope="module")
def network() -> backbones.Backbone:
    return backbones.load("squeezenet1_1", "random")


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def test_local_descriptions_of_a_new_image_are_those_of_the_same_image_in_the_database(
    searched: LandmarkCollection, training: TrainingImages
) -> None:
    found = nine_descriptions.describe_local(searched, training, longest=LONGEST, n_words=64, n_centres=4, seed=0)
    assert list(found.descriptions) == ["BOW", "BOW, tf-idf", "VLAD", "Fisher vector"]
    for x in found.descriptions.values():
        assert (len(x.xq), len(x.xb), len(x.xt)) == (3, 12, 20)
        assert x.describe(searched.images[5]) == pytest.approx(x.xb[5], abs=1e-6)
        assert np.linalg.norm(x.xb, axis=1) == pytest.approx(1, abs=1e-5)
    assert [x.d for x in found.descriptions.values()] == [64, 64, 4 * 64, 2 * 4 * 64]
    assert found.encoders.reduced(found.queries[0]).shape == (len(found.queries[0].xy), 64)


def test_deep_descriptions_of_a_new_image_are_those_of_the_same_image_in_the_database(
    searched: LandmarkCollection, training: TrainingImages, network: backbones.Backbone
) -> None:
    found = nine_descriptions.describe_deep(searched, training, network, longest=LONGEST)
    for x in found.descriptions.values():
        assert (len(x.xq), len(x.xb), len(x.xt)) == (3, 12, 20)
        assert x.describe(searched.images[5]) == pytest.approx(x.xb[5], abs=2e-4), x.name
        assert np.linalg.norm(x.xb, axis=1) == pytest.approx(1, abs=1e-5)


def test_rmac_by_hand_is_the_library_s(searched: LandmarkCollection, network: backbones.Backbone) -> None:
    one = trace_rmac(read_view(searched.images[0], longest=LONGEST), network)
    assert one.rmac() == pytest.approx(pooling.rmac(from_numpy(one.maps)[None])[0].numpy(), abs=1e-6)
    assert one.mac == pytest.approx(pooling.mac(from_numpy(one.maps)[None])[0].numpy(), abs=1e-6)
    rng = np.random.default_rng(0)
    white = whitening.learn(np.abs(rng.normal(size=(2000, len(one.mac)))), "noise")
    expected = pooling.rmac(from_numpy(one.maps)[None], white)[0].numpy()
    assert one.rmac(white) == pytest.approx(expected, abs=1e-5)


def test_regions_know_their_level(searched: LandmarkCollection, network: backbones.Backbone) -> None:
    one = trace_rmac(cv2.resize(scenery(0), (256, 256)), network)
    assert np.bincount(one.levels).tolist() == [0, 1, 4, 9]
    side = one.grid[:, 2] - one.grid[:, 0]
    assert [set(side[one.levels == level].tolist()) for level in (1, 2, 3)] == [{s} for s in sorted(set(side))[::-1]]


@pytest.mark.parametrize("name", ["vgg16", "resnet50", "squeezenet1_1"])
def test_the_taps_that_are_drawn_have_maps(name: str) -> None:
    taps = backbones.TAPS[name]

    class Named:
        def __init__(self) -> None:
            self.taps, self.last_maps = tuple(taps), backbones.LAST_MAPS.get(name, "layer4")

    drawn = maps.taps_to_draw(Named())  # type: ignore[arg-type]
    assert drawn[-1] == Named().last_maps
    assert len(set(drawn)) == 3
    assert code_tap(Named()) == ("fc6" if name == "vgg16" else "logits")  # type: ignore[arg-type]


def test_frames_tell_right_from_wrong_and_the_query_is_left_out(searched: LandmarkCollection) -> None:
    ranking = np.array([4, 0, 5, 7, 6, 1, 2, 3, 8, 9, 10, 11])
    fig = rankings.rankings(searched, searched.queries[1], {"made up": ranking}, n=4)
    frames = [ax.spines["left"].get_edgecolor() for ax in fig.axes]
    wanted = [rankings.KIND_COLOURS[kind] for kind in ("query", "other", "ok", "junk", "ok")]  # 4 is the query itself
    assert frames == [to_rgba(colour) for colour in wanted]


def test_a_box_is_drawn_in_the_scale_of_the_picture(searched: LandmarkCollection) -> None:
    fig = rankings.collection_sheet(searched, searched.queries[:1])
    drawn = fig.axes[0].images[0].get_array().shape
    patch = fig.axes[0].patches[0]
    assert patch.get_x() / drawn[1] == pytest.approx(10 / WIDE, abs=0.02)
    assert patch.get_width() / drawn[1] == pytest.approx(89 / WIDE, abs=0.02)


def test_lines_of_a_ranking_stand_where_right_images_are(searched: LandmarkCollection) -> None:
    ranking = np.array([4, 0, 5, 7, 6, 1, 2, 3, 8, 9, 10, 11])
    fig = rankings.all_ranks({"made up": ranking}, searched.queries[1])
    right, junk = (sorted({segment[0][0] for segment in lines.get_segments()}) for lines in fig.axes[0].collections)
    assert right == [3, 5]
    assert junk == [4]


def test_boxes_of_common_maxima_lie_where_the_maxima_are() -> None:
    values = np.zeros((3, 4, 6), np.float32)
    values[0, 1, 2] = values[1, 3, 5] = 5
    grid = np.array([[0, 0, 4, 4]])
    seen = RmacTrace(cv2.resize(scenery(0), (60, 40)), values, grid, ids(1))
    fig = maps.common_maxima({"one": seen, "same": seen}, 2)
    boxes = [(p.get_x() // 10, p.get_y() // 10) for p in fig.axes[0].patches]
    assert boxes == [(2, 1), (5, 3)]


def test_images_are_drawn_no_finer_than_the_page_shows() -> None:
    _, ax = plt.subplots()
    assert axes.framed(ax, np.zeros((300, 1100, 3), np.uint8), inches=1.0) == pytest.approx(130 / 1100)
    assert images.resize(np.zeros((3, 4, 3), np.uint8), 2).shape == (2, 2, 3)
