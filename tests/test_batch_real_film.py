"""A request for tables of a real film is refused before anything runs."""

import pytest

from vretlib.batch import chapters, plan, real_film
from vretlib.batch.records import Failure, Folder, Record
from vretlib.errors import UserError


def test_a_film_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UserError, match=r"none\.mp4: no such film"):
        real_film.make(tmp_path / "none.mp4", tmp_path / "out")


def test_a_chapter_without_films_is_refused(tmp_path):
    (tmp_path / "a.mp4").touch()
    with pytest.raises(UserError, match="chapter 3: not about films; choose among 5, 6, 8"):
        real_film.make(tmp_path / "a.mp4", tmp_path / "out", chapter=["3"])


def test_why_a_chapter_failed_is_said(tmp_path, monkeypatch, said):
    (tmp_path / "a.mp4").touch()
    failed = Record("05_binary_features", "", "", 1, 2, 1, 1, failure=Failure(4, "UserError", "a.mp4: is empty"))
    outcome = real_film.tables.Outcome(Folder(tmp_path), ran={failed.name: failed})
    monkeypatch.setattr(real_film.tables, "make", lambda *_, **__: outcome)
    real_film.make(tmp_path / "a.mp4", tmp_path)
    assert "05_binary_features failed in cell 4: UserError: a.mp4: is empty" in "".join(said)


@pytest.mark.parametrize("chosen", [("5",), ("6",), ("8",), ("6", "8"), ()])
def test_every_choice_of_chapters_gets_parameters_that_it_has(tmp_path, monkeypatch, chosen):
    film, output = tmp_path / "a.mp4", tmp_path / "out"
    film.touch()
    tasks = []

    def planned(notebooks, output, *, chapter, given, jobs):
        found = chapters.select(chapters.find(notebooks), chapter)
        tasks.extend(plan.plan(found, notebooks / "profiles", "embedded", given, output))
        return real_film.tables.Outcome(Folder(output))

    monkeypatch.setattr(real_film.tables, "make", planned)
    monkeypatch.setattr(real_film.real_film, "markdown", lambda output: "")
    real_film.make(
        film, output, chapter=chosen, given=["seed=3", *(["n_queries=70"] if chosen in {(), ("5",)} else [])]
    )
    assert tasks
    assert {task.parameters["seed"] for task in tasks} == {3}
    assert {task.parameters["n_queries"] for task in tasks if task.name.startswith("05")} <= {70}
    assert {task.parameters["dataset"] for task in tasks} == {"folder"}
