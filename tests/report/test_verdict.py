"""The verdict on a claim: its direction over all comparisons, its sizes, and their text."""

import numpy as np
import pytest

from vretlib.report.measured import Measured
from vretlib.report.predicates.comparisons import HOLDS, REVERSED, UNDECIDED, Comparison, StatedSize
from vretlib.report.verdict import PARTLY, UNTESTABLE, Verdict

H, U, R = "holds", "undecided", "reversed"


def compared(direction: str, margin: float = 0.1, **sizes: bool) -> Comparison:
    """A comparison with a direction, and a size for each word, inside its range or not."""
    ends = {H: (margin, margin), U: (-1, 1), R: (-margin, -margin)}[direction]
    left = Measured(1 + margin * (-1 if direction == R else 1), 1 + np.linspace(*ends, 100))
    stated = tuple(StatedSize(word, 0.2, 0.1, 0.3 if good else 0.15, word) for word, good in sizes.items())
    return Comparison("c", left, ">", 1.0, sizes=stated)


def verdict(asks: str, directions: str) -> Verdict:
    return Verdict(asks, tuple(compared({"h": H, "u": U, "r": R}[letter]) for letter in directions))


@pytest.mark.parametrize(
    ("asks", "directions", "direction"),
    [
        ("all", "hhh", HOLDS),
        ("all", "hhu", UNDECIDED),
        ("all", "uuu", UNDECIDED),
        ("all", "hhr", PARTLY),
        ("all", "urr", REVERSED),
        ("all", "rrr", REVERSED),
        ("most", "hhr", HOLDS),
        ("most", "hur", UNDECIDED),
        ("most", "hhrr", PARTLY),
        ("most", "hhur", UNDECIDED),
        ("most", "urrr", REVERSED),
        ("some", "rhh", HOLDS),
        ("some", "rru", UNDECIDED),
        ("some", "rrr", REVERSED),
        ("all but one", "hhr", HOLDS),
        ("all but one", "hur", UNDECIDED),
        ("all but one", "hrr", REVERSED),
    ],
)
def test_the_direction_follows_what_the_words_ask_for(asks, directions, direction):
    assert verdict(asks, directions).direction == direction


@pytest.mark.parametrize(
    ("directions", "direction"),
    [
        ("r", REVERSED),  # .025
        ("ur", REVERSED),  # one of two or more: 1 - .975² = .049
        ("uur", UNDECIDED),  # one of three: 1 - .975³ = .073
        ("hur", UNDECIDED),  # the same on both sides
        ("u" * 17 + "r", UNDECIDED),  # one of 18: .37
        ("u" * 9 + "r" * 7, REVERSED),
        ("hh" + "u" * 23 + "r" * 11, REVERSED),  # two of 36 hold: 1 - .975³⁶ - 36 · .025 · .975³⁵ = .23
        ("hhhh" + "u" * 21 + "r" * 11, PARTLY),  # four of 36: .012
        ("hhhh" + "u" * 32, UNDECIDED),  # nothing is reversed
    ],
)
def test_a_claim_that_fails_is_not_judged_by_what_chance_explains(directions, direction):
    assert verdict("all", directions).direction == direction


def test_some_do_not_hold_by_chance():
    """One of four: 1 - .975⁴ = .096; two of four: .0036."""
    assert verdict("some", "hrrr").direction == UNDECIDED
    assert verdict("some", "huuu").direction == UNDECIDED
    assert verdict("some", "hhrr").direction == HOLDS


def test_printed_numbers_have_no_intervals_so_that_chance_explains_none_of_them():
    plain = [Comparison("c", left, ">", 1.0) for left in (2.0, 0.5, 0.5, 0.5, 0.5, 0.5)]
    assert Verdict("all", tuple(plain)).direction == PARTLY
    assert Verdict("all", tuple(plain[1:])).direction == REVERSED


def test_the_text_counts_each_direction():
    assert str(verdict("all", "hhhh")) == "direction holds (4 of 4 hold)"
    assert str(verdict("most", "hhhur")) == "direction holds (3 of 5 hold; asks for most; 1 undecided, 1 reversed)"
    assert str(verdict("all", "hhuur")) == "direction holds in part (2 of 5 hold; 2 undecided, 1 reversed)"
    assert str(verdict("all", "u")) == "direction undecided"
    assert str(verdict("all", "rr")) == "direction reversed (0 of 2 hold; 2 reversed)"


def test_what_cannot_be_tested_says_why():
    small = Verdict("all", (), untestable="not testable at this scale: 6 films")
    assert small.direction == UNTESTABLE
    assert small.size == "none stated"
    assert small.deciding is None
    assert str(small) == "not testable at this scale: 6 films"


def test_the_margin_is_that_of_the_comparison_that_decides():
    best, middle, worst = (compared(direction, margin) for direction, margin in ((H, 0.1), (U, 0.5), (R, 0.3)))
    assert Verdict("all", (best, middle, worst)).deciding is worst
    assert Verdict("most", (best, middle, worst)).deciding is middle  # undecided, though its margin is the largest
    assert Verdict("some", (best, middle, worst)).deciding is best


def test_the_deciding_comparison_is_chosen_across_units():
    ranks, recall = Comparison("MR", 10, "<", 20), Comparison("R@1", 0.51, ">", 0.5)
    assert Verdict("all", (ranks, recall)).deciding is recall
    assert Verdict("some", (ranks, recall)).deciding is ranks


class TestSize:
    def test_without_a_stated_size_the_text_says_nothing_about_it(self):
        plain = verdict("all", "h")
        assert plain.size == "none stated"
        assert str(plain) == "direction holds"

    def test_a_direction_may_hold_with_its_size_outside(self):
        found = Verdict("all", (compared(H, ten=False),))
        assert (found.direction, found.size) == (HOLDS, "outside")
        assert str(found) == "direction holds; size outside: 0.2 (stated ten)"

    def test_one_size_outside_is_outside(self):
        found = Verdict("all", (compared(H, ten=True), compared(H, five=False)))
        assert found.size == "outside"
        assert str(found).endswith("size outside in 1 of 2: 0.2 (stated five)")

    def test_all_inside_is_inside(self):
        found = Verdict("all", (compared(H, ten=True), compared(R, five=True)))
        assert (found.direction, found.size) == (PARTLY, "inside")
        assert str(found).endswith("; size inside in 2 of 2")

    def test_a_long_list_is_cut(self):
        found = Verdict("all", (compared(H, **dict.fromkeys("abcde", False)),))
        assert str(found).endswith("(stated c) and 2 more")


def test_notes_follow_the_verdict():
    assert str(Verdict("all", (compared(H),), notes=("5 of 7 methods were not rerun here",))) == (
        "direction holds; 5 of 7 methods were not rerun here"
    )


def test_the_record_carries_direction_size_and_interval():
    record = Verdict("all", (compared(H, 0.1, ten=False), compared(U, 0.1))).record()
    assert (record["direction"], record["size"]) == ("undecided", "outside")
    assert (record["true"], record["undecided"], record["reversed"], record["total"]) == (1, 1, 0, 2)
    assert record["interval"] == pytest.approx([-0.95, 0.95])
    assert record["sizes"] == [{"label": "ten", "value": 0.2, "stated": "ten", "inside": False}]
