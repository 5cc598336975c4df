"""How the pieces of a scene are lit: sun, sky, floodlights, haze and shadow."""

from __future__ import annotations

import numpy as np

from embedded.landmarks.builder import LANDMARK
from embedded.landmarks.mesh import F64, Mesh
from embedded.landmarks.pinhole import Camera
from embedded.landmarks.render import BINS, Lighting
from embedded.landmarks.view import PhotographSpec

_HAZE = {"clear": 1500.0, "haze": 110.0, "rain": 260.0, "snowfall": 130.0}
"""Metres after which haze has taken 63 % of a colour."""


def lighting(mesh: Mesh, spec: PhotographSpec, camera: Camera) -> Lighting:
    """How the pieces of a mesh are lit in a photograph."""
    light = spec.light
    sun, ambient = np.array(light.sun), np.array(light.ambient)
    towards, flood = np.array(light.towards), np.array(light.flood)
    normal = mesh.normals
    open_sky = (0.8 + 0.2 * np.where(mesh.facing, 0.0, normal[:, 1]))[:, None] * ambient
    flat = np.where(mesh.facing, 0.6, (normal * towards).sum(axis=1).clip(0))
    landmark = (mesh.owner == LANDMARK) & (normal[:, 1] < 0.5)
    base = open_sky + landmark[:, None] * flood
    lit = np.repeat((base + flat[:, None] * sun)[:, None], BINS, axis=1)
    round_ = mesh.profile >= 0
    if round_.any():
        aim = mesh.corner[round_] - np.array(camera.eye)
        aim = aim / np.sqrt(aim[:, 0] ** 2 + aim[:, 2] ** 2).clip(1e-9)[:, None]
        q = (np.arange(BINS) + 0.5) / BINS * 2 - 1
        toward = np.sqrt(1 - q**2)
        x = q * aim[:, 2:] - toward * aim[:, :1]
        z = -q * aim[:, :1] - toward * aim[:, 2:]
        facing = (x * towards[0] + z * towards[2] + 0.25 * towards[1]).clip(0)
        soft = 0.75 + 0.25 * toward
        lit[round_] = base[round_][:, None] * soft[None, :, None] + facing[..., None] * sun
    return Lighting(
        lit=np.rint(lit * 256 * spec.exposure).astype(np.int64),
        shaded=np.rint(open_sky * 256 * spec.exposure).astype(np.int64),
        shadow=_shadow(mesh, spec),
        glow=np.rint(np.array(light.glow)).astype(np.int64),
        haze=np.rint(256 * (1 - np.exp(-np.arange(256) * 2.0 / _HAZE[spec.weather]))).astype(np.int64),
        haze_step=2.0,
        haze_colour=np.array(light.sky[1], np.int64),
    )


def _shadow(mesh: Mesh, spec: PhotographSpec) -> F64:
    """The shadow that a roof opposite throws on the lower part of the landmark, as a half-plane on each piece."""
    none = np.tile([0.0, 0.0, -1.0], (len(mesh.corner), 1))
    if spec.shadow is None or spec.light.kind not in ("sun", "golden"):
        return none
    height, slope = spec.shadow
    normal = np.array([slope, -1.0, 0.15])
    line = np.stack([mesh.across @ normal, mesh.down @ normal, mesh.corner @ normal + height], axis=1)
    return np.where(((mesh.owner == LANDMARK) & ~mesh.facing)[:, None], line, none)
