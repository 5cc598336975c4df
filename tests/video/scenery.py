"""Films of still scenery with hard cuts, and their truth as the embedded films have it."""

import json
from pathlib import Path

import av
import cv2
import numpy as np

from vretlib.datasets.film_files import Movie

WIDE, HIGH, FPS, SHOT = 320, 180, 10, 12
LAYOUT = [("A", 1), ("B", 2), ("A", 1), ("C", 3)]  # scene and set-up of each shot: the third returns to the first


def scenery(seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=(HIGH, WIDE)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 2.5)
    return np.clip(128 + 60 * smooth / smooth.std(), 0, 255).astype(np.uint8)


def make_film(folder: Path, name: str, seed: int) -> Movie:
    """Four shots of still scenery with a little grain, cut hard, and their truth as the embedded films have it."""
    path, truth = folder / f"{name}.mp4", folder / f"{name}.json"
    rng = np.random.default_rng(seed)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"qp": "20", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuv420p"
        for _, setup in LAYOUT:
            for _ in range(SHOT):
                image = np.clip(scenery(100 * seed + setup) + rng.normal(0, 2, (HIGH, WIDE)), 0, 255).astype(np.uint8)
                container.mux(
                    stream.encode(av.VideoFrame.from_ndarray(image, format="gray").reformat(format="yuv420p"))
                )
        container.mux(stream.encode(None))
    shots = [
        {"start": k * SHOT, "stop": (k + 1) * SHOT, "setup": setup, "scene": scene, "kind": "view",
         "transition": "cut", "transition_frames": [k * SHOT, k * SHOT]}
        for k, (scene, setup) in enumerate(LAYOUT)
    ]  # fmt: skip
    truth.write_text(json.dumps({"shots": shots}))
    return Movie(name, path, truth)
