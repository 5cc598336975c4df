"""A folder per class: which images it holds, which are learned from, which are searched and asked for."""

import os

import numpy as np
import pytest

from vretlib.datasets.landmarks import class_folders
from vretlib.errors import UserError
from vretlib.evaluation import average_precision
from vretlib.models.labelled_images import LabelledImages, learnable


@pytest.fixture
def root(tmp_path, photograph):
    for name, n in {"abbey": 9, "bridge": 3, "castle": 2, "dome": 1}.items():
        for i in range(n):
            photograph(f"own/{name}/{i}.jpg", 4, 4)
    return tmp_path / "own"


def test_classes_and_images_come_by_name(root, said):
    made = class_folders.read(root)
    assert made.classes == ("abbey", "bridge", "castle", "dome")
    assert made.labels.tolist() == [0] * 9 + [1] * 3 + [2] * 2 + [3]
    assert [made.classes[label] for label in made.labels] == [path.parent.name for path in made.images]
    assert said == []


def test_what_belongs_to_no_class_is_said(root, photograph, said):
    photograph("own/beside.jpg")
    (root / "empty").mkdir()
    (root / ".cache").mkdir()
    made = class_folders.read(root)
    assert len(made) == 15
    assert said == [
        "own: folders without an image left out: empty",
        "own: images beside the class folders belong to no class and are left out: 1",
    ]


def test_linked_classes_count_once_and_numbers_come_by_value(root, photograph, said, tmp_path):
    for n in (10, 9):
        photograph(f"elsewhere/{n}.jpg", 4, 4)
        photograph(f"own/.thumbnails/{n}.jpg", 4, 4)
    for name in ("linked", "linked again"):
        (root / name).symlink_to(tmp_path / "elsewhere")
    (root / "self").symlink_to(root)
    (root / "abbey" / "notes.txt").write_text("")
    made = class_folders.read(root)
    assert made.classes == ("abbey", "bridge", "castle", "dome", "linked")
    assert [path.name for path in made.images[-2:]] == ["9.jpg", "10.jpg"]
    assert said == [
        "own: left out 2 link to a folder that is here already, 1 .txt",
        "own: folders without an image left out: linked again, self",
    ]


def test_folders_of_photographs_that_cannot_be_read_say_why(tmp_path, said):
    for name in ("one", "two"):
        (tmp_path / "phone" / name).mkdir(parents=True)
        (tmp_path / "phone" / name / "1.NEF").write_bytes(b"raw")
    with pytest.raises(UserError, match="expected a folder of class folders"):
        class_folders.read(tmp_path / "phone")
    assert said == ["phone: left out 2 .nef (save as JPEG)"]


def test_a_class_whose_name_is_not_utf_8_is_left_out_and_said(root, photograph, said):
    photograph("own/zoo/1.jpg", 4, 4)
    os.rename(root / "zoo", os.fsencode(root) + b"/h\xf6fe")
    made = class_folders.read(root)
    assert made.classes == ("abbey", "bridge", "castle", "dome")
    assert said == ["own: left out 1 folder whose name is not UTF-8 (rename it)"]


def test_training_and_database_share_nothing_and_miss_nothing(root, said):
    every = class_folders.read(root)
    training, asked = class_folders.split(every, share=2 / 3, seed=3)
    assert sorted(training.images + asked.images) == sorted(every.images)
    assert np.bincount(training.labels, minlength=4).tolist() == [6, 1, 0, 0]  # two thirds, but two stay
    assert [path.parent.name for path in training.images] == [training.classes[i] for i in training.labels]
    assert said[0] == "own: 7 images to learn from, 8 in the database"
    assert said[1] == "own: classes with one image in the database, not asked for: dome"


def test_positives_are_the_other_images_of_the_same_class_and_the_query_itself_is_junk(root, said):
    made = class_folders.collection(class_folders.read(root), n_queries=14)
    for query in made.queries:
        assert {made.images[i].parent.name for i in query.ok} == {query.landmark}
        assert len(query.ok) == {"abbey": 8, "bridge": 2, "castle": 1}[query.landmark]
        assert query.junk.tolist() == [query.image]
    for inside in (True, False):
        positives = made.positives(query_in_database=inside)
        assert not any(query.image in ids for query, ids in zip(made.queries, positives, strict=True))
    assert made.name == "own"
    assert not made.itself_counts
    assert said[-1].endswith("a query's own image counts neither for nor against")


def test_on_request_the_query_counts_among_its_positives_as_in_the_classic_ground_truth(root, said):
    made = class_folders.collection(class_folders.read(root), n_queries=14, name="LA5K", itself=True)
    assert len({query.name for query in made.queries}) == 14
    assert {query.landmark for query in made.queries} == {"abbey", "bridge", "castle"}
    for query in made.queries:
        assert {made.images[i].parent.name for i in query.ok} == {query.landmark}
        assert len(query.ok) == {"abbey": 9, "bridge": 3, "castle": 2}[query.landmark]
        assert query.image in query.ok
        assert made.images[query.image] == query.path
        assert query.box is None
        assert len(query.good) == len(query.junk) == 0
    assert all(len(ids) >= 1 for ids in made.positives(query_in_database=False))
    assert made.name == "LA5K"
    assert made.itself_counts


def test_a_method_that_finds_nothing_but_the_query_itself_scores_nothing(root):
    """In the classic ground truth it would have 1/2 of a class of two: its own image is one of two positives."""
    small = class_folders.collection(class_folders.read(root), n_queries=14)
    castle = next(query for query in small.queries if query.landmark == "castle")
    others = [i for i in range(15) if i not in (castle.image, *castle.ok)]
    ranking = [castle.image, *others, *castle.ok.tolist()]
    # one positive at rank 14 of 14: half of precision 1/14 plus half of 0/13
    assert average_precision.average_precision(ranking, castle.ok, castle.junk) == pytest.approx(1 / 28)


def test_classes_of_one_image_each_are_refused_for_what_they_are(photograph, tmp_path):
    for name in "abc":
        photograph(f"ones/{name}/1.jpg", 4, 4)
    every = class_folders.read(tmp_path / "ones")
    for make in (class_folders.split, class_folders.collection):
        with pytest.raises(UserError, match="ones: none of 3 classes has two images, so no query has positives"):
            make(every)


@pytest.mark.parametrize(
    ("sizes", "sufficient"), [((4, 3), True), ((4, 2), False), ((3, 3, 3), False), ((30, 1), False)]
)
def test_classes_too_small_to_learn_from_are_said_at_once(photograph, tmp_path, said, sizes, sufficient):
    for name, n in enumerate(sizes):
        for i in range(n):
            photograph(f"few/{name}/{i}.jpg", 4, 4)
    training, _ = class_folders.split(class_folders.read(tmp_path / "few"))
    assert learnable(training.labels) == sufficient
    assert any("few: classes too small to learn a similarity from" in line for line in said) != sufficient


def test_a_bar_in_the_folder_s_name_does_not_become_a_heading_of_two_levels(photograph, tmp_path):
    for name in "ab":
        photograph(f"left|right/{name}/1.jpg", 4, 4)
    assert class_folders.read(tmp_path / "left|right").name == "left¦right"


def test_the_same_seed_makes_the_same_split_and_another_another(root):
    every = class_folders.read(root)
    first, again, other = (class_folders.split(every, n_queries=3, seed=s)[1] for s in (1, 1, 2))
    assert first.images == again.images
    assert [q.image for q in first.queries] == [q.image for q in again.queries]
    assert first.images != other.images or [q.image for q in first.queries] != [q.image for q in other.queries]


def test_without_a_number_45_are_asked_or_as_many_as_there_are(root):
    every = class_folders.read(root)
    assert len(class_folders.collection(every).queries) == 14
    many = LabelledImages("many", every.images * 4, np.tile(every.labels, 4), every.classes)
    assert len(class_folders.collection(many).queries) == 45


@pytest.mark.parametrize("n", [0, 15])
def test_more_queries_than_there_are_is_an_error_with_their_number(root, n):
    with pytest.raises(UserError, match=f"n_queries={n}; expected 1 to 14, the images in classes of two or more"):
        class_folders.collection(class_folders.read(root), n_queries=n)


@pytest.mark.parametrize("share", [-0.1, 1.0])
def test_a_share_that_is_none_is_an_error(root, share):
    with pytest.raises(UserError, match=f"share={share}"):
        class_folders.split(class_folders.read(root), share=share)


@pytest.mark.parametrize("wrong", ["..", "abbey"])
def test_a_folder_too_high_or_too_low_is_told_the_right_one(root, wrong):
    with pytest.raises(UserError, match=f"expected a folder of class folders.*; {root} seems to be the right folder"):
        class_folders.read(os.path.normpath(root / wrong))


def test_a_right_folder_inside_goes_before_one_around(tmp_path, photograph):
    for name in ("near", "far"):
        photograph(f"{name}/1.jpg", 4, 4)
    for name in ("abbey", "bridge"):
        photograph(f"mine/own/{name}/1.jpg", 4, 4)
    assert class_folders.looks_right(tmp_path)
    with pytest.raises(UserError, match=f"{tmp_path / 'mine' / 'own'} seems to be the right folder"):
        class_folders.read(tmp_path / "mine")


def test_images_that_lie_too_deep_are_named(root, photograph):
    photograph("own/abbey/more/x.jpg")
    with pytest.raises(UserError, match=r"abbey/more/x\.jpg: lies too deep; expected the images of class abbey"):
        class_folders.read(root)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(UserError, match="nowhere: no such folder; expected a folder of class folders"):
        class_folders.read(tmp_path / "nowhere")


def test_links_in_a_circle_beside_a_wrong_folder_do_not_hide_what_is_wrong(tmp_path):
    (tmp_path / "mine").mkdir()
    for name in ("loop.jpg", "round"):
        (tmp_path / name).symlink_to(tmp_path / name)
    with pytest.raises(UserError, match="expected a folder of class folders"):
        class_folders.read(tmp_path / "mine")
