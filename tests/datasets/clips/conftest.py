"""Small videos and images, and a cache of one's own."""

from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from vretlib import paths


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")


@pytest.fixture
def video(tmp_path):
    """``video("a/b.mp4", seconds=2)``: 10 frames per second; each second has one grey level, 40 above the last."""

    def write(name, seconds=2.0, size=(64, 48), level=None):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=10)
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            for i in range(round(10 * seconds)):
                picture = np.full((size[1], size[0], 3), (20 + 40 * (i // 10)) % 240 if level is None else level)
                if level is None:
                    picture[::8] = 255
                frame = av.VideoFrame.from_ndarray(picture.astype(np.uint8), format="rgb24")
                frame.pts, frame.time_base = i, Fraction(1, 10)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path

    return write


@pytest.fixture
def image(tmp_path):
    """``image("queries/1.jpg")``: an image of one colour."""

    def write(name, colour=(90, 120, 60), size=(60, 40)):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", size, colour).save(path)
        return path

    return write


@pytest.fixture
def silent():
    """A ``say`` that says nothing."""
    return lambda _: None
