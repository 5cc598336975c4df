"""What damage to face videos costs is said first, by person, video and frame; and why a division has no part."""

import pytest

from tests.datasets.faces.conftest import picture
from vretlib.datasets.faces import films
from vretlib.datasets.faces.own import folders
from vretlib.datasets.faces.tracks import Reading
from vretlib.datasets.faces.ytc import ytc
from vretlib.errors import UserError

EMPTY = "is empty (0 bytes); copy or download the image again"


def spoil(people, *names):
    """Make the files that match some patterns empty."""
    for name in names:
        for path in people.glob(name):
            path.write_bytes(b"")


def test_damage_is_named_by_person_video_and_frame_before_what_is_left_out_on_purpose(people):
    for n in range(9):
        (people / "ada" / "v0" / f"notes.x{n}").write_text("x")
    spoil(people, "ada/v1/f1.png", "ada/v2/f[02].png", "bo/v1/*", "cy/*/*")
    damage = (
        f"cy (none of 3 videos can be read; f0.png of cy/v0: {EMPTY})",
        f"bo/v1 (no frame of it can be read; f0.png: {EMPTY})",
        f"ada/v1/f1.png ({EMPTY})",
        f"ada/v2 (2 frames that cannot be read: f0.png, f2.png; f0.png: {EMPTY})",
    )
    faces = folders(people, Reading(seed=1))
    assert faces.left_out[:4] == damage
    assert faces.left_out_text.startswith("left out: cy (none of 3 videos can be read; f0")
    [found] = films.load("folder", root=people, n_frames=3, seed=1)
    assert found.left_out[:4] == damage


def test_a_person_whose_one_video_is_lost_is_named(people, tmp_path):
    picture(people / "di" / "v0" / "f0.png", 9)
    spoil(people, "di/v0/f0.png")
    assert folders(people).left_out == (f"di (the one video cannot be read; f0.png of di/v0: {EMPTY})",)


def test_an_unreadable_frame_that_is_taken_costs_its_video_nothing(people):
    spoil(people, "ada/v*/f0.png")
    faces = folders(people, Reading(most=1))
    assert len(faces.train) + len(faces.test) == 9
    assert faces.left_out == ()  # the middle frames are taken
    spoil(people, "ada/v*/f1.png")
    faces = folders(people, Reading(most=1))
    assert len(faces.train) + len(faces.test) == 9
    assert len(faces.left_out) == 3
    assert faces.left_out[0] == f"ada/v0 (2 frames that cannot be read: f0.png, f1.png; f0.png: {EMPTY})"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("s.txt", "", "s.txt: names no test video; write one in a line"),
        ("s.txt", "".join(f"{p}/v{k}\n" for p in ("ada", "bo", "cy") for k in range(3)),
         "s.txt: names no training video; all are test videos: leave some out"),
        ("s.csv", "video,split\nada/v0,train\nbo/v0,train\n", "names no test video; give the split test to a video"),
        ("s.csv", "video,split\nada/v0,test\nbo/v0,test\n", "names no training video; give the split train to a video"),
    ],
)  # fmt: skip
def test_a_split_file_without_one_of_the_parts_is_named(people, tmp_path, name, text, message):
    (tmp_path / name).write_text(text)
    with pytest.raises(UserError, match=message):
        folders(people, Reading(split=tmp_path / name))


def test_videos_of_which_nobody_has_a_second_need_one(tmp_path):
    for person in ("ada", "bo"):
        picture(tmp_path / "faces" / person / "v0" / "f0.png", 9)
    with pytest.raises(UserError, match="nobody has a second one to ask with; add a second video of someone"):
        folders(tmp_path / "faces")


def test_clips_of_one_video_each_need_a_split_file_or_another_video(tmp_path):
    for n, person in enumerate(("ada_lo", "bo_ek")):
        for clip in ("001", "002"):
            picture(tmp_path / "clips" / f"{n}_01_{clip}_{person}" / "0.png", 9)
    with pytest.raises(UserError, match="to ask with; give a split file, or add a second video of someone"):
        ytc(tmp_path / "clips")


@pytest.mark.parametrize(
    ("lost", "message"),
    [
        (["*/v0/*"], r"no test video can be read; copy the files again: ada/v0 \(no frame of it can be read; f0"),
        (["*/v[12]/*"], r"no training video can be read; copy the files again: ada/v1 \(no frame"),
        (["ada/v[12]/*", "bo/v[12]/*"], r"videos of 1 person can be read, not of two; copy the files again: ada/v1 \("),
        (["bo/v[12]/*"], r"no training video can be read of bo, whom test videos show; copy the files again: bo/v1 \(.*"
                         r"; bo/v2 \(.*, or leave out all videos of these people"),
    ],
)  # fmt: skip
def test_a_part_that_damage_leaves_without_a_video_says_what_was_lost(people, tmp_path, lost, message):
    (tmp_path / "s.txt").write_text("ada/v0\nbo/v0\ncy/v0\n")
    spoil(people, *lost)
    with pytest.raises(UserError, match=message):
        folders(people, Reading(split=tmp_path / "s.txt"))
