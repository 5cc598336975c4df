"""A film of a few seconds and a few pixels: its file, its truth, and that a seed decides it."""

import json

import numpy as np
import pytest

from embedded import film, screenplay
from embedded.scene import Grade
from embedded.screenplay import Script
from vretlib.video import frames


def _script(seconds: float = 12.0, seed: int = 0) -> Script:
    return Script("Tiny", 96, 64, 10, ("hills", "study", "shore"), Grade(), seconds, seed, 0)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    out = tmp_path_factory.mktemp("film")
    film.make(_script(), out)
    return out


def test_the_file_holds_the_frames_that_the_truth_promises(tiny):
    truth = json.loads((tiny / film.TRUTH).read_text())
    info = frames.probe(tiny / film.VIDEO)
    assert (info.width, info.height, info.fps) == (96, 64, 10)
    assert info.n_frames == truth["n_frames"] == sum(1 for _ in frames.stream(tiny / film.VIDEO))


def test_shots_follow_one_another_without_gap(tiny):
    truth = json.loads((tiny / film.TRUTH).read_text())
    shots = truth["shots"]
    assert [s["start"] for s in shots] == [0] + [s["stop"] for s in shots[:-1]]
    assert shots[-1]["stop"] == truth["n_frames"]
    assert shots[0]["kind"] == "title"
    assert shots[-1]["kind"] == "credits"


def test_the_picture_changes_most_at_true_cuts(tiny):
    shots = json.loads((tiny / film.TRUTH).read_text())["shots"]
    luma = np.stack([f.image.astype(int) for f in frames.stream(tiny / film.VIDEO)])
    change = np.abs(np.diff(luma, axis=0)).mean(axis=(1, 2))  # change[i]: from frame i to i + 1
    cuts = [s["start"] for s in shots[1:] if s["transition"] == "cut"]
    blends = {n for s in shots for n in range(s["transition_frames"][0] - 1, s["transition_frames"][1] + 1)}
    inside = [change[n] for n in range(len(change)) if n + 1 not in cuts and n not in blends]
    assert len(cuts) >= 1
    assert min(change[c - 1] for c in cuts) > 2 * max(inside)


def test_a_fade_passes_through_black(tiny):
    shots = json.loads((tiny / film.TRUTH).read_text())["shots"]
    fade = next(s for s in shots if s["transition"] == "fade")
    seen = frames.read(tiny / film.VIDEO, [fade["start"] - 1, fade["start"], fade["stop"] - 3])
    assert seen[fade["start"] - 1].mean() < 25
    assert seen[fade["start"]].mean() < 0.35 * seen[fade["stop"] - 3].mean()


def test_a_dissolve_shows_both_shots():
    script = _script(30.0)
    shots = screenplay.shots(script)
    at = next(i for i, shot in enumerate(shots) if shot.transition == "dissolve")
    before, after = shots[at - 1], shots[at]
    middle = film._picture(script, shots, at, 0).astype(int)
    ends = (film._take(script, before, before.n_frames).astype(int) + film._take(script, after, 0)) / 2
    # Frame 0 of the coming shot is half a step past the middle of the dissolve.
    assert np.abs(middle - ends)[..., :3].max() <= 255 / (2 * after.blend) + 1


def test_a_film_is_decided_by_its_seed(tiny, tmp_path):
    for name, seed in (("same", 0), ("other", 1)):
        (tmp_path / name).mkdir()
        film.make(_script(seed=seed), tmp_path / name)
    original = (tiny / film.VIDEO).read_bytes()
    assert (tmp_path / "same" / film.VIDEO).read_bytes() == original
    assert (tmp_path / "other" / film.VIDEO).read_bytes() != original


def test_a_dialogue_returns_to_the_same_setups_and_goes_on_from_where_it_was():
    shots = screenplay.shots(_script(45.0))
    close = [shot for shot in shots if shot.setup.kind == "close-up"]
    first = close[0].setup.number
    again = [shot for shot in close if shot.setup.number == first]
    assert len(again) >= 3
    assert [s.begin for s in again[1:3]] == pytest.approx(
        [again[0].n_frames / 10, (again[0].n_frames + again[1].n_frames) / 10]
    )


def test_the_shelf_has_different_titles_and_places_beyond_its_end():
    scripts = [film.script(i, seed=0, seconds=40) for i in range(8)]
    assert len({s.title for s in scripts}) == 8
    assert all(s.width % 2 == 0 and s.height % 2 == 0 and s.fps in (24, 25, 30) for s in scripts)
