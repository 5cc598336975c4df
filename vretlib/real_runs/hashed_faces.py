"""Faces as the numbers of a real face embedding, for README's table of hash codes: small photographs, and drawn faces.

The identities in scikit-image's ``lfw_subset``, 100 faces of Labeled Faces in the Wild (Huang et al., 2007), are not
given. So each face stands for a person, and changed copies of it for the person's images. Drawn faces show no real
person, while the embedding was trained on photographs.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from vretlib.datasets.faces.collection import FaceVideos
from vretlib.datasets.faces.embedded import embedded as drawn_set
from vretlib.described.faces import DescribedFaces, VideoFrames
from vretlib.images import Pixels
from vretlib.real_runs.face_patches import N_FACES, SIDE, bordered, enlarged

DescribeFace = Callable[[Pixels], NDArray[np.float32]]
"""The vector of a face, from an RGB image in which it may be found."""

DATABASE, QUERIES = 5, 3
"""Changed copies of each photographed face."""
FRAMES = 2
"""Frames of each drawn video, spread over it evenly."""


def photographed(describe: DescribeFace, seed: int = 0) -> DescribedFaces:
    """Changed copies of 100 photographed faces: each copy is a video of one frame."""
    rng = np.random.default_rng(seed)
    faces = [enlarged(patch) for patch in data.lfw_subset()[:N_FACES]]
    parts = (np.repeat(np.arange(N_FACES), copies) for copies in (DATABASE, QUERIES))
    found = [
        VideoFrames(np.stack([describe(changed(faces[i], rng)) for i in persons]), np.arange(len(persons)), persons)
        for persons in parts
    ]
    return DescribedFaces("faces", *found)


def changed(face: Pixels, rng: np.random.Generator) -> Pixels:
    """The face turned by up to 20°, shifted by up to 8 % of its side, blurred, and lit from a random side."""
    height, width = face.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-20, 20), 1)
    turn[:, 2] += rng.uniform(-0.08, 0.08, 2) * SIDE
    moved = cv2.warpAffine(face, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    blurred = cv2.GaussianBlur(moved, (0, 0), rng.uniform(0.5, 6))
    angle, darkest = rng.uniform(0, 2 * np.pi), rng.uniform(0.2, 1)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    along = (np.cos(angle) * x + np.sin(angle) * y) / np.sqrt(2)  # −1 to 1
    light = darkest + (1 - darkest) * (along + 1) / 2
    return np.asarray(blurred * light[..., None], np.uint8)


def drawn(describe: DescribeFace, seed: int = 0) -> DescribedFaces:
    """Two frames of each video of the first drawn set."""
    faces = drawn_set("a", seed)
    return DescribedFaces("drawn faces", _frames(faces.train, describe), _frames(faces.test, describe))


def _frames(videos: FaceVideos, describe: DescribeFace) -> VideoFrames:
    chosen = [frames[(2 * np.arange(FRAMES) + 1) * len(frames) // (2 * FRAMES)] for frames in videos.frames]
    x = np.stack([describe(bordered(_of_side(crop))) for frames in chosen for crop in frames])
    return VideoFrames(x, np.repeat(np.arange(len(videos)), FRAMES), videos.persons)


def _of_side(crop: Pixels) -> Pixels:
    return np.asarray(cv2.resize(crop, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), np.uint8)
