"""Key frames, topics and judgements of TRECVID's instance search (INS), as participants keep them.

=======================  ==============================================================================================
``frames``, …            key frames, ``<shot>/<any name>.jpg`` or ``<shot>_<any name>.jpg``, where a shot is called
                         ``shot<video>_<number>``; see `FRAME_FOLDERS`
``*topics*.xml``         ``<videoInstanceTopic num text type>`` with ``<imageExample src mask>``, as NIST distributes
                         them; or ``queries.csv``, ``topic,image,mask`` or ``topic,image,x1,y1,x2,y2``
the pictures             named by ``src`` and ``mask``, anywhere below the folder but not among the key frames
``*qrels*``              ``topic 0 shot judgement`` a line; a judgement above 0 is relevant
=======================  ==============================================================================================

NIST judges shots; here each key frame of a relevant shot is relevant, as in paper 003, which ranks key frames. The box
of a query is the smallest about its mask. No copy of the published data was at hand: the layout is that of the files
that NIST describes, and the subset of 23,614 key frames of paper 003 was never published.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from vretlib import files, images
from vretlib.datasets import text_files
from vretlib.datasets.landmarks import folders
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
from vretlib.datasets.text_files import Problems
from vretlib.errors import UserError, short_list
from vretlib.images import Box

log = logging.getLogger(__name__)

FRAME_FOLDERS = ("frames", "keyframes", "key_frames", *folders.IMAGE_FOLDERS)
"""Possible folders of the key frames; the first that exists is used."""

QUERIES = "queries.csv"
LICENCE = "the BBC's or the broadcaster's; by agreement with NIST, for research"
_SHOT = re.compile(r"shot\d+_\d+")
_NO_IDS = np.empty(0, np.int64)


@dataclass(frozen=True)
class TopicPicture:
    """A picture of a topic: its file's name, and the name of its mask or its box."""

    topic: str
    image: str
    mask: str
    box: Box | None


def read(root: str | Path) -> LandmarkCollection:
    """The collection of a folder, see the module.

    Relevant shots without a key frame here, and topics of which no relevant shot has one, are counted and logged, since
    a folder may hold a subset.

    Raises
    ------
    UserError: no frames, topics or judgements; fewer than two frames; a frame that names no shot; a picture or mask
        that is named but absent; a mask of another size or without an object; a box that `folders.box_inside`
        refuses; a line that cannot be read or a picture of a topic that is listed twice; two lists of
        topics; no topic with relevant frames.
    """
    root = files.given(root)
    frames, topics, judgements = frame_folder(root), _topics(root), _one(root, "*qrels*")
    if frames is None or topics is None or judgements is None:
        what = f"key frames in {folders.one_of(FRAME_FOLDERS)}, a topic list *topics*.xml or {QUERIES}, and *qrels*"
        raise folders.expected(root, f"a folder with {what}", looks_right)
    database = images.find(frames)
    if len(database) < 2:
        held = "one key frame" if database else "no key frame"
        raise UserError(f"{frames}: holds {held}; a collection that is searched needs two at least")
    by_shot: dict[str, list[int]] = {}
    for i, path in enumerate(database):
        by_shot.setdefault(_shot(path, frames), []).append(i)
    asked = list(_pictures_of_csv(topics) if topics.name == QUERIES else _pictures_of_xml(topics))
    shots = _qrels(judgements)
    if unjudged := sorted({picture.topic for picture in asked} - shots.keys()):
        raise UserError(f"{judgements}: has no line of topics {short_list(unjudged)}, which {topics.name} lists")
    named = _by_file_name(root, frames, judgements.suffix)
    queries = _queries(asked, shots, by_shot, named, topics)
    if not queries:
        raise UserError(f"{root}: no relevant shot of any topic has a key frame in {frames}; expected some")
    _log_absent(root, asked, shots, by_shot)
    size = f"{len(database):,} key frames of {len(by_shot):,} shots, {len(queries)} pictures of "
    size += f"{len({query.landmark for query in queries})} topics"
    log.info("%s: %s", root.name, size)
    return LandmarkCollection("TRECVID INS", database, queries, f"TRECVID INS, {size}", LICENCE)


def looks_right(root: Path) -> bool:
    """True if a folder holds frames, topics and judgements."""
    return None not in (frame_folder(root), _topics(root), _one(root, "*qrels*"))


def frame_folder(root: Path) -> Path | None:
    """The folder of the key frames."""
    return next((root / name for name in FRAME_FOLDERS if files.is_folder(root / name)), None)


def _topics(root: Path) -> Path | None:
    """The only list of topics in a folder; None if there is none."""
    listed = _one(root, "*topics*.xml")
    if not files.is_file(root / QUERIES):
        return listed
    if listed:
        raise UserError(f"{root}: holds two lists of topics, {listed.name} and {QUERIES}; keep one")
    return root / QUERIES


def _one(root: Path, pattern: str) -> Path | None:
    """The only file of that form in a folder; None if there is none."""
    found = sorted(path for path in root.glob(pattern) if files.is_file(path))
    if len(found) > 1:
        listed = short_list([path.name for path in found])
        raise UserError(f"{root}: holds {len(found)} files {pattern}: {listed}; keep one")
    return found[0] if found else None


def _shot(path: Path, frames: Path) -> str:
    """The shot of a key frame: the beginning of its name, or the name of its folder."""
    for name in (path.name, *reversed(path.relative_to(frames).parts[:-1])):
        if match := _SHOT.match(name):
            return match[0]
    raise UserError(f"{path}: names no shot; expected shot<video>_<number> as its folder or at the start of its name")


def _pictures_of_xml(path: Path) -> Iterator[TopicPicture]:
    try:
        found = ElementTree.fromstring(text_files.text(path, "a list of topics in XML"))
    except ElementTree.ParseError as error:
        raise UserError(f"{path}: is no XML ({error}); expected the topics as NIST distributes them") from None
    topics, seen = list(found.iter("videoInstanceTopic")), set[TopicPicture]()
    if not topics:
        raise UserError(f"{path}: has no element videoInstanceTopic; expected the topics as NIST distributes them")
    for topic in topics:
        examples = list(topic.iter("imageExample"))
        if not topic.get("num") or not examples:
            raise UserError(f"{path}: topic {topic.get('num')!r} lacks its num or its imageExample elements")
        for example in examples:
            src, mask = example.get("src"), example.get("mask")
            if not src or not mask:
                raise UserError(f"{path}: an imageExample of topic {topic.get('num')} lacks its src or its mask")
            picture = TopicPicture(str(topic.get("num")), src, mask, None)
            if picture in seen:
                raise UserError(f"{path}: names {src} with {mask} twice for topic {picture.topic}; keep one")
            seen.add(picture)
            yield picture


def _pictures_of_csv(path: Path) -> Iterator[TopicPicture]:
    problems, found = Problems(path, "row"), dict[TopicPicture, int]()
    sides = ("x1", "y1", "x2", "y2")
    for row in text_files.rows(path, ("topic", "image"), ("mask", *sides)):
        with problems.at(row.line):
            given = [row[side] for side in sides]
            if not row["topic"] or not row["image"] or bool(row["mask"]) == any(given):
                raise UserError("expected a topic, an image, and either a mask or the box x1,y1,x2,y2")
            try:
                box = None if row["mask"] else (float(given[0]), float(given[1]), float(given[2]), float(given[3]))
            except ValueError:
                raise UserError(f"{','.join(given)} are not the four numbers x1,y1,x2,y2 of a box") from None
            first = found.setdefault(TopicPicture(row["topic"], row["image"], row["mask"], box), row.line)
            if first != row.line:
                raise UserError(f"repeats row {first}; expected each query once")
    problems.check()
    if not found:
        raise UserError(f"{path}: lists no topic; expected a row with topic, image, and mask or box for each picture")
    yield from found


def _qrels(path: Path) -> dict[str, set[str]]:
    """The relevant shots of each topic that is judged."""
    shots: dict[str, set[str]] = {}
    problems = Problems(path)
    for number, line in text_files.lines(path, "judgements, 'topic 0 shot judgement' a line"):
        with problems.at(number):
            cells = line.split()
            if len(cells) != 4 or not re.fullmatch(r"-?\d+", cells[3]):
                raise UserError(f"found {line[:60]!r}; expected 'topic 0 shot judgement'")
            judged = shots.setdefault(cells[0], set())
            if int(cells[3]) > 0:
                judged.add(cells[2])
    problems.check()
    return shots


def _by_file_name(root: Path, frames: Path, other: str) -> dict[str, Path]:
    """The pictures below a folder, without the key frames, by file name in one Unicode form (`files.same`).

    ``other`` is the file extension of the judgements.
    """
    named: dict[str, Path] = {}
    for path in images.find(root, beside=(".xml", ".csv", ".txt", other)):
        if not (path.is_relative_to(frames) or path.resolve().is_relative_to(frames.resolve())):
            name = files.same(path.name)
            if name in named:
                raise UserError(f"{path}: has the name of {named[name]}, and topics go by name; remove one")
            named[name] = path
    return named


def _queries(
    asked: list[TopicPicture], shots: Mapping[str, set[str]], by_shot: Mapping[str, list[int]],
    named: Mapping[str, Path], topics: Path,
) -> tuple[LandmarkQuery, ...]:  # fmt: skip
    """A query for each picture of the topics that have relevant frames."""
    wanted = [name for picture in asked for name in (picture.image, picture.mask) if name]
    if absent := [name for name in wanted if _name(name) not in named]:
        raise folders.missing(topics, absent, topics.parent)
    queries: list[LandmarkQuery] = []
    counted: dict[str, int] = {}
    for picture in asked:
        good = sorted(i for shot in shots[picture.topic] for i in by_shot.get(shot, ()))
        if not good:
            continue
        counted[picture.topic] = counted.get(picture.topic, 0) + 1
        path = named[_name(picture.image)]
        box = folders.box_inside(picture.box, path, str(topics)) if picture.box else _about(
            named[_name(picture.mask)], path
        )  # fmt: skip
        name = f"{picture.topic}_{counted[picture.topic]}"
        queries.append(LandmarkQuery(name, picture.topic, path, box, None, np.array(good, np.int64), _NO_IDS, _NO_IDS))
    return tuple(queries)


def _name(written: str) -> str:
    return files.same(Path(written).name)


def _about(mask: Path, image: Path) -> Box:
    """The smallest box about the bright pixels of a mask."""
    bright = images.grey(mask) > 127
    width, height = images.size(image)
    if bright.shape != (height, width):
        raise UserError(f"{mask}: has {bright.shape[1]} x {bright.shape[0]} pixels; its picture {image.name} has "
                        f"{width} x {height}")  # fmt: skip
    if not bright.any():
        raise UserError(f"{mask}: is dark everywhere; expected a mask that is bright where the object is")
    rows, columns = np.flatnonzero(bright.any(axis=1)), np.flatnonzero(bright.any(axis=0))
    if len(rows) < 2 or len(columns) < 2:
        raise UserError(
            f"{mask}: is bright in a point or a line only; expected an area that is bright where the object is"
        )
    return float(columns[0]), float(rows[0]), float(columns[-1]), float(rows[-1])


def _log_absent(
    root: Path, asked: list[TopicPicture], shots: Mapping[str, set[str]], by_shot: Mapping[str, list[int]]
) -> None:
    topics = list(dict.fromkeys(picture.topic for picture in asked))
    relevant = set().union(*(shots[topic] for topic in topics))
    if absent := relevant - by_shot.keys():
        log.info("%s: relevant shots without a key frame here: %s of %s", root.name, f"{len(absent):,}", len(relevant))
    if lost := [topic for topic in topics if not shots[topic] & by_shot.keys()]:
        log.info("%s: topics left out, whose relevant shots have no key frame here: %s", root.name, short_list(lost))
