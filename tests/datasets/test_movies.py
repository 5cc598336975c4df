"""Collections of films: embedded, a folder, one film; with a list of photographs or simulated ones."""

import os
import shutil
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from embedded import camera, film
from embedded.scene import Grade
from embedded.screenplay import Script
from vretlib import paths
from vretlib.datasets import film_files, movies
from vretlib.errors import UserError
from vretlib.video import frames


def silent(_: str) -> None:
    pass


def _film(path, n=12, fps=25, size=(64, 48)):
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for i in range(n):
            picture = rng.integers(0, 256, size=(size[1], size[0], 3), dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = i, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def studio():
    return camera.Studio(np.random.default_rng(0))


@pytest.fixture(autouse=True)
def _own_cache_and_one_studio(tmp_path, monkeypatch, studio):
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(camera, "Studio", lambda rng: studio)  # painting rooms is most of the time of a few photographs


@pytest.fixture
def root(tmp_path):
    _film(tmp_path / "films" / "b.mp4")
    _film(tmp_path / "films" / "deep" / "a film's ñ #1 %.MKV", n=30, fps=30)
    (tmp_path / "films" / "notes.txt").write_text("not a film")
    (tmp_path / "films" / "._b.mp4").write_bytes(b"left by another system")
    return tmp_path / "films"


def test_a_folder_gives_its_films_and_simulated_photographs(root):
    collection = movies.folder(root, n_queries=2, seed=0)
    assert [m.name for m in collection.movies] == ["b", "deep/a film's ñ #1 %"]
    assert [q.movie for q in collection.queries] == ["b"] * 2 + ["deep/a film's ñ #1 %"] * 2
    assert all(cv2.imread(str(q.image)).shape == (720, 960, 3) for q in collection.queries)
    assert all(0 <= q.frame < 12 for q in collection.queries[:2])


def test_the_same_seed_gives_the_same_photographs_from_the_cache(root, said):
    first = movies.folder(root, n_queries=1, seed=0)
    again = movies.folder(root, n_queries=1, seed=0)
    other = movies.folder(root, n_queries=1, seed=1)
    assert first == again
    assert any("cached" in line for line in said)
    assert first.queries != other.queries


def test_one_film_is_a_collection(root):
    collection = movies.folder(root / "b.mp4", n_queries=1)
    assert [m.name for m in collection.movies] == ["b"]


def test_a_list_in_the_folder_is_used_and_said(root, said):
    cv2.imwrite(str(root / "photo.jpg"), np.zeros((30, 40, 3), np.uint8))
    (root / "queries.csv").write_text("image,movie,frame\nphoto.jpg,b.mp4,3\nphoto.jpg,a film's ñ #1 %.MKV,29\n")
    collection = movies.folder(root)
    assert [(q.movie, q.frame) for q in collection.queries] == [("b", 3), ("deep/a film's ñ #1 %", 29)]
    assert said[0] == "films: left out 1 .txt"
    assert str(root / "queries.csv") in said[1]


def test_a_list_given_by_path_comes_before_the_one_in_the_folder(root, tmp_path):
    cv2.imwrite(str(tmp_path / "photo.jpg"), np.zeros((30, 40, 3), np.uint8))
    (root / "queries.csv").write_text("nonsense")
    (tmp_path / "mine.csv").write_text("image,movie,frame\nphoto.jpg,b,0\n")
    assert len(movies.folder(root, tmp_path / "mine.csv").queries) == 1


def test_two_films_of_one_stem_keep_their_extensions(tmp_path):
    _film(tmp_path / "x" / "a.mp4")
    _film(tmp_path / "x" / "a.mkv")
    collection = movies.folder(tmp_path / "x", n_queries=1)
    assert [m.name for m in collection.movies] == ["a.mkv", "a.mp4"]


def test_films_of_every_common_ending_are_found_and_the_rest_is_counted(root, said):
    for name in ("1.MTS", "2.m2ts", "3.3gp", "10.flv", "4.vob", "5.ogv"):
        shutil.copy(root / "b.mp4", root / name)
    (root / ".trash").mkdir()
    shutil.copy(root / "b.mp4", root / ".trash" / "old.mp4")
    (root / "photo.jpg").write_bytes(b"beside the films for the list")
    (root / "z").symlink_to(root / "deep")
    (root / "deep" / "round").symlink_to(root)
    os.mkfifo(root / "pipe.mp4")
    names = [movie.name for movie in film_files.films_under(root)]
    assert names == ["1", "2", "3", "4", "5", "10", "b", "deep/a film's ñ #1 %"]
    assert said == ["films: left out 2 link to a folder that is here already, 1 .mp4 that is a named pipe, 1 .txt"]


@pytest.mark.parametrize(("name", "says"), [("pipe", "named pipe"), ("/dev/null", "device"), ("n" * 300, "255 bytes")])
def test_a_root_that_is_neither_folder_nor_film_is_one_error(tmp_path, name, says):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match=says):
        movies.folder(tmp_path / name)


def test_a_list_may_call_a_film_by_any_of_its_names(root):
    films = film_files.films_under(root)
    known = film_files.aliases(films)
    for name in ("deep/a film's ñ #1 %", "deep/a film's ñ #1 %.MKV", "a film's ñ #1 %.MKV", "a film's ñ #1 %"):
        assert known[name] == "deep/a film's ñ #1 %"
    shutil.copytree(root / "deep", root / "deeper")
    known = film_files.aliases(film_files.films_under(root))
    assert "a film's ñ #1 %.MKV" not in known  # of two films
    assert known["deeper/a film's ñ #1 %.MKV"] == "deeper/a film's ñ #1 %"


def test_facts_have_the_headings_and_form_of_table_42(root):
    facts = movies.facts(movies.folder(root, n_queries=2))
    assert facts.columns.tolist() == ["Length", "Resolution", "fps", "Frames", "Queries"]
    assert facts.index.name == "Movie"
    assert facts.loc["b"].tolist() == ["0:00:00", "64x48", 25, 12, 2]
    assert facts.loc["deep/a film's ñ #1 %"].tolist() == ["0:00:01", "64x48", 30, 30, 2]


def test_an_empty_folder_names_the_files_it_looks_for(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match=r"holds no film; expected files ending in \.mp4, \.mkv"):
        movies.folder(tmp_path / "empty")


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(UserError, match="nowhere: no such file or folder"):
        movies.folder(tmp_path / "nowhere")


def test_a_text_file_called_mp4_is_named(tmp_path):
    (tmp_path / "fake.mp4").write_text("hello")
    with pytest.raises(UserError, match=r"fake\.mp4"):
        movies.folder(tmp_path / "fake.mp4", n_queries=1)


@pytest.mark.parametrize("n", [0, -3])
def test_no_queries_is_an_error_before_anything_is_made(root, n):
    for make in (lambda: movies.folder(root, n_queries=n), lambda: movies.embedded(n_queries=n)):
        with pytest.raises(UserError, match=f"n_queries={n}; expected at least 1"):
            make()
    assert not paths.CACHE.exists()


@pytest.mark.parametrize("long", [{"long_queries": 0}, {"long_seconds": 0.0}])
def test_the_long_films_numbers_are_checked_before_anything_is_made(long):
    with pytest.raises(UserError, match="expected"):
        movies.embedded(**long)


def test_the_first_film_may_be_longer_and_have_more_photographs_than_the_others(monkeypatch):
    made: dict[str, float] = {}
    monkeypatch.setattr(
        movies.cache,
        "stage",
        lambda name, key, make, **_: made.update({key["script"].title: key["script"].seconds}) or Path(),
    )
    asked = []
    monkeypatch.setattr(movies, "_simulated", lambda films, n_queries, seed: asked.extend(n_queries) or ())
    collection = movies.embedded(n_films=3, n_queries=4, seconds=20.0, long_queries=9, long_seconds=50.0)
    assert [made[movie.name] for movie in collection.movies] == [50.0, 20.0, 20.0]
    assert asked == [9, 4, 4]
    assert "17 simulated photographs" in collection.description


def test_an_unknown_dataset_names_the_known_ones():
    with pytest.raises(UserError, match=r"dataset='moviesdb' is not known; expected one of 'embedded', 'folder'"):
        movies.load("moviesdb")
    with pytest.raises(UserError, match="data_root is empty"):
        movies.load("folder")
    with pytest.raises(UserError, match="n_films=0"):
        movies.load("embedded", n_films=0)
    with pytest.raises(UserError, match="seconds=-1"):
        movies.load("embedded", seconds=-1)


def test_an_embedded_collection_knows_its_true_shots(monkeypatch):
    def tiny(number: int, *, seed: int, seconds: float) -> Script:
        return Script(f"Tiny {number}", 96, 64, 10, ("hills", "study", "shore"), Grade(), seconds, seed, number)

    monkeypatch.setattr(film, "script", tiny)
    collection = movies.load("embedded", n_films=2, n_queries=1, seconds=8.0, seed=3)
    assert [m.name for m in collection.movies] == ["Tiny 0", "Tiny 1"]
    assert len(collection.queries) == 2
    assert "not the thesis' MoviesDB" in collection.description
    shots = movies.true_shots(collection.movie("Tiny 1"))
    assert shots is not None
    assert shots[-1]["stop"] == movies.facts(collection).loc["Tiny 1", "Frames"]


def test_a_film_that_is_not_there_is_named_with_those_that_are(root):
    collection = movies.folder(root / "b.mp4", n_queries=1)
    assert movies.true_shots(collection.movies[0]) is None
    with pytest.raises(UserError, match=r"'c' is not a film of b\.mp4; expected one of 'b'"):
        collection.movie("c")


def test_a_frame_is_found_by_the_films_name_and_its_number(root):
    found = movies.load("folder", root=root)
    film = found.movies[0]
    np.testing.assert_array_equal(found.frame(film.name, 3), frames.read(film.path, [3], colour="rgb")[3])
    with pytest.raises(UserError, match="'no such film' is not a film"):
        found.frame("no such film", 3)
