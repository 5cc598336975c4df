"""Nothing imports upward, and chapters know nothing of one another: the contracts in pyproject.toml hold."""

import logging.config

import pytest
from importlinter import cli

from vretlib import paths


def test_the_import_contracts_hold(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.config, "dictConfig", lambda _: None)  # it would disable the loggers of other tests
    status = cli.lint_imports(config_filename=str(paths.ROOT / "pyproject.toml"), no_cache=True)
    assert status == 0, capsys.readouterr().out
