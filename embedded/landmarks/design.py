"""The design of one building, and the painting of its walls."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from embedded.landmarks import facade, paint
from embedded.landmarks.paint import Sheet, shaded
from embedded.landmarks.style import BuildingStyle, Opening, pick, span
from embedded.texture import Noise, jitter


@dataclass(frozen=True)
class Design:
    """The properties that differ between buildings of one style; lengths in metres."""

    style: BuildingStyle
    width: float
    depth: float
    storeys: int
    bays: int
    massing: str
    top: str
    cap: str
    centre: str
    tower_width: float
    tower_storeys: int
    tower_at: float
    roof_height: float
    dormers: int
    chimneys: int
    hour: float

    @property
    def height(self) -> float:
        """The height from the ground to the cornice."""
        return self.storeys * self.style.storey

    @property
    def tower_height(self) -> float:
        """The height from the ground to the tower's cornice."""
        return self.height + self.tower_storeys * self.style.storey


def design(rng: Generator, style: BuildingStyle) -> Design:
    """A building of a style."""
    massing = pick(rng, style.massings)
    storeys = int(rng.integers(style.storeys[0], style.storeys[1] + 1))
    bays = int(rng.integers(style.bays[0], style.bays[1] + 1))
    top = pick(rng, style.tops)
    if massing == "church":
        bays, top = 3 + 2 * int(rng.integers(2)), top if top in ("stepped", "curved") else "gabled"
        storeys = max(storeys, 2)
    if massing in ("gate", "round", "twin", "tower") and bays > 9:
        bays = 9
    if massing == "slab":
        bays, storeys = min(bays, 7), storeys + 3
    if top in ("gabled", "stepped", "curved") and massing != "church":
        bays = min(bays, 7)
    width = bays * style.bay + 0.8
    return Design(
        style=style,
        width=width,
        depth=span(rng, 0.5, 1.1) * width if massing != "church" else span(rng, 1.6, 2.4) * width,
        storeys=storeys,
        bays=bays,
        massing=massing,
        top=top,
        cap=pick(rng, style.caps),
        centre=pick(rng, style.centres),
        tower_width=span(rng, 1.2, 2.0) * style.bay,
        tower_storeys=int(rng.integers(1, 4)),
        tower_at=pick(rng, (-0.5, -0.25, 0.0, 0.25, 0.5)),
        roof_height=style.pitch * min(width, 14.0) * span(rng, 0.4, 0.6),
        dormers=int(rng.integers(0, 6)),
        chimneys=int(rng.integers(0, 5)),
        hour=float(rng.random() * 6.28),
    )


def wall(
    rng: Generator, noise: Noise, plan: Design, width: float, storeys: int, bays: int, *, centre: str = "none",
    room: float = 1.2, plain: bool = False,
) -> Sheet:  # fmt: skip
    """A wall with its rows of openings; ``room`` is the strip above the cornice, ``plain`` a wall with few windows."""
    style = plan.style
    height = storeys * style.storey
    sheet = Sheet(rng, noise, width, height + room)
    sheet.wall(style.wall, style.wall_colour, 0, height)
    ground = style.storey
    sheet.wall(style.base, style.base_colour, 0, ground if style.ground in ("rustic", "arcade") else 0.7)
    margin = 0.4
    step = (width - 2 * margin) / bays
    edges = [margin + step * k for k in range(bays + 1)]
    facade.dress_order(sheet, style, edges, ground if storeys > 1 else 0.7, height)
    for floor in range(1, storeys):
        sheet.band(floor * style.storey - 0.1, 0.22, style.trim)
    sheet.band(0.6, 0.15, style.trim)
    middle = bays // 2
    for floor in range(storeys):
        for k in range(bays):
            if plain and (k + floor) % 2:
                continue
            if centre != "none" and bays % 2 and k == middle and (floor == 0 or centre in ("great", "rose")):
                continue
            _bay(sheet, style, floor, edges[k], step, last=floor == storeys - 1)
    _centre(sheet, plan, centre, height)
    facade.crown(sheet, style, height, room)
    if style.crown == "eaves" or style.crown == "cornice":
        sheet.dim(0, height - 0.5, width, height, 190)
    sheet.dim(0, 0, width, 0.35, 200)
    sheet.weather(16)
    return sheet


def _bay(sheet: Sheet, style: BuildingStyle, floor: int, left: float, step: float, *, last: bool) -> None:
    """One bay of one storey."""
    base = floor * style.storey
    mid = left + step / 2
    if floor == 0 and style.ground == "arcade":
        w, top = 0.72 * step, 0.86 * style.storey
        sheet.poly(paint.outline("round", mid - w / 2 - 0.15, 0, mid + w / 2 + 0.15, top + 0.15), style.trim)
        sheet.poly(paint.outline("round", mid - w / 2, 0, mid + w / 2, top), (38, 34, 32))
        sheet.poly(paint.outline("round", mid - w / 2 + 0.35, 0, mid + w / 2, top - 0.3), (62, 56, 50), 40)
        return
    if floor == 0 and style.ground == "shops":
        w = 0.84 * step
        facade.glaze(sheet, style, "flat", (mid - w / 2, 0.5, mid + w / 2, 0.68 * style.storey), (2, 1))
        sheet.rect(
            mid - w / 2, 0.68 * style.storey, mid + w / 2, 0.84 * style.storey, jitter(sheet.rng, style.door, 40)
        )
        return
    kind: Opening = style.ground_window if floor == 0 else style.window
    h = kind.height * style.storey * (0.8 if last and floor > 1 else 1.0)
    w = kind.width * step
    sill = base + (style.storey - h) * 0.5
    facade.opening(sheet, style, kind, (mid - w / 2, sill, mid + w / 2, sill + h))


def _centre(sheet: Sheet, plan: Design, kind: str, height: float) -> None:
    """The ornament in the middle of a front."""
    style, x, storey = plan.style, sheet.width / 2, plan.style.storey
    shape = style.window.shape if style.window.shape in ("round", "pointed", "segment") else "flat"
    if kind == "none":
        return
    if kind in ("portal", "rose", "great"):
        wide = min(0.9 * style.bay, 0.3 * sheet.width)
        facade.portal(sheet, style, x, 0.3, wide, min(0.85 * storey, 2.0 * wide), shape)
    else:
        facade.door(sheet, style, (x - 0.75, 0.3, x + 0.75, min(0.75 * storey, 3.0)), shape)
    low, high = storey + 0.5, height - 0.5
    if kind == "rose" and high - low > 2:
        facade.rose(
            sheet, style, x, (low + high) / 2, min(0.36 * (high - low), 0.3 * sheet.width), 8 + 4 * (plan.bays % 3)
        )
    elif kind == "great" and high - low > 2:
        w = min(0.34 * sheet.width, 1.6 * style.bay)
        big = Opening(shape, 1, 1, "band", (5, 6), "tracery" if shape == "pointed" else "none")
        facade.opening(sheet, style, big, (x - w / 2, low, x + w / 2, high))
    elif kind == "clock":
        facade.clock(sheet, style, x, height - 0.42 * storey, 0.3 * storey, plan.hour)


def gable(rng: Generator, noise: Noise, plan: Design, width: float, height: float, kind: str) -> Sheet:
    """The gable above a front, with a window or a clock in it."""
    style = plan.style
    sheet = Sheet(rng, noise, width, height)
    sheet.wall(style.wall, style.wall_colour)
    if style.order == "frame":
        step = style.bay
        facade.dress_order(sheet, style, [step * k for k in range(int(width / step) + 1)], 0, height)
    shape = style.window.shape
    r = 0.14 * min(width, height)
    if plan.centre == "clock":
        facade.clock(sheet, style, width / 2, 0.4 * height, r, plan.hour)
    elif height > 3:
        facade.opening(sheet, style, style.window, (width / 2 - r, 0.2 * height, width / 2 + r, 0.2 * height + 3 * r))
        if width > 9:
            for x in (0.3 * width, 0.7 * width):
                facade.opening(
                    sheet, style, style.window, (x - 0.6 * r, 0.12 * height, x + 0.6 * r, 0.12 * height + 2 * r)
                )
    else:
        facade.glaze(
            sheet,
            style,
            "oculus" if shape != "flat" else shape,
            (width / 2 - r, 0.3 * height, width / 2 + r, 0.3 * height + 2 * r),
            (2, 2),
        )
    sheet.weather(16)
    edge = facade.gable(rng, kind, width, height)
    _trim_edge(sheet, style, edge)
    return sheet


def _trim_edge(sheet: Sheet, style: BuildingStyle, edge: list[tuple[float, float]]) -> None:
    """Cut the sheet to an outline and lay a coping along it."""
    import cv2
    import numpy as np

    from embedded.landmarks.paint import SCALE

    rows = len(sheet.pixels)
    points = np.array([(round(x * SCALE), round(rows - y * SCALE)) for x, y in edge], np.int32)
    mask = np.zeros(sheet.pixels.shape[:2], np.uint8)
    cv2.fillPoly(mask, [points], 255, cv2.LINE_8)
    cv2.polylines(sheet.pixels, [points], True, (*shaded(style.trim, 1.05), 255), 7, cv2.LINE_8)
    sheet.pixels[mask == 0] = 0


def roof(rng: Generator, noise: Noise, plan: Design, width: float, height: float) -> Sheet:
    """A slope of the roof."""
    sheet = Sheet(rng, noise, width, height)
    sheet.wall(plan.style.roof, plan.style.roof_colour)
    sheet.dim(0, height - 0.3, width, height, 180)
    sheet.weather(20)
    return sheet


def dormer(rng: Generator, noise: Noise, plan: Design) -> Sheet:
    """The front of a dormer."""
    style = plan.style
    sheet = Sheet(rng, noise, 1.7, 2.6)
    sheet.poly([(0.1, 0), (1.6, 0), (1.6, 1.9), (0.85, 2.6), (0.1, 1.9)], style.trim)
    facade.glaze(
        sheet, style, style.window.shape if style.window.shape != "oculus" else "round", (0.45, 0.2, 1.25, 1.8), (2, 2)
    )
    sheet.weather(10)
    return sheet
