"""Local features of a grey image: ORB corners described by BRIEF (thesis §5.2.1), and SIFT.

OpenCV's detector objects are made once per thread, since they must not be shared between threads.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import cv2
import numpy as np

from vretlib import arrays
from vretlib.errors import UserError

_MOST = 2**31 - 1  # OpenCV counts in 32 bits
_per_thread = threading.local()


class LocalFeatures(NamedTuple):
    """Features of one image: xy float32 (n, 2) in pixels, x to the right and y down, and descriptors (n, d)."""

    xy: np.ndarray
    descriptors: np.ndarray


def orb_brief(luma: np.ndarray, *, n_features: int = 500) -> LocalFeatures:
    """ORB corners (Rublee et al., 2011) with BRIEF-32 descriptors (Calonder et al., 2010), uint8 (n, 32).

    The corners come from ORB's eight scales; BRIEF, as in the thesis, reads its 256 pairs of pixels from a patch of
    fixed size and orientation around each. Bit order is most significant first, as in `numpy.unpackbits`. Corners
    closer than 28 pixels to the border have no descriptor and are left out. About `n_features` are found at most, and
    none in a uniform image.

    Parameters
    ----------
    luma: uint8 (h, w).
    n_features: corners kept, strongest first per scale; 500 is OpenCV's default and the thesis'.

    Returns
    -------
    Places, float32 (n, 2), and codes, uint8 (n, 32); n is 0 where nothing is found.

    Raises
    ------
    UserError: no grey image uint8 (h, w), one in which OpenCV cannot look for features, or ``n_features`` below 1
        or above 2³¹ − 1.
    """
    luma = _checked(luma)
    n_features = arrays.whole(n_features, "n_features", 1, _MOST)
    orb, brief = _binary_tools(n_features)
    with _too_small(luma):
        keypoints, codes = brief.compute(luma, orb.detect(luma))
    return LocalFeatures(_positions(keypoints), np.empty((0, 32), np.uint8) if codes is None else codes)


def sift(luma: np.ndarray, *, n_features: int = 0, root: bool = True) -> LocalFeatures:
    """SIFT features (Lowe, 2004).

    Parameters
    ----------
    luma: uint8 (h, w).
    n_features: the strongest to keep; 0 keeps all.
    root: RootSIFT (Arandjelović and Zisserman, 2012): each descriptor divided by its sum, then the square root, so
        that its Euclidean norm is 1. False gives OpenCV's descriptors as they are: integers from 0 to 255, norm
        about 512.

    Returns
    -------
    Places, float32 (n, 2), and descriptors, float32 (n, 128); n is 0 where nothing is found. A place with two
    directions has two descriptors.

    Raises
    ------
    UserError: no grey image uint8 (h, w), one in which OpenCV cannot look for features, or ``n_features`` below 0
        or above 2³¹ − 1.
    """
    luma = _checked(luma)
    n_features = arrays.whole(n_features, "n_features", 0, _MOST, "0 keeps all")
    with _too_small(luma):
        keypoints, descriptors = _sift_tool(n_features).detectAndCompute(luma, None)
    if descriptors is None:
        return LocalFeatures(_positions(()), np.empty((0, 128), np.float32))
    return LocalFeatures(_positions(keypoints), root_sift(descriptors) if root else descriptors)


def root_sift(descriptors: np.ndarray) -> np.ndarray:
    """RootSIFT of OpenCV's SIFT descriptors, float32 (n, 128): what `sift` gives with ``root``.

    Raises
    ------
    UserError: a negative number, which no SIFT descriptor has.
    """
    x = arrays.matrix(descriptors, "descriptors")
    if x.size and x.min() < 0:
        raise UserError(f"descriptors holds {x.min():g}; expected SIFT descriptors as OpenCV gives them, from 0")
    return np.sqrt(x / np.maximum(x.sum(axis=1, keepdims=True), 1))


@contextmanager
def one_opencv_thread() -> Iterator[None]:
    """Give OpenCV one thread: whole images on each thread are up to twice as fast as one image on several threads."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def _checked(luma: np.ndarray) -> np.ndarray:
    luma = arrays.array(luma, "image")
    if luma.ndim != 2 or luma.dtype != np.uint8 or luma.size == 0:
        raise UserError(
            f"image of shape {luma.shape} and type {luma.dtype}: expected grey uint8 (height, width), not empty. "
            "Convert colour by cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)."
        )
    return np.ascontiguousarray(luma)


@contextmanager
def _too_small(luma: np.ndarray) -> Iterator[None]:
    try:
        yield
    except cv2.error as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"image of shape {luma.shape}: OpenCV cannot look for features in it ({reason})") from None


def _positions(keypoints: Any) -> np.ndarray:
    return np.asarray(cv2.KeyPoint.convert(keypoints), np.float32).reshape(-1, 2)


def _binary_tools(n_features: int) -> tuple[Any, Any]:
    tools = vars(_per_thread).setdefault("binary", {})
    if n_features not in tools:
        brief = cv2.xfeatures2d.BriefDescriptorExtractor.create(bytes=32)
        tools[n_features] = cv2.ORB.create(nfeatures=n_features), brief
    return tools[n_features]


def _sift_tool(n_features: int) -> Any:
    tools = vars(_per_thread).setdefault("sift", {})
    if n_features not in tools:
        tools[n_features] = cv2.SIFT.create(nfeatures=n_features)
    return tools[n_features]
