"""A camera that photographs a screen: how query images are simulated.

The thesis filmed a computer screen with a webcam (section 4.3.2). The simulation follows the light (`optics`): a screen
with its own gamma, black level and pixel grid shows a frame in a room. The camera sees the screen at an angle, out of
focus and in motion, with reflections on the glass, a lens that darkens the corners, another white balance than the
screen's, noise and JPEG compression. Moiré is not painted on: it arises because the grid is sampled at the sensor's
pixels.

Light is computed in whole numbers, so that photographs are the same on every computer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from embedded import optics, rooms
from embedded.optics import HEIGHT, WIDTH, Level, LinearLight
from embedded.raster import U8
from embedded.texture import Noise
from vretlib.datasets import query_list
from vretlib.datasets.query_list import Query
from vretlib.parallel import threaded_map
from vretlib.video import frames

QUERIES = "queries.csv"

# Their difficulty was set with exhaustive search only: see the package's docstring.
LEVELS: dict[str, Level] = {
    "easy": Level(
        width=(0.86, 0.95), angle=(0, 6), defocus=(0.4, 0.8), motion=(0, 1), exposure=(0.85, 1.1),
        glare=(0.0, 0.05), noise=(1.5, 3), moire=(0.0, 0.03), quality=(85, 95),
    ),
    "medium": Level(
        width=(0.72, 0.88), angle=(3, 14), defocus=(0.6, 1.2), motion=(0, 2), exposure=(0.7, 1.2),
        glare=(0.02, 0.15), noise=(3, 6), moire=(0.02, 0.06), quality=(70, 90),
    ),
    "hard": Level(
        width=(0.55, 0.76), angle=(8, 24), defocus=(0.9, 1.8), motion=(0, 5), exposure=(0.5, 1.4),
        glare=(0.1, 0.35), noise=(5, 10), moire=(0.03, 0.1), quality=(50, 80),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class SimulatedPhotograph:
    """A simulated photograph, uint8 (720, 960, 3) RGB, the corners of the film's picture in it, and a JPEG quality.

    Corners are (4, 2) float64: top left, top right, bottom right, bottom left of the film's frame, in pixels from the
    centre of the photograph's first pixel.
    """

    image: U8
    corners: NDArray[np.float64]
    quality: int


def photograph_films(films: Sequence[tuple[str, Path]], *, n_queries: Sequence[int], seed: int, out: Path) -> None:
    """Photograph ``n_queries`` frames of each film, levels in turn, into ``out`` with the list `QUERIES`.

    Frames are drawn uniformly from the whole film, dark ones, dissolves and credits included. A film's photographs
    depend on ``seed`` and on its place in the sequence.
    """
    studio = Studio(np.random.Generator(np.random.PCG64([seed, 3])))

    def shoot(film: tuple[int, tuple[str, Path]]) -> list[Query]:
        number, (name, path) = film
        rng = np.random.Generator(np.random.PCG64([seed, number, 2]))
        chosen = [int(n) for n in rng.integers(frames.probe(path).n_frames, size=n_queries[number])]
        pictures = frames.read(path, chosen, colour="rgb")
        asked = []
        for i, frame in enumerate(chosen):
            level = list(LEVELS)[i % len(LEVELS)]
            photo = photograph(pictures[frame], LEVELS[level], studio, rng)
            image = out / f"{number + 1:02d}_{i + 1:04d}_{level}.jpg"
            image.write_bytes(_jpeg(photo))
            corners = tuple((float(x), float(y)) for x, y in photo.corners)
            asked.append(Query(image, name, frame, level, corners))
        return asked

    lists = list(threaded_map(shoot, enumerate(films)))
    query_list.write(out / QUERIES, [query for asked in lists for query in asked])


def photograph(picture: U8, level: Level, studio: Studio, rng: Generator) -> SimulatedPhotograph:
    """The photograph of a film's frame, uint8 RGB of any size, on a 16:9 screen in one of the studio's rooms."""
    half = picture.shape[0] / picture.shape[1]
    to_photo = optics.pose(level, half, rng)
    ambient = 0.12 + 0.35 * float(rng.random())
    light = studio.room(rng, ambient)
    optics.put_screen(light, half, to_photo, ambient, rng)
    corners = optics.project(to_photo, np.array([(-1, -half), (1, -half), (1, half), (-1, half)]))
    optics.show(light, np.ascontiguousarray(picture), to_photo, corners, level, rng)
    optics.reflect(light, half, to_photo, level, rng)
    light = optics.blur(light, level, rng)
    image = optics.sense(light, level, studio.noise, rng)
    return SimulatedPhotograph(image, corners, int(rng.integers(level.quality[0], level.quality[1] + 1)))


class Studio:
    """The rooms in which the screen may stand and a tile of sensor noise, shared by all photographs."""

    def __init__(self, rng: Generator) -> None:
        self._rooms = rooms.all_rooms(rng, Noise(rng))
        self.noise = optics.noise_tile(rng)

    def room(self, rng: Generator, brightness: float) -> LinearLight:
        """A piece of a room (720, 960, 3), in linear light."""
        room = self._rooms[int(rng.integers(len(self._rooms)))]
        y = int(rng.integers(room.shape[0] - HEIGHT + 1))
        x = int(rng.integers(room.shape[1] - WIDTH + 1))
        piece = room[y : y + HEIGHT, x : x + WIDTH]
        return np.rint(optics.light_table(2.2) * brightness).astype(np.int32)[piece]


def _jpeg(photo: SimulatedPhotograph) -> bytes:
    bgr = np.ascontiguousarray(photo.image[..., ::-1])
    return bytes(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, photo.quality])[1])
