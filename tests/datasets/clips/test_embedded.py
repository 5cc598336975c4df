"""The embedded study, small: its clips, their truth, and what its queries should find."""

import json

import numpy as np
import pytest

from embedded import camera, programmes
from vretlib import images, logs, paths
from vretlib.datasets.clips import embedded, source, truth
from vretlib.datasets.clips.collection import Moment
from vretlib.datasets.clips.truth import Blend, ClipTruth, TrueShot
from vretlib.errors import UserError
from vretlib.video import frames

FPS = 6  # half of what it is, to be quick

SIZES = {
    "films": 1, "film_seconds": 18.0, "channels": 1, "editions": 1, "stories": 1, "queries": 4, "training_films": 2,
    "training_clips": 3,
}  # fmt: skip


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "CACHE", tmp_path_factory.mktemp("cache"))
        studio = camera.Studio(np.random.default_rng(0))
        patch.setattr(camera, "Studio", lambda rng: studio)
        patch.setattr(programmes, "FPS", FPS)
        made = source.load("embedded", seed=3, **SIZES)
        with logs.kept() as said:
            again = source.load("embedded", seed=3, **SIZES)
        assert "4 films and channels cached, 0 made" in said[0]
        assert [q.path for q in again.evaluation.queries] == [q.path for q in made.evaluation.queries]
        yield made


def test_clips_are_as_long_as_they_should_be_and_their_truth_fits(study):
    for clip in study.evaluation.clips:
        known = truth.true(clip)
        info = frames.probe(clip.path)
        assert (info.width, info.height, info.fps) == (320, 180, FPS)
        assert info.n_frames == known.n_frames
        assert 8 <= info.duration <= 12.1
        assert [s.start for s in known.shots] == [0] + [s.stop for s in known.shots[:-1]]
        assert known.shots[-1].stop == known.n_frames


def test_both_kinds_are_asked_and_every_query_shows_footage_that_counts(study):
    collection = study.evaluation
    known = [truth.true(clip) for clip in collection.clips]
    assert collection.kinds == ("SI2V", "VB")
    for query in collection.queries:
        assert images.read(query.path).ndim == 3
        assert set(query.relevant) == {moment.clip for moment in query.moments}
        shown = set()
        for moment in query.moments:
            shots = [s for s in known[moment.clip].shots if s.start == round(moment.start * FPS)]
            shown |= {shot.footage for shot in shots}
            assert not {shot.kind for shot in shots} & set(programmes.NOT_QUERIED)
        assert len(shown) == 1
    assert [len(collection.of_kind(kind)) for kind in collection.kinds] == [4, 4]


def test_the_picture_changes_at_cuts(study):
    inside, at_cuts = [], []
    for clip in study.evaluation.clips:
        known = truth.true(clip)
        luma = np.stack([f.image[::4, ::4].astype(int) for f in frames.stream(clip.path)])
        change = np.abs(np.diff(luma, axis=0)).mean(axis=(1, 2))  # change[i]: from frame i to i + 1
        at_cuts += [change[cut - 1] for cut in known.cuts]
        blended = {n for b in known.blends for n in range(b.start - 1, b.stop + 1)}
        inside += [c for n, c in enumerate(change) if n + 1 not in known.cuts and n + 1 not in blended]
    assert len(at_cuts) > 5
    assert np.median(at_cuts) > 5 * np.median(inside)


def test_training_clips_are_shorter_and_come_from_every_one_of_other_films(study):
    training = [truth.true(clip) for clip in study.training]
    searched = {shot.footage for clip in study.evaluation.clips for shot in truth.true(clip).shots}
    assert [known.programme for known in training] == ["Lesson 1", "Lesson 1", "Lesson 2"]
    assert all(3 <= known.n_frames / known.fps <= 5.1 for known in training)
    assert not {shot.footage for known in training for shot in known.shots} & searched
    assert not {shot.kind for known in training for shot in known.shots} & {"title", "credits"}


def _known(*shots, blends=()):
    rows = tuple(TrueShot(a, b, footage, "shore", kind) for a, b, footage, kind in shots)
    return ClipTruth("film", 0.0, 10, rows[-1].stop, rows, (), tuple(Blend("dissolve", a, b) for a, b in blends))


def test_a_clip_counts_from_half_a_second_on():
    known = [
        _known((0, 30, "a", "view"), (30, 40, "b", "view")),
        _known((0, 4, "a", "view"), (4, 40, "c", "view")),
        _known((0, 3, "a", "view"), (3, 30, "b", "view"), (30, 32, "a", "view")),
    ]
    assert embedded._moments("a", known) == (Moment(0, 0, 3), Moment(2, 0, 0.3), Moment(2, 3, 3.2))


def test_photographs_show_no_dissolve_and_nothing_that_is_not_asked():
    known = [_known((0, 10, "a", "view"), (10, 14, "b", "view"), (14, 30, "c", "wide"), (30, 40, "d", "detail"),
                    blends=[(8, 12)])]  # fmt: skip
    asked = embedded._asked(known, 18, seed=0)
    assert asked == [(0, n, "a") for n in range(8)] + [(0, n, "d") for n in range(30, 40)]
    with pytest.raises(UserError, match="queries=19; there are 18 frames to photograph"):
        embedded._asked(known, 19, seed=0)


def test_truth_is_read_as_it_was_written(tmp_path):
    content = {
        "programme": "P", "begin": 1.5, "fps": 12, "n_frames": 9, "cuts": [4],
        "shots": [{"start": 0, "stop": 9, "footage": "P/1", "scene": "shore", "kind": "view"}],
        "blends": [{"kind": "fade", "start": 0, "stop": 2}],
    }  # fmt: skip
    (tmp_path / "t.json").write_text(json.dumps(content))
    known = truth.read(tmp_path / "t.json")
    assert known.shots == (TrueShot(0, 9, "P/1", "shore", "view"),)
    assert (known.cuts, known.blends, known.begin) == ((4,), (Blend("fade", 0, 2),), 1.5)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"films": 0, "channels": 0}, "films=0 and channels=0"),
        ({"films": -1}, "films=-1: expected at least 0, a whole number"),
        ({"stories": 0}, "stories=0: expected at least 1, a whole number"),
        ({"film_seconds": 0}, "film_seconds=0; expected a film's length"),
    ],
)
def test_impossible_sizes_are_errors_before_anything_is_made(sizes, message):
    with pytest.raises(UserError, match=message):
        source.load("embedded", **sizes)
    assert not paths.CACHE.exists()
