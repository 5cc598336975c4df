"""Hashes of the files that a run reads, by parameter."""

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from vretlib import files, walk
from vretlib.checksums import checksum
from vretlib.datasets import text_files
from vretlib.errors import UserError
from vretlib.progress import progress_bar

_NAMES_A_FILE = re.compile(r"\.[^\W\d]\w*\s*$")  # has an ending; a cell such as 12.5 has none
_LISTS = (".csv", ".tsv", ".tab", ".txt", "")
"""Endings of files that a parameter may name as a list; inside a folder only the first is taken for one."""


def fingerprints(places: Mapping[str, Path], excluded: Collection[Path] = ()) -> dict[str, str]:
    """A hash for each parameter that is a path: of names and checksums of the files that it stands for.

    These are the file, or the files in the folder, and all files that lists among them name, wherever they are.

    Parameters
    ----------
    places: files and folders, by parameter.
    excluded: folders that the run writes.

    Raises
    ------
    UserError: a folder or a file may not be read.
    """
    found = {name: sorted(set(_files(place, excluded))) for name, place in places.items()}
    # Films are read only once (`vretlib.checksums`); the bar appears if that takes more than five seconds.
    every = progress_bar(sorted(set().union(*found.values())), desc="reading inputs", unit="file", delay=5, leave=False)
    content = {path: _checksum(path) for path in every}
    return {name: _hash({str(path): content[path] for path in paths}) for name, paths in found.items()}


def changed(now: Mapping[str, str], before: object) -> list[str]:
    """The parameters whose files have changed."""
    return [name for name, value in now.items() if not isinstance(before, Mapping) or before.get(name) != value]


def _files(place: Path, excluded: Collection[Path]) -> Iterator[Path]:
    """The file, or the files of a folder and of linked folders, and the files that lists among them name."""
    inside = files.is_folder(place)
    for path in walk.find(place, ("",)).paths if inside else (place,):
        if any(path.is_relative_to(folder) for folder in excluded):
            continue
        yield path
        if path.suffix.lower() in (_LISTS[:1] if inside else _LISTS) and files.is_file(path):
            yield from _named(path)


def _named(table: Path) -> Iterator[Path]:
    """The files that cells of a table name, whatever its separator and encoding."""
    for cell in _cells(table):
        if _NAMES_A_FILE.search(cell):
            try:
                path = files.named(table.parent, cell)
                if files.is_file(path):
                    yield path
            except UserError:
                continue


def _cells(table: Path) -> set[str]:
    """The cells between any of the separators; none if the table cannot be read, which its reader reports."""
    found: set[str] = set()
    with suppress(OSError):
        data = table.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
        for separator in text_files.SEPARATORS:
            with suppress(UserError):  # with another separator than its own a table may be none
                found |= {cell for _, row in text_files.cells(table, text, separator) for cell in row}
    return found


def _checksum(path: Path) -> str:
    try:
        return checksum(path)
    except OSError as error:
        raise UserError(f"{path}: {files.refusal(error)}") from None


def _hash(facts: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]
