"""Chapter 2's inputs and tables against what a pencil gives."""

import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest

from vretlib.chapters.background import inputs, methods, tables
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery, LandmarkStudy
from vretlib.described.nine_descriptions import Description, TrainingImages
from vretlib.errors import UserError
from vretlib.evaluation import average_precision
from vretlib.features import whitening
from vretlib.features.image_features import read_view
from vretlib.models import metric_axioms
from vretlib.models.labelled_images import LabelledImages
from vretlib.models.oasis import Oasis
from vretlib.plots import rankings

WIDE, HIGH = 120, 90


def ids(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def scenery(seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=(HIGH, WIDE, 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 2)
    return np.clip(128 + 50 * smooth / smooth.std(), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> LandmarkStudy:
    """Three landmarks, each photographed four times with more and more noise; the first photograph is the query."""
    folder = tmp_path_factory.mktemp("landmarks")

    def photographs(name: str, landmarks: int, first: int) -> tuple[Path, ...]:
        rng, paths = np.random.default_rng(first), []
        for landmark, view in itertools.product(range(landmarks), range(4)):
            noisy = scenery(first + landmark) + rng.normal(0, 6 * view, (HIGH, WIDE, 3))
            path = folder / f"{name}_{landmark}_{view}.png"
            cv2.imwrite(str(path), np.clip(noisy, 0, 255).astype(np.uint8))
            paths.append(path)
        return tuple(paths)

    images = photographs("searched", 3, 10)
    queries = tuple(
        LandmarkQuery(f"house_{k}_1", f"house_{k}", images[4 * k], (10.0, 5.0, 99.0, 79.0), 4 * k,
                      ids(4 * k, 4 * k + 1), ids(4 * k + 2), ids(4 * k + 3))
        for k in range(3)
    )  # fmt: skip
    searched = LandmarkCollection("OX5K", images, queries, "for a test", "none")
    taught = photographs("training", 5, 50)
    training = LabelledImages("LANDMARKS", taught, np.repeat(np.arange(5), 4), tuple("abcde"))
    return LandmarkStudy({"OX5K": searched}, training, (), "for a test", "none")


@pytest.fixture(scope="module")
def searched(study: LandmarkStudy) -> LandmarkCollection:
    return study.collection("OX5K")


def test_the_cosine_distance_is_no_metric_and_the_angle_is_one_on_directions() -> None:
    x = np.array([[1, 0], [1, 1], [0, 1], [2, 0]], np.float32)  # 0°, 45°, 90°, and the first once more, twice as long
    measured = tables.distances(x, None, x)
    assert metric_axioms.sides(measured["cosine"])["detour − way"] == pytest.approx(2 * (1 - np.sqrt(0.5)) - 1)
    broken = tables.axioms(measured).frame
    assert broken.loc["cosine", "triangle inequality"] > 0
    assert broken.loc["cosine", "identity"] == pytest.approx(100 * 2 / 16)
    assert broken.loc["angle", "triangle inequality"] == 0
    assert (broken.loc[["L1", "Euclid"]] == 0).all(axis=None)
    assert measured["angle"][0, 2] == pytest.approx(1)


def test_a_learned_matrix_that_is_not_symmetric_gives_distances_that_are_not() -> None:
    oasis = Oasis(2)
    oasis.M = np.array([[1.0, 0.5], [0.0, 1.0]])
    d = tables.distances([[1, 0], [0, 1]], oasis, np.zeros((1, 2), np.float32))["OASIS"]
    assert d.tolist() == [[0, 0.5], [1, 0]]


def test_a_centaur_is_the_left_half_of_one_and_the_right_half_of_the_other(searched: LandmarkCollection) -> None:
    a, c, b = inputs.centaur(searched, (2, 1), 60).values()
    assert c.shape == a.shape
    half = a.shape[1] // 2
    np.testing.assert_array_equal(c[:, :half], a[:, :half])
    np.testing.assert_array_equal(c[:, half:], b[:, half:])


def test_the_pair_for_a_centaur_is_of_two_landmarks_that_are_not_alike(searched: LandmarkCollection) -> None:
    scores = np.full((3, 12), 0.5, np.float32)
    scores[2, 4] = 0.1  # the third query and the image of the second
    scores[1, 4] = -1  # a query and its own image, which does not count
    assert inputs.unlike_pair(searched, 120, scores) == (2, 1)


def test_a_near_miss_is_the_first_wrong_image_behind_another(searched: LandmarkCollection) -> None:
    assert inputs.near_miss(np.array([0, 4, 1, 5, 6, 7, 2, 3, 8, 9, 10, 11]), searched.queries[1]) == 2
    with pytest.raises(UserError, match="no wrong image"):
        inputs.near_miss(
            np.array([2, 1, 0]), LandmarkQuery("one", "one", Path("x"), None, None, ids(0, 1), ids(), ids())
        )


def test_two_collections_share_the_near_miss(searched: LandmarkCollection) -> None:
    """Of query 1, 4 is its own image, 5 good, 7 junk, and 0, 1 and 8 are of other landmarks."""
    ranking = np.array([4, 7, 5, 0, 6, 1, 8, 2, 3, 9, 10, 11])
    views = {i: read_view(searched.images[i], longest=64) for i in (5, 0, 1, 8)}
    _, shared, before, after = inputs.in_context(searched, searched.queries[1], ranking, 64, n=2)
    assert np.array_equal(shared, views[0])
    for found, expected in ((before, [5]), (after, [1, 8])):
        assert len(found) == len(expected)
        assert all(np.array_equal(image, views[i]) for image, i in zip(found, expected, strict=True))


def test_a_table_of_updates_has_a_row_for_each_c() -> None:
    matrix = np.array([[-2.0, 3.0], [0.0, 1.0]])
    table = tables.oasis_updates({0.1: (0.1, 1.2, 1.192, np.eye(2)), 100.0: (15.0, 1.2, 1e-16, matrix)}).frame
    assert list(table.index) == ["C = 0.1", "C = 100"]
    assert table.loc["C = 100"].tolist() == [15, 1.2, 0, -2, 3, 0, 1]


def test_whitening_makes_the_covariance_of_its_training_vectors_the_identity() -> None:
    rng = np.random.default_rng(0)
    x = (rng.normal(size=(500, 6)) @ rng.normal(size=(6, 6))).astype(np.float32)
    pairs = {"same": np.array([0.5, 0.7]), "another": np.array([0.1, 0.3])}
    facts = tables.whitening(x, whitening.learn(x, "training"), [pairs, pairs]).frame
    assert facts.loc["after", ["variance|least", "variance|most"]].tolist() == pytest.approx([1, 1], abs=1e-3)
    assert facts.loc["after", "largest correlation"] == pytest.approx(0, abs=1e-3)
    assert facts.loc["before", "variance|most"] > 2 * facts.loc["before", "variance|least"]
    assert facts.loc["before", "gap in σ"] == pytest.approx(4)  # means .6 and .2, both with σ = .1


@pytest.mark.parametrize(("rule", "ap"), [("trapezoid", 17 / 24), ("plain", 3 / 4)])
def test_the_page_s_ranking_step_by_step(rule: str, ap: float) -> None:
    steps = average_precision.steps([3, 0, 1, 4, 2], [0, 2], [3], rule=rule)
    assert sum(step.area for step in steps) == pytest.approx(ap)
    recalls, precisions = rankings.corners(steps, rule)
    assert np.trapezoid(precisions, recalls) == pytest.approx(ap)  # the area that is drawn is the number
    table = tables.ap_steps({rule: steps}).frame
    assert table["image"].tolist()[:4] == ["0", "1", "4", "2"]
    assert table.loc["AP", f"area|{rule}"] == pytest.approx(ap)


def test_a_hit_table_lists_right_answers_alone() -> None:
    steps = average_precision.steps([3, 0, 1, 4, 2], [0, 2], [3])
    assert tables.last_hits(steps, 5).frame["rank"].tolist() == [1, 4]
    assert tables.last_hits(steps, 1).frame["rank"].to_dict() == {"hit 2": 4}


def test_the_query_image_counts_in_the_database_and_not_out_of_it(searched: LandmarkCollection) -> None:
    scores = -np.arange(36, dtype=np.float32).reshape(3, 12)  # every query ranks 0, 1, 2, …
    aps = tables.per_query(scores, searched)
    # house_0: positives 0, 1, 2 lead, so all is 1 either way.
    assert aps.iloc[0].tolist() == [1, 1, 1, 1]
    # house_1: without junk 7, positives 4, 5, 6 have ranks 4, 5, 6; out of the database 5 and 6 have ranks 4 and 5.
    assert aps.loc["house_1_1", "in|plain"] == pytest.approx((1 / 5 + 2 / 6 + 3 / 7) / 3)
    assert aps.loc["house_1_1", "out|plain"] == pytest.approx((1 / 5 + 2 / 6) / 2)
    assert aps.loc["house_1_1", "out|trapezoid"] == pytest.approx((0.1 + (1 / 5 + 2 / 6) / 2) / 2)
    four = tables.protocols(aps).frame
    assert four.loc["plain", "out"] == pytest.approx(aps["out|plain"].mean())


def test_three_readings_of_recall_at_k(searched: LandmarkCollection) -> None:
    scores = -np.arange(36, dtype=np.float32).reshape(3, 12)
    table = tables.recall_readings(scores, searched, ks=(1, 2, 5)).frame
    # Out of the database: house_0 has positives 1, 2 at ranks 0, 1; house_1 at 4, 5; house_2 at 8, 9.
    assert table["hit rate"].tolist() == pytest.approx([1 / 3, 1 / 3, 2 / 3])
    assert table["eq 2.11 (precision)"].tolist() == pytest.approx([1 / 3, 1 / 3, (2 / 5 + 1 / 5) / 3])
    assert table["eq 2.10 (recall)"].tolist() == pytest.approx([1 / 6, 1 / 3, (1 + 1 / 2) / 3])


def test_ties_move_map_and_its_expected_value_lies_between(searched: LandmarkCollection) -> None:
    rng = np.random.default_rng(0)
    x = made_of_numbers(rng.normal(size=(3, 8)), rng.normal(size=(12, 8)), rng.normal(size=(20, 8)))
    table = tables.ties(x, searched, n_bits=(2, 16)).frame
    assert list(table.index) == ["cosine", "2 bits"]  # 16 bits are not to be had from 8 numbers
    assert table.loc["cosine", "tied"] == 0
    assert (
        table.loc["cosine", ["mAP|smaller id", "mAP|larger id"]].tolist() == [table.loc["cosine", "mAP|expected"]] * 2
    )
    assert table.loc["2 bits", "tied"] > 0.5
    assert table.loc["2 bits", "mAP|smaller id"] != table.loc["2 bits", "mAP|larger id"]


def made_of_numbers(xq: np.ndarray, xb: np.ndarray, xt: np.ndarray) -> Description:
    return Description("numbers", *(x.astype(np.float32) for x in (xq, xb, xt)), lambda _: np.zeros(xb.shape[1], "f4"))


def test_the_four_distances_of_the_page() -> None:
    table = tables.four_distances([3, 4], {"y": [4, 3], "z": [6, 8]}).frame
    assert table.loc["L1"].tolist() == pytest.approx([2, 7])
    assert table.loc["Euclid"].tolist() == pytest.approx([2**0.5, 5])
    assert table.loc["cosine"].tolist() == pytest.approx([1 / 25, 0], abs=1e-6)
    assert table.loc["Hamming"].tolist() == [2, 2]


def test_oasis_puts_its_training_images_in_order(searched: LandmarkCollection) -> None:
    rng = np.random.default_rng(1)
    labels = np.repeat(np.arange(4), 8)
    useful = np.eye(4)[labels] + rng.normal(0, 0.3, (32, 4))
    xt = np.concatenate([useful, rng.normal(0, 3, (32, 6))], axis=1)  # four numbers that tell, six that only disturb
    x = {"numbers": made_of_numbers(rng.normal(size=(3, 10)), rng.normal(size=(12, 10)), xt)}
    compared = methods.score_all(x, labels, n_triplets=3000, seed=0)
    training = TrainingImages("training", (), labels)
    table = tables.oasis_transfer(x, compared, searched, training).frame
    assert table.loc["numbers", "training buildings|M"] > 0.9 > 0.8 > table.loc["numbers", "training buildings|I"]
    assert set(compared.scores) == {("numbers", way) for way in methods.SIMILARITIES}


def test_without_labels_there_is_no_oasis_and_the_table_says_so(searched: LandmarkCollection) -> None:
    rng = np.random.default_rng(0)
    x = {"numbers": made_of_numbers(rng.normal(size=(3, 6)), rng.normal(size=(12, 6)), rng.normal(size=(9, 6)))}
    compared = methods.score_all(x, None, n_triplets=10, seed=0)
    table = tables.comparison(x, compared, searched, searched.images[:2]).frame
    assert np.isnan(table.loc["numbers", "mAP|OASIS"])
    assert table.loc["numbers", ["d", "bytes|float32", "bytes|bits"]].tolist() == [6, 24, 1]
    assert 0 < table.loc["numbers", "mAP|cosine"] < 1
    with pytest.raises(UserError, match="nothing to learn a similarity from"):
        tables.oasis_transfer(x, compared, searched, TrainingImages("no labels", (), None))


def test_euclid_sorts_vectors_of_length_one_as_the_cosine_does(searched: LandmarkCollection) -> None:
    rng = np.random.default_rng(0)
    parts = [v / np.linalg.norm(v, axis=1, keepdims=True) for v in (rng.normal(size=(n, 6)) for n in (3, 12, 9))]
    x = {"numbers": made_of_numbers(*parts)}
    compared = methods.score_all(x, None, n_triplets=1, seed=0)
    table = tables.comparison(x, compared, searched, searched.images[:1]).frame
    assert table.loc["numbers", "mAP|Euclid"] == pytest.approx(table.loc["numbers", "mAP|cosine"], abs=1e-12)


def test_facts_count_what_a_query_has(searched: LandmarkCollection) -> None:
    facts = tables.collection(searched).frame
    assert facts["mean"].tolist() == [2, 1, 1, 8]
    assert [q.name for q in searched.first_queries] == ["house_0_1", "house_1_1", "house_2_1"]
    assert searched.queries[1].kinds(12).tolist() == [
        "other", "other", "other", "other", "query", "good", "ok", "junk", "other", "other", "other", "other",
    ]  # fmt: skip


def test_examples_are_of_the_same_and_of_another_landmark(searched: LandmarkCollection) -> None:
    assert inputs.example_ids(searched, searched.queries[1]) == (5, 0)


def test_a_query_that_has_only_itself_has_no_example(searched: LandmarkCollection) -> None:
    lonely = LandmarkQuery("one", "one", searched.images[0], None, 0, ids(0), ids(), ids())
    with pytest.raises(UserError, match="besides itself"):
        inputs.example_ids(searched, lonely)


def test_training_images_come_from_another_collection_where_there_is_one(study: LandmarkStudy) -> None:
    searched = study.evaluation["OX5K"]
    assert inputs.training_images(study, searched).labels is not None
    twin = LandmarkCollection("PA6K", searched.images, searched.queries, "", "")
    without = LandmarkStudy({"OX5K": searched, "PA6K": twin}, None, (), "", "")
    assert inputs.training_images(without, searched).name == "PA6K, without labels"
    alone = LandmarkStudy({"OX5K": searched}, None, (), "", "")
    assert "itself" in inputs.training_images(alone, searched).name
    with pytest.raises(UserError, match="LA5K"):
        study.collection("LA5K")
