"""Your own collection for instance search: ids, boxes, and one clear error for each thing that does not fit."""

import pytest
from PIL import Image

from vretlib.datasets import instances
from vretlib.errors import UserError


@pytest.fixture
def folder(tmp_path):
    """Three images, a query picture beside them and one among them."""
    for name in ("images/a.jpg", "images/sub/b.jpg", "images/c.jpg", "asked/mug.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (80, 60), (120, 90, 60)).save(tmp_path / name)
    write(tmp_path, "queries.csv", "image,x1,y1,x2,y2,instance", "asked/mug.jpg,5,6,30,40,mug", "images/a.jpg,,,,,mug")
    write(
        tmp_path, "relevant.csv", "instance,image,x1,y1,x2,y2", "mug,images/a.jpg,,,,", "mug,images/sub/b.jpg,1,2,9,8"
    )
    return tmp_path


def write(root, name, *lines):
    (root / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_ids_are_positions_and_a_query_of_the_database_is_ignored_in_its_own_ranking(folder, said):
    made = instances.load("folder", root=folder)
    assert [path.name for path in made.images] == ["a.jpg", "c.jpg", "b.jpg"]
    outside, inside = made.queries
    assert (outside.name, outside.landmark, outside.image, outside.box) == ("mug_1", "mug", None, (5, 6, 30, 40))
    assert (outside.good.tolist(), outside.junk.tolist()) == ([0, 2], [])
    assert (inside.name, inside.image, inside.box) == ("mug_2", 0, None)
    assert (inside.good.tolist(), inside.junk.tolist()) == ([2], [0])
    assert made.boxes == {("mug", 2): (1.0, 2.0, 9.0, 8.0)}
    assert said == [f"{folder.name}: 3 images, 2 queries of 1 objects"]


@pytest.mark.parametrize(
    ("name", "lines", "names"),
    [
        ("queries.csv", ("image,x1,y1,x2,y2,instance", "asked/none.jpg,1,2,3,4,mug"), "row 2: .*none.jpg: no such"),
        ("queries.csv", ("image,x1,y1,x2,y2,instance", "asked/mug.jpg,1,2,3,400,mug"), "row 2: .*not inside"),
        ("queries.csv", ("image,x1,y1,x2,y2,instance", "asked/mug.jpg,60,50,20,20,mug"), "row 2: .*in another order"),
        ("queries.csv", ("image,x1,y1,x2,y2,instance", "asked/mug.jpg,20,50,60,20,mug"), "row 2: .*in another order"),
        ("queries.csv", ("image,x1,y1,x2,y2,instance", "asked/mug.jpg,5,6,5,40,mug"), "row 2: .* without area"),
        ("queries.csv", ("image,x1,y1,x2,y2,instance", "asked/mug.jpg,1,2,,4,mug"), "row 2: 1,2,,4 are not the four"),
        ("queries.csv", ("image,x1,y1,x2,y2,instance", "asked/mug.jpg,1,2,3,4,"), "row 2: instance is empty"),
        ("queries.csv", ("image,x1,y1,x2,y2,instance", "asked/mug.jpg,1,2,3,4,cup"), "no image that shows 'cup'"),
        (
            "queries.csv",
            (
                "image,x1,y1,x2,y2,instance",
                "images/a.jpg,,,,,mug",
                "asked/mug.jpg,,,,,mug",
                "asked/../images/a.jpg,,,,,mug",
            ),
            "row 4: repeats row 2; expected each query once",
        ),
        ("queries.csv", ("image,x1,y1,x2,y2,instance",), "lists no query"),
        ("queries.csv", ("image,instance",), "has no column 'x1'"),
        ("relevant.csv", ("instance,image", "mug,asked/mug.jpg"), "row 2: .*not among the images of the database"),
        ("relevant.csv", ("instance,image", "mug,images/z.jpg"), "row 2: .*z.jpg: no such image"),
        (
            "relevant.csv",
            ("instance,image,x1,y1,x2,y2", "mug,images/c.jpg,1,2,9,8", "mug,images/sub/../c.jpg,1,2,9,9"),
            "row 3: images/sub/../c.jpg: an earlier row gives 'mug' another box in it; expected one box",
        ),
        ("relevant.csv", ("instance,image", "mug,images/c.jpg", "bag,images/c.jpg"), "no query asks for: bag"),
    ],
)
def test_what_does_not_fit_is_named(folder, name, lines, names):
    write(folder, name, *lines)
    with pytest.raises(UserError, match=names):
        instances.load("folder", root=folder)


def test_images_beside_the_database_that_nothing_uses_are_said(folder, said):
    for name in ("loose.jpg", "asked/spare.jpg"):
        Image.new("RGB", (80, 60)).save(folder / name)
    assert len(instances.load("folder", root=folder).images) == 3
    assert f"{folder.name}: images left out, neither in images/ nor a query's: 2; asked/spare.jpg, loose.jpg" in said


def test_a_folder_without_lists_names_the_one_that_seems_to_be_meant(folder):
    with pytest.raises(UserError, match=f"expected a folder of images.*{folder.name} seems to be the right folder"):
        instances.load("folder", root=folder.parent)


def test_a_folder_without_images_is_refused(folder):
    for path in (folder / "images").rglob("*.jpg"):
        path.unlink()
    with pytest.raises(UserError, match="holds no image"):
        instances.load("folder", root=folder)


def test_one_image_is_no_collection(folder):
    for name in ("images/sub/b.jpg", "images/c.jpg"):
        (folder / name).unlink()
    with pytest.raises(UserError, match="holds one image; a collection that is searched needs two at least"):
        instances.load("folder", root=folder)


def test_sources_are_named():
    with pytest.raises(UserError, match="dataset='ins' is not known; expected one of 'embedded', 'trecvid', 'folder'"):
        instances.load("ins")
    with pytest.raises(UserError, match="data_root is empty"):
        instances.load("folder")
