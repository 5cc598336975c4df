"""A run is made anew when anything that it reads has other content, and only then."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from vretlib import checksums, paths
from vretlib.batch import inputs, plan
from vretlib.batch.chapters import ChapterNotebook
from vretlib.errors import UserError


@pytest.fixture(autouse=True)
def settled(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "CACHE", tmp_path_factory.mktemp("cache"))
    monkeypatch.setattr(checksums, "_LARGE", 1)
    monkeypatch.setattr(checksums, "_SETTLED", 0.02)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Films, a list of photographs that lie elsewhere, a class behind a link."""
    for name in ("data/film.mp4", "photos/a.jpg", "photos/deep/b.png", "classes/dog/1.jpg", "elsewhere/9.jpg", "w.pth"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "classes" / "cat").symlink_to(tmp_path / "elsewhere")
    rows = f"image,movie,frame,corners\n../photos/a.jpg,film,3,1.5 2.5\n{tmp_path}/photos/deep/b.png,film,4,\n"
    (tmp_path / "data" / "queries.csv").write_text(rows)
    time.sleep(0.05)
    return tmp_path


def seen(root: Path) -> dict[str, str]:
    places = {"weights": "w.pth", "queries_csv": "data/queries.csv", "data_root": "data", "classes": "classes"}
    return inputs.fingerprints({name: root / place for name, place in places.items()})


def replaced(path: Path) -> None:
    """Other content of the same size and time, under the same name."""
    facts = path.stat()
    other = path.with_name("other")
    other.write_bytes(path.read_bytes()[::-1])
    os.utime(other, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    os.replace(other, path)


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("w.pth", ["weights"]),
        ("data/film.mp4", ["data_root"]),
        ("photos/a.jpg", ["queries_csv", "data_root"]),
        ("photos/deep/b.png", ["queries_csv", "data_root"]),
        ("data/queries.csv", ["queries_csv", "data_root"]),
        ("classes/dog/1.jpg", ["classes"]),
        ("elsewhere/9.jpg", ["classes"]),
    ],
)
def test_another_file_of_the_same_name_size_and_time_is_noticed_wherever_it_lies(
    root: Path, file: str, names: list[str]
) -> None:
    before = seen(root)
    replaced(root / file)
    assert inputs.changed(seen(root), before) == names


@pytest.mark.parametrize("file", ["data/more.mp4", "elsewhere/10.jpg"])
def test_a_file_added_or_taken_away_is_noticed_behind_links_too(root: Path, file: str) -> None:
    before = seen(root)
    (root / file).write_text("new")
    assert len(inputs.changed(seen(root), before)) == 1
    (root / file).unlink()
    assert seen(root) == before


def test_touching_a_file_changes_nothing_and_what_was_read_is_not_read_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = seen(root)
    monkeypatch.setattr(checksums, "_known", {})  # as in another process
    read = checksums.read
    monkeypatch.setattr(checksums, "read", lambda path: pytest.fail(f"{path} was read"))
    assert seen(root) == before
    monkeypatch.setattr(checksums, "read", read)
    os.utime(root / "data" / "film.mp4")
    assert seen(root) == before


def test_results_and_cache_among_the_data_do_not_count(root: Path) -> None:
    before = inputs.fingerprints({"data_root": root / "data"}, [root / "data" / "results"])
    (root / "data" / "results").mkdir()
    (root / "data" / "results" / "index.html").touch()
    assert inputs.fingerprints({"data_root": root / "data"}, [root / "data" / "results"]) == before


@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.txt", "t"])
@pytest.mark.parametrize(
    ("separator", "encoding", "comment"),
    [(",", "utf-8", "some words"), ("\t", "cp1252", 'a "word"'), (";", "utf-8-sig", "x" * 200_000)],
)
def test_images_that_a_table_names_are_seen_whatever_its_ending_separator_and_encoding(
    root: Path, name: str, separator: str, encoding: str, comment: str
) -> None:
    (root / "photos" / "é.jpg").write_text("one")
    rows = [("image", "text"), ("photos/é.jpg", comment)]
    (root / name).write_text("\n".join(map(separator.join, rows)), encoding=encoding)
    time.sleep(0.05)
    before = inputs.fingerprints({"data_root": root / name})
    replaced(root / "photos" / "é.jpg")
    assert inputs.changed(inputs.fingerprints({"data_root": root / name}), before) == ["data_root"]


@pytest.mark.parametrize(
    "rows", ["", "\0", "image\n" + "x" * 200_000, 'a,"b\n', "image\n../none.jpg\n/\n~nobody/a.jpg"]
)
def test_a_list_that_says_nothing_sensible_is_left_to_its_reader(root: Path, rows: str) -> None:
    (root / "data" / "queries.csv").write_text(rows)
    assert seen(root)["queries_csv"]


def test_a_file_that_may_not_be_read_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(inputs, "checksum", refuse)
    with pytest.raises(UserError, match=r"w\.pth: may not be read"):
        inputs.fingerprints({"weights": root / "w.pth"})


def test_the_reason_names_the_parameter_behind_which_something_changed(
    root: Path, write_notebook: Callable[..., Path]
) -> None:
    cell = f'weights_file = "{root / "w.pth"}"\ndata_root = "{root / "data"}"\nn = 1'
    chapter = ChapterNotebook(write_notebook(root / "01_page.ipynb", "1", parameters=cell))
    (root / "profiles").mkdir()
    (root / "profiles" / "embedded.yaml").write_text("{}\n")

    def task(*given: str) -> plan.Task:
        return plan.plan([chapter], root / "profiles", "embedded", given)[0]

    before = json.loads(json.dumps(task().ingredients))
    assert plan.reason(task(), before) == ""
    replaced(root / "w.pth")
    assert plan.reason(task(), before) == "weights_file changed"
    replaced(root / "photos" / "a.jpg")
    assert plan.reason(task("n=2"), before) == "new parameters; weights_file, data_root changed"
    assert plan.reason(task(), {}) == "new notebook, parameters, library, versions; weights_file, data_root changed"


def test_two_values_of_one_parameter_are_refused_and_one_value_twice_is_not(
    root: Path, write_notebook: Callable[..., Path]
) -> None:
    chapter = ChapterNotebook(write_notebook(root / "01_page.ipynb", "1", parameters="n = 1"))
    (root / "profiles").mkdir()
    (root / "profiles" / "embedded.yaml").write_text("{}\n")
    with pytest.raises(UserError, match=r"--param n=2 and --param n=3: two values of one parameter"):
        plan.plan([chapter], root / "profiles", "embedded", ["n=2", "n=3"])
    [task] = plan.plan([chapter], root / "profiles", "embedded", ["n=2", "n = 2"])
    assert task.parameters["n"] == 2
