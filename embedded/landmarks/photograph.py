"""Taking a photograph of a landmark, and its ground truth.

A photograph is drawn at `FINER` times its size and averaged down, then developed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from embedded.landmarks import development, render, surroundings
from embedded.landmarks.builder import LANDMARK
from embedded.landmarks.light import lighting
from embedded.landmarks.mesh import Mesh
from embedded.landmarks.pinhole import Camera
from embedded.landmarks.render import Drawing
from embedded.landmarks.style import pick, span
from embedded.landmarks.view import PhotographSpec
from embedded.raster import U8

FINER = 1.5
"""Factor on a photograph's size at which it is drawn; `development.shrunk` reduces it again."""
COARSE = 0.25
"""Share of the photograph's size at which the ground truth is drawn and counted."""
AROUND = 1.5
"""The whole landmark is counted in a picture that is larger on each side by this share of its size."""


@dataclass(frozen=True, eq=False)
class Site:
    """A landmark where it stands: its building, its neighbours, and the kinds of ground."""

    building: Mesh
    houses: Mesh
    ground: str
    plaza: str
    extent: tuple[float, float, float]


@dataclass(frozen=True)
class Truth:
    """The ground truth of a photograph.

    Attributes
    ----------
    visible: share of the landmark's pixels, as the camera would see it alone, that lie inside the frame and are not
        hidden.
    box: x1, y1, x2, y2 of the visible part of the landmark, in pixels, from 0, the far corner included.
    share: share of the picture that the landmark takes.
    """

    visible: float
    box: tuple[int, int, int, int]
    share: float


def extent(building: Mesh) -> tuple[float, float, float]:
    """Half the width, the height and the depth of a building."""
    far = building.corner + building.across + building.down
    flat = ~building.facing
    body = np.concatenate([building.corner[flat], far[flat]])
    tops = building.corner[:, 1] - np.where(building.facing, building.down[:, 1], 0)
    return float(np.abs(body[:, 0]).max()), float(tops.max()), float(body[:, 2].max())


def things(spec: PhotographSpec) -> Mesh | None:
    """The clutter of a photograph: trees, people, cars and lamps, some of them close by."""
    rng = np.random.Generator(np.random.PCG64(spec.seed))
    kit, camera = surroundings.kit(), spec.camera
    chosen, feet, scales = [], [], []
    tree, bush = f"tree {spec.season}", f"bush {spec.season}"
    common = (*("person",) * 5, "car", "car", "lamp", tree, tree, bush, "sign", "stall")
    near = (tree, "bus", "person", "person", "banner", "lamp", bush, "car", "stall")
    reach = math.hypot(camera.eye[0], camera.eye[2])
    for k in range(spec.things + int(spec.close)):
        close = spec.close and k == 0
        kind = pick(rng, near if close else common)
        depth = max(reach * (span(rng, 0.22, 0.6) if close else span(rng, 0.3, 1.0)), 3.5 if close else 7.0)
        if close and kind in ("bus", "car", "person"):
            depth = max(3.0, min(depth, 9.0 if kind != "bus" else 16.0))
        at = span(rng, 0.25, 0.75) if close else float(rng.random())
        chosen.append(pick(rng, kit.things[kind]))
        feet.append(_foot(camera, at, depth))
        scales.append(span(rng, 0.9, 1.1))
    if not chosen:
        return None
    return surroundings.clutter(chosen, np.array(feet), scales)


def _foot(camera: Camera, at: float, depth: float) -> tuple[float, float, float]:
    """A point of the ground at a share of the picture's width and some metres ahead."""
    forward = camera.axes[2]
    ahead = np.array([forward[0], 0.0, forward[2]])
    ahead /= math.sqrt(float((ahead**2).sum()))
    beside = np.array([ahead[2], 0.0, -ahead[0]])
    spot = np.array(camera.eye) + depth * (ahead + beside * (at - 0.5) * camera.width / camera.focal)
    return float(spot[0]), 0.0, float(spot[2])


def truth(site: Site, spec: PhotographSpec, clutter: Mesh | None) -> Truth:
    """The ground truth, counted from the landmark's visible pixels."""
    small = spec.camera.scaled(COARSE)
    drawing = Drawing.empty(small)
    for mesh in (site.building, site.houses, clutter):
        if mesh is not None:
            render.draw(drawing, mesh, small, render.unlit(len(mesh.corner)))
    visible = drawing.owner == LANDMARK
    whole = render.footprint(site.building, spec.camera.scaled(COARSE, AROUND), LANDMARK)
    if not visible.any():
        return Truth(0.0, (0, 0, 0, 0), 0.0)
    rows, columns = np.flatnonzero(visible.any(axis=1)), np.flatnonzero(visible.any(axis=0))
    step = 1 / COARSE
    box = (
        int(columns[0] * step),
        int(rows[0] * step),
        min(spec.camera.width, int((columns[-1] + 1) * step)) - 1,
        min(spec.camera.height, int((rows[-1] + 1) * step)) - 1,
    )
    return Truth(min(1.0, float(visible.sum()) / max(1, whole)), box, float(visible.mean()))


def take(site: Site, spec: PhotographSpec, clutter: Mesh | None) -> U8:
    """The photograph, uint8 (h, w, 3) in OpenCV's order of colours."""
    camera = spec.camera.scaled(FINER)
    drawing = Drawing.empty(camera)
    ground = surroundings.ground(site.ground, site.plaza, spec.season)
    for mesh in (site.building, site.houses, clutter, ground):
        if mesh is not None:
            render.draw(drawing, mesh, camera, lighting(mesh, spec, camera))
    development.sky(drawing, camera, spec)
    picture = development.shrunk(drawing.picture)
    if spec.blur > 0:
        picture = cv2.GaussianBlur(picture, (0, 0), spec.blur)
    return development.develop(picture, spec)
