"""What chapter 2 takes apart adds up to what the library gives in one call, and its pictures tell the truth."""

import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgba
from torch import from_numpy

from vretlib import images
from vretlib.chapters import background as ch2
from vretlib.chapters.background import deep, local, pictures
from vretlib.chapters.background.pictures import show
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
from vretlib.errors import UserError
from vretlib.features import backbones, pooling, whitening
from vretlib.features.local import LocalFeatures

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
def lessons(tmp_path_factory: pytest.TempPathFactory) -> ch2.Lessons:
    return ch2.Lessons("lessons", photographs(tmp_path_factory.mktemp("lessons"), 5, 50), np.repeat(np.arange(5), 4))


@pytest.fixture(scope="module")
def network() -> backbones.Backbone:
    return backbones.load("squeezenet1_1", "random")


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


# Descriptions


def test_local_descriptions_of_a_new_image_are_those_of_the_same_image_in_the_database(
    searched: LandmarkCollection, lessons: ch2.Lessons
) -> None:
    found = ch2.describe_local(searched, lessons, longest=LONGEST, n_words=64, n_centres=4, seed=0)
    assert list(found.encodings) == ["BOW", "BOW, tf-idf", "VLAD", "Fisher vector"]
    for x in found.encodings.values():
        assert (len(x.xq), len(x.xb), len(x.xt)) == (3, 12, 20)
        assert x.describe(searched.images[5]) == pytest.approx(x.xb[5], abs=1e-6)
        assert np.linalg.norm(x.xb, axis=1) == pytest.approx(1, abs=1e-5)
    assert [x.d for x in found.encodings.values()] == [64, 64, 4 * 64, 2 * 4 * 64]
    assert found.reduced(found.queries[0]).shape == (len(found.queries[0].xy), 64)


def test_deep_descriptions_of_a_new_image_are_those_of_the_same_image_in_the_database(
    searched: LandmarkCollection, lessons: ch2.Lessons, network: backbones.Backbone
) -> None:
    found = ch2.describe_deep(searched, lessons, network, longest=LONGEST)
    for x in found.descriptions.values():
        assert (len(x.xq), len(x.xb), len(x.xt)) == (3, 12, 20)
        assert x.describe(searched.images[5]) == pytest.approx(x.xb[5], abs=2e-4), x.name
        assert np.linalg.norm(x.xb, axis=1) == pytest.approx(1, abs=1e-5)


# Local features


def test_a_box_is_cut_out_in_the_scale_of_the_whole_image(searched: LandmarkCollection) -> None:
    path = searched.images[0]
    whole, part = local.shown(path, 60), local.shown(path, 60, (0.0, 0.0, 59.0, 59.0))
    assert whole.shape[:2] == (45, 60)
    assert part.shape[:2] == (30, 30)
    assert local.shown(path, 500).shape[:2] == (HIGH, WIDE)  # never enlarged


def test_every_image_keeps_its_own_features(searched: LandmarkCollection) -> None:
    found = local.extract(searched.images, longest=LONGEST)
    assert len(found) == 12
    alone = local.describe(searched.images[7], LONGEST)
    assert found[7].descriptors == pytest.approx(alone.descriptors)
    assert found[7].xy == pytest.approx(alone.xy)
    assert np.bincount(found.image, minlength=12).tolist() == [len(found[i].xy) for i in range(12)]
    with pytest.raises(UserError, match="boxes"):
        local.extract(searched.images, longest=LONGEST, boxes=[None])


def unit(*angles: float) -> LocalFeatures:
    turn = np.deg2rad(angles)
    vectors = np.stack([np.cos(turn), np.sin(turn)], axis=1).astype(np.float32)
    return LocalFeatures(np.zeros_like(vectors), vectors)


def test_the_ratio_test_refuses_what_has_two_equally_near_neighbours() -> None:
    assert local.partners(unit(0, 40), unit(2, 38, 42, 90)).tolist() == [0, -1]
    assert local.partners(unit(0), unit(2)).tolist() == [-1]  # without a second there is nothing to compare with
    assert local.partners(unit(), unit(1, 2)).tolist() == []


def test_matches_are_counted_per_image(searched: LandmarkCollection) -> None:
    database = local.extract(searched.images, longest=LONGEST)
    counts = local.match_counts(database[4], database)
    assert counts.argmax() == 4
    assert set(np.argsort(-counts)[:4].tolist()) == {4, 5, 6, 7}  # its own landmark first
    one_by_one = [np.count_nonzero(local.partners(database[4], features) >= 0) for features in database]
    assert counts.tolist() == one_by_one


def test_the_most_telling_word_is_in_the_chosen_images_and_in_no_other() -> None:
    features = local.LocalSet(np.zeros((7, 2), "f4"), np.zeros((7, 1), "f4"), ids(0, 2, 4, 6, 7))
    word_of = np.array([0, 1, 0, 1, 0, 2, 0])
    assert local.telling_words(word_of, features, ids(0, 1), 3) == [1, 0, 2]


def test_a_corner_an_edge_and_a_plain_place_are_found_where_they_are() -> None:
    luma = np.full((160, 160), 40, np.uint8)
    luma[80:, 80:] = 200
    luma = np.clip(luma + np.random.default_rng(0).normal(0, 1, luma.shape), 0, 255).astype(np.uint8)
    corners = local.Corners(luma)
    assert np.abs(np.array(corners.places["corner"]) - 80).max() <= corners.side // 2  # inside the patch
    x, y = corners.places["edge"]
    assert (abs(x - 80) <= 12) != (abs(y - 80) <= 12)
    surfaces = {name: corners.surface(name) for name in corners.places}
    assert all(surface[10, 10] == 0 for surface in surfaces.values())
    assert np.median(surfaces["plain"]) < 5 < np.median(surfaces["corner"])


def test_sift_ignores_brightness_and_turns_and_pixels_do_not() -> None:
    luma = local.grey(cv2.resize(scenery(3), (480, 360)))
    table = local.sensitivity(luma)
    assert (table.loc[["half as bright", "half the contrast"], "SIFT"] < 0.05).all()
    assert table.loc["turned by 90°", "SIFT"] < 0.1 < 0.25 < table.loc["turned by 90°", "pixels"]
    assert table.loc["half as bright", "pixels"] > 0.5
    with pytest.raises(UserError, match="SIFT"):
        local.sensitivity(np.zeros((64, 64), np.uint8))


# Deep features


def test_rmac_by_hand_is_the_library_s(searched: LandmarkCollection, network: backbones.Backbone) -> None:
    one = ch2.trace_rmac(local.shown(searched.images[0], LONGEST), network)
    assert one.rmac() == pytest.approx(pooling.rmac(from_numpy(one.maps)[None])[0].numpy(), abs=1e-6)
    assert one.mac == pytest.approx(pooling.mac(from_numpy(one.maps)[None])[0].numpy(), abs=1e-6)
    rng = np.random.default_rng(0)
    white = whitening.learn(np.abs(rng.normal(size=(2000, len(one.mac)))), "noise")
    expected = pooling.rmac(from_numpy(one.maps)[None], white)[0].numpy()
    assert one.rmac(white) == pytest.approx(expected, abs=1e-5)


def test_regions_know_their_level(searched: LandmarkCollection, network: backbones.Backbone) -> None:
    one = ch2.trace_rmac(cv2.resize(scenery(0), (256, 256)), network)
    assert np.bincount(one.levels).tolist() == [0, 1, 4, 9]
    side = one.grid[:, 2] - one.grid[:, 0]
    assert [set(side[one.levels == level].tolist()) for level in (1, 2, 3)] == [{s} for s in sorted(set(side))[::-1]]


@pytest.mark.parametrize("name", ["vgg16", "resnet50", "squeezenet1_1"])
def test_the_taps_that_are_drawn_have_maps(name: str) -> None:
    taps = backbones.TAPS[name]

    class Named:
        def __init__(self) -> None:
            self.taps, self.last_maps = tuple(taps), backbones.LAST_MAPS.get(name, "layer4")

    drawn = deep.taps_to_draw(Named())  # type: ignore[arg-type]
    assert drawn[-1] == Named().last_maps
    assert len(set(drawn)) == 3
    assert deep.code_tap(Named()) == ("fc6" if name == "vgg16" else "logits")  # type: ignore[arg-type]


def test_pair_cosines_take_as_many_wrong_pairs_as_right_ones() -> None:
    pairs = deep.pair_cosines(np.eye(2, 5, dtype=np.float32), [ids(0, 3), ids(1)], seed=0)
    assert sorted(pairs["same"].tolist()) == [0, 1, 1]
    assert pairs["another"].tolist() == [0, 0, 0]


def test_whitening_makes_the_covariance_of_its_lessons_the_identity() -> None:
    rng = np.random.default_rng(0)
    x = (rng.normal(size=(500, 6)) @ rng.normal(size=(6, 6))).astype(np.float32)
    pairs = {"same": np.array([0.5, 0.7]), "another": np.array([0.1, 0.3])}
    facts = deep.whitening_facts(x, whitening.learn(x, "lessons"), [pairs, pairs])
    assert facts.loc["after", ["variance|least", "variance|most"]].tolist() == pytest.approx([1, 1], abs=1e-3)
    assert facts.loc["after", "largest correlation"] == pytest.approx(0, abs=1e-3)
    assert facts.loc["before", "variance|most"] > 2 * facts.loc["before", "variance|least"]
    assert facts.loc["before", "gap in σ"] == pytest.approx(4)  # means .6 and .2, both with σ = .1


# Pictures


def test_frames_tell_right_from_wrong_and_the_query_is_left_out(searched: LandmarkCollection) -> None:
    ranking = np.array([4, 0, 5, 7, 6, 1, 2, 3, 8, 9, 10, 11])
    fig = pictures.rankings(searched, searched.queries[1], {"made up": ranking}, n=4)
    frames = [ax.spines["left"].get_edgecolor() for ax in fig.axes]
    wanted = [show.COLOURS[kind] for kind in ("query", "other", "ok", "junk", "ok")]  # 4 is the query itself
    assert frames == [to_rgba(colour) for colour in wanted]


def test_a_box_is_drawn_in_the_scale_of_the_picture(searched: LandmarkCollection) -> None:
    fig = pictures.collection_sheet(searched, searched.queries[:1])
    drawn = fig.axes[0].images[0].get_array().shape
    patch = fig.axes[0].patches[0]
    assert patch.get_x() / drawn[1] == pytest.approx(10 / WIDE, abs=0.02)
    assert patch.get_width() / drawn[1] == pytest.approx(89 / WIDE, abs=0.02)


def test_lines_of_a_ranking_stand_where_right_images_are(searched: LandmarkCollection) -> None:
    ranking = np.array([4, 0, 5, 7, 6, 1, 2, 3, 8, 9, 10, 11])
    fig = pictures.all_ranks({"made up": ranking}, searched.queries[1], {"made up": 0.5})
    right, junk = (sorted({segment[0][0] for segment in lines.get_segments()}) for lines in fig.axes[0].collections)
    assert right == [3, 5]
    assert junk == [4]


def test_boxes_of_common_maxima_lie_where_the_maxima_are() -> None:
    maps = np.zeros((3, 4, 6), np.float32)
    maps[0, 1, 2] = maps[1, 3, 5] = 5
    grid = np.array([[0, 0, 4, 4]])
    seen = deep.RmacTrace(cv2.resize(scenery(0), (60, 40)), maps, grid, ids(1))
    fig = pictures.common_maxima({"one": seen, "same": seen}, 2)
    boxes = [(p.get_x() // 10, p.get_y() // 10) for p in fig.axes[0].patches]
    assert boxes == [(2, 1), (5, 3)]


def test_images_are_drawn_no_finer_than_the_page_shows() -> None:
    _, ax = plt.subplots()
    assert show.place(ax, np.zeros((300, 1100, 3), np.uint8), inches=1.0) == pytest.approx(0.1)
    assert images.resize(np.zeros((3, 4, 3), np.uint8), 2).shape == (2, 2, 3)
