"""Hash functions on images that are not videos: which images teach and ask, and the table that the command prints."""

from functools import partial

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from vretlib.__main__ import main
from vretlib.described.faces import DescribedFaces
from vretlib.features import backbones
from vretlib.models.hashing.hash_recipe import HashRecipe
from vretlib.real_runs import hashes


@pytest.fixture
def few_digits(monkeypatch):
    """Every eighth digit, and a hundred steps, so that trainings take no time."""
    whole = hashes.digits()
    few = DescribedFaces("digits", *(hashes._images(p.x[::8], p.persons[::8]) for p in (whole.train, whole.test)))
    monkeypatch.setattr(hashes, "digits", lambda: few)
    monkeypatch.setattr(hashes, "HashRecipe", partial(HashRecipe, steps=100))
    monkeypatch.setattr(hashes, "ROWS", ("LSH [14]", "SITQ [15]", "SSDH [42]"))


def test_digits_that_ask_are_in_no_database():
    found = hashes.digits()
    assert found.train.x.shape == (1297, 64)
    assert found.test.x.shape == (500, 64)
    assert np.array_equal(found.train.video, np.arange(1297))
    assert set(found.test.persons.tolist()) == set(range(10))


def test_a_table_has_a_row_for_each_method_and_the_floats(few_digits):
    lines = hashes.make([4, 8], [0, 1]).splitlines()
    assert lines[0] == "| mAP | digits, 4 bits | digits, 8 bits |"
    assert [line.split(" | ")[0] for line in lines[2:]] == [f"| {r}" for r in (*hashes.ROWS, "floats, cosine")]
    learned, random = (float(lines[row].split(" | ")[2][:4]) for row in (3, 2))
    assert learned > random


def test_the_test_part_of_the_products_asks(tmp_path):
    rng = np.random.default_rng(0)
    rows = ["split,path,fine_class,coarse_class"]
    (tmp_path / "iconic").mkdir()
    for number in range(4):
        cv2.imwrite(str(tmp_path / f"{number}.jpg"), rng.integers(0, 255, (64, 64, 3), np.uint8))
        rows.append(f"{'test' if number == 3 else 'train'},{number}.jpg,{number % 2},0")
    for number in range(2):
        cv2.imwrite(str(tmp_path / f"iconic/0{number}.jpg"), np.full((64, 64, 3), 200, np.uint8))
    (tmp_path / "images.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "classes.csv").write_text("name,number\napple,0\npear,1\n")
    found = hashes.of_products(tmp_path, backbones.load("vgg16", "embedded"))
    assert found.train.persons.tolist() == [0, 1, 0]
    assert found.test.persons.tolist() == [1]
    assert np.allclose(np.linalg.norm(found.train.x, axis=1), 1, atol=1e-5)


def test_the_command_prints_the_table_and_names_a_wrong_code_length(few_digits):
    result = CliRunner().invoke(main, ["real-hashes", "-b", "4", "--seeds", "1"])
    assert result.exit_code == 0
    assert "digits, 4 bits" in result.output
    wrong = CliRunner().invoke(main, ["real-hashes", "-b", "0", "--seeds", "1"])
    assert wrong.exit_code == 2
