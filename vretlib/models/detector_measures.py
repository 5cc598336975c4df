"""Measures of a detector on images with known boxes: recall of its proposals, and mean average precision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torchvision.ops import box_iou

from vretlib import images
from vretlib.errors import UserError
from vretlib.features import detector as detectors
from vretlib.features.detector import MIN_SIDE
from vretlib.features.detector_network import Detector
from vretlib.models.detection_set import DetectionSet
from vretlib.parallel import parallel_map

OVERLAP = 0.5
"""The IoU from which a box is found, as for Pascal VOC."""


@dataclass(frozen=True)
class DetectorQuality:
    """Measures of a detector on a set of images.

    Attributes
    ----------
    recall: share of the true boxes that one of the proposals overlaps by `OVERLAP` or more.
    mean_overlap: mean over the true boxes of the overlap of the best proposal.
    map: mean over the classes of `detection_average_precision`.
    by_class: the average precision of each class that the images show.
    """

    recall: float
    mean_overlap: float
    map: float
    by_class: dict[str, float]


def measure(
    detector: Detector, examples: DetectionSet, *, short_side: int = 224, long_side: int = 400, n_proposals: int = 300
) -> DetectorQuality:
    """The quality of a detector; sizes as in `vretlib.features.detector.describe`.

    Raises
    ------
    UserError: a set without boxes, or with other classes than the detector's.
    """
    if not sum(map(len, examples.boxes)):
        raise UserError(f"{examples.name} shows no boxes; expected some to measure a detector")
    if examples.classes != detector.classes:
        raise UserError(f"{examples.name} has other classes than the detector; measure it on its own")

    def one(number: int) -> tuple[Tensor, list[tuple[int, float, int, float]]]:
        return _found(detector, examples, number, short_side, long_side, n_proposals)

    found = list(parallel_map(one, range(len(examples.images)), detector.device, threads_each=1))
    best = torch.cat([overlaps for overlaps, _ in found]).numpy()
    labels = np.concatenate(examples.labels)
    detections = [(image, *row) for image, (_, rows) in enumerate(found) for row in rows]
    by_class = {}
    for label in np.unique(labels).tolist():
        own = [(score, (image, truth), overlap) for image, kind, score, truth, overlap in detections if kind == label]
        by_class[examples.classes[label]] = detection_average_precision(own, int((labels == label).sum()))
    return DetectorQuality(
        float((best >= OVERLAP).mean()), float(best.mean()), float(np.mean(list(by_class.values()))), by_class
    )


def detection_average_precision(detections: list[tuple[float, tuple[int, int], float]], n_boxes: int) -> float:
    """Average precision of one class: the area under the curve of precision, made non-increasing, over recall.

    A detection is right if it overlaps a true box of its class by `OVERLAP` and no detection of a higher score has
    taken that box, as in the code of Pascal VOC since 2010. Detections of equal score count in the order given. Without
    detections it is 0.

    Parameters
    ----------
    detections: for each its score, the true box of its class that it overlaps most (any key), and that overlap.
    n_boxes: number of true boxes.
    """
    taken, right = set(), []
    for _, box, overlap in sorted(detections, key=lambda row: -row[0]):
        right.append(overlap >= OVERLAP and box not in taken)
        if right[-1]:
            taken.add(box)
    hits = np.cumsum(right)
    precision = hits / np.arange(1, len(right) + 1)
    highest_later: NDArray[np.float64] = np.maximum.accumulate(precision[::-1])[::-1]
    return float(highest_later[np.array(right, bool)].sum() / n_boxes)


def _found(
    detector: Detector, examples: DetectionSet, number: int, short_side: int, long_side: int, n_proposals: int
) -> tuple[Tensor, list[tuple[int, float, int, float]]]:
    """Best overlap of each true box with a proposal; and label, score, nearest true box, overlap of each detection."""
    whole = images.read(examples.images[number])
    pixels = detectors.rescale(whole, short_side, long_side)
    scale = torch.tensor([pixels.shape[k] / whole.shape[k] for k in (1, 0, 1, 0)])
    truth, labels = torch.from_numpy(examples.boxes[number]) * scale, torch.from_numpy(examples.labels[number])
    with torch.inference_mode():
        x = detector.prepare(pixels)
        maps, extent = detector.maps(x), detector.extent(pixels)
        proposals = detector.propose(x, maps, extent, n_proposals, MIN_SIDE * short_side)
        logits, corrections = detector.heads.box_predictor(
            detector.heads.box_head(detector.pooled(maps, proposals, extent))
        )
        boxes, scores, kinds = detector.heads.postprocess_detections(logits, corrections, [proposals], [extent])
    best = box_iou(truth, proposals).amax(1) if len(proposals) else torch.zeros(len(truth))
    rows = []
    for box, score, kind in zip(boxes[0], scores[0], kinds[0] - 1, strict=True):
        overlaps = box_iou(box[None], truth)[0].masked_fill(labels != kind, 0)
        nearest = int(overlaps.argmax()) if len(truth) else 0
        rows.append((int(kind), float(score), nearest, float(overlaps[nearest]) if len(truth) else 0.0))
    return best, rows
