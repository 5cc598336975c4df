"""The camera of a scene, a pinhole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embedded.landmarks.mesh import F64


@dataclass(frozen=True)
class Camera:
    """A pinhole at ``eye`` whose axes, to the right, down and forward, are the rows of ``axes``.

    ``focal`` and the size are in pixels; the axis goes through the middle of the picture.
    """

    eye: tuple[float, float, float]
    axes: tuple[tuple[float, float, float], ...]
    focal: float
    width: int
    height: int

    def scaled(self, factor: float, margin: float = 0.0) -> Camera:
        """The same view in other pixels, with ``margin`` times its size added on each side."""
        width, height = (max(1, round(side * factor * (1 + 2 * margin))) for side in (self.width, self.height))
        return Camera(self.eye, self.axes, self.focal * factor, width, height)

    def project(self, points: F64) -> F64:
        """(n, 3) points in metres to (n, 3) x, y in pixels and depth in metres (negative behind the camera)."""
        from_camera = (points - np.array(self.eye)) @ np.array(self.axes).T
        depth = np.where(np.abs(from_camera[:, 2]) < 1e-9, 1e-9, from_camera[:, 2])
        x = self.focal * from_camera[:, 0] / depth + self.width / 2
        y = self.focal * from_camera[:, 1] / depth + self.height / 2
        return np.stack([x, y, from_camera[:, 2]], axis=1)


def looking(eye: Sequence[float], at: Sequence[float], roll: float, focal: float, size: tuple[int, int]) -> Camera:
    """A camera (size = width, height) at ``eye`` looking at a point, rotated by ``roll`` radians about its axis."""
    forward = np.array(at, float) - np.array(eye, float)
    forward /= math.sqrt(float((forward**2).sum()))
    right = np.cross([0.0, 1.0, 0.0], forward)
    right /= math.sqrt(float((right**2).sum()))
    below = np.cross(right, forward)  # with y up and z away, right x forward points down
    c, s = math.cos(roll), math.sin(roll)
    axes = (c * right + s * below, c * below - s * right, forward)
    x, y, z = (float(value) for value in eye)
    return Camera((x, y, z), tuple((float(a[0]), float(a[1]), float(a[2])) for a in axes), focal, *size)
