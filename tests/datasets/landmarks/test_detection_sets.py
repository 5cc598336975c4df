"""The queries of a collection as what a detector learns, and views of the same objects that it does not learn."""

from pathlib import Path

import numpy as np
import pytest

from vretlib import images
from vretlib.datasets.landmarks import detection_sets
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery


@pytest.fixture
def collection(tmp_path: Path) -> LandmarkCollection:
    """Six images; two queries of a pen, in images 0 and 1, and one of a cup that is in no image of the database."""
    files = tuple(tmp_path / f"{i}.png" for i in range(7))
    for path in files:
        images.write(path, np.zeros((20, 30, 3), np.uint8))
    nothing, good = np.zeros(0, np.int64), {"pen": np.array([0, 2, 3, 4]), "cup": np.array([5])}
    asked = (("pen", 0, (1.0, 2.0, 9.0, 8.0)), ("cup", None, None), ("pen", 1, (3.0, 3.0, 12.0, 9.0)))
    queries = tuple(
        LandmarkQuery(f"{name}_{k}", name, files[6 if i is None else i], box, i, good[name], nothing, nothing)
        for k, (name, i, box) in enumerate(asked)
    )
    boxes = {("pen", i): (float(i), 0.0, 19.0, 9.0) for i in (0, 2, 4)} | {("cup", 5): (0.0, 0.0, 5.0, 5.0)}
    return LandmarkCollection("Desk", files[:6], queries, "for a test", "none", boxes)


def test_each_query_is_an_example_of_its_class_in_alphabetical_order(collection: LandmarkCollection) -> None:
    found = detection_sets.asked(collection)
    assert (found.name, found.classes) == ("Desk", ("cup", "pen"))
    assert [path.name for path in found.images] == ["0.png", "6.png", "1.png"]
    assert [labels.tolist() for labels in found.labels] == [[1], [0], [1]]
    assert [boxes.tolist() for boxes in found.boxes] == [[[1, 2, 9, 8]], [[0, 0, 29, 19]], [[3, 3, 12, 9]]]


def test_other_views_are_good_images_with_a_known_box_that_no_query_of_the_object_shows(
    collection: LandmarkCollection,
) -> None:
    found = detection_sets.other_views(collection)
    assert found.classes == ("cup", "pen")
    assert [path.name for path in found.images] == ["5.png", "2.png", "4.png"]  # 3 has no box, 0 is a query
    assert [labels.tolist() for labels in found.labels] == [[0], [1], [1]]
    assert found.boxes[1].tolist() == [[2, 0, 19, 9]]
    assert [path.name for path in detection_sets.other_views(collection, each=1).images] == ["5.png", "2.png"]
