"""Diagrams of chapter 2 of the thesis: two kinds of layers, neural codes, and a similarity that depends on the other
images.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from vretlib.images import Pixels
from vretlib.plots.diagrams import Arrow, Node, NodeKind, diagram

_WINDOW = 3  # inputs of a neuron of the convolutional layer that is drawn


def layers(n_inputs: int = 6) -> Figure:
    """Thesis Fig 2.2 in one dimension: neurons that see all inputs, and neurons that see a window each."""
    boxes: dict[str, Node] = {}
    arrows: list[Arrow] = []
    n_outputs = n_inputs - _WINDOW + 1
    ways = ("(a) fully connected: other weights\nfor each arrow", range(n_inputs)), (
        f"(b) convolutional: the same {_WINDOW} weights\nfor each neuron", range(_WINDOW)
    )  # fmt: skip
    for side, (title, seen) in enumerate(ways):
        left = 7.6 * side
        boxes[f"title {side}"] = Node(left + 2.5, 2.6, title, 5, 0.7, "note")
        for k in range(n_inputs):
            boxes[f"x{side}{k}"] = Node(left + k, 0, f"x{_index(k + 1)}", 0.7, 0.6, "data")
        for i in range(n_outputs):
            boxes[f"s{side}{i}"] = Node(left + i + (_WINDOW - 1) / 2, 1.7, f"s{_index(i + 1)}", 0.7, 0.6, "result")
            arrows += [Arrow(f"x{side}{k + (i if side else 0)}", f"s{side}{i}") for k in seen]
    return diagram(boxes, arrows, kinds={"data": "input", "result": "neuron, eq 2.1"})


def neural_codes(square: Pixels) -> Figure:
    """Thesis Fig 2.4: from a squeezed image through AlexNet; layers 5, 6 and 7 can serve as descriptions."""
    boxes = {"image": Node(0, 0, "224 × 224", 1.7, 1.7, "data", square)}
    arrows, before = [], "image"
    for number, name in enumerate([*(f"conv {n}" for n in range(1, 6)), "fc 6", "fc 7", "fc 8"]):
        coded, x = number in (4, 5, 6), 1.7 + 1.25 * number
        boxes[name] = Node(x, 0, name.replace(" ", "\n"), 0.85, 1.1, "learned" if coded else "step")
        arrows.append(Arrow(before, name))
        if coded:
            boxes[f"code {name}"] = Node(x, 1.6, "neural\ncode", 1.0, 0.75, "result")
            arrows.append(Arrow(name, f"code {name}"))
        before = name
    boxes["classes"] = Node(x + 1.4, 0, "1,000\nclasses", 1.05, 1.1, "data")
    arrows.append(Arrow(before, "classes"))
    kinds: dict[NodeKind, str] = {"step": "layer", "learned": "layer that is read off", "result": "description"}
    return diagram(boxes, arrows, kinds=kinds)


def context(images: tuple[Pixels, Pixels, Sequence[Pixels], Sequence[Pixels]]) -> Figure:
    """Thesis Fig 2.5: the same image with the same score is the last in collection A and the first in collection B.

    ``images`` are the query, that image, others of A, which are more alike, and others of B, which are less alike.
    """
    query, shared, alike, unlike = images
    boxes = {"query": Node(0, 0, "query", 1.9, 1.9, "data", query)}
    arrows = []
    rows = (
        ("A", 1.15, [*((image, "more alike") for image in alike), (shared, "this image")]),
        ("B", -1.15, [(shared, "this image"), *((image, "less alike") for image in unlike)]),
    )
    for name, y, ranked in rows:
        for k, (image, text) in enumerate(ranked):
            kind: NodeKind = "result" if image is shared else "data"
            boxes[f"{name}{k}"] = Node(4.6 + 2.05 * k, y, text, 1.9, 1.9, kind, image)
        boxes[name] = Node(2.3, y + (0.55 if name == "A" else -0.55), f"collection {name},\nranked", 1.4, 0.6, "note")
        arrows.append(Arrow("query", f"{name}0"))
    return diagram(boxes, arrows, kinds={"result": "the same image with the same score"})


def _index(number: int) -> str:
    """A number as subscript digits."""
    return "".join(chr(0x2080 + int(digit)) for digit in str(number))
