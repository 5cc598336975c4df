"""Chapters 6 and 8 on videos of a user's own that are few, short, easy, or hold no example of what a figure shows."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chapters.conftest import Page, run
from tests.chapters.test_small_collections_films import black, film, listed, photograph, take
from vretlib.errors import UserError

pytestmark = pytest.mark.slow

SIX, EIGHT = "06_spatio_temporal_encoder", "08_key_frames"
QUICK = {
    SIX: {
        "sizes": {"training_films": 1, "training_clips": 5, "own_queries": 2}, "image_side": 96, "fps": 2.0,
        "fisher": [2, 4], "steps": 2, "batch_size": 16, "curve": [4], "film_queries": 2, "seeds": [0], "few": 2,
    },
    EIGHT: {
        "sizes": {"own_queries": 2}, "fps": 2.0, "side": 64, "n_small": 1000, "n_frames": 4, "n_candidates": 1000,
        "training_fps": 3.0, "lbtt_width": 192,
    },
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vretlib.paths.CACHE", tmp_path_factory.mktemp("cache"))
        patch.setattr("embedded.programmes.FPS", 6)  # the training film is drawn in half the time
        yield


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three films of two takes, the first of them black; photographs of the others, one with a wrong answer."""
    root = tmp_path_factory.mktemp("three")
    film(root / "a.mp4", black(30))
    takes = [[*take(2 * k, 20), *take(2 * k + 1, 20)] for k in range(2)]
    for name, frames in zip("bc", takes, strict=True):
        film(root / f"{name}.mp4", frames)
        photograph(root / f"queries/{name}.png", frames[5])
        photograph(root / f"queries/{name}2.png", frames[30])
    rows = ["b.png,b,5,medium", "b2.png,b,30,hard", "c.png,c,5,mild", "c2.png,b,30,easy"]
    listed(root, [f"queries/{row}" for row in rows], "image,movie,frame,level")
    return root


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One film of one take, for which queries are simulated."""
    root = tmp_path_factory.mktemp("one")
    film(root / "only.mp4", take(9, 30))
    return root


def columns(page: Page, table: str) -> list[str]:
    """The columns of a table that have numbers of the run, in their order."""
    with open(page.folder / "tables" / f"{table}.csv", newline="", encoding="utf-8") as file:
        return list(dict.fromkeys(line["column"] for line in csv.DictReader(file) if line["obtained"]))


def reasons(page: Page, table: str) -> set[str]:
    """Why cells of a table are not obtained."""
    return set(json.loads((page.folder / "tables" / f"{table}.json").read_text())["reasons"])


def test_one_list_of_photographs_serves_all_of_chapter_6(three: Path, tmp_path: Path) -> None:
    page = run(SIX, three, tmp_path, **QUICK[SIX])
    assert "film: b, 3 photographs" in page.shown  # the first film that the list names; none is simulated
    assert columns(page, "thesis_table_6.1") == ["dim", "photograph|mAP", "photograph|R@1"]
    assert columns(page, "thesis_table_6.2")[-1] == "b|R@1"
    assert columns(page, "thesis_table_6.3") == ["photograph|mAP", "photograph|R@1"]
    assert columns(page, "levels")[::2] == ["easy|mAP", "medium|mAP", "hard|mAP", "mild|mAP"]
    assert not any("fisher" in why for why in reasons(page, "thesis_table_6.1") | reasons(page, "thesis_table_6.4"))
    answers = page.answers("lstm")
    assert [(Path(row["image"]).name, row["asked"], row["level"]) for row in answers] == [
        ("b.png", "b", "medium"), ("b2.png", "b", "hard"), ("c.png", "c", "mild"), ("c2.png", "b", "easy"),
    ]  # fmt: skip
    assert set(page.left_out()) == {"Precision and recall of boundaries against Th"}


def test_chapter_6_on_a_single_clip_of_one_shot(one: Path, tmp_path: Path) -> None:
    page = run(SIX, one, tmp_path, **QUICK[SIX] | {"fisher": [], "fps": 12.0, "outline": "given"})
    assert columns(page, "thesis_table_6.2") == ["SI2V|mAP", "SI2V|R@1", "VB|mAP", "VB|R@1", "only|R@1"]
    assert page.left_out()["Whitening of half the clips"] == "a single clip cannot be halved"
    assert "left out: fisher=[]" in reasons(page, "thesis_table_6.1")
    assert "2 of 4 queries are rectified first, to the corners that the list gives" in page.shown
    assert "None of kind VB is wrong." in page.shown  # there is no other clip to find


def test_chapter_8_on_photographs_of_a_list(three: Path, tmp_path: Path) -> None:
    page = run(EIGHT, three, tmp_path, **QUICK[EIGHT])
    assert columns(page, "key_frames_table_2") == ["some of the clips", "all clips"]
    assert columns(page, "levels") == ["easy", "medium", "hard", "mild"]
    answers = page.answers("ours")
    assert [(Path(row["image"]).name, row["asked"], row["level"]) for row in answers] == [
        ("b.png", "b", "medium"), ("b2.png", "b", "hard"), ("c.png", "c", "mild"), ("c2.png", "b", "easy"),
    ]  # fmt: skip
    assert all((row["right"] == "right") == (row["found"] == row["asked"]) == (row["rank"] == "1") for row in answers)
    assert page.left_out() == {}


def test_chapter_8_on_a_film_of_one_frame(tmp_path: Path) -> None:
    film(tmp_path / "films/still.mp4", take(3, 1))
    page = run(EIGHT, tmp_path / "films", tmp_path / "results", **QUICK[EIGHT] | {"theta": 1000.0, "outline": "found"})
    found = reasons(page, "key_frames_table_5")
    assert {why.split(":")[0].split(" learns")[0] for why in found} == {"none of the clips has a key feature", "DFSE"}
    assert "rectified first, to the outline of the screen that was found" in page.shown
    assert page.left_out() == {"Colour changes of one clip": "no clip has two sampled frames, so no colour changes"}


@pytest.mark.parametrize("chapter", [SIX, EIGHT])
def test_nothing_to_look_for_is_said_at_once(chapter: str, tmp_path: Path) -> None:
    film(tmp_path / "films/a.mp4", black(20))
    with pytest.raises(UserError, match="no frame with anything to look for; the film is plain or black"):
        run(chapter, tmp_path / "films", tmp_path, **QUICK[chapter])
    film(tmp_path / "lit/a.mp4", take(0, 20))
    with pytest.raises(UserError, match="clip_seconds"):
        run(chapter, tmp_path / "lit", tmp_path, **QUICK[chapter] | {"sizes": {"clip_seconds": 1e-9}})


def test_too_few_clips_to_learn_from_are_said_at_once(one: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="training_clips=3 of sizes: the collection has no clips to learn from"):
        run(SIX, one, tmp_path, **QUICK[SIX] | {"sizes": {"training_clips": 3, "own_queries": 1}})
