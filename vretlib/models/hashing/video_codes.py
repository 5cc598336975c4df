"""One code for a video from those of its frames.

Methods that hash single images give a video the majority of its frames' bits, "hard voting" (paper 001, section IV-D,
after DVC). HVIH averages before the threshold instead (eq 2).
"""

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vretlib import arrays
from vretlib.errors import UserError
from vretlib.search.packed_codes import as_bits

Tie = Literal["one", "zero"]


def hard_vote(bits: ArrayLike, video: ArrayLike, n_videos: int, *, tie: Tie = "one") -> NDArray[np.bool_]:
    """The majority of each bit over the frames of a video.

    Parameters
    ----------
    bits: (n_frames, K) bool, the codes of all frames.
    video: (n_frames,) the video of each frame, 0 to ``n_videos`` − 1, in any order.
    n_videos: number of videos; each needs a frame.
    tie: the bit where half of the frames say 1. The paper does not say. ``"one"`` is the rule of the same laboratory's
        published code for other thresholds (1 where the mean is ≥ 0.5); ``"zero"`` asks for more than half.

    Returns
    -------
    (n_videos, K) bool.

    Raises
    ------
    UserError: other shapes, values that are not 0 or 1, an index outside its range, or a video without frames.

    Examples
    --------
    >>> hard_vote([[1, 1], [0, 1], [0, 0]], [0, 0, 1], 2).astype(int).tolist()
    [[1, 1], [0, 0]]
    """
    arrays.choice(tie, "tie", get_args(Tie))
    share = _means(as_bits(bits), video, n_videos)
    return share >= 0.5 if tie == "one" else share > 0.5


def mean_sigmoid(project: ArrayLike, video: ArrayLike, n_videos: int) -> NDArray[np.float32]:
    """The relaxed code of each video by eq 2: the sigmoid of the mean of its frames' values before the threshold.

    Parameters
    ----------
    project: (n_frames, K) values before the threshold: ``Hasher.project(frames)``.
    video, n_videos: as in `hard_vote`.

    Returns
    -------
    (n_videos, K) float32 between 0 and 1; the bit of the code is 1 where the value is ≥ 0.5.

    Raises
    ------
    UserError: other shapes, NaN, an index outside its range, or a video without frames.
    """
    means = _means(arrays.matrix(project, "project", dtype=np.float64), video, n_videos)
    return (0.5 * (1 + np.tanh(means / 2))).astype(np.float32)  # the sigmoid, written so that no exp overflows


def _means(rows: NDArray, video: ArrayLike, n_videos: int) -> NDArray[np.float64]:
    """The mean row (n_videos, K) of each video."""
    n_videos = arrays.whole(n_videos, "n_videos", 0)
    owner = arrays.ids(video, "video", n=len(rows), below=n_videos)
    frames = np.bincount(owner, minlength=n_videos)
    if (frames == 0).any():
        raise UserError(f"video {int(np.argmin(frames))} has no frame; expected at least one for each of {n_videos}")
    sums = np.zeros((n_videos, rows.shape[1]))
    np.add.at(sums, owner, rows)
    return sums / frames[:, None]
