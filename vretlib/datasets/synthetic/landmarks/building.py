"""The geometry of a building: its design as a mesh of walls, roofs, towers and domes.

A building stands on the ground about the origin; its front lies at z = 0 and looks towards negative z.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from vretlib.datasets.synthetic.landmarks import design as designs
from vretlib.datasets.synthetic.landmarks.design import Design
from vretlib.datasets.synthetic.landmarks.paint import Sheet, shaded
from vretlib.datasets.synthetic.landmarks.render import PROFILE, Atlas, Mesh, atlas
from vretlib.datasets.synthetic.raster import U8
from vretlib.datasets.synthetic.texture import Noise

Vector = tuple[float, float, float]

LANDMARK, SURROUNDINGS, CLUTTER = 1, 2, 3
"""Who is seen at a pixel: see `render.Mesh.owner`. 0 is the sky."""

_T = (np.arange(PROFILE) + 0.5) / PROFILE
PROFILES: dict[str, np.ndarray] = {
    "cylinder": np.ones(PROFILE),
    "cone": _T.copy(),
    "dome": np.sqrt(1 - (1 - _T) ** 2),
    "onion": np.where(_T < 0.25, 0.08 + 0.5 * _T, np.sqrt(np.clip(1 - ((_T - 0.62) / 0.42) ** 2, 0.04, 1))),
    "lantern": np.where(
        _T < 0.35, 0.9 * np.sqrt(np.clip(1 - (1 - _T / 0.35) ** 2, 0, 1)), np.where(_T < 0.42, 1.0, 0.8)
    ),
}
"""Outlines of round pieces: radius, from top to bottom, in shares of half the width."""


class Builder:
    """Collects pieces and textures into a mesh."""

    def __init__(self, owner: int) -> None:
        self._owner = owner
        self._textures: list[U8] = []
        self._rows: list[tuple[Vector, Vector, Vector, int, int, tuple[float, float], bool, int]] = []

    def texture(self, pixels: U8) -> int:
        """Add a texture; its number."""
        self._textures.append(pixels)
        return len(self._textures) - 1

    def flat(
        self, texture: int, corner: Vector, across: Vector, down: Vector, repeat: tuple[float, float] = (1.0, 1.0)
    ) -> None:
        """A parallelogram from its upper left corner, seen from outside."""
        self._rows.append((corner, across, down, texture, self._owner, repeat, False, -1))

    def facing(
        self, texture: int, foot: Vector, width: float, height: float, profile: str | None = None, repeat: float = 1.0
    ) -> None:
        """An upright piece that faces the camera; with a profile, a surface of revolution."""
        row = -1 if profile is None else list(PROFILES).index(profile)
        self._rows.append((foot, (width, 0, 0), (0, -height, 0), texture, self._owner, (repeat, 1.0), True, row))

    def box(
        self, walls: Sequence[int], x: tuple[float, float], z: tuple[float, float], y: float, height: float
    ) -> None:
        """Four walls: textures of front, right, back and left."""
        (x0, x1), (z0, z1), top = x, z, y + height
        w, d, down = x1 - x0, z1 - z0, (0.0, -height, 0.0)
        self.flat(walls[0], (x0, top, z0), (w, 0, 0), down)
        self.flat(walls[1], (x1, top, z0), (0, 0, d), down)
        self.flat(walls[2], (x1, top, z1), (-w, 0, 0), down)
        self.flat(walls[3], (x0, top, z1), (0, 0, -d), down)

    def pyramid(
        self, texture: int, x: tuple[float, float], z: tuple[float, float], y: float, height: float, top: float = 0.0
    ) -> None:
        """Four slopes; their texture is cut to a triangle, or to the trapezium that leaves ``top`` of the width."""
        (x0, x1), (z0, z1) = x, z
        mx, mz = (x1 - x0) / 2 * (1 - top), (z1 - z0) / 2 * (1 - top)
        w, d, up = x1 - x0, z1 - z0, y + height
        self.flat(texture, (x0, up, z0 + mz), (w, 0, 0), (0, -height, -mz))
        self.flat(texture, (x1 - mx, up, z0), (0, 0, d), (mx, -height, 0))
        self.flat(texture, (x1, up, z1 - mz), (-w, 0, 0), (0, -height, mz))
        self.flat(texture, (x0 + mx, up, z1), (0, 0, -d), (-mx, -height, 0))

    def mesh(self, shared: Atlas | None = None) -> Mesh:
        """All pieces so far, with the textures that were added, or with those of a shared atlas."""
        corner, across, down, texture, owner, repeat, facing, profile = zip(*self._rows, strict=True)
        floats = [np.array(part, np.float64).reshape(-1, 3) for part in (corner, across, down)]
        return Mesh(
            *floats, np.array(texture, np.int64), np.array(owner, np.int64), np.array(repeat, np.float64),
            np.array(facing, np.bool_), np.array(profile, np.int64), np.stack(list(PROFILES.values())),
            atlas(self._textures) if shared is None else shared,
        )  # fmt: skip


def trapezium(sheet: Sheet, top: float) -> U8:
    """The sheet cut to a trapezium whose upper edge is ``top`` of its lower one."""
    h, w = sheet.pixels.shape[:2]
    half = w / 2 * (top + (1 - top) * (np.arange(h) + 0.5) / h)
    outside = np.abs(np.arange(w) + 0.5 - w / 2)[None, :] > half[:, None]
    pixels = sheet.pixels.copy()
    pixels[outside] = 0
    return pixels


def build(rng: Generator, noise: Noise, plan: Design) -> Mesh:
    """The mesh of a building."""
    return _Mason(rng, noise, plan).build()


class _Mason:
    """Builds one design."""

    def __init__(self, rng: Generator, noise: Noise, plan: Design) -> None:
        self.rng, self.noise, self.plan = rng, noise, plan
        self.to = Builder(LANDMARK)
        self._round_texture = -1

    def build(self) -> Mesh:
        plan, w, d = self.plan, self.plan.width, self.plan.depth
        massing = plan.massing
        if massing == "rotunda":
            self._rotunda()
            return self.to.mesh()
        self._body((-w / 2, w / 2), (0.0, d), plan.storeys, plan.bays, plan.centre, plan.top)
        tw = plan.tower_width
        if massing == "wings":
            low = max(1, plan.storeys - 1)
            for side in (-1, 1):
                x = sorted((side * w / 2, side * (w / 2 + 0.45 * w)))
                self._body(
                    (x[0], x[1]),
                    (2.0, 0.8 * d),
                    low,
                    max(2, round(plan.bays * 0.45)),
                    "none",
                    "flat" if plan.top == "flat" else "hipped",
                )
        elif massing == "pavilions":
            for side in (-1, 1):
                at = side * (w / 2 - 0.2 * tw)
                self._tower((at - tw * 0.8, at + tw * 0.8), (-1.4, 0.6 * d), plan.storeys + 1, 2)
        elif massing == "twin":
            for side in (-1, 1):
                at = side * (w / 2 + 0.2 * tw)
                self._tower((at - tw / 2, at + tw / 2), (-0.8, tw - 0.8), plan.storeys + plan.tower_storeys, 1)
        elif massing in ("tower", "church"):
            at = plan.tower_at * (w + 0.8 * tw)
            front = -1.0 if abs(plan.tower_at) < 0.4 else 1.2
            self._tower(
                (at - tw / 2, at + tw / 2),
                (front, front + tw),
                plan.storeys + plan.tower_storeys,
                1,
                centre="portal" if plan.tower_at == 0 else "none",
            )
        elif massing == "gate":
            self._tower((-tw * 0.8, tw * 0.8), (-1.2, tw), plan.storeys + plan.tower_storeys, 1, centre="portal")
        elif massing == "domed":
            self._dome(
                (0.0, d / 2),
                0.42 * min(w, d, 20.0),
                plan.height + (plan.roof_height * 0.5 if plan.top != "flat" else 0.4),
            )
        elif massing == "round":
            for x in (-w / 2, w / 2):
                for z in (0.0, d):
                    self._round_tower(x, z, tw, plan.tower_height)
        elif massing == "corner":
            self._round_tower((1 if plan.tower_at >= 0 else -1) * w / 2, 0.3, 0.8 * tw, plan.height + 2.5)
        elif massing == "slab":
            self._body((-0.9 * w, 0.9 * w), (-3.0, 0.9 * d), 2, round(plan.bays * 1.6), "door", "flat")
        if plan.centre == "portico" or massing == "portico":
            self._portico()
        return self.to.mesh()

    def _sheet(self, sheet: Sheet) -> int:
        return self.to.texture(sheet.pixels)

    def _body(
        self, x: tuple[float, float], z: tuple[float, float], storeys: int, bays: int, centre: str, top: str
    ) -> None:
        plan, room = self.plan, 1.2
        w, d = x[1] - x[0], z[1] - z[0]
        height = storeys * plan.style.storey
        side_bays = max(1, round(min(d, 24.0) / plan.style.bay))
        front = self._sheet(designs.wall(self.rng, self.noise, plan, w, storeys, bays, centre=centre, room=room))
        side = self._sheet(designs.wall(self.rng, self.noise, plan, min(d, 24.0), storeys, side_bays, room=room))
        self.to.box((front, side, side, side), x, z, 0.0, height + room)
        self._top(top, x, z, height)

    def _top(self, top: str, x: tuple[float, float], z: tuple[float, float], y: float) -> None:
        plan, (x0, x1), (z0, z1) = self.plan, x, z
        w, d, rise = x1 - x0, z1 - z0, plan.roof_height * min(1.0, (x[1] - x[0]) / plan.width)
        if top == "flat":
            flat = self._sheet(designs.roof(self.rng, self.noise, plan, 6, 6))
            self.to.flat(flat, (x0, y + 0.3, z1), (w, 0, 0), (0, 0, -d), (w / 6, d / 6))
            return
        slope = designs.roof(self.rng, self.noise, plan, min(max(w, d), 20.0), min(math.hypot(rise, d / 2), 10.0))
        if top == "mansard":
            texture = self.to.texture(trapezium(slope, 0.86))
            self.to.pyramid(texture, x, z, y + 0.5, 0.55 * rise + 2.0, top=0.86)
            self._dormers(x, z0, y + 0.7, plan.bays)
        elif top == "hipped":
            texture = self.to.texture(trapezium(slope, 0.35))
            self.to.pyramid(texture, x, z, y + 0.5, rise + 0.5, top=0.35)
            if plan.dormers:
                self._dormers((x0 + 0.25 * w, x1 - 0.25 * w), z0 + 0.8, y + 1.0, plan.dormers)
        elif top == "pitched":
            texture = self._sheet(slope)
            self.to.flat(texture, (x0, y + rise, z0 + d / 2), (w, 0, 0), (0, -rise - 0.2, -d / 2 - 0.3))
            self.to.flat(texture, (x1, y + rise, z0 + d / 2), (-w, 0, 0), (0, -rise - 0.2, d / 2 + 0.3))
            end = self._sheet(designs.gable(self.rng, self.noise, plan, min(d, 20.0), rise, "gabled"))
            self.to.flat(end, (x1, y + rise, z0), (0, 0, d), (0, -rise, 0))
            self.to.flat(end, (x0, y + rise, z1), (0, 0, -d), (0, -rise, 0))
            if plan.dormers:
                self._dormers((x0, x1), z0 + 0.6, y + 0.6, plan.dormers)
        else:  # a gable over the front, the ridge behind it
            rise = max(rise, 0.35 * w) if top != "gabled" else rise + 0.1 * w
            end = self._sheet(designs.gable(self.rng, self.noise, plan, w, rise + 0.6, top))
            self.to.flat(end, (x0, y + rise + 0.6, z0 - 0.05), (w, 0, 0), (0, -rise - 0.6, 0))
            texture = self._sheet(slope)
            self.to.flat(texture, (x0 + w / 2, y + rise, z0), (0, 0, d), (w / 2, -rise, 0))
            self.to.flat(texture, (x0 + w / 2, y + rise, z1), (0, 0, -d), (-w / 2, -rise, 0))
        self._chimneys(x, (z0, z1), y, rise, across=top in ("pitched", "hipped", "mansard"))

    def _dormers(self, x: tuple[float, float], z: float, y: float, n: int) -> None:
        texture = self._sheet(designs.dormer(self.rng, self.noise, self.plan))
        for k in range(n):
            at = x[0] + (x[1] - x[0]) * (k + 0.5) / n
            self.to.flat(texture, (at - 0.85, y + 2.6, z), (1.7, 0, 0), (0, -2.6, 0))

    def _chimneys(self, x: tuple[float, float], z: tuple[float, float], y: float, rise: float, *, across: bool) -> None:
        """Chimneys that stand on a ridge ``across`` the front, or on the slopes beside one that goes back from it."""
        if not self.plan.chimneys:
            return
        sheet = Sheet(self.rng, self.noise, 1.0, 3.0)
        sheet.wall("brick", (150, 92, 70))
        sheet.rect(0, 2.6, 1.0, 2.8, (90, 80, 74))
        texture = self._sheet(sheet)
        for k in range(self.plan.chimneys):
            share = (k + 0.5) / self.plan.chimneys
            at = x[0] + (x[1] - x[0]) * share
            mid = z[0] + 0.45 * (z[1] - z[0])
            roof = y + rise * (1.0 if across else 1.0 - abs(2 * share - 1))
            self.to.box((texture,) * 4, (at - 0.5, at + 0.5), (mid, mid + 1.0), roof - 1.6, 3.0)

    def _tower(
        self, x: tuple[float, float], z: tuple[float, float], storeys: int, bays: int, centre: str = "none"
    ) -> None:
        plan = self.plan
        room, height = 1.2, storeys * plan.style.storey
        w, d = x[1] - x[0], z[1] - z[0]
        clock = "clock" if plan.centre == "clock" and bays == 1 else centre
        front = self._sheet(designs.wall(self.rng, self.noise, plan, w, storeys, bays, centre=clock, room=room))
        side = self._sheet(designs.wall(self.rng, self.noise, plan, min(d, 12.0), storeys, bays, room=room))
        self.to.box((front, side, side, side), x, z, 0.0, height + room)
        self._cap(x, z, height)

    def _cap(self, x: tuple[float, float], z: tuple[float, float], y: float) -> None:
        plan, w, cap = self.plan, x[1] - x[0], self.plan.cap
        mid: Vector = ((x[0] + x[1]) / 2, y + 0.4, (z[0] + z[1]) / 2)
        if cap in ("spire", "pyramid"):
            high = w * (2.6 if cap == "spire" else 1.0)
            texture = self.to.texture(trapezium(designs.roof(self.rng, self.noise, plan, w, high), 0.0))
            self.to.pyramid(texture, x, z, y + 0.3, high)
        elif cap == "mansard":
            texture = self.to.texture(trapezium(designs.roof(self.rng, self.noise, plan, w, 4), 0.6))
            self.to.pyramid(texture, x, z, y + 0.5, 0.5 * w + 2, top=0.6)
            self._dormers(x, z[0], y + 0.7, 1)
        elif cap in ("dome", "onion", "lantern", "cone"):
            high = w * {"dome": 0.75, "onion": 1.5, "lantern": 1.2, "cone": 1.4}[cap]
            self.to.facing(self._round_roof(), mid, w, high, cap, 2.0)
        if cap == "pinnacles":
            texture = self._round_roof()
            for cx in x:
                for cz in z:
                    self.to.facing(texture, (cx, y + 1.0, cz), 0.8, 3.0, "cone")
        flat = self._sheet(designs.roof(self.rng, self.noise, plan, 4, 4))
        self.to.flat(flat, (x[0], y + 0.25, z[1]), (w, 0, 0), (0, 0, z[0] - z[1]))

    def _round_roof(self) -> int:
        """The texture of domes and cones: ribs, a lantern's dark openings lower down."""
        if self._round_texture < 0:
            sheet = designs.roof(self.rng, self.noise, self.plan, 8, 6)
            for k in range(8):
                sheet.rect(k, 0, k + 0.2, 6, shaded(self.plan.style.roof_colour, 0.78))
            if self.plan.cap == "lantern":
                for k in range(8):
                    sheet.rect(k + 0.3, 0.4, k + 0.75, 2.6, (40, 38, 40))
                sheet.band(3.1, 0.4, self.plan.style.trim)
            self._round_texture = self._sheet(sheet)
        return self._round_texture

    def _dome(self, at: tuple[float, float], radius: float, y: float) -> None:
        """A drum with windows, a dome on it and a lantern on that."""
        plan = self.plan
        drum = 0.9 * radius
        n = 12
        sheet = Sheet(self.rng, self.noise, 2 * math.pi * radius, drum + 1.0)
        sheet.wall(plan.style.wall, plan.style.wall_colour)
        step = sheet.width / n
        for k in range(n):
            left = k * step
            designs.facade.glaze(
                sheet,
                plan.style,
                plan.style.window.shape,
                (left + 0.32 * step, 0.2 * drum, left + 0.68 * step, 0.8 * drum),
                (2, 3),
            )
            if plan.style.order in ("columns", "pilasters"):
                sheet.column(left + 0.5, 0.1 * drum, 0.95 * drum, 0.12 * step, plan.style.trim)
        sheet.band(0.95 * drum, 0.4, plan.style.trim)
        sheet.weather(14)
        self.to.facing(self._sheet(sheet), (at[0], y - 1.0, at[1]), 2 * radius, drum + 1.0, "cylinder")
        profile = "onion" if plan.cap == "onion" else "dome"
        high = radius * (1.9 if profile == "onion" else 1.05)
        self.to.facing(self._round_roof(), (at[0], y + drum, at[1]), 1.96 * radius, high, profile, 2.0)
        self.to.facing(
            self._round_roof(), (at[0], y + drum + 0.95 * high, at[1]), 0.36 * radius, 0.7 * radius, "lantern"
        )

    def _round_tower(self, x: float, z: float, width: float, height: float) -> None:
        plan = self.plan
        storeys = max(2, round(height / plan.style.storey))
        sheet = designs.wall(self.rng, self.noise, plan, min(math.pi * width, 30.0), storeys, 6, room=1.2)
        self.to.facing(self._sheet(sheet), (x, 0.0, z), width, height + 1.2, "cylinder")
        if plan.cap != "flat":
            self.to.facing(
                self._round_roof(),
                (x, height + 0.6, z),
                1.08 * width,
                1.3 * width,
                "cone" if plan.cap != "dome" else "dome",
                2.0,
            )

    def _portico(self) -> None:
        """Columns in front of the middle, and a pediment on them."""
        plan, style = self.plan, self.plan.style
        n = 4 + 2 * (plan.bays % 3)
        w, height = min(0.9 * style.bay * (n - 1), 0.8 * plan.width), plan.height
        sheet = Sheet(self.rng, self.noise, w, height)
        for k in range(n):
            sheet.column(0.5 + (w - 1.0) * k / (n - 1), 0.5, 0.86 * height, 0.9, style.trim)
        sheet.rect(0, 0, w, 0.5, shaded(style.trim, 0.85))
        sheet.rect(0, 0.86 * height, w, height, style.trim)
        sheet.band(0.97 * height, 0.3, style.trim)
        sheet.weather(10)
        self.to.flat(self._sheet(sheet), (-w / 2, height, -3.0), (w, 0, 0), (0, -height, 0))
        rise = 0.2 * w
        top = Sheet(self.rng, self.noise, w + 1.0, rise)
        top.poly([(0, 0), (w + 1, 0), (w / 2 + 0.5, rise)], style.trim)
        top.poly([(1.6, 0.4), (w - 0.6, 0.4), (w / 2 + 0.5, rise - 0.6)], shaded(style.trim, 0.78))
        for k in range(5):
            x = (w + 1) * (0.32 + 0.09 * k)
            top.poly(
                designs.facade.outline("oculus", x - 0.5, 0.4, x + 0.5, 0.5 + 0.16 * rise * (3 - abs(k - 2))),
                shaded(style.trim, 0.98),
            )
        top.weather(10)
        self.to.flat(self._sheet(top), (-w / 2 - 0.5, height + rise, -3.1), (w + 1, 0, 0), (0, -rise, 0))
        slope = self._sheet(designs.roof(self.rng, self.noise, plan, 6, 6))
        for side in (-1, 1):
            if side > 0:
                self.to.flat(slope, (0, height + rise, -3.0), (0, 0, 5.0), (w / 2 + 0.5, -rise, 0))
            else:
                self.to.flat(slope, (0, height + rise, 2.0), (0, 0, -5.0), (-w / 2 - 0.5, -rise, 0))
        flank = Sheet(self.rng, self.noise, 3.0, height)
        flank.rect(0, 0.86 * height, 3.0, height, style.trim)
        flank.column(0.5, 0.5, 0.86 * height, 0.9, style.trim)
        texture = self._sheet(flank)
        self.to.flat(texture, (w / 2, height, -3.0), (0, 0, 3.0), (0, -height, 0))
        self.to.flat(texture, (-w / 2, height, 0.0), (0, 0, -3.0), (0, -height, 0))

    def _rotunda(self) -> None:
        """A round body on a square base, with a dome."""
        plan = self.plan
        r = 0.4 * plan.width
        base = self._sheet(
            designs.wall(
                self.rng, self.noise, plan, 2.2 * r, 1, max(3, plan.bays // 2 * 2 + 1), centre="portal", room=0.8
            )
        )
        self.to.box((base,) * 4, (-1.1 * r, 1.1 * r), (0.0, 2.2 * r), 0.0, plan.style.storey + 0.8)
        floor = self._sheet(designs.roof(self.rng, self.noise, plan, 5, 5))
        self.to.flat(floor, (-1.1 * r, plan.style.storey, 2.2 * r), (2.2 * r, 0, 0), (0, 0, -2.2 * r), (4, 4))
        body = designs.wall(self.rng, self.noise, plan, min(2 * math.pi * r, 44.0), plan.storeys, 12, room=1.2)
        high = plan.storeys * plan.style.storey + 1.2
        self.to.facing(self._sheet(body), (0.0, plan.style.storey * 0.9, 1.1 * r), 2 * r, high, "cylinder")
        self._dome((0.0, 1.1 * r), 0.82 * r, plan.style.storey * 0.9 + high)
