"""What a chapter has left in a results folder, read back. :mod:`vretlib.report` says which files these are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Collected:
    """One chapter's tables and figures in its order, checks, claims, provenance, what it left out; empty if none."""

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
        """The chapter's name, which is also the folder's."""
        return self.folder.name

    def table_html(self, table: Fields) -> str:
        """A table as the notebook showed it."""
        return (self.folder / "tables" / table["files"]["html"]).read_text(encoding="utf-8")

    @property
    def cells(self) -> tuple[int, int]:
        """Obtained and published cells of all tables."""
        return sum(t["obtained"] for t in self.tables), sum(t["published"] for t in self.tables)

    @property
    def within(self) -> tuple[int, int]:
        """Cells within tolerance of the recorded run, and cells compared with it; an unchecked table has neither."""
        compared = [check for check in self.checks if check["status"] != "unchecked"]
        return sum(c["within"] for c in compared), sum(c["total"] for c in compared)

    @property
    def held(self) -> tuple[int, int]:
        """Claims that hold on the numbers of this run, and claims that could be judged on them."""
        verdicts = [claim["obtained"]["status"] for claim in self.claims if claim["obtained"]]
        return verdicts.count("holds"), len(verdicts) - verdicts.count("not testable here")


def read(folder: Path) -> Collected:
    """A chapter's folder; a chapter that has left nothing there is empty."""
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
