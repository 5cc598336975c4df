"""Chapter 2's arithmetic against what a pencil gives, and its descriptions against each other."""

import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch import nn

from vretlib.chapters import background as ch2
from vretlib.chapters.background import axioms, by_hand, compare, protocols
from vretlib.chapters.background.descriptions import Description
from vretlib.datasets.landmarks.collection import LabelledImages, LandmarkCollection, LandmarkQuery, LandmarkStudy
from vretlib.errors import UserError
from vretlib.evaluation import average_precision
from vretlib.models.oasis import Oasis
from vretlib.models.pairs import random_triplets

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
    lessons = photographs("lessons", 5, 50)
    training = LabelledImages("LANDMARKS", lessons, np.repeat(np.arange(5), 4), tuple("abcde"))
    return LandmarkStudy({"OX5K": searched}, training, (), "for a test", "none")


@pytest.fixture(scope="module")
def searched(study: LandmarkStudy) -> LandmarkCollection:
    return ch2.searched_in(study, "OX5K")


# Axioms


def on_a_line(*places: float) -> np.ndarray:
    x = np.array(places)
    return np.abs(x[:, None] - x[None, :])


def test_distances_on_a_line_break_no_axiom() -> None:
    assert axioms.violations(on_a_line(0, 1, 3, 7.5)).tolist() == [0, 0, 0, 0]


def test_each_broken_axiom_is_counted_over_ordered_pairs_or_triples() -> None:
    d = np.array([[0, 1, 5], [1, 0, 1], [5, 1, 0.0]])  # from the first to the third by the second takes 2, not 5
    assert axioms.violations(d)["triangle inequality"] == pytest.approx(2 / 6)
    assert axioms.worst_triangle(d) in [(0, 1, 2), (2, 1, 0)]
    assert axioms.sides(d).tolist() == [5, 1, 1, -3]
    d[0, 2] = 4
    assert axioms.violations(d)["symmetry"] == pytest.approx(2 / 9)
    d[0, 1] = -1
    assert axioms.violations(d)["non-negativity"] == pytest.approx(1 / 9)


def test_identity_fails_for_a_distance_from_itself_and_for_two_things_at_distance_zero() -> None:
    assert axioms.violations(on_a_line(0, 0, 1))["identity"] == pytest.approx(2 / 9)
    same = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]], bool)
    assert axioms.violations(on_a_line(0, 0, 1), same)["identity"] == 0
    assert axioms.violations(on_a_line(0, 2) + np.diag([1, 0]))["identity"] == pytest.approx(1 / 4)


def test_two_things_have_no_triangle() -> None:
    assert np.isnan(axioms.violations(on_a_line(0, 1))["triangle inequality"])
    with pytest.raises(UserError, match="triangle"):
        axioms.worst_triangle(on_a_line(0, 1))


def test_the_cosine_distance_is_no_metric_and_the_angle_is_one_on_directions() -> None:
    x = np.array([[1, 0], [1, 1], [0, 1], [2, 0]], np.float32)  # 0°, 45°, 90°, and the first once more, twice as long
    measured = axioms.measures(x, None, x)
    assert axioms.sides(measured["cosine"])["detour − way"] == pytest.approx(2 * (1 - np.sqrt(0.5)) - 1)
    broken = axioms.table(measured)
    assert broken.loc["cosine", "triangle inequality"] > 0
    assert broken.loc["cosine", "identity"] == pytest.approx(100 * 2 / 16)
    assert broken.loc["angle", "triangle inequality"] == 0
    assert (broken.loc[["L1", "Euclid"]] == 0).all(axis=None)
    assert measured["angle"][0, 2] == pytest.approx(1)


def test_a_learned_matrix_that_is_not_symmetric_gives_distances_that_are_not() -> None:
    oasis = Oasis(2)
    oasis.M = np.array([[1.0, 0.5], [0.0, 1.0]])
    d = axioms.measures([[1, 0], [0, 1]], oasis, np.zeros((1, 2), np.float32))["OASIS"]
    assert d.tolist() == [[0, 0.5], [1, 0]]


def test_a_centaur_is_the_left_half_of_one_and_the_right_half_of_the_other() -> None:
    left, right = np.zeros((6, 8, 3), np.uint8), np.full((12, 16, 3), 200, np.uint8)
    beast = axioms.centaur(left, right)
    assert beast.shape == left.shape
    assert (beast[:, :4] == 0).all()
    assert (beast[:, 4:] == 200).all()


def test_the_pair_for_a_centaur_is_of_two_landmarks_and_the_least_alike(searched: LandmarkCollection) -> None:
    scores = np.full((3, 12), 0.5, np.float32)
    scores[2, 4] = 0.1  # the third query and the image of the second
    scores[1, 4] = -1  # a query and its own image, which does not count
    assert axioms.unlike_pair(searched, 120, scores) == (2, 1)
    assert list(axioms.menagerie(searched, (2, 1), 60)) == ["a", "c, the centaur", "b"]


# By hand


def test_pooling_the_map_of_the_figure() -> None:
    x = [[1, 3, 2, 1], [4, 2, 0, 5], [0, 1, 7, 2], [2, 6, 1, 3]]
    assert by_hand.pool(x, how="max").tolist() == [[4, 5], [6, 7]]
    assert by_hand.pool(x, how="sum").tolist() == [[10, 8], [9, 13]]
    assert by_hand.pool(x, how="mean").tolist() == [[2.5, 2], [2.25, 3.25]]


@pytest.mark.parametrize(("shape", "how"), [((3, 4), "max"), ((4, 4), "median"), ((4,), "max")])
def test_maps_that_do_not_divide_and_unknown_poolings_are_refused(shape: tuple[int, ...], how: str) -> None:
    with pytest.raises(UserError):
        by_hand.pool(np.zeros(shape), how=how)


@pytest.mark.parametrize(("stride", "padding", "bias"), [(1, 1, True), (2, 0, False), (2, 3, True)])
def test_one_response_by_hand_is_the_network_s(stride: int, padding: int, bias: bool) -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(3, 4, 5, stride, padding, bias=bias), nn.ReLU())
    found = by_hand.one_response(net, torch.randn(3, 12, 15), channel=2, row=0, column=3)
    assert found["s by eq 2.1"] == pytest.approx(found["s by the network"], abs=1e-5)
    assert found["weights"] == 75
    assert (found["b"] != 0) == bias


def test_one_step_of_oasis_with_a_pencil() -> None:
    loss, step, matrix = by_hand.oasis_step(np.eye(2), [1, 0], [0.6, 0.8], [0.8, 0.6], trade_off=1.0)
    assert loss == pytest.approx(1.2)
    assert step == 1
    assert matrix == pytest.approx(np.array([[0.8, 0.2], [0, 1]]))
    far = by_hand.oasis_step(np.eye(2), [1, 0], [0.6, 0.8], [0.8, 0.6], trade_off=100.0)
    assert far.step == pytest.approx(15)  # 1.2 / 0.08: the margin is just reached
    assert by_hand.oasis_step(far.matrix, [1, 0], [0.6, 0.8], [0.8, 0.6], 1.0).loss == pytest.approx(0, abs=1e-12)


def test_oasis_does_not_move_without_loss_or_without_a_difference() -> None:
    assert by_hand.oasis_step(3 * np.eye(2), [1, 0], [1, 0], [0, 1], 1.0).step == 0
    assert by_hand.oasis_step(np.eye(2), [1, 0], [0, 1], [0, 1], 1.0).step == 0


def test_the_library_s_oasis_takes_the_steps_of_the_page() -> None:
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(12, 5)), np.repeat([0, 1, 2], 4)
    oasis = Oasis(5)
    oasis.fit(x, labels, n_triplets=40, generator=torch.Generator().manual_seed(3), progress=False)
    matrix = np.eye(5)
    for i, j, k in zip(*random_triplets(labels, 40, torch.Generator().manual_seed(3)), strict=True):
        matrix = by_hand.oasis_step(matrix, x[i], x[j], x[k], oasis.c).matrix
    np.testing.assert_allclose(oasis.M, matrix, atol=1e-5)


# Protocols


@pytest.mark.parametrize(("rule", "ap"), [("trapezoid", 17 / 24), ("plain", 3 / 4)])
def test_the_page_s_ranking_step_by_step(rule: str, ap: float) -> None:
    steps = average_precision.steps([3, 0, 1, 4, 2], [0, 2], [3], rule=rule)
    assert sum(step.area for step in steps) == pytest.approx(ap)
    recalls, precisions = protocols.corners(steps, rule)
    assert np.trapezoid(precisions, recalls) == pytest.approx(ap)  # the area that is drawn is the number
    table = protocols.step_table({rule: steps})
    assert table["image"].tolist()[:4] == ["0", "1", "4", "2"]
    assert table.loc["AP", f"area|{rule}"] == pytest.approx(ap)


def test_a_hit_table_lists_right_answers_alone() -> None:
    steps = average_precision.steps([3, 0, 1, 4, 2], [0, 2], [3])
    assert protocols.hit_table(steps, 5)["rank"].tolist() == [1, 4]
    assert protocols.hit_table(steps, 1)["rank"].to_dict() == {"hit 2": 4}


def test_the_query_image_counts_in_the_database_and_not_out_of_it(searched: LandmarkCollection) -> None:
    scores = -np.arange(36, dtype=np.float32).reshape(3, 12)  # every query ranks 0, 1, 2, …
    aps = protocols.per_query(scores, searched)
    # house_0: positives 0, 1, 2 lead, so all is 1 either way.
    assert aps.iloc[0].tolist() == [1, 1, 1, 1]
    # house_1: without junk 7, positives 4, 5, 6 have ranks 4, 5, 6; out of the database 5 and 6 have ranks 4 and 5.
    assert aps.loc["house_1_1", "in|plain"] == pytest.approx((1 / 5 + 2 / 6 + 3 / 7) / 3)
    assert aps.loc["house_1_1", "out|plain"] == pytest.approx((1 / 5 + 2 / 6) / 2)
    assert aps.loc["house_1_1", "out|trapezoid"] == pytest.approx((0.1 + (1 / 5 + 2 / 6) / 2) / 2)
    four = protocols.four_numbers(aps)
    assert four.loc["plain", "out"] == pytest.approx(aps["out|plain"].mean())


def test_three_readings_of_recall_at_k(searched: LandmarkCollection) -> None:
    scores = -np.arange(36, dtype=np.float32).reshape(3, 12)
    table = protocols.at_k(scores, searched, ks=(1, 2, 5))
    # Out of the database: house_0 has positives 1, 2 at ranks 0, 1; house_1 at 4, 5; house_2 at 8, 9.
    assert table["hit rate"].tolist() == pytest.approx([1 / 3, 1 / 3, 2 / 3])
    assert table["eq 2.11 (precision)"].tolist() == pytest.approx([1 / 3, 1 / 3, (2 / 5 + 1 / 5) / 3])
    assert table["eq 2.10 (recall)"].tolist() == pytest.approx([1 / 6, 1 / 3, (1 + 1 / 2) / 3])


def test_ties_move_map_and_its_expected_value_lies_between(searched: LandmarkCollection) -> None:
    rng = np.random.default_rng(0)
    x = made_of_numbers(rng.normal(size=(3, 8)), rng.normal(size=(12, 8)), rng.normal(size=(20, 8)))
    table = protocols.ties(x, searched, n_bits=(2, 16))
    assert list(table.index) == ["cosine", "2 bits"]  # 16 bits are not to be had from 8 numbers
    assert table.loc["cosine", "tied"] == 0
    assert (
        table.loc["cosine", ["mAP|smaller id", "mAP|larger id"]].tolist() == [table.loc["cosine", "mAP|expected"]] * 2
    )
    assert table.loc["2 bits", "tied"] > 0.5
    assert table.loc["2 bits", "mAP|smaller id"] != table.loc["2 bits", "mAP|larger id"]


# Comparisons


def made_of_numbers(xq: np.ndarray, xb: np.ndarray, xt: np.ndarray) -> Description:
    return Description("numbers", *(x.astype(np.float32) for x in (xq, xb, xt)), lambda _: np.zeros(xb.shape[1], "f4"))


def test_the_four_distances_of_the_page() -> None:
    table = compare.distances([3, 4], {"y": [4, 3], "z": [6, 8]})
    assert table.loc["L1"].tolist() == pytest.approx([2, 7])
    assert table.loc["Euclid"].tolist() == pytest.approx([2**0.5, 5])
    assert table.loc["cosine"].tolist() == pytest.approx([1 / 25, 0], abs=1e-6)
    assert table.loc["Hamming"].tolist() == [2, 2]


def test_pairs_in_order_counts_ties_half_and_leaves_out_what_is_neither() -> None:
    scores = np.array([[3, 2, 2, 1, 9]], np.float32)
    assert compare.pairs_in_order(scores, [ids(0, 2)], [ids(4)]) == pytest.approx((2 + 1.5) / 4)
    with pytest.raises(UserError, match="right and wrong"):
        compare.pairs_in_order(scores, [ids()], [ids()])


def test_oasis_puts_its_own_lessons_in_order(searched: LandmarkCollection) -> None:
    rng = np.random.default_rng(1)
    labels = np.repeat(np.arange(4), 8)
    useful = np.eye(4)[labels] + rng.normal(0, 0.3, (32, 4))
    xt = np.concatenate([useful, rng.normal(0, 3, (32, 6))], axis=1)  # four numbers that tell, six that only disturb
    x = {"numbers": made_of_numbers(rng.normal(size=(3, 10)), rng.normal(size=(12, 10)), xt)}
    compared = compare.all_scores(x, labels, n_triplets=3000, seed=0)
    table = compare.transfer(x, compared, searched, labels)
    assert table.loc["numbers", "training buildings|M"] > 0.9 > 0.8 > table.loc["numbers", "training buildings|I"]
    assert set(compared.scores) == {("numbers", way) for way in compare.SIMILARITIES}


def test_without_labels_there_is_no_oasis_and_the_table_says_so(searched: LandmarkCollection) -> None:
    rng = np.random.default_rng(0)
    x = {"numbers": made_of_numbers(rng.normal(size=(3, 6)), rng.normal(size=(12, 6)), rng.normal(size=(9, 6)))}
    compared = compare.all_scores(x, None, n_triplets=10, seed=0)
    table = compare.table(x, compared, searched, searched.images[:2])
    assert np.isnan(table.loc["numbers", "mAP|OASIS"])
    assert table.loc["numbers", ["d", "bytes|float32", "bytes|bits"]].tolist() == [6, 24, 1]
    assert 0 < table.loc["numbers", "mAP|cosine"] < 1
    assert compare.transfer(x, compared, searched, None).empty


def test_euclid_sorts_vectors_of_length_one_as_the_cosine_does(searched: LandmarkCollection) -> None:
    rng = np.random.default_rng(0)
    parts = [v / np.linalg.norm(v, axis=1, keepdims=True) for v in (rng.normal(size=(n, 6)) for n in (3, 12, 9))]
    table = compare.table(x := {"unit": made_of_numbers(*parts)}, compare.all_scores(x, None, n_triplets=1, seed=0),
                          searched, searched.images[:1])  # fmt: skip
    assert table.loc["unit", "mAP|Euclid"] == pytest.approx(table.loc["unit", "mAP|cosine"], abs=1e-12)


# The collection


def test_facts_count_what_a_query_has(searched: LandmarkCollection) -> None:
    facts = ch2.facts(searched)
    assert facts["mean"].tolist() == [2, 1, 1, 8]
    assert [q.name for q in ch2.one_per_landmark(searched)] == ["house_0_1", "house_1_1", "house_2_1"]
    assert ch2.kinds(searched.queries[1], 12).tolist() == [
        "other", "other", "other", "other", "query", "good", "ok", "junk", "other", "other", "other", "other",
    ]  # fmt: skip


def test_examples_are_of_the_same_and_of_another_landmark(searched: LandmarkCollection) -> None:
    assert ch2.example_ids(searched, searched.queries[1]) == (5, 0)


def test_a_query_that_has_only_itself_has_no_example(searched: LandmarkCollection) -> None:
    lonely = LandmarkQuery("one", "one", searched.images[0], None, 0, ids(0), ids(), ids())
    with pytest.raises(UserError, match="besides itself"):
        ch2.example_ids(searched, lonely)


def test_lessons_come_from_elsewhere_as_long_as_there_is_an_elsewhere(study: LandmarkStudy) -> None:
    searched = study.evaluation["OX5K"]
    assert ch2.lessons(study, searched).labels is not None
    twin = LandmarkCollection("PA6K", searched.images, searched.queries, "", "")
    without = LandmarkStudy({"OX5K": searched, "PA6K": twin}, None, (), "", "")
    assert ch2.lessons(without, searched).name == "PA6K, without labels"
    alone = LandmarkStudy({"OX5K": searched}, None, (), "", "")
    assert "itself" in ch2.lessons(alone, searched).name
    with pytest.raises(UserError, match="LA5K"):
        ch2.searched_in(study, "LA5K")
