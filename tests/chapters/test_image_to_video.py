import json
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pandas as pd
import pytest

from vretlib.chapters import image_to_video as chapter
from vretlib.chapters.image_to_video import gallery, outlines
from vretlib.chapters.image_to_video import pairs as pairing
from vretlib.datasets.movies import Movie, MovieCollection, Query
from vretlib.errors import NoExampleError
from vretlib.evaluation import visual_match
from vretlib.features.local import LocalFeatures
from vretlib.video import frame_matcher as matching

WIDE, HIGH, FPS, SHOT = 320, 180, 10, 12
LAYOUT = [("A", 1), ("B", 2), ("A", 1), ("C", 3)]  # scene and set-up of each shot: the third returns to the first


def scenery(seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=(HIGH, WIDE)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 2.5)
    return np.clip(128 + 60 * smooth / smooth.std(), 0, 255).astype(np.uint8)


def make_film(folder: Path, name: str, seed: int) -> Movie:
    """Four shots of still scenery with a little grain, cut hard, and their truth as the embedded films have it."""
    path, truth = folder / f"{name}.mp4", folder / f"{name}.json"
    rng = np.random.default_rng(seed)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"qp": "20", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuv420p"
        for _, setup in LAYOUT:
            for _ in range(SHOT):
                image = np.clip(scenery(100 * seed + setup) + rng.normal(0, 2, (HIGH, WIDE)), 0, 255).astype(np.uint8)
                container.mux(
                    stream.encode(av.VideoFrame.from_ndarray(image, format="gray").reformat(format="yuv420p"))
                )
        container.mux(stream.encode(None))
    shots = [
        {"start": k * SHOT, "stop": (k + 1) * SHOT, "setup": setup, "scene": scene, "kind": "view",
         "transition": "cut", "transition_frames": [k * SHOT, k * SHOT]}
        for k, (scene, setup) in enumerate(LAYOUT)
    ]  # fmt: skip
    truth.write_text(json.dumps({"shots": shots}))
    return Movie(name, path, truth)


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


def test_matching_frames_of_one_setup_and_no_others(collection, own_cache):
    scores, matches = matching.VisualMatcher(collection.movies).match(
        ["one", "one", "one", "two", ""], [2, 30, 15, 2, -1], ["one"] * 5, [7, 7, 7, 7, 7]
    )
    np.testing.assert_array_equal(matches, [True, True, False, False, False])
    assert scores[0] > 0.6
    assert scores[4] == 0.0


def test_scores_are_those_of_the_formula_whatever_the_order_and_repetition_of_pairs(collection, own_cache):
    names = [("one", 3, "two", 5), ("two", 5, "two", 6), ("one", 3, "two", 5), ("one", 30, "one", 3)]
    pairs = pd.DataFrame(names, columns=matching.PAIR)
    matcher = matching.VisualMatcher(collection.movies)
    features = matcher.features([("one", 3), ("one", 30), ("two", 5), ("two", 6)])
    expected = [
        [visual_match.score(features[a, b].descriptors, features[c, d].descriptors, limit) for limit in (0.3, 0.5)]
        for a, b, c, d in names
    ]
    np.testing.assert_array_equal(matcher.scores(pairs, [0.3, 0.5]), expected)


def test_memory_stays_bounded_by_working_in_parts(collection, own_cache, monkeypatch):
    pairs = pd.DataFrame([("one", k, "one", k + 1) for k in range(12)], columns=matching.PAIR)
    whole = matching.VisualMatcher(collection.movies).scores(pairs, [0.4])
    asked = []

    class Watched(matching.VisualMatcher):
        def features(self, wanted):
            asked.append(len(set(wanted)))
            return super().features(wanted)

    monkeypatch.setattr(matching, "FRAMES_AT_ONCE", 4)
    np.testing.assert_array_equal(
        Watched(collection.movies)._computed([tuple(p) for p in pairs.to_numpy()], [0.4]), whole
    )
    assert max(asked) <= 4
    assert len(asked) > 1


def test_scores_come_from_the_cache_the_second_time(collection, own_cache, said):
    first = matching.VisualMatcher(collection.movies).match(["one"], [1], ["one"], [2])
    assert matching.VisualMatcher(collection.movies).match(["one"], [1], ["one"], [2]) == first
    assert "cached" in said[-1]


def test_a_matcher_scores_only_pairs_that_it_has_not_scored_yet(collection, own_cache, monkeypatch):
    matcher = matching.VisualMatcher(collection.movies)
    first, _ = matcher.match(["one", "one"], [1, 3], ["one", "one"], [2, 2])
    asked = []
    plain = matcher.scores
    monkeypatch.setattr(matcher, "scores", lambda pairs, limits: asked.append(len(pairs)) or plain(pairs, limits))
    again, _ = matcher.match(["one", "two", "one"], [3, 1, 1], ["one", "one", "one"], [2, 2, 2])
    assert asked == [1]
    assert again[[2, 0]].tolist() == first.tolist()


def test_no_pairs_have_no_scores(collection):
    scores, matches = matching.VisualMatcher(collection.movies).match([], [], [], [])
    assert scores.shape == matches.shape == (0,)


def test_nothing_found_at_all_is_scored_without_touching_a_film(collection):
    scores, matches = matching.VisualMatcher(collection.movies).match(["", ""], [-1, -1], ["one", "two"], [1, 1])
    np.testing.assert_array_equal(scores, [0, 0])
    assert not matches.any()


def test_labels_follow_from_the_truth_of_the_films(collection):
    shots = chapter.all_shots(collection)
    pairs = chapter.pairs_with_truth(shots, n_pairs=60, seed=0, far_seconds=1.0)
    assert len(pairs) == 60
    assert set(pairs["kind"]) == set(chapter.KINDS)
    for a, i, b, j, same, kind in pairs.itertuples(index=False, name=None):
        (scene_i, setup_i), (scene_j, setup_j) = LAYOUT[i // SHOT], LAYOUT[j // SHOT]
        assert same == (kind in ("near", "same set-up"))
        if kind == "near":
            assert (a, i // SHOT) == (b, j // SHOT)
            assert 0 < abs(i - j) <= pairing.NEAR_SECONDS * FPS
        elif kind == "same set-up":
            assert (a, setup_i) == (b, setup_j)
            assert i // SHOT != j // SHOT
        elif kind == "far":
            assert a == b
            assert scene_i != scene_j
            assert abs(i - j) >= FPS
        else:
            assert a != b


def test_unjudged_pairs_lie_between_the_labels():
    shots = [
        chapter.Shot("one", 0, 40, "1", "A", 10.0),
        chapter.Shot("one", 40, 60, "2", "A", 10.0),
        chapter.Shot("one", 60, 80, "3", "B", 10.0),
    ]
    pairs = chapter.unjudged_pairs(shots, 40, 0)
    assert set(pairs["kind"]) == {"later in the shot", "same place"}
    for _, i, _, j, kind, seconds in pairs.itertuples(index=False, name=None):
        assert seconds == abs(i - j) / 10
        if kind == "same place":
            assert {i < 40, j < 40} == {True, False}
            assert max(i, j) < 60
        else:
            assert seconds > pairing.NEAR_SECONDS
            assert (i >= 40, i >= 60) == (j >= 40, j >= 60)


def test_the_seed_decides_the_pairs(collection):
    shots = chapter.all_shots(collection)
    draw = [chapter.pairs_with_truth(shots, 30, seed, far_seconds=1.0) for seed in (4, 4, 5)]
    pd.testing.assert_frame_equal(draw[0], draw[1])
    assert not draw[0].equals(draw[2])


def test_of_more_pairs_than_there_are_all_are_taken_and_it_is_said(collection, said):
    pairs = chapter.pairs_with_truth(chapter.all_shots(collection), 100_000, 0)
    assert not pairs.duplicated(matching.PAIR).any()
    assert said == [f"pairs: {len(pairs)} of the 100000 asked for; the films have no more"]
    assert chapter.by_kind(pairs)["pairs"].sum() == len(pairs)


@pytest.mark.parametrize(
    ("shots", "why"),
    [
        ([], "known to show the same"),
        ([chapter.Shot("one", k, k + 1, str(k), str(k), 10.0) for k in range(90)], "known to show the same"),
        ([chapter.Shot("one", 0, 50, "1", "A", 10.0)], "known to show different things"),
    ],
    ids=["no shot", "shots of one frame", "one shot"],
)
def test_films_that_lack_a_label_give_no_pairs_and_the_reason(shots, why):
    with pytest.raises(NoExampleError, match=why):
        chapter.pairs_with_truth(shots, 10, 0)


def test_two_copies_of_a_film_are_one_film_to_draw_pairs_from(collection):
    one, two = collection.movies
    copies = replace(collection, movies=(one, replace(one, name="copy"), two))
    assert {shot.movie for shot in chapter.all_shots(copies)} == {"one", "two"}


def test_outlines_cannot_be_judged_where_no_corners_are_known(collection):
    with pytest.raises(NoExampleError, match="no corners"):
        outlines.judge(collection, np.full((3, 4, 2), np.nan, np.float32))


def test_a_film_without_a_lasting_shot_or_a_cut_is_said_and_another_is_shown(collection):
    one, two = collection.movies
    short = [chapter.Shot("one", k, k + 1, "x", "X", 10.0) for k in range(4)]
    shots = [*short, *(shot for shot in chapter.all_shots(collection) if shot.movie == "two")]
    assert gallery.film_to_show(collection, chapter.all_shots(collection)) == one
    assert gallery.film_to_show(collection, shots) == two
    assert gallery.film_to_show(collection, short) == one
    for draw in (gallery.one_frame_per_shot, gallery.around_a_cut, gallery.shot_to_show):
        with pytest.raises(NoExampleError, match="one"):
            draw(one, shots)
    assert gallery.shot_to_show(two, shots, n=24) == shots[4]  # none has 24 frames: the longest, the first of equals


def test_a_frame_without_features_cannot_be_compared(collection, own_cache):
    class Blind(matching.VisualMatcher):
        def features(self, wanted):
            return {name: LocalFeatures(np.empty((0, 2)), np.empty((0, 128))) for name in wanted}

    with pytest.raises(NoExampleError, match="frame 3 of one has no feature"):
        Blind(collection.movies).compare(["one", 3, "two", 4])


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
    found = chapter.shots_of(Movie("one", collection.movies[0].path, truth))
    assert [(s.start, s.stop) for s in found] == [(14, 30), (30, 36)]


def test_the_distance_with_the_best_rate_wins_and_then_the_widest_interval():
    same = np.array([True, True, False, False])
    scores = np.array(
        [
            # worse     narrow     wide
            [0.9, 0.50, 0.9],
            [0.1, 0.40, 0.7],
            [0.2, 0.35, 0.1],
            [0.1, 0.20, 0.0],
        ]
    )
    chosen = chapter.choose_thresholds(scores, same, max_distances=(0.1, 0.2, 0.3))
    assert chosen.max_distance == 0.3
    assert chosen.tau == pytest.approx(0.4, abs=1 / 405)  # half way between .1 and .7, on a grid of 406
    assert (chosen.choice.tpr, chosen.choice.fpr) == (1.0, 0.0)
    np.testing.assert_array_equal(chosen.tried["TPR"], [0.5, 1.0, 1.0])
    assert len(chosen.tpr) == len(chosen.fpr) == 406
    assert chosen.rates(0.1, 0.15) == (0.5, 0.5)
    assert chosen.fits(0.3, 0.5) == "distance 0.3 and τ = 0.5 fit these pairs"
    assert chosen.fits(0.1, 0.15) == "distance 0.1 and τ = 0.15 do not fit these pairs (TPR 0.500, FPR 0.500)"


def test_outlines_are_right_have_bars_are_wrong_or_missing(collection):
    true = ((100.0, 100.0), (400.0, 100.0), (400.0, 250.0), (100.0, 250.0))
    photo = collection.queries[0].image
    queries = tuple(Query(photo, "one", 0, level, true) for level in ("easy", "easy", "hard", "hard"))
    films = MovieCollection("one", collection.movies, (*queries, Query(photo, "one", 0)), "", "")
    found = np.array([true] * 5, np.float32)
    found[0] += 1.0  # a pixel off
    found[1, 2:, 1] += 30  # the lower side lies below the picture
    found[2, 1:3, 0] -= 30  # the right side lies inside it
    found[3] = np.nan
    judged = outlines.judge(films, found)
    assert judged["verdict"].to_list() == ["right", "bars", "wrong", "none"]
    assert judged["error"][0] == pytest.approx(np.sqrt(2))
    summary = outlines.by_level(judged)
    assert summary.loc["easy"].to_dict() == {
        "photographs": 2, "right": 0.5, "bars": 0.5, "wrong": 0, "none": 0, "error (pixels)": pytest.approx(np.sqrt(2)),
    }  # fmt: skip
    assert summary.loc["all", ["right", "bars", "wrong", "none"]].to_list() == [0.25] * 4


def titles(figure) -> list[str]:
    return [ax.get_title(loc="center") for ax in figure.axes]


def test_the_strip_shows_lasting_shots_by_their_middle_frames(collection):
    shots = [chapter.Shot("one", 0, 2, "x", "X", 10.0), *chapter.all_shots(collection)]
    figure = gallery.one_frame_per_shot(collection.movies[0], shots)
    assert titles(figure) == ["frame 6\nset-up 1", "frame 18\nset-up 2", "frame 30\nset-up 1", "frame 42\nset-up 3"]


def test_the_cut_is_in_the_middle_of_its_strip_and_marked_there_alone(collection):
    figure = gallery.around_a_cut(collection.movies[0], chapter.all_shots(collection))
    assert titles(figure) == [f"frame {k}" for k in range(8, 16)]
    assert [len(ax.lines) for ax in figure.axes] == [0, 0, 0, 0, 1, 0, 0, 0]


def test_the_picture_of_matches_counts_as_the_score_does(collection, own_cache):
    matcher = matching.VisualMatcher(collection.movies)
    pair = ("one", 30, "one", 3)
    score = matcher.match(*([value] for value in pair))[0][0]
    matched, _, n = titles(gallery.matches(collection, matcher, pair))[0].split()[:3]
    assert int(matched) / int(n) == score


def test_examples_begin_with_the_hardest_of_every_kind(collection):
    rows = [("one", 1, "one", k, True, "near", k / 10) for k in (5, 3, 9)]
    rows += [("two", 1, "one", k, False, "far", k / 10) for k in (1, 4, 0)]
    judged = pd.DataFrame(rows, columns=[*matching.PAIR, "same", "kind", "score"])
    shown = titles(gallery.examples(collection, judged, tau=0.35))
    assert shown[:3] == ["s = 0.30: no match, WRONG", "s = 0.50: match", "s = 0.90: match"]
    assert shown[3:] == ["s = 0.40: match, WRONG", "s = 0.10: no match", "s = 0.00: no match"]


def test_table_4_1_has_the_printed_headings(collection):
    table = chapter.table_4_1(collection, domain="Noise", queries="Drawn")
    assert table.index.name == "Name"
    assert table.loc["two films"].to_dict() == {
        "Lenght": "0.0027h",  # 9.6 seconds
        "Domain": "Noise",
        "#Queries": 3,
        "Queries": "Drawn",
    }


def test_prose_facts_stand_beside_the_thesis(collection):
    facts = chapter.facts_in_prose(collection)
    assert facts.loc["movies"].to_list() == ["40", "2"]
    assert facts.loc["frames", "in use"] == "96"
    assert facts.loc["shortest video", "in use"] == "5 s"
    assert facts.loc["least queries of a movie", "in use"] == "1"
    assert facts.loc["query image resolutions"].to_list() == ["960 × 720 or 2304 × 1536", "96 × 72"]
