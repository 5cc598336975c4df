"""Archives of films made of numbers, indexed and searched in every way."""

from dataclasses import replace

import numpy as np
import pytest

from tests.video.made_films import PER_FRAME, made_film, without_features
from vretlib.errors import UserError
from vretlib.video import film_indexes, film_search
from vretlib.video.archive import BINARY, Archive
from vretlib.video.film_search import retrieve


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive((made_film("one", 1), made_film("two", 2, (9, 20))))


@pytest.fixture(scope="module")
def photographs(archive) -> list[np.ndarray]:
    """Perfect photographs: exactly the codes of a frame."""
    shown = [(archive.films[0], 3), (archive.films[0], 15), (archive.films[1], 8), (archive.films[1], 28)]
    return [film.codes[slice(*film.offsets[frame : frame + 2])] for film, frame in shown]


BUILD = [
    film_indexes.bi_brute_force,
    film_indexes.bi_kd_tree,
    film_indexes.bi_key_frame_kd_tree,
    film_indexes.bi_aggregation_kd_tree,
    film_indexes.bi_aggregation_exact,
    film_indexes.bi_aggregation_ivf,
]


def test_shots_are_numbered_through_all_films(archive):
    assert archive.first_shot.tolist() == [0, 3, 5]
    film, start, stop = archive.frames_of(4)
    assert (film.name, start, stop) == ("two", 9, 29)
    assert archive.shot_at("one", 11) == 0
    assert archive.shot_at("one", 12) == 1
    assert archive.shot_at("two", 28) == 4


def test_every_feature_knows_its_shot(archive):
    assert np.bincount(archive.shot_of_feature).tolist() == [PER_FRAME * n for n in (12, 10, 14, 9, 20)]
    assert np.bincount(archive.shot_of_key_feature).tolist() == [PER_FRAME] * 5


def test_frames_outside_every_shot_are_neither_indexed_nor_found():
    film = made_film("gaps", 3)
    gaps = Archive((replace(film, shots=np.array([[0, 10], [12, 22]])),))
    assert gaps.shot_at("gaps", 11) == -1
    assert gaps.shot_at("gaps", 30) == -1
    assert len(film_indexes.bi_brute_force(gaps).shot_of) == 20 * PER_FRAME


@pytest.mark.parametrize("build", BUILD, ids=lambda f: f.__name__)
def test_every_method_finds_the_frame_of_a_perfect_photograph(build, archive, photographs):
    answers = retrieve(build(archive), photographs, backtracks=50)
    assert answers.shots.tolist() == [0, 1, 3, 4]
    assert answers.films == ("one", "one", "two", "two")
    assert answers.frames.tolist() == [3, 15, 8, 28]


def test_authors_frame_rule_counts_matches_and_takes_the_first_of_equals(archive, photographs):
    method = film_indexes.bi_aggregation_kd_tree(archive)
    answers = retrieve(method, photographs, frame_rule="match_count")
    # every frame of a shot differs by at most 4 bits from every other: all features match in all of its frames
    assert answers.frames.tolist() == [0, 12, 0, 9]


def test_a_photograph_without_features_finds_nothing_and_the_others_go_on(archive, photographs):
    blank = np.empty((0, 32), np.uint8)
    answers = retrieve(film_indexes.bi_aggregation_kd_tree(archive), [photographs[0], blank, photographs[3]])
    assert answers.shots.tolist() == [0, -1, 4]
    assert answers.frames.tolist() == [3, -1, 28]
    assert answers.films[1] == ""


def test_no_photographs_is_an_error(archive):
    with pytest.raises(UserError, match="at least one"):
        retrieve(film_indexes.bi_brute_force(archive), [])


def test_unknown_weighting_is_an_error_that_names_the_valid_ones(archive, photographs):
    with pytest.raises(UserError, match="per_key_feature"):
        retrieve(film_indexes.bi_brute_force(archive), photographs, weighting="squared")


def test_votes_of_a_perfect_photograph_all_go_to_its_shot(archive, photographs):
    method = film_indexes.bi_aggregation_exact(archive)
    assert film_search.shot_votes(method, photographs[1]).tolist() == [0, PER_FRAME, 0, 0, 0]
    relative = film_search.shot_votes(method, photographs[1], weighting="per_key_feature")
    assert relative.argmax() == 1
    assert relative[1] == PER_FRAME / (2 * PER_FRAME)  # all shots have 40 key features: 40 / (40 + 40)


@pytest.mark.parametrize("build", BUILD, ids=lambda f: f.__name__)
def test_where_nothing_is_indexed_nothing_is_found(build, photographs):
    for weighting in ("count", "per_key_feature"):
        answers = retrieve(build(Archive((without_features(made_film("one", 1)),))), photographs, weighting=weighting)
        assert answers.films == ("",) * 4
        assert answers.frames.tolist() == [-1] * 4


def test_equal_options_are_the_thesis_numbers():
    assert (BINARY.width, BINARY.max_hamming, BINARY.max_displacement) == (720, 20, 100)
    assert BINARY.longer_than == 7


def test_methods_that_share_their_frames_search_a_shot_once(archive, photographs, monkeypatch):
    searched = []
    plain = film_search.frame_search.best_frame
    monkeypatch.setattr(film_search.frame_search, "best_frame", lambda *a: searched.append(1) or plain(*a))
    inside = film_search.ShotFrames()
    for build in (film_indexes.bi_kd_tree, film_indexes.bi_aggregation_kd_tree):
        shared = retrieve(build(archive), photographs, inside=inside)
        assert shared.frames.tolist() == [3, 15, 8, 28]
        assert shared.frame_ms > 0
    assert len(searched) == 4


def test_several_b_are_searched_together(archive, photographs):
    method = film_indexes.bi_kd_tree(archive, leaf_size=10)
    for b, found in zip((1, 50), film_search.retrieve_at(method, photographs, backtracks=(1, 50)), strict=True):
        assert found.shots.tolist() == retrieve(method, photographs, backtracks=b).shots.tolist()
