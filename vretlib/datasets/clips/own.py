"""Folders of videos: your own, films as in MoviesDB, clips as in NTU-VOI.

``folder``
    Videos of any length, with or without sub-folders, or a single video. Long videos are cut into clips (`pieces`).
``moviesdb``
    The same for a folder of films with ``queries.csv``, as MoviesDB. No ground truth of the thesis' MoviesDB is public.
``ntu_voi``
    Clips that are never cut. A clip may also be a folder of images, its frames in the order of their names. They become
    a video of `FRAME_RATE` frames per second, the rate of 12,359 frames in 146 clips of 10.54 s (paper 002).

Queries are those of the list of photographs that all pages share (`vretlib.datasets.query_list`, `listed`). Without a
list they are simulated (`simulated`).
"""

from __future__ import annotations

import logging
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from vretlib import cache, files, images, walk
from vretlib.checksums import checksum
from vretlib.datasets import film_files, mended, query_list
from vretlib.datasets.clips import listed as listed_queries
from vretlib.datasets.clips import pieces, simulated
from vretlib.datasets.clips.collection import Clip, ClipCollection, ClipStudy
from vretlib.datasets.clips.recording import recording
from vretlib.datasets.clips.times import Span
from vretlib.datasets.film_files import Movie
from vretlib.errors import UserError, short_list
from vretlib.video import frames

log = logging.getLogger(__name__)


CLIP_SECONDS = 10.0
"""Length in seconds of the clips into which long videos are cut; about that of NTU-VOI's clips (10.54 s)."""

FRAME_RATE = 8

QUERY_IMAGES = "queries"
"""Name of the folder of query images, which is no clip of `ntu_voi`."""

CRF = 14
"""Quality of the encoder for clips made of frames; high, since frames have been compressed before."""

LICENCE = "as the videos"


def folder(
    root: str | Path,
    queries_csv: str | Path = "",
    *,
    clip_seconds: float = CLIP_SECONDS,
    n_queries: int = 200,
    seed: int = 0,
    damaged: str = mended.REFUSE,
) -> ClipStudy:
    """The study of a user's own videos, cut into clips of about ``clip_seconds``, without training clips.

    Parameters
    ----------
    root: a folder of videos, or one video.
    queries_csv: the list of queries. If it is empty, ``queries.csv`` in the folder is used if it exists; otherwise
        ``n_queries`` queries of each kind are simulated.
    damaged: treatment of videos that are cut short or damaged, one of `mended.CHOICES`.

    Raises
    ------
    UserError: no video, a damaged video, or a list that does not fit the videos.
    """
    root = files.given(root)
    videos = film_files.films_under(root)
    return _study(root, videos, queries_csv, clip_seconds, n_queries, seed, damaged)


def ntu_voi(
    root: str | Path,
    queries_csv: str | Path = "",
    *,
    n_queries: int = 200,
    seed: int = 0,
    damaged: str = mended.REFUSE,
) -> ClipStudy:
    """The study of clips that are not cut, each a video or a folder of frames; otherwise as `folder`.

    Raises
    ------
    UserError: there is no such folder, or as `folder`.
    """
    root = files.given(root)
    if not files.is_folder(root):
        raise UserError(f"{root}: no such folder; expected a folder of clips")
    return _study(root, clips_under(root), queries_csv, float("inf"), n_queries, seed, damaged)


def _study(
    root: Path,
    videos: tuple[Movie, ...],
    queries_csv: str | Path,
    seconds: float,
    n: int,
    seed: int,
    damaged: str,
) -> ClipStudy:
    infos = {video.name: frames.probe(mended.undamaged(video.path, damaged)) for video in videos}
    clips: list[Clip] = []
    spans: dict[str, list[Span]] = {}
    for name, info in infos.items():
        parts = pieces.cut(info, seconds)
        spans[name] = [Span(len(clips) + k, part.start, part.end) for k, part in enumerate(parts)]
        clips += [Clip(name if len(parts) == 1 else f"{name} {k:04d}", part.path) for k, part in enumerate(parts)]
    listed = query_list.given_or_beside(root, queries_csv)
    if listed is not None:
        log.info("queries: from %s", listed)
        described = f"queries listed in {listed.name}"
    else:
        listed = simulated.make(infos, n, seed=seed)
        described = f"{n} simulated stills and {n} simulated photographs of a screen"
    queries = listed_queries.read(listed, infos, spans, film_files.aliases(videos))
    minutes = sum(info.duration for info in infos.values()) / 60
    what = f"{root.resolve().name}: {len(videos)} video{'s' * (len(videos) > 1)}, {minutes:.1f} minutes"
    what += f", in {len(clips)} clips; {described}"
    return ClipStudy(ClipCollection(root.resolve().name, tuple(clips), queries, what, LICENCE, own=True), (), what)


def clips_under(root: Path) -> tuple[Movie, ...]:
    """Videos below a folder, and folders of images as videos, by path.

    Raises
    ------
    UserError: the folder holds neither a video nor a folder of two or more images.
    """
    endings = (*film_files.EXTENSIONS, *images.EXTENSIONS)
    walked = walk.find(root, endings, unreadable=images.UNREADABLE, beside=(".csv",))
    stills: dict[Path, list[Path]] = {}
    for path in walked.logged():
        if path.name.lower().endswith(images.EXTENSIONS) and path.parent != root:
            stills.setdefault(path.parent, []).append(path)
    videos = film_files.named(
        root, [path for path in walked.paths if path.name.lower().endswith(film_files.EXTENSIONS)]
    )
    folders = {folder: found for folder, found in stills.items() if folder.name != QUERY_IMAGES}
    if single := [folder.relative_to(root).as_posix() for folder, found in folders.items() if len(found) < 2]:
        log.info("%s: folders with a single image are no clips, and left out: %s", root.name, short_list(single))
    clips = {folder.relative_to(root).as_posix(): found for folder, found in folders.items() if len(found) > 1}
    videos = [replace(video, name=f"{video.name}{video.path.suffix}") if video.name in clips else video
              for video in videos]  # fmt: skip
    videos += [Movie(name, _encoded(found)) for name, found in clips.items()]
    if not videos:
        raise UserError(
            f"{root}: holds no clip; expected files ending in {', '.join(film_files.EXTENSIONS)}, or a folder of "
            "images for each clip"
        )
    return tuple(sorted(videos, key=lambda video: walk.key(Path(video.name))))


def _encoded(found: list[Path]) -> Path:
    """A video of the frames in their order, from the cache."""
    key = {"frames": [checksum(image) for image in found], "rate": FRAME_RATE}
    return cache.stage("frames", key, lambda out: _encode(found, out / "clip.mp4")) / "clip.mp4"


def _encode(found: list[Path], out: Path) -> None:
    first = images.read(found[0])
    height, width = first.shape[:2]
    with recording(out, width, height, Fraction(FRAME_RATE), CRF) as write:
        for number, path in enumerate(found):
            image = images.read(path)
            if image.shape != first.shape:
                raise UserError(
                    f"{path}: is {image.shape[1]}x{image.shape[0]}, the clip's first frame {width}x{height}; expected "
                    "frames of one size"
                )
            write(image, number / FRAME_RATE)
