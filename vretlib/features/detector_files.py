"""Files of detectors: those of this project, the published Caffe networks, and torchvision's."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save as serialised

from vretlib import files, outputs, paths
from vretlib.errors import UserError
from vretlib.features import detector_published, narrow_shape
from vretlib.features import weights as weights_of
from vretlib.features.detector_network import Detector, fill
from vretlib.features.detector_parts import NETWORKS, DetectorShape, RegionPooling

_HEADER = "detector"
COMMITTED = (("zf", "P"), ("vgg16", "P"), ("vgg16", "C"), ("vgg16", "F-S"), ("vgg16", "F-F"))
"""Networks and training sets of the files in ``data/weights``."""
WIDTHS = {"vgg16": narrow_shape.EMBEDDED["vgg16"].widths, "zf": (32, 64, 96, 96, 64)}
FULLY_CONNECTED = 128
SCALES = (2.0, 4.0, 8.0)
"""Of the project's own detectors, whose images have a short side of 224 pixels: anchors of 32, 64 and 128 pixels."""


def embedded_shape(network: str, classes: tuple[str, ...]) -> DetectorShape:
    """The shape of this project's detectors."""
    return DetectorShape(network, WIDTHS[network], FULLY_CONNECTED, classes, SCALES)


def load(
    network: str, weights: str | Path, device: str | torch.device = "cpu", *, regions: RegionPooling = "pool"
) -> Detector:
    """A detector with its weights, in evaluation mode.

    Parameters
    ----------
    network: "vgg16" or "zf", or "resnet50_fpn" (torchvision's, which has RoIAlign on a pyramid of maps).
    weights: "P" or "C": the project's own, trained on a small set of drawn scenes (as Pascal VOC in the papers) or on a
        larger and more varied one (as COCO); "F-S" or "F-F": P, fine-tuned on drawn faces (paper 000). "random":
        untrained, always the same, with one class. "coco": torchvision's for "resnet50_fpn", downloaded once. Or the
        path of a file: one of this project, or for "vgg16" the published Caffe network, converted as
        `detector_published.from_caffe` says.
    regions: "pool" is the papers' RoI pooling, "align" is RoIAlign.

    Raises
    ------
    UserError: an unknown network, no such weights, or a file that does not fit.
    """
    if network == detector_published.FPN:
        return detector_published.load_fpn(weights).to(device)
    if network not in NETWORKS:
        raise UserError(f"network={network!r}: expected one of {', '.join(map(repr, NETWORKS))}.")
    if weights == "coco":
        raise UserError(
            f"weights='coco' are torchvision's, of another network: load({detector_published.FPN!r}, 'coco')."
        )
    if weights == "random":
        return Detector.untrained(embedded_shape(network, ("object",)), regions=regions).to(device)
    if weights in {trained_on for _, trained_on in COMMITTED}:
        if (network, weights) not in COMMITTED:
            raise UserError(f"weights={str(weights)!r}: there are none for {network}, as in the paper. Take 'P'.")
        return read(committed(network, str(weights)), network, regions).to(device)
    return read(files.given(weights), network, regions).to(device)


def committed(network: str, trained_on: str) -> Path:
    """The file of the project's own weights."""
    return weights_of.committed_file(f"detector_{network}_{trained_on.lower()}")


def read(path: Path, network: str, regions: RegionPooling = "pool") -> Detector:
    """The detector in a file; errors as in `load`."""
    names = (*(trained_on for of, trained_on in COMMITTED if of == network), "random")
    found = weights_of.read(path, "file" if path.parent != paths.DATA / "weights" else "embedded", names)
    if detector_published.is_caffe(found.state) and network == "vgg16":
        state, shape = detector_published.from_caffe(found.state, str(path))
    else:
        state, shape = found.state, _shape(path)
    if shape.network != network:
        raise UserError(f"{path}: holds a {shape.network}, not a {network}. Load it as the former.")
    detector = Detector.untrained(shape, regions=regions)
    fill(detector, state, str(path))
    detector.weights, detector.checksum = found.description, found.checksum
    return detector


def save(detector: Detector, path: Path, *, half: bool = True) -> None:
    """Write a detector as a safetensors file; with ``half``, matrices and filters as float16."""
    state = {
        key: (value.half() if half and value.ndim > 1 else value).detach().cpu().contiguous()
        for key, value in detector.state_dict().items()
    }
    outputs.write(path, serialised(state, {_HEADER: json.dumps(asdict(detector.shape))}))


def _shape(path: Path) -> DetectorShape:
    try:
        with safe_open(path, framework="pt") as file:  # fails for a .pth file
            return DetectorShape.of(json.loads((file.metadata() or {})[_HEADER]))
    except Exception as error:  # a header can hold anything
        raise UserError(
            f"{path}: is no detector of this project ({error!r}), nor the published VGG16 with the names of Caffe's "
            "layers. Train it again, or convert it."
        ) from error
