"""What `dataset` and `data_root` of a notebook lead to."""

import os
import pickle

import pytest

from vretlib.datasets import registry
from vretlib.datasets.landmarks import source
from vretlib.errors import UserError


@pytest.fixture
def parts(tmp_path, photograph, truth):
    """A small tree with every part that an oxford_paris study can have."""
    for name in ("a_000001", "a_000002"):
        photograph(f"all/oxford5k/jpg/{name}.jpg")
        photograph(f"all/paris6k/jpg/x/{name}.jpg")
        photograph(f"all/roxford5k/jpg/{name}.jpg")
    for city in ("oxford5k", "paris6k"):
        truth(f"all/{city}/gt", "a_1", query="a_000001 0 0 9 9", good=["a_000001"], ok=["a_000002"], junk=[])
    entry = {"bbx": [0, 0, 9, 9], "easy": [0], "hard": [], "junk": []}
    pickled = pickle.dumps({"imlist": ["a_000002"], "qimlist": ["a_000001"], "gnd": [entry]})
    (tmp_path / "all/roxford5k/gnd_roxford5k.pkl").write_bytes(pickled)
    for name in ("one", "two"):
        for i in range(20):
            photograph(f"all/landmarks/{name}/{i:02d}.jpg", 4, 4)
    for name in ("deep/2.jpg", "1.png", "cat/cat_001894.jpg"):
        photograph(f"all/distractors/{name}", 4, 4)
    return tmp_path / "all"


def test_a_study_has_every_part_that_is_there(parts, said):
    study = source.load("oxford_paris", root=parts)
    assert list(study.evaluation) == ["OX5K", "PA6K", "LA5K"]
    assert [path.name for path in study.distractors] == ["1.png", "2.jpg"]
    assert study.training is not None
    assert len(study.training) == 2 * 17  # 33,119 of 38,034 in the thesis, of 20 here
    assert not set(study.training.images) & set(study.evaluation["LA5K"].images)
    assert "distractors: 2 images, 1 known to be corrupt left out" in said
    assert not [line for line in said if "without" in line]


def test_absent_parts_are_left_out_aloud(parts, said):
    for part in ("paris6k", "landmarks", "distractors"):
        (parts / part).rename(parts.parent / part)
    study = source.load("oxford_paris", root=str(parts))
    assert list(study.evaluation) == ["OX5K"]
    assert study.training is None
    assert study.distractors == ()
    assert said[0] == "all: without paris6k, landmarks, distractors: no such folder in it"


@pytest.mark.parametrize("wrong", ["..", "oxford5k", "landmarks/one", "distractors"])
def test_a_folder_too_high_or_too_low_is_told_the_right_one(parts, wrong):
    with pytest.raises(UserError, match=f"any of oxford5k/, paris6k/, landmarks/.*; {parts} seems to be the right"):
        source.load("oxford_paris", root=os.path.normpath(parts / wrong))


def test_a_folder_of_your_own_is_searched_and_learned_from(parts, said):
    study = source.load("folder", root=parts / "landmarks", seed=4)
    assert list(study.evaluation) == ["landmarks"]
    assert study.own
    assert study.training is not None
    assert study.training.name == "training part of landmarks"
    assert (len(study.training), len(study.evaluation["landmarks"].images)) == (26, 14)
    assert not study.evaluation["landmarks"].itself_counts
    assert study.distractors == ()


def test_land5k_beside_oxford_keeps_the_classic_ground_truth(parts):
    study = source.load("oxford_paris", root=parts)
    assert not study.own
    assert study.evaluation["LA5K"].itself_counts


def test_verifying_a_folder_says_what_its_classes_are_too_small_for(tmp_path, photograph):
    for name, n in {"a": 2, "b": 1}.items():
        for i in range(n):
            photograph(f"mine/{name}/{i}.jpg")
    lines = [finding.line for finding in registry.verify("landmarks", tmp_path / "mine")]
    assert any("classes too small to learn a similarity from" in line for line in lines)
    assert any("classes with one image in the database, not asked for: b" in line for line in lines)
    (tmp_path / "mine" / "a" / "1.jpg").unlink()
    bad = [finding for finding in registry.verify("landmarks", tmp_path / "mine") if not finding.good]
    assert len(bad) == 1
    assert "none of 2 classes has two images" in bad[0].line


@pytest.mark.parametrize(
    ("dataset", "below", "n"),
    [
        ("oxford5k", "", 2),
        ("oxford5k", "oxford5k", 2),
        ("paris6k", "", 2),
        ("roxford5k", "", 1),
        ("folder", "landmarks", 40),
    ],
)
def test_one_collection_by_name_from_its_folder_or_the_one_above(parts, said, dataset, below, n):
    assert len(source.collection(dataset, root=parts / below).images) == n


@pytest.mark.parametrize(("dataset", "name"), [("oxford5k", "OX5K"), ("paris6k", "PA6K"), ("roxford5k", "ROX5K")])
def test_a_published_collection_alone_is_a_study_without_anything_to_learn_from(parts, said, dataset, name):
    study = source.load(dataset, root=parts)
    assert list(study.evaluation) == [name]
    assert study.training is None
    assert study.distractors == ()


def test_unknown_names_are_told_the_known_ones():
    with pytest.raises(UserError, match=r"dataset='oxford' is not known; expected one of 'embedded', 'oxford_paris'"):
        source.load("oxford")
    with pytest.raises(
        UserError, match=r"dataset='oxford' is not known; expected one of 'embedded', 'folder', 'oxford5k'"
    ):
        source.collection("oxford", root="x")


@pytest.mark.parametrize("dataset", ["oxford_paris", "folder"])
def test_an_empty_root_is_an_error(dataset):
    with pytest.raises(UserError, match=f"data_root is empty; with dataset='{dataset}'"):
        source.load(dataset)


def test_distractors_that_are_not_there_are_an_error(tmp_path):
    with pytest.raises(UserError, match="holds no image"):
        source.distractors(tmp_path)
    with pytest.raises(UserError, match="nowhere: no such folder; expected distractors"):
        source.distractors(tmp_path / "nowhere")
