"""Chapter 5 on films made of numbers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.video.made_films import PER_FRAME, made_film, without_features
from vretlib.chapters.binary_features import inputs, methods, tables, variants
from vretlib.datasets.query_list import Query
from vretlib.described.film_photographs import Photograph
from vretlib.errors import NoExampleError
from vretlib.features.local import LocalFeatures
from vretlib.video import film_indexes, track_examples
from vretlib.video.archive import Archive
from vretlib.video.described_film import DescribedFilm


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive((made_film("one", 1), made_film("two", 2, (9, 20))))


def photograph(film: DescribedFilm, frame: int, level: str = "easy") -> Photograph:
    """A perfect photograph: exactly the codes of the frame."""
    made = Photograph(Query(Path("photo.jpg"), film.name, frame, level), np.zeros((4, 4), np.uint8), None)
    rows = slice(*film.offsets[frame : frame + 2])
    made._described["orb_brief"] = LocalFeatures(film.xy[rows], film.codes[rows])
    return made


@pytest.fixture(scope="module")
def photographs(archive) -> list[Photograph]:
    one, two = archive.films
    return [photograph(one, 3), photograph(one, 15, "hard"), photograph(two, 8), photograph(two, 28, "hard")]


class SameFrame:
    """In place of the visual match: right is the very frame."""

    def match(self, film, frame, true_film, true_frame):
        right = (np.asarray(film) == np.asarray(true_film)) & (np.asarray(frame) == np.asarray(true_frame))
        return right.astype(float), right


def test_table_5_1_counts_features_and_the_bytes_of_descriptors(archive, photographs):
    compared = [film_indexes.bi_brute_force(archive), film_indexes.bi_aggregation_kd_tree(archive)]
    table = tables.table_5_1(compared, photographs, SameFrame(), backtracks=(10, 50)).frame
    assert table.loc["Bi-BruteForce", "Feat"] == 65 * PER_FRAME / 1e6
    assert table.loc["Bi-BruteForce", "Mem"] == 65 * PER_FRAME * 32 / 2**20
    assert table.loc["Bi-Aggregation-KdTree", "Mem"] == 5 * PER_FRAME * 32 / 2**20
    assert table.loc["Bi-BruteForce", "R@1|all B"] == 1.0
    assert np.isnan(table.loc["Bi-BruteForce", "R@1|B=10"])
    assert table.loc["Bi-Aggregation-KdTree", ["R@1|B=10", "R@1|B=50"]].tolist() == [1.0, 1.0]


def test_gains_of_table_5_1_are_over_brute_force_query_by_query(archive, photographs):
    compared = [film_indexes.bi_brute_force(archive), film_indexes.bi_aggregation_kd_tree(archive)]
    table = tables.table_5_1(compared, photographs, SameFrame(), backtracks=(10,))
    assert table.baseline == {"Mem": "Bi-BruteForce", "R@1": ("Bi-BruteForce", "R@1|all B")}
    assert len(table.per_query["Bi-Aggregation-KdTree", "R@1|B=10"]) == len(photographs)
    table.measured()  # values per query whose mean is not the cell are an error


def test_the_thesis_memory_column_is_descriptor_bytes():
    assert pytest.approx(2591, rel=0.002) == 85e6 * 32 / 2**20  # 85 is printed in millions, rounded


def test_table_5_2_has_a_row_per_film_and_a_total_over_photographs(archive, photographs):
    whole = tables.table_5_2(archive, photographs, np.array([True, False, True, True]))
    whole.measured()  # values per query whose mean is not the cell are an error
    table = whole.frame
    assert table["R@1"].tolist() == [0.5, 1.0, 0.75]
    assert table["Shots"].tolist() == [3, 2, 5]
    assert table.loc["Total", "Feat"] == 65 * PER_FRAME


def test_recall_by_level_keeps_the_order_of_difficulty(photographs):
    by_level = tables.by_level(photographs, np.array([True, False, True, True]))
    assert {name: np.nanmean(values) for name, values in by_level.items()} == {"easy": 1.0, "hard": 0.5, "all": 0.75}
    assert list(by_level) == ["easy", "hard", "all"]


def test_figure_5_4_starts_with_a_film_alone_and_ends_with_all(archive, photographs):
    curve = tables.figure_5_4(archive, photographs, SameFrame())
    assert list(curve.frame.index) == ["one", "two"]
    assert curve.frame.columns[-1] == "65"
    assert (curve.frame.to_numpy() == 1.0).all()
    low, _ = curve.bounds()
    np.testing.assert_allclose(low, 0.025**0.5)  # two photographs, both found


def test_a_film_that_no_photograph_shows_has_its_own_reason_in_table_5_2(archive, photographs):
    table = tables.table_5_2(archive, photographs[:2], np.array([True, False]))
    why = table.reasons
    assert why["two", "R@1"] == "no photograph shows it"
    assert ("one", "R@1") not in why
    assert why["Magnolia"] == "MoviesDB's films are not public"
    assert "Total" not in why


def test_levels_come_in_the_order_of_difficulty_and_no_level_counts_in_all_alone(photographs):
    levels = ["zoo", "hard", "", "medium"]
    asked = [replace(p, query=replace(p.query, level=name)) for p, name in zip(photographs, levels, strict=True)]
    by_level = tables.by_level(asked, np.array([True, False, True, True]))
    found = [(name, np.nanmean(values)) for name, values in by_level.items()]
    assert found == [("medium", 1.0), ("hard", 0.0), ("zoo", 1.0), ("all", 0.75)]


def test_answers_name_the_photograph_what_was_asked_and_what_was_found(archive, photographs):
    blank = Photograph(Query(Path("blank.jpg"), "two", 3, "hard"), np.zeros((300, 720), np.uint8), None)
    asked = [photographs[0], blank]
    answers = methods.retrieve(film_indexes.bi_aggregation_kd_tree(archive), asked)
    found, missing = methods.per_photograph(answers, asked, SameFrame())
    assert (found.asked, found.found, found.right, found.rank, found.level) == (
        "one, frame 3", "one, frame 3", True, 1, "easy",
    )  # fmt: skip
    assert (missing.found, missing.right, missing.rank, missing.score) == ("", False, None, None)


def test_a_film_without_features_is_found_by_nothing_and_the_others_as_without_it(archive, photographs):
    nothing = Archive((without_features(archive.films[0]),))
    mixed = Archive((nothing.films[0], *archive.films))
    answers = methods.retrieve(film_indexes.bi_aggregation_kd_tree(mixed), photographs)
    assert answers.films == ("one", "one", "two", "two")
    assert answers.frames.tolist() == [3, 15, 8, 28]
    assert inputs.film_to_show(mixed, photographs[2:]) == "two"
    assert inputs.film_to_show(mixed, photographs) == "one"
    assert inputs.film_to_show(mixed, [], "nothing") == "nothing"
    assert inputs.film_to_show(nothing, []) == "nothing"


def test_what_has_no_example_says_which(archive, photographs):
    film = without_features(archive.films[0])
    nothing = Archive((film,))
    right = np.array([True, False])
    cases = [
        (inputs.frame_features, (None, film, 0), "frame 0 of nothing has no feature"),
        (inputs.frame_features, (None, film, 99), "nothing ends before frame 99"),
        (track_examples.most_variable_track, (film,), "no track of nothing"),
        (track_examples.trajectories, ({"BRIEF": film}, 0, 1), "no shot of nothing"),
        (inputs.first_found, (~right & right,), "no photograph was found, of 2"),
        (inputs.not_found, (right | ~right,), "every photograph was found"),
        (film_indexes.key_feature_tree, (nothing,), "key feature"),
        (tables.table_5_1, ([], [], SameFrame()), "no photograph"),
    ]
    for make, arguments, why in cases:
        with pytest.raises(NoExampleError, match=why):
            make(*arguments)
    assert inputs.first_found(right) == 0


def test_changing_one_choice_gives_a_row_each(archive, photographs):
    rows = variants.one_choice_at_a_time(archive, photographs, photographs, SameFrame()).frame
    assert rows.loc["as in the thesis", "all"] == 1.0
    assert rows.index.is_unique


def test_positives_are_features_of_one_track():
    film = made_film("one", 1)
    first, second = (archives_frame(film, n) for n in (0, 1))
    assert inputs.followed_by(first, second).tolist() == list(range(PER_FRAME))
    cut_before, cut_after = (archives_frame(film, n) for n in (11, 12))
    assert set(inputs.followed_by(cut_before, cut_after).tolist()) == {-1}


def archives_frame(film, number):
    rows = slice(*film.offsets[number : number + 2])
    return inputs.FrameFeatures(np.zeros((1, 1), np.uint8), film.xy[rows], film.codes[rows], film.tracks[rows])


def test_dark_films_have_a_low_median_luma():
    bright, dark = made_film("one", 1), replace(made_film("two", 2), thumbnails=np.full((29, 9, 16), 20, np.uint8))
    assert inputs.dark_titles(Archive((bright, dark))) == ["two"]


def test_table_5_1_is_read_again_by_level_and_by_backtracks(archive, photographs):
    compared = [film_indexes.bi_brute_force(archive), film_indexes.bi_aggregation_kd_tree(archive)]
    table = tables.table_5_1(compared, photographs, SameFrame(), backtracks=(10, 50))
    by_level = tables.by_level_at(table, photographs, 50)
    assert by_level.frame.index.tolist() == ["Bi-BruteForce", "Bi-Aggregation-KdTree"]
    assert by_level.frame.columns.tolist() == ["easy", "hard", "all"]
    by_b = tables.by_backtracks(table)
    assert by_b.frame.index.tolist() == ["B=10", "B=50"]
    assert by_b.frame.columns.tolist() == ["Bi-Aggregation-KdTree"]
    assert by_b.baseline == "B=10"
    by_b.measured()


def test_without_a_method_that_backtracks_nothing_is_said_about_b(archive, photographs):
    table = tables.table_5_1([film_indexes.bi_brute_force(archive)], photographs, SameFrame(), backtracks=(10,))
    with pytest.raises(NoExampleError, match="backtracks"):
        tables.by_backtracks(table)
