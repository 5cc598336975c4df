"""Chapter 10 on four people with three short videos each: as a folder of theirs, and with the names of YTC."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import pytest

from tests.chapters.conftest import drawn
from vretlib import images

mpl.use("Agg")
pytestmark = pytest.mark.slow

SMALL = {"bits": [8, 13], "steps": 5, "seeds": [0]}
PEOPLE = ("ada", "bo", "cy", "di")


def videos(root: Path, name: Callable[[str, int], str]) -> Path:
    """Three videos of each person; the first of ada has one frame, all others have four."""
    for p, person in enumerate(PEOPLE):
        for video in range(3):
            folder = root / name(person, video)
            folder.mkdir(parents=True)
            for frame in range(1 if (p, video) == (0, 0) else 4):
                images.write(folder / f"{frame}.png", drawn(p, 10 * video + frame, 64, 64))
    return root


def numbers(table: str) -> dict[tuple[str, str], float]:
    """The numbers that a table has, by row and column."""
    rows = csv.DictReader(io.StringIO(table))
    return {(row["row"], row["column"]): float(row["obtained"]) for row in rows if row["obtained"]}


def test_chapter_10_runs_on_a_folder_of_a_few_videos(run_page: Callable[..., tuple], tmp_path: Path) -> None:
    root = videos(tmp_path / "few", lambda person, video: f"{person}/{video}")
    page = run_page("10_hybrid_hashing", root, second_steps=2, new_people_share=0.0, swept=[0.1, 1.0], **SMALL)
    sizes = numbers(page.tables()["As Table 1"])
    assert [sizes[what, "few"] for what in ("Identities", "Training videos", "Testing videos")] == [4, 8, 4]
    assert sizes["Training frames", "few"] + sizes["Testing frames", "few"] == 11 * 4 + 1
    for table, rows in (("2", 4), ("3", 12), ("4", 7)):
        found = numbers(page.tables()[f"As Table {table}"])
        assert len(found) == rows * 2  # two code lengths
        assert all(0 < value <= 1 for value in found.values())
    assert page.left_out()["New people"] == "new_people_share=0: no people are set apart"
    assert "second_steps=2 instead of 0" in page.left_out()["Both stages"]
    assert {"fig_5", "fig_6", "bits_of_a_video", "center_alignment"} <= page.figures().keys()


def test_chapter_10_runs_on_a_few_clips_of_ytc(run_page: Callable[..., tuple], tmp_path: Path) -> None:
    number = {person: i for i, person in enumerate(PEOPLE)}
    root = videos(tmp_path / "clips", lambda person, video: f"{3 * number[person] + video:04}_0{video}_001_{person}")
    page = run_page("10_hybrid_hashing", root, dataset="ytc", swept=[0.1, 1.0], **SMALL)
    sizes = numbers(page.tables()["Table 1"])
    assert sizes["Identities", "YouTube Celebrities"] == 4
    assert "of YTC has at most 13 frames to learn 13 bits from" in page.left_out()["New people"]
    assert "dataset='ytc' instead of 'embedded'" in page.left_out()["Both stages"]
