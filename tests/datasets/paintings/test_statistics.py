"""Table 7.2, Figure 7.4 and the classes of attributes, counted by hand."""

from pathlib import Path

import numpy as np

from vretlib.datasets.paintings import statistics
from vretlib.datasets.paintings.classes import Classes
from vretlib.datasets.paintings.collection import Painting


def painting(title: str = "", comment: str = "", **attributes: str) -> Painting:
    return Painting(Path("a.jpg"), title, comment, attributes)


SOME = [
    painting("Still-Life", "A vase. A vase", Type="still-life", Date="1650"),
    painting("Still-Life", "Roses", Type="still-life"),
    painting("River", "", Type="landscape", Date="1650"),
    painting("", "The river and the sea", Type="genre"),
]


def test_a_row_of_table_7_2_counts_values_samples_and_names_the_most_common():
    assert statistics.field(SOME, "Type") == statistics.Field(3, 4, "still-life")
    assert statistics.field(SOME, "Title") == statistics.Field(2, 3, "Still-Life")
    assert statistics.field(SOME, "Date") == statistics.Field(1, 2, "1650")
    assert statistics.field(SOME, "Author") == statistics.Field(0, 0, "")


def test_a_panel_of_figure_7_4_has_the_most_common_value_first():
    assert list(statistics.distribution(SOME, "Type").items()) == [("still-life", 2), ("genre", 1), ("landscape", 1)]


def test_titles_repeat_where_another_painting_has_the_same():
    assert statistics.share_of_repeated_titles(SOME) == 2 / 3
    assert np.isnan(statistics.share_of_repeated_titles([]))


def test_lengths_are_words_between_spaces():
    assert statistics.comment_lengths(SOME).tolist() == [4, 1, 0, 5]


def test_classes_are_frequent_values_and_the_rest_is_one_class():
    train = [painting(School=school) for school in ["Italian"] * 12 + ["Dutch"] * 10 + ["Irish"] * 9]
    classes = Classes.of(train, "School")
    assert classes.names == ("Italian", "Dutch", "UNK")
    asked = [painting(School=school) for school in ("Dutch", "Irish", "Finnish", "Italian")]
    assert classes.labels([*asked, painting()]).tolist() == [1, 2, 2, 0, 2]


def test_numbers_are_classes_as_they_are_written():
    assert Classes.of([painting(Year="1900")] * 2, "Year", at_least=1).names == ("1900", "UNK")
