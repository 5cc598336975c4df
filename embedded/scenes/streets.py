"""Photographs of a street: things with a class in front of a building and its neighbours."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.random import Generator

from embedded.landmarks import development, render, surroundings, view
from embedded.landmarks import town as towns
from embedded.landmarks.builder import CLUTTER, Builder
from embedded.landmarks.light import lighting
from embedded.landmarks.mesh import Mesh, atlas
from embedded.landmarks.photograph import FINER, Site
from embedded.landmarks.pinhole import Camera
from embedded.landmarks.render import Drawing
from embedded.landmarks.style import pick, span
from embedded.landmarks.town import Town
from embedded.landmarks.view import Conditions, PhotographSpec
from embedded.raster import U8
from embedded.scenes import SIDE, collage
from embedded.scenes.collage import BoxedPicture
from embedded.scenes.sprites import Sprite

TOWN = Town("scenes", towns.WORLD.families, 0, towns.WORLD.grounds)
"""A town whose buildings no evaluation asks for."""

CONDITIONS = Conditions(azimuth=60, fill=(0.4, 1.3), detail=0.1, dark=0.08, clutter=6, occluder=0.0)
_FIRST = 10  # owners below it are the town's own


def street(site: Site, things: Sequence[Sprite], rng: Generator) -> Iterator[BoxedPicture]:
    """An endless sequence of photographs of a site, each with two to nine of the things."""
    textures = atlas([_texture(thing.picture) for thing in things])
    while True:
        spec = view.draw_spec(rng, CONDITIONS, site.extent)
        spec = replace(spec, camera=spec.camera.scaled(SIDE[0] / view.SIDE[0]))
        chosen = rng.integers(len(things), size=int(rng.integers(2, 10))).tolist()
        to, wholes = Builder(CLUTTER), []
        for k in chosen:
            thing = things[k]
            height = thing.metres * span(rng, 0.9, 1.1)
            foot, whole = _place(spec.camera, height, thing, rng)
            to.facing(k, foot, height * thing.picture.shape[1] / thing.picture.shape[0], height)
            wholes.append((thing.kind, whole))
        standing = replace(to.mesh(textures), owner=_FIRST + np.arange(len(chosen)))
        picture, owner = _take(site, spec, [standing, _around(spec, rng)])
        found = collage.boxes_of(owner, wholes, _FIRST, 1 / FINER)
        yield collage.example(picture, found, rng, strength=0.4)


def _place(camera: Camera, height: float, thing: Sprite, rng: Generator) -> tuple[tuple[float, float, float], float]:
    """The place of a thing so that it is 24 to 190 pixels high, and the number of its pixels (drawn `FINER`).

    It stands farther away if its foot would lie far below the picture.
    """
    pixels, aside = 24.0 * (190.0 / 24.0) ** float(rng.random()), span(rng, -0.5, 0.5)
    depth = max(3.0, camera.focal * height / pixels)
    foot = _ahead(camera, depth, aside)
    while camera.project(np.array([foot]))[0, 1] > 1.06 * camera.height and depth < 60.0:
        depth *= 1.3
        foot = _ahead(camera, depth, aside)
    high = FINER * camera.focal * height / depth
    return foot, high**2 * thing.picture.shape[1] / thing.picture.shape[0] * thing.fill


def _texture(layer: U8) -> U8:
    """A sprite's picture as a texture with code channel: opaque where it is more than half."""
    solid = layer[..., 3] >= 128
    out = np.zeros_like(layer)
    out[solid, :3] = np.minimum(255, layer[solid, :3].astype(np.int32) * 255 // layer[solid, 3:])
    out[solid, 3] = 255
    return out


def _around(spec: PhotographSpec, rng: Generator) -> Mesh:
    """Trees, bushes and lamps, which have no class."""
    kit, camera = surroundings.kit(), spec.camera
    chosen, feet = [], []
    for _ in range(1 + spec.things):
        kind = pick(rng, (f"tree {spec.season}", f"bush {spec.season}", "lamp"))
        chosen.append(pick(rng, kit.things[kind]))
        feet.append(_ahead(camera, span(rng, 9.0, 45.0), span(rng, -0.6, 0.6)))
    return surroundings.clutter(chosen, np.array(feet), [1.0] * len(chosen))


def _ahead(camera: Camera, depth: float, aside: float) -> tuple[float, float, float]:
    """A point of the ground some metres ahead, ``aside`` of the picture's width from its middle."""
    forward = np.array([camera.axes[2][0], 0.0, camera.axes[2][2]])
    forward /= math.sqrt(float((forward**2).sum()))
    beside = np.array([forward[2], 0.0, -forward[0]]) * aside * camera.width / camera.focal
    spot = np.array(camera.eye) + depth * (forward + beside)
    return float(spot[0]), 0.0, float(spot[2])


def _take(site: Site, spec: PhotographSpec, before: Sequence[Mesh]) -> tuple[U8, U8]:
    """The photograph, uint8 (h, w, 4) RGB, and the owner of each pixel of the drawing, `FINER` times as fine."""
    camera = spec.camera.scaled(FINER)
    drawing = Drawing.empty(camera)
    ground = surroundings.ground(site.ground, site.plaza, spec.season)
    for mesh in (*before, site.building, site.houses, ground):
        render.draw(drawing, mesh, camera, lighting(mesh, spec, camera))
    development.sky(drawing, camera, spec)
    bgr = development.develop(development.shrunk(drawing.picture), spec)
    picture = np.full((*bgr.shape[:2], 4), 255, np.uint8)
    picture[..., :3] = bgr[..., ::-1]
    return picture, drawing.owner


@lru_cache(maxsize=1)  # a process builds the town's houses once
def builders(seed: int) -> towns.Builders:
    """The builder of the town's sites."""
    return towns.Builders(TOWN, seed)
