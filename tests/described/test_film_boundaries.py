"""Boundaries that were found beside true transitions, counted by hand."""

import pandas as pd

from tests.video.made_films import PER_FRAME, made_film
from vretlib.described import film_boundaries


def test_boundaries_are_counted_by_kind_of_transition(monkeypatch):
    film = made_film("one", 1)  # boundaries found at 12 and 22
    truth = [
        {"start": 0, "transition": "cut", "transition_frames": [0, 0]},
        {"start": 12, "transition": "cut", "transition_frames": [12, 12]},
        {"start": 17, "transition": "dissolve", "transition_frames": [15, 19]},
    ]
    monkeypatch.setattr(film_boundaries, "true_shots", lambda _: truth)
    monkeypatch.setattr(film_boundaries, "FEW_FEATURES", PER_FRAME + 1)
    counted = film_boundaries.boundaries([None], [film])
    index = ["cut", "dissolve", "none there, nearly empty frames", "none there, other frames"]
    expected = pd.DataFrame({"true": [1, 1, 0, 0], "found": [1, 0, 1, 0]}, index=index)
    pd.testing.assert_frame_equal(counted, expected, check_names=False)
    assert film_boundaries.strays(None, film).tolist() == [22]
    monkeypatch.setattr(film_boundaries, "FEW_FEATURES", PER_FRAME)
    assert film_boundaries.boundaries([None], [film])["found"].tolist() == [1, 0, 0, 1]
