"""The film of a page that looks at a single one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vretlib.datasets import movies, one_film
from vretlib.datasets.film_files import Movie
from vretlib.datasets.movies import MovieCollection
from vretlib.datasets.query_list import Query
from vretlib.errors import NoExampleError, UserError
from vretlib.features import outlines


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MovieCollection:
    films = tuple(Movie(name, tmp_path / f"{name}.mp4") for name in "abc")
    queries = tuple(Query(tmp_path / f"{i}.jpg", name, i) for i, name in enumerate("cbc"))
    collection = MovieCollection("films", films, queries, "three films", "")
    monkeypatch.setattr(movies, "folder", lambda *_, **__: collection)
    return collection


def test_it_is_the_first_film_that_photographs_show(given: MovieCollection) -> None:
    found = one_film.load("folder", root="films", queries_csv="list.csv")
    assert [movie.name for movie in found.movies] == ["b"]
    assert [query.frame for query in found.queries] == [1]
    assert found.description == "b, 1 photographs"


def test_a_film_that_no_photograph_shows_is_no_example(given: MovieCollection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(movies, "folder", lambda *_, **__: replace(given, queries=()))
    with pytest.raises(NoExampleError, match="no photograph shows a film of films"):
        one_film.load("folder", root="films", queries_csv="list.csv")


def test_clips_hold_no_whole_film() -> None:
    with pytest.raises(NoExampleError, match="these are clips"):
        one_film.load("stanford_i2v")


def test_photographs_are_rectified_where_the_list_gives_corners(
    given: MovieCollection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    corners = np.array([[0, 0], [9, 0], [9, 9], [0, 9]], np.float32)
    queries = tuple(replace(query, corners=corners if i == 1 else None) for i, query in enumerate(given.queries))
    monkeypatch.setattr(movies, "folder", lambda *_, **__: replace(given, queries=queries))
    monkeypatch.setattr(outlines, "rectified_files", lambda paths, _: [path.with_suffix(".png") for path in paths])
    found = one_film.load("folder", root="films", queries_csv="list.csv", outline="given")
    assert [query.image.name for query in found.queries] == ["1.png"]
    assert found.description == (
        "b, 1 photographs; 1 of 1 queries are rectified first, to the corners that the list gives"
    )
    monkeypatch.setattr(movies, "folder", lambda *_, **__: given)
    with pytest.raises(UserError, match="corners"):
        one_film.load("folder", root="films", queries_csv="list.csv", outline="given")
