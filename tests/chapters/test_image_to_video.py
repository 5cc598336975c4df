import json
from dataclasses import replace

import cv2
import numpy as np
import pandas as pd
import pytest

from tests.video.scenery import FPS, LAYOUT, SHOT, make_film
from vretlib.chapters.image_to_video import inputs, methods, plots, tables
from vretlib.chapters.image_to_video.methods import Thresholds
from vretlib.datasets.film_files import Movie
from vretlib.datasets.movies import MovieCollection
from vretlib.datasets.query_list import Query
from vretlib.errors import NoExampleError
from vretlib.evaluation.roc import ChosenThreshold
from vretlib.video import frame_matcher as matching


@pytest.fixture(scope="module")
def collection(tmp_path_factory) -> MovieCollection:
    folder = tmp_path_factory.mktemp("films")
    films = (make_film(folder, "one", 1), make_film(folder, "two", 2))
    photo = folder / "photo.png"
    cv2.imwrite(str(photo), np.zeros((72, 96), np.uint8))
    queries = tuple(Query(photo, name, 3) for name in ("one", "one", "two"))
    return MovieCollection("two films", films, queries, "for a test", "none")


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr("vretlib.paths.CACHE", tmp_path / "cache")


def test_labels_follow_from_the_truth_of_the_films(collection):
    shots = inputs.all_shots(collection)
    pairs = inputs.pairs_with_truth(shots, n_pairs=60, seed=0, far_seconds=1.0)
    assert len(pairs) == 60
    assert set(pairs["kind"]) == set(inputs.KINDS)
    for a, i, b, j, same, kind in pairs.itertuples(index=False, name=None):
        (scene_i, setup_i), (scene_j, setup_j) = LAYOUT[i // SHOT], LAYOUT[j // SHOT]
        assert same == (kind in ("near", "same set-up"))
        if kind == "near":
            assert (a, i // SHOT) == (b, j // SHOT)
            assert 0 < abs(i - j) <= inputs.NEAR_SECONDS * FPS
        elif kind == "same set-up":
            assert (a, setup_i) == (b, setup_j)
            assert i // SHOT != j // SHOT
        elif kind == "far":
            assert a == b
            assert scene_i != scene_j
            assert abs(i - j) >= FPS
        else:
            assert a != b


def test_pairs_without_a_label_lie_later_in_the_shot():
    shots = [inputs.LabelledShot("one", 0, 40, "1", "A", 10.0), inputs.LabelledShot("one", 40, 60, "2", "A", 10.0)]
    pairs = inputs.draw_pairs(shots, ["later in the shot"], 40, 0)
    assert len(pairs) > 30
    for _, i, _, j, _ in pairs.itertuples(index=False, name=None):
        assert (i >= 40) == (j >= 40)
        assert abs(i - j) > inputs.NEAR_SECONDS * 10


def test_the_seed_decides_the_pairs(collection):
    shots = inputs.all_shots(collection)
    draw = [inputs.pairs_with_truth(shots, 30, seed, far_seconds=1.0) for seed in (4, 4, 5)]
    pd.testing.assert_frame_equal(draw[0], draw[1])
    assert not draw[0].equals(draw[2])


def test_of_more_pairs_than_there_are_all_are_taken_and_it_is_said(collection, said):
    pairs = inputs.pairs_with_truth(inputs.all_shots(collection), 100_000, 0)
    assert not pairs.duplicated(matching.PAIR).any()
    assert said == [f"pairs: {len(pairs)} of the 100000 asked for; the films have no more"]


@pytest.mark.parametrize(
    ("shots", "why"),
    [
        ([], "known to show the same"),
        ([inputs.LabelledShot("one", k, k + 1, str(k), str(k), 10.0) for k in range(90)], "known to show the same"),
        ([inputs.LabelledShot("one", 0, 50, "1", "A", 10.0)], "known to show different things"),
    ],
    ids=["no shot", "shots of one frame", "one shot"],
)
def test_films_that_lack_a_label_give_no_pairs_and_the_reason(shots, why):
    with pytest.raises(NoExampleError, match=why):
        inputs.pairs_with_truth(shots, 10, 0)


def test_two_copies_of_a_film_are_one_film_to_draw_pairs_from(collection):
    one, two = collection.movies
    copies = replace(collection, movies=(one, replace(one, name="copy"), two))
    assert {shot.movie for shot in inputs.all_shots(copies)} == {"one", "two"}


def test_outlines_cannot_be_judged_where_no_corners_are_known(collection):
    with pytest.raises(NoExampleError, match="no corners"):
        methods.judge_outlines(collection, np.full((3, 4, 2), np.nan, np.float32))


def test_a_film_without_a_lasting_shot_or_a_cut_is_said_and_another_is_shown(collection):
    one, two = collection.movies
    short = [inputs.LabelledShot("one", k, k + 1, "x", "X", 10.0) for k in range(4)]
    shots = [*short, *(shot for shot in inputs.all_shots(collection) if shot.movie == "two")]
    assert inputs.film_to_show(collection, inputs.all_shots(collection)) == one
    assert inputs.film_to_show(collection, shots) == two
    assert inputs.film_to_show(collection, short) == one
    for draw in (plots.one_frame_per_shot, plots.around_a_cut, inputs.shot_to_show):
        with pytest.raises(NoExampleError, match="one"):
            draw(one, shots)
    assert inputs.shot_to_show(two, shots, n=24) == shots[4]  # none has 24 frames: the longest, the first of equals


def test_frames_of_transitions_titles_and_credits_belong_to_no_shot(tmp_path, collection):
    rows = [
        ("title", 0, 10, "cut", [0, 0]),
        ("view", 10, 30, "dissolve", [6, 14]),
        ("view", 30, 40, "cut", [30, 30]),
        ("credits", 40, 48, "fade", [36, 44]),
    ]
    truth = tmp_path / "truth.json"
    keys = ("kind", "start", "stop", "transition", "transition_frames")
    shots = [dict(zip(keys, row, strict=True), setup=k, scene=str(k)) for k, row in enumerate(rows)]
    truth.write_text(json.dumps({"shots": shots}))
    found = inputs.shots_of(Movie("one", collection.movies[0].path, truth))
    assert [(s.start, s.stop) for s in found] == [(14, 30), (30, 36)]


class Scores:
    """In place of the visual matcher: scores that are known."""

    def __init__(self, scores: np.ndarray) -> None:
        self.scores = lambda pairs, distances: scores


def test_the_distance_with_the_best_rate_wins_and_then_the_widest_interval():
    scores = np.array(
        [
            # worse     narrow     wide
            [0.9, 0.50, 0.9],
            [0.1, 0.40, 0.7],
            [0.2, 0.35, 0.1],
            [0.1, 0.20, 0.0],
        ]
    )
    pairs = pd.DataFrame({"same": [True, True, False, False]})
    chosen = methods.choose_thresholds(Scores(scores), pairs, distances=(0.1, 0.2, 0.3))
    assert chosen.max_distance == 0.3
    assert chosen.choice.tau == pytest.approx(0.4, abs=1 / 405)  # half way between .1 and .7, on a grid of 406
    assert (chosen.choice.tpr, chosen.choice.fpr) == (1.0, 0.0)
    np.testing.assert_array_equal(chosen.tried["TPR"], [0.5, 1.0, 1.0])
    np.testing.assert_array_equal(chosen.scored["score"], scores[:, 2])
    assert chosen.fits(0.3, 0.5) == "distance 0.3 and τ = 0.5 fit these pairs"
    assert chosen.fits(0.1, 0.15) == "distance 0.1 and τ = 0.15 do not fit these pairs (TPR 0.500, FPR 0.500)"
    curves = tables.figure_4_4(chosen)
    assert {name: len(values) for name, values in curves.items()} == {"tau": 406, "TPR": 406, "FPR": 406}
    assert (curves["TPR"][curves["tau"] < 0.69] == 1.0).all()


def test_outlines_are_counted_by_level_and_those_of_unknown_corners_left_out(collection):
    true = ((100.0, 100.0), (400.0, 100.0), (400.0, 250.0), (100.0, 250.0))
    photo = collection.queries[0].image
    queries = tuple(Query(photo, "one", 0, level, true) for level in ("easy", "easy", "hard", "hard"))
    films = MovieCollection("one", collection.movies, (*queries, Query(photo, "one", 0)), "", "")
    found = np.array([true] * 5, np.float32)
    found[0] += 1.0  # a pixel off
    found[1, 2:, 1] += 30  # the lower side lies below the picture
    found[2, 1:3, 0] -= 30  # the right side lies inside it
    found[3] = np.nan
    judged = methods.judge_outlines(films, found)
    assert judged["verdict"].to_list() == ["right", "bars", "wrong", "none"]
    table = tables.outlines(judged)
    table.measured()  # values per query whose mean is not the cell are an error
    counted = table.frame
    assert counted.loc["easy"].to_dict() == {
        "photographs": 2, "right": 0.5, "bars": 0.5, "wrong": 0, "none": 0, "error (pixels)": pytest.approx(np.sqrt(2)),
    }  # fmt: skip
    assert counted.loc["all", ["right", "bars", "wrong", "none"]].to_list() == [0.25] * 4


def titles(figure) -> list[str]:
    return [ax.get_title(loc="center") for ax in figure.axes]


def test_the_strip_shows_lasting_shots_by_their_middle_frames(collection):
    shots = [inputs.LabelledShot("one", 0, 2, "x", "X", 10.0), *inputs.all_shots(collection)]
    figure = plots.one_frame_per_shot(collection.movies[0], shots)
    assert titles(figure) == ["frame 6\nset-up 1", "frame 18\nset-up 2", "frame 30\nset-up 1", "frame 42\nset-up 3"]


def test_the_cut_is_in_the_middle_of_its_strip_and_marked_there_alone(collection):
    figure = plots.around_a_cut(collection.movies[0], inputs.all_shots(collection))
    assert titles(figure) == [f"frame {k}" for k in range(8, 16)]
    assert [len(ax.lines) for ax in figure.axes] == [0, 0, 0, 0, 1, 0, 0, 0]


def test_the_picture_of_matches_counts_as_the_score_does(collection, own_cache):
    matcher = matching.VisualMatcher(collection.movies)
    pair = ("one", 30, "one", 3)
    score = matcher.match(*([value] for value in pair))[0][0]
    matched, _, n = titles(plots.matches(collection, matcher, pair))[0].split()[:3]
    assert int(matched) / int(n) == score


def test_examples_begin_with_the_hardest_of_every_kind(collection):
    rows = [("one", 1, "one", k, True, "near", k / 10) for k in (5, 3, 9)]
    rows += [("two", 1, "one", k, False, "far", k / 10) for k in (1, 4, 0)]
    pairs = pd.DataFrame(rows, columns=[*matching.PAIR, "same", "kind", "score"])
    tried = pd.DataFrame(index=[0.3])
    chosen = Thresholds(0.3, ChosenThreshold(0.35, 1, 0, 0.3, 0.4), tried, pairs, pairs[["score"]].to_numpy())
    shown = titles(plots.examples(collection, chosen))
    assert shown == [
        "near, s = 0.30: no match, WRONG", "near, s = 0.50: match",
        "far, s = 0.40: match, WRONG", "far, s = 0.10: no match",
    ]  # fmt: skip


def test_table_4_1_has_the_printed_headings(collection):
    table = tables.table_4_1(collection).frame
    assert table.index.name == "Name"
    assert table.loc["two films"].to_dict() == {
        "Lenght": "0.0027h",  # 9.6 seconds
        "Domain": "Drawn films",
        "#Queries": 3,
        "Queries": "Camera",
    }


def test_facts_of_the_text_stand_beside_the_thesis(collection):
    facts = tables.facts_in_text(collection)
    assert facts.loc["movies"].to_list() == ["40", "2"]
    assert facts.loc["frames", "in use"] == "96"
    assert facts.loc["shortest video", "in use"] == "0:00:05"
    assert facts.loc["fewest queries of a movie", "in use"] == "1"
    assert facts.loc["query image resolutions"].to_list() == ["960 × 720 or 2304 × 1536", "96 × 72"]
