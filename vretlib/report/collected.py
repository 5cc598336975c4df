"""The results of a chapter, read from a results folder; `vretlib.report` lists the files."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Collected:
    """The tables and figures of one chapter in their order, its checks, claims, provenance and omissions."""

    folder: Path
    about: Fields
    tables: list[Fields]
    figures: list[Fields]
    checks: list[Fields]
    claims: list[Fields]
    left_out: list[Fields]
    provenance: Fields

    @property
    def name(self) -> str:
        """The name of the chapter and of its folder."""
        return self.folder.name

    def table_html(self, table: Fields) -> str:
        """The HTML of a table, as in the notebook."""
        return (self.folder / "tables" / table["files"]["html"]).read_text(encoding="utf-8")

    @property
    def cells(self) -> tuple[int, int]:
        """The numbers of obtained and of published cells in all tables."""
        return sum(t["obtained"] for t in self.tables), sum(t["published"] for t in self.tables)

    @property
    def within(self) -> tuple[int, int]:
        """The numbers of cells within tolerance and of compared cells; unchecked tables do not count."""
        compared = [check for check in self.checks if check["status"] != "unchecked"]
        return sum(c["within"] for c in compared), sum(c["total"] for c in compared)

    @property
    def directions(self) -> Counter[str]:
        """The number of claims by their direction on the numbers of this run."""
        return Counter(claim["obtained"]["direction"] for claim in self.claims if claim["obtained"])

    @property
    def sizes(self) -> Counter[str]:
        """The number of claims by their size on the numbers of this run: inside, outside or none stated."""
        return Counter(claim["obtained"]["size"] for claim in self.claims if claim["obtained"])


def read(folder: Path) -> Collected:
    """The results in a chapter's folder; all fields are empty if there are none."""
    return Collected(
        folder=folder,
        about=_json(folder / "chapter.json"),
        tables=_ordered(folder / "tables"),
        figures=_ordered(folder / "figures"),
        checks=_json(folder / "checks.json").get("checks", []),
        claims=_json(folder / "claims.json").get("claims", []),
        left_out=_json(folder / "left_out.json").get("left_out", []),
        provenance=_json(folder / "provenance.json"),
    )


def _ordered(folder: Path) -> list[Fields]:
    return sorted((_json(path) for path in folder.glob("*.json")), key=lambda fields: fields["order"])


def _json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
