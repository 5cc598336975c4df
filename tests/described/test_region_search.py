"""The stages of paper 003 on one collection, by hand and by brute force."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vretlib import images, paths
from vretlib.datasets.landmarks import detection_sets
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
from vretlib.described import region_search
from vretlib.described.region_search import RegionSearch
from vretlib.errors import UserError
from vretlib.features.described_regions import DescribedRegions, DetectorView
from vretlib.features.detector import describe
from vretlib.features.detector_network import Detector
from vretlib.features.detector_parts import DetectorShape
from vretlib.search.regions import Depths

D, N, R = 6, 8, 5


def unit(x):
    return (x / np.linalg.norm(x, axis=-1, keepdims=True)).astype(np.float32)


def query(name, image, positives, box=None):
    ids = np.array(positives, np.int64)
    return LandmarkQuery(f"{name}_{image}", name, Path(f"{image}.png"), box, image, ids[:0], ids, ids[:0])


COLLECTION = LandmarkCollection(
    "C", tuple(Path(f"{i}.png") for i in range(N)), (query("pen", 0, [0, 1, 2]), query("cup", 3, [3, 4]),
    query("pen", 1, [0, 1, 2])), "for a test", "none",
)  # fmt: skip


@pytest.fixture
def one():
    rng = np.random.default_rng(0)
    both = [{p: unit(rng.normal(size=(n, D))) for p in ("sum", "max")} for n in (3, N, 3)]
    regions = {p: unit(rng.normal(size=(N, R, D))).astype(np.float16) for p in ("sum", "max")}
    boxes, counts = rng.random((N, R, 4), np.float32), np.array([5, 5, 3, 1, 5, 0, 5, 2])
    return RegionSearch(COLLECTION, *both, regions, boxes, counts, rng.random((N, R, 3)).astype(np.float16))


def test_filtering_ranks_by_the_cosine_of_the_chosen_pooling(one):
    for pooling in ("sum", "max"):
        np.testing.assert_array_equal(one.rank(pooling), np.argsort(-(one.xq[pooling] @ one.xb[pooling].T)))


@pytest.mark.parametrize(("by", "pooling"), [("RPA-sum", "sum"), ("RPA-max", "max")])
def test_class_agnostic_re_ranking_compares_the_query_box_with_regions_of_the_same_pooling(one, by, pooling):
    plain = one.rank()
    found = one.reranked(plain, by, 4)
    for k, (mine, before) in enumerate(zip(found.ranking, plain, strict=True)):
        score = [max(one.regions[pooling][i, : one.n_regions[i]] @ one.asked[pooling][k], default=-9)
                 for i in before[:4]]  # fmt: skip
        assert mine.tolist() == [*before[np.argsort(-np.array(score))], *before[4:]]


def test_class_specific_re_ranking_takes_the_class_of_the_query_in_alphabetical_order(one):
    assert detection_sets.classes(COLLECTION)[0] == ("cup", "pen")
    plain = one.rank()
    found = one.reranked(plain, "CS-SR", N).ranking
    for k, column in enumerate((2, 1, 2)):  # column 0 is the background
        score = [one.scores[i, : one.n_regions[i], column].max(initial=-9) for i in plain[k]]
        assert found[k].tolist() == plain[k][np.argsort(-np.array(score), kind="stable")].tolist()


def test_expansion_follows_the_re_ranked_list(one):
    found = one.rankings(Depths(4, 2))
    assert list(found) == [f"{s}|{qe}" for qe in ("No", "Yes") for s in ("No", "CA-SR", "CS-SR")]
    for stage in ("No", "CA-SR", "CS-SR"):
        mean = [one.xq["sum"][k] + one.xb["sum"][found[f"{stage}|No"][k, :2]].sum(0) for k in range(3)]
        np.testing.assert_array_equal(found[f"{stage}|Yes"], np.argsort(-(np.array(mean) @ one.xb["sum"].T)))


def test_images_of_the_same_object_s_queries_may_be_left_out(one):
    out = detection_sets.asked_with(COLLECTION)
    assert [ids.tolist() for ids in out] == [[0, 1], [3], [0, 1]]
    ranking = np.array([[1, 5, 2, 0, 3, 4, 6, 7]] * 3)
    first = one.ap(ranking, out)[0]
    assert first == pytest.approx((0 / 1 + 1 / 2) / 2)  # image 2 alone, second when 1 and 0 are not counted
    assert one.ap(ranking)[0] > first


def test_sums_are_whitened_and_maxima_are_not():
    rng = np.random.default_rng(1)
    x, y = rng.random((50, D)) + 0.1, rng.random((4, 3, D)) + 0.1
    learned = region_search.whitening_of_sums(x.astype(np.float32), "x")
    values, vectors = np.linalg.eigh(np.cov(unit(x).T, bias=True))
    white = unit((unit(y) - unit(x).mean(0)) @ vectors / np.sqrt(values))
    found = region_search.finished(y, "sum", learned)
    np.testing.assert_allclose(found[0] @ found[1].T, white[0] @ white[1].T, atol=1e-4)
    np.testing.assert_allclose(region_search.finished(y, "max", learned), unit(y), atol=1e-6)
    np.testing.assert_allclose(region_search.finished(y, "sum", None), unit(y), atol=1e-6)


def test_images_that_all_look_the_same_teach_no_whitening():
    with pytest.raises(UserError, match=r"C: the detector sees no difference between its images \(3\)"):
        region_search.whitening_of_sums(np.full((3, D), 0.5, np.float32), "C")
    with pytest.raises(UserError, match="needs at least two images that differ"):
        region_search.whitening_of_sums(np.ones((1, D), np.float32), "C")


def test_regions_stay_where_they_lie_unless_they_are_whitened():
    rng = np.random.default_rng(4)
    sums, maxima = (unit(rng.random((N + 1, R, D))).astype(np.float16) for _ in range(2))
    whole = {p: rng.random((N + 1, D)).astype(np.float32) for p in region_search.BOTH}
    seen = DescribedRegions(
        whole, np.zeros((N + 1, R, 4), np.float32), np.full(N + 1, R), {"sum": sums, "max": maxima}, None, whole
    )
    collection = replace(COLLECTION, queries=COLLECTION.queries[:1])
    plain = region_search.search_in(collection, seen, None)
    assert np.shares_memory(plain.regions["sum"], sums)
    learned = region_search.whitening_of_sums(whole["sum"], "C")
    white = region_search.search_in(collection, seen, learned)
    assert np.shares_memory(white.regions["max"], maxima)
    expected = region_search.finished(sums[:N], "sum", learned)  # all images at once
    np.testing.assert_allclose(white.regions["sum"], expected, atol=1e-3)
    assert white.regions["sum"].dtype == np.float16
    assert {of.shape for of in (*plain.regions.values(), *white.regions.values())} == {(N, R, D)}


def test_a_collection_is_described_by_what_the_detector_sees(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    rng = np.random.default_rng(2)
    files = [tmp_path / f"{i}.png" for i in range(2)]
    for file in files:
        images.write(file, rng.integers(0, 255, (64, 80, 3), dtype=np.uint8))
    asked = LandmarkQuery(
        "a_1", "a", files[0], (8.0, 8.0, 60.0, 50.0), 0, np.array([0]), np.array([1]), np.array([], int)
    )
    collection = LandmarkCollection("two", tuple(files), (asked,), "for a test", "none")
    detector = Detector.untrained(DetectorShape("vgg16", (2, 2, 4, 4, 6), 8, ("cup",), (1.0, 2.0)))
    view = DetectorView(64, 96, 7)
    seen = region_search.describe_collection(detector, collection, view, scores=True)
    one = region_search.search_in(collection, seen, None, ["max"])
    alone = describe(detector, images.read(files[0]), **view._asdict(), box=asked.box)
    np.testing.assert_allclose(one.xq["max"][0], unit(alone.image["max"]), atol=1e-5)
    np.testing.assert_allclose(one.asked["sum"][0], unit(alone.query["sum"]), atol=1e-5)
    np.testing.assert_allclose(one.regions["max"][0, : one.n_regions[0]], unit(alone.regions["max"]), atol=1e-3)
    assert one.scores.shape == (2, 7, 2)
    assert list(one.regions) == ["max"]
    assert collection.query_boxes() == [asked.box]


def test_query_images_outside_the_database_and_images_asked_with_twice_are_described_after_it():
    paths, boxes, places = region_search._images(
        LandmarkCollection("C", (Path("0.png"), Path("1.png")), (
            query("pen", 1, [0], (1, 1, 9, 9)), query("cup", 1, [0], (2, 2, 9, 9)), query("pen", None, [0]),
        ), "", "")
    )  # fmt: skip
    assert [path.name for path in paths] == ["0.png", "1.png", "1.png", "None.png"]
    assert boxes == [None, (1, 1, 9, 9), (2, 2, 9, 9), None]
    assert places == [1, 2, 3]


def test_a_query_without_a_box_asks_with_its_whole_image(tmp_path):
    images.write(tmp_path / "a.png", np.zeros((30, 40, 3), np.uint8))
    asked = LandmarkQuery("a", "a", tmp_path / "a.png", None, None, *[np.array([], int)] * 3)
    assert LandmarkCollection("one", (), (asked,), "", "").query_boxes() == [(0, 0, 39, 29)]
