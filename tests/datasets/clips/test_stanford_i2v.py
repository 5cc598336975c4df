"""Stanford I2V's folders, ground truth, key frame lists and scoring."""

import pytest

from vretlib.datasets import registry
from vretlib.datasets.clips import source, stanford_i2v
from vretlib.datasets.clips.collection import Moment
from vretlib.datasets.clips.stanford_i2v import Interval
from vretlib.errors import UserError

A, B, C = (f"20121002/PBS_cc_segment/{n:02d}.700k.mp4" for n in range(3))


@pytest.fixture
def root(tmp_path, image):
    for name in (A, B, C):
        path = tmp_path / "videos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"video")
    for number in (0, 1):
        image(f"queries/query_{number}.jpg")
    (tmp_path / "light_dataset_public.txt").write_text(
        f"0 {A} 1:37 1:44 {A} 1:50 1:59 \n1 {B} 0:05 0:09 {C} 0:00 0:02\n"
    )
    return tmp_path


def test_lines_become_queries_with_clips_and_moments(root, silent):
    study = source.load("stanford_i2v", root=root)
    first, second = study.evaluation.queries
    assert [clip.name for clip in study.evaluation.clips] == [A, B, C]
    assert (first.name, first.kind, first.path.name) == ("SI2V 0", "SI2V", "query_0.jpg")
    assert first.relevant.tolist() == [0]
    assert first.moments == (Moment(0, 97, 104), Moment(0, 110, 119))
    assert second.relevant.tolist() == [1, 2]
    assert study.training == ()


def test_vb_is_a_second_kind(root, image, silent):
    image("vb/queries/5.jpg")
    (root / "vb" / "ground_truth.txt").write_text(f"5 {C} 0:01 0:02\n")
    collection = source.load("stanford_i2v", root=root).evaluation
    assert collection.kinds == ("SI2V", "VB")
    assert collection.of_kind("VB")[0].relevant.tolist() == [2]


def test_the_full_ground_truth_comes_before_the_light_one(root, silent):
    (root / "scoring").mkdir()
    (root / "scoring" / "full_dataset_public.txt").write_text(f"1 {C} 0:01 0:02\n")
    assert [q.name for q in source.load("stanford_i2v", root=root).evaluation.queries] == ["SI2V 1"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f"0 {A} 1:44 1:37", r"line 1: query 0, .*00\.700k\.mp4: ends at 97 s, before its start at 104 s"),
        ("0", "line 1: query 0 is matched to no clip"),
        (f"0 {A} 1:44", r"query 0 has 2 words; expected '<clip> <start> <end>'"),
        (f"0 {A} x 1:44", "'x' is not a time"),
        (f"zero {A} 0:01 0:02", "line 1: begins with 'zero'; expected the query's number"),
        (f"0 {A} 0:01 0:02\n0 {B} 0:01 0:02", "line 2: query 0 has a line already"),
        ("", "is empty; expected a line"),
        ("0 20121002/PBS_cc_segment/99.700k.mp4 0:01 0:02", r"names 1 clip not in the collection: .*99\.700k\.mp4"),
        (f"7 {A} 0:01 0:02", r"has no image of 1 queries of light_dataset_public\.txt: 7"),
    ],
)
def test_a_bad_ground_truth_is_one_error(root, line, message):
    (root / "light_dataset_public.txt").write_text(line)
    with pytest.raises(UserError, match=message):
        source.load("stanford_i2v", root=root)


def test_every_bad_line_is_named_at_once(root):
    (root / "light_dataset_public.txt").write_text(f"0\n1 {A} 0:09 0:01\n")
    with pytest.raises(UserError, match=r"line 1: .*; line 2: "):
        stanford_i2v.ground_truth(root / "light_dataset_public.txt")


def test_what_is_missing_is_named(root, tmp_path):
    with pytest.raises(UserError, match=r"nowhere: no such folder"):
        source.load("stanford_i2v", root=tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="holds no clip; expected videos/YYYYMMDD"):
        source.load("stanford_i2v", root=tmp_path / "empty")
    (root / "light_dataset_public.txt").unlink()
    with pytest.raises(UserError, match=r"holds no ground truth; expected full_dataset_public\.txt"):
        source.load("stanford_i2v", root=root)


def test_intervals_keep_their_order(root):
    known = stanford_i2v.ground_truth(root / "light_dataset_public.txt")
    assert known[1] == (Interval(B, 5, 9), Interval(C, 0, 2))


def test_a_copy_is_verified_video_by_video(root, video):
    video(f"videos/{A}")
    found = [(finding.good, finding.line) for finding in registry.verify("stanford-i2v", root)]
    assert (True, "SI2V: light_dataset_public.txt with 2 queries") in found
    assert [line.split(":")[0].split("/")[-1] for good, line in found if not good][:2] == [B[-11:], C[-11:]]
    assert (False, "1 of 3 videos can be read") in found
    assert found[-1] == (True, "2 of 2 images can be read")


def test_a_ground_truth_of_other_videos_is_the_one_finding(root):
    (root / "light_dataset_public.txt").write_text("0 20121002/none/00.mp4 0:01 0:02\n")
    (found,) = registry.verify("stanford-i2v", root)
    assert not found.good
    assert "none/00.mp4" in found.line
