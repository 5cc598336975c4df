import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vretlib import sources


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package ``made`` of three modules in a row: ``top`` imports ``middle``, which imports ``bottom``."""
    root = tmp_path / "made"
    root.mkdir()
    files = {
        "__init__": '"""A package."""\nVERSION = 1\n',
        "top": '"""Top."""\nfrom made.middle import double\n\n\ndef four():\n    """Four."""\n    return double(2)\n',
        "middle": "def double(x):\n    from made import bottom\n    return x * bottom.TWO\n",
        "bottom": "TWO = 2\n",
        "beside": "THREE = 3\n",
    }
    for name, text in files.items():
        (root / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sources, "PACKAGES", ("made",))
    sources._file.cache_clear()
    yield root
    sources._file.cache_clear()
    for name in [name for name in sys.modules if name.split(".")[0] == "made"]:
        del sys.modules[name]


def edit(path: Path, text: str) -> None:
    later = path.stat().st_mtime_ns + 1_000_000
    path.write_text(text)
    os.utime(path, ns=(later, later))


def test_imports_are_followed_wherever_they_stand(package):
    assert list(sources.hashes("made.top")) == ["made.bottom", "made.middle", "made.top"]
    assert list(sources.hashes("made.beside")) == ["made.beside"]


def test_a_module_two_imports_away_changes_its_own_hash_alone(package):
    before = sources.hashes("made.top")
    edit(package / "bottom.py", "TWO = 3\n")
    after = sources.hashes("made.top")
    assert [name for name in after if after[name] != before[name]] == ["made.bottom"]


def test_comments_docstrings_and_line_breaks_change_nothing(package):
    before = sources.hashes("made.top")
    edit(
        package / "top.py", "# why\nfrom made.middle import (\n    double,\n)\ndef four():\n    return double(2)  # 4\n"
    )
    assert sources.hashes("made.top") == before


def test_a_relative_import_and_a_name_of_the_package_itself_count(package):
    edit(package / "beside.py", "from . import bottom, VERSION\nfrom .middle import double\n")
    assert list(sources.hashes("made.beside")) == ["made", "made.beside", "made.bottom", "made.middle"]


def test_modules_that_import_one_another_end(package):
    edit(package / "bottom.py", "import made.top\nTWO = 2\n")
    assert list(sources.hashes("made.bottom")) == ["made", "made.bottom", "made.middle", "made.top"][1:]


def test_what_has_no_source_has_no_hash():
    assert sources.hashes("math") == {}
    assert sources.hashes("no_such_module") == {}


def test_a_stage_of_the_library_depends_on_all_it_imports():
    found = sources.hashes("vretlib.video.clip_features")
    assert {"vretlib.video.frames", "vretlib.features.pooling", "vretlib.features.backbones"} <= found.keys()
    assert not any(name.startswith(("vretlib.report", "vretlib.chapters")) for name in found)


def test_threads_may_ask_at_once():
    """As trainings side by side do, each for its own stage."""
    names = [f"vretlib.{name}" for name in ("cache", "images", "video.describe", "features.backbones", "parallel")] * 8
    alone = {name: sources.hashes(name) for name in set(names)}
    sources._read.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(sources.hashes, names)) == [alone[name] for name in names]
