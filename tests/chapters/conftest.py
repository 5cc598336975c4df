"""Pages run cell by cell on small folders of drawn photographs."""

from __future__ import annotations

import ast
import contextlib
import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from tests.landmark_study import described_study, study  # noqa: F401 (fixtures)
from vretlib import notebooks, paths


class Page(NamedTuple):
    """What a run of a page left: what its cells showed, and its folder of results."""

    shown: str
    folder: Path

    def left_out(self) -> dict[str, str]:
        """Why things are not shown, by title."""
        path = self.folder / "left_out.json"
        return {e["title"]: e["why"] for e in json.loads(path.read_text())["left_out"]} if path.exists() else {}

    def figures(self) -> dict[str, str]:
        """Captions of the figures there are, by name."""
        return self._read("figures", "caption")

    def tables(self) -> dict[str, str]:
        """CSV of the tables there are, by title."""
        found = sorted(self.folder.glob("tables/*.json"))
        return {json.loads(path.read_text())["title"]: path.with_suffix(".csv").read_text() for path in found}

    def answers(self, title: str) -> list[dict[str, str]]:
        """The rows of a table of answers."""
        with open(self.folder / "answers" / f"{title}.csv", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def _read(self, kind: str, field: str) -> dict[str, str]:
        return {path.stem: json.loads(path.read_text())[field] for path in self.folder.glob(f"{kind}/*.json")}


def run(chapter: str, root: Path, results: Path, *, cells: int | None = None, **parameters: Any) -> Page:
    """A page on a folder: its cells one after another, as a kernel runs them, the last expression of each shown.

    ``cells=3`` runs the first three alone: parameters, their check, and the study. Figures are drawn once, without
    pixels: their files are empty, which takes a third of the time.
    """
    values = {"dataset": "folder", "data_root": str(root), "results_dir": str(results), **parameters}
    names: dict[str, Any] = {}
    out = io.StringIO()
    with contextlib.redirect_stdout(out), mock.patch.object(Figure, "savefig", _draw_once):
        for cell in notebooks.code_cells(notebooks.read(paths.NOTEBOOKS / f"{chapter}.ipynb"))[:cells]:
            body = ast.parse(cell.source).body
            last = body.pop() if isinstance(body[-1], ast.Expr) else None
            exec(compile(ast.Module(body, []), cell.id, "exec"), names)
            if "parameters" in cell.metadata.get("tags", ()):
                names |= values
            if last is not None:
                value = eval(compile(ast.Expression(last.value), cell.id, "eval"), names)
                print(repr(value))
                getattr(value, "_repr_html_", str)()
    plt.close("all")
    return Page(out.getvalue(), results / chapter)


def _draw_once(fig: Figure, path: Path, **options: Any) -> None:
    if options["format"] == "png":
        fig.set_layout_engine("none")  # where things stand is nobody's question here, and takes half of the time
        fig.draw_without_rendering()
    path.touch()


@pytest.fixture(scope="session")
def run_page(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Page]:
    """`run` with a results folder of its own: ``run_page("02_background", root, image_size=64)``."""

    def in_new_folder(chapter: str, root: Path, **options: Any) -> Page:
        return run(chapter, root, tmp_path_factory.mktemp("results"), **options)

    return in_new_folder


def drawn(seed: int, view: int, wide: int = 96, high: int = 72) -> np.ndarray:
    """A drawn photograph of a class: its own coloured rectangles, moved a little and with noise in each view."""
    rng, own = np.random.default_rng(seed), np.random.default_rng([seed, view])
    picture = np.full((high, wide, 3), rng.integers(60, 200, 3), np.float64)
    for _ in range(12):
        x, y, w, h = (rng.random(4) * (wide, high, wide / 3, high / 3) + np.array([0, 0, 6, 6])).astype(int)
        dx, dy = own.integers(-2, 3, 2)
        picture[max(0, y + dy) : y + dy + h, max(0, x + dx) : x + dx + w] = rng.integers(0, 255, 3)
    return np.clip(picture + own.normal(0, 4, picture.shape), 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def class_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """``class_folder("own", {"cup": 4, "pen": 3})``: a folder of class folders with that many drawn photographs.

    ``draw(k, view)`` makes another picture of view ``view`` of the k-th class.
    """

    def write(name: str, classes: dict[str, int], draw: Callable[[int, int], np.ndarray] = drawn) -> Path:
        root = tmp_path_factory.mktemp("folders") / name
        for k, (label, n) in enumerate(classes.items()):
            (root / label).mkdir(parents=True)
            for view in range(n):
                Image.fromarray(draw(k, view)).save(root / label / f"{view}.png")
        return root

    return write
