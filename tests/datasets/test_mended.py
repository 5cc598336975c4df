"""A damaged film is refused, or what is whole in it is kept, in every reader's numbers and times."""

from pathlib import Path

import pytest

from tests.video.conftest import damaged as damaged_copy
from tests.video.conftest import write_video
from tests.video.painted import number_in, painted, write
from vretlib.datasets import mended, movies
from vretlib.datasets.clips import source
from vretlib.errors import UserError
from vretlib.video import frames

X264 = {"preset": "ultrafast", "x264-params": "bframes=2:b-adapt=0:keyint=12:scenecut=0"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole film, one that is cut in half, and one whose picture 30 is damaged."""
    films = tmp_path / "films"
    films.mkdir()
    write(films / "whole.mp4", range(60), **X264)
    cut = write(films / "cut.mp4", range(60), container={"movflags": "faststart"}, **X264)
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size * 2 // 3])
    inside = write_video(tmp_path / "inside.mp4", [painted(i) for i in range(60)], g="12", bf="2")
    damaged_copy(inside, films / "inside.mp4", 30)
    return films


def test_a_whole_film_stays_where_it_is(folder: Path) -> None:
    for choice in mended.CHOICES:
        assert mended.undamaged(folder / "whole.mp4", choice) == folder / "whole.mp4"


def test_a_damaged_film_is_refused_by_its_reader_with_advice_that_works(folder: Path) -> None:
    with pytest.raises(UserError, match=r"damaged='keep what is whole'"):
        movies.load("folder", root=folder, n_queries=2)
    found = movies.load("folder", root=folder, n_queries=2, damaged="keep what is whole")
    assert [movie.name for movie in found.movies] == ["cut", "inside", "whole"]
    assert all(len(list(frames.stream(movie.path))) == frames.probe(movie.path).n_frames for movie in found.movies)


def test_what_is_kept_has_the_films_numbers_and_times(folder: Path, said: list[str]) -> None:
    cut = mended.undamaged(folder / "cut.mp4", mended.KEEP)
    assert "cut.mp4" in said[0]
    shown = list(frames.stream(cut))
    assert 20 < len(shown) < 60
    assert [number_in(frame.image) for frame in shown[:-3]] == list(range(len(shown) - 3))  # the last may be torn
    inside = list(frames.stream(mended.undamaged(folder / "inside.mp4", mended.KEEP)))
    assert len(inside) == 60
    assert [number_in(frame.image) for frame in inside if not 24 <= frame.number < 36] == [*range(24), *range(36, 60)]
    assert [round(25 * frame.time) for frame in inside] == list(range(60))
    assert not [message for message in said if "the rest was used" in message]  # the loss has been said already


@pytest.mark.parametrize("dataset", ["folder", "ntu_voi", "moviesdb"])
def test_clips_are_made_of_what_is_whole(folder: Path, dataset: str) -> None:
    with pytest.raises(UserError, match=r"(truncated|damaged).*damaged='keep what is whole'"):
        source.load(dataset, root=folder, own_queries=1, clip_seconds=1.0)
    study = source.load(dataset, root=folder, own_queries=1, clip_seconds=1.0, damaged="keep what is whole")
    for clip in study.evaluation.clips:
        assert len(list(frames.stream(clip.path))) == frames.probe(clip.path).n_frames


def test_another_word_is_refused_with_the_choices() -> None:
    for load in (movies.load, source.load):
        with pytest.raises(UserError, match=r"damaged='maybe'.*'refuse', 'keep what is whole'"):
            load("embedded", damaged="maybe")
