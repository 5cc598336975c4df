"""What `python -m vretlib data verify` finds: ok is what a run reads, BAD what it refuses."""

import errno
import os
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from vretlib import paths
from vretlib.datasets import registry
from vretlib.errors import UserError


@pytest.fixture
def oxford(tmp_path):
    (tmp_path / "images").mkdir()
    for name in ("a_000001", "a_000002", "a_000003"):
        Image.new("RGB", (30, 20)).save(tmp_path / f"images/{name}.jpg")
    (tmp_path / "gt").mkdir()
    for kind, text in {"query": "oxc1_a_000001 0 0 9 9", "good": "a_000001", "ok": "a_000002", "junk": ""}.items():
        (tmp_path / f"gt/a_1_{kind}.txt").write_text(text)
    return tmp_path


def _lines(name, path):
    return [(finding.good, finding.line) for finding in registry.verify(name, path)]


def test_a_whole_collection_is_good(oxford):
    assert _lines("oxford5k", oxford) == [
        (True, "Oxford5k: 3 images, 1 queries of 1 landmarks"),
        (True, "3 of 3 images can be read"),
    ]


def test_every_image_that_cannot_be_read_is_named(oxford):
    (oxford / "images/a_000002.jpg").write_bytes(b"")
    (oxford / "images/a_000003.jpg").write_bytes((oxford / "images/a_000001.jpg").read_bytes()[:-40])
    found = _lines("oxford5k", oxford)
    assert [good for good, _ in found] == [True, False, False, False]
    assert "a_000002.jpg: is empty" in found[1][1]
    assert "a_000003.jpg: is cut short" in found[2][1]
    assert found[3][1] == "1 of 3 images can be read"


def test_a_ground_truth_that_does_not_fit_is_the_one_finding(oxford):
    (oxford / "images/a_000002.jpg").unlink()
    [(good, line)] = _lines("oxford5k", oxford)
    assert not good
    assert "names 1 image that" in line


def test_distractors_are_read_through(oxford):
    assert _lines("distractors", oxford) == [(True, "3 of 3 images can be read")]
    (oxford / "images/a_000003.jpg").write_text("<html>")
    found = _lines("distractors", oxford)
    assert [good for good, _ in found] == [False, False]
    assert "a_000003.jpg: is not an image" in found[0][1]
    with pytest.raises(UserError, match="holds no image"):
        _lines("distractors", oxford / "gt")


def test_class_folders_are_read_through(tmp_path):
    for name in ("one/1.jpg", "one/2.jpg", "two/1.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (3, 2)).save(tmp_path / name)
    found = _lines("landmarks", tmp_path)
    assert all(good for good, _ in found)
    assert found[-1] == (True, "3 of 3 images can be read")
    assert any("classes with one image in the database, not asked for: two" in line for _, line in found)


def test_a_collection_of_small_objects_is_verified_with_its_query_pictures(tmp_path):
    (tmp_path / "images").mkdir()
    for name in ("images/a.jpg", "images/b.jpg", "mug.jpg"):
        Image.new("RGB", (30, 20)).save(tmp_path / name)
    (tmp_path / "queries.csv").write_text("image,x1,y1,x2,y2,instance\nmug.jpg,0,0,9,9,mug\n")
    (tmp_path / "relevant.csv").write_text("instance,image\nmug,images/b.jpg\n")
    assert _lines("instances", tmp_path) == [
        (True, f"{tmp_path.name}: 2 images, 1 queries of 1 objects"),
        (True, "3 of 3 images can be read"),
    ]
    (tmp_path / "images/a.jpg").write_bytes(b"")
    assert [good for good, _ in _lines("instances", tmp_path)] == [True, False, False]
    [(good, line)] = _lines("trecvid-ins", tmp_path)
    assert not good
    assert "expected a folder with key frames" in line


def test_every_landmark_set_but_the_embedded_one_can_be_verified():
    landmarks = [data for data in registry.DATA_SETS if 2 in data.chapters or 3 in data.chapters]
    assert [data.name for data in landmarks if data.check is None] == ["embedded-landmarks"]
    assert {"oxford5k", "paris6k", "roxford5k", "rparis6k", "distractors", "landmarks"} <= {d.name for d in landmarks}


def test_semart_is_verified_row_by_row(tmp_path):
    columns = ("IMAGE_FILE", "DESCRIPTION", "AUTHOR", "TITLE", "TECHNIQUE", "DATE", "TYPE", "SCHOOL", "TIMEFRAME")
    (tmp_path / "Images").mkdir()
    for part in ("train", "val", "test"):
        Image.new("RGB", (3, 2)).save(tmp_path / "Images" / f"{part}.jpg")
        row = "\t".join([f"{part}.jpg", *"-" * 8])
        table = ["\t".join(columns), row, row.replace(f"{part}.jpg", "none.jpg")]
        (tmp_path / f"semart_{part}.csv").write_text("\n".join(table))
    found = _lines("semart", tmp_path)
    assert [good for good, _ in found] == [False] * 4
    assert found[0][1] == "semart_train.csv line 3: none.jpg (no such image)"
    assert found[3][1] == "3 of 6 rows have an image that can be read"
    (tmp_path / "semart_val.csv").write_text("IMAGE_FILE,DESCRIPTION\n")
    assert [good for good, _ in _lines("semart", tmp_path)] == [False]


def test_faces_are_verified_with_what_a_run_leaves_out(tmp_path):
    for name in ("ada/v0/0.png", "ada/v1/0.png", "bo/v0/0.png", "bo/v1/0.png"):
        (tmp_path / name).parent.mkdir(parents=True)
        Image.new("RGB", (8, 8)).save(tmp_path / name)
    assert _lines("faces", tmp_path)[-1][0]
    (tmp_path / "bo" / "v1" / "1.png").write_bytes(b"x")
    found = _lines("faces", tmp_path)
    assert [good for good, _ in found] == [False, False]
    assert found[0][1].startswith("bo/v1/1.png (")
    assert "2 people, 2 videos to learn from and 2 to ask with" in found[1][1]
    assert not _lines("youtube-faces", tmp_path)[0][0]


def _film(path, n=30):
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for i in range(n):
            frame = av.VideoFrame.from_ndarray(rng.integers(0, 256, (48, 64, 3), np.uint8), format="rgb24")
            frame.pts, frame.time_base = i, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture
def films(tmp_path):
    _film(tmp_path / "films" / "a.mp4")
    Image.new("RGB", (30, 20)).save(tmp_path / "films" / "q.jpg")
    return tmp_path / "films"


@pytest.mark.parametrize(
    ("text", "movies", "clips"),
    [
        ("image,movie,frame\nq.jpg,a,29\n", True, True),
        ("image,video,start,end,kind\nq.jpg,a,1,2,VB\n", True, True),
        ("image,video\nq.jpg,a\n", False, True),  # of all of the video: clips can be found by it, no frame can
        ("image,movie,frame\nq.jpg,a,30\n", False, False),
        ("image,movie,start\nq.jpg,a,9\n", False, False),
        ("image,movie,frame\nnone.jpg,a,1\n", False, False),
        ("image;movie;frame\nq.jpg;a;1\n", False, False),
    ],
)
def test_a_list_is_good_for_what_its_pages_can_do_with_it(films, text, movies, clips):
    (films / "queries.csv").write_text(text)
    for name, good in (("movies", movies), ("clips", clips), ("ntu-voi", clips)):
        found = _lines(name, films)
        assert found[0] == (True, "a.mp4: 64x48, 30 frames, 3.0 s")
        assert [ok for ok, _ in found] == [True, good], (name, found)
        assert "queries.csv" in found[-1][1]


def test_something_else_called_queries_csv_is_refused_as_in_a_run(films):
    os.mkfifo(films / "queries.csv")
    assert [good for good, _ in _lines("movies", films)] == [True, False]
    (films / "queries.csv").unlink()
    (films / "queries.csv").symlink_to(films / "nowhere")
    assert not _lines("clips", films)[-1][0]


def test_a_film_that_opens_and_cannot_be_decoded_to_its_end_is_bad(films):
    data = bytearray((films / "a.mp4").read_bytes())
    start = data.index(b"mdat") + len(data) // 2
    data[start : start + 3000] = bytes(3000)
    (films / "a.mp4").write_bytes(bytes(data))
    (films / "queries.csv").write_text("image,movie,frame\nq.jpg,a,1\n")
    found = _lines("movies", films)
    assert [good for good, _ in found] == [False, False]
    assert found[-1][1] == "queries.csv: not looked at, since not every film of it can be read"


@pytest.mark.parametrize(
    ("name", "sub"), [("movies", "deep"), ("clips", "deep"), ("ntu-voi", "deep"), ("landmarks", "one")]
)
def test_a_folder_that_may_not_be_read_is_never_ok(tmp_path, monkeypatch, name, sub):
    for folder in ("one", "two", "deep"):
        (tmp_path / folder).mkdir()
        for i in range(3):
            Image.new("RGB", (30, 20)).save(tmp_path / folder / f"{i}.jpg")
    _film(tmp_path / "a.mp4", 3)
    scandir = os.scandir

    def guarded(path):
        if os.fspath(path) == os.fspath(tmp_path / sub):
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    found = _lines(name, tmp_path)
    assert [good for good, _ in found] == [False]
    assert f"{sub}: this folder may not be read" in found[0][1]


def test_folders_of_frames_are_clips(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    for i in (1, 2, 10):
        (tmp_path / "voi" / "take").mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (64, 48), (9 * i, 9 * i, 9 * i)).save(tmp_path / "voi" / "take" / f"frame{i}.png")
    assert (True, "take: 64x48, 3 frames, 0.4 s") in _lines("ntu-voi", tmp_path / "voi")
    assert [good for good, _ in _lines("clips", tmp_path / "voi")] == [False]
    Image.new("RGB", (32, 48)).save(tmp_path / "voi" / "take" / "frame11.png")
    assert not all(good for good, _ in _lines("ntu-voi", tmp_path / "voi"))


def test_classes_of_one_image_each_are_bad(tmp_path):
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        Image.new("RGB", (3, 2)).save(tmp_path / name / "1.jpg")
    assert not all(good for good, _ in _lines("landmarks", tmp_path))


def test_a_path_that_cannot_be_looked_at_is_one_error(tmp_path):
    for path in (tmp_path / ("n" * 300), tmp_path / "a\0b"):
        with pytest.raises(UserError, match=r"255 bytes|is not a path"):
            registry.verify("movies", path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="a named pipe"):
        _lines("big-buck-bunny", tmp_path / "pipe")
