"""Clips to learn from."""

from pathlib import Path

import pytest

from vretlib.datasets.clips import source
from vretlib.datasets.clips.collection import Clip, ClipCollection, ClipStudy
from vretlib.errors import UserError

CLIPS = tuple(Clip(f"c{i}", Path(f"{i}.mp4")) for i in range(4))
NONE = ClipStudy(ClipCollection("own", CLIPS, (), "", ""), (), "")


def test_clips_of_the_study_come_first() -> None:
    assert source.training_clips(ClipStudy(NONE.evaluation, CLIPS, ""), {}, at_least=4) == CLIPS


def test_embedded_films_stand_in_for_a_study_without_any(monkeypatch: pytest.MonkeyPatch, said: list[str]) -> None:
    wanted = {}
    drawn = ClipStudy(NONE.evaluation, CLIPS, "")
    monkeypatch.setattr(source, "load", lambda *_, **sizes: wanted.update(sizes) or drawn)
    assert source.training_clips(NONE, {"training_clips": 4, "own_queries": 2}, at_least=4) == CLIPS
    assert (wanted["training_clips"], wanted["queries"]) == (4, 0)
    assert "own_queries" not in wanted
    assert any("embedded films are learned from" in message for message in said)


def test_too_few_are_refused_before_any_is_drawn() -> None:
    with pytest.raises(UserError, match="training_clips=3 of sizes"):
        source.training_clips(NONE, {"training_clips": 3}, at_least=4)
    with pytest.raises(UserError, match="4 clips to learn from; expected at least 5"):
        source.training_clips(ClipStudy(NONE.evaluation, CLIPS, ""), {}, at_least=5)
