"""Verification of a copy of a data set: its files exist, are whole, and fit one another.

A run reads files that are ok here and refuses those that are BAD. Films are decoded from end to end, which takes as
long as a run's first pass over them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from vretlib import checksums, files, logs
from vretlib.errors import UserError

if TYPE_CHECKING:
    from vretlib.datasets.film_files import Movie
    from vretlib.datasets.landmarks.collection import LandmarkCollection
    from vretlib.video.frames import VideoInfo


@dataclass(frozen=True)
class Finding:
    """Result for one file: whether it is good, and a line for the reader."""

    good: bool
    line: str


def films(path: Path) -> Iterator[Finding]:
    """Findings on whether every film can be read from end to end and the list of photographs, if any, fits them."""
    from vretlib.datasets import film_files, movies

    def queries(listed: Path, infos: Mapping[str, VideoInfo], aliases: Mapping[str, str]) -> int:
        return len(movies.listed(listed, infos, aliases))

    yield from _own(path, film_files.films_under, queries)


def videos(path: Path) -> Iterator[Finding]:
    """Findings as of `films` for videos that are searched as clips."""
    from vretlib.datasets import film_files

    yield from _own(path, film_files.films_under, _clip_queries)


def own_clips(path: Path) -> Iterator[Finding]:
    """Findings as of `films` for clips, each a video or a folder of frames."""
    from vretlib.datasets.clips import own

    yield from _own(path, own.clips_under, _clip_queries)


def _own(
    path: Path,
    find: Callable[[Path], Sequence[Movie]],
    queries: Callable[[Path, Mapping[str, VideoInfo], Mapping[str, str]], int],
) -> Iterator[Finding]:
    """Findings about the films that `find` returns, each read from end to end, and about the list beside them."""
    from vretlib.datasets import film_files, query_list

    with logs.kept() as said:
        try:
            found, wrong = find(path), ""
        except UserError as error:
            found, wrong = (), str(error)
    yield from (Finding(True, line) for line in said)
    if wrong:
        yield Finding(False, wrong)
        return
    infos: dict[str, VideoInfo] = {}
    for film in found:
        try:
            info = _decoded(film.path)
            what = f"{info.width}x{info.height}, {info.n_frames} frames, {info.duration:.1f} s"
            infos[film.name] = info
            yield Finding(True, f"{film.name}{film.path.suffix if film.path.is_relative_to(path) else ''}: {what}")
        except UserError as error:
            yield Finding(False, str(error))
    listed = query_list.given_or_beside(path)
    if listed is None:
        return
    if len(infos) < len(found):
        yield Finding(False, f"{listed.name}: not looked at, since not every film of it can be read")
        return
    with logs.kept() as said:
        try:
            last = Finding(True, f"{listed.name}: {queries(listed, infos, film_files.aliases(found))} queries")
        except UserError as error:
            said.clear()
            last = Finding(False, str(error))
    yield from (Finding(True, line) for line in said)
    yield last


def _decoded(path: Path) -> VideoInfo:
    """Facts about a film, after it was read frame by frame as in a run."""
    from vretlib.video import frames

    info = frames.probe(path)
    for _ in frames.stream(path):
        pass
    return info


def _clip_queries(listed: Path, infos: Mapping[str, VideoInfo], aliases: Mapping[str, str]) -> int:
    from vretlib.datasets.clips import listed as listed_queries
    from vretlib.datasets.clips.times import Span

    spans = {name: [Span(i, info.start, info.end)] for i, (name, info) in enumerate(infos.items())}
    return len(listed_queries.read(listed, infos, spans, aliases))


def collection(dataset: str) -> Callable[[Path], Iterator[Finding]]:
    """Check of whether the ground truth fits the images and every image of the database can be read."""

    def load(path: Path) -> LandmarkCollection:
        from vretlib.datasets.landmarks import source

        return source.collection(dataset, root=path)

    return partial(_collection, load)


def instances(dataset: str) -> Callable[[Path], Iterator[Finding]]:
    """The check of a collection for instance search."""

    def load(path: Path) -> LandmarkCollection:
        from vretlib.datasets.instances import source

        return source.load(dataset, root=path)

    return partial(_collection, load)


def _collection(load: Callable[[Path], LandmarkCollection], path: Path) -> Iterator[Finding]:
    with logs.kept() as said:
        try:
            made, wrong = load(path), ""
        except UserError as error:
            wrong = str(error)
    if wrong:
        yield Finding(False, wrong)
        return
    yield from (Finding(True, line) for line in said)
    yield from _readable(list(dict.fromkeys([*made.images, *(query.path for query in made.queries)])))


def clips(dataset: str) -> Callable[[Path], Iterator[Finding]]:
    """Check of whether the ground truth fits the videos and query images and every video can be read."""

    def check(path: Path) -> Iterator[Finding]:
        from vretlib.datasets.clips import source

        with logs.kept() as said:
            try:
                made, wrong = source.load(dataset, root=path).evaluation, ""
            except UserError as error:
                wrong = str(error)
        if wrong:
            yield Finding(False, wrong)
            return
        yield from (Finding(True, line) for line in said)
        bad = 0
        for clip in made.clips:
            try:
                _decoded(clip.path)
            except UserError as error:
                bad += 1
                yield Finding(False, str(error))
        yield Finding(bad == 0, f"{len(made.clips) - bad:,} of {len(made.clips):,} videos can be read")
        yield from _readable([query.path for query in made.queries])

    return check


def semart(path: Path) -> Iterator[Finding]:
    """Findings on whether the three tables can be read, about each image that cannot, and about all others together."""
    from vretlib.datasets.paintings import semart as reader

    try:
        made = reader.semart(path)
    except UserError as error:
        yield Finding(False, str(error))
        return
    yield from (Finding(False, lost) for lost in made.missing)
    n = len(made) + len(made.missing)
    yield Finding(not made.missing, f"{len(made):,} of {n:,} rows have an image that can be read")


def faces(dataset: str) -> Callable[[Path], Iterator[Finding]]:
    """Check of whether the lists fit the pictures: what a run leaves out is named, and one line tells what it uses."""

    def check(path: Path) -> Iterator[Finding]:
        from vretlib.datasets.faces import source

        with logs.kept():
            try:
                made = source.load(dataset, root=path)[0]
            except UserError as error:
                yield Finding(False, str(error))
                return
        yield from (Finding(False, lost) for lost in made.left_out)
        yield Finding(not made.left_out, made.description)

    return check


def distractors(path: Path) -> Iterator[Finding]:
    """Findings about each distractor image that cannot be read, and about all others together."""
    from vretlib.datasets.landmarks import source

    with logs.kept():
        found = source.distractors(path)
    yield from _readable(found)


def _readable(paths: Sequence[Path]) -> Iterator[Finding]:
    """A finding for every image that cannot be read, and one for all others together."""
    from vretlib import images

    bad = 0
    for path in paths:
        try:
            images.check(path)
        except UserError as error:
            bad += 1
            yield Finding(False, str(error))
    yield Finding(bad == 0, f"{len(paths) - bad:,} of {len(paths):,} images can be read")


def checksum(sha256: str) -> Callable[[Path], Iterator[Finding]]:
    """Check of whether a file has this SHA-256."""

    def check(path: Path) -> Iterator[Finding]:
        files.regular(path, "the file itself")
        found = checksums.read(path)
        same = found == sha256
        yield Finding(same, f"{path.name}: sha256 {found}" + ("" if same else f"; expected {sha256}"))

    return check
