"""A folder in the cache that was damaged after it had been made is noticed, said, and made anew."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from vretlib import cache, checksums, logs, paths

FILES = ("codes.bin", "empty", "arrays.npz", "films/one.f32", "key.json")


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")


def build(folder: Path) -> None:
    (folder / "codes.bin").write_bytes(bytes(range(256)) * 16)
    (folder / "empty").touch()
    np.savez(folder / "arrays.npz", x=np.arange(100))
    (folder / "films").mkdir()
    np.arange(1000, dtype=np.float32).tofile(folder / "films" / "one.f32")


def open_it() -> tuple[dict[str, bytes], list[str]]:
    """What the stage gives, key included, and what it says."""
    with logs.kept("DEBUG") as said:
        folder = cache.stage("stage", {"x": 1, "nan": float("nan")}, build)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}, said


def flip(where: float) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[min(int(where * len(content)), len(content) - 1)] ^= 0x10
        path.write_bytes(content)

    return damage


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def replaced_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = {
    "flipped at the start": flip(0),
    "flipped in the middle": flip(0.5),
    "flipped at the end": flip(1),
    "cut": cut,
    "emptied": lambda path: os.truncate(path, 0),
    "removed": os.unlink,
    "lengthened": lengthen,
    "a folder": replaced_by_folder,
    "a link to nothing": lambda path: (path.unlink(), path.symlink_to("nothing")),
}


SAME = {("empty", damage) for damage in DAMAGES if damage.startswith(("flipped", "cut", "emptied"))}
"""An empty file stays what it is."""


@pytest.fixture
def folder() -> Path:
    """The stage's folder, closed."""
    open_it()
    [folder] = [path for path in (paths.CACHE / "stage").iterdir() if path.is_dir()]
    return folder


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damage_to_every_file_is_noticed_said_and_made_good(folder: Path, file: str, damage: str) -> None:
    if (file, damage) in SAME:
        pytest.skip("an empty file stays what it is")
    before, said = open_it()
    assert sorted(before) == sorted(FILES)
    assert "cached" in said[0]
    DAMAGES[damage](folder / file)
    after, said = open_it()
    assert after == before
    assert said[0].startswith("stage: damaged (")
    assert said[0].endswith("), made anew")
    assert file in said[0] or file == "key.json"  # there the name of a file may have been hit
    assert "cached" in open_it()[1][0]


def test_a_file_too_many_is_damage_but_a_file_managers_hidden_one_is_not(folder: Path) -> None:
    (folder / ".DS_Store").touch()
    assert "cached" in open_it()[1][0]
    (folder / "another.npy").touch()
    assert "damaged (another.npy: does not belong there)" in open_it()[1][0]
    assert not (folder / "another.npy").exists()


@pytest.mark.parametrize("link", [False, True])
def test_a_file_or_a_link_in_place_of_the_folder_is_made_good(folder: Path, link: bool) -> None:
    shutil.rmtree(folder)
    folder.symlink_to("nowhere") if link else folder.write_text("")
    after, said = open_it()
    assert "damaged (not a folder), made anew" in said[0]
    assert sorted(after) == sorted(FILES)


def test_what_an_earlier_version_kept_without_checksums_is_made_anew_with_the_reason(folder: Path) -> None:
    key = json.loads((folder / "key.json").read_text())
    del key["files"]
    (folder / "key.json").write_text(json.dumps(key))
    assert "damaged (kept without checksums by an earlier version), made anew" in open_it()[1][0]


@pytest.mark.parametrize("key", ["[]", "3", "{}", '{"files": 3}', '{"files": {"codes.bin": 1}}', "[" * 5000, "\xff"])
def test_a_key_of_another_form_is_damage(folder: Path, key: str) -> None:
    (folder / "key.json").write_bytes(key.encode("latin-1"))
    assert "damaged (key.json" in (said := open_it()[1])[0] or "checksums" in said[0]


def test_a_file_that_cannot_be_read_is_damage(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, refused = checksums.read, [folder / "codes.bin"]

    def refusing(path: Path) -> str:
        if path in refused:
            refused.clear()  # the one that is made anew can be read
            (folder / "codes.bin").unlink()
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(checksums, "read", refusing)
    assert "damaged (" in open_it()[1][0]


def test_files_are_read_once_in_a_process_and_again_when_touched(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, seen = checksums.read, []
    monkeypatch.setattr(checksums, "read", lambda path: (seen.append(path.name), read(path))[1])
    monkeypatch.setattr(checksums, "_SETTLED", -1.0)
    open_it()
    open_it()
    assert sorted(seen) == sorted(Path(name).name for name in FILES if name != "key.json")
    os.utime(folder / "empty")
    open_it()
    assert len(seen) == 8


def test_damage_right_after_a_look_is_noticed_though_clocks_are_coarse(folder: Path) -> None:
    open_it()
    facts = (folder / "codes.bin").stat()
    flip(0.5)(folder / "codes.bin")
    os.utime(folder / "codes.bin", ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert "damaged (codes.bin: other content than was written)" in open_it()[1][0]


def test_two_who_find_the_same_damage_make_it_good_once(folder: Path, said: list[str]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    cut(folder / "codes.bin")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: cache.stage("stage", {"x": 1, "nan": float("nan")}, build), range(4)))
    assert sum("made anew" in line for line in said) == 1
