"""A single film of a collection and its photographs, for pages that examine one film."""

from __future__ import annotations

from dataclasses import replace

from vretlib import files
from vretlib.datasets import film_files, mended, movies
from vretlib.datasets.clips import outlined, simulated
from vretlib.datasets.movies import MovieCollection
from vretlib.errors import NoExampleError
from vretlib.features import outlines

FILMS = ("embedded", "folder", "moviesdb")
"""Sources that hold whole films."""


def load(
    dataset: str,
    *,
    root: str = "",
    queries_csv: str = "",
    n_queries: int = 32,
    damaged: str = mended.REFUSE,
    outline: str = "no",
    seed: int = 0,
) -> MovieCollection:
    """The first film that photographs show, with its photographs: a film under ``root``, or an embedded film.

    The photographs are those of a list: ``queries_csv``, or ``queries.csv`` under ``root``. Without a list,
    ``n_queries`` photographs are simulated of the first film that is not uniform; the other films are not read.
    ``outline`` is the rectification of the photographs, see `vretlib.features.outlines`.

    Raises
    ------
    NoExampleError: the source holds clips and no films, no film shows anything, or no photograph shows any film.
    UserError: ``outline`` is "given", and the list gives no corners.
    """
    if dataset not in FILMS:
        raise NoExampleError("these are clips; the column needs a whole film")
    if dataset == "embedded":
        collection = movies.embedded(n_films=1, n_queries=n_queries, seed=seed)
    elif queries_csv or files.is_file(files.given(root) / "queries.csv"):
        collection = movies.folder(root, queries_csv or None, damaged=damaged, seed=seed)
    else:
        first = simulated.first_clear(film_files.films_under(files.given(root)), damaged)
        collection = movies.folder(first.path, n_queries=n_queries, damaged=damaged, seed=seed)
    shown = {query.movie for query in collection.queries}
    movie = next((movie for movie in collection.movies if movie.name in shown), None)
    if movie is None:
        raise NoExampleError(f"no photograph shows a film of {collection.name}")
    queries = tuple(query for query in collection.queries if query.movie == movie.name)
    found = replace(
        collection, movies=(movie,), queries=queries, description=f"{movie.name}, {len(queries)} photographs"
    )
    return _rectified(found, outline) if outline != "no" else found


def _rectified(collection: MovieCollection, outline: str) -> MovieCollection:
    """The collection with rectified photographs, as its description states."""
    photographs = [query.image for query in collection.queries]
    corners = outlines.of_photographs(photographs, outline, [query.corners for query in collection.queries])
    images = outlines.rectified_files(photographs, corners)
    queries = tuple(replace(query, image=path) for query, path in zip(collection.queries, images, strict=True))
    note = outlined.note(outline, sum(points is not None for points in corners), len(queries))
    return replace(collection, queries=queries, description=f"{collection.description}; {note}")
