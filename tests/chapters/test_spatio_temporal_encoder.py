"""Chapter 6 on hand-made vectors and on a few small videos."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch

from tests.features.test_image_features import TinyBackbone
from tests.video.conftest import moving_scene, write_video
from vretlib import paths
from vretlib.chapters import spatio_temporal_encoder as ch6
from vretlib.chapters.spatio_temporal_encoder import study as studies
from vretlib.chapters.spatio_temporal_encoder.learn import TrainingData
from vretlib.chapters.spatio_temporal_encoder.methods import scores_of_parts
from vretlib.datasets.clips import truth
from vretlib.datasets.clips.collection import Clip, ClipCollection, ClipQuery, ClipStudy
from vretlib.errors import UserError
from vretlib.features.match_graph import graph_of
from vretlib.models.temporal_encoder import TemporalEncoder
from vretlib.report import published
from vretlib.report.left_out import LeftOut
from vretlib.video import clip_graphs
from vretlib.video.sampled_frames import SampledFrames

FRAMES = SampledFrames(np.array([0, 4, 5, 11]), np.array([0, 4, 8, 12, 0, 0, 4, 8, 12, 16, 20]), np.arange(11) / 3.0)


def axes(*numbers: int) -> np.ndarray:
    return np.eye(8, dtype=np.float32)[list(numbers)]


X = axes(0, 0, 1, 1, 2, 3, 3, 3, 4, 4, 4)


def test_the_three_ways_have_the_numbers_of_shots_that_they_should() -> None:
    ways = ch6.three_ways(X, FRAMES, 0.5, seed=0)
    assert {name: np.diff(shots.offsets).tolist() for name, shots in ways.items()} == {
        "No SBD": [1, 1, 1], "Rand. SBD": [2, 1, 2], "Our SBD": [2, 1, 2],
    }  # fmt: skip
    assert ways["No SBD"].ranges.tolist() == [[0, 4], [4, 5], [5, 11]]
    again = ch6.three_ways(X, FRAMES, 0.5, seed=0)
    np.testing.assert_array_equal(ways["Rand. SBD"].ranges, again["Rand. SBD"].ranges)


def collection(*relevant: list[int], kinds: str = "SV") -> ClipCollection:
    names = {"S": "SI2V", "V": "VB"}
    queries = tuple(
        ClipQuery(f"q{i}", names[kinds[i % len(kinds)]], Path("none.jpg"), np.array(ids))
        for i, ids in enumerate(relevant)
    )
    clips = tuple(Clip(f"c{i}", Path("none.mp4")) for i in range(3))
    return ClipCollection("three clips", clips, queries, "", "")


def test_scores_of_two_queries_by_hand() -> None:
    """Query 0 finds 0, 1, 2 and wants 0 and 2: (1 + 2/3) / 2. Query 1 finds 2, 0, 1 and wants 0: 1/2."""
    xq = np.array([[1, 0.5, 0.2], [0.5, 0.2, 1]])
    method = ch6.single_frames("frames", xq, np.eye(3), np.arange(4))
    assert method.ranking().tolist() == [[0, 1, 2], [2, 0, 1]]
    found = ch6.scores(method, collection([0, 2], [0]))
    assert found["SI2V-600k|mAP"] == pytest.approx(5 / 6)
    assert {k: v for k, v in found.items() if k != "SI2V-600k|mAP"} == {
        "SI2V-600k|R@1": 1, "VB-600k|mAP": 0.5, "VB-600k|R@1": 0,
    }  # fmt: skip
    cut = ch6.scores(method, collection([0, 2], [0]), cut=1)
    assert (cut["SI2V-600k|mAP"], cut["VB-600k|mAP"]) == (0.5, 0)  # the denominator stays all that are relevant
    part = scores_of_parts([(method, [1])], collection([0, 2], [0]))
    assert np.isnan(part["SI2V-600k|mAP"])
    assert part["VB-600k|mAP"] == 0.5


def test_a_clip_is_as_good_as_its_best_shot() -> None:
    method = ch6.Method("shots", axes(1), np.concatenate([axes(0, 1), 0.5 * axes(2, 2)]), np.array([0, 2, 3, 4]))
    assert method.scores().tolist() == [[1, 0, 0]]
    assert method.bytes == 4 * 8 * 4
    assert ch6.examples.best_row(method, 0, 0) == 1


def test_protocols_by_hand() -> None:
    """One relevant clip at rank 2: precision 1/2, and half of it by trapezoids (mean of 0 and 1/2)."""
    method = ch6.single_frames("frames", np.array([[0.5, 0.2, 1]]), np.eye(3), np.arange(4))
    table = ch6.variants.protocols(method, collection([0]))
    assert table["SI2V-600k|mAP"].tolist() == [0.5, 0.25, 0.5, 0.25]


def test_training_shots_keep_what_cleaning_keeps() -> None:
    scores = np.zeros((4, 4))
    scores[1, 3] = scores[3, 1] = 0.9
    graphs = [graph_of(scores), graph_of(np.zeros((1, 1))), graph_of(np.ones((6, 6)))]
    kept = ch6.training_shots(X, FRAMES, graphs)
    np.testing.assert_array_equal(kept.x, X[[1, 3, 4, 5, 6, 7, 8, 9, 10]])
    assert kept.ranges.tolist() == [[0, 2], [2, 3], [3, 9]]
    every = ch6.training_shots(X, FRAMES, None)
    np.testing.assert_array_equal(every.x, X)
    assert every.some(2).clips.tolist() == sorted(every.some(2).clips.tolist())
    assert len(every.some(2)) == 2
    for shots in (every.some(2), every.some(3)):
        for clip, (start, stop) in zip(shots.clips, shots.ranges, strict=True):
            np.testing.assert_array_equal(shots.x[start:stop], X[FRAMES.rows(int(clip))])


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    return tmp_path / "cache"


def some_lessons(n: int = 12) -> TrainingData:
    rng = np.random.default_rng(0)
    x = np.repeat(rng.normal(size=(n, 8)), 4, axis=0) + 0.2 * rng.normal(size=(4 * n, 8))
    starts = 4 * np.arange(n)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    return TrainingData(x.astype(np.float32), np.stack([starts, starts + 4], axis=1), np.arange(n))


def test_an_encoder_is_trained_once_and_kept(shelf: Path) -> None:
    lines: list[str] = []
    recipe = ch6.Recipe(20, ch6.learn.settings("one cycle", 0.01, 32))
    first = ch6.train("gru", some_lessons(), recipe, say=lines.append)
    again = ch6.train("gru", some_lessons(), recipe, say=lines.append)
    assert [line.split(" (")[0] for line in lines if "done" not in line] == [
        "temporal-encoder: computing", "temporal-encoder: cached",
    ]  # fmt: skip
    assert first.log == again.log
    assert all(torch.equal(a, b) for a, b in zip(first.encoder.parameters(), again.encoder.parameters(), strict=True))
    assert not list((shelf / "training").glob("*.pt"))
    other = ch6.train("gru", some_lessons(), recipe.turned, say=lines.append)
    assert "rotate" in lines[-2]
    assert other.log != first.log


def test_what_cannot_be_learned_is_refused(shelf: Path) -> None:
    recipe = ch6.Recipe(3, ch6.learn.settings("constant", 0.01, 32))
    with pytest.raises(UserError, match="expected at least 4"):
        ch6.train("lstm", some_lessons(3), recipe, say=str)
    with pytest.raises(UserError, match="schedule="):
        ch6.learn.settings("fast", 0.01, 32)
    assert isinstance(recipe.settings, ch6.Adam)


def test_memory_is_vectors_times_dimensions_times_four_per_hour() -> None:
    class Half:
        hours = 0.5

    method = ch6.Method("frames", axes(0), np.zeros((100, 512), np.float32), np.array([0, 50, 100]))
    table = ch6.tables.memory({"ours": method}, Half())  # type: ignore[arg-type]
    assert table.loc["ours"].tolist() == pytest.approx([512, 200, 0.4096, 0.4096 * 0.16, 0.4096 * 1.08])
    prose = ch6.tables.prose(table, "ours", "missing", "ours")["value"]
    assert prose["ch. 6: memory of the proposed method"] == pytest.approx(0.065536)
    assert prose["ch. 6: memory of Scene FV*"] == pytest.approx(0.442368)
    assert "ch. 6: memory of FV* without aggregation" not in prose


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("clips")
    two = [moving_scene(seed, 14) for seed in range(8)]
    return [write_video(folder / f"{i}.mp4", two[i] + two[(i + 3) % 8], crf="18") for i in range(8)]


@pytest.fixture(scope="module")
def described(videos: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ch6.Described]:
    """Four clips to search, which hold scenes 0 and 3, 1 and 4, 2 and 5, 3 and 6; four to learn from."""
    import cv2

    queries = []
    for i in range(4):
        path = videos[0].parent / f"query_{i}.png"
        cv2.imwrite(str(path), moving_scene(i, 1)[0][..., ::-1])
        relevant = [0, 3] if i == 3 else [i]
        queries.append(ClipQuery(f"q{i}", "SI2V" if i % 2 else "VB", path, np.array(relevant)))
    clips = tuple(Clip(f"clip {i}", path, _truth(path, 14)) for i, path in enumerate(videos))
    searched = ClipCollection("four clips", clips[:4], tuple(queries), "four clips", "")
    study = ClipStudy(searched, clips[4:], "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "CACHE", tmp_path_factory.mktemp("cache"))
        yield ch6.describe(study, TinyBackbone(), fps=5, image_side=160, say=str)  # type: ignore[arg-type]


def _truth(path: Path, cut: int) -> Path:
    told = {"programme": "p", "begin": 0.0, "fps": 25, "n_frames": 28, "cuts": [cut], "blends": [], "shots": []}
    path.with_suffix(".json").write_text(json.dumps(told))
    return path.with_suffix(".json")


def test_everything_is_described_with_the_whitening_of_other_films(described: ch6.Described) -> None:
    assert len(described.x) == 4 * 6
    assert described.x.shape[1] == described.xq.shape[1] == 6
    assert described.whitening.n == len(described.lesson_clips.regions)
    np.testing.assert_allclose(np.linalg.norm(described.xq, axis=1), 1, atol=1e-6)
    assert described.hours * 3600 == pytest.approx(4 * 28 / 25)


def test_the_pages_tables_hold_together(described: ch6.Described) -> None:
    """Every table of the page from the same small study: the right rows, and numbers between 0 and 1."""
    frames = ch6.tables.frame_methods(described, None, TinyBackbone(), fps=5)  # type: ignore[arg-type]
    assert list(frames) == ["RMAC"]
    ways = ch6.three_ways(described.x, described.frames, 0.3, 0)
    encoder = TemporalEncoder("lstm", d=6, hidden=4, generator=torch.Generator().manual_seed(0)).eval()
    learned = {"lstm": ch6.Learned(encoder, None)}  # type: ignore[arg-type]
    aggregated = ch6.tables.aggregations(described, ways["Our SBD"], learned, ways["No SBD"])
    assert list(aggregated) == ["Max-Pooling", "Sum-Pooling", "Temporal Encoder (LSTM)"]
    assert [len(m.xb) for m in aggregated.values()] == [4, 4, len(ways["Our SBD"])]
    by_rule = ch6.table(ch6.tables.by_boundaries(described, ways, learned["lstm"]), described.collection)
    assert set(by_rule.index) == set(published.read("thesis", "6.3").rows)
    assert list(ch6.tables.table_6_3(by_rule, described.collection).columns) == ["mAP", "R@1"]
    compact = ch6.tables.compact_methods(frames, None, described, {"lstm": aggregated["Temporal Encoder (LSTM)"]})
    assert ch6.tables.table_6_4(compact, described).loc["Spatio-Temporal-LSTM (Ours)", "dim"] == 6
    whitened, missing = ch6.variants.whitenings(described, fps=5)
    assert missing == {}
    chosen = ch6.table(ch6.variants.choices(described, ways["Our SBD"], learned["lstm"], 2), described.collection)
    for table in (ch6.tables.table_6_1(frames, described).iloc[:, 1:], by_rule, whitened, chosen):
        values = table.drop(columns="best Th", errors="ignore").to_numpy(float)
        assert ((values >= 0) & (values <= 1) | np.isnan(values)).all()
    found = ch6.variants.detection(described, 0.3, truth.transitions_of_all(described.collection.clips), 0)
    assert found.loc["none", "shots"] == 4
    assert found.loc["none", "recall"] == 0
    unknown = ch6.variants.detection(described, 0.3, None, 0)
    assert "recall" not in unknown


def test_one_vector_per_frame_of_a_shot_of_one_frame_is_the_frame(described: ch6.Described) -> None:
    """With a threshold below every distance each frame is a shot, and its sum is the frame: the same scores."""
    shots = ch6.three_ways(described.x, described.frames, -1.0, 0)["Our SBD"]
    sums = ch6.pooled("Sum-Pooling", described, shots)
    frames = ch6.single_frames("frames", described.xq, described.x, described.frames.offsets)
    np.testing.assert_allclose(sums.scores(), frames.scores(), atol=1e-6)


def test_seeds_differ_and_the_same_seed_does_not(described: ch6.Described) -> None:
    shots = ch6.three_ways(described.x, described.frames, 0.3, 0)["Our SBD"]
    lessons = ch6.training_shots(described.xt, described.lesson_clips.frames, None)
    recipe = ch6.Recipe(4, ch6.learn.settings("one cycle", 0.01, 16))
    table = ch6.variants.by_seed(described, shots, lessons, recipe, [0, 1])
    assert list(table.index) == ["LSTM", "GRU"]
    assert (table["SI2V-600k|least"] <= table["SI2V-600k|greatest"]).all()
    one = ch6.variants.by_seed(described, shots, lessons, recipe, [1])
    assert (one["VB-600k|least"] == one["VB-600k|greatest"]).all()
    curve = ch6.variants.learning_curve(described, shots, lessons, recipe, [4, 9])
    assert curve.index.tolist() == [4]


def test_examples_and_pictures_are_made(described: ch6.Described) -> None:
    ways = ch6.three_ways(described.x, described.frames, 0.3, 0)
    clip = ch6.examples.busiest_clip(described, ways["Our SBD"])
    curve = ch6.examples.curve_of(described, clip)
    times, distances, _ = curve
    assert len(times) == len(distances) == 5
    images, captions, new = ch6.examples.strip(described, clip, ways["Our SBD"], n=4)
    assert (len(images), len(captions), len(new)) == (4, 4, 4)
    assert captions[0] == "0.0 s"
    assert new[0]
    method = ch6.pooled("Sum-Pooling", described, ways["Our SBD"])
    right, wrong = ch6.examples.right_and_wrong(described, method, "VB")
    assert sorted(right + wrong) == [0, 2]
    rows = ch6.examples.rows(described, method, ways["Our SBD"], right + wrong, n=2)
    assert [len(line) for _, line in rows] == [3, 3]
    ch6.pictures.distances(curve, 0.3)
    graphs = clip_graphs.match_graphs([clip.path for clip in described.lessons], 6.0, say=str)
    assert ch6.examples.telling_graph(graphs) in range(4)


def test_without_lessons_or_queries_it_says_so(described: ch6.Described, monkeypatch: pytest.MonkeyPatch) -> None:
    study = ClipStudy(described.collection, (), "")
    said: list[str] = []
    monkeypatch.setattr(studies.source, "load", lambda *_, **__: ClipStudy(described.collection, described.lessons, ""))
    assert ch6.lessons_of(study, say=said.append) == described.lessons
    assert "embedded films are learned from" in said[0]
    nothing = ClipCollection("none", described.collection.clips, (), "", "")
    with pytest.raises(UserError, match="no queries"):
        ch6.describe(ClipStudy(nothing, described.lessons, ""), TinyBackbone(), say=str)  # type: ignore[arg-type]


def test_the_films_column_goes_to_rows_with_an_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame({"VB-600k|mAP": 0.5}, index=["Sum-Pooling", "Temporal Encoder (LSTM)", "GRU, turned lessons"])
    monkeypatch.setattr(ch6.film, "recall_at_1", lambda _, named: dict.fromkeys(named, 0.25))
    film = SimpleNamespace(heading="MoviesDB")
    found = ch6.film.add_column(table, film, {"lstm": None}, {"gru": None})  # type: ignore[arg-type,dict-item]
    assert found["MoviesDB|R@1"].fillna(-1).tolist() == [-1, 0.25, 0.25]
    without = ch6.film.add_column(table, LeftOut("no film"), {}, {})
    assert list(without) == ["VB-600k|mAP"]


def test_trained_side_by_side_they_are_what_they_are_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = ch6.Recipe(6, ch6.learn.settings("one cycle", 0.01, 16), rotate=True)
    alone = {}
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    for cell in ("lstm", "gru"):
        monkeypatch.setattr(paths, "CACHE", tmp_path / cell)
        alone[cell] = ch6.train(cell, some_lessons(), recipe, say=str).log
    torch.set_num_threads(2)
    for attempt in range(3):
        monkeypatch.setattr(paths, "CACHE", tmp_path / str(attempt))
        both = ch6.train_both(some_lessons(), recipe, say=str)
        assert {cell: learned.log for cell, learned in both.items()} == alone
    torch.set_num_threads(before)
