"""SemArt's tables as distributed and tables of one's own, right and wrong."""

import logging
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vretlib.datasets.paintings import semart as reader
from vretlib.datasets.paintings import source, tables
from vretlib.datasets.paintings.own import table
from vretlib.errors import UserError

HEADINGS = "IMAGE_FILE\tDESCRIPTION\tAUTHOR\tTITLE\tTECHNIQUE\tDATE\tTYPE\tSCHOOL\tTIMEFRAME"


def picture(path: Path, mode: str = "RGB", value: int = 90) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, (8, 6), value if mode in ("L", "I;16") else (value,) * len(mode)).save(path)


def row(name: str, comment: str = "A view of Orléans", date: str = "c. 1650") -> str:
    return f"{name}\t{comment}\tPATEL, Pierre\tRiver\tOil on canvas\t{date}\tlandscape\tFrench\t1601-1650"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """SemArt with two rows in each table."""
    for part in ("train", "val", "test"):
        names = [f"{part}{k}.jpg" for k in range(2)]
        for name in names:
            picture(tmp_path / "Images" / name)
        text = "\n".join([HEADINGS, *map(row, names)]) + "\n"
        (tmp_path / f"semart_{part}.csv").write_bytes(text.encode("cp1252"))
    return tmp_path


def test_semart_as_distributed_is_read(folder):
    found = reader.semart(folder)
    assert [len(part) for part in (found.train, found.val, found.test)] == [2, 2, 2]
    first = found.val[0]
    assert first.image == folder / "Images" / "val0.jpg"
    assert (first.title, first.comment) == ("River", "A view of Orléans")
    assert first.attributes == {
        "Author": "PATEL, Pierre",
        "Technique": "Oil on canvas",
        "Date": "c. 1650",
        "Type": "landscape",
        "School": "French",
        "TimeFrame": "1601-1650",
    }
    assert found.missing == ()
    assert source.load("semart", root=folder) == found


def test_a_dash_is_an_attribute_that_is_not_known(folder):
    text = f"{HEADINGS}\n{row('val0.jpg', date='-')}\n"
    (folder / "semart_val.csv").write_bytes(text.encode("cp1252"))
    assert "Date" not in reader.semart(folder).val[0].attributes


def test_quoted_cells_hold_tabs_line_ends_and_quotation_marks(folder):
    quoted = row("val0.jpg", '"He said\t""now"".\nThen left"')
    (folder / "semart_val.csv").write_bytes(f"{HEADINGS}\n{quoted}\n{row('val1.jpg')}\n".encode("cp1252"))
    assert reader.texts(folder / "semart_val.csv")[0].comment == 'He said\t"now".\nThen left'


def test_rows_without_a_readable_image_are_named_with_line_and_reason(folder, caplog):
    (folder / "Images" / "train0.jpg").unlink()
    (folder / "Images" / "test1.jpg").write_bytes(b"")
    with caplog.at_level(logging.INFO):
        found = reader.semart(folder)
    assert [len(part) for part in (found.train, found.val, found.test)] == [1, 2, 1]
    first, second = found.missing
    assert first == "semart_train.csv line 2: train0.jpg (no such image)"
    assert second.startswith("semart_test.csv line 3: test1.jpg (is empty (0 bytes)")
    assert "semart_train.csv: rows left out, image missing or unreadable: 1; semart_train.csv line 2" in caplog.text


def test_a_cell_that_can_be_no_path_is_a_missing_image(folder):
    lines = [HEADINGS, row("val0.jpg"), row("~nobody.jpg"), row("a" * 300), row("val1.jpg")]
    (folder / "semart_val.csv").write_bytes("\n".join(lines).encode("cp1252"))
    found = reader.semart(folder)
    assert len(found.val) == 2
    first, second = found.missing
    assert first == "semart_val.csv line 3: ~nobody.jpg (no such image)"
    assert second.startswith(f"semart_val.csv line 4: {'a' * 100} (has a name longer than this system allows")


def test_a_table_none_of_whose_images_can_be_read_is_refused(folder):
    for path in (folder / "Images").glob("val*"):
        path.unlink()
    with pytest.raises(UserError, match="none of its 2 images can be read; the first: semart_val"):
        reader.semart(folder)


def test_an_image_in_two_tables_is_used_as_distributed_and_named(folder, caplog):
    text = "\n".join([HEADINGS, row("test0.jpg"), row("train1.jpg")]) + "\n"
    (folder / "semart_test.csv").write_bytes(text.encode("cp1252"))
    found = reader.semart(folder)
    assert [painting.image.name for painting in found.test] == ["test0.jpg", "train1.jpg"]
    assert "semart_train.csv and semart_test.csv share 1 images, so that what is tested was learned: train1.jpg" in (
        caplog.text
    )


def test_the_texts_alone_need_no_image(folder):
    (folder / "Images" / "val0.jpg").unlink()
    assert [painting.title for painting in reader.texts(folder / "semart_val.csv")] == ["River", "River"]


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_pictures_of_other_colours_are_read(folder, mode):
    picture(folder / "Images" / "val0.jpg", mode)
    assert reader.semart(folder).missing == ()


WRONG = {
    "comma": (HEADINGS.replace("\t", ",") + "\n", "cp1252", "its columns are separated by commas; expected tabs"),
    "column": (HEADINGS.replace("TITLE", "NAME") + "\n" + row("val0.jpg"), "cp1252", "has no column 'TITLE'; found IM"),
    "twice": (HEADINGS.replace("DATE", "TITLE") + "\n", "cp1252", "has no column 'DATE'"),
    "utf-8": (f"{HEADINGS}\n{row('val0.jpg')}", "utf-8", "is UTF-8; expected cp1252 (line 2 would have 'Ã©' for 'é')"),
    "cells": (f"{HEADINGS}\nval0.jpg\tA view", "cp1252", "line 2 has 2 cells; expected 9"),
    "quote": (f"{HEADINGS}\n" + row("val0.jpg", '"A view'), "cp1252", "row 2 is not a CSV's (unexpected end of data)"),
    "nothing": ("", "cp1252", "is empty; expected a table with the columns IMAGE_FILE, DESCRIPTION"),
    "no rows": (HEADINGS, "cp1252", "has headings and no rows"),
    "utf-16": (HEADINGS, "utf-16", "is UTF-16; expected a table in cp1252"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_table_gets_one_clear_sentence(folder, kind):
    text, encoding, message = WRONG[kind]
    (folder / "semart_val.csv").write_bytes(text.encode(encoding))
    with pytest.raises(UserError) as error:
        reader.semart(folder)
    assert str(error.value).startswith(f"{folder / 'semart_val.csv'}: {message}")


def test_another_folder_is_named_when_it_seems_to_be_meant(folder):
    with pytest.raises(UserError, match=f"{folder.name} seems to be the right folder"):
        reader.semart(folder / "Images")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Thirty pictures and a CSV in UTF-8, with a year for an attribute."""
    lines = ["file,about,year"]
    for k in range(30):
        picture(tmp_path / "pictures" / f"p{k:02d}.png", value=k)
        lines.append(f'p{k:02d}.png,"Café, number {k}",{1900 + k % 3}')
    (tmp_path / "list.csv").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_an_own_table_is_divided_by_image_into_three_parts(own):
    found = table(own / "list.csv", own / "pictures", image="file", text="about", attributes=["year"])
    assert [len(part) for part in (found.train, found.val, found.test)] == [24, 3, 3]
    assert sorted(painting.image.name for painting in found.all) == [f"p{k:02d}.png" for k in range(30)]
    first = min(found.all, key=lambda painting: painting.image.name)
    assert (first.title, first.comment, first.attributes) == ("", "Café, number 0", {"year": "1900"})


def test_a_table_that_is_asked_for_by_name_has_the_headings_of_the_page_unless_others_are_given(own):
    text = (own / "list.csv").read_text(encoding="utf-8").replace("file,about,year", "image,text,title")
    (own / "list.csv").write_text(text, encoding="utf-8")
    found = source.load("table", root=own / "list.csv", images=own / "pictures")
    assert sorted({painting.title for painting in found.all}) == ["1900", "1901", "1902"]
    with pytest.raises(UserError, match="has no column 'about'; found image, text, title"):
        source.load("table", root=own / "list.csv", images=own / "pictures", text="about")


def test_the_division_follows_the_seed(own):
    def test_part(seed):
        found = table(own / "list.csv", own / "pictures", image="file", text="about", seed=seed)
        return tuple(painting.image.name for painting in found.test)

    assert test_part(0) == test_part(0)
    assert len({test_part(seed) for seed in range(5)}) > 1
    with pytest.raises(UserError, match="seed=-1: expected at least 0"):
        test_part(-1)


def test_rows_of_one_image_go_to_one_part(own, caplog):
    with open(own / "list.csv", "a", encoding="utf-8") as file:
        file.write("".join(f"\np{k:02d}.png,Again,1900" for k in range(30)))
    with caplog.at_level(logging.INFO):
        found = table(own / "list.csv", own / "pictures", image="file", text="about")
    assert "rows that share their image with another row: 60" in caplog.text
    parts = [{painting.image for painting in part} for part in (found.train, found.val, found.test)]
    assert [len(part) for part in parts] == [24, 3, 3]


def test_equal_images_under_other_names_go_to_one_part(own, caplog):
    before = table(own / "list.csv", own / "pictures", image="file", text="about")
    with open(own / "list.csv", "a", encoding="utf-8") as file:
        for k in range(30):
            copy = own / "pictures" / f"copy{k:02d}.png"
            copy.write_bytes((own / "pictures" / f"p{k:02d}.png").read_bytes())
            file.write(f"\n{copy.name},Again,1900")
    with caplog.at_level(logging.INFO):
        found = table(own / "list.csv", own / "pictures", image="file", text="about")
    assert "list.csv: images that equal another one in every byte, and are in its part: 30" in caplog.text
    for part, alone in zip((found.train, found.val, found.test), (before.train, before.val, before.test), strict=True):
        names = [painting.image.name for painting in alone]
        assert [painting.image.name for painting in part] == names + [name.replace("p", "copy", 1) for name in names]


def test_copies_do_not_count_as_images(tmp_path):
    for k in range(6):
        picture(tmp_path / f"{k}.png", value=k % 5)
    (tmp_path / "list.csv").write_text("file,about\n" + "".join(f"{k}.png,Text\n" for k in range(6)))
    with pytest.raises(UserError, match="names 5 different images that can be read; expected at least 6, 2 each"):
        table(tmp_path / "list.csv", tmp_path, image="file", text="about")


def test_the_division_of_different_images_is_as_it_was(own):
    found = table(own / "list.csv", own / "pictures", image="file", text="about", seed=3)
    order = np.random.default_rng(3).permutation(30)
    assert [painting.image.name for painting in found.val] == [f"p{k:02d}.png" for k in sorted(order[:3])]
    assert [painting.image.name for painting in found.test] == [f"p{k:02d}.png" for k in sorted(order[3:6])]


def test_two_rows_are_too_few(tmp_path):
    picture(tmp_path / "a.png", value=1)
    picture(tmp_path / "b.png", value=2)
    (tmp_path / "list.csv").write_text("file,about\na.png,One\nb.png,Two\n")
    with pytest.raises(UserError, match="names 2 images that can be read; expected at least 6, 2 each"):
        table(tmp_path / "list.csv", tmp_path, image="file", text="about")


def test_a_cp1252_table_is_not_taken_for_utf_8(own):
    data = (own / "list.csv").read_text(encoding="utf-8").encode("cp1252")
    (own / "list.csv").write_bytes(data)
    with pytest.raises(UserError, match=r"not in UTF-8: found the byte 0xe9 in line 2.*not in cp1252"):
        table(own / "list.csv", own / "pictures", image="file", text="about")
    assert len(table(own / "list.csv", own / "pictures", image="file", text="about", encoding="cp1252")) == 30


def test_utf_8_that_was_saved_as_read_in_cp1252_is_noticed(own):
    spoilt = (own / "list.csv").read_bytes().decode("cp1252")
    (own / "list.csv").write_text(spoilt, encoding="utf-8")
    with pytest.raises(UserError, match=r"was UTF-8 and has been read as cp1252 before \(line 2 would have 'Ã©'"):
        table(own / "list.csv", own / "pictures", image="file", text="about")


def test_a_byte_order_mark_is_no_part_of_the_first_heading(own):
    (own / "list.csv").write_bytes(b"\xef\xbb\xbf" + (own / "list.csv").read_bytes())
    assert len(table(own / "list.csv", own / "pictures", image="file", text="about")) == 30


def test_an_empty_cell_for_the_image_is_named_and_an_empty_comment_is_kept(own):
    with open(own / "list.csv", "a", encoding="utf-8") as file:
        file.write("\n,Nothing to see,1900\np00.png,,1900")
    found = table(own / "list.csv", own / "pictures", image="file", text="about")
    assert found.missing == ("list.csv line 32: no image (the cell is empty)",)
    assert sum(not painting.comment for painting in found.all) == 1


def test_a_comment_of_100_000_words_is_read_whole(own):
    with open(own / "list.csv", "a", encoding="utf-8") as file:
        file.write(f'\np00.png,"{"words, " * 100_000}",1900')
    found = table(own / "list.csv", own / "pictures", image="file", text="about")
    assert max(len(painting.comment.split()) for painting in found.all) == 100_000


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"dataset": "wikiart"}, "dataset='wikiart' is not known; expected one of 'embedded', 'semart', 'table'"),
        ({"dataset": "semart"}, "data_root is empty; with dataset='semart' it must be the folder of SemArt"),
        ({"dataset": "table"}, "data_root is empty; with dataset='table' it must be a table of paintings"),
    ],
)
def test_parameters_that_name_no_collection_are_refused(given, message):
    with pytest.raises(UserError, match=message):
        source.load(**given)


def test_another_separator_is_refused(own):
    with pytest.raises(UserError, match="separator=':'"):
        tables.read(own / "list.csv", own, tables.Columns("file", "about"), separator=":")


def test_sixteen_bits_are_read(own):
    Image.fromarray(np.full((6, 8), 40_000, np.uint16)).save(own / "pictures" / "p00.png")
    assert table(own / "list.csv", own / "pictures", image="file", text="about").missing == ()


def test_a_test_of_one_painting_is_refused(folder):
    (folder / "Images" / "test1.jpg").unlink()
    with pytest.raises(UserError, match="the test has 1 painting; expected at least 2"):
        source.load("semart", root=folder)
