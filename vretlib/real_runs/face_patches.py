"""A real face detector and a face embedding on scikit-image's ``lfw_subset``: 100 faces, then 100 other patches.

The faces are those of 100 photographs of Labeled Faces in the Wild (Huang et al., 2007), 25 × 25 pixels, grey. Their
identities are not given, so each query is a changed copy of a face, and that face is its only positive.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vretlib.arrays import unit
from vretlib.errors import UserError
from vretlib.features.backbones import Backbone
from vretlib.features.given_regions import describe, nothing
from vretlib.features.opencv_detectors import FaceEmbedding, FaceFinder
from vretlib.images import Pixels
from vretlib.real_runs import markdown
from vretlib.search import exact

F32 = NDArray[np.float32]

N_FACES, SIDE, BORDER = 100, 150, 30
"""Faces among the patches; pixels to which a patch is enlarged, and of the border that repeats its edge."""


def make(patches: Path, finder: FaceFinder, embedding: FaceEmbedding, backbone: Backbone) -> str:
    """Both tables in Markdown: what is found, and R@1 of changed faces.

    Raises
    ------
    UserError: the file does not hold patches like those of ``lfw_subset.npy``.
    """
    pictures = [enlarged(patch) for patch in _read(patches)]
    found = np.array([len(finder.rows(picture)) > 0 for picture in pictures], np.float64)
    first = markdown.table(
        "a face is found in",
        [f"{N_FACES} faces", f"{len(pictures) - N_FACES} other patches"],
        {"YuNet": [markdown.mean(found[:N_FACES]), markdown.mean(found[N_FACES:])]},
    )
    faces = pictures[:N_FACES]
    changes = {name: [_changed(face, name) for face in faces] for name in CHANGES}
    rows = {}
    for name, vectors in (
        ("SFace", lambda given: np.stack([sface_vector(one, finder, embedding) for one in given])),
        ("IPA max of the network", lambda given: np.stack([_pooled(one, backbone) for one in given])),
        ("pixels", lambda given: np.stack([_pixels(one) for one in given])),
    ):
        database = vectors(faces)
        rows[name] = [
            markdown.mean(exact.knn(vectors(changed), database, 1)[1][:, 0] == np.arange(N_FACES))
            for changed in changes.values()
        ]
    return f"{first}\n\n{markdown.table('R@1', list(CHANGES), rows)}"


CHANGES = ("mirrored", "turned by 15°", "light from one side", "a quarter of the pixels", "all four")
"""Changes of a face, in the order in which all four are made."""


def _changed(face: Pixels, name: str) -> Pixels:
    if name == "all four":
        for one in CHANGES[:-1]:
            face = _changed(face, one)
        return face
    height, width = face.shape[:2]
    if name == "mirrored":
        return np.ascontiguousarray(face[:, ::-1])
    if name == "turned by 15°":
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), 15, 1)
        return np.asarray(cv2.warpAffine(face, turn, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    if name == "light from one side":
        return (face * np.linspace(0.2, 1, width)[None, :, None]).astype(np.uint8)
    small = cv2.resize(face, (width // 12, height // 12), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def _read(path: Path) -> NDArray[np.floating]:
    try:
        given = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: cannot be read ({error}); give lfw_subset.npy of scikit-image's data") from None
    if given.ndim != 3 or len(given) <= N_FACES or given.dtype.kind != "f" or given.min() < 0 or given.max() > 1:
        raise UserError(f"{path}: {given.dtype} of shape {given.shape}; expected grey patches (200, 25, 25)")
    return given


def enlarged(patch: NDArray[np.floating]) -> Pixels:
    """A grey patch (25, 25) of 0 to 1 as an RGB image with a border."""
    grey = cv2.resize((255 * patch).astype(np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return bordered(np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8))


def bordered(crop: Pixels) -> Pixels:
    """A crop of a face with a border that repeats its edge, in which a detector finds more faces."""
    return np.asarray(cv2.copyMakeBorder(crop, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_REPLICATE), np.uint8)


def sface_vector(face: Pixels, finder: FaceFinder, embedding: FaceEmbedding) -> F32:
    """The SFace vector of the face that is found, or of the whole patch if none is found."""
    rows = finder.rows(face)
    if len(rows):
        return embedding.vector(face, rows[0])
    return embedding.vector(np.ascontiguousarray(face[BORDER:-BORDER, BORDER:-BORDER]))


def _pooled(face: Pixels, backbone: Backbone) -> F32:
    return describe(backbone, face, nothing(face), short_side=face.shape[0]).image["max"]


def _pixels(face: Pixels) -> F32:
    """The grey values of the patch without its border, minus their mean, as a vector of length 1."""
    x = face[BORDER:-BORDER, BORDER:-BORDER, 0].astype(np.float32).ravel()
    return unit((x - x.mean())[None])[0]
