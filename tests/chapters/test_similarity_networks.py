"""Chapter 3 on vectors whose answers are known: what is trained on what, how it is judged, what the tables hold."""

from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest

from vretlib import paths
from vretlib.chapters.similarity_networks import inputs, methods, tables
from vretlib.datasets.landmarks.collection import LabelledImages, LandmarkCollection, LandmarkQuery, LandmarkStudy
from vretlib.datasets.landmarks.described import DescribedStudy
from vretlib.datasets.landmarks.training_sets import training_sets, with_targets
from vretlib.errors import UserError
from vretlib.models import trained_similarities as trained
from vretlib.models.trained_similarities import SimilarityRecipe
from vretlib.models.training_set import TrainingSet, held_out_map
from vretlib.report import published

D = 16
TINY = SimilarityRecipe(
    width=32,
    optimiser="one-cycle",
    learning_rate=0.002,
    batch_size=50,
    warm_up_steps=60,
    steps=20,
    refine_steps=20,
    n_pairs=400,
    n_images=40,
    n_difficult=50,
    n_triplets=300,
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")


def ids(*values):
    return np.array(values, np.int64)


def unit(x):
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


def landmarks(rng, n, per):
    """Directions of ``n`` landmarks, ``per`` noisy views of each."""
    return unit(np.repeat(rng.normal(size=(n, D)), per, axis=0) + 0.6 * rng.normal(size=(n * per, D)))


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Two collections of two landmarks, six images each; the first two of each landmark are its queries."""
    folder = tmp_path_factory.mktemp("images")

    def photographs(name, n):
        rng, made = np.random.default_rng(n), []
        for i in range(n):
            made.append(folder / f"{name}_{i}.png")
            cv2.imwrite(str(made[-1]), rng.integers(0, 255, (30, 40, 3), np.uint8))
        return tuple(made)

    def collection(name):
        images = photographs(name, 12)
        queries = tuple(
            LandmarkQuery(f"{name}_{k}_{q}", f"{name}_{k}", images[6 * k + q], None, 6 * k + q,
                          ids(*(6 * k + np.arange(4))), ids(6 * k + 4), ids(6 * k + 5))
            for k in range(2) for q in range(2)
        )  # fmt: skip
        return LandmarkCollection(name, images, queries, "for a test", "none")

    training = LabelledImages("LANDMARKS", photographs("learn", 40), np.repeat(np.arange(10), 4), tuple("abcdefghij"))
    evaluation = {name: collection(name) for name in ("OX5K", "PA6K")}
    return LandmarkStudy(evaluation, training, photographs("other", 5), "for a test", "none")


@pytest.fixture(scope="module")
def described(study):
    rng = np.random.default_rng(3)
    database = {name: landmarks(rng, 2, 6) for name in study.evaluation}
    queries = {name: database[name][[0, 1, 6, 7]] for name in database}
    return DescribedStudy("RMAC", database, queries, landmarks(rng, 10, 4), unit(rng.normal(size=(5, D))))


class Oracle:
    """Scores that are looked up."""

    def __init__(self, scores):
        self.table = np.asarray(scores, np.float32)

    def scores(self, xq, xb):
        return self.table[: len(xq), : len(xb)]


# Training sets


def test_target_images_are_positives_and_never_queries(study, described):
    made = training_sets(study, described, few=2, many=12)
    extra = made["LANDMARKS-EXTRA"]
    assert {name: len(examples.labels) for name, examples in made.items()} == {
        "LANDMARKS": 40,
        "LANDMARKS-EXTRA500": 42,
        "LANDMARKS-EXTRA": 52,
    }
    # 3 good or ok images that are no query, of each of two landmarks
    assert extra.targets["OX5K"].tolist() == [2, 3, 4, 8, 9, 10]
    assert np.array_equal(extra.descriptors[40:46], described.database["OX5K"][extra.targets["OX5K"]])
    assert extra.labels[40:].tolist() == [10, 10, 10, 11, 11, 11, 12, 12, 12, 13, 13, 13]
    assert not {q.path for c in study.evaluation.values() for q in c.queries} & set(extra.images)


def test_more_targets_than_there_are_is_an_error_with_their_numbers(study, described):
    with pytest.raises(UserError, match=r"13 target images: there are 12 \(OX5K: 6, PA6K: 6\)"):
        training_sets(study, described, few=2, many=13)


def test_a_summary_names_what_was_added(study, described):
    made = training_sets(study, described, few=3, many=12)
    assert made["LANDMARKS"].summary == "LANDMARKS: 40 images"
    assert made["LANDMARKS-EXTRA500"].summary == "LANDMARKS-EXTRA500: 43 images, with 2 of OX5K, 1 of PA6K"


def test_the_sufficient_share_is_that_of_the_thesis(study):
    assert inputs.sufficient_targets(study) == {"OXFORD5K": round(6 * 100 / 512), "PARIS6K": round(6 * 250 / 1736)}


def test_a_study_without_training_images_is_refused(study, described):
    bare = LandmarkStudy(study.evaluation, None, (), "for a test", "none")
    with pytest.raises(UserError, match="no training images"):
        with_targets(bare, described, {}, name="x")


# Judging


def test_junk_is_passed_over_and_seen_images_count_neither_for_nor_against(study, described):
    scores = np.tile(-np.arange(12.0), (4, 1))  # the database in its own order for every query
    scores[2:] = scores[2:, ::-1]
    collection = study.evaluation["OX5K"]
    assert collection.positives()[0].tolist() == [0, 1, 2, 3, 4]
    # queries of the first landmark find 0..4 first; those of the second find 11 (junk), 10, .., 6
    assert methods.mean_ap(Oracle(scores), study, described, "OX5K").value == pytest.approx(1)
    worse = scores.copy()
    worse[0, [0, 5]] = 10, -20  # only the junk image moves
    assert methods.mean_ap(Oracle(worse), study, described, "OX5K").value == pytest.approx(1)
    shifted = scores.copy()
    shifted[:, 6:] += 100  # the second landmark before the first
    # first landmark's queries: five positives at ranks 7..11 of 11 (junk out)
    trapezoid = np.mean([(k / (6 + k) + (k + 1) / (7 + k)) / 2 for k in range(5)])
    found = methods.mean_ap(Oracle(shifted), study, described, "OX5K")
    assert found.per_query[0] == pytest.approx(trapezoid)
    unseen = methods.mean_ap(Oracle(shifted), study, described, "OX5K", seen=ids(*range(6, 12)))
    assert unseen.per_query[:2] == pytest.approx([1, 1])


def test_distractors_are_ranked_with_the_database(study, described):
    scores = np.tile(-np.arange(17.0), (4, 1))
    scores[2:, :12] = scores[2:, :12][:, ::-1]
    scores[:, 12] = 50  # one distractor before everything
    alone = methods.mean_ap(Oracle(scores), study, described, "OX5K").value
    among = methods.mean_ap(Oracle(scores), study, described, "OX5K", distractors=True).value
    assert alone == pytest.approx(1)
    assert among == pytest.approx(np.mean([(k / (1 + k) + (k + 1) / (2 + k)) / 2 for k in range(5)]))


def test_held_out_images_search_among_themselves():
    scores = np.array([[9, 1, 2, 0], [3, 9, 1, 2], [1, 2, 9, 3], [0, 1, 2, 9]], np.float32)
    labels = ids(0, 0, 1, 1)
    # image 0 finds its positive second, (0 + 1/2) / 2; the others first
    assert held_out_map(scores, labels) == pytest.approx((0.25 + 1 + 1 + 1) / 4)


# Learning


def test_a_network_is_trained_once_and_read_afterwards(study, described):
    examples = training_sets(study, described, few=2, many=12)["LANDMARKS-EXTRA"]
    first = trained.train_simnet(TINY, examples, 0.2)
    files = {path: path.stat().st_mtime_ns for path in paths.CACHE.rglob("*.safetensors")}
    again = trained.train_simnet(TINY, examples, 0.2)
    assert {path: path.stat().st_mtime_ns for path in paths.CACHE.rglob("*.safetensors")} == files
    assert np.array_equal(first.scores(described.training, described.training), again.scores(*[described.training] * 2))
    assert first.log == again.log
    assert not list(paths.CACHE.rglob("*.pt"))


def test_another_margin_seed_or_training_set_is_another_network(study, described):
    made = training_sets(study, described, few=2, many=12)
    x = described.training
    base = trained.train_simnet(TINY, made["LANDMARKS"], 0.2).scores(x, x)
    others = [
        trained.train_simnet(TINY, made["LANDMARKS"], 0.4),
        trained.train_simnet(TINY, made["LANDMARKS-EXTRA"], 0.2),
        trained.train_simnet(SimilarityRecipe(**{**vars(TINY), "seed": 1}), made["LANDMARKS"], 0.2),
        trained.train_simnet(TINY, made["LANDMARKS"], 0.2, "authors"),
    ]
    assert all(np.abs(other.scores(x, x) - base).max() > 1e-4 for other in others)


def test_difficult_pairs_are_rows_of_the_whole_training_set(study, described):
    examples = training_sets(study, described, few=2, many=12)["LANDMARKS-EXTRA"]
    star = trained.train_simnet_star(TINY, examples, 0.2)
    before = trained.train_simnet(TINY, examples, 0.2)
    assert star.difficult is not None
    i, j, match = (part.numpy() for part in star.difficult)
    assert 0 < len(i) <= 2 * TINY.n_difficult
    assert np.array_equal(examples.labels[i] == examples.labels[j], match)
    x = examples.descriptors
    score = before.scores(x, x)[i, j]
    cosine = (x[i] * x[j]).sum(1)
    assert ((score < cosine) == match).mean() > 0.99  # rounding apart


def test_held_out_images_are_of_no_batch(described):
    examples = TrainingSet("x", tuple(Path(f"{i}") for i in range(40)), described.training, np.repeat(np.arange(10), 4))
    kept, held_out = examples.split(trained.generator_of(TINY))
    assert len(held_out.labels) == 6
    assert set(kept.images) | set(held_out.images) == set(examples.images)
    assert not set(kept.images) & set(held_out.images)


@pytest.mark.parametrize(("wrong", "message"), [({"optimiser": "adam"}, "sgd, one-cycle"), ({"width": 30}, "of 4")])
def test_a_recipe_that_cannot_be_followed_is_an_error(wrong, message):
    with pytest.raises(UserError, match=message):
        SimilarityRecipe(**{**vars(TINY), **wrong})


def test_widths_keep_the_proportions_of_the_thesis():
    assert SimilarityRecipe().widths("A") == (1024, 1024)
    assert SimilarityRecipe().widths("D") == (4096, 4096, 4096)
    assert [TINY.widths(name) for name in "ABCD"] == [(8, 8), (32, 32), (64, 64), (32, 32, 32)]


def test_the_scale_of_the_thesis_is_what_it_prints():
    scale = tables.scale(SimilarityRecipe())
    said = published.hyperparameters("thesis")["value"]
    assert scale.loc["learning rate", "thesis"] == said["ch. 3: learning rate"]
    assert scale.loc["pairs in a batch", "thesis"] == said["ch. 3: batch size"]
    assert scale.loc["pairs of the warm-up", "thesis"] == said["ch. 3: warm-up training pairs"]
    assert scale.loc["pairs of images", "thesis"] == said["ch. 3: image pairs of training"]
    assert scale.loc["pairs of the warm-up", "here"] == "22,500,000"


# Tables


def test_table_3_2_has_the_printed_rows_and_a_column_for_each_set(study, described):
    made = training_sets(study, described, few=2, many=12)
    found = tables.table_3_2(study, described, made, TINY)
    table = found.frame
    assert [(check.part, len(check.frame)) for check in found.checks] == [
        ("cosine and OASIS", 2), ("Linear", 1), ("networks", 5),
    ]  # fmt: skip
    assert list(table.index) == list(published.table("thesis", "3.2").index)
    assert list(table.columns) == [f"{name}|{where}" for name in made for where in ("OX5K", "PA6K")]
    assert table.to_numpy().min() > 0
    assert table.to_numpy().max() <= 1
    cosine = methods.maps(methods.Cosine(), study, described)
    assert table.loc["Cosine"].tolist() == pytest.approx([cosine["OX5K"], cosine["PA6K"]] * 3)


def test_figure_3_5_without_targets_is_the_network_of_landmarks(study, described):
    curve = tables.figure_3_5(study, described, [0, 6], TINY).frame
    assert list(curve.index) == ["OXFORD5K", "PARIS6K"]
    examples = training_sets(study, described, few=2, many=12)["LANDMARKS"]
    star = trained.train_simnet_star(TINY, examples, tables.BEST)
    found = methods.maps(star, study, described)
    assert curve["0"].tolist() == pytest.approx([found["OX5K"], found["PA6K"]])


def test_own_rows_are_there_with_descriptors_and_absent_without(study, described):
    examples = training_sets(study, described, few=2, many=12)["LANDMARKS-EXTRA"]
    made = tables.state_of_the_art("3.4", study, described, examples, TINY)
    assert list(made.frame.columns) == ["Dim", "Similarity", "OX5K", "OX105K", "PA6K", "PA106K"]
    assert list(made.checks[0].frame.columns) == ["OX5K", "OX105K", "PA6K", "PA106K"]
    assert made.frame.loc["Ours (∆ = 0.8)", "OX105K"] <= made.frame.loc["Ours (∆ = 0.8)", "OX5K"]
    assert tables.state_of_the_art("3.4", study, None, None, TINY).frame.empty


def test_every_other_method_of_the_last_tables_has_a_reason(study):
    for number in ("3.4", "3.5"):
        made = tables.state_of_the_art(number, study, None, None, TINY)
        assert list(made.reasons) == list(published.table("thesis", number).index)


def test_table_3_1_separates_independent_from_known_cosine():
    table = tables.table_3_1(TINY, D, n=500).frame
    assert list(table.index) == list("ABCD")
    assert table.loc["A", "Params"] == pytest.approx((2 * D * 8 + 8 + 8 * 8 + 8 + 8 + 1) / 1e6)
    # an untrained guess of zero has the variance of the cosine as its error: 1/D, and 1/3
    assert table["MSE"].between(0, 3 / D).all()
    assert isinstance(table, pd.DataFrame)
