"""LBTT, local binary temporal tracking: chapter 5's pipeline over clips, as one of the methods of paper 002.

Binary features are tracked through each clip, one key feature stands for each track, and the features of the image vote
for the shots of their nearest key features. The clip of the shot with most votes is the answer; the frame inside the
shot is not looked for, since paper 002 counts clips.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vretlib import cache
from vretlib.chapters.key_frames.clips import DescribedClips
from vretlib.chapters.key_frames.fisher import FisherEncoding
from vretlib.chapters.key_frames.methods import Encoded, Method, df, dfse, dfsp, dfta, ours
from vretlib.chapters.key_frames.queries import DescribedQueries
from vretlib.chapters.key_frames.selection import Selection
from vretlib.datasets.clips.collection import Clip
from vretlib.errors import NoExampleError
from vretlib.features import local
from vretlib.report.left_out import LeftOut, attempt
from vretlib.search import votes
from vretlib.video import describe, described_film, frames
from vretlib.video.archive import Archive
from vretlib.video.described_film import DescribedFilm, DescribeOptions
from vretlib.video.film_indexes import bi_aggregation_kd_tree

Ids = NDArray[np.int64]


def describe_clips(
    clips: Sequence[Clip], *, width: int, n_features: int = 500, say: Callable[[str], None] = print
) -> tuple[DescribedFilm, ...]:
    """Tracks, shots and key features of each clip, at this width in pixels. Kept in the cache.

    The thesis resizes to 720 pixels; clips that are smaller gain nothing from it but time.
    """
    options = DescribeOptions(width=width, n_features=n_features)

    def build(folder: Path) -> None:
        def one(i: int) -> None:
            describe.describe(clips[i].path, folder / str(i), options=options, name=str(i))

        # A short clip's threads wait for its decoder and for one another at both its ends: two clips at a time.
        with local.one_opencv_thread(), ThreadPoolExecutor(2) as pool:
            list(pool.map(one, range(len(clips))))

    key = {"clips": [cache.checksum(clip.path) for clip in clips], "options": options}
    folder = cache.stage("binary-clips", key, build, say=say)
    return tuple(described_film.load(folder / str(i)) for i in range(len(clips)))


def lbtt(films: Sequence[DescribedFilm], ids: Sequence[int] | Ids, *, backtracks: int = 50) -> Method:
    """The method over some of the described clips.

    Raises
    ------
    NoExampleError: none of them has a key feature.
    """
    chosen = np.unique(np.asarray(ids, np.int64))
    archive = Archive(tuple(films[i] for i in chosen))
    if not len(archive.key_codes):
        raise NoExampleError("none of the clips has a key feature: they are too short or too plain for LBTT")
    system = bi_aggregation_kd_tree(archive)
    options = archive.films[0].options
    clips = np.repeat(chosen, np.diff(archive.first_shot))
    n_shots = len(clips)

    def encode(queries: DescribedQueries) -> Encoded:
        lumas = (cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for image in queries.queries.images)
        small = (frames.resize(luma, options.width) for luma in lumas)
        return ([local.orb_brief(luma, n_features=options.n_features).descriptors for luma in small],)

    def nearest(encoded: Encoded, n: int) -> Ids:
        return np.stack([_shots(codes, n) for codes in encoded[0]])

    def _shots(codes: NDArray[np.uint8], n: int) -> Ids:
        found = np.full(n, -1, np.int64)
        if len(codes):
            counts = votes.count(system.nearest(codes, backtracks), system.shot_of, n_shots)
            best = np.argsort(-counts, kind="stable")[:n]
            found[: len(best)] = np.where(counts[best] > 0, best, -1)
        return found

    return Method("LBTT [28]", "256", clips, system.descriptor_bytes, encode, nearest)


def six(
    described: DescribedClips,
    chosen: Selection,
    encoding: FisherEncoding | LeftOut,
    films: Sequence[DescribedFilm],
    n_candidates: int,
    backtracks: int = 50,
) -> tuple[list[Method], dict[str, str]]:
    """The methods of Tables 5 and 6 over the clips of a selection, in their order; and why one is left out, by name."""
    made = {
        "DFSE [27]": attempt(dfse, described, chosen, encoding),
        "LBTT [28]": attempt(lbtt, films, chosen.ids, backtracks=backtracks),
    }
    every = [
        ours(described, chosen, n_candidates),
        dfsp(described, chosen),
        df(described, chosen),
        made["DFSE [27]"],
        dfta(described, chosen),
        made["LBTT [28]"],
    ]
    left = {name: found.why for name, found in made.items() if isinstance(found, LeftOut)}
    return [method for method in every if isinstance(method, Method)], left
