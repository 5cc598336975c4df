"""R-MAC pooling of a batch, compared with the convolutions before it and with the obvious loop.

The network is a VGG16 of full size with random weights: speed does not depend on them. The convolutions run in their
fastest float32 form, which makes the share of pooling as large as it can be.
"""

import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from benchmarks import Goal, Options, Row
from vretlib.features import backbones, pooling, regions
from vretlib.features.whitening import Whitening

SUBJECT = "R-MAC of a batch"
OURS, LOOP, CONVOLUTIONS = "vretlib: R-MAC, whitened", "a loop over images and regions", "the convolutions before it"


def run(options: Options) -> list[Row]:
    """Median times, in turns on the same maps; the loop also checks the descriptors."""
    torch.set_num_threads(options.threads)
    height, width, n = (192, 256, 2) if options.quick else (768, 1024, 2)
    generator = torch.Generator().manual_seed(options.seed)
    batch = torch.randn(n, 3, height, width, generator=generator).to(memory_format=torch.channels_last)
    network = backbones.load("vgg16", "random")
    tap = network.last_maps
    maps = network.maps(batch, [tap])[tap]
    whitening = _whitening(maps.shape[1], options.seed)
    methods: dict[str, tuple[Callable[[], object], int]] = {
        OURS: (lambda: pooling.rmac(maps, whitening), 20),
        LOOP: (lambda: looped(maps, whitening), 3),
        CONVOLUTIONS: (lambda: network.maps(batch, [tap]), 1),
    }
    spent: dict[str, list[float]] = {name: [] for name in methods}
    with torch.inference_mode():
        agreement = float((pooling.rmac(maps, whitening) * looped(maps, whitening)).sum(1).min())
        for _ in range(2 if options.quick else 5):
            for name, (work, times) in methods.items():
                spent[name] += [_microseconds(work) for _ in range(times)]
    medians = {name: float(np.median(values)) for name, values in spent.items()}
    share = 100 * medians[OURS] / medians[CONVOLUTIONS]
    goal = Goal(1, share, "at most 1 % of the convolutions' time", at_most=True)
    settings: dict[str, float | int | str] = {
        "images": n, "height": height, "width": width, "threads": options.threads, "cosine to the loop": agreement,
    }  # fmt: skip
    return [Row(SUBJECT, name, us, "µs", settings, goal if name == OURS else None) for name, us in medians.items()]


def looped(maps: Tensor, whitening: Whitening) -> Tensor:
    """R-MAC as the public PyTorch code is written: image by image, region by region."""
    mean, projection = (torch.from_numpy(a).float() for a in (whitening.mean, whitening.projection))
    grid = regions.rmac_grid(*maps.shape[2:]).tolist()
    descriptors = []
    for image in maps:
        total = torch.zeros(maps.shape[1])
        for y0, x0, y1, x1 in grid:
            v = image[:, y0:y1, x0:x1].amax((1, 2))
            v = projection @ (v / v.norm() - mean)
            total += v / v.norm()
        descriptors.append(total / total.norm())
    return torch.stack(descriptors)


def _whitening(d: int, seed: int) -> Whitening:
    """A random rotation, and eigenvalues spread as those of a real whitening; its numbers do not change the time."""
    rng = np.random.default_rng(seed)
    axes = np.linalg.qr(rng.normal(size=(d, d)))[0]
    return Whitening(np.full(d, 0.5 / d**0.5), np.geomspace(3e-2, 7e-5, d), axes, 0, "random")


def _microseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1e6 * (time.perf_counter() - started)
