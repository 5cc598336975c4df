"""The outline of a film's picture in a photograph of the screen that shows it.

This goes beyond the thesis, which describes the whole photograph: there, features of the room and of the bezel vote
too, and the picture's features are taken at another scale than the film's. With the outline, the picture can be cut
out, rectified and resized to the width at which the film was described.

A picture on a screen ends in four straight edges, bright inside and dark outside. The method finds straight edges of
these four kinds by a vote, joins them into quadrilaterals, and measures which share of each outline is such an edge and
how far the edges continue beyond its corners. An outline without clear support on all four sides is not returned: a
wrong one would lose the query, whereas without one the photograph is searched as it was taken.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.features._screen_edges import Edges, Grey, edges_by_side, straight_lines

Corners = NDArray[np.float32]

WORKING_WIDTH = 480  # pixels: shows an outline, and averages moiré and sensor noise out
MIN_PHOTOGRAPH = 32  # pixels: smaller photographs are refused
SAMPLES = 50  # points looked at on each side
MIN_AREA = 0.08  # of the photograph
ASPECTS = (1.0, 3.2)  # width : height, with room for 1.33 to 2.4 seen obliquely
FINALISTS = 64  # quadrilaterals whose surroundings are looked at
STEP = 0.25  # weight of the step in brightness: a film's edge is a larger one than that of the black bars beside it
LONGEST = 20  # longer side : shorter side; a film's picture is never longer
MIN_SIDE_SUPPORT = 0.55
MIN_SCORE = 0.8


def find_screen(photo: NDArray[np.uint8]) -> Corners | None:
    """Corners of the bright picture in a photograph, or None where no outline is clearly supported.

    Parameters
    ----------
    photo: (h, w, 3) RGB or (h, w) grey, uint8; of a screen that is roughly upright (its sides within 23° of the
        photograph's) and wholly inside the photograph.

    Returns
    -------
    (4, 2) float32 or None
        x, y of the picture's top left, top right, bottom right and bottom left corner, in pixels of ``photo``, with
        pixel centres at whole numbers. Nothing is random: the same photograph gives the same corners.

    Raises
    ------
    UserError: no uint8 picture, or one smaller than `MIN_PHOTOGRAPH`.
    """
    grey = _grey(photo)
    scale = WORKING_WIDTH / grey.shape[1]
    small = cv2.resize(grey, (WORKING_WIDTH, max(2, round(grey.shape[0] * scale))), interpolation=cv2.INTER_AREA)
    # Square roots: contrast of light is relative, and a dark film must not vanish beside a lit wall.
    smooth = cv2.GaussianBlur(np.sqrt(small), (0, 0), 1.2)
    edges = edges_by_side(smooth)
    best = _best_quadrilateral(smooth, edges, [straight_lines(e) for e in edges])
    if best is None:
        return None
    shape = np.array([grey.shape[1] / small.shape[1], grey.shape[0] / small.shape[0]], dtype=np.float32)
    coarse = (best + 0.5) * shape - 0.5
    refined = _refined(grey, coarse, reach=2.5 * float(shape.max()))
    return refined if goes_round(refined) else coarse


def goes_round(corners: ArrayLike) -> bool:
    """Whether four points (x, y) in pixels go clockwise in the image round a convex area of at least a pixel."""
    quad = np.asarray(corners, dtype=np.float64)
    if quad.shape != (4, 2) or not np.isfinite(quad).all():
        return False
    sides = np.roll(quad, -1, axis=0) - quad
    after = np.roll(sides, -1, axis=0)
    return bool((sides[:, 0] * after[:, 1] - sides[:, 1] * after[:, 0] >= 1).all())


def rectify(
    photo: NDArray[np.uint8], corners: Corners, width: int = 720, aspect: float | None = None
) -> NDArray[np.uint8]:
    """The picture inside ``corners``, rectified, ``width`` pixels wide, with the photograph's channels.

    ``aspect`` is width : height of the film. Without it, the mean lengths of opposite sides are taken; this is right
    for a frontal view, and too short in the foreshortened direction otherwise.

    Raises
    ------
    UserError: no uint8 picture; a ``width`` that is not a whole number of 2 pixels or more; the corners do not go
        clockwise round an area; or one side of the picture would be more than `LONGEST` times the other.
    """
    photo, quad = _picture(photo), arrays.matrix(corners, "corners", finite=False)
    if not goes_round(quad):
        raise UserError(
            f"corners {quad.tolist()} of shape {quad.shape}; expected four points (x, y) that go round the picture: "
            "top left, top right, bottom right, bottom left"
        )
    sides = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    own = float((sides[0] + sides[2]) / (sides[1] + sides[3]))
    ratio = own if aspect is None else arrays.number(aspect, "aspect", above=0)
    width = arrays.whole(width, "width", 2, what="pixels")
    if not 1 / LONGEST <= ratio <= LONGEST:
        raise UserError(
            f"a picture {ratio:.3g} times as wide as high; expected a shape between 1:{LONGEST} and {LONGEST}:1"
        )
    height = max(2, round(width / ratio))
    target = np.array(
        [[-0.5, -0.5], [width - 0.5, -0.5], [width - 0.5, height - 0.5], [-0.5, height - 0.5]], dtype=np.float32
    )
    transform = cv2.getPerspectiveTransform(quad, target)
    # A photograph finer than the result is smoothed first, or the warp would alias.
    shrink = float(sides[[0, 2]].mean()) / width
    source = cv2.GaussianBlur(photo, (0, 0), 0.5 * shrink) if shrink > 1.2 else photo
    return cv2.warpPerspective(
        source, transform, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def _picture(photo: ArrayLike) -> NDArray[np.uint8]:
    given = arrays.array(photo, "photograph")
    if given.dtype != np.uint8 or given.ndim not in (2, 3) or not given.size:
        raise UserError(f"photograph of shape {given.shape} and {given.dtype}; expected uint8 RGB or grey")
    return given


def _grey(photo: NDArray[np.uint8]) -> Grey:
    photo = _picture(photo)
    if photo.ndim == 3 and photo.shape[2] != 3:
        raise UserError(f"photograph of shape {photo.shape}; expected RGB, three channels, or grey")
    if min(photo.shape[:2]) < MIN_PHOTOGRAPH:
        smallest = f"{MIN_PHOTOGRAPH}×{MIN_PHOTOGRAPH}"
        raise UserError(f"photograph of {photo.shape[1]}×{photo.shape[0]} pixels; expected at least {smallest}")
    # The brightest channel shows a dim blue or red picture against black better than luma does.
    return np.asarray(photo if photo.ndim == 2 else photo.max(axis=2), dtype=np.float32)


def _best_quadrilateral(smooth: Grey, edges: list[Edges], lines: list[NDArray[np.float32]]) -> Corners | None:
    if any(len(side) == 0 for side in lines):
        return None
    top, right, bottom, left = (g.ravel() for g in np.meshgrid(*[np.arange(len(s)) for s in lines], indexing="ij"))
    above, beside, below, before = lines[0][top], lines[1][right], lines[2][bottom], lines[3][left]
    corners = ((above, before), (above, beside), (below, beside), (below, before))
    quads = np.stack([_crossing(lying, upright) for lying, upright in corners], axis=1)
    quads = quads[_plausible(quads, smooth.shape)]
    if len(quads) == 0:
        return None
    support = np.stack([_support(edges[k], quads[:, k], quads[:, (k + 1) % 4], 0.03, 0.97) for k in range(4)], axis=1)
    beyond = np.stack(
        [
            _support(edges[k], quads[:, k], quads[:, (k + 1) % 4], low, high)
            for k in range(4)
            for low, high in ((-0.18, -0.04), (1.04, 1.18))
        ],
        axis=1,
    )
    score = support.mean(axis=1) - 0.5 * beyond.mean(axis=1)
    score[support.min(axis=1) < MIN_SIDE_SUPPORT] = -1
    front = np.argsort(-score, kind="stable")[:FINALISTS]
    uneven, step = _surroundings(smooth, quads[front])
    final = score[front] - uneven + STEP * step
    best = int(final.argmax())
    return quads[front[best]] if final[best] >= MIN_SCORE else None


def _surroundings(smooth: Grey, quads: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Unevenness of the light just outside the sides, and its step to the inside; both (n,), relative to the inside.

    A picture is surrounded by a bezel or by the dark part of the panel, which is even; the surroundings of another
    rectangle in a room need not be.
    """
    along = np.roll(quads, -1, axis=1) - quads
    inward = np.stack([-along[..., 1], along[..., 0]], axis=-1) / np.linalg.norm(along, axis=2, keepdims=True)
    steps = np.linspace(0.05, 0.95, SAMPLES, dtype=np.float32)[None, None, :, None]
    on_side = quads[:, :, None] + steps * along[:, :, None]

    def brightness(offset: float) -> NDArray[np.float32]:
        at = (on_side + offset * inward[:, :, None]).reshape(len(quads), -1, 2)
        values = cv2.remap(smooth, at[..., 0], at[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(values.reshape(len(quads), 4, SAMPLES))

    outside, inside = brightness(-4.0), brightness(4.0)
    bright = np.maximum(np.median(inside, axis=(1, 2)), 1e-6)
    uneven = np.percentile(outside, 85, axis=2) - np.percentile(outside, 15, axis=2)
    step = np.median(inside, axis=2) - np.median(outside, axis=2)
    return uneven.mean(axis=1) / bright, np.clip(step / bright[:, None], 0, 0.5).mean(axis=1)


def _crossing(lying: NDArray[np.float32], upright: NDArray[np.float32]) -> NDArray[np.float32]:
    """Crossings (n, 2) of the lines y = m·x + c and x = n·y + e; their slopes are small, so each pair has one."""
    m, c, n, e = lying[:, 0], lying[:, 1], upright[:, 0], upright[:, 1]
    x = (n * c + e) / (1 - n * m)
    return np.stack([x, m * x + c], axis=1)


def _plausible(quads: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Whether quadrilaterals lie in the photograph, are convex in the right order, and have a film's size and shape."""
    high, wide = shape[:2]
    inside = ((quads > 1) & (quads < np.array([wide - 2, high - 2], dtype=np.float32))).all(axis=(1, 2))
    sides = np.roll(quads, -1, axis=1) - quads
    turns = sides[..., 0] * np.roll(sides[..., 1], -1, 1) - sides[..., 1] * np.roll(sides[..., 0], -1, 1)
    area = 0.5 * np.abs(
        (quads[:, 2, 0] - quads[:, 0, 0]) * (quads[:, 3, 1] - quads[:, 1, 1])
        - (quads[:, 2, 1] - quads[:, 0, 1]) * (quads[:, 3, 0] - quads[:, 1, 0])
    )
    length = np.maximum(np.linalg.norm(sides, axis=2), 1e-6)
    aspect = (length[:, 0] + length[:, 2]) / (length[:, 1] + length[:, 3])
    opposite = np.maximum(length[:, :2] / length[:, 2:], length[:, 2:] / length[:, :2]).max(axis=1)
    ordered = (turns > 0).all(axis=1) & (sides[:, 0, 0] > 0) & (sides[:, 1, 1] > 0)
    shaped = (aspect > ASPECTS[0]) & (aspect < ASPECTS[1]) & (opposite < 1.8)
    return np.asarray(inside & ordered & shaped & (area > MIN_AREA * wide * high))


def _support(
    edges: Edges, start: NDArray[np.float32], end: NDArray[np.float32], low: float, high: float
) -> NDArray[np.float64]:
    """Share of points between ``low`` and ``high`` of the way from start to end that lie near an edge of this kind."""
    steps = np.linspace(low, high, SAMPLES, dtype=np.float32)[None, :, None]
    points = np.rint(start[:, None] + steps * (end - start)[:, None]).astype(np.int64)
    high_, wide = edges.near.shape
    x, y = points[..., 0], points[..., 1]
    inside = (x >= 0) & (y >= 0) & (x < wide) & (y < high_)
    hit = edges.near[np.clip(y, 0, high_ - 1), np.clip(x, 0, wide - 1)] & inside
    return np.asarray(hit.mean(axis=1), dtype=np.float64)


def _refined(grey: Grey, corners: Corners, reach: float) -> Corners:
    """Corners moved onto the photograph's own edges: each side is fitted to the steepest rise across it."""
    smooth = cv2.GaussianBlur(grey, (0, 0), 1.5)
    fitted = [_fitted_side(smooth, corners[k], corners[(k + 1) % 4], reach) for k in range(4)]
    result = np.stack([np.cross(fitted[k - 1], fitted[k]) for k in range(4)])
    return np.asarray(result[:, :2] / result[:, 2:], dtype=np.float32)


def _fitted_side(smooth: Grey, start: Corners, end: Corners, reach: float) -> NDArray[np.float64]:
    """Homogeneous line through the steepest rise towards the inside, looked for within ``reach`` pixels of the side."""
    direction = (end - start) / np.linalg.norm(end - start)
    inward = np.array(
        [-direction[1], direction[0]]
    )  # y points down, so this is to the right of the direction from start to end
    on_side = start + np.linspace(0.05, 0.95, 120)[:, None] * (end - start)
    steps = np.arange(-reach - 0.5, reach + 0.75, 0.5)
    at = (on_side[:, None] + steps[:, None] * inward).astype(np.float32)
    rise = np.diff(cv2.remap(smooth, at[..., 0], at[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), axis=1)
    steepest = rise.argmax(axis=1)
    clear = rise.max(axis=1) > 0.25 * np.median(rise.max(axis=1))
    points = on_side + (steps[steepest] + 0.25)[:, None] * inward
    vx, vy, x, y = cv2.fitLine(points[clear].astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
    return np.cross([x, y, 1.0], [x + 100 * vx, y + 100 * vy, 1.0])
