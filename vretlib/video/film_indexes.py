"""Indexes of film archives: the five methods of Table 5.1 (thesis section 5.2.2) and two more.

The methods index all features, the features of key frames, or one key feature per track. Votes and the search for a
frame inside the voted shot are the same for all (`vretlib.video.film_search`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from vretlib.errors import NoExampleError
from vretlib.evaluation.methods import Method
from vretlib.search import hamming
from vretlib.search.binary_ivf import BinaryIVF
from vretlib.search.binary_kdtree import BinaryKdTree
from vretlib.search.float_kdtree import FloatKdTree
from vretlib.search.neighbours import Nearest
from vretlib.video import key_frames
from vretlib.video.archive import Archive

DescentRule = Literal["sibling", "authors"]


@dataclass(frozen=True, eq=False)
class FilmMethod(Method[NDArray[Any], list[Nearest]]):
    """A method that finds the shot of a photograph by the nearest neighbours of its descriptors.

    Attributes
    ----------
    search: from descriptors (n, bytes) or (n, d) and some B to the indexed descriptors at the smallest distance, for
        each B.
    archive: the films.
    shot_of: int32 (indexed descriptors,), the shot of each.
    descriptor_bytes: memory of only the descriptors, which Table 5.1 counts: 85 million codes of 32 bytes are its
        2591 MB (of 2²⁰ bytes). ``n_bytes`` adds what the index takes.
    backtracks: whether B changes anything.
    """

    search: Callable[..., list[Nearest]]
    archive: Archive
    shot_of: NDArray[np.int32]
    descriptor_bytes: int
    backtracks: bool = True


def bi_brute_force(archive: Archive) -> FilmMethod:
    """Method of every feature of every frame, compared one by one."""
    keep = archive.shot_of_feature >= 0
    return _exact("Bi-BruteForce", archive, archive.codes[keep], archive.shot_of_feature[keep])


def bi_kd_tree(archive: Archive, leaf_size: int = 100, rule: DescentRule = "sibling") -> FilmMethod:
    """Method of every feature of every frame in a binary kd-tree."""
    keep = archive.shot_of_feature >= 0
    return _with_tree("Bi-KdTree", archive, archive.codes[keep], archive.shot_of_feature[keep], leaf_size, rule)


def bi_key_frame_kd_tree(archive: Archive, leaf_size: int = 100, rule: DescentRule = "sibling") -> FilmMethod:
    """Method of the features of key frames (`vretlib.video.key_frames`) in a kd-tree."""
    keep = np.concatenate([_of_frames(film.offsets, key_frames.of_film(film)) for film in archive.films])
    shots = archive.shot_of_feature[keep]
    return _with_tree("Bi-KeyFrame-KdTree", archive, archive.codes[keep], shots, leaf_size, rule)


def bi_aggregation_kd_tree(archive: Archive, leaf_size: int = 100, rule: DescentRule = "sibling") -> FilmMethod:
    """Method that the thesis proposes: one key feature per stable track, in a binary kd-tree."""
    shots = archive.shot_of_key_feature
    return _with_tree("Bi-Aggregation-KdTree", archive, archive.key_codes, shots, leaf_size, rule)


def bi_aggregation_exact(archive: Archive) -> FilmMethod:
    """Method of key features compared one by one, which shows the losses of the tree. The thesis does not have it."""
    return _exact("Bi-Aggregation, exact", archive, archive.key_codes, archive.shot_of_key_feature)


def bi_aggregation_ivf(archive: Archive, seed: int = 0) -> FilmMethod:
    """Method of key features in coarse cells, of which B are searched. The thesis does not have it."""
    if not len(archive.key_codes):
        return _empty("Bi-Aggregation-IVF", archive)
    index = BinaryIVF.build(archive.key_codes, seed=seed)
    return FilmMethod(
        "Bi-Aggregation-IVF",
        index.nbytes,
        lambda xq, bs: [index.nearest(xq, probes=b) for b in bs],
        archive,
        archive.shot_of_key_feature,
        archive.key_codes.nbytes,
    )


def sift_aggregation_kd_tree(archive: Archive, leaf_size: int = 100) -> FilmMethod:
    """Method of the mean SIFT descriptors of stable tracks, in a kd-tree searched best bin first (Aly et al., 2011)."""
    if not len(archive.key_codes):
        return _empty("SIFT-Aggregation-KdTree", archive)
    index = FloatKdTree.build(archive.key_codes, leaf_size=leaf_size)
    return FilmMethod(
        "SIFT-Aggregation-KdTree",
        index.nbytes,
        index.nearest_at,
        archive,
        archive.shot_of_key_feature,
        archive.key_codes.nbytes,
    )


def all_five(archive: Archive, sift: Archive | None, leaf_size: int = 100) -> list[FilmMethod]:
    """The methods of Table 5.1 in its order; four where no film was described by SIFT."""
    return [
        bi_brute_force(archive),
        bi_kd_tree(archive, leaf_size),
        bi_key_frame_kd_tree(archive, leaf_size),
        *([sift_aggregation_kd_tree(sift, leaf_size)] if sift else []),
        bi_aggregation_kd_tree(archive, leaf_size),
    ]


def key_feature_tree(archive: Archive, leaf_size: int = 100) -> BinaryKdTree:
    """The tree of `bi_aggregation_kd_tree` itself, for examination.

    Raises
    ------
    NoExampleError: no film has a key feature.
    """
    if not len(archive.key_codes):
        raise NoExampleError("none of the films has a key feature")
    return BinaryKdTree.build(archive.key_codes, leaf_size=leaf_size)


def _nothing(xq: NDArray[Any], bs: Sequence[int]) -> list[Nearest]:
    """Neighbours in an empty index: none."""
    none = np.empty(0, np.int64)
    return [Nearest.of_pairs(np.full(len(xq), np.iinfo(np.int32).max, np.int32), none, none)] * len(bs)


def _empty(name: str, archive: Archive, backtracks: bool = True) -> FilmMethod:
    """A method without descriptors, which finds nothing."""
    return FilmMethod(name, 0, _nothing, archive, np.empty(0, np.int32), 0, backtracks)


def _exact(name: str, archive: Archive, codes: NDArray[Any], shots: NDArray[np.int32]) -> FilmMethod:
    if not len(codes):
        return _empty(name, archive, backtracks=False)

    def search(xq: NDArray[Any], bs: Sequence[int]) -> list[Nearest]:
        return [hamming.nearest(xq, codes)] * len(bs)

    return FilmMethod(name, codes.nbytes, search, archive, shots, codes.nbytes, backtracks=False)


def _with_tree(
    name: str, archive: Archive, codes: NDArray[Any], shots: NDArray[np.int32], leaf_size: int, rule: DescentRule
) -> FilmMethod:
    if not len(codes):
        return _empty(name, archive)
    index = BinaryKdTree.build(codes, leaf_size=leaf_size, rule="authors" if rule == "authors" else "thesis")

    def search(xq: NDArray[Any], bs: Sequence[int]) -> list[Nearest]:
        return index.nearest_at(xq, bs, rule)

    return FilmMethod(name, index.nbytes, search, archive, shots, codes.nbytes)


def _of_frames(offsets: NDArray[np.int64], frames: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mask of the features that lie in the given frames."""
    chosen = np.zeros(len(offsets) - 1, dtype=np.bool_)
    chosen[frames] = True
    return np.repeat(chosen, np.diff(offsets))
