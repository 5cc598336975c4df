"""The results of one notebook: a `Chapter` shows tables, figures and claims, and saves them for the index."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from vretlib import paths
from vretlib.errors import UserError
from vretlib.parameters import Chosen
from vretlib.report import agreement, comparison, figures, published, recorded
from vretlib.report import answers as answer_files
from vretlib.report.answers import Answer, AnswersFile
from vretlib.report.comparison import ComparedTable, Reasons
from vretlib.report.files import remove, slug, write_json
from vretlib.report.left_out import LeftOut
from vretlib.report.provenance import Provenance, footer
from vretlib.report.recorded import CheckResult
from vretlib.report.table import Check, Obtained, Table, as_table


class Chapter:
    """The results of one notebook; `vretlib.report` has an example page and lists the files that are written.

    A new object sets the project's figure style and removes the JSON files that an earlier run left in the folder.

    Parameters
    ----------
    chosen: the page's parameters, from `vretlib.parameters.check`: they name the page, the results folder
        (``""`` is the project's) and the profile, and a check compares with numbers recorded for equal parameters.
    data: description of the data, such as ``"embedded films, seed 0"``. Every table shows it.
    own_data: whether the data are the reader's own. If so, `compare` shows the obtained numbers without the published
        ones, which belong to other data, and no claim is judged.
    """

    def __init__(self, chosen: Chosen, *, data: str, own_data: bool = False) -> None:
        name = chosen.chapter
        if slug(name) != name:
            raise UserError(f'chapter "{name}": not a file name; expected one such as 05_binary_features')
        self.chosen, self.data, self.own_data = chosen, data, own_data
        self.folder = paths.results(chosen.results_dir) / name
        self._started = time.perf_counter()
        self._order = 0
        self._tables: dict[tuple[str, str], pd.DataFrame] = {}
        self._stands_for: dict[str, str] = {}
        self._checks: dict[str, Check | LeftOut] = {}
        self._claims: dict[str, dict[str, Any]] = {}
        self._left_out: dict[str, str] = {}
        self._agreements: dict[str, dict[str, Any]] = {}
        for earlier in [*self.folder.glob("*.json"), *self.folder.glob("*/*.json")]:
            remove(earlier)
        figures.use_style()
        plain = {key: value if isinstance(value, _PLAIN) else str(value) for key, value in chosen.deciding.items()}
        about = {"name": name, "profile": chosen.profile, "seed": chosen.seed, "data": data, "parameters": plain}
        write_json(self.folder / "chapter.json", about)

    def compare(
        self,
        paper: str,
        number: str,
        obtained: Obtained,
        *,
        data: str = "",
        same_data: bool = False,
        remark: str = "",
    ) -> ComparedTable | LeftOut:
        """A published table beside the obtained one, which is saved, and shown by a cell.

        Parameters as in `vretlib.report.comparison.with_published`.

        `claims` and `check_all` use the table later. A `LeftOut` is shown instead of a table.
        """
        self.keep(f"Table {number}", obtained)
        if isinstance(obtained, LeftOut):
            return self._leave_out(f"Table {number}", obtained)
        table = as_table(obtained)
        if self.own_data:
            heading = f"As {published.read(paper, number).title}"
            why = "On images of your own: the published numbers are of other data, and are not shown."
            return self._alone(heading, table, caption=why)
        measured = table.measured()
        compared = comparison.with_published(
            paper,
            number,
            measured,
            data=data.rstrip(".") or self.data,
            reasons=table.reasons,
            better=table.better,
            formats=table.formats,
            baseline=table.baseline,
            stands_for=table.stands_for,
            spread=table.spread,
            same_data=same_data,
            remark=remark,
        )
        self._tables[published.paper_named(paper).name, str(number)] = measured
        self._stands_for.update(table.stands_for)
        return self._save_table(compared)

    def table(self, title: str, obtained: Obtained, *, caption: str = "", data: str = "") -> ComparedTable | LeftOut:
        """A table that no paper prints, which is saved, and shown by a cell; its reasons explain missing rows.

        ``data`` describes other data than the page's.
        """
        self.keep(title, obtained)
        if isinstance(obtained, LeftOut):
            return self._leave_out(title, obtained)
        table = as_table(obtained)
        return self._alone(title, table, caption=caption, reasons=table.reasons, data=data)

    def keep(self, title: str, obtained: Obtained) -> None:
        """Give `check_all` a table that the page does not show, such as the numbers of a figure."""
        if isinstance(obtained, LeftOut):
            self._checks[title] = obtained
            return
        for check in as_table(obtained).checks:
            self._checks[f"{title}, {check.part}" if check.part else title] = check

    def check_all(self) -> "CheckResults":
        """The results of comparing every table so far with its recorded numbers; a page shows one line for each.

        A line reads "Table 5.1: 27 of 27 cells within tolerance". A record is named after chapter and title; see
        `vretlib.report.recorded.check`.
        """
        results = [self._checked(title, check) for title, check in self._checks.items()]
        write_json(self.folder / "checks.json", {"checks": [vars(result) for result in results]})
        return CheckResults(tuple(results))

    def answers(self, title: str, answers: Sequence[Answer]) -> AnswersFile:
        """The file ``answers/TITLE.csv`` with the answers to single photographs; a page shows one line."""
        return answer_files.write(self.folder, title, answers)

    def _checked(self, title: str, check: Check | LeftOut) -> CheckResult:
        name = f"{self.chosen.chapter}/{slug(title)}"
        if isinstance(check, LeftOut):
            return recorded.not_checked(title, name, "the table is left out")
        return recorded.check(
            name,
            check.frame,
            check.tolerance,
            title=title,
            profile=self.chosen.profile,
            parameters=self.chosen.deciding,
            unchecked=check.unchecked,
        )

    def figure(
        self, fig: Figure | LeftOut, name: str, *, caption: str, title: str = "", data: Mapping[str, Any] | None = None
    ) -> figures.SavedFigure | LeftOut:
        """A figure, which is saved with its data, and shown with its caption; parameters as in `figures.save`."""
        if isinstance(fig, LeftOut):
            return self._leave_out(title or name.replace("_", " "), fig)
        self._order += 1
        return figures.save(
            fig, name, caption=caption, title=title, data=data, results_dir=self.folder, order=self._order
        )

    def claims(
        self,
        *ids: str,
        tables: Mapping[tuple[str, str], Table | pd.DataFrame] | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The board of claims, judged on the published numbers and on every table given to `compare` so far.

        ``tables`` adds obtained tables that were not compared; a `Table` with values per query gives intervals.
        ``context`` adds facts about the data that no table holds. See `vretlib.report.claims.judge`.
        """
        if self.own_data:
            return self._leave_out(
                "Claims", LeftOut("what the papers claim is about their data, and these are your own")
            )
        from vretlib.report import claims

        further = {key: as_table(table).measured() for key, table in (tables or {}).items()}
        board = claims.judge(list(ids), {**self._tables, **further}, context, self._stands_for)
        self._claims.update({record["id"]: record for record in board.records()})
        write_json(self.folder / "claims.json", {"claims": list(self._claims.values())})
        return board

    def footer(
        self, *, data: Mapping[str, str | Path] | None = None, weights: Mapping[str, str | Path] | None = None
    ) -> Provenance:
        """Where the numbers come from, and the seconds since this object was made, which is saved and shown."""
        seconds = time.perf_counter() - self._started
        facts = footer(seed=self.chosen.seed, seconds=seconds, data=data, weights=weights)
        write_json(self.folder / "provenance.json", dict(facts.facts))
        agreement.keep(self.chosen.chapter, self.chosen.profile, self._agreements)
        return facts

    def _alone(self, title: str, table: Table, *, caption: str, reasons: Reasons = "", data: str = "") -> ComparedTable:
        """A table without published numbers, which is saved."""
        given = reasons if isinstance(reasons, Mapping) else {}
        shown = comparison.alone(
            title, title, table.measured(), data=data.rstrip(".") or self.data, caption=caption, reasons=given,
            better=table.better, formats=table.formats, baseline=table.baseline, spread=table.spread,
        )  # fmt: skip
        return self._save_table(shown)

    def _leave_out(self, title: str, missing: LeftOut) -> LeftOut:
        self._left_out[title] = missing.why
        records = [{"title": title, "why": why} for title, why in self._left_out.items()]
        write_json(self.folder / "left_out.json", {"left_out": records})
        return missing

    def _save_table(self, table: ComparedTable) -> ComparedTable:
        self._order += 1
        folder = self.folder / "tables"
        files = table.save(folder)
        about = {"order": self._order, "name": table.name, "title": table.title, "caption": table.caption}
        counts: dict[str, Any] = {**table.counts, "reasons": table.reasons}
        if table.order:
            counts["agreement"] = self._agreements[table.title] = table.order.record()
        write_json(folder / f"{table.name}.json", {**about, "data": table.data, "files": files, **counts})
        return table


@dataclass(frozen=True, repr=False)
class CheckResults:
    """The results of all checks of a page; a notebook shows one line for each."""

    results: tuple[CheckResult, ...]

    def __repr__(self) -> str:
        return "\n".join(result.line for result in self.results) or "no table is recorded"


_PLAIN = (str, int, float, bool, type(None), list)
