"""TRECVID's layout: shots of frames, boxes about masks, frames of relevant shots, and errors that name things."""

import unicodedata

import numpy as np
import pytest
from PIL import Image

from vretlib.datasets import instances
from vretlib.errors import UserError

TOPICS = """<?xml version="1.0"?>
<videoInstanceTopics>
 <videoInstanceTopic text="a red mug" num="9069" type="OBJECT">
  <imageExample src="9069.1.src.bmp" mask="9069.1.mask.bmp" shotID="shot0_1"/>
  <imageExample src="9069.2.src.bmp" mask="9069.2.mask.bmp" shotID="shot0_2"/>
 </videoInstanceTopic>
 <videoInstanceTopic text="a dog" num="9070" type="OBJECT">
  <imageExample src="9070.1.src.bmp" mask="9070.1.mask.bmp"/>
 </videoInstanceTopic>
</videoInstanceTopics>
"""
QRELS = "9069 0 shot1_1 1\n9069 0 shot1_2 0\n9069 0 shot2_7 1\n9069 0 shot5_5 1\n9070 0 shot6_6 1\n"


def picture(path, size=(80, 60), box=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.zeros((size[1], size[0], 3), np.uint8)
    if box:
        x1, y1, x2, y2 = box
        pixels[y1 : y2 + 1, x1 : x2 + 1] = 255
    Image.fromarray(pixels).save(path)


@pytest.fixture
def folder(tmp_path):
    """Four frames of three shots, in both ways of naming; topic 9070 has no frame here."""
    for name in ("shot1_1/0001.jpg", "shot1_1/0002.jpg", "shot1_2/0001.jpg", "shot2_7_RKF.jpg"):
        picture(tmp_path / "frames" / name)
    for topic, boxes in {"9069": [(3, 4, 20, 30), (0, 0, 79, 59)], "9070": [(5, 5, 9, 9)]}.items():
        for k, box in enumerate(boxes, 1):
            picture(tmp_path / f"topics/{topic}.{k}.src.bmp")
            picture(tmp_path / f"topics/{topic}.{k}.mask.bmp", box=box)
    (tmp_path / "ins.topics.2013.xml").write_text(TOPICS)
    (tmp_path / "ins.qrels.tv13").write_text(QRELS)
    return tmp_path


def test_frames_of_relevant_shots_are_relevant_and_boxes_lie_about_the_masks(folder, said):
    made = instances.load("trecvid", root=folder)
    assert [path.name for path in made.images] == ["0001.jpg", "0002.jpg", "0001.jpg", "shot2_7_RKF.jpg"]
    first, second = made.queries
    assert (first.name, first.landmark, first.image, first.box) == ("9069_1", "9069", None, (3, 4, 20, 30))
    assert (second.name, second.box) == ("9069_2", (0, 0, 79, 59))
    assert first.good.tolist() == second.good.tolist() == [0, 1, 3]
    assert said == [
        f"{folder.name}: relevant shots without a key frame here: 2 of 4",
        f"{folder.name}: topics left out, whose relevant shots have no key frame here: 9070",
        f"{folder.name}: 4 key frames of 3 shots, 2 pictures of 1 topics",
    ]


def test_queries_may_be_listed_with_boxes_instead(folder):
    (folder / "ins.topics.2013.xml").unlink()
    (folder / "queries.csv").write_text("topic,image,x1,y1,x2,y2\n9069,9069.1.src.bmp,1,2,30,40\n")
    (query,) = instances.load("trecvid", root=folder).queries
    assert query.box == (1, 2, 30, 40)


def test_a_list_without_a_topic_is_said(folder):
    (folder / "ins.topics.2013.xml").unlink()
    (folder / "queries.csv").write_text("topic,image,mask\n")
    with pytest.raises(UserError, match=r"queries.csv: lists no topic; expected a row"):
        instances.load("trecvid", root=folder)


def test_pictures_go_by_name_in_any_unicode_form_and_linked_frames_are_no_pictures(folder):
    for path in list((folder / "topics").iterdir()):
        path.rename(path.with_name(unicodedata.normalize("NFD", f"é{path.name}")))
    topics = TOPICS.replace('src="', 'src="é').replace('mask="', 'mask="é')
    (folder / "ins.topics.2013.xml").write_text(topics, encoding="utf-8")
    (folder / "frames").rename(folder / "elsewhere")
    (folder / "frames").symlink_to("elsewhere")
    made = instances.load("trecvid", root=folder)
    assert (len(made.images), len(made.queries)) == (4, 2)


def break_it(folder, how):
    match how:
        case "mask absent":
            (folder / "topics/9069.2.mask.bmp").unlink()
        case "mask dark":
            picture(folder / "topics/9069.2.mask.bmp")
        case "mask of a point":
            picture(folder / "topics/9069.2.mask.bmp", box=(5, 5, 5, 5))
        case "mask of another size":
            picture(folder / "topics/9069.2.mask.bmp", (40, 30), (1, 1, 9, 9))
        case "no XML":
            (folder / "ins.topics.2013.xml").write_text("<videoInstanceTopics>")
        case "another XML":
            (folder / "ins.topics.2013.xml").write_text("<topics/>")
        case "no shot":
            picture(folder / "frames/holiday/0001.jpg")
        case "qrels":
            (folder / "ins.qrels.tv13").write_text("9069 shot1_1 1\n")
        case "unjudged":
            (folder / "ins.qrels.tv13").write_text("9069 0 shot1_1 1\n")
        case "nothing relevant":
            (folder / "ins.qrels.tv13").write_text("9069 0 shot9_1 1\n9070 0 shot9_1 1\n")
        case "two lists":
            (folder / "other.qrels").write_text(QRELS)
        case "two lists of topics":
            (folder / "queries.csv").write_text("topic,image,x1,y1,x2,y2\n9069,9069.1.src.bmp,1,2,30,40\n")
        case "a picture twice in a CSV":
            (folder / "ins.topics.2013.xml").unlink()
            row = "9069,9069.1.src.bmp,1,2,30,40\n"
            (folder / "queries.csv").write_text(f"topic,image,x1,y1,x2,y2\n{row}9069,9069.1.src.bmp,1,2,30,41\n{row}")
        case "a picture twice in an XML":
            (folder / "ins.topics.2013.xml").write_text(TOPICS.replace("9069.2", "9069.1"))
        case "no frames":
            (folder / "frames").rename(folder / "pictures")
        case "one frame":
            for name in ("shot1_1/0002.jpg", "shot1_2/0001.jpg", "shot2_7_RKF.jpg"):
                (folder / "frames" / name).unlink()
        case "box in another order":
            (folder / "ins.topics.2013.xml").unlink()
            (folder / "queries.csv").write_text("topic,image,x1,y1,x2,y2\n9069,9069.1.src.bmp,60,50,20,20\n")
        case "box without area":
            (folder / "ins.topics.2013.xml").unlink()
            (folder / "queries.csv").write_text("topic,image,x1,y1,x2,y2\n9069,9069.1.src.bmp,20,5,20,50\n")


@pytest.mark.parametrize(
    ("how", "names"),
    [
        ("mask absent", "names 1 image that .* does not hold: 9069.2.mask.bmp"),
        ("mask dark", "9069.2.mask.bmp: is dark everywhere"),
        ("mask of a point", "9069.2.mask.bmp: is bright in a point or a line only"),
        ("mask of another size", "has 40 x 30 pixels; its picture 9069.2.src.bmp has 80 x 60"),
        ("no XML", "is no XML"),
        ("another XML", "no element videoInstanceTopic"),
        ("no shot", "0001.jpg: names no shot"),
        ("qrels", "line 1: found '9069 shot1_1 1'; expected 'topic 0 shot judgement'"),
        ("unjudged", "no line of topics 9070"),
        ("nothing relevant", "no relevant shot of any topic has a key frame"),
        ("two lists", "holds 2 files .*qrels.*keep one"),
        ("two lists of topics", "holds two lists of topics, ins.topics.2013.xml and queries.csv; keep one"),
        ("a picture twice in a CSV", "row 4: repeats row 2; expected each query once"),
        ("a picture twice in an XML", "names 9069.1.src.bmp with 9069.1.mask.bmp twice for topic 9069; keep one"),
        ("no frames", "expected a folder with key frames in frames/"),
        ("one frame", "holds one key frame; a collection that is searched needs two at least"),
        ("box in another order", "9069.1.src.bmp: box 60 50 20 20 has its corners in another order"),
        ("box without area", "9069.1.src.bmp: box 20 5 20 50 is a box without area"),
    ],
)
def test_what_does_not_fit_is_named(folder, how, names):
    break_it(folder, how)
    with pytest.raises(UserError, match=names):
        instances.load("trecvid", root=folder)
