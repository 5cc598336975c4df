"""Works: what is true of their facts, and that neither the pictures nor the texts depend on the other works."""

import re
from collections import Counter

import pytest

from embedded.paintings import works


@pytest.fixture(scope="module")
def some():
    return [works.work(1, number) for number in range(300)]


def test_facts_fit_one_another(some):
    for work in some:
        if years := re.findall(r"\d{4}", work.date):
            assert work.painter.period - 9 <= int(years[0]) <= work.painter.period + 49
        if work.painter.period < 1451 and work.technique != "Fresco" and work.scene.type != "study":
            assert "empera" in work.technique
        if size := re.search(r", (\d+) x (\d+) cm", work.technique):
            assert min(map(int, size.groups())) >= 12


def test_what_is_not_known_is_absent(some):
    assert all(value for work in some for value in work.attributes.values())
    undated = [work for work in some if not work.date]
    assert 0.03 < len(undated) / len(some) < 0.3
    assert all("Date" not in work.attributes for work in undated)


def test_painters_are_in_the_long_tail(some):
    counted = Counter(work.painter.name for work in some)
    assert len(counted) > 100
    assert counted.most_common(1)[0][1] >= 5


def test_a_comment_does_not_name_its_painter_always_nor_its_title_often(some):
    """Otherwise a text would find its painting by its name alone."""
    named = [work for work in some if work.painter.surname]
    assert sum(work.painter.surname in work.comment for work in named) < 0.9 * len(named)
    assert sum(work.title in work.comment for work in some) < 0.35 * len(some)


def test_a_comment_says_nothing_of_number_seed_and_file(some):
    for number, work in enumerate(some):
        assert f"{number:05d}" not in work.comment
        assert "seed" not in work.comment.lower().split()
        assert ".jpg" not in work.comment
