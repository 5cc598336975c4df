"""The shape of the library: imports go down, and a chapter's package is small and like the others.

Nothing imports upward, and chapters know nothing of one another: the contracts in pyproject.toml hold.
"""

import logging.config
from pathlib import Path

import pytest
from importlinter import cli

from vretlib import paths


def test_the_import_contracts_hold(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.config, "dictConfig", lambda _: None)  # it would disable the loggers of other tests
    status = cli.lint_imports(config_filename=str(paths.ROOT / "pyproject.toml"), no_cache=True)
    assert status == 0, capsys.readouterr().out


FILES = {"__init__", "inputs", "methods", "tables", "variants", "plots"}
"""The template of a chapter's package."""
LINES = {
    **dict.fromkeys(("background", "similarity_networks", "image_to_video", "binary_features"), 600),
    **dict.fromkeys(("spatio_temporal_encoder", "key_frames"), 600),
    **dict.fromkeys(("semantic_art", "face_retrieval", "hybrid_hashing", "instance_search"), 350),
}
PACKAGES = sorted(path for path in (paths.ROOT / "vretlib" / "chapters").iterdir() if (path / "__init__.py").exists())


def test_every_package_of_a_chapter_has_a_limit() -> None:
    assert {package.name for package in PACKAGES} == set(LINES)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_a_chapter_has_the_files_of_the_template_and_no_more_lines_than_its_limit(package: Path) -> None:
    files = sorted(package.glob("*.py"))
    assert {path.stem for path in files} <= FILES
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files) <= LINES[package.name]
