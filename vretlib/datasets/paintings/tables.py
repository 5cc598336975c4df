"""Tables of paintings: one row a painting, with the names of image files and texts; errors name the line.

The tables come from elsewhere; the caller states their separator and encoding. Headings must match exactly.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vretlib import files, images
from vretlib.datasets import text_files
from vretlib.datasets.paintings.collection import Painting
from vretlib.datasets.text_files import SEPARATORS
from vretlib.errors import UserError
from vretlib.parallel import threaded_map

log = logging.getLogger(__name__)

ENCODINGS = ("utf-8", "cp1252")
_OTHER = dict(zip(ENCODINGS, ENCODINGS[::-1], strict=True))


@dataclass(frozen=True)
class Columns:
    """The headings of a table's columns.

    Attributes
    ----------
    image, text: the headings of the image file's name and of the comment.
    title: the heading of the title; empty if there is none.
    attributes: attribute -> its heading.
    """

    image: str
    text: str
    title: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def headings(self) -> list[str]:
        """All headings that the table must have."""
        return [name for name in (self.image, self.text, self.title, *self.attributes.values()) if name]


@dataclass(frozen=True)
class TableRow:
    """A row: the line on which it begins, counted from 1, its image's name as it stands there, and its painting."""

    line: int
    name: str
    painting: Painting


def read(
    path: Path, folder: Path, columns: Columns, *, separator: str = ",", encoding: str = "utf-8"
) -> list[TableRow]:
    """The rows of a table; images are not looked for.

    Cells are taken as they stand, without spaces around them; an empty cell or ``-`` of an attribute is a value that is
    not known. Blank rows are left out.

    Parameters
    ----------
    folder: where the images are.
    separator: one of `vretlib.datasets.text_files.SEPARATORS`.
    encoding: one of `ENCODINGS`; UTF-8 may begin with a byte-order mark.

    Raises
    ------
    UserError: no such file; another separator or encoding, also UTF-8 that was taken for cp1252; a column that is
        missing or occurs twice; a row with too few or too many cells; a quotation mark that is not closed; no row.
    """
    if separator not in SEPARATORS or encoding not in ENCODINGS:
        raise UserError(
            f"separator={separator!r}, encoding={encoding!r}; expected a separator of "
            f"{', '.join(map(repr, SEPARATORS))} and an encoding of {', '.join(map(repr, ENCODINGS))}"
        )
    text = text_files.text(path, f"a table in {encoding}, not in {_OTHER[encoding]}", encoding)
    _check_not_twice(path, text, encoding)
    found = text_files.cells(path, text, separator)
    if not found:
        raise UserError(f"{path}: is empty; expected a table with the columns {', '.join(columns.headings)}")
    names = found[0][1]
    at = _places(path, names, columns.headings, separator)
    rows = []
    for line, cells in found[1:]:
        if len(cells) != len(names):
            raise UserError(
                f"{path}: line {line} has {len(cells)} cells; expected {len(names)}, one for each of "
                f"{', '.join(names)}, between {SEPARATORS[separator]}s"
            )
        values = {key: cells[at[heading]] for key, heading in columns.attributes.items()}
        known = {key: value for key, value in values.items() if value not in ("", "-")}
        name = cells[at[columns.image]]
        title = cells[at[columns.title]] if columns.title else ""
        rows.append(TableRow(line, name, Painting(_file(folder, name), title, cells[at[columns.text]], known)))
    if not rows:
        raise UserError(f"{path}: has headings and no rows; expected a row for each painting")
    return rows


def with_images(path: Path, rows: Sequence[TableRow]) -> tuple[tuple[Painting, ...], tuple[str, ...]]:
    """The paintings whose image can be read, and the other rows by table, line, image and reason.

    Rows that share an image with another one are kept, and their number is logged.

    Raises
    ------
    UserError: no image can be read.
    """
    reasons = list(threaded_map(_reason, rows))
    kept = tuple(row.painting for row, reason in zip(rows, reasons, strict=True) if not reason)
    lost = [(row, reason) for row, reason in zip(rows, reasons, strict=True) if reason]
    missing = tuple(f"{path.name} line {row.line}: {row.name[:100] or 'no image'} ({reason})" for row, reason in lost)
    if not kept:
        raise UserError(f"{path}: none of its {len(rows):,} images can be read; the first: {missing[0]}")
    if missing:
        more = f" and {len(missing) - 3:,} more" if len(missing) > 3 else ""
        n, named = f"{len(missing):,}", "; ".join(missing[:3])
        log.info("%s: rows left out, image missing or unreadable: %s; %s%s", path.name, n, named, more)
    twice = sum(n for n in Counter(painting.image for painting in kept).values() if n > 1)
    if twice:
        log.info("%s: rows that share their image with another row: %s", path.name, f"{twice:,}")
    return kept, missing


def _file(folder: Path, name: str) -> Path:
    """The file that a cell names; of a text that cannot be a path, a path that `images.check` refuses."""
    try:
        return files.named(folder, name)
    except UserError:
        return folder / name


def _reason(row: TableRow) -> str:
    """Why a row's image cannot be used; empty if it can."""
    if not row.name:
        return "the cell is empty"
    try:
        images.check(row.painting.image)
    except UserError as error:
        return str(error).removeprefix(f"{row.painting.image}: ")
    return ""


def _check_not_twice(path: Path, text: str, encoding: str) -> None:
    """Refuse UTF-8 that was taken for cp1252, once by this reader or once before the file was saved.

    Letters beyond ASCII in real text practically never make valid UTF-8 when they are written in cp1252.
    """
    odd = next((i for i, letter in enumerate(text) if letter > "\x7f"), None)
    if odd is None:
        return
    try:
        meant = text.encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return
    line, shown = text.count("\n", 0, odd) + 1, text[odd : odd + 2]
    letter = next(letter for letter in meant if letter > "\x7f")
    what = "is UTF-8; expected cp1252" if encoding == "cp1252" else "was UTF-8 and has been read as cp1252 before"
    raise UserError(f"{path}: {what} (line {line} would have {shown!r} for {letter!r})")


def _places(path: Path, names: Sequence[str], wanted: Sequence[str], separator: str) -> dict[str, int]:
    """Heading -> its position."""
    missing = [name for name in wanted if name not in names]
    if missing and len(names) == 1:
        other = next((word for mark, word in SEPARATORS.items() if mark in names[0]), "")
        if other:
            raise UserError(
                f"{path}: its columns are separated by {other}s; expected {SEPARATORS[separator]}s between the columns"
            )
    if missing:
        raise UserError(f"{path}: has no column {', '.join(map(repr, missing))}; found {', '.join(names)}")
    if twice := [name for name in wanted if names.count(name) > 1]:
        raise UserError(f"{path}: has the column {twice[0]!r} twice; expected each once, found {', '.join(names)}")
    return {name: names.index(name) for name in wanted}
