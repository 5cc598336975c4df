"""Chapter 3 on vectors whose answers are known: how it is judged, and what its tables hold."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.landmark_study import TINY, D, ids
from vretlib import paths
from vretlib.chapters.similarity_networks import inputs, methods, tables
from vretlib.described import compared_methods
from vretlib.described.landmark_training import training_sets
from vretlib.models import trained_similarities as trained
from vretlib.report import published


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")


def drawn(study):
    """The same study with names of its own."""
    names = {"OX5K": "Town A", "PA6K": "Town B", "LANDMARKS-EXTRA": "Album + many"}
    evaluation = {names[name]: collection for name, collection in study.evaluation.items()}
    return replace(study, evaluation=evaluation, stands_for=names)


def test_as_many_targets_suffice_for_a_landmark_as_in_the_thesis(study):
    expected = {"OXFORD5K": round(2 * 100 / 11), "PARIS6K": round(2 * 250 / 11)}
    assert inputs.sufficient_targets(study) == inputs.sufficient_targets(drawn(study)) == expected


def test_drawn_collections_have_names_of_their_own_and_printed_headings(study):
    towns = drawn(study)
    assert inputs.main_set(towns) == "Town A"
    assert inputs.printed(towns, inputs.LONG) == {"Town A": "OXFORD5K", "Town B": "PARIS6K"}
    assert inputs.stands_for(towns, inputs.LONG) == {"OXFORD5K": "Town A", "PARIS6K": "Town B"}
    assert inputs.printed(study, inputs.LONG) == {"OX5K": "OXFORD5K", "PA6K": "PARIS6K"}
    assert inputs.stands_for(study, inputs.LONG) == {}
    assert inputs.printed(replace(towns, own=True), inputs.LONG) == {"Town A": "Town A", "Town B": "Town B"}


class Oracle:
    """Scores that are looked up."""

    def __init__(self, scores):
        self.table = np.asarray(scores, np.float32)

    def scores(self, xq, xb):
        return self.table[: len(xq), : len(xb)]


def test_junk_is_passed_over_and_seen_images_count_neither_for_nor_against(study, described_study):
    scores = np.tile(-np.arange(12.0), (4, 1))  # the database in its own order for every query
    scores[2:] = scores[2:, ::-1]
    collection = study.evaluation["OX5K"]
    assert collection.positives()[0].tolist() == [0, 1, 2, 3, 4]
    # queries of the first landmark find 0..4 first; those of the second find 11 (junk), 10, .., 6
    assert methods.ap(Oracle(scores), study, described_study, "OX5K").mean() == pytest.approx(1)
    worse = scores.copy()
    worse[0, [0, 5]] = 10, -20  # only the junk image moves
    assert methods.ap(Oracle(worse), study, described_study, "OX5K").mean() == pytest.approx(1)
    shifted = scores.copy()
    shifted[:, 6:] += 100  # the second landmark before the first
    # first landmark's queries: five positives at ranks 7..11 of 11 (junk out)
    trapezoid = np.mean([(k / (6 + k) + (k + 1) / (7 + k)) / 2 for k in range(5)])
    found = methods.ap(Oracle(shifted), study, described_study, "OX5K")
    assert found[0] == pytest.approx(trapezoid)
    unseen = methods.ap(Oracle(shifted), study, described_study, "OX5K", seen=ids(*range(6, 12)))
    assert unseen[:2] == pytest.approx([1, 1])


def test_distractors_are_ranked_with_the_database(study, described_study):
    scores = np.tile(-np.arange(17.0), (4, 1))
    scores[2:, :12] = scores[2:, :12][:, ::-1]
    scores[:, 12] = 50  # one distractor before everything
    alone = methods.ap(Oracle(scores), study, described_study, "OX5K").mean()
    among = methods.ap(Oracle(scores), study, described_study, "OX5K", distractors=True).mean()
    assert alone == pytest.approx(1)
    assert among == pytest.approx(np.mean([(k / (1 + k) + (k + 1) / (2 + k)) / 2 for k in range(5)]))


def test_table_3_2_has_the_printed_rows_and_a_column_for_each_set(study, described_study):
    made = training_sets(study, described_study, few=2, many=12)
    found = tables.table_3_2(study, described_study, made, TINY)
    table = found.frame
    assert [check.frame is table for check in found.checks] == [True]
    assert list(table.index) == list(published.table("thesis", "3.2").index)
    assert list(table.columns) == [f"{name}|{where}" for name in made for where in ("OX5K", "PA6K")]
    assert table.to_numpy().min() > 0
    assert table.to_numpy().max() <= 1
    cosine = [found.mean() for found in methods.all_ap(methods.Cosine(), study, described_study).values()]
    assert table.loc["Cosine"].tolist() == pytest.approx(cosine * 3)


def test_main_numbers_of_table_3_2_are_trained_with_other_seeds_as_well(study, described_study):
    made = training_sets(study, described_study, few=2, many=12)
    found = tables.table_3_2(study, described_study, made, TINY, seeds=(1, 2))
    assert set(found.spread) == {("SimNet* (0.8)", f"LANDMARKS-EXTRA|{name}") for name in ("OX5K", "PA6K")}
    other = trained.trained_simnet_star(replace(TINY, seed=2), made["LANDMARKS-EXTRA"], 0.8)
    expected = methods.ap(other, study, described_study, "OX5K").mean()
    first, _, third = found.spread["SimNet* (0.8)", "LANDMARKS-EXTRA|OX5K"]
    assert first == found.frame.loc["SimNet* (0.8)", "LANDMARKS-EXTRA|OX5K"]
    assert third == pytest.approx(expected)


def test_figure_3_5_without_targets_is_the_network_of_landmarks(study, described_study):
    curve = tables.figure_3_5(study, described_study, [0, 6], TINY).frame
    assert list(curve.index) == ["OXFORD5K", "PARIS6K"]
    examples = training_sets(study, described_study, few=2, many=12)["LANDMARKS"]
    star = trained.trained_simnet_star(TINY, examples, tables.BEST)
    found = [values.mean() for values in methods.all_ap(star, study, described_study).values()]
    assert curve["0"].tolist() == pytest.approx(found)


def compared(study, described_study):
    examples = training_sets(study, described_study, few=2, many=12)["LANDMARKS-EXTRA"]
    both = {"RMAC": described_study, "VGG16": described_study}
    elsewhere = {"Tolias et al., 2016": dict.fromkeys(study.evaluation, described_study), "absent": {}}
    return tables.compared_3_4(study, both, dict.fromkeys(both, examples), elsewhere, TINY)


def test_rows_of_other_methods_are_there_where_they_can_be_computed(study, described_study):
    made = tables.state_of_the_art("3.4", study, compared(study, described_study))
    headings = ["OX5K", "OX105K", "PA6K", "PA106K"]
    assert list(made.frame.columns) == ["Dim", "Similarity", *headings]
    assert list(made.checks[0].frame.columns) == headings
    assert list(made.frame.index) == [
        "Babenko et al., 2014", "Wan et al., 2014", "Tolias et al., 2016", "The same descriptors, cosine",
        "Ours (∆ = 0.8)",
    ]  # fmt: skip
    assert (made.frame["OX105K"] <= made.frame["OX5K"]).all()
    cosine = methods.ap(methods.Cosine(), study, described_study, "PA6K").mean()
    assert made.frame.loc["Tolias et al., 2016", "PA6K"] == pytest.approx(cosine)
    assert set(made.baseline.values()) == {"Tolias et al., 2016"}


def test_without_descriptors_every_method_of_the_last_tables_has_a_reason(study):
    for number in ("3.4", "3.5"):
        made = tables.state_of_the_art(number, study, {})
        assert made.frame.empty
        assert list(made.reasons) == list(published.table("thesis", number).index)
        lacking = {row for row, reason in made.reasons.items() if "the library lacks this method" in reason}
        assert not lacking & {*compared_methods.METHODS, "Salvador et al., 2016", "Radenović et al., 2016"}
        assert "Gordo et al., 2016" in lacking if number == "3.5" else "Mohedano et al., 2016" in lacking


def test_table_3_1_separates_independent_from_known_cosine():
    table = tables.table_3_1(TINY, D, n=500).frame
    assert list(table.index) == list("ABCD")
    assert table.loc["A", "Params"] == pytest.approx((2 * D * 8 + 8 + 8 * 8 + 8 + 8 + 1) / 1e6)
    # an untrained guess of zero has the variance of the cosine as its error: 1/D, and 1/3
    assert table["MSE"].between(0, 3 / D).all()
    assert isinstance(table, pd.DataFrame)
