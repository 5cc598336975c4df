"""The CSV of query photographs: what it may hold, and one clear message for everything it may not."""

import cv2
import numpy as np
import pytest

from vretlib.datasets import query_list
from vretlib.datasets.query_list import Query
from vretlib.errors import UserError

FRAMES = {"one": 10, "two": 20}
ALIASES = {"one": "one", "one.mp4": "one", "two": "two"}


@pytest.fixture
def folder(tmp_path):
    cv2.imwrite(str(tmp_path / "a.jpg"), np.full((30, 40, 3), 90, np.uint8))
    return tmp_path


def _read(folder, text, encoding="utf-8"):
    (folder / "q.csv").write_text(text, encoding=encoding)
    return query_list.read(folder / "q.csv", FRAMES, ALIASES)


def test_rows_are_read_in_order_with_film_names_resolved(folder):
    queries = _read(folder, "image,movie,frame\na.jpg,one.mp4,9\na.jpg,two,0\n")
    assert queries == (Query(folder / "a.jpg", "one", 9), Query(folder / "a.jpg", "two", 0))


def test_columns_may_stand_in_any_order_with_others_between(folder):
    queries = _read(folder, "note, frame ,level,movie,image\nx, 3 ,dim, one ,a.jpg\n")
    assert queries == (Query(folder / "a.jpg", "one", 3, "dim"),)


def test_a_spreadsheets_byte_order_mark_is_not_part_of_the_heading(folder):
    assert len(_read(folder, "image,movie,frame\na.jpg,one,1\n", encoding="utf-8-sig")) == 1


def test_absolute_image_paths_are_allowed(folder):
    assert _read(folder, f"image,movie,frame\n{folder / 'a.jpg'},one,1\n")[0].image == folder / "a.jpg"


def test_what_is_written_reads_back(folder):
    corners = ((1.5, 2.0), (30.25, 2.125), (29.0, 20.0), (2.0, 21.0))
    queries = (Query(folder / "a.jpg", "one", 3, "easy", corners), Query(folder / "a.jpg", "two", 4))
    query_list.write(folder / "q.csv", queries)
    assert (folder / "q.csv").read_text().splitlines()[1].startswith("a.jpg,one,3,easy,")
    assert query_list.read(folder / "q.csv", FRAMES, ALIASES) == queries


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("a.jpg,one,10", "row 2: frame 10 is outside 'one', which has 10 frames (0 to 9)"),
        ("a.jpg,one,-1", "frame -1 is outside"),
        ("a.jpg,one,two", "frame 'two' is not a whole number"),
        ("a.jpg,three,1", "movie 'three' is not in the collection, which has 'one', 'two'"),
        ("b.jpg,one,1", "b.jpg: no such image"),
        (",one,1", "image is empty"),
        ("a.jpg,one", "frame '' is not a whole number"),
    ],
)
def test_a_bad_row_is_named_with_what_was_expected(folder, row, says):
    with pytest.raises(UserError) as error:
        _read(folder, f"image,movie,frame\n{row}\n")
    assert says in str(error.value)
    assert "q.csv" in str(error.value)


def test_every_bad_row_is_named_at_once(folder):
    with pytest.raises(UserError) as error:
        _read(folder, "image,movie,frame\na.jpg,one,99\na.jpg,one,1\nzzz.jpg,one,2\n")
    assert "row 2:" in str(error.value)
    assert "row 4:" in str(error.value)
    assert "row 3:" not in str(error.value)


@pytest.mark.parametrize(("content", "says"), [(b"", "is empty (0 bytes)"), (b"not an image", "cannot be read")])
def test_an_image_that_does_not_decode_is_found_at_once(folder, content, says):
    (folder / "bad.jpg").write_bytes(content)
    with pytest.raises(UserError, match=r"bad\.jpg") as error:
        _read(folder, "image,movie,frame\nbad.jpg,one,1\n")
    assert says in str(error.value)


def test_a_photograph_cut_short_is_found_at_once(folder):
    cv2.imwrite(str(folder / "noise.jpg"), np.random.default_rng(0).integers(0, 256, (200, 200, 3), np.uint8))
    whole = (folder / "noise.jpg").read_bytes()
    (folder / "noise.jpg").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="cut short"):
        _read(folder, "image,movie,frame\nnoise.jpg,one,1\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("image,film,frame\na.jpg,one,1\n", "has no column 'movie'"),
        ("", "found an empty file"),
        ("image,movie,frame\n", "lists no query"),
        ("image;movie;frame\na.jpg;one;1\n", "found image;movie;frame"),
    ],
)
def test_a_wrong_file_says_what_was_expected_and_found(folder, text, says):
    with pytest.raises(UserError) as error:
        _read(folder, text)
    assert says in str(error.value)
    assert "image,movie,frame" in str(error.value)


def test_a_missing_or_binary_list_is_an_error(folder):
    with pytest.raises(UserError, match="no such file"):
        query_list.read(folder / "none.csv", FRAMES, ALIASES)
    (folder / "q.csv").write_bytes(bytes(range(256)))
    with pytest.raises(UserError, match="not a CSV in UTF-8"):
        query_list.read(folder / "q.csv", FRAMES, ALIASES)


def test_corners_that_are_not_eight_numbers_are_an_error(folder):
    with pytest.raises(UserError, match="corners '1 2 3' are not eight numbers"):
        _read(folder, "image,movie,frame,corners\na.jpg,one,1,1 2 3\n")
