"""Diagrams of the spatio-temporal encoder: the thesis' Figures 6.1 and 6.2, in our own drawing."""

from __future__ import annotations

from matplotlib.figure import Figure

from vretlib.images import Pixels
from vretlib.plots.diagrams import Arrow, Node, diagram


def common_space(query: Pixels, frames: tuple[Pixels, Pixels]) -> Figure:
    """Figure 6.1: a query and the shots of a video become vectors of one space, and the nearest shot finds its video.

    ``frames`` are of two shots.
    """
    a, b = frames
    boxes = {
        "space": Node(6.2, 1.15, "common space", 2.8, 4.5, "group"),
        "query": Node(0, 2.8, "query image", 1.9, 1.4, "data", query),
        "first": Node(0, 1.1, "shot 1 of a video", 1.9, 1.4, "data", a),
        "second": Node(0, -0.6, "shot 2 of a video", 1.9, 1.4, "data", b),
        "image": Node(2.9, 2.4, "image embedding", 1.8),
        "shots": Node(2.9, 0.25, "one embedding\nof each shot", 1.8, 1.0, "learned"),
        "u": Node(6.0, 2.4, "u", 0.55, 0.55),
        "v1": Node(7.0, 0.9, "v1", 0.55, 0.55, "learned"),
        "v2": Node(5.4, -0.1, "v2", 0.55, 0.55, "learned"),
    }
    arrows = [
        Arrow("query", "image"), Arrow("first", "shots"), Arrow("second", "shots"), Arrow("image", "u"),
        Arrow("shots", "v1"), Arrow("shots", "v2"), Arrow("u", "v1", "cosine", two_way=True, dashed=True),
        Arrow("u", "v2", "cosine", two_way=True, dashed=True),
    ]  # fmt: skip
    return diagram(boxes, arrows, kinds={"data": "pictures", "step": "of the query", "learned": "of the video"})


def architecture(query: Pixels, frames: tuple[Pixels, Pixels, Pixels]) -> Figure:
    """Figure 6.2: the spatial encoder reads every picture, the temporal encoder the frames of a shot; and the loss."""
    boxes = {
        "u_in": Node(0, 3.4, "image", 1.5, 1.15, "data", query),
        "cnn": Node(2.2, 3.4, "CNN, R-MAC,\nwhitening", 1.5),
    }
    arrows = [Arrow("u_in", "cnn")]
    for i, frame in enumerate(frames):
        y = 1.8 - 1.3 * i
        boxes[f"frame{i}"] = Node(0, y, f"frame {i + 1}", 1.5, 1.15, "data", frame)
        boxes[f"cnn{i}"] = Node(2.2, y, "CNN, R-MAC,\nwhitening", 1.5)
        boxes[f"rnn{i}"] = Node(4.4, y, "LSTM or GRU", 1.4, 0.7, "learned")
        arrows += [Arrow(f"frame{i}", f"cnn{i}"), Arrow(f"cnn{i}", f"rnn{i}", f"x{i + 1}")]
        if i:
            arrows.append(Arrow(f"rnn{i - 1}", f"rnn{i}", "state"))
    boxes |= {
        "layer": Node(6.4, -0.8, "fully connected,\ntanh, l2", 1.5, 0.7, "learned"),
        "loss": Node(6.4, 3.4, "margin loss\n(eq 6.4)", 1.5, 0.7, "result"),
    }
    arrows += [Arrow("rnn2", "layer", "h"), Arrow("cnn", "loss", "u, the image's embedding")]
    arrows += [Arrow("layer", "loss", "v, the shot's\nembedding")]
    meaning = {"step": "frozen, the same weights everywhere", "learned": "learned", "result": "only in training"}
    return diagram(boxes, arrows, kinds=meaning)  # type: ignore[arg-type]
