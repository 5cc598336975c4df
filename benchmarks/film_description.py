"""Describing a film at three frames a second: decode, resize, network, R-MAC, shots, compared with its two main costs.

The two costs are decoding every frame without processing it, and the convolutions of the frames that are described.
(Decoding can cost less, because frames that no other refers to may be skipped.) Processor time is
that of all threads together; a core is idle if it is much less than wall time times threads. The three are run in turn,
five times, and the medians over the rounds are taken, because a machine's speed drifts by more than the difference to
be measured. Memory is the peak of a process of its own, for a film and for one that is four times as long.

Without ``--film`` a film is made: H.264, 640 × 360, 25 frames a second. ``--weights`` gives the network.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import av
import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks import Goal, Options, Row
from benchmarks.descriptors import trained
from vretlib import paths
from vretlib.features import backbones, whitening
from vretlib.features.backbones import Backbone
from vretlib.parallel import parallel_map
from vretlib.video import clip_features, opening, sampling, shot_boundaries

SUBJECT = "describing a film at 3 frames a second"
FPS = 3.0
THRESHOLD = 0.5


def run(options: Options) -> list[Row]:
    """Processor seconds of the whole and of its two parts, wall time, and memory for two lengths."""
    torch.set_num_threads(options.threads)
    network = trained(options.weights) if options.weights else backbones.load("vgg16", "embedded")
    with tempfile.TemporaryDirectory() as folder:
        short = _film(Path(folder) / "short.mp4", 6 if options.quick else 30, options.seed)
        long = _film(Path(folder) / "long.mp4", 24 if options.quick else 120, options.seed)
        film = options.film or long
        rows = _times(film, network, options)
        peaks, sizes = zip(*(_peak(path, options) for path in (short, long)), strict=True)
    settings: dict[str, float | int | str] = {"threads": options.threads}
    grown = (peaks[1] - peaks[0]) / (sizes[1] - sizes[0])
    goal = Goal(0.5, grown, "growth of memory over the size of the pictures that were added", at_most=True)
    return [
        *rows,
        Row("highest memory of the process", "a film", peaks[0], "MB", settings),
        Row("highest memory of the process", "a film four times as long", peaks[1], "MB", settings, goal),
    ]


def _times(film: Path, network: Backbone, options: Options) -> list[Row]:
    side = 160 if options.quick else 640
    frames = list(sampling.sampled(film, FPS, longest=side))[:16]
    n_samples = sum(1 for _ in sampling.sampled(film, FPS, longest=side))
    learned = whitening_of_noise(network)

    def decode() -> None:
        with opening.open_video(film) as (container, video):
            video.thread_type = "AUTO"
            for _ in container.decode(video):
                pass

    batch = next(clip_features.batches(frames, network.batch_pixels))
    ready = network.prepare_batch([frame.image for frame in batch])

    def convolve() -> None:
        whole, rest = divmod(n_samples, len(ready))
        sizes = [len(ready)] * whole + [rest] * (rest > 0)
        for _ in parallel_map(lambda n: network.maps(ready[:n], [network.last_maps]), sizes, network.device):
            pass

    def describe() -> None:
        x = embeddings(film, network, learned, side)
        shot_boundaries.shots(shot_boundaries.detect_boundaries(x, THRESHOLD), len(x))

    works: dict[str, Callable[[], None]] = {"decode alone": decode, "network alone": convolve, "all of it": describe}
    rounds = range(1 if options.quick else 5)
    cpu, wall = np.moveaxis([[_spent(work) for work in works.values()] for _ in rounds], 2, 0)  # (rounds, works) each
    ratio = float(np.median(cpu[:, 2] / (cpu[:, 0] + cpu[:, 1])))
    busy = float(np.median(cpu[:, 2] / wall[:, 2] / options.threads))
    settings: dict[str, float | int | str] = {
        "film": film.name if options.film else "made", "frames described": n_samples, "side": side,
        "network": network.name, "threads": options.threads,
    }  # fmt: skip
    goals = {
        "all of it": Goal(1.1, ratio, "processor time at most 1.1 times decode alone plus network alone", at_most=True),
        "all of it, wall time": Goal(0.85, busy, "share of the cores' time that is used"),
    }
    seconds = dict(zip(works, np.median(cpu, axis=0).tolist(), strict=True))
    seconds["all of it, wall time"] = float(np.median(wall[:, 2]))
    return [Row(SUBJECT, name, value, "s", settings, goals.get(name)) for name, value in seconds.items()]


def _spent(work: Callable[[], None]) -> tuple[float, float]:
    """Processor and wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def whitening_of_noise(network: Backbone) -> whitening.Whitening:
    """A whitening learned on noise: its numbers do not change the time."""
    d = network.channels(network.last_maps)
    return whitening.learn(np.random.default_rng(0).normal(size=(2 * d, d)).astype(np.float32), "noise")


def embeddings(film: Path, network: Backbone, learned: whitening.Whitening, side: int) -> NDArray[np.float32]:
    """R-MAC of the sampled frames, (n, d), with an empty cache."""
    with tempfile.TemporaryDirectory() as folder, patch.object(paths, "CACHE", Path(folder)):
        return clip_features.describe([film], network, fps=FPS, longest=side).rmac(learned)


def _peak(film: Path, options: Options) -> tuple[float, float]:
    """Highest resident memory of a process that describes a film, and the size of the pictures described, in MB.

    Read from Linux' status of the process: ``getrusage`` would give the parent's peak where that was higher.
    """
    code = (
        "import json, sys, torch\n"
        "from pathlib import Path\n"
        "from benchmarks import film_description as b\n"
        "torch.set_num_threads(int(sys.argv[2]))\n"
        "network = b.backbones.load('vgg16', 'embedded')\n"
        "x = b.embeddings(Path(sys.argv[1]), network, b.whitening_of_noise(network), 640)\n"
        "peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "print(json.dumps([int(peak.split()[1]) / 1024, len(x) * 640 * 360 * 3e-6]))"
    )
    command = [sys.executable, "-c", code, str(film), str(options.threads)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    peak, size = json.loads(done.stdout.splitlines()[-1])
    return peak, size


def _film(path: Path, seconds: int, seed: int) -> Path:
    """Pans over textures, a cut every four seconds."""
    rng = np.random.default_rng(seed)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=25, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        for number in range(25 * seconds):
            if number % 100 == 0:
                scene = np.kron(rng.integers(0, 256, (60, 160, 3), dtype=np.uint8), np.ones((8, 8, 1), np.uint8))
            left = 4 * (number % 100)
            picture = np.ascontiguousarray(scene[60:420, left : left + 640])
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        file.mux(stream.encode(None))
    return path
