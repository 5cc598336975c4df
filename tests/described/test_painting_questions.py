from pathlib import Path

import numpy as np
import pytest

from vretlib.datasets.paintings.collection import Painting
from vretlib.described.painting_questions import questions
from vretlib.errors import NoExampleError

KINDS = ["landscape"] * 15 + ["portrait"] * 12 + ["genre"] * 3 + [""] * 2
TEST = [Painting(Path(f"{i}.jpg"), "t", "c", {"Type": kind} if kind else {}) for i, kind in enumerate(KINDS)]


@pytest.mark.parametrize("level", ["easy", "difficult"])
def test_pools_have_ten_paintings_and_the_right_one_first(level):
    asked = questions(TEST, level, seed=3, n=20)
    assert len(asked.pools) == 20
    assert all(len(set(pool.tolist())) == 10 for pool in asked.pools)
    assert len({int(pool[0]) for pool in asked.pools}) == 20
    assert asked.types == [KINDS[pool[0]] for pool in asked.pools]


def test_a_difficult_pool_has_one_type_and_an_easy_one_has_several():
    kinds = {
        level: [{KINDS[i] for i in pool} for pool in questions(TEST, level, 0).pools] for level in ("easy", "difficult")
    }
    assert all(len(found) == 1 for found in kinds["difficult"])
    assert all(found <= {"landscape", "portrait"} for found in kinds["difficult"])  # of the others there are too few
    assert any(len(found) > 1 for found in kinds["easy"])


def test_columns_count_the_questions_of_their_type_alone():
    """A method that has all paintings at one place but number 0, which it knows."""
    asked = questions(TEST, "difficult", 0)
    images = np.tile([0.0, 1.0], (len(TEST), 1))
    images[0] = [1, 0]
    right = asked.right(images, images)
    row = [int(pool[0]) for pool in asked.pools].index(0)
    assert right["Text-to-Image|Total"].sum() == right["Text-to-Image|Total"][row] == 1
    assert np.isnan(right["Text-to-Image|Relig"]).all()
    assert np.count_nonzero(~np.isnan(right["Text-to-Image|Port"])) == asked.types.count("portrait")


def test_the_order_shown_does_not_tell_the_answer():
    asked = questions(TEST, "easy", 0)
    places = {int(np.flatnonzero(asked.shuffled(i) == asked.pools[i][0])[0]) for i in range(len(asked.pools))}
    assert len(places) > 5


def test_too_few_paintings_of_every_type():
    with pytest.raises(NoExampleError, match="no type has 10 test paintings, as many as"):
        questions(TEST[:9], "difficult", 0)
    with pytest.raises(NoExampleError, match="there are no 10 test paintings"):
        questions(TEST[:9], "easy", 0)


def test_easy_questions_need_no_types():
    asked = questions([Painting(Path(f"{i}.jpg"), "t", "c") for i in range(12)], "easy", 0)
    assert (len(asked.pools), set(asked.types)) == (12, {""})


def test_a_choice_is_right_where_the_own_image_is_nearest_and_ties_are_lost():
    asked, rng = questions(TEST, "easy", 0), np.random.default_rng(0)
    images, own = rng.integers(-1, 2, (len(TEST), 3)), [int(pool[0]) for pool in asked.pools]
    texts = images + rng.integers(-1, 2, images.shape)
    right = asked.right(texts, images)["Text-to-Image|Total"]
    chosen = asked.choices(texts, images)
    np.testing.assert_array_equal(chosen == own, right == 1)
    assert all(i in pool for i, pool in zip(chosen, asked.pools, strict=True))
    assert 0 < right.sum() < len(own)
