"""Four short clips, drawn and encoded on the spot: they cut between a few looks, stand still, or are black."""

from pathlib import Path

import av
import numpy as np

FPS, SIDE = 4, 64
_RNG = np.random.default_rng(7)
LOOKS = [
    np.kron(_RNG.integers(0, 255, (6, 9, 3)) * _RNG.uniform(0.2, 1, 3), np.ones((16, 16, 1))).astype(np.uint8)
    for _ in range(7)
]
SHOTS: list[list[tuple[int | None, int]]] = [
    [(0, 6), (1, 6)],
    [(2, 5), (3, 4), (4, 4)],
    [(5, 8)],
    [(None, 8)],
]
"""The looks of each clip and the number of frames of each look. The third clip never changes; the fourth is black."""


def write(path: Path, shots: list[tuple[int | None, int]]) -> Path:
    """A video of these shots; a shot of fewer than eight frames moves."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=FPS, options={"crf": "18"})
        stream.width, stream.height, stream.pix_fmt = 144, 96, "yuv420p"
        for look, n in shots:
            for i in range(n):
                image = np.zeros((96, 144, 3), np.uint8) if look is None else np.roll(LOOKS[look], i if n < 8 else 0, 1)
                file.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        file.mux(stream.encode(None))
    return path
