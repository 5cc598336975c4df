"""The embedded collection: parts, files and parameters."""

import pytest

from vretlib import images
from vretlib.datasets.paintings import source, statistics
from vretlib.datasets.paintings.embedded import embedded
from vretlib.errors import UserError


@pytest.fixture(scope="module")
def some():
    return embedded(seed=0, n_train=8, n_val=3, n_test=4, size=48)


def test_parts_have_the_numbers_that_are_asked_for_and_share_no_image(some):
    assert [len(part) for part in (some.train, some.val, some.test)] == [8, 3, 4]
    assert len({painting.image for painting in some.all}) == len(some) == 15
    assert some.missing == ()


def test_images_are_files_of_the_size_and_texts_are_there(some):
    for painting in some.all:
        assert max(images.size(painting.image)) == 48
        assert painting.title
        assert painting.comment
        assert set(painting.attributes) <= set(statistics.FIELDS)
        assert {"Author", "Type", "School", "TimeFrame"} <= set(painting.attributes)


def test_a_painting_does_not_depend_on_how_many_others_there_are(some):
    more = embedded(seed=0, n_train=9, n_val=3, n_test=4, size=48)
    assert [painting.comment for painting in more.all[:15]] == [painting.comment for painting in some.all]
    assert more.train[0].image.read_bytes() == some.train[0].image.read_bytes()


def test_source_asks_for_the_embedded_paintings_by_name(some):
    assert source.load("embedded", seed=0, n_train=8, n_val=3, n_test=4, size=48) == some


@pytest.mark.parametrize("wrong", [{"n_test": 1}, {"size": 8}, {"seed": -1}, {"n_train": 2.5}, {"n_val": True}])
def test_numbers_that_make_no_collection_are_refused(wrong):
    name, value = next(iter(wrong.items()))
    with pytest.raises(UserError, match=f"{name}={value!r}; expected a whole number, at least"):
        embedded(**wrong)
