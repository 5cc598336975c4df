"""README says what is there: chapters, commands, folders, pictures."""

import re
from importlib import import_module

import cv2
import numpy as np
import pytest

from vretlib import paths
from vretlib.report import companion

README = (paths.ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (paths.ROOT / "Makefile").read_text(encoding="utf-8")
HERE = sorted(path.stem for path in paths.NOTEBOOKS.glob("*.ipynb"))


def row_of(notebook: str) -> str:
    found = re.search(rf"^\| `{notebook}` .*$", README, re.MULTILINE)
    assert found, f"README's table of chapters has no row for {notebook}"
    return found.group()


@pytest.mark.parametrize("notebook", HERE)
def test_every_notebook_has_a_row_with_its_command(notebook):
    assert f"`make chapter-{notebook[:2]}`" in row_of(notebook)


@pytest.mark.parametrize("notebook", [name for name in HERE if name in companion.chapters().index])
def test_rows_name_the_published_tables(notebook):
    tables = companion.chapters().loc[notebook, "tables"]
    assert all(f"{number}" in row_of(notebook) for number in tables.split(", "))


def test_commands_are_targets_of_the_makefile():
    asked = set(re.findall(r"^make ([a-z]+) |`make ([a-z]+)`", README, re.MULTILINE))
    asked = {name for pair in asked for name in pair if name}
    assert {"tables", "test"} <= asked
    assert sorted(name for name in asked if not re.search(rf"^{name}:", MAKEFILE, re.MULTILINE)) == []


def test_ci_runs_the_test_command_of_the_readme():
    assert "\nmake test" in (paths.ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_pictured_folders_exist():
    tree = README.split("## How it is built")[1].split("```")[1]
    inside = re.findall(r"^  ([a-z_.]+)/? ", tree, re.MULTILINE)
    assert inside
    assert [name for name in inside if not (paths.ROOT / "vretlib" / name).exists()] == []


def test_links_and_pictures_lead_somewhere():
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert [target for target in targets if not (paths.ROOT / target).exists()] == []


@pytest.mark.parametrize("package", ["features", "search", "evaluation", "video", "models"])
def test_public_names_are_listed(package):
    (row,) = re.findall(rf"^\| `vretlib.{package}` \| (.*) \|$", README, re.MULTILINE)
    assert row.replace("`", "").split(", ") == import_module(f"vretlib.{package}").__all__


def test_the_script_of_the_section_on_own_code_runs(tmp_path, monkeypatch, capsys):
    """Three photographs of each of four subjects: one texture, at three brightnesses."""
    rng = np.random.default_rng(0)
    (tmp_path / "photographs").mkdir()
    for subject in "abcd":
        texture = cv2.resize(rng.integers(0, 256, (12, 16, 3), dtype=np.uint8), (128, 96))
        for number, brightness in enumerate((1, 0.9, 0.8)):
            picture = (brightness * texture).astype(np.uint8)
            cv2.imwrite(str(tmp_path / "photographs" / f"{subject}_{number}.jpg"), picture)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    (script,) = re.findall(r"^```python\n(from pathlib.*?)^```", README, re.MULTILINE | re.DOTALL)
    exec(script, {})
    *nearest, precision = capsys.readouterr().out.splitlines()[-13:]
    assert [line.split(": ")[0][0] == line.split(": ")[1][0] for line in nearest] == [True] * 12
    assert precision == "mAP 1.0"
