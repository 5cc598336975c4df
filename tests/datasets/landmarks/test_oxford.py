"""The classic ground truth: Oxford's and Paris' layouts, and one clear error for everything that does not fit."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vretlib.datasets.landmarks import folders, oxford
from vretlib.errors import UserError

TRUTH = os.environ.get("VRETLIB_OXFORD5K_GT", "")


@pytest.fixture
def small(tmp_path, photograph, truth):
    """Two queries over five images, in the folder names of the distributed archives."""
    for name in ("oxford_000001", "keble_000002", "keble_000003", "keble_000004", "zoo_000005"):
        photograph(f"ox/oxbuild_images/{name}.jpg")
    lists = {"good": ["keble_000002"], "ok": ["keble_000004", "keble_000003"], "junk": ["zoo_000005"]}
    truth("ox/gt_files_170407", "keble_2", query="oxc1_keble_000003 1.5 2 30.25 39", **lists)
    truth("ox/gt_files_170407", "keble_1", query="oxc1_keble_000002 0 0 59 39\n", **(lists | {"junk": []}))
    return tmp_path / "ox"


def test_ids_are_positions_in_the_order_of_names_and_the_query_is_one_of_them(small, said):
    made = oxford.oxford5k(small)
    assert [path.stem for path in made.images] == [
        "keble_000002",
        "keble_000003",
        "keble_000004",
        "oxford_000001",
        "zoo_000005",
    ]
    first, second = made.queries
    assert (first.name, first.landmark, first.image, first.box) == ("keble_1", "keble", 0, (0, 0, 59, 39))
    assert (second.name, second.image, second.box) == ("keble_2", 1, (1.5, 2, 30.25, 39))
    assert second.path == small / "oxbuild_images/keble_000003.jpg"
    assert (second.good.tolist(), second.ok.tolist(), second.junk.tolist()) == ([0], [1, 2], [4])
    assert first.junk.tolist() == []
    assert first.junk.dtype == second.ok.dtype == np.int64
    assert said == ["Oxford5k: 5 images, 2 queries of 1 landmarks"]


def test_paris_has_no_prefix_and_images_in_sub_folders(tmp_path, photograph, truth, said):
    for place in ("eiffel", "louvre"):
        photograph(f"paris/{place}/paris_{place}_000001.jpg")
    truth("gt", "eiffel_1", query="paris_eiffel_000001 0 0 9 9", good=["paris_eiffel_000001"], ok=[], junk=[])
    made = oxford.paris6k(tmp_path)
    assert [path.parent.name for path in made.images] == ["eiffel", "louvre"]
    assert made.queries[0].positives.tolist() == [0]
    assert made.queries[0].landmark == "eiffel"


def test_the_corrupt_images_of_paris_are_left_out_aloud(tmp_path, photograph, truth, said):
    photograph("jpg/paris_louvre_000001.jpg")
    for name in ("paris_louvre_000136", "paris_pantheon_000974"):
        (tmp_path / f"jpg/{name}.jpg").write_text("<html>302 Found</html>")
    listed = ["paris_louvre_000136", "paris_louvre_000001"]
    truth("gt", "louvre_1", query="paris_louvre_000001 0 0 9 9", good=listed, ok=[], junk=["paris_pantheon_000974"])
    made = oxford.paris6k(tmp_path)
    assert [path.stem for path in made.images] == ["paris_louvre_000001"]
    assert made.queries[0].good.tolist() == [0]
    assert made.queries[0].junk.tolist() == []
    assert said[0] == "Paris6k: images known to be corrupt left out: 2 files, 2 names in the ground truth"


def test_corrupt_images_that_someone_has_already_removed_are_said_too(tmp_path, photograph, truth, said):
    photograph("jpg/paris_louvre_000001.jpg")
    listed = ["paris_louvre_000136", "paris_louvre_000001"]
    truth("gt", "louvre_1", query="paris_louvre_000001 0 0 9 9", good=listed, ok=[], junk=[])
    assert oxford.paris6k(tmp_path).queries[0].good.tolist() == [0]
    assert said[0] == "Paris6k: images known to be corrupt left out: 0 files, 1 names in the ground truth"


def test_a_query_file_of_another_name_is_not_overlooked(tmp_path, photograph, truth):
    photograph("jpg/a.jpg")
    truth("gt", "louvre", query="a 0 0 9 9", good=["a"], ok=[], junk=[])
    with pytest.raises(UserError, match=r"gt: holds no query; expected files named <landmark>_<number>_query\.txt"):
        oxford.paris6k(tmp_path)


def test_twenty_images_of_paris_are_corrupt():
    assert len(oxford.CORRUPT) == 6412 - 6392  # as distributed, and as in the ground truth of those who use it
    assert {"paris_louvre_000136", "paris_museedorsay_001059", "paris_triomphe_000867"} <= oxford.CORRUPT


@pytest.mark.parametrize("images", [*folders.IMAGE_FOLDERS, "."])
@pytest.mark.parametrize("lists", [*oxford.TRUTH_FOLDERS, "."])
def test_each_documented_layout_is_read(tmp_path, photograph, truth, said, images, lists):
    photograph(f"root/{images}/a_000001.jpg")
    truth(f"root/{lists}", "a_1", query="oxc1_a_000001 0 0 9 9", good=["a_000001"], ok=[], junk=[])
    assert len(oxford.oxford5k(tmp_path / "root").images) == 1


@pytest.mark.parametrize("wrong", ["..", "oxbuild_images", "gt_files_170407", "oxbuild_images/deep"])
def test_a_folder_too_high_or_too_low_is_told_the_right_one(small, wrong):
    (small / "oxbuild_images/deep").mkdir()
    with pytest.raises(UserError, match=rf"expected the folder of Oxford5k.*; {small} seems to be the right folder"):
        oxford.oxford5k(Path(os.path.normpath(small / wrong)))


def test_a_folder_without_anything_is_told_what_belongs_there(tmp_path):
    (tmp_path / "a/b/c").mkdir(parents=True)
    with pytest.raises(UserError) as error:
        oxford.paris6k(tmp_path / "a/b/c")
    assert "images/ (or jpg, oxbuild_images" in str(error.value)
    assert "gt/ (or gt_files, gt_files_170407" in str(error.value)
    assert "seems to be" not in str(error.value)
    with pytest.raises(UserError, match="nowhere: no such folder; expected the folder of Paris6k"):
        oxford.paris6k(tmp_path / "nowhere")


def test_a_truth_that_names_an_absent_image_is_an_error_with_file_and_image(small):
    with open(small / "gt_files_170407/keble_2_ok.txt", "a") as file:
        file.write("keble_000099\n")
    says = r"keble_2_ok\.txt: names 1 image that .*oxbuild_images does not hold: keble_000099"
    with pytest.raises(UserError, match=says):
        oxford.oxford5k(small)


def test_of_many_absent_images_five_are_named_and_all_counted(small):
    for kind in ("good", "junk"):
        (small / f"gt_files_170407/keble_1_{kind}.txt").write_text("".join(f"{kind}_{i}\n" for i in range(4)))
    with pytest.raises(UserError, match=r"names 8 images .*: good_0, good_1, good_2, good_3, junk_0 and 3 more"):
        oxford.oxford5k(small)


def test_an_absent_query_image_is_an_error(small):
    (small / "gt_files_170407/keble_1_query.txt").write_text("oxc1_keble_000077 0 0 9 9")
    with pytest.raises(UserError, match=r"keble_1_query\.txt: names 1 image .*keble_000077"):
        oxford.oxford5k(small)


@pytest.mark.parametrize("kind", ["good", "ok", "junk", "query"])
def test_a_query_needs_its_four_files(small, kind):
    (small / f"gt_files_170407/keble_1_{kind}.txt").unlink()
    with pytest.raises(UserError, match=rf"lacks keble_1_{kind}\.txt; every query needs its four files"):
        oxford.oxford5k(small)


@pytest.mark.parametrize("line", ["", "oxc1_keble_000002", "oxc1_keble_000002 1 2 3", "oxc1_keble_000002 1 2 3 x"])
def test_a_query_line_of_another_shape_is_named(small, line):
    (small / "gt_files_170407/keble_1_query.txt").write_text(line)
    with pytest.raises(UserError, match=r"keble_1_query\.txt: holds .*; expected one line 'image x1 y1 x2 y2'"):
        oxford.oxford5k(small)


def test_texts_of_other_systems_are_read(small):
    plain = oxford.oxford5k(small)
    for file in (small / "gt_files_170407").glob("*.txt"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().strip().replace(b"\n", b"\r\n") + b"\r\n\r\n")
    (small / "gt_files_170407" / "._keble_1_query.txt").write_bytes(b"left by another system")
    again = oxford.oxford5k(small)
    assert [(q.path, q.box, q.good.tolist()) for q in again.queries] == [
        (q.path, q.box, q.good.tolist()) for q in plain.queries
    ]


def test_a_truth_that_is_no_text_is_named(small):
    (small / "gt_files_170407/keble_1_ok.txt").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(UserError, match=r"keble_1_ok\.txt: is UTF-16; expected a text file"):
        oxford.oxford5k(small)


def test_a_box_outside_its_image_is_named_and_one_on_the_edge_is_cut(small):
    query = small / "gt_files_170407/keble_1_query.txt"
    query.write_text("oxc1_keble_000002 0 0 60 40")  # the image is 60 x 40, its last pixel 59, 39
    assert oxford.oxford5k(small).queries[0].box == (0, 0, 59, 39)
    query.write_text("oxc1_keble_000002 0 0 640 480")
    with pytest.raises(
        UserError, match=r"keble_1_query\.txt: keble_000002\.jpg: box 0 0 640 480 is not inside the image, 60 x 40"
    ):
        oxford.oxford5k(small)


@pytest.mark.parametrize(("box", "why"), [("5 5 5 5", "without area"), ("30 30 1 1", "in another order")])
def test_a_box_that_marks_no_object_is_named(small, box, why):
    (small / "gt_files_170407/keble_1_query.txt").write_text(f"oxc1_keble_000002 {box}")
    with pytest.raises(UserError, match=rf"keble_1_query\.txt: keble_000002\.jpg: box {box} .*{why}"):
        oxford.oxford5k(small)


def test_a_box_is_of_the_image_as_it_is_seen(small):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (60, 40)).save(small / "oxbuild_images/keble_000002.jpg", exif=exif)  # seen as 40 x 60
    (small / "gt_files_170407/keble_1_query.txt").write_text("oxc1_keble_000002 0 0 39 59")
    assert oxford.oxford5k(small).queries[0].box == (0, 0, 39, 59)


def test_an_unreadable_query_image_is_named(small):
    (small / "oxbuild_images/keble_000002.jpg").write_bytes(b"")
    with pytest.raises(UserError, match=r"keble_000002\.jpg: is empty"):
        oxford.oxford5k(small)


def test_two_images_of_one_name_are_an_error(small, photograph):
    photograph("ox/oxbuild_images/deep/keble_000002.png")
    with pytest.raises(UserError, match=r"keble_000002\.(png|jpg): has the name of"):
        oxford.oxford5k(small)


@pytest.mark.skipif(not TRUTH, reason="VRETLIB_OXFORD5K_GT is not set to the folder of Oxford5k's 220 text files")
def test_the_real_ground_truth_has_the_published_counts(tmp_path, said):
    """Images are generated, names and lists are Oxford's; counts as in the Matlab ground truth of Tolias' R-MAC."""
    (tmp_path / "gt_files").symlink_to(Path(TRUTH).expanduser().resolve())
    (tmp_path / "jpg").mkdir()
    Image.new("L", (1024, 1024)).save(tmp_path / "pixel.jpg")
    names = {name for file in Path(TRUTH).glob("*_[gjo]*.txt") for name in file.read_text().split()}
    for name in names | {"oxford_999999"}:
        os.link(tmp_path / "pixel.jpg", tmp_path / f"jpg/{name}.jpg")
    made = oxford.oxford5k(tmp_path)
    assert len(made.queries) == 55
    assert len({query.landmark for query in made.queries}) == 11
    positives = [len(query.positives) for query in made.queries]
    assert (min(positives), max(positives), sum(positives)) == (6, 221, 2840)
    assert sum(len(query.junk) for query in made.queries) == 1495
    assert sum(query.image in query.positives for query in made.queries) == 55
    assert sum(query.image in query.junk for query in made.queries) == 0
    assert sum(len(np.intersect1d(query.positives, query.junk)) for query in made.queries) == 0
    assert sum(map(len, made.positives(query_in_database=False))) == 2840 - 55
