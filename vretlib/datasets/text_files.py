"""Lists that people write, as text or as CSV; errors name the lines that cannot be read.

A file is UTF-8, with or without a byte-order mark, with line ends of Windows, macOS or Linux. Cells of a CSV are
separated by commas and stand under one row of headings; spaces around cells, blank lines and commas at the end of rows
are ignored. Tables that come from elsewhere may have another encoding and separator: see `text` and `cells`.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vretlib import files
from vretlib.errors import UserError

_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
"""What may separate the cells of a table, and its name in messages."""


@dataclass(frozen=True)
class TextRow:
    """A row of a CSV: the line on which it begins, counted from 1, and its cells by the column's name.

    The cell of a column that the file lacks is empty.
    """

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class Problems:
    """The errors in the lines of a file, collected so that one message names all of them."""

    def __init__(self, path: Path, word: str = "line") -> None:
        self._path, self._word = path, word
        self._found: list[str] = []

    @contextmanager
    def at(self, line: int) -> Iterator[None]:
        """Collect a `UserError` that is raised in the block as an error of this line, and continue after the block."""
        try:
            yield
        except UserError as error:
            self._found.append(f"{self._word} {line}: {error}")

    def check(self) -> None:
        """Raise a `UserError` if errors were collected: the first ten in full, and the number of the others."""
        if self._found:
            n = len(self._found) - 10
            more = f"; and {n} more bad {self._word}{'s' * (n > 1)}" if n > 0 else ""
            raise UserError(f"{self._path}: {'; '.join(self._found[:10])}{more}")


def text(path: Path, expected: str, encoding: str = "utf-8") -> str:
    """The whole text of a file with line ends of Linux.

    Parameters
    ----------
    expected: description of the expected file, for messages.

    Raises
    ------
    UserError: no regular file, or another encoding; the message names it, or the line with the first wrong byte.
    """
    return _unix(_decoded(path, expected, encoding))


def lines(path: Path, expected: str) -> list[tuple[int, str]]:
    """The lines of a file that are not blank, stripped, with their numbers from 1; errors as in `text`."""
    return [(n, line.strip()) for n, line in enumerate(text(path, expected).split("\n"), 1) if line.strip()]


def rows(
    path: Path, columns: Sequence[str], optional: Sequence[str] = (), aliases: Mapping[str, str] | None = None
) -> list[TextRow]:
    """The rows of a CSV that are not blank.

    Headings may have any order and capitals; other columns are ignored.

    Parameters
    ----------
    columns, optional: the columns that the file must have, and those that it may have.
    aliases: other headings -> the column that they mean.

    Raises
    ------
    UserError: no CSV in UTF-8, another separator than a comma (the message names it), a column that is missing or
        occurs twice, a row with too few or too many cells, a quotation mark that is not closed.
    """
    expected = f"a CSV with the columns {', '.join(columns)}"
    content = _decoded(path, expected)
    found = cells(path, content)
    if not found:
        raise UserError(f"{path}: found an empty file; expected the headings {_headings(columns, optional)}")
    _, first = found[0]
    names = [(aliases or {}).get(name.casefold(), name.casefold()) for name in first]
    missing = [name for name in columns if name not in names]
    if missing:
        raise UserError(f"{path}: {_no_column(missing, first, aliases or {})}expected the headings "
                        f"{_headings(columns, optional)}, found {','.join(first)}")  # fmt: skip
    if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1 and name in (*columns, *optional)]:
        raise UserError(f"{path}: has the column {twice[0]!r} twice; expected each once, found {','.join(first)}")
    problems, kept = Problems(path, "row"), []
    for line, row in found[1:]:
        with problems.at(line):
            kept.append(TextRow(line, dict(zip(names, _fitted(row, names), strict=True))))
    problems.check()
    return kept


def cells(path: Path, content: str, separator: str = ",") -> list[tuple[int, list[str]]]:
    """The line, from 1, and the stripped cells of each row of a table's text that is not blank.

    Parameters
    ----------
    path: the table, for messages.
    separator: one of `SEPARATORS`.

    Raises
    ------
    UserError: a quotation mark that is not closed, or stands inside a cell without any about it.
    """
    found: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=separator, skipinitialspace=True, strict=True)
    begins, limit = 1, csv.field_size_limit()
    csv.field_size_limit(max(limit, len(content)))  # the text is in memory already: a cell may be all of it
    try:
        for row in reader:
            stripped = [cell.strip() for cell in row]
            # Spreadsheets may write a first line that names the separator.
            if any(stripped) and not (begins == 1 and len(stripped) <= 2 and stripped[0].casefold() == "sep="):
                found.append((begins, stripped))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UserError(
            f"{path}: row {begins} is not a CSV's ({error}); expected cells between {SEPARATORS[separator]}s, and "
            "quotation marks about a whole cell or, doubled, inside one that has them about it"
        ) from None
    finally:
        csv.field_size_limit(limit)
    return found


def _decoded(path: Path, expected: str, encoding: str = "utf-8") -> str:
    files.regular(path, expected)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: {files.refusal(error)}; expected {expected}") from None
    again = f"; save it as plain text in {encoding.upper()}"
    for mark, other in _OTHER_ENCODINGS:
        if data.startswith(mark):
            raise UserError(f"{path}: is {other}; expected {expected}{again}")
    if b"\0" in data:
        if data.count(b"\0") > len(data) / 3:
            raise UserError(f"{path}: seems to be UTF-16, without a mark that says so; expected {expected}{again}")
        raise UserError(f"{path}: line {_line(data, data.index(0))} holds a NUL byte; expected {expected}{again}")
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        byte, line = data[error.start], _line(data, error.start)
        found = f"is not in {encoding.upper()}: found the byte {byte:#04x} in line {line}"
        raise UserError(f"{path}: {found}; expected {expected}{again}") from None


def _line(data: bytes, position: int) -> int:
    """Number of the line that holds a byte, from 1."""
    before = data[:position].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1


def _unix(content: str) -> str:
    return content.replace("\r\n", "\n").replace("\r", "\n")


def _fitted(cells: list[str], names: Sequence[str]) -> list[str]:
    """The cells of a row, one for each heading; empty cells beyond the last heading are dropped."""
    n = len(names)
    if any(cells[n:]):
        raise UserError(
            f"found {len(cells)} cells, beyond the last column {', '.join(filter(None, cells[n:]))!r}; expected {n}, "
            "one for each heading; a name with a comma in it needs quotation marks about it"
        )
    if len(cells) < len(_without_empty(names)):
        raise UserError(f"found {len(cells)} cells ({', '.join(cells)}); expected {n}, one for each heading, empty or "
                        "not")  # fmt: skip
    return [*cells, *[""] * n][:n]


def _without_empty(names: Sequence[str]) -> Sequence[str]:
    """The headings up to the last one that is not empty."""
    n = max((i + 1 for i, name in enumerate(names) if name), default=0)
    return names[:n]


def _no_column(missing: Sequence[str], first: Sequence[str], aliases: Mapping[str, str]) -> str:
    """Message about missing columns; it names the separator if another one than a comma seems to be used."""
    for separator, word in SEPARATORS.items():
        if separator != "," and any(separator in heading for heading in first):
            shown = repr(separator)
            return f"its columns are separated by {shown} ({word}); expected commas: save it as comma-separated text; "
    others = {column: [alias for alias, meant in aliases.items() if meant == column] for column in missing}
    named = [" or ".join(map(repr, [column, *others[column]])) for column in missing]
    return f"has no column {', '.join(named)}; "


def _headings(columns: Sequence[str], optional: Sequence[str]) -> str:
    return ",".join(columns) + (f"[,{','.join(optional)}]" if optional else "")
