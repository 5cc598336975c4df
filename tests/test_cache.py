import errno
import importlib
import multiprocessing
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from vretlib import cache, paths, sources
from vretlib.errors import UserError
from vretlib.features import described_regions, detector_published, sentence_files
from vretlib.features.bert import SentenceModel


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")


def number(value):
    def build(folder: Path) -> None:
        (folder / "number").write_text(str(value))

    return build


def test_second_call_does_not_build_again(said):
    first = cache.stage("square", {"x": 3}, number(9))
    again = cache.stage("square", {"x": 3}, number("never"))
    assert again == first
    assert (again / "number").read_text() == "9"
    assert "first time" in said[0]
    assert "cached" in said[-1]


def test_another_key_is_another_result_and_the_reason_names_what_changed(said):
    cache.stage("square", {"x": 3, "y": 1}, number(9))
    other = cache.stage("square", {"x": 4, "y": 1}, number(16))
    assert (other / "number").read_text() == "16"
    assert [line for line in said if "new x" in line]


def test_a_result_that_is_still_being_written_is_no_earlier_result(said):
    writing = paths.CACHE / "square" / "another.partial"  # of a thread that may rename it any moment
    writing.mkdir(parents=True)
    (writing / "key.json").write_text('{"key": {"x": 4}, "code": {}}')
    cache.stage("square", {"x": 3}, number(9))
    assert "first time" in said[0]


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A package of three modules: a stage in ``made.top`` imports ``made.middle``, which imports ``made.bottom``."""
    (tmp_path / "made").mkdir()
    files = {
        "__init__": "",
        "top": "from made.middle import two\n\ndef build(folder):\n    (folder / 'number').write_text(str(two()))\n",
        "middle": "from made import bottom\n\ndef two():\n    return 2 * bottom.NUMBER\n",
        "bottom": "NUMBER = 2\n",
    }
    for name, text in files.items():
        (tmp_path / "made" / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sources, "PACKAGES", ("made",))
    sources._file.cache_clear()
    yield tmp_path / "made"
    sources._file.cache_clear()
    for name in [name for name in sys.modules if name.split(".")[0] == "made"]:
        del sys.modules[name]


def built():
    """What the stage gives with the modules as they are on the disk now."""
    for name in [name for name in sys.modules if name.split(".")[0] == "made"]:
        del sys.modules[name]
    importlib.invalidate_caches()
    build = importlib.import_module("made.top").build
    return (cache.stage("code", {}, build) / "number").read_text()


def test_a_module_two_imports_away_belongs_to_the_key(made, said):
    assert built() == "4"
    later = (made / "bottom.py").stat().st_mtime_ns + 2_000_000_000  # Python's own cache counts in seconds
    (made / "bottom.py").write_text("NUMBER = 3\n")
    os.utime(made / "bottom.py", ns=(later, later))
    assert built() == "6"
    assert "new made.bottom" in said[-2]
    assert built() == "6"
    assert "cached" in said[-1]


def test_the_code_of_what_a_stage_is_handed_belongs_to_the_key(made):
    """As of a detector whose class stands in a module that the stage does not import."""
    (made / "handed.py").write_text("class Reader:\n    def read(self):\n        return 2\n")
    reader = importlib.import_module("made.handed").Reader()
    folders = [cache.stage("handed", {}, lambda _: None, uses=of) for of in ([reader], [reader.read], [], [reader])]
    assert folders[0] == folders[1] == folders[3] != folders[2]
    later = (made / "handed.py").stat().st_mtime_ns + 2_000_000_000
    (made / "handed.py").write_text("class Reader:\n    def read(self):\n        return 3\n")
    os.utime(made / "handed.py", ns=(later, later))
    assert cache.stage("handed", {}, lambda _: None, uses=[reader]) != folders[0]


def test_the_code_of_every_kind_of_detector_and_of_word_pieces_belongs_to_what_they_described(monkeypatch):
    seen = []
    monkeypatch.setattr(cache, "stage", lambda *_, uses=(), **__: seen.append(cache._code(*uses)) or 1 / 0)
    picture = np.zeros((64, 64, 3), np.uint8)
    with pytest.raises(ZeroDivisionError):
        described_regions.describe_all(detector_published.load_fpn("random"), [picture])
    assert {"vretlib.features.detector_published", "vretlib.features.detector_files"} <= set(seen[-1])
    model = SentenceModel("name", "checksum", None, sentence_files._pieces)
    with pytest.raises(ZeroDivisionError):
        model.vectors(["A sentence."])
    assert "vretlib.features.sentence_files" in seen[-1]


def test_a_function_without_a_module_of_its_own_is_known_by_its_code():
    """As of one that was typed into a notebook."""

    def typed(text):
        names = {"__name__": "__main__"}
        exec(text, names)
        return names["build"]

    first = typed("def build(folder):\n    (folder / 'number').write_text('1')\n")
    second = typed("def build(folder):\n    (folder / 'number').write_text('2')\n")
    folders = [cache.stage("typed", {}, build) for build in (first, second, first)]
    assert [(folder / "number").read_text() for folder in folders] == ["1", "2", "1"]


def test_a_failed_build_leaves_nothing_behind():
    def fails(folder: Path) -> None:
        (folder / "half").write_text("...")
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        cache.stage("fails", {}, fails)
    done = cache.stage("fails", {}, number(1))
    assert sorted(p.name for p in done.iterdir()) == ["key.json", "number"]


def slow(folder: Path) -> None:
    (folder / "half").write_text("...")
    time.sleep(30)


def test_a_killed_build_is_taken_up_again():
    context = multiprocessing.get_context("fork")
    process = context.Process(target=cache.stage, args=("slow", {}, slow))
    process.start()
    deadline = time.time() + 10
    while not list(paths.CACHE.glob("slow/*.partial/half")) and time.time() < deadline:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    done = cache.stage("slow", {}, number(1))
    assert sorted(p.name for p in done.iterdir()) == ["key.json", "number"]


def counting(folder: Path) -> None:
    with open(paths.CACHE / "builds", "a") as log:
        log.write("x")
    time.sleep(0.3)


def test_two_processes_build_once():
    paths.CACHE.mkdir(parents=True)
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=cache.stage, args=("shared", {}, counting)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert (paths.CACHE / "builds").read_text() == "x"


@dataclass(frozen=True)
class Options:
    width: int = 720


def test_dataclasses_and_equal_mappings_have_equal_keys():
    one = cache.stage("options", {"b": 1, "options": Options()}, number(1))
    two = cache.stage("options", {"options": {"width": 720}, "b": 1}, number(2))
    assert one == two


def test_numbers_of_numpy_have_the_keys_of_pythons():
    one = cache.stage("numbers", {"seed": np.int64(3), "rate": np.float32(0.5), "found": np.bool_(True)}, number(1))
    assert one == cache.stage("numbers", {"seed": 3, "rate": 0.5, "found": True}, number(2))


def test_a_key_that_cannot_be_compared_is_refused():
    with pytest.raises(TypeError, match="cache key"):
        cache.stage("bad", {"x": object()}, number(1))


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setattr(paths, "CACHE", tmp_path / "file")
    with pytest.raises(UserError, match="VRETLIB_CACHE"):
        cache.stage("x", {}, number(1))


def full(folder: Path) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def full_as_numpy_tells_it(folder: Path) -> None:
    raise OSError("8 requested and 0 written")


def full_as_torch_tells_it(folder: Path) -> None:
    raise RuntimeError("basic_ios::clear: iostream error")


@pytest.mark.parametrize("build", [full, full_as_numpy_tells_it, full_as_torch_tells_it])
def test_a_full_disk_is_one_clear_error_however_it_is_told_and_leaves_nothing(build, monkeypatch):
    fsync, disk = os.fsync, {"full": True}

    def no_more(descriptor):
        if disk["full"]:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", no_more)
    with pytest.raises(UserError, match=r"No space left on device.*VRETLIB_CACHE"):
        cache.stage("full", {}, build)
    assert [path.suffix for path in (paths.CACHE / "full").iterdir()] == [".lock"]
    disk["full"] = False
    assert (cache.stage("full", {}, number(1)) / "number").exists()


def test_a_disk_that_is_full_when_the_files_are_closed_publishes_nothing(monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda descriptor: full(Path()))
    with pytest.raises(UserError, match="VRETLIB_CACHE"):
        cache.stage("full", {}, number(1))
    assert [path.suffix for path in (paths.CACHE / "full").iterdir()] == [".lock"]


def test_an_input_that_cannot_be_read_is_named_and_the_cache_not_blamed(tmp_path):
    def build(folder: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "film.mp4"))

    with pytest.raises(UserError, match=r"film.mp4: cannot be read") as caught:
        cache.stage("x", {}, build)
    assert "VRETLIB_CACHE" not in str(caught.value)
