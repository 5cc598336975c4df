"""A detector that was trained on photographs: its boxes, and a film that is searched for the objects that they show.

The detector is an SSD with COCO's classes (`vretlib.features.opencv_detectors.ObjectFinder`). Its boxes stand in for
the region proposals of papers 000 and 003; a network for classification describes them.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image
from torchvision.models.detection import FasterRCNN_ResNet50_FPN_Weights

from vretlib import images
from vretlib.datasets.landmarks.collection import Ids
from vretlib.described.region_search import BOTH, F32, RegionSearch
from vretlib.errors import UserError
from vretlib.features.backbones import Backbone
from vretlib.features.given_regions import describe_all, nothing
from vretlib.features.opencv_detectors import ObjectFinder
from vretlib.plots.face_films import FrameWithBoxes as Frame
from vretlib.plots.face_films import frames_with_boxes
from vretlib.real_runs import collections, markdown, searches
from vretlib.report.figures import in_few_colours, use_style
from vretlib.search.regions import Reranked

CLASSES = FasterRCNN_ResNet50_FPN_Weights.COCO_V1.meta["categories"]
MIN_SCORE = 0.5
"""Least score of a box that is drawn, listed or asked with; the search takes all boxes as regions."""
SHOWN = 4


def make(film: Path, photographs: Sequence[Path], finder: ObjectFinder, backbone: Backbone, out: Path) -> str:
    """Two tables in Markdown, of what is found and of the mAP before and after re-ranking; ``out`` becomes a PNG.

    One frame of a second is searched. The middle frame of each shot asks with the box of its most certain object; the
    other frames of its shot are right. The picture has the ranking of the query whose object is the most certain.

    Raises
    ------
    UserError: a file that cannot be read, or a film in whose shots no object is found.
    """
    found = collections.of_film(film)
    rows = {path: _sure(finder, path) for path in (*(q.path for q in found.queries), *photographs)}
    queries = [replace(q, box=tuple(rows[q.path][0, 2:].tolist()))
               for q in found.queries if q.box is None and len(rows[q.path])]  # fmt: skip
    if not queries:
        raise UserError(f"{film}: no object is found in the middle of a shot; give another film")
    searched = replace(found, queries=tuple(queries))
    search = searches.described(
        searched,
        describe_all(backbone, found.images, finder.boxes, short_side=searches.SHORT_SIDE),
        describe_all(backbone, [q.path for q in queries], nothing, short_side=searches.SHORT_SIDE,
                     boxes=[q.box for q in queries]),
    )  # fmt: skip
    own, cells = [np.array([q.image]) for q in queries], {}
    for how in BOTH:
        first = search.rank(how)
        again = search.reranked(first, f"RPA-{how}", searches.DEPTHS.n_top)
        cells[f"IPA {how}"] = [markdown.mean(search.ap(ranking, own)) for ranking in (first, again.ranking)]
        if how == "sum":
            _draw(search, rows, photographs, first, again, out)
    objects = {path.stem: [_named(rows[path])] for path in photographs}
    objects[f"{len(queries)} of {len(found.queries) // 2} frames of {found.name}"] = [
        _named(np.concatenate([rows[q.path][:1] for q in queries]))
    ]
    return f"{markdown.table('picture', ['objects'], objects)}\n\n" + markdown.table(
        f"mAP, {len(queries)} objects in {len(found.images)} frames", ["ranking", "re-ranking (CA-SR)"], cells
    )


def _sure(finder: ObjectFinder, path: Path) -> F32:
    rows = finder.rows(images.read(path))
    return rows[rows[:, 1] >= MIN_SCORE]


def _named(rows: F32) -> str:
    """How many objects there are of each class, such as "2 bird, 1 dog"."""
    names = Counter(CLASSES[int(number)] for number in rows[:, 0])
    return ", ".join(f"{n} {name}" for name, n in names.most_common()) or "none"


def _draw(
    search: RegionSearch, rows: Mapping[Path, F32], photographs: Sequence[Path], first: Ids, again: Reranked, out: Path
) -> None:
    """Write the picture: boxes in frames and photographs, then the ranking of the most certain object."""
    of, paths = search.collection.queries, search.collection.images
    spread = [of[i].path for i in np.linspace(0, len(of) - 1, SHOWN + 1).astype(int)]
    best = int(np.argmax([rows[q.path][0, 1] for q in of]))
    asks = Frame(images.read(of[best].path), None, of[best].box)
    shown = [(name, [Frame(images.read(path), None, rows[path][:, 2:]) for path in of_row[: SHOWN + 1]])
             for name, of_row in (("film", spread), ("photographs", photographs)) if of_row]  # fmt: skip
    regions = again.boxes(search.boxes)[best]
    none = np.full((len(paths), 4), np.nan)
    for name, ids, boxes in (("ranking", first[best], none), ("re-ranking", again.ranking[best], regions)):
        kept = [(i, box) for i, box in zip(ids, boxes, strict=False) if i != of[best].image][:SHOWN]
        frames = [Frame(images.read(paths[i]), None, box, bool(np.isin(i, of[best].positives))) for i, box in kept]
        shown.append((name, [asks, *frames]))
    use_style()
    content = io.BytesIO()
    frames_with_boxes(shown).savefig(content, format="png", dpi=120)
    in_few_colours(Image.open(content).convert("RGB")).save(out, optimize=True)
