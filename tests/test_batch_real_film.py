"""A request for tables of a real film is refused before anything runs."""

import pytest

from vretlib.batch import real_film
from vretlib.errors import UserError


def test_a_film_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UserError, match=r"none\.mp4: no such film"):
        real_film.make(tmp_path / "none.mp4", tmp_path / "out")


def test_a_chapter_without_films_is_refused(tmp_path):
    (tmp_path / "a.mp4").touch()
    with pytest.raises(UserError, match="chapter 3: not about films; choose among 5, 6, 8"):
        real_film.make(tmp_path / "a.mp4", tmp_path / "out", chapter=["3"])
