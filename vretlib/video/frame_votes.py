"""Search for the frames of photographs without tracks and trees: features vote for the frames of their nearest ones."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vretlib.errors import UserError
from vretlib.features import local
from vretlib.parallel import threaded_map
from vretlib.search import exact, hamming, votes
from vretlib.search.neighbours import Nearest
from vretlib.video import frames

DescribeFrame = Callable[[NDArray[np.uint8]], Mapping[str, NDArray[Any]]]
"""From a grey image to its descriptors of several kinds, by name: codes uint8 (n, bytes) or vectors float32 (n, d)."""


def winners(
    path: Path,
    numbers: NDArray[np.int64],
    photographs: Sequence[NDArray[np.uint8]],
    describe: DescribeFrame,
    *,
    width: int,
) -> dict[str, NDArray[np.int64]]:
    """The frame that each photograph finds among those with ``numbers``, int64 (n,), for each kind of descriptor.

    Every feature is compared with all features of these frames, and all at the smallest distance vote (only the first
    of them where they are vectors). The first frame wins among equal votes; the frame is -1 where no feature votes.

    Parameters
    ----------
    path: a film, whose frames are brought to ``width`` pixels.
    photographs: grey images.

    Raises
    ------
    UserError: there are no frames or no photographs.
    """
    if not len(numbers) or not photographs:
        raise UserError(f"{len(numbers)} frames and {len(photographs)} photographs; expected at least one of each")
    pictures = frames.read(path, numbers, width=width)
    with local.one_opencv_thread():
        of_frames, of_photographs = (
            list(threaded_map(describe, lumas)) for lumas in ([pictures[n] for n in numbers.tolist()], photographs)
        )
    return {
        kind: np.array([_winner(of_one[kind], [of[kind] for of in of_frames], numbers) for of_one in of_photographs])
        for kind in of_frames[0]
    }


def _winner(xq: NDArray[Any], in_frames: Sequence[NDArray[Any]], numbers: NDArray[np.int64]) -> int:
    xb = np.concatenate(in_frames)
    if not len(xq) or not len(xb):
        return -1
    if xb.dtype == np.uint8:
        nearest = hamming.nearest(xq, xb)
    else:
        scores, ids = exact.knn(xq, xb, 1, "euclidean")
        nearest = Nearest.of_pairs(-scores[:, 0], np.arange(len(xq)), ids[:, 0])
    owner = np.repeat(np.arange(len(in_frames)), [len(x) for x in in_frames])
    return int(numbers[votes.winner(votes.count(nearest, owner, len(in_frames)))])
