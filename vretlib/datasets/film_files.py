"""The films of a folder: which files are films, and the names by which users call them."""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vretlib import files, images, walk
from vretlib.errors import UserError

EXTENSIONS = (
    *(".mp4", ".mkv", ".mov", ".m4v", ".qt", ".webm", ".avi", ".divx", ".wmv", ".asf", ".flv", ".f4v", ".ogv", ".ogm"),
    *(".mpg", ".mpeg", ".mpe", ".m1v", ".m2v", ".vob", ".ts", ".mts", ".m2ts", ".m2t", ".3gp", ".3g2", ".mxf", ".dv"),
    *(".mjpg", ".mjpeg", ".y4m", ".rm", ".rmvb"),
)
"""Endings of film files; other files of a folder are left out and counted."""

BESIDE = (".csv", ".srt", ".vtt", ".sub", ".idx", ".ass", *images.EXTENSIONS, *images.UNREADABLE)
"""Endings of files that belong beside films (lists, subtitles, photographs) and are not counted as left out."""


@dataclass(frozen=True)
class Movie:
    """A film of a collection.

    Attributes
    ----------
    name: name in queries and tables.
    path: the video file.
    truth: JSON with the true shots of an embedded film, see `movies.true_shots`; None for other films.
    """

    name: str
    path: Path
    truth: Path | None = None


def films_under(root: Path) -> tuple[Movie, ...]:
    """The films in a folder and its sub-folders, by path, or the single film ``root``; see `named` for their names.

    Files that are left out are logged. A film that links lead to twice is taken once.

    Raises
    ------
    UserError: no such file or folder, no film in it, or as in `walk.find`.
    """
    films, walked = walk_films(root)
    if walked is not None:
        walked.logged()
    return films


def walk_films(root: Path) -> tuple[tuple[Movie, ...], walk.FoundFiles | None]:
    """The films, and the result of the walk through the folder, None if ``root`` is a film. Nothing is logged.

    Errors are those of `films_under`.
    """
    status = files.status(root)
    if status is None:
        raise UserError(f"{root}: no such file or folder; expected a folder of films or one film")
    if not stat.S_ISDIR(status.st_mode):
        files.regular(root, "a folder of films or one film")
        return (Movie(files.given(root).stem, root),), None
    walked = walk.find(root, EXTENSIONS, beside=BESIDE, once=True)
    if not walked.paths:
        walked.logged()
        raise UserError(f"{root}: holds no film; expected files ending in {', '.join(EXTENSIONS)}")
    return tuple(named(root, walked.paths)), walked


def named(root: Path, found: Sequence[Path]) -> list[Movie]:
    """Films with their paths below the folder as names, without the extension where it is not needed to distinguish."""
    names = [path.relative_to(root).with_suffix("").as_posix() for path in found]
    shared = Counter(names)
    return [
        Movie(name if shared[name] == 1 else path.relative_to(root).as_posix(), path)
        for name, path in zip(names, found, strict=True)
    ]


def aliases(movies: Sequence[Movie]) -> dict[str, str]:
    """Every name by which a CSV may call a film -> the film's name, in one Unicode form (`files.same`).

    These are the film's name, its path in the folder of films, and its file name with or without the extension if no
    other film has the same.
    """
    short: dict[str, set[str]] = {}
    for movie in movies:
        for name in (movie.path.name, movie.path.stem):
            short.setdefault(files.same(name), set()).add(movie.name)
    found = {name: owners.pop() for name, owners in short.items() if len(owners) == 1}
    for movie in movies:
        found[files.same(f"{movie.name.removesuffix(movie.path.suffix)}{movie.path.suffix}")] = movie.name
    return found | {files.same(movie.name): movie.name for movie in movies}
