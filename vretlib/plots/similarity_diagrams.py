"""Diagrams of chapter 3 of the thesis: where a similarity is computed, and which part of it is learned."""

from __future__ import annotations

from matplotlib.figure import Figure

from vretlib.images import Pixels
from vretlib.plots.diagrams import Arrow, Node, NodeKind, diagram

_ROW = 1.85  # from row to row, in units of the drawing
KINDS: dict[NodeKind, str] = {"step": "fixed", "learned": "learned", "result": "result"}


def metric_and_network(query: Pixels, other: Pixels) -> Figure:
    """Thesis Fig 3.1: (a) retrieval with a fixed measure of two descriptors, (b) with a similarity network."""
    return _two_ways(
        query, other,
        ("(a) standard", "step", "step", "fixed measure:\ncosine or distance"),
        ("(b) the thesis", "step", "learned", "similarity\nnetwork g"),
    )  # fmt: skip


def siamese_and_similarity(query: Pixels, other: Pixels) -> Figure:
    """Thesis Fig 3.2: a siamese network learns the descriptor, a similarity network learns the score of two
    descriptors.
    """
    return _two_ways(
        query, other,
        ("siamese", "learned", "step", "fixed measure:\ncosine or distance"),
        ("similarity", "step", "learned", "similarity\nnetwork g"),
    )  # fmt: skip


def end_to_end(query: Pixels, other: Pixels) -> Figure:
    """Thesis Fig 3.6: from the pixels of two images to one score, every step of which passes gradients on."""
    boxes = {
        "query": Node(0, 1, "query Iᵢ", 1.5, 1.5, "data", query),
        "other": Node(0, -1, "image Iⱼ", 1.5, 1.5, "data", other),
        "convolutions i": Node(2.3, 1, "convolutions\nof VGG16", 1.7, 0.9, "learned"),
        "convolutions j": Node(2.3, -1, "convolutions\nof VGG16", 1.7, 0.9, "learned"),
        "mac i": Node(4.7, 1, "maximum of each\nmap, length 1", 2.2, 0.9),
        "mac j": Node(4.7, -1, "maximum of each\nmap, length 1", 2.2, 0.9),
        "pair": Node(7.5, 0, "both, one\nafter the\nother", 1.3, 1.2),
        "network": Node(9.8, 0, "fully connected\nlayers with ReLU", 2.2, 1.2, "learned"),
        "score": Node(12.1, 0, "score\nsᵢⱼ", 1.2, 0.9, "result"),
    }
    arrows = [
        Arrow("query", "convolutions i"), Arrow("convolutions i", "mac i"), Arrow("mac i", "pair", "xᵢ"),
        Arrow("other", "convolutions j"), Arrow("convolutions j", "mac j"), Arrow("mac j", "pair", "xⱼ"),
        Arrow("convolutions i", "convolutions j", "the same weights", dashed=True, two_way=True),
        Arrow("pair", "network"), Arrow("network", "score"),
    ]  # fmt: skip
    return diagram(boxes, arrows, kinds=KINDS)


def _two_ways(query: Pixels, other: Pixels, *rows: tuple[str, NodeKind, NodeKind, str]) -> Figure:
    """Rows of two images, their descriptors and their score: title, kinds of both parts, and the second part."""
    boxes: dict[str, Node] = {}
    arrows: list[Arrow] = []
    for number, (title, extraction, comparison, words) in enumerate(rows):
        y = -2 * _ROW * number
        boxes |= {
            f"title {number}": Node(-1.9, y, title, 1.6, 0.6, "note"),
            f"query {number}": Node(0, y + 0.85, "query Iᵢ", 1.5, 1.5, "data", query),
            f"other {number}": Node(0, y - 0.85, "image Iⱼ", 1.5, 1.5, "data", other),
            f"network {number}": Node(2.7, y, "convolutional\nnetwork f", 1.8, 1.4, extraction),
            f"x {number}": Node(5.1, y + 0.6, "descriptor xᵢ", 1.9, 0.7, "data"),
            f"y {number}": Node(5.1, y - 0.6, "descriptor xⱼ", 1.9, 0.7, "data"),
            f"measure {number}": Node(7.7, y, words, 2.3, 1.2, comparison),
            f"score {number}": Node(10.3, y, "score\nsᵢⱼ", 1.2, 0.9, "result"),
        }
        steps = "query network", "other network", "network x", "network y", "x measure", "y measure", "measure score"
        names = [step.split() for step in steps]
        arrows += [Arrow(f"{start} {number}", f"{stop} {number}") for start, stop in names]
    return diagram(boxes, arrows, kinds=KINDS)
