"""Straight edges of a photograph that could be the sides of a picture on a screen.

Such a side is bright on the inside and dark on the outside. Edge pixels are sorted by the side that they could belong
to, and for each side the straight lines that most of its pixels lie on are found by a vote (Hough transform).
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]

SIDES = ("top", "right", "bottom", "left")
NEAR = 2  # pixels (working scale) within which an edge supports a line
LINES_PER_SIDE = 8
SLOPES = np.linspace(-0.42, 0.42, 57, dtype=np.float32)  # up to 23° off the photograph's axes
BIN = 2.0  # pixels (working scale) between neighbouring lines of the vote
MIN_LENGTH = 40  # edge pixels that a line must have
CLEAR_OF_NOISE = 2.0  # an edge's gradient against the median gradient of the photograph


class Edges(NamedTuple):
    """Edge pixels of one kind (bright below, bright left, …) at the working scale."""

    along: NDArray[np.float32]  # coordinate in the direction of the side: x for top and bottom, y for left and right
    across: NDArray[np.float32]
    near: NDArray[np.bool_]  # whether such an edge lies within NEAR pixels


def edges_by_side(smooth: Grey) -> list[Edges]:
    """Thin edges, sorted by the side of a bright quadrilateral they could belong to, in the order of SIDES."""
    gx, gy = (cv2.Scharr(smooth, cv2.CV_32F, *d) / 16 for d in ((1, 0), (0, 1)))
    noise = 1.48 * float(np.median(np.hypot(gx, gy)))
    strong = max(CLEAR_OF_NOISE * noise, 0.25)
    units = 256 / max(strong, 1e-6)
    thin = cv2.Canny(_int16(gx * units), _int16(gy * units), 128, 256, L2gradient=True) > 0
    lying = np.abs(gy) > np.abs(gx)
    kinds = (lying & (gy > 0), ~lying & (gx < 0), lying & (gy < 0), ~lying & (gx > 0))
    result = []
    for side, kind in zip(SIDES, kinds, strict=True):
        mask = thin & kind
        y, x = (v.astype(np.float32) for v in np.nonzero(mask))
        near = cv2.dilate(mask.astype(np.uint8), np.ones((2 * NEAR + 1, 2 * NEAR + 1), np.uint8)) > 0
        result.append(Edges(x, y, near) if side in ("top", "bottom") else Edges(y, x, near))
    return result


def straight_lines(edges: Edges) -> NDArray[np.float32]:
    """The straight lines ``across = slope · along + offset`` that most edge pixels lie on, best first: (n, 2)."""
    along, across = edges.along, edges.across
    if len(along) < MIN_LENGTH:
        return np.empty((0, 2), dtype=np.float32)
    offsets = across - SLOPES[:, None] * along
    lowest = float(offsets.min())
    bins = ((offsets - lowest) / BIN).astype(np.int64)
    n_bins = int(bins.max()) + 2
    bins += n_bins * np.arange(len(SLOPES))[:, None]
    votes = np.bincount(bins.ravel(), minlength=n_bins * len(SLOPES))
    left = np.ones(len(along), dtype=np.bool_)
    found: list[tuple[float, float]] = []
    while len(found) < LINES_PER_SIDE:
        pairs = votes[:-1] + votes[1:]  # a line between two bins must not lose half its votes
        peak = int(pairs.argmax())
        if pairs[peak] < MIN_LENGTH:
            break
        slope_at, bin_at = divmod(peak, n_bins)
        slope, offset = float(SLOPES[slope_at]), lowest + BIN * (bin_at + 1)
        close = np.abs(across - slope * along - offset) < 3.0
        fit = close & left
        if np.ptp(along[fit]) > MIN_LENGTH / 2:
            slope, offset = np.polyfit(along[fit], across[fit], 1)
            close |= np.abs(across - slope * along - offset) < 3.0
        found.append((slope, offset))
        votes -= np.bincount(bins[:, close & left].ravel(), minlength=len(votes))
        left &= ~close
    return np.array(found, dtype=np.float32).reshape(-1, 2)


def _int16(values: Grey) -> NDArray[np.int16]:
    return np.clip(np.rint(values), -32768, 32767).astype(np.int16)
