"""Drawing a surface that is given as a grid of points, with light, texture and depth: compiled, in double precision.

Only sums, products, quotients and roots occur, and every byte is rounded once at the end. Processors therefore agree
except in about one value in a thousand million.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vretlib.kernels import njit

F64 = NDArray[np.float64]


@njit(nogil=True, cache=True)
def turned(points, rotation, drop, hinge):  # type: ignore[no-untyped-def]
    """Points (r, c, 3) with the jaw dropped below the height ``hinge``, rotated (3, 3) about the origin."""
    out = np.empty_like(points)
    for i in range(points.shape[0]):
        for j in range(points.shape[1]):
            x, y, z = points[i, j, 0], points[i, j, 1], points[i, j, 2]
            if drop > 0.0 and y < hinge:
                share = min(1.0, (hinge - y) / 0.25)
                y -= drop * share * (0.4 + 0.6 * min(1.0, max(0.0, z + 0.3)))
            for k in range(3):
                out[i, j, k] = rotation[k, 0] * x + rotation[k, 1] * y + rotation[k, 2] * z
    return out


@njit(nogil=True, cache=True)
def lit(points, uv, view, lamps, gloss):  # type: ignore[no-untyped-def]
    """What is drawn at each point of a grid, (r, c, 9).

    Screen x, y, z; pixel of the texture u, v; light in red, green and blue; highlight.

    Parameters
    ----------
    points: (r, c, 3) turned points. Columns go around the surface, rows down.
    uv: (r, c, 2) pixels of the texture.
    view: (4,) centre x and y in pixels, pixels a unit, perspective, which is 1 over the distance.
    lamps: (3, 6) direction and colour of the key light, of the fill light, and (without direction) of all around.
    gloss: strength of the highlights.
    """
    rows, columns = points.shape[0], points.shape[1]
    out = np.empty((rows, columns, 9))
    for i in range(rows):
        above, below = max(0, i - 1), min(rows - 1, i + 1)
        for j in range(columns):
            right, left = (j + 1) % columns, (j - 1) % columns
            ax = points[i, right, 0] - points[i, left, 0]
            ay = points[i, right, 1] - points[i, left, 1]
            az = points[i, right, 2] - points[i, left, 2]
            bx = points[below, j, 0] - points[above, j, 0]
            by = points[below, j, 1] - points[above, j, 1]
            bz = points[below, j, 2] - points[above, j, 2]
            nx, ny, nz = by * az - bz * ay, bz * ax - bx * az, bx * ay - by * ax
            length = np.sqrt(nx * nx + ny * ny + nz * nz) + 1e-9
            if nz < 0.0:  # the inner side of hair
                length = -length
            nx, ny, nz = nx / length, ny / length, nz / length
            key = max(0.0, nx * lamps[0, 0] + ny * lamps[0, 1] + nz * lamps[0, 2])
            fill = 0.5 + 0.5 * (nx * lamps[1, 0] + ny * lamps[1, 1] + nz * lamps[1, 2])
            # The mirrored direction of the key light against ours, to the eighth power.
            shine = max(0.0, 2.0 * key * nz - lamps[0, 2])
            shine *= shine
            shine *= shine
            shine *= shine
            near = view[2] / (1.0 - view[3] * points[i, j, 2])
            at = out[i, j]
            at[0], at[1] = view[0] + points[i, j, 0] * near, view[1] - points[i, j, 1] * near
            at[2], at[3], at[4] = points[i, j, 2], uv[i, j, 0], uv[i, j, 1]
            for k in range(3):
                at[5 + k] = key * lamps[0, 3 + k] + fill * lamps[1, 3 + k] + lamps[2, 3 + k]
            at[8] = 255.0 * gloss * shine * (lamps[0, 3] + lamps[0, 4] + lamps[0, 5]) / 3.0
    return out


@njit(inline="always")
def _clear(texture, at):  # type: ignore[no-untyped-def]
    """Whether a texture with holes has one at the point of a grid."""
    return texture[min(texture.shape[0] - 1, int(at[4])), min(texture.shape[1] - 1, int(at[3])), 3] < 20


@njit(nogil=True, cache=True)
def draw(picture, depth, grid, texture, both):  # type: ignore[no-untyped-def]
    """Draw a surface into a picture in place.

    Parameters
    ----------
    picture: (h, w, 3) light, 0 to 255.
    depth: (h, w), the largest z so far.
    grid: as `lit` returns it.
    texture: uint8 (th, tw, 4), opacity last.
    both: whether the side that looks away is drawn too, before the one that looks at us.
    """
    height, width = depth.shape
    rows, columns = grid.shape[0], grid.shape[1]
    last_u, last_v = texture.shape[1] - 1.001, texture.shape[0] - 1.001
    value, across = np.empty(9), np.empty(9)
    for towards in range(0 if both else 1, 2):
        for i in range(rows - 1):
            for j in range(columns):
                for half in range(2):
                    right = (j + 1) % columns
                    p, q, r = grid[i, j], grid[i, right], grid[i + 1, j]
                    if half == 1:
                        p, q, r = grid[i + 1, right], grid[i + 1, j], grid[i, right]
                    x0, y0 = p[0], p[1]
                    x1, y1, x2, y2 = q[0] - x0, q[1] - y0, r[0] - x0, r[1] - y0
                    area = x1 * y2 - x2 * y1
                    if (area > 0.0) != (towards == 1) or abs(area) < 1e-9:
                        continue
                    left = max(0, int(np.ceil(x0 + min(0.0, x1, x2))))
                    end = min(width - 1, int(np.floor(x0 + max(0.0, x1, x2))))
                    top = max(0, int(np.ceil(y0 + min(0.0, y1, y2))))
                    bottom = min(height - 1, int(np.floor(y0 + max(0.0, y1, y2))))
                    if left > end or top > bottom:
                        continue
                    if both and _clear(texture, p) and _clear(texture, q) and _clear(texture, r):
                        continue
                    # Shares of q and r at a pixel, and by how much they change to the right.
                    step_q, step_r = y2 / area, -y1 / area
                    for k in range(2, 9):
                        across[k] = step_q * (q[k] - p[k]) + step_r * (r[k] - p[k])
                    for py in range(top, bottom + 1):
                        down = py - y0
                        share_q = ((left - x0) * y2 - x2 * down) / area
                        share_r = (x1 * down - (left - x0) * y1) / area
                        for k in range(2, 9):
                            value[k] = p[k] + share_q * (q[k] - p[k]) + share_r * (r[k] - p[k])
                        for px in range(left, end + 1):
                            n = px - left
                            wq, wr = share_q + n * step_q, share_r + n * step_r
                            if wq < -1e-7 or wr < -1e-7 or wq + wr > 1.0 + 1e-7:
                                continue
                            z = value[2] + n * across[2]
                            if z <= depth[py, px]:
                                continue
                            u = min(last_u, max(0.0, value[3] + n * across[3]))
                            v = min(last_v, max(0.0, value[4] + n * across[4]))
                            ui, vi = np.int64(u), np.int64(v)
                            a, b = u - ui, v - vi
                            u0, v0 = np.uint64(ui), np.uint64(vi)  # numba tests the sign of other indices
                            c, d, one = 1.0 - a, 1.0 - b, np.uint64(1)
                            w00, w01, w10, w11 = c * d, a * d, c * b, a * b
                            t00, t01 = texture[v0, u0], texture[v0, u0 + one]
                            t10, t11 = texture[v0 + one, u0], texture[v0 + one, u0 + one]
                            opacity = w00 * t00[3] + w01 * t01[3] + w10 * t10[3] + w11 * t11[3]
                            if opacity < 20.0:
                                continue
                            cover = opacity / 255.0
                            shine = value[8] + n * across[8]
                            for k in range(3):
                                colour = w00 * t00[k] + w01 * t01[k] + w10 * t10[k] + w11 * t11[k]
                                light = colour * (value[5 + k] + n * across[5 + k]) + shine
                                picture[py, px, k] += cover * (light - picture[py, px, k])
                            if cover > 0.5:
                                depth[py, px] = z
