"""Shots: runs of frames that are connected by tracks (thesis §5.1.1)."""

from typing import NamedTuple

import numpy as np

from vretlib import arrays


class ShotRule(NamedTuple):
    """A new shot starts at a frame that has at most `common_tracks` tracks in common with the frame before.

    With `drop_featureless`, a shot whose first frame has no features is left out.
    """

    common_tracks: int
    drop_featureless: bool


RULES = {"thesis": ShotRule(0, False), "authors": ShotRule(1, True)}
"""The rule of the thesis' text and that of the authors' code.

The code also starts a new file of tracks every 1,500 frames and does not compare frames of different files, so that it
misses a boundary there; this is not reproduced.
"""


def find_shots(
    n_common: np.ndarray, n_features: np.ndarray, *, rule: str = "thesis", common_tracks: int | None = None
) -> np.ndarray:
    """Shots as half-open ranges of frames [start, stop), int64 (S, 2), in order of time.

    Parameters
    ----------
    n_common: (F,), tracks that each frame shares with the one before; the first entry doesn't matter.
    n_features: (F,), features of each frame.
    rule: "thesis" or "authors" (`RULES`). By the thesis' rule the shots cover every frame, and a frame without
        features shares no track with its neighbours: each frame of a black passage is a shot of its own, without key
        features. By the authors' rule such shots are left out.
    common_tracks: replaces the rule's number. By the thesis' rule, a single pair of features that match by chance hides
        a cut; a higher number finds such cuts, but splits shots of little texture or fast motion.

    Returns
    -------
    A tensor where ``n_common`` is one.

    Raises
    ------
    UserError: an unknown rule, numbers that are not whole, other lengths, or ``common_tracks`` below 0.

    Examples
    --------
    >>> find_shots(np.array([0, 9, 0, 1, 9]), np.array([9, 9, 9, 9, 9])).tolist()
    [[0, 2], [2, 5]]
    >>> find_shots(np.array([0, 9, 0, 1, 9]), np.array([9, 9, 9, 9, 9]), rule="authors").tolist()
    [[0, 2], [2, 3], [3, 5]]
    """
    limit, drop_featureless = rule_named(rule)
    if common_tracks is not None:
        limit = arrays.whole(common_tracks, "common_tracks", 0)
    n_features = arrays.ids(n_features, "n_features")
    n_frames = len(n_features)
    common = arrays.ids(n_common, "n_common", n=n_frames, minimum=-(2**63))
    if not n_frames:
        return arrays.like(n_common, np.empty((0, 2), np.int64))
    starts = np.flatnonzero(np.r_[True, common[1:] <= limit])
    shots = np.stack([starts, np.r_[starts[1:], n_frames]], axis=1).astype(np.int64)
    return arrays.like(n_common, shots[n_features[starts] > 0] if drop_featureless else shots)


def rule_named(rule: str) -> ShotRule:
    """The rule of this name; a UserError lists the known names."""
    arrays.choice(rule, "shot rule", RULES)
    return RULES[rule]
