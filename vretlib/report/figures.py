"""Figures: the project's style, and saving.

A saved figure has a PNG, an SVG, its numbers, and a caption that says what to see.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cbook import is_math_text
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from vretlib import paths
from vretlib.errors import UserError
from vretlib.report import escaping
from vretlib.report.files import replacing, slug, write_json, write_text

STYLE = Path(__file__).with_name("vretlib.mplstyle")
PAGE = 6.4
"""Width of the page in inches."""

_PAGE_BYTES = 150_000


@dataclass(frozen=True, repr=False)
class SavedFigure:
    """A saved figure; a notebook shows the picture with title and caption below it."""

    path: Path
    title: str
    caption: str

    def _ipython_display_(self) -> None:
        from IPython import display

        title = f"{self.title}. " if self.title else ""
        text = escaping.one_line(title + self.caption)
        display.display(display.Image(data=_for_the_page(self.path), format="png", alt=text))
        display.display(display.Markdown(self._heading(escaping.caption)))

    def __repr__(self) -> str:
        return self._heading(escaping.one_line)

    def _heading(self, as_text: Callable[[str], str]) -> str:
        return (f"**{as_text(self.title)}.** " if self.title else "") + as_text(self.caption)


def use_style() -> None:
    """Use the project's style for all following figures."""
    plt.style.use(["default", STYLE])


def size(width: float = 1.0, aspect: float = 0.6) -> tuple[float, float]:
    """Figure size in inches for a share of the page's width; ``aspect`` is height over width."""
    return PAGE * width, PAGE * width * aspect


def plain(name: object, max_length: int = 60) -> str:
    """A name from the data (film, class, level) for a figure, shown unchanged.

    Without this, Matplotlib renders ``$…$`` as a formula and leaves names that begin with ``_`` out of legends. A name
    of more than ``max_length`` characters is shortened in the middle.
    """
    text = escaping.one_line(str(name))
    if len(text) > max_length:
        text = f"{text[: max_length // 2]}…{text[len(text) + 1 - max_length + max_length // 2 :]}"
    text = text.replace("$", r"\$")
    return f" {text}" if text.startswith("_") else text


def picture(axes: Axes, image: np.ndarray, title: str = "") -> None:
    """Show an image (rows, columns) or (rows, columns, 3) without ticks; uint8 keeps its brightness, 0 to 255."""
    low, high = (0, 255) if image.dtype == np.uint8 else (None, None)
    axes.imshow(image, cmap="gray" if image.ndim == 2 else None, interpolation="antialiased", vmin=low, vmax=high)
    axes.set(title=title, xticks=[], yticks=[])


def save(
    fig: Figure,
    name: str,
    *,
    caption: str,
    title: str = "",
    data: Mapping[str, Any] | None = None,
    results_dir: str | Path = "",
    order: int = 0,
) -> SavedFigure:
    """The figure as saved: NAME.png and NAME.svg, the data that it shows, and NAME.json. The figure is closed.

    Parameters
    ----------
    fig: a figure, or anything that has one (axes, a seaborn grid).
    name: becomes the file name.
    caption: one or two sentences that say what to see; required.
    title: ``"Fig 5.4"`` for a figure of the paper.
    data: arrays by name, from which the figure can be drawn again. Lists of one length are saved as NAME.csv, others
        as NAME.npz.
    results_dir: folder of the chapter, or ``""`` for the results folder; the files go into its ``figures``.
    order: position among the page's tables and figures.

    Raises
    ------
    UserError: the caption is empty, or a file cannot be written.
    """
    if not caption.strip():
        raise UserError(f'figure "{name}": no caption; say what to see')
    fig = getattr(fig, "figure", fig)
    for axes in fig.axes:
        if axes.images:
            axes.grid(False)  # the style's grid would lie on the pictures
    _no_formulas(fig)
    folder, stem = paths.results(results_dir) / "figures", slug(name)
    with replacing(folder / f"{stem}.png") as partial:
        fig.savefig(partial, format="png", metadata={"Software": None})
    fig.set_layout_engine("none")  # the PNG's layout serves the SVG too; finding it again takes long
    with replacing(folder / f"{stem}.svg") as partial, plt.rc_context({"svg.hashsalt": "vretlib"}):
        fig.savefig(partial, format="svg", metadata={"Date": None, "Creator": None})
    files = {"png": f"{stem}.png", "svg": f"{stem}.svg"}
    if data:
        files["data"] = _save_data(folder, stem, {key: np.asarray(value) for key, value in data.items()})
    write_json(
        folder / f"{stem}.json", {"order": order, "name": stem, "title": title, "caption": caption, "files": files}
    )
    plt.close(fig)
    return SavedFigure(folder / f"{stem}.png", title, caption)


def _no_formulas(fig: Figure) -> None:
    """Draw all texts literally; only the powers of ten along a logarithmic axis are formulas."""
    powers: set[Text] = set()
    for axis in (axis for axes in fig.axes for axis in (axes.xaxis, axes.yaxis)):
        labels = axis.get_ticklabels(which="both")  # brings them up to date, too
        powers |= set(labels) if axis.get_scale() == "log" else set()
    for text in fig.findobj(Text):
        if text not in powers and is_math_text(text.get_text()):
            text.set_parse_math(False)


def _save_data(folder: Path, stem: str, arrays: Mapping[str, np.ndarray]) -> str:
    if any(array.dtype == object for array in arrays.values()):
        raise UserError(f'data of figure "{stem}": arrays of numbers or texts, not of objects')
    if len({array.shape for array in arrays.values()}) == 1 and all(array.ndim == 1 for array in arrays.values()):
        text = pd.DataFrame(dict(arrays)).to_csv(index=False, lineterminator="\n")
        return write_text(folder / f"{stem}.csv", text).name
    with replacing(folder / f"{stem}.npz") as partial, open(partial, "wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    return f"{stem}.npz"


def _for_the_page(path: Path) -> bytes:
    """The PNG for the notebook; above `_PAGE_BYTES` it is reduced to 256 colours. The file stays unchanged."""
    full = path.read_bytes()
    if len(full) <= _PAGE_BYTES:
        return full
    small = io.BytesIO()
    in_few_colours(Image.open(path).convert("RGB")).save(small, format="png", optimize=True)
    return min(full, small.getvalue(), key=len)


def in_few_colours(picture: Image.Image) -> Image.Image:
    """An RGB picture in 256 colours, of which each that it has is near one.

    Pillow's usual palette, the median cut, has colours for where the pixels are many: the markers over a photograph are
    few, and those of two colours may become one. Maximum coverage has a colour near every pixel, and one round of
    k-means (it ends once no more pixels than given change their colour) brings its colours to the middle of theirs.
    """
    return picture.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=picture.width * picture.height)
