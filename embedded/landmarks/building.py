"""The geometry of a building: its design as a mesh of walls, roofs, towers and domes.

A building stands on the ground about the origin; its front lies at z = 0 and looks towards negative z.
"""

from __future__ import annotations

import math

from numpy.random import Generator

from embedded.landmarks import design as designs
from embedded.landmarks import paint
from embedded.landmarks.builder import LANDMARK, Builder
from embedded.landmarks.design import Design
from embedded.landmarks.mesh import Mesh
from embedded.landmarks.paint import Sheet, shaded
from embedded.landmarks.roofs import MetreSpan, Roofer
from embedded.texture import Noise


def build(rng: Generator, noise: Noise, plan: Design) -> Mesh:
    """The mesh of a building."""
    return _Mason(rng, noise, plan).build()


class _Mason:
    """Builds one design."""

    def __init__(self, rng: Generator, noise: Noise, plan: Design) -> None:
        self.rng, self.noise, self.plan = rng, noise, plan
        self.to = Builder(LANDMARK)
        self.roofer = Roofer(rng, noise, plan, self.to)

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
            self.roofer.dome(
                (0.0, d / 2),
                0.42 * min(w, d, 20.0),
                plan.height + (plan.roof_height * 0.5 if plan.top != "flat" else 0.4),
            )
        elif massing == "round":
            for corner in (-w / 2, w / 2):
                for z in (0.0, d):
                    self._round_tower(corner, z, tw, plan.tower_height)
        elif massing == "corner":
            self._round_tower((1 if plan.tower_at >= 0 else -1) * w / 2, 0.3, 0.8 * tw, plan.height + 2.5)
        elif massing == "slab":
            self._body((-0.9 * w, 0.9 * w), (-3.0, 0.9 * d), 2, round(plan.bays * 1.6), "door", "flat")
        if plan.centre == "portico" or massing == "portico":
            self._portico()
        return self.to.mesh()

    def _sheet(self, sheet: Sheet) -> int:
        return self.to.texture(sheet.pixels)

    def _body(self, x: MetreSpan, z: MetreSpan, storeys: int, bays: int, centre: str, top: str) -> None:
        plan, room = self.plan, 1.2
        w, d = x[1] - x[0], z[1] - z[0]
        height = storeys * plan.style.storey
        side_bays = max(1, round(min(d, 24.0) / plan.style.bay))
        front = self._sheet(designs.wall(self.rng, self.noise, plan, w, storeys, bays, centre=centre, room=room))
        side = self._sheet(designs.wall(self.rng, self.noise, plan, min(d, 24.0), storeys, side_bays, room=room))
        self.to.box((front, side, side, side), x, z, 0.0, height + room)
        self.roofer.top(top, x, z, height)

    def _tower(self, x: MetreSpan, z: MetreSpan, storeys: int, bays: int, centre: str = "none") -> None:
        plan = self.plan
        room, height = 1.2, storeys * plan.style.storey
        w, d = x[1] - x[0], z[1] - z[0]
        clock = "clock" if plan.centre == "clock" and bays == 1 else centre
        front = self._sheet(designs.wall(self.rng, self.noise, plan, w, storeys, bays, centre=clock, room=room))
        side = self._sheet(designs.wall(self.rng, self.noise, plan, min(d, 12.0), storeys, bays, room=room))
        self.to.box((front, side, side, side), x, z, 0.0, height + room)
        self.roofer.cap(x, z, height)

    def _round_tower(self, x: float, z: float, width: float, height: float) -> None:
        plan = self.plan
        storeys = max(2, round(height / plan.style.storey))
        sheet = designs.wall(self.rng, self.noise, plan, min(math.pi * width, 30.0), storeys, 6, room=1.2)
        self.to.facing(self._sheet(sheet), (x, 0.0, z), width, height + 1.2, "cylinder")
        if plan.cap != "flat":
            self.to.facing(
                self.roofer.round_roof(),
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
                paint.outline("oculus", x - 0.5, 0.4, x + 0.5, 0.5 + 0.16 * rise * (3 - abs(k - 2))),
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
        self.roofer.dome((0.0, 1.1 * r), 0.82 * r, plan.style.storey * 0.9 + high)
