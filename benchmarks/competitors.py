"""The indices for binary codes that are compared; each is built once and searched with several settings.

All use the same threads. Where a library has parameters that matter, several values are built, so that each
method is compared at its best.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vretlib.errors import UserError
from vretlib.parallel import threaded_map
from vretlib.search.binary_ivf import BinaryIVF
from vretlib.search.binary_kdtree import BinaryKdTree
from vretlib.search.neighbours import Nearest

try:
    import faiss
except ImportError as missing:
    raise UserError("benchmarks.search compares with FAISS, which is not here; pip install 'vretlib[dev]'") from missing

log = logging.getLogger(__name__)

PackedCodes = NDArray[np.uint8]
THESIS, OURS = "thesis' kd-tree", "vretlib IVF"
LIBRARIES = ("faiss IVF", "faiss HNSW", "faiss MultiHash", "OpenCV LSH")


@dataclass(frozen=True)
class SearchSetting:
    """One index with one effort. ``nearest`` gives the distance found for each query: recall counts ties."""

    method: str
    settings: dict[str, float | int | str]
    nearest: Callable[[PackedCodes], NDArray]
    mebibytes: float | None  # of index and codes; unknown for OpenCV


def all_of_them(xb: PackedCodes, threads: int, *, quick: bool) -> Iterator[SearchSetting]:
    """Every method at every setting; building is announced, because it may take minutes."""
    faiss.omp_set_num_threads(threads)
    cells = BinaryIVF.build(xb)
    for build in (_kdtree, _hnsw, _multihash, _lsh):
        log.info("building %s over %s codes", build.__name__[1:], f"{len(xb):,}")
        yield from build(xb, threads, quick)
    log.info("building inverted lists")
    yield from _our_ivf(cells)
    yield from _faiss_ivf(xb, cells, quick)


def _distances(nearest: Callable[[PackedCodes, int], Nearest], effort: int, xq: PackedCodes) -> NDArray:
    return nearest(xq, effort).distances


def _search(index: Any, parameters: Any, name: str, value: int, xq: PackedCodes) -> NDArray:
    """The distances that a FAISS index finds, with one of its parameters set first."""
    setattr(parameters, name, value)
    return index.search(xq, 1)[0][:, 0]


def _search_flann(index: Any, threads: int, xq: PackedCodes) -> NDArray:
    """The distances that FLANN finds. FLANN searches serially, so the threads share the queries."""

    def search(part: PackedCodes) -> NDArray:
        return index.knnSearch(part, 1, params={})[1][:, 0]

    return np.concatenate(list(threaded_map(search, np.array_split(xq, threads), at_most=threads)))


def _kdtree(xb: PackedCodes, _threads: int, quick: bool) -> Iterator[SearchSetting]:
    tree = BinaryKdTree.build(xb)
    for backtracks in (10, 100) if quick else (10, 50, 100, 250, 500, 1000, 2000):
        yield SearchSetting(
            THESIS,
            {"B": backtracks},
            partial(_distances, tree.nearest, backtracks),
            tree.nbytes / 2**20,
        )


def _our_ivf(index: BinaryIVF) -> Iterator[SearchSetting]:
    for probes in (1, 2, 4, 8, 16, 32, 64):
        yield SearchSetting(
            OURS,
            {"cells": len(index.starts) - 1, "probes": probes},
            partial(_distances, index.nearest, probes),
            index.nbytes / 2**20,
        )


def _faiss_ivf(xb: PackedCodes, cells: BinaryIVF, quick: bool) -> Iterator[SearchSetting]:
    """FAISS's inverted lists with its own centres for two numbers of cells, and with ours, which saves a training of
    minutes.
    """
    n_words = xb.shape[1] // 8
    ours = faiss.IndexBinaryFlat(8 * xb.shape[1])
    ours.add(np.ascontiguousarray(cells.centres.reshape(n_words, -1).T).view(np.uint8))
    indices = [("our centres", faiss.IndexBinaryIVF(ours, ours.d, ours.ntotal))]
    indices[0][1].is_trained = True
    for n_cells in (64,) if quick else (1024, 4096):
        quantizer = faiss.IndexBinaryFlat(8 * xb.shape[1])
        index = faiss.IndexBinaryIVF(quantizer, ours.d, n_cells)
        index.cp.niter, index.cp.max_points_per_centroid = 5, 64
        index.train(xb)
        indices.append(("its own centres", index))
    for centres, index in indices:
        index.add(xb)
        size = len(faiss.serialize_index_binary(index)) / 2**20

        for probes in (1, 4, 8, 16, 32, 64, 128):
            yield SearchSetting(
                "faiss IVF",
                {"cells": index.nlist, "centres": centres, "probes": probes},
                partial(_search, index, index, "nprobe", probes),
                size,
            )


def _hnsw(xb: PackedCodes, _threads: int, quick: bool) -> Iterator[SearchSetting]:
    index = faiss.IndexBinaryHNSW(8 * xb.shape[1], 16)
    index.add(xb)
    size = len(faiss.serialize_index_binary(index)) / 2**20

    for effort in (16, 64) if quick else (16, 32, 64, 128, 256, 512):
        yield SearchSetting(
            "faiss HNSW", {"M": 16, "efSearch": effort}, partial(_search, index, index.hnsw, "efSearch", effort), size
        )


def _multihash(xb: PackedCodes, _threads: int, quick: bool) -> Iterator[SearchSetting]:
    for n_tables, bits in ((4, 14),) if quick else ((8, 20), (12, 20), (12, 16), (16, 16)):
        index = faiss.IndexBinaryMultiHash(8 * xb.shape[1], n_tables, bits)
        index.add(xb)
        size = len(faiss.serialize_index_binary(index)) / 2**20

        for flips in (0, 1):
            yield SearchSetting(
                "faiss MultiHash",
                {"tables": n_tables, "bits": bits, "flips": flips},
                partial(_search, index, index, "nflip", flips),
                size,
            )


def _lsh(xb: PackedCodes, threads: int, quick: bool) -> Iterator[SearchSetting]:
    for n_tables, bits, flips in ((6, 12, 1),) if quick else ((6, 16, 1), (12, 16, 1), (12, 20, 1), (12, 20, 2)):
        parameters = {"algorithm": 6, "table_number": n_tables, "key_size": bits, "multi_probe_level": flips}
        hamming = 9
        index = cv2.flann.Index(xb, parameters, hamming)

        yield SearchSetting(
            "OpenCV LSH",
            {"tables": n_tables, "bits": bits, "flips": flips},
            partial(_search_flann, index, threads),
            None,
        )
