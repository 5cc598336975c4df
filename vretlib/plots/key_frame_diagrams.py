"""Diagrams of paper 002: what a video is made of, and how an image finds its frames in two steps."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from vretlib.images import Pixels
from vretlib.plots.diagrams import Arrow, Node, NodeKind, diagram

_STEP = 1.9  # from frame to frame, in units of the drawing


def structure(shots: Sequence[Sequence[Pixels]]) -> Figure:
    """Fig 1: a video of two scenes, their shots, and the frames of each shot; the first scene has half of the shots."""
    boxes: dict[str, Node] = {}
    arrows: list[Arrow] = []
    middles, left = [], 0.0
    for shot, frames in enumerate(shots):
        for k, image in enumerate(frames):
            boxes[f"frame {shot} {k}"] = Node(left + _STEP * k, 0, "frame", 1.8, 1.35, "data", image)
            arrows.append(Arrow(f"shot {shot}", f"frame {shot} {k}"))
        middles.append(left + _STEP * (len(frames) - 1) / 2)
        left += _STEP * len(frames) + 0.3
        boxes[f"shot {shot}"] = Node(middles[-1], 1.55, f"shot {shot + 1}", 1.5, 0.55)
    half = (len(shots) + 1) // 2
    boxes["video"] = Node(sum(middles) / len(middles), 3.75, "video", 1.6, 0.55)
    for scene, numbers in enumerate([range(half), range(half, len(shots))]):
        if numbers:
            middle = (middles[numbers[0]] + middles[numbers[-1]]) / 2
            boxes[f"scene {scene}"] = Node(middle, 2.65, f"scene {scene + 1}", 1.6, 0.55)
            arrows += [Arrow("video", f"scene {scene}"), *(Arrow(f"scene {scene}", f"shot {n}") for n in numbers)]
    return diagram(boxes, arrows)


def two_steps(query: Pixels, found: Pixels) -> Figure:
    """Fig 2: (a) how descriptor and index of a picture are made, (b) how both are used in the search."""
    boxes = {
        "a": Node(-1.2, 3.6, "(a)", 0.4, 0.5, "note"),
        "picture": Node(0, 3.6, "key frame\nor query", 1.5, 0.9, "data"),
        "network": Node(2.7, 3.6, "VGG16 without\nfully connected\nlayers", 2.4, 1.1, "learned"),
        "maps": Node(5.5, 3.6, "512 maps\nof 7 × 7", 1.4, 0.9, "data"),
        "long": Node(8.7, 3.6, "descriptor,\n512 numbers", 2.1, 0.9, "result"),
        "short": Node(12.4, 3.6, "index,\n64 numbers", 1.8, 0.9, "result"),
        "b": Node(-1.2, -0.6, "(b)", 0.4, 0.5, "note"),
        "query": Node(0, -0.6, "query", 1.7, 1.6, "data", query),
        "index": Node(2.7, 0.3, "index", 1.6, 0.8, "result"),
        "descriptor": Node(2.7, -1.5, "descriptor", 1.6, 0.8, "result"),
        "indices": Node(5.9, 1.8, "indices of\nall key frames", 2.1, 0.9, "data"),
        "coarse": Node(5.9, 0.3, "coarse search:\nnearest indices", 2.1, 0.9),
        "candidates": Node(9.2, 0.3, "m candidates", 2.1, 0.8, "data"),
        "fine": Node(9.2, -1.5, "fine search:\nnearest descriptors", 2.9, 0.9),
        "descriptors": Node(9.2, -3.0, "descriptors of\nall key frames", 2.1, 0.9, "data"),
        "result": Node(12.5, -1.5, "first of n results", 2.5, 1.8, "data", found),
    }
    arrows = [
        Arrow("picture", "network"), Arrow("network", "maps"), Arrow("maps", "long", "mean\nof each"),
        Arrow("long", "short", "mean of\n8 channels"), Arrow("query", "index"), Arrow("query", "descriptor"),
        Arrow("index", "coarse"), Arrow("indices", "coarse"), Arrow("coarse", "candidates"),
        Arrow("candidates", "fine"), Arrow("descriptor", "fine"), Arrow("descriptors", "fine"), Arrow("fine", "result"),
    ]  # fmt: skip
    kinds: dict[NodeKind, str] = {
        "data": "given, stored or found",
        "learned": "network",
        "step": "step",
        "result": "vector",
    }
    return diagram(boxes, arrows, kinds=kinds)
