"""Painters: the same from a seed, each with a hand of its own, in the ways of their time."""

from collections import Counter

from embedded.paintings.painters import HANDS, SCHOOLS, painters


def test_painters_are_a_function_of_the_seed():
    assert painters(1, 40) == painters.__wrapped__(1, 40)
    assert [painter.name for painter in painters(1, 40)] != [painter.name for painter in painters(2, 40)]


def test_no_two_painters_have_the_same_hand():
    hands = [painter.hand for painter in painters(0)]
    assert len(set(hands)) == len(hands)


def test_a_hand_is_a_variety_of_its_way():
    for painter in painters(0):
        ratio = painter.hand.stroke / HANDS[painter.way].stroke
        assert 0.74 < ratio < 1.36


def test_early_painters_use_tempera_and_gold_and_late_ones_neither():
    early = [painter for painter in painters(0) if painter.period < 1451]
    late = [painter for painter in painters(0) if painter.period >= 1501]
    assert {painter.way for painter in early} == {"tempera"}
    assert min(painter.gold for painter in early) >= 0.6
    assert {painter.gold for painter in late} == {0.0}
    assert "tempera" not in {painter.way for painter in late}


def test_weights_follow_the_rank_and_schools_their_shares():
    them = painters(0)
    assert [round(1 / painter.weight) for painter in them[:3]] == [12, 13, 14]
    total, weight = sum(painter.weight for painter in them), Counter()
    for painter in them:
        weight[painter.school] += painter.weight / total
    wanted = sum(SCHOOLS.values())
    for school in sorted(SCHOOLS, key=SCHOOLS.get)[-5:]:
        assert abs(weight[school] - SCHOOLS[school] / wanted) < 0.04


def test_an_unknown_master_has_no_name_but_a_school():
    unknown = [painter for painter in painters(0) if not painter.surname]
    assert 0.02 < len(unknown) / 350 < 0.2
    assert all(painter.name == f"UNKNOWN MASTER, {painter.school}" for painter in unknown)
