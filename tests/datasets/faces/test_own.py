"""Folders person/video/frame: order, splits, and what is left out or refused."""

import numpy as np
import pytest

from vretlib.datasets import verification
from vretlib.datasets.faces import films, load, stills
from vretlib.datasets.faces.own import folders
from vretlib.datasets.faces.tracks import Reading
from vretlib.errors import UserError


def greys(videos):
    """Name -> grey level of each crop."""
    return {name: crops[:, 0, 0, 0].tolist() for name, crops in zip(videos.videos, videos.frames, strict=True)}


def test_every_video_is_in_one_split_with_its_frames_in_order(people):
    faces = folders(people)
    both = greys(faces.train) | greys(faces.test)
    assert both == {
        f"{person}/v{k}": [80 * i + 20 * k + 2 * n for n in range(3)]
        for i, person in enumerate(("ada", "bo", "cy"))
        for k in range(3)
    }
    assert len(faces.test) == 3  # one of three of each person
    assert sorted(faces.test.persons.tolist()) == [0, 1, 2]
    for part in (faces.train, faces.test):
        assert [part.names[p] for p in part.persons] == [name.split("/")[0] for name in part.videos]
    assert faces.left_out == ()
    assert faces.train.side == 64


def test_the_division_depends_on_the_seed_alone(people):
    divisions = {folders(people, Reading(seed=seed)).test.videos for seed in range(8)}
    assert len(divisions) > 1
    assert folders(people, Reading(seed=3)).test.videos == folders(people, Reading(seed=3)).test.videos


def test_a_list_of_test_videos_divides_and_the_others_are_learned_from(people, tmp_path):
    (tmp_path / "test.txt").write_text("bo/v1\n\nada/v0\n")
    faces = folders(people, Reading(split=tmp_path / "test.txt"))
    assert set(faces.test.videos) == {"bo/v1", "ada/v0"}
    assert len(faces.train) == 7


def test_a_table_divides_and_leaves_out_what_it_does_not_name(people, tmp_path):
    (tmp_path / "split.csv").write_text("video,split\nada/v0,train\nbo/v0,train\nada/v1,Test\n")
    faces = folders(people, Reading(split=tmp_path / "split.csv"))
    assert faces.train.videos == ("ada/v0", "bo/v0")
    assert faces.test.videos == ("ada/v1",)
    assert len(faces.left_out) == 6
    assert "cy/v0 (not in split.csv)" in faces.left_out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ada/v9\n", "line 1: 'ada/v9': no such video; expected names such as 'ada/v0'"),
        ("ada/v0\nada/v1\nada/v2\n", "lacks 1 of the people of the test videos: ada"),
        ("", "no test video"),
    ],
)
def test_lists_that_divide_badly_are_refused(people, tmp_path, text, message):
    (tmp_path / "test.txt").write_text(text)
    with pytest.raises(UserError, match=message):
        folders(people, Reading(split=tmp_path / "test.txt"))


def test_a_video_in_both_splits_and_a_third_split_are_refused(people, tmp_path):
    (tmp_path / "s.csv").write_text("video,split\nada/v0,train\nada/v0,test\nbo/v0,validation\n")
    with pytest.raises(UserError, match=r"line 3: 'ada/v0' is in both splits.*line 4: split 'validation'"):
        folders(people, Reading(split=tmp_path / "s.csv"))


def test_unreadable_frames_are_named_and_the_rest_of_the_video_stays(people):
    (people / "bo" / "v1" / "f1.png").write_bytes(b"no picture")
    for n in range(3):
        (people / "cy" / "v0" / f"f{n}.png").write_bytes(b"")
    (people / "ada" / "v0" / "notes.doc").write_text("x")
    (people / "ada" / "portrait.png").write_bytes((people / "ada" / "v0" / "f0.png").read_bytes())
    faces = folders(people)
    videos = greys(faces.train) | greys(faces.test)
    assert videos["bo/v1"] == [100, 104]
    assert "cy/v0" not in videos
    assert "1 .doc" in faces.left_out
    assert "1 pictures that are not in person/video/" in faces.left_out
    assert any(line.startswith("bo/v1/f1.png (") for line in faces.left_out)
    assert any(line.startswith("cy/v0 (no frame of it can be read; f0.png: is empty") for line in faces.left_out)


def test_what_is_left_out_is_said_by_reason_and_an_entry_for_many_files_is_not_counted_as_one(people, said):
    assert folders(people).left_out_text == "0 files left out"
    assert said == []
    for n in range(30):
        (people / "ada" / "v0" / f"{n}.doc").write_text("x")
    expected = "left out: 30 .doc"
    assert folders(people).left_out_text == expected
    assert said == [f"faces: {expected}"]
    [found] = films.load("folder", root=people)
    assert found.left_out_text == expected
    assert said[1:] == [f"faces: {expected}"]


def test_folders_without_a_picture_are_named(people):
    for name in ("ada/v7", "ada/v8", "di"):
        (people / name).mkdir()
    (people / "ada" / "v8" / "notes.doc").write_text("x")
    assert sorted(folders(people).left_out) == [
        "1 .doc",
        "ada/v7 (no picture in it that is read)",
        "ada/v8 (no picture in it that is read)",
        "di (no folder of a video in it)",
    ]


def test_folders_that_links_repeat_are_counted_and_not_called_empty(people, tmp_path):
    (people / "zed").symlink_to(people / "ada")
    (people / "bo" / "again").symlink_to(people / "bo" / "v0")
    (people / "one").symlink_to(people / "cy" / "v0")
    (tmp_path / "bare" / "v0").mkdir(parents=True)
    (people / "yan").symlink_to(tmp_path / "bare")
    assert folders(people).left_out == (
        "yan (no picture in it that is read)",
        "3 link to a folder that is here already",
    )


def test_a_person_without_any_picture_is_one_entry(people):
    for video in ("v0", "v1"):
        (people / "di" / video).mkdir(parents=True)
        (people / "di" / video / "f0.heic").write_text("x")
    entry, counted = folders(people).left_out
    assert entry == "di (no picture in it that is read)"
    assert counted.startswith("2 .heic")


def test_texts_among_the_frames_are_counted_but_not_lists_beside_the_people(people):
    for name in ("notes.txt", "table.csv", "poses.mat"):
        (people / "ada" / "v0" / name).write_text("x")
    split, listed = people / "split.csv", people / "boxes.csv"
    split.write_text("video,split\n" + "".join(f"{p}/v{k},{'test' if k else 'train'}\n" for p in ("ada", "bo", "cy")
                                               for k in range(3)))  # fmt: skip
    expected = ("1 .csv", "1 .mat", "1 .txt")
    assert tuple(sorted(folders(people, Reading(split=split)).left_out)) == expected
    listed.write_text("image,x1,y1,x2,y2\nada/v0/f0.png,1,2,11,12\n")
    [found] = films.load("folder", root=people, split=split, boxes=listed)
    assert tuple(sorted(found.left_out)) == expected
    assert tuple(sorted(folders(people).left_out)) == expected


def test_a_folder_with_a_list_beside_its_people_has_no_fault(people):
    (people / "split.csv").write_text("video,split\n")
    assert [finding.good for finding in verification.faces("folder")(people)] == [True]


def test_a_video_with_one_frame_counts_and_is_its_own_still(people):
    for n in (1, 2):
        (people / "ada" / "v0" / f"f{n}.png").unlink()
    faces = folders(people)
    assert (greys(faces.train) | greys(faces.test))["ada/v0"] == [0]
    assert stills(faces.test).shape == (3, 64, 64, 3)


def test_a_person_with_one_video_is_only_learned_from(people):
    for k in (1, 2):
        for n in range(3):
            (people / "cy" / f"v{k}" / f"f{n}.png").unlink()
    faces = folders(people)
    assert "cy/v0" in faces.train.videos
    assert "cy" not in {faces.test.names[p] for p in faces.test.persons}


def test_long_videos_are_thinned_evenly(people):
    faces = folders(people, Reading(most=2))
    assert (greys(faces.train) | greys(faces.test))["bo/v0"] == [80, 84]


def test_one_person_and_folders_of_another_depth_are_refused(people, tmp_path):
    with pytest.raises(UserError, match="faces seems to be the right folder"):
        folders(people / "ada")
    with pytest.raises(UserError, match="expected a folder of at least two people"):
        folders(tmp_path / "nowhere")
    lonely = tmp_path / "other" / "one" / "v0"
    lonely.mkdir(parents=True)
    (lonely / "f0.png").write_bytes((people / "ada" / "v0" / "f0.png").read_bytes())
    with pytest.raises(UserError, match="expected a folder of at least two people"):
        folders(tmp_path / "other")


def test_a_file_in_the_place_of_the_folder_is_refused(people):
    with pytest.raises(UserError, match=r"f0\.png: no such folder"):
        folders(people / "ada" / "v0" / "f0.png")


def test_crops_are_the_middle_of_pictures_that_are_not_square(people):
    wide = np.zeros((10, 30, 3), np.uint8)
    wide[:, 10:20] = 200
    import cv2

    cv2.imwrite(str(people / "ada" / "v0" / "f0.png"), wide)
    faces = folders(people)
    part = faces.train if "ada/v0" in faces.train.videos else faces.test
    assert (part.frames[part.videos.index("ada/v0")][0] == 200).all()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"dataset": "faces"}, "dataset='faces' is not known; expected one of 'embedded'"),
        ({"dataset": "folder"}, "data_root is empty"),
        ({"dataset": "embedded", "root": "x"}, "leave data_root and split empty"),
        ({"dataset": "folder", "root": "x", "boxes": "y"}, "only dataset='ytc' has a list of boxes"),
    ],
)
def test_sources_that_do_not_fit_are_refused(asked, message):
    with pytest.raises(UserError, match=message):
        load(**asked)


def test_source_reads_folders_by_name(people):
    (faces,) = load("folder", root=people, seed=1)
    assert faces.test.videos == folders(people, Reading(seed=1)).test.videos
    assert faces.name == "faces"


def test_a_page_says_how_many_frames_of_a_real_video_are_read(people):
    [faces] = load("folder", root=people, most=2)
    assert {*faces.train.n_frames.tolist(), *faces.test.n_frames.tolist()} == {2}
