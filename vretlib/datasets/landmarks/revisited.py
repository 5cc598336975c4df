"""Revisited Oxford and Paris (Radenović et al. 2018): ``gnd_*.pkl`` beside the images of Oxford5k and Paris6k.

The pickle holds plain data: ``{"imlist": [name], "qimlist": [name], "gnd": [{"bbx": box, "easy": [id], "hard": [id],
"junk": [id]}]}``; with the old protocol ``"ok"`` replaces easy and hard. Names are without extension, ids are positions
in ``imlist``. A pickle can run code; this one is read with all classes and functions refused.
"""

from __future__ import annotations

import logging
import pickle
from collections.abc import Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from vretlib import files, walk
from vretlib.datasets.landmarks import folders
from vretlib.datasets.landmarks.collection import Ids, LandmarkCollection, LandmarkQuery
from vretlib.datasets.landmarks.oxford import LICENCE
from vretlib.errors import UserError

log = logging.getLogger(__name__)


_AGAIN = "download the original again from cmp.felk.cvut.cz/revisitop"


def revisited(root: str | Path) -> LandmarkCollection:
    """Revisited Oxford or Paris from the folder that holds its ``gnd_*.pkl`` and its images.

    Easy images become ``good``, hard ones ``ok``. Queries are not in the database unless the pickle lists them in both
    (the old protocol does): then ``image`` is their id.

    Raises
    ------
    UserError: another folder (the message names the one that seems to be meant), a pickle that holds anything but plain
        data or has another shape, images that are named but absent, a box that is not inside its image.
    """
    root = files.given(root)
    folder = folders.image_folder(root)
    if folder is None or not looks_right(root):
        what = f"one gnd_*.pkl, and the images in {folders.one_of(folders.IMAGE_FOLDERS)}"
        raise folders.expected(root, what, looks_right)
    [file] = _truths(root)
    truth = read_truth(file)
    paths = folders.by_name(folder)
    database: list[str] = truth["imlist"]
    if absent := {*database, *truth["qimlist"]} - paths.keys():
        raise folders.missing(file, absent, folder)
    positions = {name: i for i, name in enumerate(database)}
    queries = tuple(
        _query(f"{file.name}: query {i} ({name})", name, entry, paths[name], positions)
        for i, (name, entry) in enumerate(zip(truth["qimlist"], truth["gnd"], strict=True))
    )
    name = file.stem.removeprefix("gnd_")
    size = f"{len(database):,} images, {len(queries)} queries"
    log.info("%s: %s", name, size)
    return LandmarkCollection(
        name, tuple(paths[image] for image in database), queries, f"{name}, {size}, revisited ground truth", LICENCE
    )


def looks_right(root: Path) -> bool:
    """True if a folder has images and exactly one ``gnd_*.pkl`` where `revisited` expects them."""
    return len(_truths(root)) == 1 and folders.image_folder(root) is not None


def _truths(root: Path) -> list[Path]:
    """The pickles directly in a folder; none if it does not exist."""
    found = walk.entries(root) if files.is_folder(root) else []
    return [root / entry.name for entry in found if fnmatchcase(entry.name, "gnd_*.pkl")]


def read_truth(path: Path) -> dict[str, Any]:
    """The content of a ``gnd_*.pkl``, names without extension and as many entries in ``gnd`` as in ``qimlist``.

    Raises
    ------
    UserError: the pickle needs a class or function (the message names it), is damaged, or has another shape.
    """
    files.regular(path, "a gnd_*.pkl")
    try:
        with open(path, "rb") as file:
            truth = _PlainData(file, encoding="latin1").load()
    except _RefusedError as refused:
        raise UserError(
            f"{path}: refused, it would call {refused}; expected plain lists, dicts, texts and numbers: {_AGAIN}"
        ) from None
    except Exception as error:  # damaged bytes may raise any exception in the unpickler
        raise UserError(f"{path}: is not a pickle, or a damaged one ({error}); {_AGAIN}") from None
    lists = ("imlist", "qimlist", "gnd")
    if not isinstance(truth, dict) or not all(isinstance(truth.get(key), list) for key in lists):
        raise UserError(f"{path}: expected a dict with the lists {', '.join(lists)}; {_AGAIN}")
    names, queries, entries = (truth[key] for key in lists)
    if not all(isinstance(name, str) for name in names + queries) or len(set(names)) != len(names):
        raise UserError(f"{path}: imlist or qimlist holds something else than names, or a name twice; {_AGAIN}")
    if len(queries) != len(entries) or not all(isinstance(entry, dict) for entry in entries):
        raise UserError(f"{path}: {len(queries)} queries and {len(entries)} entries in gnd; expected a dict each")
    return {key: [_stem(name) for name in truth[key]] for key in lists[:2]} | {"gnd": entries}


def _stem(name: str) -> str:
    return files.same(name.removesuffix(".jpg"))


class _RefusedError(Exception):
    """A class or function that a pickle asks for was refused; the message is its name."""


class _PlainData(pickle.Unpickler):
    """An unpickler of dicts, lists, tuples, sets, texts, bytes and numbers; others need `find_class`, which raises."""

    def find_class(self, module: str, name: str) -> NoReturn:
        raise _RefusedError(f"{module}.{name}")

    def persistent_load(self, pid: Any) -> NoReturn:
        raise _RefusedError(f"persistent object {pid!r}")


def _query(where: str, name: str, entry: Mapping[str, Any], path: Path, positions: Mapping[str, int]) -> LandmarkQuery:
    good, ok = ("easy", "hard") if "easy" in entry or "hard" in entry else (None, "ok")
    return LandmarkQuery(
        name=name,
        landmark=name.rpartition("_")[0] or name,
        path=path,
        box=folders.box_inside(_box(entry.get("bbx"), where), path, where),
        image=positions.get(name),
        good=_ids(entry, good, where, len(positions)) if good else np.empty(0, np.int64),
        ok=_ids(entry, ok, where, len(positions)),
        junk=_ids(entry, "junk", where, len(positions)),
    )


def _box(box: object, where: str) -> tuple[float, float, float, float]:
    if isinstance(box, list | tuple) and len(box) == 4 and all(isinstance(value, int | float) for value in box):
        with suppress(OverflowError):  # a whole number beyond floats
            x1, y1, x2, y2 = map(float, box)
            return (x1, y1, x2, y2)
    raise UserError(f"{where}: bbx is {str(box)[:80]}; expected the four numbers x1, y1, x2, y2")


def _ids(entry: Mapping[str, Any], key: str, where: str, n: int) -> Ids:
    listed = entry.get(key)
    if not isinstance(listed, list | tuple) or not all(type(i) is int and 0 <= i < n for i in listed):
        raise UserError(f"{where}: {key} is {str(listed)[:80]}; expected a list of positions in imlist, 0 to {n - 1}")
    return np.unique(np.array(listed, np.int64))
