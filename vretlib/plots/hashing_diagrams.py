"""Diagrams of paper 001: its Figures 1 to 3, in our own drawing."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from vretlib.images import Pixels
from vretlib.plots.diagrams import Arrow, Node, diagram


def retrieval(query: Pixels, database: Sequence[Pixels]) -> Figure:
    """Figure 1: a query video or image and the videos of a database become codes, and near codes are answers.

    ``database`` has a frame of each of three videos.
    """
    boxes = {
        "query": Node(0, 2.6, "query: a video,\nor a still", 1.9, 1.7, "data", query),
        "network": Node(2.7, 0.9, "network\nand hash layer", 1.7, 1.0, "learned"),
        "code": Node(5.3, 2.6, "0 1 1 0 1 0 0 1 …", 2.0, 0.7),
        "codes": Node(5.3, 0.1, "0 1 1 0 1 1 0 1 …\n1 0 0 0 1 0 1 1 …\n0 0 1 1 0 0 1 0 …", 2.0, 1.2),
        "ranking": Node(8.1, 1.35, "Hamming distances\nin ascending order", 2.0, 1.0, "result"),
    }
    for i, image in enumerate(database[:3]):
        boxes[f"video{i}"] = Node(0, 0.75 - 1.55 * i, f"video {i + 1}", 1.9, 1.4, "data", image)
    arrows = [Arrow("query", "network"), *(Arrow(f"video{i}", "network") for i in range(len(database[:3])))]
    arrows += [Arrow("network", "code"), Arrow("network", "codes")]
    arrows += [Arrow("code", "ranking"), Arrow("codes", "ranking")]
    return diagram(boxes, arrows, kinds={"data": "frames", "learned": "learned", "step": "K bits", "result": "answer"})


def hybrid(frames: Sequence[Pixels]) -> Figure:
    """Figures 2 and 3: how HVIH makes codes of frames and of a video, and which loss acts on which.

    ``frames`` are three frames of one video.
    """
    boxes = {"codes": Node(6.15, 1.65, "codes in [0, 1];\nL_bsc (eq 6): near 0 or 1", 2.65, 5.6, "group")}
    arrows = []
    for i, frame in enumerate(frames[:3]):
        y = 3.0 - 1.35 * i
        boxes[f"frame{i}"] = Node(0, y, "", 1.25, 1.2, "data", frame)
        boxes[f"layer{i}"] = Node(2.0, y, "network", 1.3, 0.7, "learned")
        boxes[f"value{i}"] = Node(4.1, y, f"W f{i + 1}", 0.9, 0.6, "learned")
        boxes[f"code{i}"] = Node(6.15, y, f"frame {i + 1}:\nσ(W f{i + 1})", 1.7, 0.8)
        arrows += [Arrow(f"frame{i}", f"layer{i}"), Arrow(f"layer{i}", f"value{i}")]
        arrows += [Arrow(f"value{i}", f"code{i}"), Arrow(f"value{i}", "mean")]
    boxes |= {
        "mean": Node(4.1, -0.75, "mean", 0.9, 0.5),
        "video": Node(6.15, -0.75, "video:\nσ(mean of W f)", 1.7, 0.8),
        "frame_loss": Node(9.3, 2.6, "L_frame (eq 3): each frame\nis assigned its person", 3.2, 0.9, "result"),
        "vca": Node(9.3, 1.0, "L_vca (eq 5): the video lies\nat the centre of its frames", 3.2, 0.9, "result"),
        "video_loss": Node(9.3, -0.75, "L_video (eq 4): near the same\nperson, far from others", 3.2, 0.9, "result"),
    }
    arrows += [Arrow("mean", "video"), Arrow("code0", "frame_loss"), Arrow("code1", "frame_loss")]
    arrows += [Arrow("code2", "vca"), Arrow("code1", "vca"), Arrow("video", "vca"), Arrow("video", "video_loss")]
    meaning = {"data": "frames of a video", "learned": "learned", "step": "computed", "result": "losses"}
    return diagram(boxes, arrows, kinds=meaning)  # type: ignore[arg-type]
