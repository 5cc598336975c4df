"""Chapter 9 on a folder of a few face videos: one without a face, one of a single frame, a person with one video."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest

from tests.chapters.conftest import drawn
from vretlib import images
from vretlib.chapters.face_retrieval import inputs
from vretlib.datasets.faces.film_collection import FaceFilms
from vretlib.described import film_faces

mpl.use("Agg")
pytestmark = pytest.mark.slow

SMALL = {
    "n_frames": 2, "short_side": 96, "long_side": 160, "n_proposals": 20, "n_top": 4, "n_expanded": 2, "pca": 8,
    "gaussians": 2, "words": 16, "learned_from": 200,
}  # fmt: skip
VIDEOS = {"ada/walks": 2, "ada/bare": 2, "ada/asks": 1, "bo/once": 1, "bo/asks": 3, "cy/alone": 2}
"""The frames of each video; cy has no second one."""


class Finder:
    """In the place of YuNet: a face on the left of every picture that is not of one colour."""

    def __init__(self, path: Path) -> None:
        assert path.name == "yunet.onnx"

    def boxes(self, image: np.ndarray) -> np.ndarray:
        return np.float32([[8, 8, 40, 56]])[: int(image.std() > 0)]


def test_chapter_9_runs_on_a_few_videos_with_and_without_a_face(
    run_page: Callable[..., tuple], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [video.partition("/")[0] for video in VIDEOS]
    for k, (video, n) in enumerate(VIDEOS.items()):
        (tmp_path / "few" / video).mkdir(parents=True)
        for frame in range(n):
            bare = np.full((72, 96, 3), 90, np.uint8)
            picture = bare if video == "ada/bare" else drawn(people.index(people[k]), 10 * k + frame)
            images.write(tmp_path / "few" / video / f"{frame}.png", picture)
    (tmp_path / "asks.txt").write_text("ada/asks\nbo/asks\n")
    (tmp_path / "yunet.onnx").touch()
    monkeypatch.setattr(inputs, "FaceFinder", Finder)
    cut, whole = [], film_faces.cut_out

    def noted(*given: Any, **options: Any) -> FaceFilms:
        cut.append(whole(*given, **options))
        return cut[-1]

    monkeypatch.setattr(film_faces, "cut_out", noted)
    page = run_page("09_face_retrieval", tmp_path / "few", split=str(tmp_path / "asks.txt"),
                    face_detector=str(tmp_path / "yunet.onnx"), **SMALL)  # fmt: skip
    frames, stills = ([one.shape[:2] for one in pictures] for pictures in (cut[0].frames, cut[0].stills))
    assert frames == [(72, 96)] * 2 + [(96, 96)] * 5  # frames without a face stay whole
    assert stills == [(96, 96)] * 2
    sizes = _cells(page.tables()["The collections"])
    assert [sizes["few", what] for what in ("people", "videos", "frames", "stills")] == [3, 4, 7, 2]
    assert sizes["few", "answers"] == 2.5  # ada is in four frames, bo in one
    found = _cells(page.tables()["As Table 2"])
    assert len(found) == 8 * 2 * 3
    assert all(1 / 7 <= value <= 1 for value in found.values())
    assert {"films", "metrics", "reranking", "faces"} <= page.figures().keys()
    seconds = _cells(page.tables()["As Timings"])
    assert {row for row, what in seconds if what == "fine-tuning"} == {"VGG(F-S)", "VGG(F-F)"}
    assert page.left_out().keys() == {"Faces found", "Claims"}
    assert "few: the true boxes of its frames are not known" in page.left_out()["Faces found"]


def _cells(table: str) -> dict[tuple[str, str], float]:
    """The numbers that a table has, by row and column."""
    rows = csv.DictReader(io.StringIO(table))
    return {(row["row"], row["column"]): float(row["obtained"]) for row in rows if row["obtained"]}
