"""Chapter 6 on hand-made vectors and on a few small videos."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
import torch

from tests.features.test_image_features import TinyBackbone
from tests.video.conftest import moving_scene, write_video
from vretlib import paths
from vretlib.chapters.spatio_temporal_encoder import inputs, methods, plots, tables, variants
from vretlib.chapters.spatio_temporal_encoder.inputs import EncodedStudy
from vretlib.datasets.clips import truth
from vretlib.datasets.clips.collection import Clip, ClipCollection, ClipQuery, ClipStudy
from vretlib.datasets.film_files import Movie
from vretlib.described import clip_scores
from vretlib.errors import UserError
from vretlib.features.whitening import Whitening
from vretlib.models import committed_encoders, trained_encoders
from vretlib.models.temporal_encoder import TemporalEncoder, max_pool, sum_pool
from vretlib.models.training_shots import TrainingShots
from vretlib.report import Table, published
from vretlib.report.left_out import LeftOut
from vretlib.search.clip_search import ClipVectors
from vretlib.video import clip_shots
from vretlib.video.clip_shots import ClipShots
from vretlib.video.encoded_film import EncodedFilm


def test_memory_is_vectors_times_dimensions_times_four_per_hour() -> None:
    method = ClipVectors(np.eye(512)[:1], np.zeros((100, 512), np.float32), np.array([0, 50, 100]))
    named = {"Spatio-Temporal-LSTM (Ours)": method, "Scene FV* [2]": method}
    table = tables.memory(named, SimpleNamespace(hours=0.5)).frame  # type: ignore[arg-type]
    assert table.iloc[0].tolist() == pytest.approx([512, 200, 0.4096, 0.4096 * 0.16, 0.4096 * 1.08])
    claims = tables.memory_claims(table)["value"]
    assert claims["ch. 6: memory of the proposed method"] == pytest.approx(0.065536)
    assert claims["ch. 6: memory of Scene FV*"] == pytest.approx(0.442368)
    assert "ch. 6: memory of FV* without aggregation" not in claims


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("clips")
    scenes = [moving_scene(seed, 14) for seed in range(8)]
    return [write_video(folder / f"{i}.mp4", scenes[i] + scenes[(i + 3) % 8], crf="18") for i in range(8)]


@pytest.fixture(scope="module")
def study(videos: list[Path]) -> ClipStudy:
    """Four clips to search, which hold scenes 0 and 3, 1 and 4, 2 and 5, 3 and 6; four to learn from."""
    queries = []
    for i in range(4):
        path = videos[0].parent / f"query_{i}.png"
        cv2.imwrite(str(path), moving_scene(i, 1)[0][..., ::-1])
        relevant = [0, 3] if i == 3 else [i]
        queries.append(ClipQuery(f"q{i}", "SI2V" if i % 2 else "VB", path, np.array(relevant)))
    clips = tuple(Clip(f"clip {i}", path, with_truth(path, 14)) for i, path in enumerate(videos))
    return ClipStudy(ClipCollection("four clips", clips[:4], tuple(queries), "four clips", ""), clips[4:], "")


def with_truth(path: Path, cut: int) -> Path:
    known = {"programme": "p", "begin": 0.0, "fps": 25, "n_frames": 28, "cuts": [cut], "blends": [], "shots": []}
    path.with_suffix(".json").write_text(json.dumps(known))
    return path.with_suffix(".json")


@pytest.fixture(scope="module")
def described(study: ClipStudy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EncodedStudy]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "CACHE", tmp_path_factory.mktemp("cache"))
        yield inputs.describe(
            study, TinyBackbone(), {}, fps=5, image_side=160, encoders="committed", seed=0  # type: ignore[arg-type]
        )  # fmt: skip


@pytest.fixture(scope="module")
def shots(described: EncodedStudy) -> ClipShots:
    return clip_shots.divide(clip_shots.detect(described.x, described.frames, 0.3), described.frames)


@pytest.fixture(scope="module")
def encoder() -> TemporalEncoder:
    return TemporalEncoder("lstm", d=6, hidden=4, generator=torch.Generator().manual_seed(0)).eval()


def test_everything_is_described_with_the_whitening_of_other_films(described: EncodedStudy) -> None:
    assert len(described.x) == 4 * 6
    assert described.x.shape[1] == described.xq.shape[1] == described.x_training.shape[1] == 6
    assert described.whitening.n == len(described.training_clips.regions)
    np.testing.assert_allclose(np.linalg.norm(described.xq, axis=1), 1, atol=1e-6)
    assert described.hours * 3600 == pytest.approx(4 * 28 / 25)


def test_without_queries_it_says_so(study: ClipStudy) -> None:
    nothing = ClipCollection("none", study.evaluation.clips, (), "", "")
    with pytest.raises(UserError, match="no queries"):
        inputs.describe(
            ClipStudy(nothing, study.training, ""),
            TinyBackbone(),
            {},
            fps=5,
            image_side=160,
            encoders="committed",
            seed=0,  # type: ignore[arg-type]
        )


def in_range(frame: tables.pd.DataFrame) -> bool:
    values = frame.drop(columns=["dim", "best Th"], errors="ignore").to_numpy(float)
    return bool(((values >= 0) & (values <= 1) | np.isnan(values)).all())


def test_tables_have_the_printed_rows_and_shares(
    described: EncodedStudy, shots: ClipShots, encoder: TemporalEncoder
) -> None:
    frames = methods.single_frames(described, None)
    assert list(frames) == ["RMAC"]
    table_6_1 = tables.table_6_1(frames, described, None)
    assert table_6_1.frame["dim"].tolist() == [6]
    assert table_6_1.reasons["FV [2]"] == "left out: fisher=[]"  # type: ignore[index]
    rules = {"No SBD": clip_shots.whole_clips(described.frames), "Rand. SBD": shots, "Our SBD": shots}
    by_rule = {f"Sum-Pool, {rule}": methods.of_shots(described, some, sum_pool) for rule, some in rules.items()}
    seeds = methods.by_rule(described, rules, "LSTM", [encoder, encoder])
    by_rule |= methods.first(seeds)
    assert [len(method.xb) for method in by_rule.values()] == [4, len(shots), len(shots)] * 2
    table_6_3 = tables.table_6_3(by_rule, described, seeds)
    lstm = table_6_3.frame.loc["LSTM, Our SBD", "mAP"]
    assert table_6_3.spread["LSTM, Our SBD", "mAP"] == [lstm, lstm]
    assert np.nanmean(table_6_3.per_query["LSTM, Our SBD", "mAP"]) == pytest.approx(lstm)
    assert set(table_6_3.frame.index) == set(published.read("thesis", "6.3").rows)
    assert list(table_6_3.frame.columns) == ["mAP", "R@1"]
    drawn = replace(described, collection=replace(described.collection, names={"SI2V": "Stills", "VB": "Photographs"}))
    assert tables.table_6_3(by_rule, drawn, seeds).stands_for == {"SI2V-600k": "Stills"}
    compact = {"Spatio-Temporal-LSTM (Ours)": by_rule["LSTM, Our SBD"]}
    ours = {"Spatio-Temporal-LSTM (Ours)": seeds["LSTM, Our SBD"]}
    table_6_4 = tables.table_6_4(methods.whole_clips(frames, None) | compact, described, LeftOut("no features"), ours)
    assert len(table_6_4.spread["Spatio-Temporal-LSTM (Ours)", "VB-600k"]) == 2
    assert list(table_6_4.frame.columns) == ["dim", "VB-600k", "SI2V-600k"]
    assert table_6_4.reasons["Scene FV* [2]"] == "no features"  # type: ignore[index]
    assert all(in_range(table.frame) for table in (table_6_1, table_6_3, table_6_4))


def test_the_films_column_goes_to_rows_with_an_encoder(
    described: EncodedStudy, shots: ClipShots, encoder: TemporalEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = np.array([[True, False, False, False], [True, True, False, False]])
    monkeypatch.setattr(tables, "first_answers_right", lambda *_: right)
    rows = {name: methods.of_shots(described, shots, max_pool) for name in ("Max-Pooling", "Temporal Encoder (LSTM)")}
    encoders = {"Temporal Encoder (LSTM)": [encoder, encoder]}
    seeds = methods.of_seeds(described, shots, encoders)
    film = EncodedFilm(Movie("a film", Path("a.mp4")), None, None, None, None, None)  # type: ignore[arg-type]
    found = tables.table_6_2(rows, described, film, encoders, seeds)
    assert found.frame["MoviesDB|R@1"].fillna(-1).tolist() == [-1, 0.25]
    assert found.spread["Temporal Encoder (LSTM)", "MoviesDB|R@1"] == [0.25, 0.5]
    without = tables.table_6_2(rows, described, LeftOut("no film"), encoders, seeds)
    assert "MoviesDB|R@1" not in without.frame
    assert without.reasons["MoviesDB"] == "no film"  # type: ignore[index]


def test_whitenings_and_their_thresholds(described: EncodedStudy) -> None:
    table, curves = variants.whitenings(described, truth.transitions_of_all(described.collection.clips))
    assert (len(table.frame), table.reasons) == (3, {})
    assert list(curves) == ["none", "of other films", "of the searched clips"]
    assert in_range(table.frame)
    plain, nothing = variants.whitenings(described, None)
    assert "best Th" not in plain.frame
    assert nothing == {}


def test_half_whitenings_are_compared_on_the_same_queries(described: EncodedStudy) -> None:
    """Clips 0 and 1 are the first half; the query whose answers are clips 0 and 3 counts nowhere."""
    found = variants.half_whitenings(described)
    assert isinstance(found, Table)
    for (_, column), values in found.per_query.items():
        assert np.flatnonzero(np.isfinite(values)).tolist() == ([0, 2] if column.startswith("VB") else [1])
    with_all = methods.one_a_second(described, described.xq, described.x)
    expected = clip_scores.by_method({"one": with_all}, described.collection)["one", "VB-600k|mAP"][[0, 2]]
    np.testing.assert_allclose(found.per_query["of other films", "VB-600k|mAP"][[0, 2]], expected)
    everywhere = replace(described.collection.queries[0], relevant=np.array([0, 3]))
    nowhere = replace(described, collection=replace(described.collection, queries=(everywhere,)))
    assert variants.half_whitenings(nowhere) == LeftOut("no query has its answers in one half of the clips alone")


def test_boundaries_against_the_truth_and_without_it(described: EncodedStudy) -> None:
    true = truth.transitions_of_all(described.collection.clips)
    found = variants.boundaries(described, 0.3, true, 0).frame
    assert found.loc["none", ["shots", "recall"]].tolist() == [4, 0]
    assert found.loc["random, as many", "shots"] == found.loc["Algorithm 3", "shots"]
    assert list(variants.boundaries(described, 0.3, None, 0).frame) == ["Th", "shots"]


def test_choices_of_the_same_shots(described: EncodedStudy, shots: ClipShots, encoder: TemporalEncoder) -> None:
    frame = variants.choices(described, shots, encoder, 2).frame
    assert len(frame) == 12
    assert in_range(frame)
    first, same = frame.iloc[0], frame.loc["first 100 clips, plain"]
    assert first.filter(like="mAP").tolist() == same.filter(like="mAP").tolist()


def test_a_shot_of_one_frame_is_summed_to_the_frame(described: EncodedStudy) -> None:
    """With a threshold below every distance each frame is a shot, and its sum is the frame: the same scores."""
    every = clip_shots.divide(clip_shots.detect(described.x, described.frames, -1.0), described.frames)
    sums = methods.of_shots(described, every, sum_pool)
    frames = ClipVectors(described.xq, described.x, described.frames.offsets)
    np.testing.assert_allclose(sums.scores, frames.scores, atol=1e-6)


def test_other_descriptors_than_those_of_the_committed_encoders_train_here_and_say_so(described: EncodedStudy) -> None:
    training = TrainingShots.of_clips(described.x_training, described.training_clips.frames)
    recipe = trained_encoders.EncoderRecipe(4, trained_encoders.settings("one cycle", 0.01, 16))
    found = inputs.encoders(described, training, recipe, [0, 1])
    assert "trained here: 4 training clips, at most 4 steps, 2 seeds; the committed encoders read other" in found.note
    assert [len(some) for some in found.plain.values()] == [2, 2]


def test_fitting_descriptors_take_the_committed_encoders_and_their_whitening(
    study: ClipStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = committed_encoders.read()
    monkeypatch.setattr(committed_encoders, "chosen", lambda *_: replace(mine, whitening=WIDE))
    taken = inputs.describe(
        study, TinyBackbone(), {}, fps=5, image_side=160, encoders="committed", seed=0  # type: ignore[arg-type]
    )  # fmt: skip
    assert taken.whitening is WIDE
    assert inputs.encoders(taken, None, None, []) is mine.encoders  # type: ignore[arg-type]


WIDE = Whitening(np.zeros(6), np.arange(6, 0, -1.0), np.eye(6), 10, "made up")


def test_the_worst_and_the_best_seed(described: EncodedStudy, shots: ClipShots) -> None:
    encoders = [TemporalEncoder("gru", d=6, generator=torch.Generator().manual_seed(i)).eval() for i in range(3)]
    seeds = methods.of_seeds(described, shots, {"GRU": encoders})
    frame = tables.by_seed(seeds, described).frame
    every = [clip_scores.by_method({"one": one}, described.collection)["one", "VB-600k|mAP"] for one in seeds["GRU"]]
    maps = [float(np.nanmean(values)) for values in every]
    assert frame.loc["GRU", ["VB-600k|worst", "VB-600k|best"]].tolist() == [min(maps), max(maps)]
    low, high = tables.by_seed(seeds, described).bounds()
    assert (low <= frame).loc["GRU", "VB-600k|worst"]
    assert (frame <= high).loc["GRU", "VB-600k|best"]


def test_examples_show_each_kind_of_query_beside_a_clip_that_answers_it(described: EncodedStudy) -> None:
    assert len(plots.examples(described, each=1).axes) == 2 * 2
    assert len(plots.common_space(described).axes[0].images) == 3


def test_right_answers_are_shown_before_wrong_ones(described: EncodedStudy, shots: ClipShots) -> None:
    method = methods.of_shots(described, shots, sum_pool)
    first = method.ranking[[0, 2], 0]  # the queries of kind VB
    n_right = int((first == [0, 2]).sum())
    fig, caption = plots.answers(described, method, shots, "VB", clips=2)
    assert caption.startswith(f"{n_right} queries whose first clip is right, then {2 - n_right} whose")
    assert len(fig.axes) == 2 * 3
