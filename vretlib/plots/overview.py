"""Overview figures: the printed tables of each notebook, a tile for each claim, and the agreement of orders."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from vretlib.errors import NoExampleError
from vretlib.report import figures
from vretlib.report.agreement import Agreements
from vretlib.report.board import Board, JudgedClaim
from vretlib.report.companion import PARTS
from vretlib.report.predicates.comparisons import HOLDS, REVERSED, UNDECIDED
from vretlib.report.verdict import PARTLY, UNTESTABLE

COLOURS = {HOLDS: "#56B4E9", UNDECIDED: "#F0E442", PARTLY: "#E69F00", REVERSED: "#D55E00", UNTESTABLE: "#d0d0d0"}
BLUE = "#0072B2"
_PER_LINE = 19


def printed_tables() -> Figure:
    """A bar per notebook with a segment per published table, whose width counts printed cells."""
    parts = [part for part in PARTS if part.tables()]
    fig, axes = plt.subplots(figsize=figures.size(1.15, 0.52))
    for y, part in enumerate(parts):
        left = 0
        for number, cells in part.tables().items():
            axes.barh(y, cells, left=left, color=BLUE, edgecolor="white", linewidth=1.2)
            if cells >= 4 + 3 * len(number):  # wide enough for its number
                axes.text(left + cells / 2, y, number, ha="center", va="center", color="white", fontsize=7)
            left += cells
    axes.set_yticks(range(len(parts)), [f"{part.notebook}  ({part.source})" for part in parts])
    axes.set(xlabel="printed cells", ylim=(len(parts) - 0.5, -0.5))
    axes.grid(visible=False, axis="y")
    return fig


def claims_board(board: Board) -> Figure:
    """A tile per claim; the filled part is the share of comparisons that hold on the published numbers."""
    groups = [(part, [claim for claim in board if part.has_claim(claim.paper, claim.evidence)]) for part in PARTS]
    groups = [(part, claims) for part, claims in groups if claims]
    fig, axes = plt.subplots(figsize=figures.size(1.25, 0.07 + 0.075 * len(groups)))
    for line, (part, claims) in enumerate(groups):
        axes.text(-0.4, line + 0.45, part.source.replace("_", " "), ha="right", va="center")
        for place, claim in enumerate(claims):
            _tile(axes, place, line, claim)
    axes.set(xlim=(-4.4, _PER_LINE + 0.2), ylim=(len(groups) + 0.1, -0.1))
    axes.set_axis_off()
    directions = {claim.published.direction for claim in board}
    handles = [Patch(facecolor=colour, label=name) for name, colour in COLOURS.items() if name in directions]
    fig.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    return fig


def order_of_methods(agreements: Agreements) -> Figure:
    """A point per table at its Kendall's τ, with its interval.

    Raises
    ------
    NoExampleError: no table has a τ.
    """
    shown = [(place, fields) for place, fields in agreements.items() if fields["tau"] is not None]
    if not shown:
        raise NoExampleError("nothing has been recorded yet")
    fig, axes = plt.subplots(figsize=figures.size(1.0, 0.16 + 0.05 * len(shown)))
    for y, (_, fields) in enumerate(shown):
        if fields["interval"]:
            axes.plot(fields["interval"], [y, y], color=BLUE, linewidth=3, solid_capstyle="butt", alpha=0.35)
        axes.plot(fields["tau"], y, "o", color=BLUE)
    axes.set_yticks(range(len(shown)), [f"{title}  ({chapter})" for (chapter, title), _ in shown])
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set(xlabel="Kendall's τ of the published and the obtained order")
    axes.set(xlim=(-1.05, 1.05), ylim=(len(shown) - 0.4, -0.6))
    axes.grid(visible=False, axis="y")
    return fig


def _tile(axes: Axes, x: float, y: float, claim: JudgedClaim) -> None:
    """Draw the tile of one claim with the end of its id and "k/n" comparisons."""
    verdict = claim.published
    share = verdict.true / verdict.total if verdict.total else 0.0
    width, height = 0.92, 0.86
    colour = COLOURS[verdict.direction]
    axes.add_patch(Rectangle((x, y), width, height, facecolor=colour, alpha=0.18))
    axes.add_patch(Rectangle((x, y + height * (1 - share)), width, height * share, facecolor=colour))
    axes.add_patch(Rectangle((x, y), width, height, fill=False, edgecolor=colour, linewidth=1.2))
    count = f"{verdict.true}/{verdict.total}" if verdict.total else "–"
    axes.text(x + width / 2, y + 0.30, claim.id[-2:], ha="center", va="center", fontsize=7.5, weight="bold")
    axes.text(x + width / 2, y + 0.64, count, ha="center", va="center", fontsize=4.8 if len(count) > 5 else 5.8)
