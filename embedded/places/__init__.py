"""Places where films happen. A painter takes a Generator, the film's noise and the frame's size, and paints one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from numpy.random import Generator

from embedded.places import country, hall, kitchen, shore, station, street, study
from embedded.scene import Location
from embedded.texture import Noise

PAINTERS: Mapping[str, Callable[[Generator, Noise, int, int], Location]] = {
    "street": street.street,
    "street at night": partial(street.street, night=True),
    "wood": country.forest,
    "autumn wood": partial(country.forest, autumn=True),
    "shore": shore.shore,
    "shore at dusk": partial(shore.shore, dusk=True),
    "hills": country.hills,
    "study": study.room,
    "kitchen": kitchen.kitchen,
    "platform": station.platform,
    "market": hall.market,
}

OPEN_AIR = ("street", "wood", "autumn wood", "shore", "shore at dusk", "hills")
