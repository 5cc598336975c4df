"""Learning curves: what encoders gain from more training clips and from more training steps."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vretlib.errors import NoExampleError
from vretlib.models.committed_encoders import Committed
from vretlib.models.temporal_curve import HELD_OUT
from vretlib.plots.curves import band
from vretlib.report.figures import PAGE

_BASELINE = "sum of the frames of a shot"


def encoders(committed: Committed) -> Figure:
    """The learning curve of committed encoders: one panel for held-out clips, one for each kind of query.

    Lines are means over seeds by number of training clips, with a band from the worst to the best seed. Hollow marks at
    their end are trainings with more steps. A dotted line is the mAP of `sum_pool`, which learns nothing.

    Raises
    ------
    NoExampleError: the card has no learning curve, since the weights were trained before the recipe had one.
    """
    if "learning" not in committed.card:
        raise NoExampleError(f"the card has no learning curve yet; the command makes it: {committed.card['command']}")
    baseline = committed.card["accuracy"][_BASELINE]
    panels = {HELD_OUT: "held-out frames whose own\nshot is nearest (share)"}
    panels |= {kind: f"mAP, {kind}" for kind in baseline}
    fig, axes = plt.subplots(1, len(panels), figsize=(PAGE, 3.0), layout="constrained")
    for ax, (measure, ylabel) in zip(axes, panels.items(), strict=True):
        _panel(ax, committed, measure)
        ax.set_ylabel(ylabel)
        if measure in baseline:
            ax.axhline(baseline[measure], color="0.3", linestyle=":", linewidth=1.2, label="sum of the frames")
    fig.supxlabel("training clips (logarithmic)", fontsize=plt.rcParams["axes.labelsize"])
    fig.legend(*axes[-1].get_legend_handles_labels(), loc="outside upper center", ncols=5)
    return fig


def _panel(ax: Axes, committed: Committed, measure: str) -> None:
    more = committed.learning("steps", measure)
    for k, (cell, of) in enumerate(committed.learning("clips", measure).items()):
        values, colour = np.array(list(of.values())), f"C{k}"
        (line,) = ax.plot(list(of), values.mean(axis=1), marker="os"[k], markersize=4, color=colour, label=cell.upper())
        band(line, values.min(axis=1), values.max(axis=1))
        steps = max(more[cell])
        seeds, place = more[cell][steps], max(of) * (1.1 + 0.12 * k)  # beside the end of the line
        ax.vlines(place, min(seeds), max(seeds), color=colour, linewidth=1)
        name = f"{cell.upper()}, {steps:,} steps"
        ax.plot(place, np.mean(seeds), "os"[k], markersize=5, markerfacecolor="w", color=colour, label=name)
    ax.set_xscale("log", base=2)
    ax.set_xticks(list(of), [f"{n:,}" for n in of])
    ax.minorticks_off()
