"""Painting whole walls: rows of windows, doors and portals, columns, mouldings, battlements, gables."""

from __future__ import annotations

import math

from numpy.random import Generator

from embedded.landmarks.mesh import LIT
from embedded.landmarks.paint import Point, Sheet, between, outline, shaded
from embedded.landmarks.style import BuildingStyle, Opening
from embedded.texture import Colour, jitter

MetreBox = tuple[float, float, float, float]
"""x0, y0, x1, y1 in metres."""


def opening(sheet: Sheet, style: BuildingStyle, kind: Opening, box: MetreBox) -> None:
    """A window with its frame, sill and ornaments."""
    x0, y0, x1, y1 = box
    w, h = x1 - x0, y1 - y0
    _dress(sheet, style, kind, box)
    glaze(sheet, style, kind.shape, box, kind.panes)
    if kind.extra == "tracery" and w > 0.5:
        mid, spring = (x0 + x1) / 2, y1 - 0.8 * w
        sheet.poly(outline("oculus", mid - 0.2 * w, spring + 0.1 * w, mid + 0.2 * w, spring + 0.5 * w), style.trim)
        sheet.poly(outline("oculus", mid - 0.12 * w, spring + 0.18 * w, mid + 0.12 * w, spring + 0.42 * w), style.glass)
        sheet.rect(mid - 0.06, y0, mid + 0.06, spring + 0.1 * w, style.trim)
    if kind.extra == "shutters":
        for left in (x0 - 0.42 * w, x1 + 0.02 * w):
            sheet.rect(left, y0, left + 0.4 * w, y1 - (0.1 * w if kind.shape != "flat" else 0), style.door)
            for k in range(1, 8):
                sheet.dim(left, y0 + h * k / 8, left + 0.4 * w, y0 + h * k / 8 + 0.05, 170)
    if kind.extra == "balcony":
        sheet.rect(x0 - 0.2 * w, y0 - 0.15, x1 + 0.2 * w, y0, style.trim)
        sheet.dim(x0 - 0.2 * w, y0 - 0.35, x1 + 0.2 * w, y0 - 0.15, 160)
        sheet.rect(x0 - 0.2 * w, y0 + 0.85, x1 + 0.2 * w, y0 + 0.93, (34, 34, 38))
        sheet.dots(x0 - 0.2 * w, x1 + 0.2 * w, y0, y0 + 0.85, 0.15, 0.4, (34, 34, 38))


def _dress(sheet: Sheet, style: BuildingStyle, kind: Opening, box: MetreBox) -> None:
    x0, y0, x1, y1 = box
    w, m = x1 - x0, max(0.12, 0.12 * (x1 - x0))
    if kind.frame != "none":
        sheet.poly(outline(kind.shape, x0 - m, y0 - m / 2, x1 + m, y1 + m), style.trim)
        sheet.band(y0 - m, m, style.trim, x0 - 1.4 * m, x1 + 1.4 * m)
    if kind.frame == "pediment":
        sheet.band(y1 + m, 0.2, style.trim, x0 - 2 * m, x1 + 2 * m)
        top = [(x0 - 2 * m, y1 + m + 0.2), (x1 + 2 * m, y1 + m + 0.2), ((x0 + x1) / 2, y1 + m + 0.2 + 0.3 * w)]
        sheet.poly(top, shaded(style.trim, 1.06))
        inner = [(x + 0.35 * ((x0 + x1) / 2 - x), y + 0.06) for x, y in top[:2]] + [
            ((x0 + x1) / 2, top[2][1] - 0.12 * w)
        ]
        sheet.poly(inner, shaded(style.trim, 0.75))
    elif kind.frame == "hood":
        sheet.band(y1 + m, 0.18, style.trim, x0 - 2 * m, x1 + 2 * m)
    elif kind.frame == "keystone":
        mid = (x0 + x1) / 2
        sheet.poly([(mid - 0.08 * w, y1 - 0.1), (mid + 0.08 * w, y1 - 0.1), (mid + 0.14 * w, y1 + 2.6 * m),
        (mid - 0.14 * w, y1 + 2.6 * m)],
                   shaded(style.trim, 1.1))  # fmt: skip


def glaze(sheet: Sheet, style: BuildingStyle, shape: str, box: MetreBox, panes: tuple[int, int]) -> None:
    """Glass in its reveal, with bars."""
    x0, y0, x1, y1 = box
    glow = int(sheet.rng.integers(50, 256 - LIT)) if sheet.rng.random() < 0.45 else 0
    glass = jitter(sheet.rng, style.glass, 14)
    sheet.poly(outline(shape, x0, y0, x1, y1), shaded(style.glass, 0.4))
    inset = min(0.12, 0.15 * (x1 - x0))
    inner = (x0 + inset, y0, x1 - inset / 3, y1 - inset)
    sheet.poly(outline(shape, *inner), glass, glow)
    if sheet.rng.random() < 0.5:  # a reflection of the sky in the upper panes
        pale = between(glass, (170, 190, 210), 0.35)
        low = y0 + (y1 - y0) * 0.55
        sheet.poly(outline(shape, inner[0], low, inner[2], inner[3]), pale, glow)
    if panes[0] * panes[1] > 1:
        top = y1 - inset - (0.0 if shape == "flat" else 0.25 * (x1 - x0))
        sheet.lattice(inner[0], y0, inner[2], top, panes, 0.07, style.sash)


def door(sheet: Sheet, style: BuildingStyle, box: MetreBox, shape: str = "flat") -> None:
    """A door of planks in a frame, with steps."""
    x0, y0, x1, y1 = box
    w = x1 - x0
    sheet.poly(outline(shape, x0 - 0.16 * w, y0, x1 + 0.16 * w, y1 + 0.14 * w), style.trim)
    sheet.poly(outline(shape, x0, y0, x1, y1), shaded(style.door, 0.5))
    sheet.poly(outline(shape, x0 + 0.06 * w, y0, x1 - 0.03 * w, y1 - 0.06 * w), style.door)
    for k in range(1, 6):
        sheet.dim(x0 + w * k / 6, y0, x0 + w * k / 6 + 0.06, y1 - (0.4 * w if shape != "flat" else 0), 160)
    sheet.rect(x0 - 0.4 * w, max(0.0, y0 - 0.3), x1 + 0.4 * w, y0, shaded(style.trim, 0.85))


def portal(sheet: Sheet, style: BuildingStyle, x: float, y0: float, width: float, height: float, shape: str) -> None:
    """A great door in nested arches."""
    for k in range(4):
        m = width * (0.24 - 0.08 * k)
        tone = style.trim if k % 2 == 0 else shaded(style.wall_colour, 0.62)
        sheet.poly(outline(shape, x - width / 2 - m, y0, x + width / 2 + m, y0 + height + m), tone)
    door(sheet, style, (x - width / 2 * 0.92, y0, x + width / 2 * 0.92, y0 + height * 0.94), shape)


def rose(sheet: Sheet, style: BuildingStyle, x: float, y: float, radius: float, spokes: int) -> None:
    """A rose window."""
    sheet.poly(
        outline("oculus", x - 1.25 * radius, y - 1.25 * radius, x + 1.25 * radius, y + 1.25 * radius), style.trim
    )
    sheet.poly(
        outline("oculus", x - 1.1 * radius, y - 1.1 * radius, x + 1.1 * radius, y + 1.1 * radius),
        shaded(style.trim, 0.6),
    )
    sheet.poly(outline("oculus", x - radius, y - radius, x + radius, y + radius), style.glass, 70)
    for k in range(spokes):
        a, t = 2 * math.pi * k / spokes, 0.04 * radius + 0.04
        dx, dy = math.cos(a), math.sin(a)
        sheet.poly([(x - t * dy, y + t * dx), (x + t * dy, y - t * dx), (x + radius * dx + t * dy,
        y + radius * dy - t * dx),
                    (x + radius * dx - t * dy, y + radius * dy + t * dx)], style.trim)  # fmt: skip
        cx, cy, r = x + 0.72 * radius * dx, y + 0.72 * radius * dy, 0.9 * radius / spokes
        if k % 2 == 0:
            sheet.poly(outline("oculus", cx - r, cy - r, cx + r, cy + r), shaded(style.trim, 0.9))
    sheet.poly(
        outline("oculus", x - 0.25 * radius, y - 0.25 * radius, x + 0.25 * radius, y + 0.25 * radius), style.trim
    )


def clock(sheet: Sheet, style: BuildingStyle, x: float, y: float, radius: float, hour: float) -> None:
    """A clock's face."""
    sheet.poly(
        outline("oculus", x - 1.2 * radius, y - 1.2 * radius, x + 1.2 * radius, y + 1.2 * radius),
        shaded(style.trim, 0.8),
    )
    sheet.poly(outline("oculus", x - radius, y - radius, x + radius, y + radius), (236, 232, 220), 60)
    for angle, length in ((hour, 0.55), (hour * 12, 0.85)):
        dx, dy, t = math.sin(angle) * radius * length, math.cos(angle) * radius * length, 0.06 * radius + 0.02
        sheet.poly([(x - t, y - t), (x + t, y + t), (x + dx + t, y + dy + t), (x + dx - t, y + dy - t)], (30, 28, 30))


def crown(sheet: Sheet, style: BuildingStyle, y: float, room: float) -> None:
    """The upper end of a wall: from ``y`` upwards, in a strip ``room`` high whose rest stays transparent."""
    width, trim = sheet.width, style.trim
    if style.crown == "battlement":
        n = max(3, round(width / 1.6))
        sheet.band(y, 0.25, trim)
        for k in range(n):
            if k % 2 == 0 or n < 3:
                sheet.rect(
                    width * k / n, y + 0.25, width * (k + 1) / n, y + room, jitter(sheet.rng, style.wall_colour, 8)
                )
                sheet.rect(width * k / n, y + room - 0.15, width * (k + 1) / n, y + room, trim)
        sheet.rect(0, y + 0.25, width, y + 0.25 + 0.45 * room, style.wall_colour)
    elif style.crown == "balustrade":
        sheet.band(y, 0.35, trim)
        sheet.dots(0, width, y + 0.35, y + room - 0.2, 0.4, 0.55, shaded(trim, 0.95))
        sheet.rect(0, y + room - 0.22, width, y + room, shaded(trim, 1.08))
        sheet.dots(0, width, y + 0.35, y + room, style.bay, 0.16, trim)
    elif style.crown == "cornice":
        sheet.band(y, 0.3, trim)
        sheet.dots(0, width, y + 0.3, y + 0.5, 0.5, 0.5, shaded(trim, 0.7))
        sheet.rect(0, y + 0.5, width, y + min(room, 0.95), trim)
        sheet.rect(0, y + 0.8, width, y + min(room, 0.95), shaded(trim, 1.12))
    else:
        sheet.rect(0, y, width, y + 0.25, shaded(style.trim, 0.8))


def gable(rng: Generator, kind: str, width: float, height: float) -> list[Point]:
    """The outline of a gable: ``gabled`` (straight), ``stepped`` or ``curved``, from its lower left corner."""
    mid = width / 2
    if kind == "stepped":
        n = int(rng.integers(4, 7))
        left: list[Point] = [(0.0, 0.0)]
        for k in range(n):
            x, y = mid * k / n * 0.9, height * (k + 1) / n
            left += [(x, y)] if k == 0 else [(x, left[-1][1]), (x, y)]
        return left + [(width - x, y) for x, y in reversed(left)]
    if kind == "curved":
        left = [(0.0, 0.0), (0.0, 0.12 * height)]
        left += [
            (mid * 0.45 * math.sin(a), height * (0.12 + 0.4 * (1 - math.cos(a))))
            for a in (math.pi / 12 * k for k in range(1, 7))
        ]
        left += [
            (mid * (1.0 - 0.5 * math.cos(a)), height * (0.52 + 0.48 * math.sin(a)))
            for a in (math.pi / 12 * k for k in range(7))
        ]
        return left + [(width - x, y) for x, y in reversed(left)]
    return [(0.0, 0.0), (mid, height), (width, 0.0)]


def dress_order(sheet: Sheet, style: BuildingStyle, edges: list[float], y0: float, y1: float) -> None:
    """Pilasters, columns, quoins, buttresses, frames, stripes or fins between the bays (their ``edges``)."""
    trim: Colour = style.trim
    if style.order in ("pilasters", "columns"):
        wide = 0.3 if style.order == "pilasters" else 0.55
        for x in edges:
            sheet.column(min(max(x, wide / 2), sheet.width - wide / 2), y0, y1, wide, trim)
    elif style.order == "quoins":
        for k in range(int((y1 - y0) / 0.45)):
            w = 0.7 if k % 2 else 0.45
            for x in (0.0, sheet.width - w):
                sheet.rect(x, y0 + 0.45 * k, x + w, y0 + 0.45 * k + 0.41, jitter(sheet.rng, trim, 8))
    elif style.order == "buttress":
        for x in edges:
            left = min(max(x - 0.35, 0.0), sheet.width - 0.7)
            sheet.rect(left, 0, left + 0.7, y0 + 0.86 * (y1 - y0), shaded(style.wall_colour, 1.06))
            sheet.rect(left + 0.55, 0, left + 0.7, y0 + 0.86 * (y1 - y0), shaded(style.wall_colour, 0.66))
            for y in (y0 + 0.45 * (y1 - y0), y0 + 0.86 * (y1 - y0)):
                sheet.rect(left - 0.06, y, left + 0.76, y + 0.2, trim)
    elif style.order == "stripes":
        for k in range(int((y1 - y0) / 1.1)):
            sheet.rect(0, y0 + 1.1 * k, sheet.width, y0 + 1.1 * k + 0.28, jitter(sheet.rng, trim, 6))
    elif style.order == "fins":
        for x in edges:
            sheet.rect(x - 0.1, y0, x + 0.12, y1, trim)
            sheet.dim(x + 0.12, y0, x + 0.3, y1, 170)
    elif style.order == "frame":
        beam, n = style.trim, len(edges) - 1
        for x in edges:
            sheet.rect(x - 0.12, y0, x + 0.12, y1, jitter(sheet.rng, beam, 6))
        for k in (0, n - 1):
            for sx, ex in ((edges[k], edges[k + 1]), (edges[k + 1], edges[k])):
                sheet.poly([(sx, y0), (sx + 0.22, y0), (ex + 0.22, y1), (ex, y1)], beam)
