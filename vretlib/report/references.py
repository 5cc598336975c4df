"""The works that the project reproduces and cites, from ``data/references.bib``.

A page ends with the works that it cites; the field ``keywords`` says what each is cited for::

    references.cite("garcia2018thesis", "tolias2016")
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vretlib import paths
from vretlib.errors import UserError
from vretlib.report import escaping

FILE = paths.DATA / "references.bib"

_VENUES = ("journal", "booktitle", "school", "institution", "publisher")


@dataclass(frozen=True)
class CitedWork:
    """One entry of the bibliography; ``kind`` and ``fields`` as in BibTeX."""

    key: str
    kind: str
    fields: Mapping[str, str]

    @property
    def authors(self) -> tuple[tuple[str, str], ...]:
        """Surname and first names of each author."""
        return tuple(_split_name(name) for name in self.fields["author"].split(" and "))

    @property
    def short(self) -> str:
        """``"Tolias et al., 2016"``: authors and year as a text cites them."""
        surnames = [surname for surname, _ in self.authors]
        who = f"{surnames[0]} et al." if len(surnames) > 2 else " and ".join(surnames)
        return f"{who}, {self.fields['year']}"

    @property
    def venue(self) -> str:
        """The place of publication, with volume and pages."""
        where = next(self.fields[name] for name in _VENUES if name in self.fields)
        if self.kind == "phdthesis":
            where = f"PhD thesis, {where}"
        if self.kind == "techreport":
            where = f"{where}, report {self.fields['number']}"
        elif volume := self.fields.get("volume"):
            number = f"({self.fields['number']})" if "number" in self.fields else ""
            where = f"{where} {volume}{number}"
        if pages := self.fields.get("pages"):
            where = f"{where}, {pages.replace('--', '–')}"
        return where

    @property
    def before_title(self) -> str:
        """``"G. Tolias, R. Sicre and H. Jégou."``, the authors as a list begins."""
        names = [f"{_initials(first)} {surname}" for surname, first in self.authors]
        *most, last = names
        return f"{', '.join(most)} and {last}." if most else f"{last}."

    @property
    def after_title(self) -> str:
        """Venue, year and note."""
        note = f" {self.fields['note']}." if "note" in self.fields else ""
        return f"{self.venue}, {self.fields['year']}.{note}"


@dataclass(frozen=True, repr=False)
class References:
    """Cited works; a notebook shows a list by surname and year."""

    cited: tuple[CitedWork, ...]

    def _repr_html_(self) -> str:
        rows = (
            f"<li>{escaping.html(work.before_title)} <i>{escaping.html(work.fields['title'])}</i>. "
            f"{escaping.html(work.after_title)} [{escaping.html(work.fields['keywords'])}]</li>"
            for work in self.cited
        )
        return f"<ul>{''.join(rows)}</ul>\n"

    def __repr__(self) -> str:
        return "\n".join(
            f"{work.before_title} {work.fields['title']}. {work.after_title} [{work.fields['keywords']}]"
            for work in self.cited
        )


def cite(*keys: str) -> References:
    """The works with these keys.

    Raises
    ------
    UserError: a key is not in the bibliography.
    """
    found = [find(key) for key in keys]
    return References(tuple(sorted(found, key=lambda work: (work.authors[0][0].casefold(), work.fields["year"]))))


def find(key: str) -> CitedWork:
    """The work with this key; a `UserError` names the file."""
    if key not in works():
        raise UserError(f"{key}: no such work in {FILE.name}; add an entry there")
    return works()[key]


@cache
def works(file: Path = FILE) -> dict[str, CitedWork]:
    """All works by key, in the order of the file.

    Raises
    ------
    UserError: a line is neither an entry's first or last, nor a field, nor a comment; a key occurs twice; or an entry
        lacks author, title, year, keywords or venue.
    """
    found: dict[str, CitedWork] = {}
    kind, key, fields = "", "", dict[str, str]()
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if begin := re.fullmatch(r"@(\w+)\{(\w+),", line):
            (kind, key), fields = begin.groups(), {}
        elif field := re.fullmatch(r"  (\w+) = \{\{?([^{}]+)\}\}?,", line):
            fields[field[1]] = field[2]
        elif line == "}" and key not in found:
            found[key] = _complete(CitedWork(key, kind, fields))
        elif line.strip() and not line.startswith("%"):
            raise UserError(f"{file.name}, line {number}: not BibTeX as it is kept here: {line}")
    return found


def _complete(work: CitedWork) -> CitedWork:
    missing = [name for name in ("author", "title", "year", "keywords") if not work.fields.get(name)]
    if missing or not set(_VENUES) & set(work.fields):
        raise UserError(f"{FILE.name}, {work.key}: has no {', '.join(missing) or 'venue'}")
    return work


def _split_name(name: str) -> tuple[str, str]:
    surname, _, first = name.partition(", ")
    return surname, first


def _initials(first: str) -> str:
    """``"Tony F."`` as ``"T. F."``."""
    return " ".join(f"{part[0]}." for part in first.split())
