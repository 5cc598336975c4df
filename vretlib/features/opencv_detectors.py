"""Detectors and a face embedding that OpenCV runs from the user's own files; the project does not need them.

`FaceFinder` runs YuNet and `FaceEmbedding` SFace, both of OpenCV's model zoo (.onnx). `ObjectFinder` runs an SSD that
was trained on COCO, as TensorFlow's detection models are distributed (a frozen graph and its .pbtxt).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray

from vretlib import arrays, files
from vretlib.errors import UserError
from vretlib.images import Pixels

F32 = NDArray[np.float32]

SSD_SIDE = 300
"""Pixels of the square that the SSD sees."""
FACE_SIDE = 112
"""Pixels of the aligned face that SFace sees."""


class FaceFinder:
    """YuNet: the faces of images of any size, best first.

    Parameters
    ----------
    path: the .onnx file.
    min_score: least score of a face that is returned.

    Raises
    ------
    UserError: OpenCV cannot read the file.
    """

    def __init__(self, path: Path, *, min_score: float = 0.7) -> None:
        self.min_score = arrays.number(min_score, "min_score", minimum=0, maximum=1)
        self._detector = _opened(path, lambda name: cv2.FaceDetectorYN.create(name, "", (32, 32), self.min_score))
        self._path, self._lock = path, Lock()

    def rows(self, image: Pixels) -> F32:
        """The faces of an image by YuNet, best first, float32 (n, 15): x, y, width, height, five points, the score.

        Raises
        ------
        UserError: no RGB image, or a file that holds another network than YuNet.
        """
        _check(image)
        with self._lock, _as_user_error(self._path, "YuNet"):
            self._detector.setInputSize((image.shape[1], image.shape[0]))
            found = self._detector.detect(np.ascontiguousarray(image[..., ::-1]))[1]
        rows = np.zeros((0, 15), np.float32) if found is None else np.asarray(found, np.float32)
        rows = rows[np.isfinite(rows).all(axis=1)]  # for an image of a few rows, the network returns infinity
        return rows[np.argsort(-rows[:, 14], kind="stable")]

    def boxes(self, image: Pixels) -> F32:
        """The boxes (n, 4) of the faces, cut to the RGB image, far corners included.

        Faces that lie outside the image or are narrower than a pixel are left out. Errors as in `rows`.
        """
        x, y, w, h = self.rows(image)[:, :4].T
        boxes = np.stack([x, y, x + w - 1, y + h - 1], 1)
        there = (np.minimum(w, h) >= 1) & (boxes[:, 2:] >= 0).all(1) & (x < image.shape[1]) & (y < image.shape[0])
        return _inside(boxes[there], image)


class FaceEmbedding:
    """SFace: 128 numbers for a face that `FaceFinder` has found; errors as for `FaceFinder`."""

    def __init__(self, path: Path) -> None:
        self._network = _opened(path, lambda name: cv2.FaceRecognizerSF.create(name, ""))
        self._path, self._lock = path, Lock()

    def vector(self, image: Pixels, row: F32 | None = None) -> F32:
        """Float32 (128,) of length 1 for an RGB image and a row of `FaceFinder.rows`.

        Without a row, the whole image is taken as an aligned face.

        Raises
        ------
        UserError: no RGB image, or a file that holds another network than SFace.
        """
        _check(image)
        given = np.ascontiguousarray(image[..., ::-1])
        with self._lock, _as_user_error(self._path, "SFace"):
            face = cv2.resize(given, (FACE_SIDE, FACE_SIDE)) if row is None else self._network.alignCrop(given, row)
            found = self._network.feature(face)
        return arrays.unit(np.asarray(found, np.float32))[0]


class ObjectFinder:
    """An SSD of TensorFlow: the objects of an image, best first.

    Parameters
    ----------
    graph, description: the frozen graph (.pb) and its .pbtxt.

    Raises
    ------
    UserError: OpenCV cannot read them.
    """

    def __init__(self, graph: Path, description: Path) -> None:
        files.regular(description, "the description (.pbtxt) of a frozen graph")
        self._network = _opened(graph, lambda name: cv2.dnn.readNetFromTensorflow(name, str(description)))
        self._lock = Lock()

    def rows(self, image: Pixels) -> F32:
        """Objects of an RGB image, best first, float32 (n, 6): COCO's number of the class, score, box inside the image.

        Raises
        ------
        UserError: no RGB image.
        """
        _check(image)
        with self._lock:
            self._network.setInput(cv2.dnn.blobFromImage(image, size=(SSD_SIDE, SSD_SIDE)))
            found = np.asarray(self._network.forward(), np.float32).reshape(-1, 7)
        found = found[np.argsort(-found[:, 2], kind="stable")]
        scale = np.array([image.shape[1], image.shape[0]] * 2, np.float32)
        boxes = _inside(found[:, 3:] * scale - np.array([0, 0, 1, 1], np.float32), image)
        whole = (boxes[:, 2:] >= boxes[:, :2]).all(axis=1)
        return np.column_stack([found[:, 1:3], boxes])[whole]

    def boxes(self, image: Pixels) -> F32:
        """The boxes (n, 4) of `rows`."""
        return np.ascontiguousarray(self.rows(image)[:, 2:])


def _opened(path: Path, read):  # type: ignore[no-untyped-def]
    files.regular(path, "a network's file")
    try:
        return read(str(path))
    except cv2.error as error:
        raise UserError(f"{path}: OpenCV cannot read it ({error.err}); give the network's own file") from None


@contextmanager
def _as_user_error(path: Path, network: str) -> Iterator[None]:
    """Turn OpenCV's error into a `UserError`: a file of another network opens, but fails when it is run."""
    try:
        yield
    except cv2.error as error:
        raise UserError(f"{path}: does not run as {network}; give the file of {network}") from error


def _check(image: Pixels) -> None:
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or 0 in image.shape:
        raise UserError(f"image of shape {image.shape}, {image.dtype}: expected RGB, (h, w, 3) uint8")


def _inside(boxes: F32, image: Pixels) -> F32:
    return np.clip(boxes, 0, np.array([image.shape[1] - 1, image.shape[0] - 1] * 2)).astype(np.float32)
