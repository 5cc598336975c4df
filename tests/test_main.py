"""The command line: what it refuses before anything runs, and what it lists."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from vretlib import paths
from vretlib.__main__ import main
from vretlib.batch import plan, schedule, values
from vretlib.datasets import registry
from vretlib.errors import UserError
from vretlib.notebooks import Parameter

Run = Callable[..., Result]
PARAMETERS = """\
profile = "embedded"  # which
results_dir = ""  # where
seed = 0  # of everything
tau = 0.15  # threshold
sizes = [10, 50]  # how many
deep = False  # whether
dataset = "embedded"  # which films
data_root = ""  # folder of films
"""


@pytest.fixture
def run(tmp_path: Path, write_notebook: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line on two chapters; starting a kernel is an error."""
    write_notebook(tmp_path / "nb" / "04_films.ipynb", "1", parameters=PARAMETERS)
    write_notebook(tmp_path / "nb" / "05_codes.ipynb", "1", parameters="n_probes = 3  # cells\n")
    (tmp_path / "nb" / "profiles").mkdir()
    (tmp_path / "nb" / "profiles" / "embedded.yaml").write_text("{}\n")
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path / "nb")
    monkeypatch.setattr(schedule, "run", lambda *args, **kwargs: pytest.fail("a kernel would have been started"))
    return lambda *arguments: CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--chapter", "7"], "there are 4 (04_films), 5 (05_codes)"),
        (["--profile", "papr"], "there are embedded"),
        (["--param", "taw=1"], "04_films: profile, results_dir, seed, tau"),
        (["--chapter", "5", "--param", "tau=1"], "05_codes: n_probes"),
        (["--param", "seed"], "expected key=value"),
        (["--param", "seed=1.5"], "seed is a number; expected a whole number such as 0 (of everything)"),
        (["--param", "deep=on"], "deep is a text; expected true or false"),
        (["--param", "sizes=[10, x]"], "one item of sizes is a text; expected a whole number"),
        (["--param", "tau=[1"], "not valid YAML"),
        (["--param", "data_root=/no/such/folder"], "data_root=/no/such/folder: no such file or folder"),
        (["--param", "results_dir=/tmp"], "choose the folder with --output"),
        (["--param", "profile=smoke"], "choose it with --profile"),
        (["--chapter", "²"], "there are 4 (04_films), 5 (05_codes)"),
        (["--chapter", "9" * 5000], "there are 4 (04_films), 5 (05_codes)"),
        (["--chapter", "0"], "there are 4 (04_films), 5 (05_codes)"),
        (["--profile", "../x"], "there are embedded"),
        (["--jobs", "2", "--cluster", "tcp://x:1"], "--jobs"),
    ],
)
def test_a_wrong_request_is_one_line_with_the_valid_names_before_any_kernel(
    run: Run, tmp_path: Path, arguments: list[str], expected: str
) -> None:
    result = run("tables", "--output", str(tmp_path / "results"), *arguments)
    assert result.exit_code == 2
    assert result.output.startswith("error: ")
    assert result.output.count("\n") == 1
    assert expected in result.output


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("06_absent: {x: 1}", "no notebook is named 06_absent"),
        ("04_films: {taw: 1}", "has no parameter taw"),
        ("04_films: {seed: on}", "seed is a text"),
        ("04_films: [1]", "expected 'chapter_name:"),
        ("04_films: {seed: 1, seed: 2}", "seed: given twice"),
    ],
)
def test_a_wrong_profile_is_refused(run: Run, tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "nb" / "profiles" / "odd.yaml").write_text(text)
    result = run("tables", "--profile", "odd", "--output", str(tmp_path / "results"))
    assert result.exit_code == 2
    assert expected in result.output


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("1.0e-3", 0.001),
        (".5", 0.5),
        ("7", 7),
        ("-010", -10),
        ("on", "on"),
        ("no", "no"),
        ("1:30", "1:30"),
        ("2026-11-20", "2026-11-20"),
        ("1_000", "1_000"),
        ("true", True),
        ("null", None),
        ("", None),
        ("[1, 2.5]", [1, 2.5]),
        ("-.inf", float("-inf")),
        ("'1'", "1"),
    ],
)
def test_values_are_read_as_yaml_1_2(text: str, value: object) -> None:
    found = values.load(text, "test")
    assert (found, type(found)) == (value, type(value))


def test_where_a_text_is_expected_the_value_is_the_text() -> None:
    for text in ("007", "!!int x", "*a", "[1", "²", ""):
        assert values.from_text(Parameter("name", "", ""), text) == text


DIGITS = "9" * 5000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!!int abc", "tags (!) are not taken"),
        ("!!python/object/apply:os.system [ls]", "tags (!) are not taken"),
        ("!!timestamp 2026-13-45", "tags (!) are not taken"),
        ("[!!int 1]", "tags (!) are not taken"),
        ("&a [1]", "anchors and aliases"),
        ("[&a 1, *a]", "anchors and aliases"),
        ("- 1\n- 2", "a list as [1, 2]"),
        ("a: 1", "a mapping as {key: value}"),
        ("|\n 1", "expected one value in one line"),
        ("[" * 20 + "]" * 20, "more than 8 deep"),
        ("[" * 4000 + "]" * 4000, "more than 8 deep"),
        ("{a: " * 2000 + "}" * 2000, "more than 8 deep"),
        ("[" * 9000, "more than 8 deep"),
        ("1" * 20_000, "20000 characters; expected at most 10000"),
        (DIGITS, "not a value that a parameter can have"),
        (f"[{DIGITS}]", "not a value that a parameter can have"),
        ("{[1]: 2}", "--param x={[1]: 2}: not"),
        ("{{a: 1}: 2}", "--param x={{a: 1}: 2}: not"),
        ("1\n---\n2", "not valid YAML"),
        ("{a: 1, a: 2}", "a: given twice"),
        ("\x01", "--param x=\\x01: not valid YAML"),
        ("@", "not valid YAML"),
        ("%", "not valid YAML"),
        ("'", "not valid YAML"),
    ],
)
def test_what_is_no_plain_value_is_one_line(text: str, expected: str) -> None:
    with pytest.raises(UserError) as caught:
        values.from_text(Parameter("x", 1, ""), text)
    assert expected in str(caught.value)
    assert str(caught.value).startswith("--param x=")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("text", ["!!int abc", "²", DIGITS, "2026-11-20", "0x10", "1_000", "on", "[]", "1e3", ".nan"])
def test_an_odd_number_on_the_command_line_is_one_line(run: Run, tmp_path: Path, text: str) -> None:
    result = run("tables", "--output", str(tmp_path / "results"), "--param", f"n_probes={text}", "--chapter", "5")
    assert result.exit_code == 2, result.output
    assert result.output.count("\n") == 1


def test_a_profile_with_more_than_values_is_one_line(run: Run, tmp_path: Path) -> None:
    for text in ("04_films: &a {seed: 1}", "04_films: {seed: !!int x}", f"04_films: {{seed: {DIGITS}}}", "[" * 3000):
        (tmp_path / "nb" / "profiles" / "odd.yaml").write_text(text)
        result = run("tables", "--profile", "odd", "--output", str(tmp_path / "results"))
        assert (result.exit_code, result.output.count("\n")) == (2, 1), result.output


def test_a_whole_number_may_stand_for_a_number_but_not_the_reverse(tmp_path: Path, run: Run) -> None:
    from vretlib.batch.chapters import ChapterNotebook

    chapter, profiles = ChapterNotebook(tmp_path / "nb" / "04_films.ipynb"), tmp_path / "nb" / "profiles"
    [task] = plan.plan([chapter], profiles, "embedded", ["tau=1"])
    assert (task.parameters["tau"], type(task.parameters["tau"])) == (1.0, float)
    for text in ("seed=1e3", "seed=true"):
        with pytest.raises(UserError, match="expected a whole number"):
            plan.plan([chapter], profiles, "embedded", [text])


def test_a_path_counts_from_where_the_command_is_given(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vretlib.batch.chapters import ChapterNotebook

    (tmp_path / "films").mkdir()
    monkeypatch.chdir(tmp_path)
    chapter, profiles = ChapterNotebook(tmp_path / "nb" / "04_films.ipynb"), tmp_path / "nb" / "profiles"
    [task] = plan.plan([chapter], profiles, "embedded", ["data_root=films", "dataset=films"])
    assert task.parameters["data_root"] == str(tmp_path / "films")
    assert task.parameters["dataset"] == "films"


def test_a_chapter_whose_films_have_changed_is_another_task(run: Run, tmp_path: Path) -> None:
    from vretlib.batch.chapters import ChapterNotebook

    films = tmp_path / "films"
    films.mkdir()
    (films / "a.mp4").write_bytes(b"1")
    chapter = ChapterNotebook(tmp_path / "nb" / "04_films.ipynb")
    given = [f"data_root={films}"]
    profiles = tmp_path / "nb" / "profiles"
    [before] = plan.plan([chapter], profiles, "embedded", given)
    assert plan.changed(plan.plan([chapter], profiles, "embedded", given)[0], before.ingredients) == []
    (films / "a.mp4").write_bytes(b"12")
    [after] = plan.plan([chapter], profiles, "embedded", given)
    assert plan.changed(after, before.ingredients) == ["input files"]


def test_chapters_lists_each_parameter_with_its_default_and_meaning(run: Run) -> None:
    result = run("chapters")
    assert result.exit_code == 0
    assert "4  04_films" in result.output
    assert "tau         = 0.15   threshold; a number\n" in result.output
    assert "deep        = False   whether; true or false\n" in result.output


def test_chapters_lists_what_each_parameter_of_a_chapter_may_be() -> None:
    lines = CliRunner().invoke(main, ["chapters"]).output.splitlines()
    text = [" ".join(line.split()) for line in lines]
    assert "backtracks = 50 B of Algorithm 2, wherever one value is used; 1 to 1000000" in text
    assert any(line.startswith("init = 'authors' ") and line.endswith('; "authors" or "kaiming"') for line in text)
    assert any(line.startswith("sift = True ") and line.endswith("; true or false") for line in text)
    assert any(line.startswith("data_root = '' ") and line.endswith("; a folder of films or one film") for line in text)
    assert any(line.startswith("film_seconds = 150.0 ") and line.endswith("; 1 to less than 3600") for line in text)


def test_data_lists_size_licence_source_and_use_of_each_set(run: Run) -> None:
    result = run("data")
    assert result.exit_code == 0
    assert result.output.count("licence ") == len(registry.DATA_SETS)
    assert "--param dataset=folder --param data_root=PATH" in result.output


def test_verify_tells_a_changed_copy_by_its_checksum(run: Run, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"half")
    result = run("data", "verify", "big-buck-bunny", str(tmp_path / "film.mp4"))
    assert result.exit_code == 1
    assert "BAD  film.mp4: sha256" in result.output
    assert "expected 475b1e4a" in result.output


def test_verify_names_every_bad_film_not_only_the_first(run: Run, tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mkv"):
        (tmp_path / name).write_text("not a film")
    result = run("data", "verify", "movies", str(tmp_path))
    assert result.exit_code == 1
    assert result.output.count("BAD") == 2


@pytest.mark.parametrize(("name", "path"), [("movie", "."), ("movies", "/no/such/folder"), ("embedded", ".")])
def test_verify_refuses_what_it_does_not_know(run: Run, name: str, path: str) -> None:
    result = run("data", "verify", name, path)
    assert result.exit_code == 2
    assert result.output.startswith("error: ")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("~nobody_of_this_name/x", "ome directory"),
        ("x" * 300, "File name too long"),
        ("x/" * 4000, "File name too long"),
    ],
)
@pytest.mark.parametrize(
    "command",
    [
        ["tables", "--output"],
        ["data", "verify", "movies"],
        ["data", "verify", "clips"],
        ["weights", "vgg16", "-o"],
        ["strip"],
    ],
)
def test_a_path_that_cannot_be_one_is_one_line(run: Run, command: list[str], path: str, expected: str) -> None:
    result = run(*command, path)
    assert (result.exit_code, result.output.count("\n")) == (2, 1), result.output
    assert expected in result.output
    assert len(result.output) < 400


def test_strip_check_names_the_notebooks_that_are_not_in_the_committed_form(run: Run, tmp_path: Path) -> None:
    notebook = str(tmp_path / "nb" / "04_films.ipynb")
    assert run("strip", "--check", notebook).exit_code == 1
    assert run("strip", notebook).exit_code == 0
    assert run("strip", "--check", notebook).exit_code == 0


@pytest.mark.parametrize(
    "command", [[], ["tables"], ["chapters"], ["data"], ["data", "verify"], ["weights"], ["record"], ["strip"]]
)
def test_every_command_explains_itself(run: Run, command: list[str]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4
