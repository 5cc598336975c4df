"""One object per notebook: whatever a chapter shows goes through it, and is kept where the index finds it."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from vretlib import parameters as domains
from vretlib import paths
from vretlib.errors import UserError
from vretlib.report import answers as per_photograph
from vretlib.report import comparison, figures, published, recorded
from vretlib.report.answers import Answer, Written
from vretlib.report.comparison import Comparison, Direction, Reasons
from vretlib.report.files import remove, slug, write_json
from vretlib.report.headings import flat
from vretlib.report.left_out import LeftOut
from vretlib.report.provenance import Provenance, footer
from vretlib.report.recorded import Tolerances, Verdict
from vretlib.report.table import Check, Obtained, as_table


class Chapter:
    """The results of one notebook; see :mod:`vretlib.report` for a page that uses it and for the files it leaves.

    Parameters
    ----------
    name: file name of the notebook without ending, ``"05_binary_features"``.
    data: what the obtained numbers are computed on, in words: ``"embedded films, seed 0"``. Every table says it.
    results_dir: parent of the chapter's folder; ``""`` is the results folder of the project.
    profile: whose recorded numbers the checks use.
    seed: for the footer; give it among ``parameters`` too if it decides the numbers.
    own_data: the data are the reader's own. They are set against nothing that was published on other data: `compare`
        shows what was obtained alone, and no claim is judged.
    parameters: what decides the numbers. A check compares only with numbers that were recorded with the same.

    Making one turns on the project's figure style and removes the JSON files that an earlier run left in the folder.
    """

    def __init__(
        self,
        name: str | domains.Chosen,
        *,
        data: str,
        results_dir: str | Path = "",
        profile: str = "embedded",
        seed: int | None = None,
        own_data: bool = False,
        parameters: Mapping[str, Any] | None = None,
    ) -> None:
        if isinstance(name, domains.Chosen):
            chosen, name = name, name.chapter
            results_dir, profile, seed, parameters = chosen.results_dir, chosen.profile, chosen.seed, chosen.deciding
        if slug(name) != name:
            raise UserError(f'chapter "{name}": not a file name; expected one such as 05_binary_features')
        self.name, self.data, self.profile, self.seed = name, data, profile, seed
        self.parameters, self.own_data = dict(parameters or {}), own_data
        self.folder = paths.results(results_dir) / name
        self._started = time.perf_counter()
        self._order = 0
        self._tables: dict[tuple[str, str], pd.DataFrame] = {}
        self._verdicts: dict[str, Verdict] = {}
        self._checks: dict[str, Check | LeftOut] = {}
        self._claims: dict[str, dict[str, Any]] = {}
        self._left_out: dict[str, str] = {}
        for left in [*self.folder.glob("*.json"), *self.folder.glob("*/*.json")]:
            remove(left)
        figures.use_style()
        plain = {key: value if isinstance(value, _PLAIN) else str(value) for key, value in self.parameters.items()}
        description = {"name": name, "profile": profile, "seed": seed, "data": data, "parameters": plain}
        write_json(self.folder / "chapter.json", description)

    def compare(
        self,
        paper: str,
        number: str,
        obtained: Obtained,
        *,
        data: str = "",
        same_data: bool = False,
        remark: str = "",
        reasons: Reasons = "",
        better: Mapping[str, Direction] | None = None,
        formats: Mapping[str, str] | None = None,
    ) -> Comparison | LeftOut:
        """Published beside obtained, shown and kept; parameters as in :func:`vretlib.report.comparison.compare`.

        The table is remembered for :meth:`claims` and :meth:`check_all`. A `LeftOut` is shown in its place.
        """
        self.keep(f"Table {number}", obtained)
        if isinstance(obtained, LeftOut):
            return self._without(f"Table {number}", obtained)
        table = as_table(obtained)
        reasons, better, formats = reasons or table.reasons, better or table.better, formats or table.formats
        if self.own_data:
            heading = f"As {published.read(paper, number).title}"
            why = "On images of your own: the published numbers are of other data, and are not shown."
            return self._keep(
                comparison.alone(heading, heading, table.frame, data=self.data, caption=why, formats=formats)
            )
        compared = comparison.compare(
            paper,
            number,
            table.frame,
            data=data or self.data,
            reasons=reasons,
            better=better,
            formats=formats,
            same_data=same_data,
            remark=remark,
        )
        self._tables[published.paper_named(paper).name, str(number)] = flat(table.frame)
        return self._keep(compared)

    def table(
        self,
        title: str,
        obtained: Obtained,
        *,
        caption: str = "",
        reasons: Mapping[str, str] | None = None,
        formats: Mapping[str, str] | None = None,
    ) -> Comparison | LeftOut:
        """A table that no paper prints, shown and kept like the others; its reasons say why rows are missing."""
        self.keep(title, obtained)
        if isinstance(obtained, LeftOut):
            return self._without(title, obtained)
        table = as_table(obtained)
        given = reasons or (table.reasons if isinstance(table.reasons, Mapping) else {})
        formats = formats or table.formats
        return self._keep(
            comparison.alone(title, title, table.frame, data=self.data, caption=caption, reasons=given, formats=formats)
        )

    def keep(self, title: str, obtained: Obtained) -> None:
        """Remember for :meth:`check_all` a table that is not shown as one, such as the numbers of a figure."""
        if isinstance(obtained, LeftOut):
            self._checks[title] = obtained
            return
        for check in as_table(obtained).checks:
            self._checks[f"{title}, {check.part}" if check.part else title] = check

    def check_all(self) -> "Checked":
        """Compare every table so far with its recorded numbers; shows one line for each.

        "Table 5.1: 27 of 27 cells within tolerance". See :func:`vretlib.report.recorded.check`; a record is named after
        chapter and title.
        """
        for title, kept in self._checks.items():
            if isinstance(kept, LeftOut):
                self.check(title, kept, {})
            else:
                self.check(title, kept.frame, kept.tolerance, unchecked=kept.unchecked)
        return Checked(tuple(self._verdicts.values()))

    def answers(self, title: str, answers: Sequence[Answer]) -> Written:
        """The answers to single photographs, kept as ``answers/TITLE.csv``; shown as one line."""
        return per_photograph.write(self.folder, title, answers)

    def check(
        self,
        title: str,
        obtained: pd.DataFrame | LeftOut,
        tolerance: Tolerances,
        *,
        unchecked: Iterable[str] = (),
        units: Mapping[str, str] | None = None,
    ) -> Verdict:
        """Compare with the recorded numbers; shows one line, such as "Table 5.1: 27 of 27 cells within tolerance".

        Parameters as in :func:`vretlib.report.recorded.check`; the record is named after chapter and title.
        """
        name = f"{self.name}/{slug(title)}"
        if isinstance(obtained, LeftOut):
            verdict = recorded.not_checked(title, name, "the table is left out")
        else:
            verdict = recorded.check(
                name,
                obtained,
                tolerance,
                title=title,
                profile=self.profile,
                parameters=self.parameters,
                unchecked=unchecked,
                units=units,
            )
        self._verdicts[title] = verdict
        write_json(self.folder / "checks.json", {"checks": [vars(v) for v in self._verdicts.values()]})
        return verdict

    def figure(
        self, fig: Figure | LeftOut, name: str, *, caption: str, title: str = "", data: Mapping[str, Any] | None = None
    ) -> figures.SavedFigure | LeftOut:
        """Keep a figure with its data and show it with its caption; parameters as in :func:`figures.save`."""
        if isinstance(fig, LeftOut):
            return self._without(title or name.replace("_", " "), fig)
        self._order += 1
        return figures.save(
            fig, name, caption=caption, title=title, data=data, results_dir=self.folder, order=self._order
        )

    def claims(
        self,
        *ids: str,
        tables: Mapping[tuple[str, str], pd.DataFrame] | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Judge claims on the published numbers and on every table given to :meth:`compare` so far.

        ``tables`` adds obtained tables that were not compared, ``context`` facts about the data that no table holds.
        Returns the board that ``claims.judge`` makes.
        """
        if self.own_data:
            return self._without("Claims", LeftOut("what the papers claim is about their data, and these are your own"))
        from vretlib.report import claims

        board = claims.judge(list(ids), {**self._tables, **(tables or {})}, context)
        self._claims.update({record["id"]: record for record in board.records()})
        write_json(self.folder / "claims.json", {"claims": list(self._claims.values())})
        return board

    def footer(
        self, *, data: Mapping[str, str | Path] | None = None, weights: Mapping[str, str | Path] | None = None
    ) -> Provenance:
        """Where the numbers come from, with the seconds since the chapter was made; shown and kept."""
        seconds = time.perf_counter() - self._started
        facts = footer(seed=self.seed, seconds=seconds, data=data, weights=weights)
        write_json(self.folder / "provenance.json", dict(facts.facts))
        return facts

    def _without(self, title: str, missing: LeftOut) -> LeftOut:
        self._left_out[title] = missing.why
        told = [{"title": title, "why": why} for title, why in self._left_out.items()]
        write_json(self.folder / "left_out.json", {"left_out": told})
        return missing

    def _keep(self, table: Comparison) -> Comparison:
        self._order += 1
        folder = self.folder / "tables"
        files = table.save(folder)
        about = {"order": self._order, "name": table.name, "title": table.title, "caption": table.caption}
        counts = {**table.counts, "reasons": table.reasons}
        write_json(folder / f"{table.name}.json", {**about, "data": table.data, "files": files, **counts})
        return table


@dataclass(frozen=True, repr=False)
class Checked:
    """The outcome of every check of a page, one line each."""

    verdicts: tuple[Verdict, ...]

    def __repr__(self) -> str:
        return "\n".join(verdict.line for verdict in self.verdicts) or "no table is recorded"


_PLAIN = (str, int, float, bool, type(None), list)
