"""The small films that lie beside the project, where they do: what ffprobe and the numbers painted in them say."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from vretlib.video import frames
from vretlib.video.packets import packet_index
from vretlib.video.sampling import sampled

FOLDER = Path(__file__).parents[3] / "shared" / "real" / "cases" / "films"

FACTS = {
    # file: width, height, frames, frames a second, seconds, first painted number (None: other pictures)
    "h264_b.avi": (128, 96, 50, 25, 2.0, 0),
    "packed.avi": (128, 96, 51, 25, 2.04, 0),
    "cat_off2.ts": (128, 96, 100, 25, 4.0, 0),
    "trim_end.mp4": (128, 96, 50, 25, 2.0, 0),
    "vfr.avi": (128, 96, 32, 32 / 4.64, 4.64, None),
    "paff.ts": (48, 32, 30, 25, 1.2, None),
    "midstart.ts": (128, 96, 96, 25, 3.84, 24),
    "delayed.mp4": (128, 96, 120, 25, 4.8, 0),
    "turn.ts": (160, 120, 100, 25, 4.0, None),
    "rot.mp4": (96, 128, 120, 25, 4.8, None),
    "black.mp4": (320, 240, 75, 25, 3.0, None),
}

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the films are not there")


def number_in(image: NDArray[np.uint8]) -> int:
    """Twelve bits in two rows of six."""
    height, width = image.shape
    number = 0
    for bit in range(12):
        y, x = (2 * (bit // 6) + 1.75) * height / 6, (bit % 6 + 1.5) * width / 8
        number |= int(image[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2].mean() > 128) << bit
    return number


@pytest.mark.parametrize("name", FACTS)
def test_a_film_is_whole_and_in_order(name: str, said: list[str]) -> None:
    path = FOLDER / name
    width, height, n_frames, fps, seconds, first = FACTS[name]
    info = frames.probe(path)
    shown = {frame.number: frame for frame in frames.stream(path)}
    one = frames.read(path, [n_frames - 1, n_frames // 2])
    some = list(sampled(path, 6))
    assert ["pictures change" in message for message in said] == [True] * (name == "turn.ts")
    assert (info.width, info.height, info.n_frames) == (width, height, n_frames)
    assert (info.fps, info.duration) == (pytest.approx(fps, rel=1e-3), pytest.approx(seconds, abs=2e-3))
    assert list(shown) == list(range(n_frames))
    assert {frame.image.shape for frame in shown.values()} == {(height, width)}
    for number, image in one.items():
        np.testing.assert_array_equal(image, shown[number].image)
    if first is not None:
        assert [number_in(frame.image) for frame in shown.values()] == list(range(first, first + n_frames))
        assert [number_in(np.ascontiguousarray(f.image[..., 1])) for f in some] == [first + f.number for f in some]


def test_empty_chunks_stand_for_the_pictures_before_them() -> None:
    shown = list(frames.stream(FOLDER / "vfr.avi"))
    assert [round(25 * frame.time) for frame in shown] == [number_in(frame.image) for frame in shown]


def test_a_telephones_film_stands_upright_with_its_red_mark_where_it_was_filmed() -> None:
    """The mark is stored top left; a turn of 90 degrees counter-clockwise, ffmpeg's for this matrix, takes it down."""
    picture = next(frames.stream(FOLDER / "rot.mp4", colour="rgb")).image.astype(int)
    red = picture[..., 0] - picture[..., 1:].max(axis=2) > 100
    rows, columns = np.nonzero(red)
    assert rows.min() > 100
    assert columns.max() < 20


def test_a_players_time_counts_from_the_sound() -> None:
    index = packet_index(FOLDER / "delayed.mp4")
    assert index.frame_at(5.0) == 50
    assert index.frame_at(3.5) in (12, 13)  # 3.5 s lies between the middles of both
