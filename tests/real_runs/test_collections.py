"""Products and films in the form of landmark collections, and paper 003's ways on them."""

from pathlib import Path

import numpy as np
import pytest

from tests import short_clips
from vretlib import images
from vretlib.datasets.products import Products
from vretlib.features import backbones
from vretlib.real_runs import collections, searches


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Two products, red on the left or blue on the right, each in two photographs, one of them of the test part."""
    folder, files = tmp_path_factory.mktemp("shop"), []
    for number, (colour, left) in enumerate([((220, 30, 30), 8), ((30, 30, 220), 60)] * 3):
        picture = np.full((96, 128, 3), 255 if number > 3 else 120 + number, np.uint8)
        picture[20:70, left : left + 40] = colour
        picture[30:40, left + 5 : left + 15] = 0
        files.append(folder / f"{number}.png")
        images.write(files[-1], picture)
    training = np.array([True, True, False, False])
    return Products(tuple(files[:4]), np.array([0, 1, 0, 1]), training, tuple(files[4:]), ("red", "blue"))


def test_products_are_asked_by_iconic_pictures_and_by_photographs_of_the_test_part(shop):
    found = collections.of_products(shop)
    assert [query.name for query in found.queries] == [
        "iconic/red",
        "iconic/blue",
        "photograph/2.png",
        "photograph/3.png",
    ]
    assert found.queries[0].box == (8, 20, 47, 69)
    assert [query.image for query in found.queries] == [None, None, 2, 3]
    assert [query.positives.tolist() for query in found.queries] == [[0, 2], [1, 3], [0, 2], [1, 3]]


def test_a_film_is_asked_by_the_middle_frame_of_each_shot_whole_and_in_part(tmp_path):
    film = short_clips.write(tmp_path / "film.mp4", [(None, 16), (1, 4), (None, 24)])  # 4, 1 and 6 seconds
    found = collections.of_film(film)
    assert len(found.images) == 11
    assert [query.name for query in found.queries] == [
        "whole frame/0", "middle of a frame/0", "whole frame/2", "middle of a frame/2",
    ]  # fmt: skip
    assert [query.image for query in found.queries] == [2, 2, 8, 8]
    assert found.queries[2].positives.tolist() == [5, 6, 7, 8, 9, 10]
    assert found.queries[1].box == (36, 24, 108, 72)
    assert images.size(Path(found.images[0])) == (144, 96)


def test_each_way_has_a_precision_for_each_query_and_the_query_s_own_image_does_not_count(shop):
    network = backbones.load("squeezenet1_1", "random")
    found = searches.search(collections.of_products(shop), network, "selective-search")
    assert list(found.precisions)[:4] == ["IPA max", "IPA max, CA-SR", "IPA max, QE", "IPA max, CA-SR, QE"]
    assert len(found.precisions) == 10
    for values in found.precisions.values():
        assert values.shape == (4,)
        assert (values > 0).all()
    first = [ranking[ranking != own] for ranking, own in zip(found.first[2:], (2, 3), strict=True)]
    for query, ranking in enumerate(first):  # one image is right: 1 / rank by the trapezoid rule with its half step
        rank = int(np.flatnonzero(ranking == query)[0])
        expected = (float(rank == 0) + 1 / (rank + 1)) / 2
        assert found.precisions["IPA max"][2 + query] == pytest.approx(expected)
    assert found.boxes.shape == (4, 4, 4)
