"""Whole frames of face videos: the drawn collections, real layouts, and their difficulty for raw pixels."""

import unicodedata
from fractions import Fraction

import cv2
import numpy as np
import pytest

from tests.datasets.faces.conftest import picture
from vretlib.datasets.clips.recording import recording
from vretlib.datasets.faces import films, own, youtube_faces, ytc
from vretlib.datasets.faces.drawn_films import drawn
from vretlib.datasets.faces.tracks import Reading
from vretlib.errors import UserError

FEW = {"people": 2, "sources": 2, "videos": 2, "length": 2}


@pytest.fixture(scope="module")
def some():
    return drawn("a", 0, **FEW, n_frames=2)


def test_a_drawn_collection_has_what_was_asked_for(some):
    assert some.persons.tolist() == [0] * 4 + [1] * 4
    assert some.sources.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert some.video.tolist() == [i for i in range(8) for _ in range(2)]
    assert some.still_persons.tolist() == [0, 0, 1, 1]
    assert some.still_sources.tolist() == [0, -1, 2, -1]
    assert {one.shape for one in (*some.frames, *some.stills)} == {(240, 320, 3)}


def test_relevant_are_frames_of_the_person_and_some_of_the_same_source(some):
    assert some.relevant.sum(axis=1).tolist() == [8] * 4
    assert some.same_source.sum(axis=1).tolist() == [4, 0, 4, 0]
    assert not (some.same_source & ~some.relevant).any()


def test_the_box_is_about_the_face(some):
    for boxes in (some.boxes, some.still_boxes):
        width, height = (boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
        assert (width > 25).all()
        assert (height > 35).all()
        assert (boxes >= 0).all()
        assert (boxes <= (320, 240, 320, 240)).all()
    x1, y1, x2, y2 = some.still_boxes[0].astype(int)
    face, corner = some.stills[0][y1:y2, x1:x2], some.stills[0][:20, :20]
    assert face.std() > corner.std()


def test_frames_of_a_source_are_alike_and_those_of_two_sources_are_not(some):
    frames = [frame.astype(int) for frame in some.frames]
    together = np.abs(frames[0] - frames[2]).mean()  # two videos of the first source
    assert together < np.abs(frames[0] - frames[4]).mean()


def test_films_do_not_depend_on_how_many_people_there_are(some):
    more = drawn("a", 0, **FEW | {"people": 3}, n_frames=2)
    assert all(np.array_equal(a, b) for a, b in zip(some.frames, more.frames, strict=False))
    np.testing.assert_array_equal(some.boxes, more.boxes[: len(some.boxes)])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"people": 1}, "people"), ({"videos": 0}, "videos"), ({"n_frames": 0}, "n_frames"),
        ({"clips": 2}, "clips=2 is not known; expected people, sources"),
    ],
)  # fmt: skip
def test_numbers_that_make_no_collection_are_refused(wrong, message):
    with pytest.raises(UserError, match=message):
        drawn("a", 0, **FEW | wrong)


def test_a_folder_of_your_own_asks_with_the_middle_frames_of_its_test_videos(people, tmp_path):
    (tmp_path / "split.txt").write_text("ada/v1\nbo/v2\ncy/v0\n")
    [found] = films.load("folder", root=people, split=tmp_path / "split.txt", n_frames=2)
    assert (len(found.frames), len(found.stills)) == (12, 3)
    assert [int(one[0, 0, 0]) for one in found.stills] == [24, 124, 164]  # the later of two, 80 i + 20 k + 2 n
    assert np.isnan(found.still_boxes).all()
    assert found.relevant.sum(axis=1).tolist() == [4, 4, 4]
    assert not found.same_source.any()


def test_boxes_of_a_list_are_read_and_checked(people, tmp_path):
    listed = tmp_path / "boxes.csv"
    listed.write_text("image,x1,y1,x2,y2\nada/v0/f0.png,1,2,11,12\n")
    [found] = films.load("folder", root=people, boxes=listed)
    every = [*found.boxes.tolist(), *found.still_boxes.tolist()]
    assert [1, 2, 11, 12] in every
    listed.write_text("image,x1,y1,x2,y2\nada/v0/f0.png,11,2,1,12\n")
    with pytest.raises(UserError, match="face box 11 2 1 12: expected one in the picture, 20 x 20"):
        films.load("folder", root=people, boxes=listed)
    listed.write_text("image,x1,y1,x2,y2\nada/v0/f0.png,1,2,11,12\nada/v0/f0.png,1,2,11,13\n")
    with pytest.raises(UserError, match=r"row 3: ada/v0/f0.png: an earlier row gives it another box"):
        films.load("folder", root=people, boxes=listed)
    listed.write_text("image,x1,y1,x2,y2\nada/v0/none.png,1,2,11,12\n")
    with pytest.raises(UserError, match=r"none.png': no such file in"):
        films.load("folder", root=people, boxes=listed)


def test_a_box_belongs_to_its_frame_however_the_list_writes_the_path(people, tmp_path):
    (people / "bo").rename(people / unicodedata.normalize("NFD", "bó"))
    (tmp_path / "link").symlink_to(people)
    listed = tmp_path / "boxes.csv"
    for root, person in (
        (people, "cy/../ada"), (people, tmp_path / "link/ada"), (people, "bó"), (tmp_path / "link", people / "ada"),
    ):  # fmt: skip
        rows = [f"{person}/v{k}/f0.png,1,2,11,12" for k in range(3)]
        listed.write_text("\n".join(["image,x1,y1,x2,y2", *rows]), encoding="utf-8")
        [found] = films.load("folder", root=root, boxes=listed)
        assert found.boxes.tolist().count([1, 2, 11, 12]) == 2  # of the person's videos that are searched
    picture(tmp_path / "other.png", 9)
    listed.write_text(f"image,x1,y1,x2,y2\n{tmp_path / 'other.png'},1,2,11,12\n")
    with pytest.raises(UserError, match=r"row 2: .*other.png': is no frame in person/video/ of"):
        films.load("folder", root=people, boxes=listed)


def test_youtube_faces_gives_whole_frames_with_their_boxes(tmp_path):
    root = tmp_path / "frame_images_DB"
    for person in ("Ada", "Bo"):
        lines = []
        for video in ("0", "1"):
            for frame in (1, 2):
                picture(root / person / video / f"{video}.{frame}.jpg", 100, (60, 40))
                lines.append(rf"{person}\{video}\{video}.{frame}.jpg,0,30,20,10,12,0,1")
        (root / f"{person}.labeled_faces.txt").write_text("\n".join(lines))
    found = films.of_tracks(youtube_faces.tracks(root), Reading(most=2))
    assert found.frames[0].shape == (40, 60, 3)
    assert found.boxes.tolist() == [[25, 14, 35, 26]] * 4
    assert found.still_boxes.tolist() == [[25, 14, 35, 26]] * 2


def test_clips_of_celebrities_that_are_pictures_have_no_boxes(tmp_path):
    for n, name in enumerate(("ada_ray", "bo_li")):
        for video in (1, 2):
            picture(tmp_path / f"{n}_{video:04}_001_{name}" / "1.png", 40 * n + 9 * video)
    found = films.of_tracks(ytc.tracks(tmp_path), Reading(most=2))
    assert (len(found.frames), len(found.stills)) == (2, 2)
    assert np.isnan(found.boxes).all()


def test_frames_of_a_clip_are_kept_on_disk_and_read_at_each_access(tmp_path, monkeypatch):
    monkeypatch.setattr(films.cache.paths, "CACHE", tmp_path / "cache")
    for n, name in enumerate(("ada_ray", "bo_li")):
        for video in (1, 2):
            with recording(tmp_path / f"{n}_{video:04}_001_{name}.mp4", 64, 48, Fraction(25), 15) as write:
                for k in range(5):
                    write(np.full((48, 64, 3), 40 * n + 20 * video + 15 * k, np.uint8), k / 25)
    lines = [f"0_{name}_{video:04}_001,32,24,0.5,0" for name in ("ada_ray", "bo_li") for video in (1, 2)]
    (tmp_path / "boxes.csv").write_text("\n".join(lines))
    listed = ytc.tracks(tmp_path)
    found = films.of_tracks(listed, Reading(most=2))
    decoded = [track.whole(2)[0] for track in listed.tracks]
    assert len(found.frames) == 4
    assert len(list((tmp_path / "cache" / "film_frames").glob("*/*.png"))) == 8
    for read in found.frames:
        assert any(np.array_equal(read, picture) for of in decoded for picture, _ in of)
    assert found.frames[0] is not found.frames[0]
    assert found.boxes[0].tolist() == [20, 12, 44, 36]


def test_a_person_with_one_video_alone_is_not_asked_for(people):
    [found] = films.load("folder", root=people, seed=1)
    assert sorted(found.still_persons.tolist()) == [0, 1, 2]
    listed = own.tracks(people)
    alone = films.of_tracks(
        listed.__class__("x", [t for t in listed.tracks if t.video not in ("ada/v1", "ada/v2")]), Reading()
    )
    assert alone.names[0] not in {alone.names[i] for i in alone.still_persons}
    with pytest.raises(UserError, match="nobody has two that can be read"):
        films.of_tracks(listed.__class__("x", [t for t in listed.tracks if t.video.endswith("v1")]), Reading())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dataset": "umdfaces"}, "dataset='umdfaces' is not known; expected one of 'embedded', 'ytc'"),
        ({"dataset": "embedded", "root": "x"}, "x: the embedded films are drawn"),
        ({"dataset": "ytc"}, "data_root is empty"),
        ({"dataset": "youtube_faces", "root": "x", "boxes": "y"}, "boxes='y'; YouTube Faces has lists"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(options, message):
    with pytest.raises(UserError, match=message):
        films.load(**options)


def mean_ap(found, asked):
    """Mean AP of some stills over all frames by the cosine of raw pixels, and that of random orders, written out."""
    xq, xb = (
        np.stack([cv2.resize(p, (16, 12), interpolation=cv2.INTER_AREA).ravel().astype(float) for p in pictures])
        for pictures in (found.stills, found.frames)
    )
    xq, xb = (x - x.mean(axis=1, keepdims=True) for x in (xq, xb))
    scores = (xq / np.linalg.norm(xq, axis=1, keepdims=True)) @ (xb / np.linalg.norm(xb, axis=1, keepdims=True)).T
    chance = np.random.default_rng(0).random(scores.shape)
    aps = np.zeros((2, len(scores)))
    for k, values in enumerate((scores, chance)):
        for i, row in enumerate(values):
            hits = np.flatnonzero(found.relevant[i][np.argsort(-row, kind="stable")])
            aps[k, i] = np.mean([(n + 1) / (at + 1) for n, at in enumerate(hits)])
    return aps[:, asked].mean(axis=1)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["a", "b"])
def test_the_collections_have_the_difficulty_that_was_aimed_at(which):
    found = drawn(which)
    here = found.still_sources >= 0
    by_pixels, chance = mean_ap(found, np.ones(len(here), bool))
    assert chance < 0.15 < by_pixels < 0.4
    elsewhere, by_chance = mean_ap(found, ~here)
    assert by_chance < elsewhere < 0.3
