"""Real pictures in the form of landmark collections: products of a shop, and the shots of a film.

The first part of a query's name, before "/", is the kind of query; tables have a column for each kind.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vretlib import cache, images
from vretlib.checksums import checksum
from vretlib.datasets.landmarks.collection import LandmarkCollection, LandmarkQuery
from vretlib.datasets.products import Products, box_of_iconic
from vretlib.video import colour_changes, sampling
from vretlib.video.colour_histogram import HistogramOptions
from vretlib.video.packets import packet_index
from vretlib.video.shot_boundaries import shots

CUT = 0.25
"""Change of the colour histogram between adjacent frames above which a new shot begins: about 130 in Big Buck Bunny."""
RATE = 1.0
"""Frames a second that are searched."""
FEWEST = 3
"""Sampled frames of a shot that is asked for."""
_NONE = np.zeros(0, np.int64)


def of_products(products: Products) -> LandmarkCollection:
    """All photographs; the queries are the box of each iconic picture and each whole photograph of the test set.

    The positives are the photographs of the same product, without the query's own.
    """
    right = [np.flatnonzero(products.product == number) for number in range(len(products.names))]
    queries = [
        LandmarkQuery(f"iconic/{name}", name, path, box_of_iconic(path), None, _NONE, ids, _NONE)
        for name, path, ids in zip(products.names, products.iconic, right, strict=True)
    ]
    for image in np.flatnonzero(~products.training).tolist():
        name, path = products.names[products.product[image]], products.photographs[image]
        ids = right[products.product[image]]
        queries.append(LandmarkQuery(f"photograph/{path.name}", name, path, None, image, _NONE, ids, _NONE))
    what = f"{len(products.photographs)} photographs of {len(products.names)} products"
    return LandmarkCollection("products", products.photographs, tuple(queries), what, "MIT")


def of_film(film: Path) -> LandmarkCollection:
    """One frame per second; the queries are the middle frame of each shot, once whole and once the middle of its
    picture.

    The positives are the other frames of the same shot; frames of other shots are not, even if they show the same. The
    box of a query of the second kind has half of the width and half of the height. Shots with fewer than `FEWEST`
    sampled frames are searched but have no queries.
    """
    numbers = sampling.sampled_numbers(packet_index(film).times, RATE)
    changes = colour_changes.colour_changes([film], [(HistogramOptions(), colour_changes.EVERY_FRAME)])[0][0]
    ranges = shots(np.flatnonzero(changes > CUT), len(changes) + 1)

    def build(folder: Path) -> None:
        for frame, number in zip(sampling.sampled(film, RATE), numbers, strict=True):
            images.write(folder / f"{number:06d}.jpg", frame.image)

    folder = cache.stage("frames-of-a-film", {"film": checksum(film), "rate": RATE}, build)
    paths = tuple(folder / f"{number:06d}.jpg" for number in numbers)
    width, height = images.size(paths[0])
    middle = (width / 4, height / 4, 3 * width / 4, 3 * height / 4)
    queries = []
    for shot, (start, stop) in enumerate(ranges.tolist()):
        ids = np.flatnonzero((numbers >= start) & (numbers < stop))
        if len(ids) >= FEWEST:
            asked = int(ids[len(ids) // 2])
            for kind, box in (("whole frame", None), ("middle of a frame", middle)):
                query = LandmarkQuery(f"{kind}/{shot}", f"shot {shot}", paths[asked], box, asked, _NONE, ids, _NONE)
                queries.append(query)
    what = f"{len(paths)} frames of {film.stem} in {len(ranges)} shots"
    return LandmarkCollection(film.stem, paths, tuple(queries), what, "the film's own")
