"""One walk for every reader of folders: what it takes, in which order, and what it leaves out and says."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vretlib import walk
from vretlib.errors import UserError


def _made(root, *names):
    for name in names:
        path = os.path.join(os.fsencode(root), name if isinstance(name, bytes) else name.encode())
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb"):
            pass


def _names(root, found):
    return [path.relative_to(root).as_posix() for path in found.paths]


@pytest.fixture
def refused(monkeypatch):
    """``refused(folder)``: reading it fails as for someone without permission (tests may run as root, who has all)."""
    scandir = os.scandir

    def refuse(folder):
        def guarded(path):
            if os.fspath(path) == os.fspath(folder):
                raise PermissionError(errno.EACCES, "Permission denied")
            return scandir(path)

        monkeypatch.setattr(os, "scandir", guarded)

    return refuse


def test_numbers_come_by_value_in_every_part_of_a_path(tmp_path):
    _made(tmp_path, "take10/f1.png", "take2/f10.png", "take2/f9.png", "take2/f09b.png", "take2/f9a.png", "f12.png")
    found = walk.find(tmp_path, [".png"])
    assert _names(tmp_path, found) == [
        *("f12.png", "take2/f9.png", "take2/f9a.png", "take2/f09b.png", "take2/f10.png", "take10/f1.png")
    ]


def test_single_files_with_another_purpose_are_not_counted_and_their_namesakes_are(tmp_path):
    _made(tmp_path, "a.png", "split.csv", "below/split.csv")
    (tmp_path / "link.csv").symlink_to(tmp_path / "below" / "split.csv")
    apart = [tmp_path / "link.csv", tmp_path / "gone.csv"]
    assert walk.find(tmp_path, [".png"], apart=apart).left_out == {".csv": 1}


def test_folders_that_are_here_already_are_named(tmp_path):
    _made(tmp_path, "a/1.png", "b/2.png")
    (tmp_path / "b" / "again").symlink_to(tmp_path / "a")
    found = walk.find(tmp_path, [".png"])
    assert found.repeated == {tmp_path / "b" / "again"}
    assert found.left_out == {"link to a folder that is here already": 1}


def test_capitals_do_not_take_a_frame_out_of_its_place(tmp_path):
    _made(tmp_path, "IMG_10.JPG", "img_9.jpg", "Img_11.jpg", "IMG_2.jpg")
    assert _names(tmp_path, walk.find(tmp_path, [".jpg"])) == ["IMG_2.jpg", "img_9.jpg", "IMG_10.JPG", "Img_11.jpg"]


def test_names_of_one_number_have_one_order(tmp_path):
    _made(tmp_path, "frame1.png", "frame01.png", "frame001.png", "frame2.png")
    assert _names(tmp_path, walk.find(tmp_path, [".png"])) == [
        "frame001.png",
        "frame01.png",
        "frame1.png",
        "frame2.png",
    ]


@given(st.lists(st.integers(0, 10**30), min_size=2, max_size=6, unique=True))
def test_names_that_differ_in_a_number_are_sorted_as_the_numbers(numbers):
    paths = [Path(f"clip/frame {n}.png") for n in numbers]
    assert sorted(paths, key=walk.key) == [Path(f"clip/frame {n}.png") for n in sorted(numbers)]


@given(st.lists(st.text("a1٣²é0.", min_size=1, max_size=5), min_size=2, max_size=5, unique=True))
def test_any_names_have_an_order_that_does_not_depend_on_where_they_began(names):
    paths = [Path(f"x{name}") for name in names] + [Path(f"x{name}/x{name}") for name in names]
    backwards = paths[::-1]
    assert sorted(paths, key=walk.key) == sorted(backwards, key=walk.key)


def test_hidden_files_and_folders_are_left_alone_everywhere(tmp_path):
    _made(tmp_path, "a.png", "._a.png", ".trash/b.png", "sub/.thumbnails/c.png", "sub/.d.png", "sub/e.png")
    found = walk.find(tmp_path, [".png"])
    assert _names(tmp_path, found) == ["a.png", "sub/e.png"]
    assert found.left_out == {}


def test_what_systems_and_network_drives_keep_in_folders_is_left_alone(tmp_path):
    _made(tmp_path, "a.jpg", "__MACOSX/a.jpg", "@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg", "$RECYCLE.BIN/x/old.jpg")
    found = walk.find(tmp_path, [".jpg"])
    assert (_names(tmp_path, found), found.left_out) == (["a.jpg"], {})


def test_what_is_left_out_is_counted_by_reason(tmp_path, said):
    _made(tmp_path, "a.png", "b.HEIC", "c.heic", "notes.txt", "list.csv", "README", "x/d.PNG")
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere.png")
    (tmp_path / "round.png").symlink_to(tmp_path / "round.png")
    paths = walk.find(tmp_path, [".png"], unreadable={".heic": "install it"}, beside=[".csv"]).logged()
    assert [path.name for path in paths] == ["a.png", "d.PNG"]
    assert said == [
        f"{tmp_path.name}: left out 2 .heic (install it), 2 link that leads nowhere, 1 .png that is a named pipe, "
        "1 .txt, 1 file without an ending"
    ]


def test_nothing_is_said_where_nothing_is_left_out(tmp_path, said):
    _made(tmp_path, "a.png")
    walk.find(tmp_path, [".png"]).logged()
    assert said == []


def test_links_are_followed_and_circles_end(tmp_path):
    _made(tmp_path / "elsewhere", "a.png", "deep/b.png")
    _made(tmp_path / "root", "own/c.png")
    root = tmp_path / "root"
    (root / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(root)
    (root / "own" / "up").symlink_to(root)
    found = walk.find(root, [".png"])
    assert _names(root, found) == ["linked/a.png", "linked/deep/b.png", "own/c.png"]
    assert found.left_out == {"link to a folder that is here already": 2}


def test_a_link_to_a_folder_above_the_one_that_is_read_brings_no_file_twice(tmp_path):
    _made(tmp_path, "films/a.jpg", "films/deep/b.jpg", "c.jpg")
    (tmp_path / "films" / "up").symlink_to(tmp_path)
    found = walk.find(tmp_path / "films", [".jpg"])
    assert _names(tmp_path / "films", found) == ["a.jpg", "deep/b.jpg", "up/c.jpg"]
    assert found.left_out == {"folder that is here already": 1}


def test_two_links_to_one_folder_are_followed_once_and_its_own_place_comes_first(tmp_path):
    _made(tmp_path / "elsewhere", "a.png")
    _made(tmp_path / "root", "z/b.png")
    root = tmp_path / "root"
    for name in ("one", "two"):
        (root / name).symlink_to(tmp_path / "elsewhere")
    (root / "a link to z").symlink_to(root / "z")
    found = walk.find(root, [".png"])
    assert _names(root, found) == ["one/a.png", "z/b.png"]
    assert found.left_out == {"link to a folder that is here already": 2}


def test_one_file_behind_several_links_counts_once_where_that_is_asked_for(tmp_path):
    _made(tmp_path, "z/film.mp4", "other.mp4")
    (tmp_path / "a.mp4").symlink_to(tmp_path / "z" / "film.mp4")
    os.link(tmp_path / "other.mp4", tmp_path / "same.mp4")
    assert _names(tmp_path, walk.find(tmp_path, [".mp4"])) == ["a.mp4", "other.mp4", "same.mp4", "z/film.mp4"]
    found = walk.find(tmp_path, [".mp4"], once=True)
    assert _names(tmp_path, found) == ["other.mp4", "z/film.mp4"]
    assert found.left_out == {"link to a file that is here already": 2}


def test_a_folder_that_may_not_be_read_is_an_error_that_names_it(tmp_path, refused):
    _made(tmp_path, "a.png", "closed/b.png")
    refused(tmp_path / "closed")
    with pytest.raises(UserError, match="closed: this folder may not be read; change its permissions"):
        walk.find(tmp_path, [".png"])
    with pytest.raises(UserError, match="closed: this folder may not be read"):
        walk.entries(tmp_path / "closed")


def test_names_that_are_not_utf_8_are_left_out_and_counted(tmp_path):
    _made(tmp_path, "a.png", b"caf\xe9.png", b"h\xf6fe/b.png", b"c.\xff")
    found = walk.find(tmp_path, [".png"])
    assert _names(tmp_path, found) == ["a.png"]
    assert found.left_out == {
        ".png whose name is not UTF-8 (rename it)": 1,
        "folder whose name is not UTF-8 (rename it)": 1,
        "file without an ending": 1,
    }


def test_a_root_whose_name_is_not_utf_8_is_one_error_that_can_be_shown(tmp_path):
    _made(tmp_path, b"h\xf6fe/b.png")
    [root] = tmp_path.iterdir()
    with pytest.raises(UserError, match="has a name that is not UTF-8; rename it") as error:
        walk.find(root, [".png"])
    str(error.value).encode("utf-8")


def test_where_there_is_no_folder_nothing_is_found(tmp_path):
    assert walk.find(tmp_path / "nowhere", [".png"]).paths == ()
    with pytest.raises(UserError, match="255 bytes"):
        walk.find(tmp_path / ("n" * 300), [".png"])
