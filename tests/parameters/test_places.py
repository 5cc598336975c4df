"""Parameters that are paths."""

import os
from pathlib import Path

import pytest

from vretlib import notebooks, parameters, paths
from vretlib.batch import chapters, plan
from vretlib.batch.chapters import ChapterNotebook
from vretlib.errors import UserError

PROFILES = paths.NOTEBOOKS / "profiles"
CHAPTERS = {chapter.number: chapter for chapter in chapters.find(paths.NOTEBOOKS)}


def planned(number: int, *given: str) -> plan.Task:
    return plan.plan([CHAPTERS[number]], PROFILES, "embedded", given)[0]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command is given: a folder, a list and weights; it is the home folder too."""
    (tmp_path / "films").mkdir()
    (tmp_path / "list.csv").write_text("image,movie,frame\n")
    (tmp_path / "mine.pth").write_bytes(b"1")
    (tmp_path / "embedded").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("number", "name", "text", "there"),
    [
        (5, "data_root", "films", "films"),
        (5, "data_root", "~/films", "films"),
        (5, "data_root", "./films/../films/", "films"),
        (4, "queries_csv", "list.csv", "list.csv"),
        (8, "weights", "mine.pth", "mine.pth"),
        (3, "weights", "~/mine.pth", "mine.pth"),
        (6, "queries_csv", "~/list.csv", "list.csv"),
    ],
)
def test_paths_count_from_where_the_command_is_given(here: Path, number: int, name: str, text: str, there: str) -> None:
    task = planned(number, f"{name}={text}")
    assert task.parameters[name] == str(here / there)
    assert list(task.ingredients["input files"]) == [name]


def test_names_of_weights_are_no_paths_though_such_a_file_is_there(here: Path) -> None:
    task = planned(8, "weights=embedded")
    assert task.parameters["weights"] == "embedded"
    assert task.ingredients["input files"] == {}


def test_another_file_of_weights_is_another_task(here: Path) -> None:
    before = planned(8, "weights=mine.pth")
    (here / "mine.pth").write_bytes(b"23")
    assert plan.changed(planned(8, "weights=mine.pth"), before.ingredients) == ["input files"]


def test_a_path_in_the_page_counts_from_the_page(here: Path, tmp_path: Path) -> None:
    notebook = CHAPTERS[5].notebook.copy()
    [cell] = [cell for cell in notebook.cells if "parameters" in notebooks.tags(cell)]
    cell.source = cell.source.replace('data_root = ""', 'data_root = "clips"')
    (tmp_path / "pages" / "clips").mkdir(parents=True)
    notebooks.write(notebook, tmp_path / "pages" / "05_binary_features.ipynb")
    [task] = plan.plan([ChapterNotebook(Path("pages") / "05_binary_features.ipynb")], PROFILES, "embedded")
    assert list(task.ingredients["input files"]) == ["data_root"]
    assert "data_root" not in task.parameters
    (tmp_path / "pages" / "clips").rmdir()
    with pytest.raises(UserError, match="05_binary_features, data_root='clips': no such file or folder"):
        plan.plan([ChapterNotebook(tmp_path / "pages" / "05_binary_features.ipynb")], PROFILES, "embedded")


@pytest.mark.parametrize(
    ("number", "assignment", "expected"),
    [
        (5, "data_root=nope", "data_root=nope: no such file or folder"),
        (5, "data_root=list.csv/x", "no such file or folder"),
        (5, "data_root=~nobody_of_this_name/films", "ome directory"),
        (5, "data_root=a\0b", "NUL"),
        (5, "data_root=" + "x" * 300, "File name too long"),
        (5, "data_root=" + "x/" * 3000, "File name too long"),
        (5, "queries_csv=films", "is a folder; expected a file"),
        (5, "data_root=pipe", "is neither file nor folder; expected a folder of films or one film"),
        (2, "data_root=list.csv", "is a file; expected a folder"),
        (8, "weights=nope", "no such file or folder"),
        (8, "weights=nope", "expected 'embedded', 'embedded-fine-tuned', 'imagenet', 'random', or a file"),
        (8, "weights=list.csv", "ends in '.csv'; expected a file in .safetensors, .pth, .pt"),
        (8, "weights=films", "is a folder; expected a file"),
        (5, "data_root=loop", "Too many levels of symbolic links"),
    ],
)
def test_a_path_that_leads_nowhere_is_one_line(here: Path, number: int, assignment: str, expected: str) -> None:
    os.mkfifo(here / "pipe")
    (here / "loop").symlink_to("loop")
    with pytest.raises(UserError) as caught:
        planned(number, assignment)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 800


def test_a_folder_that_is_still_to_be_given_is_no_error_of_the_plan_but_of_the_run(here: Path) -> None:
    [task] = plan.plan([CHAPTERS[5]], PROFILES, "paper")
    with pytest.raises(UserError, match="05_binary_features: data_root is empty; with dataset='folder' it must be"):
        plan.refuse_incomplete([task])
    plan.refuse_incomplete(plan.plan([CHAPTERS[5]], PROFILES, "paper", ["data_root=films"]))


def test_files_of_a_run_that_cannot_start_are_not_read(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan.inputs, "fingerprints", lambda *given: pytest.fail("was read"))
    with pytest.raises(UserError, match='data_root is not read with dataset="embedded"'):
        plan.refuse_incomplete([planned(5, "data_root=films")])


def test_a_path_inside_a_mapping_counts_from_where_the_command_is_given_and_is_read(here: Path) -> None:
    task = planned(7, "dataset=table", "data_root=list.csv", "columns={images: ./films, title: ''}")
    assert task.parameters["columns"] == {"images": str(here / "films"), "title": ""}
    assert list(task.ingredients["input files"]) == ["data_root", "columns.images"]
    for images, expected in (("nope", "no such file or folder"), ("list.csv", "is a file; expected a folder")):
        with pytest.raises(UserError, match=f"--param columns={{images: {images}}}: .*{expected}"):
            planned(7, "dataset=table", "data_root=list.csv", f"columns={{images: {images}}}")


def test_a_film_that_is_named_must_be_in_the_folder(here: Path) -> None:
    (here / "films" / "mine.mp4").write_bytes(b"1")
    values = {name: p.default for name, p in CHAPTERS[5].parameters.items()} | {"dataset": "folder"}
    parameters.check("05_binary_features", values | {"data_root": "films", "film": "mine"})
    with pytest.raises(UserError, match="05_binary_features: film='nope' is not there; expected one of 'mine'"):
        parameters.check("05_binary_features", values | {"data_root": "films", "film": "nope"})


def test_in_an_open_page_paths_count_from_its_folder(here: Path) -> None:
    values = {name: p.default for name, p in CHAPTERS[5].parameters.items()}
    parameters.check("05_binary_features", values | {"dataset": "folder", "data_root": "films"})
    parameters.check("05_binary_features", values | {"results_dir": "new/folder"})
    with pytest.raises(UserError, match=r"05_binary_features, results_dir='list.csv': .* is a file; expected a folder"):
        parameters.check("05_binary_features", values | {"results_dir": "list.csv"})
