"""Stanford I2V (Araujo et al., 2015) and Video Bookmarking (VB, Araujo et al., 2016) in their authors' layout.

::

    root/videos/20121002/PBS_News_Hour_20121002_1900_cc_segment/01.700k.mp4     or the dated folders in root itself
    root/queries/                                       images named by the query's number: 0.jpg, query_17.png
    root/full_dataset_public.txt                        229 queries; or light_dataset_public.txt, 78; also in scoring/
    root/vb/queries/, root/vb/ground_truth.txt          the same for VB, if you have it

The ground truth has a line for each query: its number, then clip, start and end of each moment, all separated by
spaces, with times as m:ss. The thesis searches the videos of the first four months (SI2V-600k: 3,401 clips, 160 hours)
with the 229 queries. No ground truth of VB is public; a user's own one is read in the same form.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from vretlib import files, images, walk
from vretlib.datasets import mended, query_cells, text_files
from vretlib.datasets.clips import times
from vretlib.datasets.clips.collection import Clip, ClipCollection, ClipQuery, ClipStudy, Moment
from vretlib.datasets.text_files import Problems
from vretlib.errors import UserError, short_list

log = logging.getLogger(__name__)


GROUND_TRUTHS = ("full_dataset_public.txt", "light_dataset_public.txt")
"""The authors' files, of which the first that exists is used."""

LICENCE = "the videos are their broadcasters'; for research only, see purl.stanford.edu/zx935qw7203"


class Interval(NamedTuple):
    """A part of a clip, in seconds, that shows a query's content."""

    clip: str
    start: float
    end: float


def stanford_i2v(root: str | Path, *, damaged: str = mended.REFUSE) -> ClipStudy:
    """The study with the queries of kind "SI2V", "VB" or both that exist, without training clips.

    Parameters
    ----------
    damaged: treatment of clips that are cut short or damaged, one of `mended.CHOICES`.

    Raises
    ------
    UserError: no video, no ground truth, a ground truth that names clips or queries that do not exist, and the errors
        of `ground_truth`.
    """
    root = files.given(root)
    if not files.is_folder(root):
        raise UserError(f"{root}: no such folder; expected the folder of Stanford I2V, with videos/ and queries/")
    videos = root / "videos" if files.is_folder(root / "videos") else root
    walked = walk.find(videos, (".mp4",), beside=(".txt", *images.EXTENSIONS))
    paths = [path for path in walked.logged() if len(path.relative_to(videos).parts) == 3]
    if elsewhere := len(walked.paths) - len(paths):
        log.info("%s: videos left out, since they are not in YYYYMMDD/<segment>/: %s", videos.name, f"{elsewhere:,}")
    if not paths:
        raise UserError(f"{root}: holds no clip; expected videos/YYYYMMDD/<segment>/<nn>.700k.mp4")
    clips = tuple(Clip(path.relative_to(videos).as_posix(), mended.undamaged(path, damaged)) for path in paths)
    ids = {clip.name: i for i, clip in enumerate(clips)}
    queries: list[ClipQuery] = []
    for kind, folder, truths in (
        ("SI2V", root / "queries", [d / name for name in GROUND_TRUTHS for d in (root, root / "scoring")]),
        ("VB", root / "vb" / "queries", [root / "vb" / "ground_truth.txt"]),
    ):
        truth = next((path for path in truths if files.is_file(path)), None)
        if truth is not None:
            queries += _queries(kind, folder, truth, ids)
            log.info("%s: %s with %s queries", kind, truth.name, sum(q.kind == kind for q in queries))
    if not queries:
        raise UserError(f"{root}: holds no ground truth; expected {' or '.join(GROUND_TRUTHS)}, or vb/ground_truth.txt")
    what = f"Stanford I2V: {len(clips):,} clips, {len(queries)} queries"
    return ClipStudy(ClipCollection("stanford_i2v", clips, tuple(queries), what, LICENCE), (), what)


def ground_truth(path: Path) -> dict[int, tuple[Interval, ...]]:
    """The intervals of every query, by its number.

    Raises
    ------
    UserError: the file has bad lines, which the message names, the first ten in full: without a number or a clip, with
        the number of an earlier line, a clip without start and end, no time, or an end before its start.
    """
    found: dict[int, tuple[Interval, ...]] = {}
    problems = Problems(path)
    for number, line in text_files.lines(path, "a ground truth of Stanford I2V"):
        with problems.at(number):
            query, intervals = _line(line.split())
            if query in found:
                raise UserError(f"query {query} has a line already")
            found[query] = intervals
    problems.check()
    if not found:
        raise UserError(f"{path}: is empty; expected a line '<query> <clip> <start> <end> ...' for each query")
    return found


def _line(words: Sequence[str]) -> tuple[int, tuple[Interval, ...]]:
    if not re.fullmatch(r"\d{1,9}", words[0], re.ASCII):
        raise UserError(f"begins with {words[0]!r}; expected the query's number")
    if len(words) == 1:
        raise UserError(f"query {words[0]} is matched to no clip; expected '<clip> <start> <end>', or remove the line")
    if len(words) % 3 != 1:
        raise UserError(
            f"query {words[0]} has {len(words) - 1} words; expected '<clip> <start> <end>', three at a time"
        )
    intervals = []
    for clip, start, end in zip(words[1::3], words[2::3], words[3::3], strict=True):
        try:
            intervals.append(Interval(clip, *times.interval(query_cells.seconds(start), query_cells.seconds(end))))
        except UserError as error:
            raise UserError(f"query {words[0]}, {clip}: {error}") from None
    return int(words[0]), tuple(intervals)


def _queries(kind: str, folder: Path, truth: Path, ids: Mapping[str, int]) -> list[ClipQuery]:
    known = ground_truth(truth)
    absent = sorted({part.clip for parts in known.values() for part in parts if part.clip not in ids})
    if absent:
        raise UserError(
            f"{truth}: names {len(absent)} clip{'s' * (len(absent) > 1)} not in the collection: {short_list(absent)}; "
            "add what is missing, or give the ground truth of what you have"
        )
    pictures = _numbered(folder)
    unseen = [str(number) for number in known if number not in pictures]
    if unseen:
        raise UserError(
            f"{folder}: has no image of {len(unseen)} queries of {truth.name}: {short_list(unseen)}; expected names "
            "that end in the query's number, such as 17.jpg"
        )
    queries = []
    for number, parts in sorted(known.items()):
        images.check(pictures[number])
        moments = tuple(Moment(ids[part.clip], part.start, part.end) for part in parts)
        relevant = np.unique(np.array([moment.clip for moment in moments], np.int64))
        queries.append(ClipQuery(f"{kind} {number}", kind, pictures[number], relevant, moments))
    return queries


def _numbered(folder: Path) -> dict[int, Path]:
    """Images of a folder, by the number at the end of their names."""
    if not files.is_folder(folder):
        raise UserError(f"{folder}: no such folder; expected the query images")
    found: dict[int, Path] = {}
    for path in images.find(folder, beside=(".txt",)):
        digits = path.stem[len(path.stem.rstrip("0123456789")) :]
        if digits:
            if int(digits) in found:
                raise UserError(f"{path}: is query {int(digits)}, as {found[int(digits)]} is; remove one of the two")
            found[int(digits)] = path
    return found
