"""Shared by tests of everything that reads or runs notebooks, and by those of clips."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

# The tests' networks are small: a second thread mostly waits, and takes a core from what runs beside the tests.
os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when torch is imported

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests import short_clips as short_clip_videos
from vretlib import logs, processes
from vretlib.features import backbones
from vretlib.models import parallel_trainings
from vretlib.video import described_clips
from vretlib.video.described_clips import DescribedClips


@pytest.fixture(scope="session", autouse=True)
def _few_processes() -> Iterator[None]:
    """A process imports for many seconds, and ends after minutes of rest: those that draw start once and stay.

    Trainings, which take a second here, happen in the process of the tests. `test_parallel_trainings` uses both ways.
    """
    with pytest.MonkeyPatch.context() as patch:
        made = processes.get_reusable_executor
        patch.setattr(processes, "get_reusable_executor", lambda **options: made(**options | {"timeout": 3600}))
        patch.setattr(parallel_trainings, "n_threads", lambda: 1)
        yield


@pytest.fixture
def said() -> Iterator[list[str]]:
    """What the library logs during a test, down to what it finds in its cache."""
    with logs.kept(logging.DEBUG) as messages:
        yield messages


@pytest.fixture(scope="session")
def write_notebook() -> Callable[..., Path]:
    """``write_notebook(path, *code, parameters="")``: a title, a parameters cell if given, then the code cells."""
    return _write_notebook


def _write_notebook(path: Path, *code: str, parameters: str = "") -> Path:
    cells = [new_markdown_cell(f"# {path.stem}", id="title")]
    if parameters:
        cells.append(new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]}))
    cells += [new_code_cell(text, id=f"code-{i}") for i, text in enumerate(code)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


@pytest.fixture(scope="session")
def short_clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The video files of `tests.short_clips`."""
    folder = tmp_path_factory.mktemp("clips")
    return [short_clip_videos.write(folder / f"{i}.mp4", shots) for i, shots in enumerate(short_clip_videos.SHOTS)]


@pytest.fixture(scope="session")
def described_short_clips(short_clips: list[Path], tmp_path_factory: pytest.TempPathFactory) -> DescribedClips:
    """Every frame of the short clips, described by the embedded VGG16."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vretlib.paths.CACHE", tmp_path_factory.mktemp("cache"))
        network = backbones.load("vgg16", "embedded")
        fps, side = short_clip_videos.FPS, short_clip_videos.SIDE
        return described_clips.describe(short_clips, network, fps=fps, side=side)
