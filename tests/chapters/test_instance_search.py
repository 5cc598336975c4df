"""Paper 003 on made-up vectors: the tables, where a box is found, and what single choices change."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vretlib import images
from vretlib.chapters.instance_search import inputs, methods, tables, variants
from vretlib.chapters.instance_search.inputs import INS, OXFORD, PARIS
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
from vretlib.described import region_search
from vretlib.described.region_search import RegionSearch
from vretlib.errors import NoExampleError
from vretlib.features.described_regions import DetectorView
from vretlib.features.detector_network import Detector
from vretlib.features.detector_parts import DetectorShape
from vretlib.models.query_tuning import QueryTuning
from vretlib.report import claims
from vretlib.search.regions import Depths

N, R, D = 12, 4, 5
DEPTHS = Depths(6, 2)


def unit(x):
    return (x / np.linalg.norm(x, axis=-1, keepdims=True)).astype(np.float32)


def collection(name, files=(), *, itself=True):
    """Two objects with three images each; the first two images of each are its queries."""
    nothing = np.zeros(0, np.int64)
    paths = tuple(files) or tuple(Path(f"{i}.png") for i in range(N))
    queries = tuple(
        LandmarkQuery(f"{o}_{k}", o, paths[first + k], (4.0, 4.0, 50.0, 40.0), first + k if itself else None, nothing,
                      np.arange(first, first + 3), nothing)
        for o, first in (("pen", 0), ("cup", 3)) for k in (0, 1)
    )  # fmt: skip
    boxes = {("pen", 2): (0.0, 0.0, 9.0, 9.0), ("cup", 5): (0.0, 0.0, 9.0, 19.0), ("pen", 0): (1.0, 1.0, 2.0, 2.0)}
    return LandmarkCollection(name, paths, queries, "for a test", "none", boxes)


def searched(of, seed=0):
    """Vectors around the object of each image, and noise."""
    rng = np.random.default_rng(seed)
    around = np.repeat(rng.normal(size=(N // 3, D)), 3, axis=0)
    asked = around[[0, 1, 3, 4]]
    xq, xb, box = (
        {p: unit(x + 0.4 * rng.normal(size=x.shape)) for p in ("sum", "max")} for x in (asked, around, asked)
    )
    regions = {p: unit(around[:, None] + rng.normal(size=(N, R, D))).astype(np.float16) for p in ("sum", "max")}
    corners = rng.integers(0, 9, (N, R, 4)).astype(np.float32)
    corners[..., 2:] += corners[..., :2]
    return RegionSearch(of, xq, xb, box, regions, corners, np.full(N, R), rng.random((N, R, 3)).astype(np.float16))


@pytest.fixture
def every():
    names = {OXFORD: "A", PARIS: "B", INS: "S"}
    return {h: searched(collection(n, itself=h != INS), k) for k, (h, n) in enumerate(names.items())}


@pytest.fixture
def tuned(every):
    return {(h, s): searched(one.collection, 10 * s + k) for k, (h, one) in enumerate(every.items()) for s in (1, 2)}


def test_a_whitening_is_learned_on_another_collection():
    assert inputs.whitened_on([OXFORD, PARIS, INS]) == {OXFORD: PARIS, PARIS: OXFORD, INS: OXFORD}
    assert inputs.whitened_on(["own"]) == {"own": "own"}


def test_sizes_count_images_and_measure_boxes(tmp_path):
    files = [tmp_path / f"{i}.png" for i in range(N)]
    for file in files:
        images.write(file, np.zeros((60, 80, 3), np.uint8))
    row = tables.sizes({OXFORD: collection("A", files)}).frame.loc["A"]
    assert row[["images", "objects", "queries", "answers"]].tolist() == [12, 2, 4, 3]
    assert row["box"] == pytest.approx(47 * 37 / 4800)


def test_table_1_re_ranks_each_filtering_by_each_pooling(every):
    frame = tables.table_1(every, DEPTHS).frame
    one = every[PARIS]
    ranking = one.reranked(one.rank("max"), "RPA-sum", 6).ranking
    assert frame.loc["IPA-max|RPA-sum", PARIS] == pytest.approx(one.ap(ranking).mean())
    assert frame.shape == (6, 3)


def test_table_2_has_a_row_for_each_detector_stage_and_expansion(every):
    without = {h: replace(one, scores=None) for h, one in every.items()}
    table = tables.table_2({"ZF (P)": without, "VGG16 (P)": without, "VGG16 (C)": without}, DEPTHS)
    one = without[INS]
    expanded = one.expanded(one.reranked(one.rank(), "RPA-max", 6).ranking, 2)
    assert table.frame.loc["VGG16 (P)|Yes|Yes", INS] == pytest.approx(one.ap(expanded).mean())
    assert table.frame.index[:4].tolist() == [f"ZF (P)|{s}" for s in ("No|No", "No|Yes", "Yes|No", "Yes|Yes")]
    assert table.stands_for == {OXFORD: "A", PARIS: "B", INS: "S"}


def test_table_4_repeats_rows_of_table_3(tuned):
    three = tables.table_3(tuned, DEPTHS)
    four = tables.table_4(three)
    assert four.frame.loc["Ours (ft#2) (+ CS-SR + QE)", PARIS] == three.frame.loc["CS-SR|Yes", f"{PARIS}|ft#2"]
    assert four.frame.loc["Ours (+ CA-SR + QE)", OXFORD] == three.frame.loc["CA-SR|Yes", f"{OXFORD}|ft#1"]
    assert four.frame.columns.tolist() == [OXFORD, PARIS]
    with pytest.raises(NoExampleError, match="Oxford and Paris"):
        tables.table_4(tables.table_3({(INS, s): tuned[INS, s] for s in (1, 2)}, DEPTHS))


def test_what_is_not_loaded_has_a_reason(every):
    table = tables.table_1({INS: every[INS]}, DEPTHS)
    assert table.reasons == dict.fromkeys((OXFORD, PARIS), 'needs dataset="oxford_paris"')


def test_claims_are_judged_on_the_tables(every, tuned):
    networks = dict.fromkeys(("ZF (P)", "VGG16 (P)", "VGG16 (C)"), every)
    plain = {n: {h: replace(one, scores=None) for h, one in of.items()} for n, of in networks.items()}
    three = tables.table_3(tuned, DEPTHS)
    made = {
        "1": tables.table_1(every, DEPTHS),
        "2": tables.table_2(plain, DEPTHS),
        "3": three,
        "4": tables.table_4(three),
    }
    frames = {("instance_search", number): table.measured() for number, table in made.items()}
    judged = claims.judge([f"003-{n:02}" for n in range(1, 20)], frames)
    assert [one.obtained.total for one in judged][:3] == [3, 6, 2]


def test_a_found_box_is_compared_with_the_true_one_in_images_that_are_no_queries(every):
    one = every[OXFORD]
    found = tables.means({("", str(k)): [v] for k, v in enumerate(variants._iou(one, variants.BEST))})
    x1, y1, x2, y2 = one.boxes[2].T
    shared = (np.minimum(x2, 9) - x1 + 1) * (np.minimum(y2, 9) - y1 + 1)
    by_hand = shared / (100 + (x2 - x1 + 1) * (y2 - y1 + 1) - shared)
    assert found.frame.loc["", "0"] == pytest.approx(by_hand.max())  # image 2 alone: 0 and 1 are asked with
    nearest = (one.regions["max"][2] @ one.asked["max"][1]).argmax()
    assert variants._iou(one, "RPA-max")[1] == pytest.approx(by_hand[nearest])
    likely = one.scores[2, :, 2].argmax()  # "pen" is the second class
    assert variants._iou(one, "CS-SR")[0] == pytest.approx(by_hand[likely])


def test_a_table_of_boxes_has_the_whole_image_as_well(tmp_path):
    files = [tmp_path / f"{i}.png" for i in range(N)]
    for file in files:
        images.write(file, np.zeros((20, 20, 3), np.uint8))
    one = {OXFORD: searched(collection("A", files))}
    frame = variants.located({"all": (variants.WHOLE, one), "CA-SR": ("RPA-sum", one)}).frame
    assert frame.loc["all", "A"] == pytest.approx((100 / 400 + 200 / 400) / 2)


def test_without_true_boxes_there_is_no_table_of_them(every):
    bare = {h: replace(one, collection=replace(one.collection, boxes={})) for h, one in every.items()}
    with pytest.raises(NoExampleError, match="A: no true box is known but those of the queries"):
        variants.located({"CA-SR": ("RPA-max", bare)})


def test_without_query_images_one_answer_is_left(every):
    table = variants.unseen({"raw": ("No|No", every)}, DEPTHS)
    assert table.frame.columns.tolist() == [f"{n}|{c}" for n in "AB" for c in ("all images", "without query images")]
    one = every[OXFORD]
    first = one.rank()[0]
    rest = first[~np.isin(first, (0, 1))].tolist()
    rank = rest.index(2) + 1
    found = table.per_query["raw", "A|without query images"][0]
    assert found == pytest.approx((1 / rank + (0 if rank > 1 else 1)) / 2)
    with pytest.raises(NoExampleError, match="no query image"):
        variants.unseen({"raw": ("No|No", {INS: every[INS]})}, DEPTHS)


def test_an_expansion_may_pass_over_the_query_s_own_image(every):
    frame = variants.one_choice({"base": every, "again": every}, DEPTHS).frame
    assert (frame.loc["base"] == frame.loc["again"]).all()
    one = every[OXFORD]
    ranking = one.expanded(one.rankings(DEPTHS)["CA-SR|No"], 2, np.array([0, 1, 3, 4]))
    assert frame.loc["query counts once", "A|CA-SR + QE"] == pytest.approx(one.ap(ranking).mean())
    assert frame.loc["query counts once", "S|CA-SR + QE"] == frame.loc["base", "S|CA-SR + QE"]


@pytest.fixture
def pictures(tmp_path, monkeypatch):
    monkeypatch.setattr("vretlib.paths.CACHE", tmp_path / "cache")
    rng = np.random.default_rng(3)
    files = [tmp_path / f"{i}.png" for i in range(N)]
    for file in files:
        images.write(file, rng.integers(0, 255, (64, 72, 3), dtype=np.uint8))
    return {OXFORD: collection("A", files), PARIS: collection("B", files[::-1])}


DETECTOR = Detector.untrained(DetectorShape("vgg16", (2, 2, 4, 4, 6), 8, ("hat",), (1.0, 2.0)))
VIEW = DetectorView(64, 96, 5)


def test_strategy_1_keeps_the_descriptors_and_strategy_2_does_not(pictures):
    tuned = methods.fine_tuned(DETECTOR, pictures, QueryTuning(steps=2, optimiser="sgd", short_side=64, long_side=96))
    assert set(tuned) == {(h, s) for h in (OXFORD, PARIS) for s in (1, 2)}
    assert all(log.steps == 2 for _, log in tuned.values())
    raw = methods.describe(dict.fromkeys(pictures, DETECTOR), pictures, VIEW)
    first, second = (
        methods.describe({h: tuned[h, s][0] for h in pictures}, pictures, VIEW, scores=True) for s in (1, 2)
    )
    np.testing.assert_allclose(first[OXFORD].xb["max"], raw[OXFORD].xb["max"], atol=0.01)
    assert not np.array_equal(second[OXFORD].xb["max"], first[OXFORD].xb["max"])
    assert all(one.scores.shape == (N, 5, 3) for one in first.values())  # two objects and the background


def test_a_whitening_is_learned_from_what_the_same_detector_sees(pictures):
    other = Detector.untrained(DETECTOR.shape, seed=1)
    alone = methods.describe(dict.fromkeys(pictures, DETECTOR), pictures, VIEW)[OXFORD]
    mixed = methods.describe({OXFORD: DETECTOR, PARIS: other}, pictures, VIEW)[OXFORD]
    np.testing.assert_allclose(mixed.xb["sum"], alone.xb["sum"], atol=1e-5)


def test_sums_are_whitened_where_the_page_says(pictures):
    detectors = dict.fromkeys(pictures, DETECTOR)
    plain = methods.describe(detectors, pictures, VIEW, learned_on={OXFORD: ""})[OXFORD]
    own = methods.describe(detectors, pictures, VIEW, learned_on={OXFORD: OXFORD})[OXFORD]
    assert plain.xb["sum"].mean() > 0.1 > abs(own.xb["sum"].mean())
    np.testing.assert_array_equal(own.xb["max"], plain.xb["max"])
    assert tuple(own.xb) == region_search.BOTH


def test_regions_of_another_detector_leave_the_filtering_as_it_is(pictures):
    one = methods.describe(dict.fromkeys(pictures, DETECTOR), pictures, VIEW)[PARIS]
    other = methods.with_regions_of(Detector.untrained(DETECTOR.shape, regions="align"), one, VIEW)
    np.testing.assert_array_equal(other.boxes, one.boxes)
    assert (other.rank() == one.rank()).all()
    assert not np.allclose(other.regions["max"], one.regions["max"], atol=0.01)
