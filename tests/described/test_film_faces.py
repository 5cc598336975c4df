"""Ranking, re-ranking and expansion of face films, and faces that are found and cut out."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from tests.described.film_points import films, searched
from vretlib.datasets.faces import crops
from vretlib.datasets.faces.film_collection import Pictures
from vretlib.described import film_faces
from vretlib.errors import UserError
from vretlib.features import detector_files
from vretlib.features.described_regions import DetectorView
from vretlib.search.metric_names import METRIC_OF
from vretlib.search.regions import Depths


@pytest.fixture(scope="module")
def search():
    return searched()


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def test_six_metrics_give_two_rankings(search):
    found = {name: {stage: ids.tolist() for stage, ids in search.stages("sum", Depths(7, 2), name).items()}
             for name in METRIC_OF}  # fmt: skip
    assert found["Cosine"] == found["Euclidian"] == found["L2"]
    assert found["Manhattan"] == found["CityBlock"] == found["L1"]
    assert found["L1"] != found["L2"]


@pytest.mark.parametrize("metric", ["Cosine", "L1"])
def test_reranking_takes_the_nearest_region_of_the_first_frames(search, metric):
    ranking = search.rank("max", metric)
    again = search.reranked(ranking, "max", 5, metric)
    for i, query in enumerate(unit(search.stills.query["max"].astype(float))):
        x = unit(search.frames.regions["max"][ranking[i, :5]].astype(float))
        apart = np.abs(x - query).sum(axis=2) if metric == "L1" else 1 - x @ query
        order = np.argsort(apart.min(axis=1), kind="stable")
        assert again.ranking[i, :5].tolist() == ranking[i, :5][order].tolist()
        assert again.region[i].tolist() == apart.argmin(axis=1)[order].tolist()
        assert again.ranking[i, 5:].tolist() == ranking[i, 5:].tolist()


def test_a_frame_without_regions_comes_last_of_the_first(search):
    n_regions = search.frames.n_regions.copy()
    n_regions[search.rank("sum")[0, 0]] = 0
    lacking = replace(search, frames=replace(search.frames, n_regions=n_regions))
    for metric in ("Cosine", "L1"):
        ranking = lacking.rank("sum", metric)
        first = np.flatnonzero(n_regions == 0)[0]
        again = lacking.reranked(ranking, "sum", 4, metric)
        rows = (ranking[:, :4] == first).any(axis=1)
        assert rows.any()
        assert (again.ranking[rows, 3] == first).all()
        assert (again.region[rows, 3] == -1).all()


def test_expansion_searches_with_the_mean_of_still_and_first_frames(search):
    ranking = search.rank("sum")
    xq, xb = unit(search.stills.image["sum"].astype(float)), unit(search.frames.image["sum"].astype(float))
    wanted = np.stack([np.argsort(-(xb @ (x + xb[ids[:3]].sum(axis=0))), kind="stable")
                       for x, ids in zip(xq, ranking, strict=True)])  # fmt: skip
    np.testing.assert_array_equal(search.expanded(ranking, "sum", 3), wanted)


def test_average_precision_is_the_mean_precision_at_relevant_frames():
    relevant = np.array([[True, False, True, False]])
    assert film_faces.mean_precision(np.array([[1, 0, 2, 3]]), relevant)[0] == pytest.approx((1 / 2 + 2 / 3) / 2)
    junk = np.array([[False, True, False, False]])
    assert film_faces.mean_precision(np.array([[1, 0, 2, 3]]), relevant, junk)[0] == 1
    assert np.isnan(film_faces.mean_precision(np.array([[1, 0, 2, 3]]), ~relevant & relevant))[0]


def test_raw_pixels_do_not_depend_on_brightness():
    some = films()
    x = film_faces.raw_pixels(some.frames)
    assert x.shape == (12, 576)
    np.testing.assert_allclose(np.linalg.norm(x, axis=1), 1)
    dark = [frame // 2 for frame in some.frames]
    assert (np.sum(x * film_faces.raw_pixels(dark), axis=1) > 0.99).all()


@pytest.mark.parametrize(("classes", "column", "sign"), [(["car", "face"], 2, 1), (["ada", "bo"], 0, -1)])
def test_the_region_that_is_most_a_face_or_least_background_is_taken(classes, column, sign):
    found = searched(scores=True).frames
    boxes = film_faces.most_certain(found, classes)
    for i, box in enumerate(boxes):
        assert box.tolist() == found.boxes[i, (sign * found.scores[i, :, column].astype(float)).argmax()].tolist()
    none = replace(found, n_regions=np.zeros_like(found.n_regions))
    assert np.isnan(film_faces.most_certain(none, classes)).all()
    with pytest.raises(UserError, match="scores were not asked for"):
        film_faces.most_certain(searched().frames, classes)


def test_faces_are_cut_out_and_pictures_without_one_stay_whole():
    some = films()
    boxes = some.boxes.copy()
    boxes[0] = np.nan
    cut = film_faces.cut_out(some, boxes, some.still_boxes, 16)
    assert cut.frames[0].shape == (24, 32, 3)
    assert {one.shape for one in cut.frames[1:]} == {one.shape for one in cut.stills} == {(16, 16, 3)}
    assert np.isnan(cut.still_boxes).all()
    np.testing.assert_array_equal(cut.relevant, some.relevant)


def test_squares_are_cut_at_each_access_and_none_is_kept():
    some, read = films(), []

    def picture(number):
        read.append(number)
        return some.frames[number]

    pictures = Pictures([partial(picture, number) for number in range(len(some.frames))])
    cut = film_faces.cut_out(replace(some, frames=pictures), some.boxes, some.still_boxes, 16).frames
    assert read == []
    wanted = crops.square(some.frames[3], (4, 4, 20, 20), 16)
    for _ in range(2):
        np.testing.assert_array_equal(cut[3], wanted)
    assert read == [3, 3]


@pytest.mark.parametrize("unknown", [[np.nan] * 4, [40, 3, 60, 9]])
def test_a_box_at_the_edge_and_one_that_is_unknown_or_outside_are_described(tmp_path, monkeypatch, unknown):
    monkeypatch.setattr(film_faces.describe_all.__globals__["cache"].paths, "CACHE", tmp_path)
    some = films(people=1)
    boxes = np.float32([[10, 10, 32, 24], unknown])
    found = film_faces.describe(
        detector_files.load("vgg16", "random"),
        replace(some, still_boxes=boxes),
        DetectorView(48, 64, 3),
        scores=True,
    )
    assert found.frames.scores is not None
    assert len(found.frames) == 4
    np.testing.assert_allclose(found.stills.query["sum"][1], found.stills.image["sum"][1])
    assert not np.allclose(found.stills.query["sum"][0], found.stills.image["sum"][0])
