"""Paintings of scenes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from embedded.paintings import objects, people, settings, sitter, things
from embedded.paintings.canvas import Canvas
from embedded.paintings.hand import Hand, painted
from embedded.paintings.people import Placement
from embedded.paintings.scene import Scene
from embedded.raster import U8

FINER = 1.65
"""Factor on a painting's size at which it is drawn; it is averaged down afterwards."""

_MAKERS = {"person": people.person, "child": people.child, "sitter": sitter.sitter}


def paint(scene: Scene, hand: Hand, longest: int, rng: Generator) -> U8:
    """The painting, uint8 (h, w, 3), RGB, ``longest`` pixels on its longer side."""
    height, width = round(longest / max(1.0, scene.wide)), round(longest * min(1.0, scene.wide))
    picture = painted(drawn(scene, round(FINER * height), round(FINER * width), rng), hand)
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def drawn(scene: Scene, height: int, width: int, rng: Generator) -> Canvas:
    """The scene as it is drawn, without brush strokes."""
    canvas = Canvas(height, width, rng)
    settings.draw(canvas, scene.setting)
    light = settings.LIGHT[scene.setting.time] if scene.setting.kind in settings.OUTDOORS else 1.0
    for thing in scene.things:
        frame = Placement(thing.x * canvas.wide, thing.y, thing.size, thing.traits.get("turn", 1))
        maker = _MAKERS.get(thing.kind) or getattr(things, thing.kind, None) or getattr(objects, thing.kind)
        maker(canvas, frame, thing.traits, max(0.45, light))
    return canvas
