"""Drawing textured planes and surfaces of revolution as a pinhole camera sees them, with their owner per pixel.

Pieces hide one another by depth, pixel by pixel, so that they may be drawn in any order; nearest first is fastest.

The loops use plain IEEE additions, products and quotients, which every processor rounds alike, and end in a look-up:
there is no sum over which an error could grow. A photograph may still differ by a grey level or two at a few edges
where a sine of the camera's position differed in its last bit; descriptors agree far within their tolerances.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numba
import numpy as np
from numpy.typing import NDArray

from embedded.landmarks.mesh import F64, LEVELS, PROFILE, Mesh, cross
from embedded.landmarks.pinhole import Camera
from embedded.raster import U8

BINS = 16
"""Number of brightnesses of a round piece from its left edge to its right one."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """A drawing: ``picture`` uint8 (h, w, 3), ``nearness`` float32 (h, w) 1/depth, ``owner`` uint8 (h, w)."""

    picture: U8
    nearness: NDArray[np.float32]
    owner: U8

    @classmethod
    def empty(cls, camera: Camera) -> Drawing:
        """An empty drawing: owner 0 everywhere."""
        shape = (camera.height, camera.width)
        return cls(np.zeros((*shape, 3), np.uint8), np.full(shape, 1e-4, np.float32), np.zeros(shape, np.uint8))


@dataclass(frozen=True, eq=False)
class Lighting:
    """How pieces are lit: factors in 1/256.

    Attributes
    ----------
    lit: int64 (n, BINS, 3) of each piece in the open; shaded: (n, 3) of its part in a shadow.
    shadow: (n, 3) a, b, c: a piece is in shadow where a s + b t + c > 0 (s across and t down, 0 to 1).
    glow: int64 (3,) light of lit windows.
    haze: int64 (256,) share of haze by depth, one entry per ``haze_step`` metres; haze_colour: int64 (3,).
    """

    lit: NDArray[np.int64]
    shaded: NDArray[np.int64]
    shadow: F64
    glow: NDArray[np.int64]
    haze: NDArray[np.int64]
    haze_step: float
    haze_colour: NDArray[np.int64]


@lru_cache(maxsize=8)  # what stands on a site is drawn several times from the same place
def placed(mesh: Mesh, eye: tuple[float, float, float]) -> tuple[F64, F64, F64, F64, NDArray[np.bool_]]:
    """Corners, edges across and edges down of all pieces, the share of a turn by which round ones are seen from the
    side, and a mask of the pieces that can be seen. Pieces that face the camera are turned to it at ``eye``.
    """
    aim = mesh.corner - np.array(eye)
    level = np.sqrt(aim[:, 0] ** 2 + aim[:, 2] ** 2).clip(1e-9)
    right = np.stack([aim[:, 2] / level, np.zeros(len(level)), -aim[:, 0] / level], axis=1)
    width, height = (np.sqrt((edge**2).sum(axis=1, keepdims=True)) for edge in (mesh.across, mesh.down))
    turn = mesh.facing[:, None]
    across = np.where(turn, right * width, mesh.across)
    down = np.where(turn, height * np.array([[0.0, -1.0, 0.0]]), mesh.down)
    corner = np.where(turn, mesh.corner - across / 2 - down, mesh.corner)
    front = mesh.facing | ((mesh.normals * aim).sum(axis=1) < -1e-6)
    side = np.where(mesh.profile >= 0, np.arctan2(aim[:, 0], aim[:, 2]) / (2 * math.pi), 0.0)
    return corner, across, down, side, front


def draw(drawing: Drawing, mesh: Mesh, camera: Camera, lighting: Lighting) -> None:
    """Draw a mesh into a drawing of the camera's size, in place."""
    corner, across, down, turn, front = placed(mesh, camera.eye)
    axes, eye = np.array(camera.axes), np.array(camera.eye)
    a, b, o = across @ axes.T, down @ axes.T, (corner - eye) @ axes.T
    # A pixel's ray d meets the plane at s a + t b + o = depth d: (s, t, 1) / depth = inverse of [a b o] times d.
    normal = cross(b, o)
    det = (a * normal).sum(axis=1)
    inverse = np.stack([normal, cross(o, a), cross(a, b)], axis=1) / np.where(det == 0, 1, det)[:, None, None]
    matrix = np.empty_like(inverse)
    matrix[..., :2] = inverse[..., :2] / camera.focal
    # Through the middles of pixels.
    matrix[..., 2] = inverse[..., 2] - (matrix[..., 0] * (camera.width - 1) + matrix[..., 1] * (camera.height - 1)) / 2
    boxes = _boxes(o, a, b, camera)
    seen = np.flatnonzero(front & (np.abs(det) > 1e-9) & (boxes[:, 0] < boxes[:, 1]) & (boxes[:, 2] < boxes[:, 3]))
    order = seen[np.argsort((o + a / 2 + b / 2)[seen, 2], kind="stable")]
    texels = mesh.atlas.table[mesh.texture, 0, 2] * mesh.repeat[:, 0]
    detail = texels / np.sqrt((across**2).sum(axis=1)) / camera.focal
    # Level ground is seen at a grazing angle, which squeezes it by about depth over the eye's height.
    level = (across[:, 1] == 0) & (down[:, 1] == 0)
    grazing = np.where(level, 1.0 / np.maximum(np.abs(camera.eye[1] - corner[:, 1]), 0.5), 0.0)
    _draw(
        drawing.picture, drawing.nearness, drawing.owner, order, matrix, boxes, mesh.texture, mesh.owner, mesh.repeat,
        mesh.profile, mesh.profiles, turn, detail, grazing, mesh.atlas.pixels, mesh.atlas.table, lighting.lit,
        lighting.shaded,
        lighting.shadow, lighting.glow, lighting.haze, 1.0 / lighting.haze_step, lighting.haze_colour,
    )  # fmt: skip


def _boxes(o: F64, a: F64, b: F64, camera: Camera) -> NDArray[np.int64]:
    """(n, 4) columns from, to and rows from, to that a piece may cover; everything where it passes the camera."""
    points = np.stack([o, o + a, o + b, o + a + b], axis=1)
    ahead = points[..., 2].min(axis=1) > 0.05
    depth = np.maximum(points[..., 2], 0.05)
    x = camera.focal * points[..., 0] / depth + (camera.width - 1) / 2
    y = camera.focal * points[..., 1] / depth + (camera.height - 1) / 2
    sides = []
    for value, side in ((x, camera.width), (y, camera.height)):
        low = np.floor(value.min(axis=1)).clip(0, side)
        high = (np.floor(value.max(axis=1)) + 1).clip(0, side)
        sides += [np.where(ahead, low, 0), np.where(ahead, high, side)]
    nothing = points[..., 2].max(axis=1) <= 0.05
    return np.where(nothing[:, None], 0, np.stack(sides, axis=1)).astype(np.int64)


_ARC = np.arcsin(np.linspace(-1, 1, 257)) / (2 * math.pi)
"""Share of a turn at which a round piece is seen, from its left edge to its right one."""


@numba.njit(nogil=True, cache=True)
def _draw(  # type: ignore[no-untyped-def]
    picture, nearness, owners, order, matrix, boxes, texture, owner, repeat, profile, profiles, turn, detail, grazing,
    pixels, table, lit, shaded, shadow, glow, haze, per_step, haze_colour,
):  # fmt: skip
    # The values that a row of pixels needs are read first. The compiler would otherwise read them again for every
    # pixel, since it cannot know that the picture does not overlap them.
    glow0, glow1, glow2 = glow[0], glow[1], glow[2]
    haze0, haze1, haze2 = haze_colour[0], haze_colour[1], haze_colour[2]
    for n in order:
        at, light, outline, me, rim = table[texture[n]], lit[n], profile[n], owner[n], turn[n]
        fine, squeeze = detail[n], grazing[n]
        s0, s1, s2 = matrix[n, 0]
        t0, t1, t2 = matrix[n, 1]
        w0, w1, w2 = matrix[n, 2]
        wide, high = repeat[n]
        once = wide == 1.0 and high == 1.0 and outline < 0
        lit0, lit1, lit2 = light[0]
        dim0, dim1, dim2 = shaded[n]
        edge0, edge1, edge2 = shadow[n]
        for v in range(boxes[n, 2], boxes[n, 3]):
            # Where 0 <= s < 1 and 0 <= t < 1 along this row: four half-lines.
            first, last = boxes[n, 0], boxes[n, 1]
            srow, trow, wrow = s1 * v + s2, t1 * v + t2, w1 * v + w2
            for slope, rise in ((s0, srow), (t0, trow), (w0 - s0, wrow - srow), (w0 - t0, wrow - trow)):
                if slope > 0.0:
                    first = max(first, int(max(-1e6, min(1e6, -rise / slope))) - 1)
                elif slope < 0.0:
                    last = min(last, int(max(-1e6, min(1e6, -rise / slope))) + 2)
                elif rise < 0.0:
                    last = first
            for u in range(first, last):
                near = w0 * u + wrow
                if near <= nearness[v, u]:
                    continue
                depth = 1.0 / near
                s, t = (s0 * u + srow) * depth, (t0 * u + trow) * depth
                if s < 0.0 or s >= 1.0 or t < 0.0 or t >= 1.0:
                    continue
                level, step = 0, fine * depth
                if squeeze > 0.0:
                    step *= math.sqrt(max(1.0, depth * squeeze))
                while step > 1.4 and level < LEVELS - 1:
                    level, step = level + 1, step * 0.5
                start, rows, columns = at[level, 0], at[level, 1], at[level, 2]
                x, y = s, t
                if not once:
                    if outline >= 0:
                        q = (2.0 * s - 1.0) / profiles[outline, int(t * PROFILE)]
                        if q <= -1.0 or q >= 1.0:
                            continue
                        lit0, lit1, lit2 = light[int((q + 1.0) * (BINS / 2))]
                        x = _ARC[int((q + 1.0) * 128.0)] + rim
                    x, y = x * wide, y * high
                    x, y = x - math.floor(x), y - math.floor(y)
                p = start + int(y * rows) * columns + int(x * columns)
                code = np.int64(pixels[p, 3])
                if code < 128:
                    continue
                gain0, gain1, gain2 = lit0, lit1, lit2
                if edge0 * s + edge1 * t + edge2 > 0.0:
                    gain0, gain1, gain2 = dim0, dim1, dim2
                veil, shine = haze[min(255, int(depth * per_step))], 255 - code
                value = min(255, (np.int64(pixels[p, 0]) * gain0 + shine * glow0) >> 8)
                picture[v, u, 0] = value + (((haze0 - value) * veil) >> 8)
                value = min(255, (np.int64(pixels[p, 1]) * gain1 + shine * glow1) >> 8)
                picture[v, u, 1] = value + (((haze1 - value) * veil) >> 8)
                value = min(255, (np.int64(pixels[p, 2]) * gain2 + shine * glow2) >> 8)
                picture[v, u, 2] = value + (((haze2 - value) * veil) >> 8)
                nearness[v, u], owners[v, u] = near, me


def footprint(mesh: Mesh, camera: Camera, owner: int) -> int:
    """Mask of the pixels at which the camera sees an owner."""
    drawing = Drawing.empty(camera)
    draw(drawing, mesh, camera, unlit(len(mesh.corner)))
    return int((drawing.owner == owner).sum())


def unlit(n: int) -> Lighting:
    """Lighting for drawings of which only the owners are used."""
    dark = np.zeros((n, BINS, 3), np.int64)
    none = np.zeros((n, 3))
    return Lighting(dark, dark[:, 0], none, dark[0, 0] if n else np.zeros(3, np.int64),
                    np.zeros(256, np.int64), 1.0, np.zeros(3, np.int64))  # fmt: skip
