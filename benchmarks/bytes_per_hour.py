"""Bytes of an hour of video for every method of chapter 6 and of paper 002: its vectors, without any index.

The vectors that a method keeps of an hour are counted: sampled frames, shots, key frames, tracks. The length of a
vector does not depend on the data and is taken from the papers: 512 numbers of 4 bytes for R-MAC and the temporal
encoder, 25,088 for VGG16's maps, 256 bits for a key feature. The sizes that the thesis prints in §6.2.5 stand beside
them: 0.15 GB for 160 hours of its own method, and those of other methods.

The counts come from the embedded clips, or from ``--film`` with the network of ``--weights``. The shots of chapter 6
are found by R-MAC, whitened on the training clips (on the film itself where there are none, which moves the distances
of its frames, and with them the number of shots), at the thesis' threshold.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch

from benchmarks import Options, Row
from benchmarks.descriptors import trained
from vretlib.datasets.clips import source
from vretlib.datasets.clips.collection import Clip
from vretlib.features import backbones, whitening
from vretlib.features.backbones import Backbone
from vretlib.report import figures, published
from vretlib.video import archive, clip_features, clip_key_frames, described_clips, packets, shot_boundaries
from vretlib.video import frames as video_frames
from vretlib.video.described_film import DescribeOptions

SUBJECT = "memory of an hour of video"
FLOAT = 4
FPS = 3.0
QUICK: dict[str, Any] = {
    "films": 1, "film_seconds": 30.0, "channels": 0, "queries": 0, "training_films": 1, "training_clips": 4,
}  # fmt: skip

Kept = tuple[str, float, float]
"""A method, vectors it keeps of an hour, and bytes of one."""


def run(options: Options) -> list[Row]:
    """Kilobytes per hour of each method, in the order of size."""
    torch.set_num_threads(options.threads)
    network = trained(options.weights) if options.weights else backbones.load("vgg16", "embedded")
    if options.film:
        clips, training = [Clip(options.film.stem, options.film)], [Clip(options.film.stem, options.film)]
    else:
        study = source.load("embedded", seed=options.seed, **(QUICK if options.quick else {}))
        clips, training = list(study.evaluation.clips), list(study.training)
    hours = sum(packets.packet_index(clip.path).duration for clip in clips) / 3600
    side = 96 if options.quick else 224
    counted = [*chapter_6(clips, training, network, hours), *paper_002(clips, network, hours, side)]
    rows = [
        Row(
            SUBJECT, method, vectors * size / 1e3, "kB",
            {"vectors an hour": vectors, "bytes of a vector": size, "GB for 160 hours": 160 * vectors * size / 1e9},
        )
        for method, vectors, size in counted
    ]  # fmt: skip
    return sorted([*rows, *printed()], key=lambda row: row.value)


def chapter_6(clips: Sequence[Clip], training: Sequence[Clip], network: Backbone, hours: float) -> list[Kept]:
    """Frames, whole clips, and shots by Algorithm 3."""
    longest = 320
    learned = clip_features.describe([clip.path for clip in training], network, fps=FPS, longest=longest)
    whitened = whitening.learn([np.array(learned.regions)], "clips to learn from", floor=1e-3)
    described = clip_features.describe([clip.path for clip in clips], network, fps=FPS, longest=longest)
    x, frames = described.rmac(whitened), described.frames
    shots = sum(len(shot_boundaries.detect_boundaries(x[frames.rows(i)])) + 1 for i in range(frames.n_clips))
    pooled = "ch. 6: LSTM, GRU, max- or sum-pooling of shots"
    return [
        ("ch. 6: R-MAC, single frames", len(frames) / hours, 512 * FLOAT),
        ("ch. 6: FV or a layer of 4,096, single frames", len(frames) / hours, 4096 * FLOAT),
        (pooled, shots / hours, 512 * FLOAT),
        ("ch. 6: the same of whole clips", len(clips) / hours, 512 * FLOAT),
    ]


def paper_002(clips: Sequence[Clip], network: Backbone, hours: float, side: int) -> list[Kept]:
    """Key frames by Algorithm 1, stretches between its peaks, and key features of chapter 5."""
    paths = [clip.path for clip in clips]
    described = described_clips.describe(paths, network, fps=FPS, side=side)
    chosen = clip_key_frames.select(described, range(len(clips)))
    keys, stretches = len(chosen.rows) / hours, len(chosen.stretches) / hours
    width = min(320, video_frames.probe(paths[0]).width)
    features = len(archive.archive_of_clips(paths, DescribeOptions(width=width)).key_codes) / hours
    return [
        ("002: Ours", keys, (512 + 64) * FLOAT),
        ("002: DFSP", keys, 64 * FLOAT),
        ("002: DF", keys, 25_088 * FLOAT),
        ("002: DFSE", keys, 64 * FLOAT),
        ("002: DFTA", stretches, 512 * FLOAT),
        ("002: LBTT (chapter 5)", features, 256 / 8),
    ]


def printed() -> list[Row]:
    """The sizes of §6.2.5, divided by their hours."""
    numbers = published.hyperparameters("thesis")["value"]

    def gigabytes(name: str) -> float:
        return float(str(numbers[f"ch. 6: memory of {name}"]).split()[0])

    sizes = {
        "printed: the thesis' method": gigabytes("the proposed method") / 160,
        "printed: FV* without aggregation": gigabytes("FV* without aggregation") / 1080,
        "printed: Scene FV*": gigabytes("Scene FV*") / 1080,
        "printed: Bloom filters": gigabytes("the Bloom filters") / 1080,
    }
    return [Row(SUBJECT, name, 1e6 * size, "kB", {"GB for 160 hours": 160 * size}) for name, size in sizes.items()]


def plot(rows: list[Row], path: Path) -> None:
    """Bars on a logarithmic axis; printed sizes in grey."""
    figures.use_style()
    fig, ax = plt.subplots(figsize=(6.4, 0.6 + 0.28 * len(rows)))
    colours = ["0.6" if row.method.startswith("printed") else "C0" for row in rows]
    drawn = ax.barh([row.method for row in rows], [row.value for row in rows], color=colours)
    ax.bar_label(drawn, fmt="{:,.0f}", padding=3, fontsize=8)
    ax.set(xscale="log", xlabel="vectors of an hour of video (kB)")
    ax.margins(x=0.15)
    ax.invert_yaxis()
    fig.savefig(path)
    plt.close(fig)
