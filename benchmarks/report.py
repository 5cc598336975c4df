"""The files of a run: JSON with machine and versions, a picture, and a table of targets."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import matplotlib.pyplot as plt
from tabulate import tabulate

from benchmarks import Options, Row
from vretlib.report import figures, provenance


def write_json(rows: list[Row], options: Options, path: Path) -> None:
    """All rows with the machine, the versions and the options, in one file that is either complete or missing."""
    content = {
        "options": {name: str(value) if isinstance(value, Path) else value for name, value in asdict(options).items()},
        "environment": provenance.environment(),
        "rows": [_plain(row) for row in rows],
    }
    partial = path.with_name(path.name + ".partial")
    partial.write_text(json.dumps(content, indent=1, default=str) + "\n", encoding="utf-8")
    os.replace(partial, path)


def _plain(row: Row) -> dict[str, object]:
    goal = row.goal
    return {**asdict(row), "goal": None if goal is None else {**asdict(goal), "reached": goal.reached}}


def table(rows: list[Row], options: Options) -> str:
    """Rows with their targets, as a table. A quick run is not judged; points of a curve are only in the picture."""
    lines = []
    for row in rows:
        goal = row.goal
        if "recall" in row.settings:
            continue
        asked = f"{'≤' if goal.at_most else '≥'} {goal.wanted:g}" if goal else ""
        obtained = f"{goal.obtained:.2f}" if goal else ""
        verdict = ""
        if goal and not options.quick:
            verdict = "reached" if goal.reached else "NOT reached"
        lines.append([row.subject, row.method, f"{row.value:,.0f}", row.unit, asked, obtained, verdict])
    return tabulate(lines, ["subject", "method", "value", "unit", "target", "obtained", ""], disable_numparse=True)


def bars(rows: list[Row], path: Path) -> None:
    """One panel of bars per subject."""
    figures.use_style()
    subjects = list(dict.fromkeys(row.subject for row in rows))
    fig, axes = plt.subplots(len(subjects), 1, figsize=(6.4, 0.8 + 1.4 * len(subjects)), squeeze=False)
    for panel, subject in zip(axes[:, 0], subjects, strict=True):
        these = [row for row in rows if row.subject == subject]
        drawn = panel.barh([row.method for row in these], [row.value for row in these])
        panel.bar_label(drawn, fmt="{:,.4g}", padding=3)
        panel.margins(x=0.15)
        panel.invert_yaxis()
        panel.set(title=subject, xlabel=these[0].unit)
    fig.savefig(path)
    plt.close(fig)
