"""Scores of pairs of frames: equal to the formula, in bounded memory, computed once."""

import numpy as np
import pandas as pd
import pytest

from tests.video.scenery import make_film
from vretlib.datasets.film_files import Movie
from vretlib.errors import NoExampleError
from vretlib.evaluation import visual_match
from vretlib.features.local import LocalFeatures
from vretlib.video import frame_matcher as matching


@pytest.fixture(scope="module")
def films(tmp_path_factory) -> tuple[Movie, ...]:
    folder = tmp_path_factory.mktemp("films")
    return make_film(folder, "one", 1), make_film(folder, "two", 2)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr("vretlib.paths.CACHE", tmp_path / "cache")


def test_matching_frames_of_one_setup_and_no_others(films):
    scores, matches = matching.VisualMatcher(films).match(
        ["one", "one", "one", "two", ""], [2, 30, 15, 2, -1], ["one"] * 5, [7, 7, 7, 7, 7]
    )
    np.testing.assert_array_equal(matches, [True, True, False, False, False])
    assert scores[0] > 0.6
    assert scores[4] == 0.0


def test_scores_are_those_of_the_formula_whatever_the_order_and_repetition_of_pairs(films):
    names = [("one", 3, "two", 5), ("two", 5, "two", 6), ("one", 3, "two", 5), ("one", 30, "one", 3)]
    pairs = pd.DataFrame(names, columns=matching.PAIR)
    matcher = matching.VisualMatcher(films)
    features = matcher.features([("one", 3), ("one", 30), ("two", 5), ("two", 6)])
    expected = [
        [visual_match.score(features[a, b].descriptors, features[c, d].descriptors, limit) for limit in (0.3, 0.5)]
        for a, b, c, d in names
    ]
    np.testing.assert_array_equal(matcher.scores(pairs, [0.3, 0.5]), expected)


def test_memory_stays_bounded_by_working_in_parts(films, monkeypatch):
    pairs = pd.DataFrame([("one", k, "one", k + 1) for k in range(12)], columns=matching.PAIR)
    whole = matching.VisualMatcher(films).scores(pairs, [0.4])
    asked = []

    class Watched(matching.VisualMatcher):
        def features(self, wanted):
            asked.append(len(set(wanted)))
            return super().features(wanted)

    monkeypatch.setattr(matching, "FRAMES_AT_ONCE", 4)
    np.testing.assert_array_equal(Watched(films)._computed([tuple(p) for p in pairs.to_numpy()], [0.4]), whole)
    assert max(asked) <= 4
    assert len(asked) > 1


def test_scores_come_from_the_cache_the_second_time(films, said):
    first = matching.VisualMatcher(films).match(["one"], [1], ["one"], [2])
    assert matching.VisualMatcher(films).match(["one"], [1], ["one"], [2]) == first
    assert "cached" in said[-1]


def test_a_matcher_scores_only_pairs_that_it_has_not_scored_yet(films, monkeypatch):
    matcher = matching.VisualMatcher(films)
    first, _ = matcher.match(["one", "one"], [1, 3], ["one", "one"], [2, 2])
    asked = []
    plain = matcher.scores
    monkeypatch.setattr(matcher, "scores", lambda pairs, limits: asked.append(len(pairs)) or plain(pairs, limits))
    again, _ = matcher.match(["one", "two", "one"], [3, 1, 1], ["one", "one", "one"], [2, 2, 2])
    assert asked == [1]
    assert again[[2, 0]].tolist() == first.tolist()


def test_no_pairs_have_no_scores(films):
    scores, matches = matching.VisualMatcher(films).match([], [], [], [])
    assert scores.shape == matches.shape == (0,)


def test_nothing_found_at_all_is_scored_without_touching_a_film(films):
    scores, matches = matching.VisualMatcher(films).match(["", ""], [-1, -1], ["one", "two"], [1, 1])
    np.testing.assert_array_equal(scores, [0, 0])
    assert not matches.any()


def test_a_frame_without_features_cannot_be_compared(films):
    class Blind(matching.VisualMatcher):
        def features(self, wanted):
            return {name: LocalFeatures(np.empty((0, 2)), np.empty((0, 128))) for name in wanted}

    with pytest.raises(NoExampleError, match="frame 3 of one has no feature"):
        Blind(films).matched_pair(["one", 3, "two", 4])


def test_a_frame_that_several_lists_name_is_read_once(films, monkeypatch):
    read = []
    plain = matching.frames.read
    monkeypatch.setattr(
        matching.frames, "read", lambda path, numbers, **kw: read.extend(numbers) or plain(path, numbers, **kw)
    )
    matcher = matching.VisualMatcher(films)
    first = matcher.features([("one", 3), ("one", 5)])
    again = matcher.features([("one", 5), ("one", 7)])
    assert read == [3, 5, 7]
    np.testing.assert_array_equal(again["one", 5].descriptors, first["one", 5].descriptors)


def test_kept_features_are_those_of_the_frame_and_no_more_than_the_limit(films, monkeypatch):
    monkeypatch.setattr(matching, "FRAMES_KEPT", 2)
    matcher = matching.VisualMatcher(films)
    found = matcher.features([("one", k) for k in (1, 2, 3)])["one", 3]
    assert list(matcher._described) == [("one", 2), ("one", 3)]
    luma = matching.frames.read(films[0].path, [3], width=matching.WIDTH)[3]
    np.testing.assert_array_equal(found.descriptors, matching.describe_frame(luma).descriptors)
