"""Names of people by their school, and cities."""

import numpy as np
import pytest

from embedded.paintings.chance import Chance
from embedded.paintings.names import CITIES, FIRST, LIKE, SUR, kin, person
from embedded.paintings.painters import SCHOOLS


@pytest.mark.parametrize("school", [*SCHOOLS, "Martian"])
def test_names_are_those_of_the_school_or_of_a_school_like_it(school):
    g = Chance(np.random.default_rng(0))
    first, surname = zip(*(person(g, school) for _ in range(60)), strict=True)
    assert set(first) <= set(FIRST[kin(school)].split())
    heads, tails = (tuple(part.split(",")) for part in SUR[kin(school)])
    assert all(name.startswith(heads) and name.endswith(tails) for name in surname)
    assert len(set(surname)) > 30


def test_a_school_without_names_of_its_own_takes_another_s():
    assert kin("Netherlandish") == "Flemish"
    assert kin("Italian") == "Italian"
    assert kin("Martian") == ""
    assert set(LIKE.values()) <= set(SUR)


def test_no_city_belongs_to_no_school():
    assert all(cities and len(set(cities)) == len(cities) for cities in CITIES.values())
