"""The layouts of YTC, UMDFaces and YouTube Faces."""

import unicodedata
from fractions import Fraction

import cv2
import numpy as np
import pytest

from vretlib.datasets.clips.recording import recording
from vretlib.datasets.faces import load
from vretlib.datasets.faces.umdfaces import umdfaces
from vretlib.datasets.faces.youtube_faces import aligned, boxes, youtube_faces
from vretlib.datasets.faces.ytc import first_boxes, named, ytc
from vretlib.errors import UserError


def scene(path, grey, at, size=20):
    """A dark picture of 100 × 80 pixels with a square of one grey level about a middle."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = np.full((80, 100, 3), 30, np.uint8)
    x, y = at
    picture[y - size // 2 : y + size // 2, x - size // 2 : x + size // 2] = grey
    cv2.imwrite(str(path), picture)


@pytest.fixture
def ytf(tmp_path):
    """Two people with two videos, whose frames are numbered without leading zeros."""
    root = tmp_path / "frame_images_DB"
    for i, person in enumerate(("Ada_Lo", "Bo_Ek")):
        lines = []
        for video in range(2):
            for frame in (9, 10, 101):
                at = (30 + frame % 7, 40)
                scene(root / person / str(video) / f"{video}.{frame}.png", 100 + 50 * i + video, at)
                lines.append(rf"{person}\{video}\{video}.{frame}.png,0,{at[0]},{at[1]},16,16,0,1")
        (root / f"{person}.labeled_faces.txt").write_text("\r\n".join(lines[::-1]))
    return root


def test_boxes_of_youtube_faces_have_their_middle_and_frames_the_order_of_numbers(ytf):
    found = boxes(ytf / "Ada_Lo.labeled_faces.txt")
    assert list(found) == ["Ada_Lo/1", "Ada_Lo/0"]
    assert [name for name, _ in found["Ada_Lo/0"]] == [f"Ada_Lo/0/0.{n}.png" for n in (9, 10, 101)]
    assert found["Ada_Lo/0"][0][1] == (32 - 8, 40 - 8, 32 + 8, 40 + 8)


def test_youtube_faces_are_cut_out_about_the_middle(ytf):
    for root in (ytf, ytf.parent):
        faces = youtube_faces(root)
        assert len(faces.train) == len(faces.test) == 2
        for part in (faces.train, faces.test):
            for name, crops in zip(part.videos, part.frames, strict=True):
                assert len(crops) == 3
                grey = 100 + 50 * name.startswith("Bo") + int(name[-1])
                assert (crops[:, 4:60, 4:60] == grey).all()  # 16 × 1.25 = 20 pixels, the whole square


def test_what_youtube_faces_lack_is_named(ytf):
    (ytf / "Ada_Lo" / "0" / "0.10.png").unlink()
    scene(ytf / "Cy_Ro" / "0" / "0.1.png", 9, (30, 30))
    scene(ytf / "Bo_Ek" / "7" / "7.1.png", 9, (30, 30))
    left_out = youtube_faces(ytf).left_out
    assert "Ada_Lo/0/0.10.png (no such image)" in left_out
    assert "Cy_Ro (no Cy_Ro.labeled_faces.txt)" in left_out
    assert "Bo_Ek/7 (not in Bo_Ek.labeled_faces.txt)" in left_out


def test_frames_without_a_line_lines_that_repeat_and_empty_lists_of_youtube_faces_are_named(ytf):
    scene(ytf / "Bo_Ek" / "1" / "1.7.png", 9, (30, 30))
    (ytf / "Bo_Ek" / "1" / "notes.docx").write_text("x")
    (ytf / "Cy_Ro.labeled_faces.txt").write_text("")
    listed = ytf / "Ada_Lo.labeled_faces.txt"
    listed.write_text(listed.read_text() + "\r\n" + listed.read_text().splitlines()[0])
    faces = youtube_faces(ytf)
    assert sorted(faces.left_out) == [
        "1 .docx",
        "Ada_Lo/1/1.101.png (listed again in Ada_Lo.labeled_faces.txt)",
        "Bo_Ek/1 (1 frames not in Bo_Ek.labeled_faces.txt: 1.7.png)",
        "Cy_Ro.labeled_faces.txt (lists no frame)",
    ]
    assert {len(crops) for part in (faces.train, faces.test) for crops in part.frames} == {3}


def test_lines_that_are_no_boxes_are_refused_together(ytf):
    (ytf / "Bo_Ek.labeled_faces.txt").write_text("Bo_Ek\\0\\0.9.png,0,1,2\nBo_Ek\\0\\0.9.png,0,a,2,3,4,0,1\n")
    with pytest.raises(UserError, match=r"line 1: .*expected Person.*line 2: 'a,2,3,4'; expected four numbers"):
        youtube_faces(ytf)


def test_aligned_faces_are_the_middle_half(tmp_path):
    for i, person in enumerate(("Ada", "Bo")):
        for video in range(2):
            scene(tmp_path / "aligned_images_DB" / person / str(video) / "a.png", 100 + 50 * i, (50, 40), size=60)
    faces = aligned(tmp_path)
    assert {int(crops[0, 32, 32, 0]) for crops in faces.train.frames} == {100, 150}
    assert all((crops == crops[0, 0, 0, 0]).all() for crops in faces.train.frames)


def test_another_folder_is_not_youtube_faces(tmp_path):
    with pytest.raises(UserError, match="expected the folder of YouTube Faces, with frame_images_DB/"):
        youtube_faces(tmp_path)


def test_umdfaces_have_the_corner_of_their_boxes_and_stills_are_videos_of_one_frame(tmp_path):
    batch = tmp_path / "umdfaces_batch1"
    rows = ["SUBJECT_ID,FILE,FACE_X,FACE_Y,FACE_WIDTH,FACE_HEIGHT,YAW"]
    for i, person in enumerate(("ada", "bo")):
        for name in ("still.png", "vid/f2.png", "vid/f10.png"):
            scene(batch / person / name, 100 + 50 * i, (50, 40))
            rows.append(f"{i},{person}/{name},42,32,16,16,0")
    rows += ["1,bo/gone.png,42,32,16,16,0", rows[2]]
    (batch / "umdfaces_batch1_ultraface.csv").write_text("\n".join(rows))
    scene(batch / "bo" / "vid" / "f3.png", 150, (50, 40))
    (batch / "bo" / "notes.docx").write_text("x")
    faces = umdfaces(tmp_path)
    lengths = dict(zip(faces.train.videos, faces.train.frames, strict=True))
    lengths |= dict(zip(faces.test.videos, faces.test.frames, strict=True))
    assert {name: len(crops) for name, crops in lengths.items()} == {
        "ada/still.png": 1, "ada/vid": 2, "bo/still.png": 1, "bo/vid": 2,
    }  # fmt: skip
    assert (lengths["bo/vid"][:, 4:60, 4:60] == 150).all()
    assert sorted(faces.left_out) == [
        "1 .docx",
        "1 pictures that no list names: umdfaces_batch1/bo/vid/f3.png",
        "ada/vid/f2.png (listed again in umdfaces_batch1_ultraface.csv)",
        "bo/gone.png (no frame of it can be read; gone.png: no such image)",
    ]


def test_umdfaces_without_a_list_or_with_bad_rows_are_refused(tmp_path):
    with pytest.raises(UserError, match="expected the folder of UMDFaces"):
        umdfaces(tmp_path)
    (tmp_path / "x_ultraface.csv").write_text("FILE,FACE_X,FACE_Y,FACE_WIDTH,FACE_HEIGHT\na,1,2,3,4\na/b.png,x,2,3,4\n")
    with pytest.raises(UserError, match=r"row 2: FILE 'a'; expected person/picture.*row 3: a/b.png: its box"):
        umdfaces(tmp_path)


def test_names_of_clips_are_divided():
    assert named("0012_03_007_al_gore") == ("al_gore", "03", "007")
    assert named("0012_03_007_jean_claude_van_damme") == ("jean_claude_van_damme", "03", "007")
    assert named("readme") is None
    assert named("a_b_c_d") is None


@pytest.fixture
def celebrities(tmp_path):
    """Two people with two source videos of two clips, and the list of first boxes."""
    lines = []
    for i, person in enumerate(("al_gore", "bo_ek")):
        for video in ("01", "02"):
            for clip in ("001", "002"):
                path = tmp_path / "clips" / f"{i}_{video}_{clip}_{person}.mp4"
                path.parent.mkdir(exist_ok=True)
                with recording(path, 100, 80, Fraction(25), 12) as write:
                    for k in range(4):
                        frame = np.full((80, 100, 3), 30, np.uint8)
                        frame[26:54, 36 + k : 64 + k] = 120 + 80 * i
                        write(frame, k / 25)
                lines.append(f"7_{person}_{video}_{clip},50,40,0.75,0.1")
    (tmp_path / "boxes.csv").write_text("\n".join(lines))
    return tmp_path / "clips"


def test_first_boxes_are_squares_about_a_middle(celebrities):
    found = first_boxes(celebrities.parent / "boxes.csv", 40.0)
    assert found["al_gore", "01", "002"] == (35, 25, 65, 55)
    assert len(found) == 8


def test_clips_of_one_video_stay_in_one_split_and_faces_are_cut_out(celebrities):
    (celebrities / "notes.txt").write_text("x")
    faces = ytc(celebrities, celebrities.parent / "boxes.csv")
    assert len(faces.train) == len(faces.test) == 4
    sources = [{(part.names[p], name.split("_")[1]) for p, name in zip(part.persons, part.videos, strict=True)}
               for part in (faces.train, faces.test)]  # fmt: skip
    assert not sources[0] & sources[1]
    assert len(sources[0]) == len(sources[1]) == 2
    for name, crops in zip(faces.train.videos, faces.train.frames, strict=True):
        assert len(crops) == 4
        level = 200 if name.endswith("bo_ek") else 120
        assert np.abs(crops[:, 20:44, 20:44].astype(int) - level).max() < 12
    assert any(line.startswith("notes.txt (not named") for line in faces.left_out)


def test_the_list_of_boxes_is_found_beside_the_clips(celebrities):
    listed = celebrities.parent / "boxes.csv"
    here = ytc(celebrities, listed)
    listed.rename(celebrities / "boxes.csv")
    beside = ytc(celebrities)
    assert beside.left_out == ()
    assert beside.test.videos == here.test.videos
    (celebrities / "more.csv").write_text("x")
    with pytest.raises(UserError, match="is a film; give the list of boxes"):
        ytc(celebrities)


def test_films_need_boxes_and_folders_of_faces_do_not(celebrities, tmp_path):
    with pytest.raises(UserError, match="is a film; give the list of boxes"):
        ytc(celebrities)
    for i, person in enumerate(("al_gore", "bo_ek")):
        for video in ("01", "02"):
            scene(tmp_path / "cut" / f"{i}_{video}_001_{person}" / "0.png", 90, (50, 40))
    (faces,) = load("ytc", root=tmp_path / "cut")
    assert faces.train.names == ("al_gore", "bo_ek")
    assert faces.left_out == ()
    for name in ("a.docx", "b.docx", "c.xyz"):
        (tmp_path / "cut" / "0_01_001_al_gore" / name).write_text("x")
    (tmp_path / "cut" / "0_03_001_al_gore").mkdir()
    (faces,) = load("ytc", root=tmp_path / "cut")
    assert faces.left_out == ("0_03_001_al_gore (no frame of it can be read)", "2 .docx", "1 .xyz")


def test_a_film_without_a_box_and_a_bad_list_are_told(celebrities):
    listed = celebrities.parent / "boxes.csv"
    listed.write_text("\n".join(listed.read_text().splitlines()[1:]))
    left_out = ytc(celebrities, listed).left_out
    assert left_out == ("0_01_001_al_gore.mp4 (no box in boxes.csv)",)
    listed.write_text("7_al_gore_01_001,50,x,1,0\nwhat\n")
    with pytest.raises(UserError, match=r"line 1: '50, x, 1'; expected three numbers.*line 2: 'what'; expected <x>"):
        ytc(celebrities, listed)
    listed.write_text("7_al_gore_01_001,50,40,1,0\n7_al_gore_01_001,50,40,1,0\n7_al_gore_01_001,50,40,2,0\n")
    with pytest.raises(UserError, match="line 3: '7_al_gore_01_001': an earlier line gives this clip another box"):
        ytc(celebrities, listed)
    with pytest.raises(UserError, match="unit=nan"):
        ytc(celebrities, listed, unit=float("nan"))


def test_names_on_disk_may_have_another_unicode_form_than_in_the_lists(ytf, tmp_path, celebrities):
    decomposed = unicodedata.normalize("NFD", "é_Lo")
    (ytf / "Ada_Lo").rename(ytf / decomposed)
    listed = (ytf / "Ada_Lo.labeled_faces.txt").read_text().replace("Ada_Lo", "é_Lo")
    (ytf / "Ada_Lo.labeled_faces.txt").unlink()
    (ytf / f"{decomposed}.labeled_faces.txt").write_text(listed, encoding="utf-8")
    assert youtube_faces(ytf).left_out == ()

    rows = ["FILE,FACE_X,FACE_Y,FACE_WIDTH,FACE_HEIGHT"]
    for person in ("é", "bo"):
        for video in ("v1", "v2"):
            scene(tmp_path / "umd" / unicodedata.normalize("NFD", person) / video / "a.png", 90, (50, 40))
            rows.append(f"{person}/{video}/a.png,42,32,16,16")
    (tmp_path / "umd" / "x_ultraface.csv").write_text("\n".join(rows), encoding="utf-8")
    assert umdfaces(tmp_path / "umd").left_out == ()

    for path in list(celebrities.glob("*al_gore.mp4")):
        path.rename(path.with_name(path.name.replace("al_gore", unicodedata.normalize("NFD", "é"))))
    listed = celebrities.parent / "boxes.csv"
    listed.write_text(listed.read_text().replace("al_gore", "é"), encoding="utf-8")
    assert ytc(celebrities, listed).left_out == ()


@pytest.mark.parametrize("dataset", ["ytc", "umdfaces", "youtube_faces", "youtube_aligned", "folder"])
def test_a_file_or_nothing_in_the_place_of_a_collection_is_one_clear_error(dataset, tmp_path):
    (tmp_path / "file.csv").write_text("x")
    for root in (tmp_path / "file.csv", tmp_path / "nothing"):
        with pytest.raises(UserError, match="no such folder; expected"):
            load(dataset, root=root)
