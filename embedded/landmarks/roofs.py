"""Roofs, dormers, chimneys, and the tops of towers: spires, domes, battlements."""

from __future__ import annotations

import math

from numpy.random import Generator

from embedded.landmarks import design as designs
from embedded.landmarks import facade
from embedded.landmarks.builder import Builder, Vector3, trapezium
from embedded.landmarks.design import Design
from embedded.landmarks.paint import Sheet, shaded
from embedded.texture import Noise

MetreSpan = tuple[float, float]
"""From and to, in metres."""


class Roofer:
    """Covers the parts of one building."""

    def __init__(self, rng: Generator, noise: Noise, plan: Design, to: Builder) -> None:
        self.rng, self.noise, self.plan, self.to = rng, noise, plan, to
        self._round_texture = -1

    def _sheet(self, sheet: Sheet) -> int:
        return self.to.texture(sheet.pixels)

    def top(self, top: str, x: MetreSpan, z: MetreSpan, y: float) -> None:
        """The roof over a body whose cornice is at height ``y``."""
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

    def _dormers(self, x: MetreSpan, z: float, y: float, n: int) -> None:
        texture = self._sheet(designs.dormer(self.rng, self.noise, self.plan))
        for k in range(n):
            at = x[0] + (x[1] - x[0]) * (k + 0.5) / n
            self.to.flat(texture, (at - 0.85, y + 2.6, z), (1.7, 0, 0), (0, -2.6, 0))

    def _chimneys(self, x: MetreSpan, z: MetreSpan, y: float, rise: float, *, across: bool) -> None:
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

    def cap(self, x: MetreSpan, z: MetreSpan, y: float) -> None:
        """The top of a square tower whose cornice is at height ``y``."""
        plan, w, cap = self.plan, x[1] - x[0], self.plan.cap
        mid: Vector3 = ((x[0] + x[1]) / 2, y + 0.4, (z[0] + z[1]) / 2)
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
            self.to.facing(self.round_roof(), mid, w, high, cap, 2.0)
        if cap == "pinnacles":
            texture = self.round_roof()
            for cx in x:
                for cz in z:
                    self.to.facing(texture, (cx, y + 1.0, cz), 0.8, 3.0, "cone")
        flat = self._sheet(designs.roof(self.rng, self.noise, plan, 4, 4))
        self.to.flat(flat, (x[0], y + 0.25, z[1]), (w, 0, 0), (0, 0, z[0] - z[1]))

    def round_roof(self) -> int:
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

    def dome(self, at: tuple[float, float], radius: float, y: float) -> None:
        """A drum with windows, a dome on it and a lantern on that."""
        plan = self.plan
        drum = 0.9 * radius
        n = 12
        sheet = Sheet(self.rng, self.noise, 2 * math.pi * radius, drum + 1.0)
        sheet.wall(plan.style.wall, plan.style.wall_colour)
        step = sheet.width / n
        for k in range(n):
            left = k * step
            facade.glaze(
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
        self.to.facing(self.round_roof(), (at[0], y + drum, at[1]), 1.96 * radius, high, profile, 2.0)
        self.to.facing(
            self.round_roof(), (at[0], y + drum + 0.95 * high, at[1]), 0.36 * radius, 0.7 * radius, "lantern"
        )
