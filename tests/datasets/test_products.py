"""Products: a folder in GroceryStoreDataset's form, and the box of an iconic picture."""

import numpy as np
import pytest

from vretlib import images
from vretlib.datasets import products
from vretlib.errors import UserError


@pytest.fixture
def shop(tmp_path):
    """Two products; three photographs, one of them of the test part."""
    (tmp_path / "classes.csv").write_text("Class Name (str),Class ID (int)\nApple,0\nPear,1\n")
    rows = "split,path,fine_class,coarse_class\ntrain,train/a.jpg,1,0\ntrain,train/b.jpg,0,0\ntest,test/c.jpg,1,0\n"
    (tmp_path / "images.csv").write_text(rows)
    white = np.full((20, 30, 3), 255, np.uint8)
    for name in ("train/a.jpg", "train/b.jpg", "test/c.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        images.write(tmp_path / name, white)
    (tmp_path / "iconic").mkdir()
    for number in range(2):
        images.write(tmp_path / "iconic" / f"{number:02d}.jpg", white)
    return tmp_path


def test_photographs_products_and_parts_stand_in_the_order_of_the_table(shop):
    found = products.load(shop)
    assert found.names == ("Apple", "Pear")
    assert [path.name for path in found.photographs] == ["a.jpg", "b.jpg", "c.jpg"]
    np.testing.assert_array_equal(found.product, [1, 0, 1])
    np.testing.assert_array_equal(found.training, [True, True, False])


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("images.csv", "path,fine_class\na.jpg,0\n", "has no column 'split'"),
        ("images.csv", "split;path;fine_class\n", "separated by ';'"),
        (
            "images.csv",
            "split,path,fine_class\ntrain,train/a.jpg,pear\n",
            "row 2: fine_class 'pear'; .*classes.csv has 2",
        ),
        ("images.csv", "split,path,fine_class\ntrain,train/a.jpg,2\n", "row 2: fine_class '2'; .*classes.csv has 2"),
        ("images.csv", "split,path,fine_class\ntrain,train/a.jpg,-1\n", "row 2: fine_class '-1'"),
        (
            "images.csv",
            "split,path,fine_class\nTrain,train/a.jpg,0\n",
            "row 2: split 'Train'; expected one of train, val",
        ),
        ("images.csv", "split,path,fine_class\ntrain,,0\ntest,z.jpg,1\n", "row 2: .*; row 3: .*z.jpg: no such photo"),
        ("images.csv", "split,path,fine_class\n", "lists no photograph"),
        ("images.csv", "", "found an empty file"),
        ("classes.csv", "Class Name (str)\nA\nB\nC\n", "no such picture"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(shop, file, text, says):
    (shop / file).write_text(text)
    with pytest.raises(UserError, match=says):
        products.load(shop)


def test_another_folder_is_refused(tmp_path):
    with pytest.raises(UserError, match="GroceryStoreDataset"):
        products.load(tmp_path)


def test_the_box_is_around_what_is_not_white(tmp_path):
    picture = np.full((20, 30, 3), 250, np.uint8)
    picture[5:9, 10:21] = (250, 100, 250)
    images.write(tmp_path / "a.png", picture)
    assert products.box_of_iconic(tmp_path / "a.png") == (10, 5, 20, 8)
    images.write(tmp_path / "b.png", np.full((20, 30, 3), 255, np.uint8))
    assert products.box_of_iconic(tmp_path / "b.png") == (0, 0, 29, 19)
