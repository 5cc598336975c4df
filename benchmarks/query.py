"""Time of one query: from a decoded photograph to the frame, with a film's index.

It is compared with the obvious version: OpenCV's BFMatcher on the same key features in place of the tree.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from benchmarks import Goal, Options, Row
from vretlib.chapters.binary_features.methods import retrieve
from vretlib.datasets import movies
from vretlib.datasets.movies import MovieCollection
from vretlib.datasets.query_list import Query
from vretlib.described import film_photographs
from vretlib.described.film_photographs import Photograph
from vretlib.parallel import n_threads
from vretlib.search.neighbours import Nearest
from vretlib.video import film_indexes
from vretlib.video.archive import Archive, describe_films

SUBJECT = "one photograph against a film: median time, features included"


def run(options: Options) -> list[Row]:
    """Median times over the photographs of one film; all methods in turn on each photograph."""
    n_queries = 8 if options.quick else 40
    if options.film:
        collection = movies.folder(options.film, n_queries=n_queries, seed=options.seed)
    else:
        collection = movies.embedded(n_films=1, n_queries=n_queries, seed=options.seed)
    archive = describe_films(collection.movies)
    cv2.setNumThreads(n_threads())
    tree, cells = film_indexes.bi_aggregation_kd_tree(archive), film_indexes.bi_aggregation_ivf(archive)
    methods: dict[str, Callable[[Photograph], object]] = {
        "vretlib: kd-tree, B=50": lambda p: retrieve(tree, [p], backtracks=50),
        "vretlib: cells, 10 visited": lambda p: retrieve(cells, [p], backtracks=10),
        "OpenCV's BFMatcher on the key features": lambda p: retrieve(_bf_matcher(archive), [p]),
    }
    spent: dict[str, list[float]] = {name: [] for name in methods}
    for query in (collection.queries[0], *collection.queries):  # the first compiles and is left out
        for name, find in methods.items():
            spent[name].append(_milliseconds(collection, query, find))
    settings: dict[str, float | int | str] = {
        "photographs": len(collection.queries),
        "frames": sum(len(film.times) for film in archive.films),
        "key features": len(archive.key_codes),
        "threads": n_threads(),
    }
    medians = {name: float(np.median(values[1:])) for name, values in spent.items()}
    ours = next(iter(methods))
    goal = Goal(50, medians[ours], "at most 50 ms", at_most=True)
    return [Row(SUBJECT, name, ms, "ms", settings, goal if name == ours else None) for name, ms in medians.items()]


def _milliseconds(collection: MovieCollection, query: Query, find: Callable[[Photograph], object]) -> float:
    started = time.perf_counter()
    find(film_photographs.prepare_all(replace(collection, queries=(query,)))[0])
    return 1000 * (time.perf_counter() - started)


def _bf_matcher(archive: Archive) -> film_indexes.FilmMethod:
    matcher = cv2.BFMatcher(cv2.NORM_HAMMING)

    def search(xq: np.ndarray, _: Sequence[int]) -> list[Nearest]:
        found = matcher.match(xq, archive.key_codes)
        distances = np.array([match.distance for match in found], np.int32)
        return [Nearest.of_pairs(distances, np.arange(len(found)), np.array([match.trainIdx for match in found]))]

    n_bytes = archive.key_codes.nbytes
    return film_indexes.FilmMethod("BFMatcher", n_bytes, search, archive, archive.shot_of_key_feature, n_bytes)
