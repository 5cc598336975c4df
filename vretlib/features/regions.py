"""The regions of R-MAC (Tolias et al., 2016; thesis §2.1.3): overlapping squares of several sizes on a feature map.

A region is a row y0, x0, y1, x1 in cells of the map, y1 and x1 not included.
"""

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from vretlib import arrays, tensors
from vretlib.errors import UserError

_MORE_CELLS = np.arange(1, 7)  # Tolias' code tries 2 to 7 squares along the longer side


def rmac_grid(height: int, width: int, levels: int = 3, overlap: float = 0.4) -> NDArray[np.int64]:
    """Regions of a map of ``height`` × ``width`` cells, int64 (R, 4), as Tolias' code places them.

    At level l the squares have the side ⌊2·min(height, width)/(l+1)⌋. There are l of them along the shorter side and
    l + m along the longer, evenly spread from 0 to the border. m is 0 for a square map. Otherwise it is the number from
    1 to 6 for which the overlap of neighbours at level 1 is nearest to ``overlap`` of their area, the smallest on a
    tie. Regions are sorted by level, then row, then column. A level whose squares would have side 0 is left out: maps
    one cell wide have only level 1.

    Ties are decided in double precision, in the order of operations of Tolias' MATLAB code, which can differ from exact
    arithmetic: on a 5 × 9 map the overlaps .2 and .6 are equally far from .4, and rounding prefers 3 squares to 2.

    Raises
    ------
    UserError: a map without cells, or ``levels`` below 1.

    Examples
    --------
    >>> len(rmac_grid(7, 7)), len(rmac_grid(24, 32))
    (14, 20)
    >>> rmac_grid(2, 3, levels=1).tolist()
    [[0, 0, 2, 2], [0, 1, 2, 3]]
    """
    height, width, levels = (
        arrays.whole(x, name, 0) for x, name in ((height, "height"), (width, "width"), (levels, "levels"))
    )
    overlap = arrays.number(overlap, "overlap")
    if min(height, width) < 1 or levels < 1:
        raise UserError(f"map of {height} × {width} cells, levels={levels}; expected at least one of each")
    more = _more_cells(height, width, overlap)
    regions = []
    for level in range(1, min(levels, 2 * min(height, width)) + 1):  # beyond, squares have side 0
        side = 2 * min(height, width) // (level + 1)
        rows = _starts(height, side, level + (more if height > width else 0))
        columns = _starts(width, side, level + (more if width > height else 0))
        regions += [(y, x, y + side, x + side) for y in rows for x in columns if side]
    return np.array(regions, np.int64)


def _more_cells(height: int, width: int, overlap: float) -> int:
    """The number m of additional squares along the longer side."""
    if height == width:
        return 0
    short, long = min(height, width), max(height, width)
    step = (long - short) / _MORE_CELLS
    overlaps = (short**2 - short * step) / short**2  # in this order: its rounding decides ties
    return int(_MORE_CELLS[np.argmin(np.abs(overlaps - overlap))])


def _starts(length: int, side: int, n: int) -> list[int]:
    """The starts of ``n`` segments that cover ``length`` evenly.

    They equal those of Tolias' code, floor(s + k·b) - s with b = (length-side) / (n-1) and a whole s: tested for all
    lengths up to 45.
    """
    return [k * (length - side) // max(1, n - 1) for k in range(n)]


def region_maxima(maps: Tensor, regions: NDArray[np.int64]) -> Tensor:
    """The largest response of each filter in each region (thesis eqs 2.5, 2.6).

    The maximum is taken over rows first, once for all regions with the same rows, then over columns; for all images
    together and with the filters innermost in memory.

    Parameters
    ----------
    maps: (n, d, h, w) of any float type; fastest in ``torch.channels_last`` memory format. Gradients pass through.
    regions: int64 (R, 4) rows y0, x0, y1, x1, see `rmac_grid`.

    Returns
    -------
    (n, R, d) of the type of ``maps``.

    Raises
    ------
    UserError: maps with NaN or infinity; a region that is empty or reaches out of the map.
    """
    tensors.maps(maps)
    regions = _rows(regions)
    _check(regions, *maps.shape[2:])
    if not len(regions):
        return maps.new_empty(len(maps), 0, maps.shape[1])
    cells = maps.permute(0, 2, 3, 1).contiguous()
    bands = {(y0, y1): cells[:, y0:y1].amax(1) for y0, y1 in np.unique(regions[:, [0, 2]], axis=0).tolist()}
    return torch.stack([bands[y0, y1][:, x0:x1].amax(1) for y0, x0, y1, x1 in regions.tolist()], 1)


def _rows(regions: ArrayLike) -> NDArray[np.int64]:
    given = arrays.array(regions, "regions")
    if given.size == 0:
        return np.empty((0, 4), np.int64)
    if given.ndim != 2 or given.shape[1] != 4 or given.dtype.kind not in "iu":
        raise UserError(f"regions are {given.dtype} of shape {given.shape}; expected whole numbers (n, 4)")
    return given.astype(np.int64)


def _check(regions: NDArray[np.int64], height: int, width: int) -> None:
    wrong = (regions[:, :2] < 0).any(1) | (regions[:, :2] >= regions[:, 2:]).any(1)
    wrong |= (regions[:, 2:] > (height, width)).any(1)
    if wrong.any():
        raise UserError(
            f"region {regions[wrong.argmax()].tolist()} on a map of {height} × {width}; expected y0 < y1 and x0 < x1 "
            "inside it. Make the regions with rmac_grid for this size."
        )
