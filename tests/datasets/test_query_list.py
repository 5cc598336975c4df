"""The CSV of query photographs: what it may hold, and one clear message for everything it may not."""

import contextlib
import csv
import os
import shutil
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vretlib.datasets import query_list, text_files
from vretlib.datasets.query_list import Query
from vretlib.errors import NoExampleError, UserError

FRAMES = {"one": 10, "two": 20}
ALIASES = {"one": "one", "one.mp4": "one", "two": "two", "caf\u00e9": "two"}


@pytest.fixture
def folder(tmp_path):
    cv2.imwrite(str(tmp_path / "a.jpg"), np.full((30, 40, 3), 90, np.uint8))
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop.jpg").symlink_to(tmp_path / "loop.jpg")
    return tmp_path


def _shown_at(movie, seconds):
    """Films of 10 frames a second."""
    return int(10 * seconds)


def _read(folder, text, encoding="utf-8"):
    (folder / "q.csv").write_text(text, encoding=encoding)
    return query_list.read(folder / "q.csv", FRAMES, ALIASES, _shown_at)


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


def test_a_name_that_is_not_utf_8_is_one_error_and_nothing_is_written(folder):
    with pytest.raises(UserError, match="has a name that is not UTF-8; rename it"):
        query_list.write(folder / "new.csv", [Query(folder / "caf\udce9.jpg", "one", 1)])
    assert not (folder / "new.csv").exists()
    with pytest.raises(UserError, match="has a name that is not UTF-8; rename it") as error:
        query_list.given_or_beside(folder, folder / "caf\udce9.csv")
    assert str(error.value).isascii()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("a.jpg,one,10", "row 2: frame 10 is outside 'one', which has 10 frames (0 to 9)"),
        ("a.jpg,one,-1", "frame -1 is outside"),
        ("a.jpg,one,two", "frame 'two' is not a whole number"),
        ("a.jpg,three,1", "movie 'three' is not in the collection, which has 'one', 'two'"),
        ("b.jpg,one,1", "b.jpg: no such image"),
        (",one,1", "image is empty"),
        ("a.jpg,one,1e1", "frame '1e1' is not a whole number"),
        ("a.jpg,one,\u00b2", "is not a whole number"),
        ("a.jpg,one," + "9" * 5000, "is not a whole number"),
        ("a.jpg,,1", "movie is empty"),
        ("a.jpg,one", "row 2: found 2 cells (a.jpg, one); expected 3"),
        ("a.jpg,one,1,dim", "row 2: found 4 cells, beyond the last column 'dim'; expected 3"),
        ("fifo,one,1", "fifo: is a named pipe, not a file"),
        ("/dev/zero,one,1", "/dev/zero: is a device, not a file"),
        (".,one,1", "is a folder; expected"),
        ("n" * 300 + ".jpg,one,1", "has a name longer than this system allows, 255 bytes"),
        ("loop.jpg,one,1", "loop.jpg: is a link that leads back to itself"),
        ("~nobody-of-that-name/a.jpg,one,1", "no such user's home folder"),
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


@pytest.mark.parametrize(("content", "says"), [(b"", "is empty (0 bytes)"), (b"not an image", "is not an image")])
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
        ("image;movie;frame\na.jpg;one;1\n", "separated by ';' (semicolon)"),
        ("image\tmovie\tframe\na.jpg\tone\t1\n", "(tab)"),
    ],
)
def test_a_wrong_file_says_what_was_expected_and_found(folder, text, says):
    with pytest.raises(UserError) as error:
        _read(folder, text)
    assert says in str(error.value)
    assert "image,movie" in str(error.value)


def test_a_missing_or_binary_list_is_an_error(folder):
    with pytest.raises(UserError, match="no such file"):
        query_list.read(folder / "none.csv", FRAMES, ALIASES)
    (folder / "q.csv").write_bytes(bytes(range(256)))
    with pytest.raises(UserError, match="line 1 holds a NUL byte; expected a CSV"):
        query_list.read(folder / "q.csv", FRAMES, ALIASES)


@pytest.mark.parametrize(
    ("corners", "says"),
    [
        ("1 2 3", "corners '1 2 3' are not eight numbers"),
        ("1 2 3 4 5 6 7 nan", "are not eight numbers"),
        ("0 0 9 0 9 9 0 inf", "are not eight numbers"),
        ("5 5 5 5 5 5 5 5", "are no picture's outline"),  # collapsed to a point
        ("0 0 9 9 0 9 9 0", "are no picture's outline"),  # crosses itself
        ("9 0 0 0 0 9 9 9", "are no picture's outline"),  # top right first: mirrored
        ("900 0 909 0 909 9 900 9", "corners with x from 900 to 909 lie outside a.jpg"),
        ("0 -90 9 -90 9 9 0 9", "corners with y from -90 to 9 lie outside a.jpg"),
    ],
)
def test_corners_that_are_no_outline_are_an_error(folder, corners, says):
    with pytest.raises(UserError) as error:
        _read(folder, f"image,movie,frame,corners\na.jpg,one,1,{corners}\n")
    assert says in str(error.value)


def test_corners_may_stand_upside_down_and_in_a_tools_brackets(folder):
    [query] = _read(folder, 'image,movie,frame,corners\na.jpg,one,1,"[[9, 9], [0, 9], [0, 0], [9, 0]]"\n')
    assert query.corners == ((9, 9), (0, 9), (0, 0), (9, 0))


@pytest.mark.parametrize(
    "text",
    [
        "image,movie,frame,\na.jpg,one,1,\na.jpg,two,2,\n",  # a comma at the end of each row
        "image,movie,frame\na.jpg,one,1,\na.jpg,two,2,,\n",  # of the rows alone
        "image,movie,frame\n\na.jpg,one,1\n\na.jpg,two,2\n\n\n  \n,,\n",  # blank lines
        "image,movie,frame\r\na.jpg,one,1\r\na.jpg,two,2\r\n",
        "image,movie,frame\ra.jpg,one,1\ra.jpg,two,2",
        '"image","movie","frame"\n"a.jpg", "one", "1"\n"a.jpg","two","2"',
        "sep=,\nimage,movie,frame\na.jpg,one,1\na.jpg,two,2\n",
        "Image,VIDEO,Frame\na.jpg,one,1\na.jpg,two,2\n",
        "image,movie,frame\na.jpg,one,1.0\na.jpg,two,2.0\n",  # a table whose column has had an empty cell
    ],
)
def test_what_spreadsheets_and_tools_write_is_read(folder, text):
    assert _read(folder, text) == (Query(folder / "a.jpg", "one", 1), Query(folder / "a.jpg", "two", 2))


def test_a_name_in_another_unicode_form_is_the_same(folder):
    shutil.copy(folder / "a.jpg", folder / "fe\u0301vrier.jpg")  # decomposed on the disk, composed in the list
    [query] = _read(folder, "image,movie,frame\nf\u00e9vrier.jpg,cafe\u0301,1\n")
    assert query == Query(folder / "fe\u0301vrier.jpg", "two", 1)


def test_a_home_folder_may_be_named(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder))
    assert _read(folder, "image,movie,frame\n~/a.jpg,one,1\n")[0].image == folder / "a.jpg"


def test_a_row_by_time_is_the_frame_shown_then(folder):
    queries = _read(folder, "image,video,start,end\na.jpg,one,0.35,\na.jpg,two,0:01,0:01.5\n")
    assert [query.frame for query in queries] == [3, 10]


def test_a_row_without_frame_or_time_is_for_clips_only_and_counted(folder, said):
    assert len(_read(folder, "image,movie,frame\na.jpg,one,\na.jpg,one,3\n")) == 1
    assert said == ["q.csv: photographs left out, since they have neither frame nor start: 1"]
    with pytest.raises(NoExampleError, match="no row says which frame it shows; expected a column frame"):
        _read(folder, "image,video\na.jpg,one\n")


def test_levels_come_easy_first_then_other_words(folder):
    queries = _read(folder, "image,movie,frame,level\na.jpg,one,1,dim\na.jpg,one,1,Hard\na.jpg,one,1,easy\n")
    assert query_list.levels(query.level for query in queries) == ("easy", "hard", "dim")


def test_a_column_that_is_there_twice_is_an_error(folder):
    for text in ("image,movie,movie,frame\na.jpg,one,two,1\n", "image,movie,video,frame\na.jpg,one,two,1\n"):
        with pytest.raises(UserError, match="has the column 'movie' twice"):
            _read(folder, text)


def test_a_row_is_named_by_the_line_that_it_begins_on(folder):
    text = 'note,image,movie,frame\n"two\nlines",a.jpg,one,1\n\n"three\n\nlines",a.jpg,one,99\n'
    with pytest.raises(UserError, match=r"row 5: frame 99"):
        _read(folder, text)


def test_a_quotation_mark_that_is_not_closed_is_named(folder):
    with pytest.raises(UserError, match="row 3 is not a CSV's"):
        _read(folder, 'image,movie,frame\na.jpg,one,1\n"a.jpg,one,2\n')


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("image,movie,frame\n".encode("utf-16"), "is UTF-16"),
        ("image,movie,frame\n".encode("utf-16-le"), "seems to be UTF-16"),
        ("image,movie,frame\na.jpg,caf\u00e9,1\n".encode("latin-1"), "is not in UTF-8: found the byte 0xe9 in line 2"),
        (b"image,movie,frame\r\na.jpg,one,1\r\na.jpg\0,one,1\r\n", "line 3 holds a NUL byte"),
    ],
)
def test_another_encoding_is_named(folder, data, says):
    (folder / "q.csv").write_bytes(data)
    with pytest.raises(UserError) as error:
        query_list.read(folder / "q.csv", FRAMES, ALIASES)
    assert says in str(error.value)


@pytest.mark.parametrize("name", ["fifo", "/dev/null", "loop.jpg", ".", "n" * 300])
def test_a_list_that_is_no_file_is_an_error_and_never_waited_for(folder, name):
    with pytest.raises(UserError, match=r"named pipe|device|leads back to itself|is a folder|255 bytes"):
        query_list.read(folder / name, FRAMES, ALIASES)


CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)


@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=6), st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_csv_module_writes_is_read_cell_by_cell(tmp_path, table, newline, mark):
    with open(tmp_path / "t.csv", "w", newline="", encoding="utf-8-sig" if mark else "utf-8") as file:
        csv.writer(file, lineterminator=newline).writerows([("a", "b", "c"), *table])
    stripped = [tuple(cell.strip() for cell in cells) for cells in table]
    found = [(row["a"], row["b"], row["c"]) for row in text_files.rows(tmp_path / "t.csv", ["a", "b", "c"])]
    assert found == [cells for cells in stripped if any(cells)]


@given(st.binary(max_size=60))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_rows_or_one_clear_error(tmp_path, data):
    (tmp_path / "t.csv").write_bytes(b"a,b\n" + data)
    with contextlib.suppress(UserError):
        text_files.rows(tmp_path / "t.csv", ["a", "b"])


def _film(path, times):
    """A film whose frames are shown at these times, in milliseconds."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for time in times:
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), format="rgb24")
            frame.pts, frame.time_base = time, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def test_the_frame_at_a_time_is_the_last_that_has_begun_to_half_a_frame(tmp_path):
    even = _film(tmp_path / "e.mp4", range(0, 800, 40))
    at = (0, 0.019, 0.021, 0.04, 0.059, 0.061, 0.5, 0.79)
    assert [query_list.frame_at(even, t) for t in at] == [0, 0, 1, 1, 1, 2, 13, 19]
    path = _film(tmp_path / "f.mp4", [0, 40, 500, 540])  # the second frame stands still for half a second
    assert [query_list.frame_at(path, at) for at in (0, 0.04, 0.3, 0.5)] == [0, 1, 1, 2]
    assert query_list.time_of(path, 2) == pytest.approx(0.5)
    with pytest.raises(UserError, match=r"starts at 9 s, but the film ends at"):
        query_list.frame_at(path, 9)
