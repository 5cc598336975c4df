"""Query photographs prepared for the search among local features."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vretlib import images
from vretlib.datasets.movies import MovieCollection
from vretlib.datasets.query_list import Query
from vretlib.features import local, outlines, screen
from vretlib.features.local import LocalFeatures
from vretlib.video import frames
from vretlib.video.archive import BINARY


@dataclass(frozen=True)
class Photograph:
    """A query photograph in grey, resized to the width at which films are described."""

    query: Query
    luma: NDArray[np.uint8] = field(repr=False)
    corners: NDArray[np.float32] | None
    """Corners of the screen in the original photograph if it was rectified to them; otherwise None."""
    n_features: int = BINARY.n_features
    _described: dict[str, LocalFeatures] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def orb_brief(self) -> LocalFeatures:
        """Binary features."""
        return self._once("orb_brief", lambda: local.orb_brief(self.luma, n_features=self.n_features))

    @property
    def sift(self) -> LocalFeatures:
        """SIFT features, as OpenCV gives them."""
        return self._once("sift", lambda: local.sift(self.luma, root=False))

    def _once(self, kind: str, describe: Callable[[], LocalFeatures]) -> LocalFeatures:
        """Features that are computed when they are first asked for.

        Before Python 3.12 a cached property of one photograph waits for that of every other.
        """
        if kind not in self._described:
            self._described[kind] = describe()
        return self._described[kind]

    def described_as(self, features: str) -> NDArray[Any]:
        """Descriptors of one kind, ``"orb_brief"`` or ``"sift"``."""
        found: LocalFeatures = getattr(self, features)
        return found.descriptors


def check_outline(collection: MovieCollection, outline: str) -> None:
    """Raise the `UserError` that `prepare_all` would, before any film is described."""
    outlines.check(outline)
    if outline == "given":
        queries = collection.queries
        outlines.as_listed([query.image for query in queries], [query.corners for query in queries])


def prepare_all(collection: MovieCollection, outline: str = "no", width: int = BINARY.width) -> list[Photograph]:
    """Every photograph of a collection, read and resized to the films' width (thesis §5.2.1).

    With ``outline`` "found" or "given" (`vretlib.features.outlines`), which is not in the thesis, a photograph is
    rectified to the screen's outline where there is one, so that the picture has the scale of the described film.
    Outlines are kept in the cache.
    """
    queries = collection.queries
    corners = outlines.of_photographs([query.image for query in queries], outline, [query.corners for query in queries])
    return [_prepared(query, points, width) for query, points in zip(queries, corners, strict=True)]


def _prepared(query: Query, corners: NDArray[np.float32] | None, width: int) -> Photograph:
    image = images.grey(query.image)
    luma = frames.resize(image, width) if corners is None else screen.rectify(image, corners, width)
    return Photograph(query, luma, corners)
