"""Bars are shown, unless the caller or the environment says no."""

import pytest

from vretlib.progress import progress_bar


@pytest.mark.parametrize(("progress", "disabled", "shown"), [(True, "", True), (True, "1", False), (False, "", False)])
def test_a_bar_is_hidden_by_the_caller_and_by_the_environment(progress, disabled, shown, monkeypatch, capsys):
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    if disabled:
        monkeypatch.setenv("TQDM_DISABLE", disabled)
    assert list(progress_bar([1, 2], progress=progress, desc="walking")) == [1, 2]
    assert ("walking" in capsys.readouterr().err) == shown
