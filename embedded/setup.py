"""Camera set-ups and shots: the places of actors, the movement of the camera, and the frames that they give."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from embedded import figures, raster
from embedded.figures import Character
from embedded.raster import U8, Affine, compose, placed
from embedded.scene import FINER, Layer, Location


@dataclass(frozen=True)
class Move:
    """Movement of the camera: (dx, dy) units and up to ``zoom`` during a shot, and a steady ``shake`` of some units."""

    dx: float = 0.0
    dy: float = 0.0
    zoom: float = 1.0
    shake: float = 0.0

    def at(self, progress: float, t: float) -> tuple[float, float, float, float]:
        """Offset (x, y), zoom, and roll in radians, at time t and at ``progress``, a share of the shot."""
        p = min(1.2, max(-0.2, progress)) - 0.5
        x = self.dx * p + self.shake * (math.sin(2.1 * t) + 0.6 * math.sin(5.3 * t + 1) + 0.25 * math.sin(13.7 * t))
        y = self.dy * p + self.shake * (math.sin(1.7 * t + 2) + 0.5 * math.sin(6.1 * t) + 0.25 * math.sin(12.1 * t + 1))
        return x, y, 1.0 + (self.zoom - 1.0) * (p + 0.5), 0.0012 * self.shake * math.sin(1.3 * t)


@dataclass(frozen=True)
class Actor:
    """Someone in a set-up. Whole figures stand at ``x`` units from its middle, busts at ``x`` frame widths."""

    who: Character
    x: float
    close: bool = False
    size: float = 1.0
    left: bool = False
    active: bool = True
    speed: float = 0.0


@dataclass(frozen=True)
class Setup:
    """A camera position: its direction (units from the middle of the place), its closeness, and the actors."""

    number: int
    scene: str
    kind: str
    place: Location
    centre: tuple[float, float] = (0.0, 0.0)
    scale: float = 1.0
    actors: tuple[Actor, ...] = ()
    move: Move = field(default_factory=Move)

    def draw(self, frame: U8, t: float, progress: float) -> None:
        """Draw the picture at performance time t into a black frame."""
        height, width = frame.shape[:2]
        x, y, zoom, roll = self.move.at(progress, t)
        standing = [actor for actor in self.actors if not actor.close]
        for layer in self.place.layers:
            if layer.parallax > 1.0:
                self._draw_standing(frame, standing, t, (x, y, zoom, roll))
                standing = []
            raster.draw(frame, layer.picture, self._view(frame, layer, (x, y, zoom, roll)))
        self._draw_standing(frame, standing, t, (x, y, zoom, roll))
        for actor in self.actors:
            if actor.close:
                size = actor.size * 0.6 * height / figures.HEAD * zoom**1.2
                at = (width * (0.5 + actor.x) - 1.3 * self.scale * x, height * 0.82 - 1.3 * self.scale * y)
                parts = figures.bust(actor.who, t, talking=actor.active)
                for picture, where in figures.mirrored(parts) if actor.left else parts:
                    raster.draw(frame, picture, compose(placed(size, roll, (0.0, 0.0), at), where))

    def _view(self, frame: U8, layer: Layer, camera: tuple[float, float, float, float]) -> Affine:
        """The map from a layer's pixels to the frame's."""
        x, y, zoom, roll = camera
        height, width = frame.shape[:2]
        middle = (
            layer.picture.shape[1] / 2 + (self.centre[0] + x) * layer.parallax * FINER,
            layer.picture.shape[0] / 2 + (self.centre[1] + y * layer.parallax) * FINER,
        )
        return placed(self.scale * zoom**layer.parallax / FINER, roll, middle, (width / 2, height / 2))

    def _draw_standing(
        self, frame: U8, actors: list[Actor], t: float, camera: tuple[float, float, float, float]
    ) -> None:
        x, y, zoom, roll = camera
        height, width = frame.shape[:2]
        looks_at = (self.centre[0] + x, self.centre[1] + y)
        view = placed(self.scale * zoom, roll, looks_at, (width / 2, height / 2))
        for actor in actors:
            feet = (self.centre[0] + actor.x + actor.speed * t, self.place.ground - self.place.height / 2)
            size = actor.size * self.place.actor / 200.0
            stand = compose(view, placed(size, 0.0, (0.0, 0.0), feet))
            parts = figures.walker(actor.who, t, moving=actor.active)
            for picture, where in figures.mirrored(parts) if actor.left else parts:
                raster.draw(frame, picture, compose(stand, where))


@dataclass(frozen=True)
class Shot:
    """A take of a set-up, from performance time ``begin`` for ``n_frames`` frames, and its join to the shot before.

    A ``dissolve`` or ``fade`` of ``blend`` frames lies half before and half after the shot's first frame.
    """

    setup: Setup
    n_frames: int
    begin: float
    transition: str = "cut"
    blend: int = 0
