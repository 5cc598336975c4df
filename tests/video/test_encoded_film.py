"""A film and its photographs as R-MAC: shots of still scenery, photographs that are frames of the film."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.features.test_image_features import TinyBackbone
from tests.video.scenery import SHOT, make_film
from vretlib import paths
from vretlib.errors import UserError
from vretlib.features.whitening import Whitening
from vretlib.video import encoded_film, frames
from vretlib.video.encoded_film import EncodedFilm

SHOWN = [3, SHOT + 3, 3 * SHOT + 3]
"""A frame of the scene A, of B, and of C; A is seen again in the third shot."""
PLAIN = Whitening(np.zeros(6), np.ones(6), np.eye(6), 10, "made up")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EncodedFilm]:
    folder = tmp_path_factory.mktemp("film")
    movie = make_film(folder, "one", 1)
    paths_of = [photograph(movie.path, number, folder) for number in SHOWN]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "CACHE", folder / "cache")
        yield encoded_film.describe(
            movie, paths_of, SHOWN, TinyBackbone(), PLAIN, fps=5, longest=160, threshold=2.0  # type: ignore[arg-type]
        )  # fmt: skip


def photograph(video: Path, number: int, folder: Path) -> Path:
    path = folder / f"{number}.png"
    cv2.imwrite(str(path), frames.read(video, [number], width=160)[number])
    return path


def test_film_and_photographs_are_described_in_one_space(film: EncodedFilm) -> None:
    assert film.x.shape == (4 * SHOT // 2, 6)
    assert film.xq.shape == (3, 6)
    np.testing.assert_allclose(np.linalg.norm(film.x, axis=1), 1, atol=1e-6)
    assert film.shown.tolist() == SHOWN
    assert film.shots.ranges.tolist() == [[0, 24]]  # no distance is above 2


def test_the_answer_of_the_best_shot_must_look_like_the_frame_that_was_photographed(
    film: EncodedFilm, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Shots of six sampled frames. A summary that finds the right shot of each photograph, then one that always finds
    the third shot, which shows the scene of the first photograph alone.
    """
    monkeypatch.setattr(paths, "CACHE", tmp_path)
    ranges = np.array([[0, 6], [6, 12], [12, 18], [18, 24]])
    own = np.array([[1.0, 0, 0], [0, 1, 0], [-1, -1, -1], [0, 0, 1]]) @ np.linalg.pinv(film.xq).T
    third = np.array([[-1.0, -1, -1], [-1, -1, -1], [1, 1, 1], [-1, -1, -1]]) @ np.linalg.pinv(film.xq).T
    cut = EncodedFilm(film.film, film.shown, film.frames, film.x, film.xq, type(film.shots)(ranges, np.array([0, 4])))
    summaries = [lambda *_: own.astype(np.float32), lambda *_: third.astype(np.float32)]
    right = encoded_film.first_answers_right(cut, summaries)
    assert right.tolist() == [[True, True, True], [True, False, False]]


def test_no_summaries_have_no_answers(film: EncodedFilm) -> None:
    assert encoded_film.first_answers_right(film, []).shape == (0, 3)


def test_a_frame_is_needed_for_every_photograph(film: EncodedFilm) -> None:
    with pytest.raises(UserError, match="shown"):
        encoded_film.describe(
            film.film, [Path("a.png")], SHOWN, None, PLAIN, fps=5, longest=160, threshold=0.5  # type: ignore[arg-type]
        )  # fmt: skip
